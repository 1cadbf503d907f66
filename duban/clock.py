"""The only place that reads the time. The domain's ``now`` may be shifted (the demo); real time never is."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from duban.domain.jumps import Reading

#: Where Linux names the present start of the machine.
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def real_now() -> datetime:
    """The real moment, UTC: for leases, sessions, link expiry, and Prefect's staleness."""
    return datetime.now(UTC)  # noqa: TID251 - the one door of time


def real_reading() -> Reading:
    """The wall clock beside the machine's own; the latter where the system has one that counts sleep (Linux)."""
    try:
        return Reading(at=real_now(), boot=BOOT_ID.read_text().strip(), uptime=time.clock_gettime(time.CLOCK_BOOTTIME))
    except (OSError, AttributeError):
        return Reading(at=real_now())


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
