"""A process takes from itself what reading a file does not need. Where a system has no such limits, the parent's
patience must do."""

import sys

from duban.reading.materials.limits import MIB, Limits

#: files open at once; bytes of a file that it may write (its own compiled modules, when it starts for the first time)
_HANDLES, _WRITTEN = 64, 1 * MIB


def confine(limits: Limits) -> None:
    """Little time, little memory, no core, no further process. For good."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _WRITTEN),
        (resource.RLIMIT_NOFILE, _HANDLES),
        (resource.RLIMIT_NPROC, 0),
    ):
        _, hard = resource.getrlimit(what)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (limit, limit))
