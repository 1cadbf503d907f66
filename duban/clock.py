"""The only place that reads the time. The domain's ``now`` may be shifted (the demo); real time never is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    """The real moment, UTC: for leases, sessions, link expiry, and Prefect's staleness."""
    return datetime.now(UTC)  # noqa: TID251 - the one door of time


@dataclass(frozen=True)
class Clock:
    """The domain's clock: the real one, moved by ``offset``."""

    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The domain's present moment, aware, UTC."""
        return real_now() + self.offset

    @classmethod
    def showing(cls, moment: datetime) -> "Clock":
        """A clock that shows ``moment`` at this instant and runs on from there."""
        return cls(moment - real_now())
