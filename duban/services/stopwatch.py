"""Time that passes within one run: measured and waited for. No moment of the calendar is read here."""

from time import monotonic, sleep
from typing import Protocol


class Stopwatch(Protocol):
    """The real one, or a virtual one whose waiting costs nothing."""

    def seconds(self) -> float:
        """Seconds passed since any fixed beginning."""

    def wait(self, seconds: float) -> None:
        """Return when so many more have passed."""


class RealStopwatch:
    """The machine's own."""

    def seconds(self) -> float:
        return monotonic()

    def wait(self, seconds: float) -> None:
        sleep(seconds)
