"""Processes that die together: a child that outlives nobody (Linux; elsewhere an orderly stop must do)."""

import ctypes
import os
import signal
import sys

#: Set for children: they tie their own children in turn.
TIED = "DUBAN_TIED"

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with(parent: int) -> None:
    """Have the kernel kill this process when ``parent`` is gone, however it went; at once if it is gone already."""
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def die_with_parent_if_tied() -> None:
    """What a grandchild does for itself, where its whole family is tied."""
    if os.environ.get(TIED):
        die_with(os.getppid())
