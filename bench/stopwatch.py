"""How long a workload took: by the clock on the wall, and in this process's own seconds of the processor."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter, process_time


@dataclass
class Stopwatch:
    """Seconds, once it has stopped."""

    seconds: float = 0.0
    #: steadier than ``seconds`` on a machine that does other work as well
    cpu: float = 0.0


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Runs while its block does."""
    watch, wall, own = Stopwatch(), perf_counter(), process_time()
    yield watch
    watch.seconds, watch.cpu = perf_counter() - wall, process_time() - own
