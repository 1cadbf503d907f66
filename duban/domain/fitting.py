"""Do the mails of the days to come fit what may be sent? Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

#: Days after the last mail for which the rest is followed.
FOLLOWED = 60


@dataclass(frozen=True, kw_only=True)
class Overflow:
    """A day at whose end mails are left."""

    day: date
    #: those of the day, and what former days have left
    wanted: int
    allowed: int


def overflows(wanted: Mapping[date, int], allowed: Callable[[date], int]) -> tuple[Overflow, ...]:
    """The days at whose end mails are left, in order; what is left goes first on the next day."""
    if not wanted:
        return ()
    day, end, left, found = min(wanted), max(wanted) + timedelta(days=FOLLOWED), 0, []
    while day <= end and (left or day <= max(wanted)):
        waiting = left + wanted.get(day, 0)
        may = allowed(day) if waiting else 0
        left = max(0, waiting - may)
        if left:
            found.append(Overflow(day=day, wanted=waiting, allowed=may))
        day += timedelta(days=1)
    return tuple(found)
