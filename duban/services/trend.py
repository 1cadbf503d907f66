"""How far all is, week by week: of completion, never of blame. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.terms import Status
from duban.services.overview import HELD_BY_UNIT
from models.supervising import reached_by

#: Points of the trend, the last of them now.
WEEKS = 8


@dataclass(frozen=True, kw_only=True)
class Point:
    """How far all was at the end of a day."""

    day: date
    owed: int
    done: int

    @property
    def percent(self) -> int:
        """Whole, rounded down: 100 only when all is done."""
        return self.done * 100 // self.owed if self.owed else 0


def trend(session: Session, scope: Scope, *, now: datetime, zone: ZoneInfo) -> list[Point]:
    """Completion within ``scope`` at the ends of the last weeks and as of ``now``; weeks before anything was asked for
    are left out. Days are those of ``zone``."""
    moments = list(_ends(now.astimezone(zone)))
    held = [str(status) for status in HELD_BY_UNIT]
    found = reached_by(session, scope, moments, held=held, waived=str(Status.WAIVED))
    return [
        Point(day=(one.at - timedelta(seconds=1)).astimezone(zone).date(), owed=one.owed, done=min(one.done, one.owed))
        for one in found
        if one.owed
    ]


def _ends(now: datetime) -> Iterator[datetime]:
    """The Mondays, 0:00, that ended the last weeks, and now."""
    monday = datetime.combine(now.date() - timedelta(days=now.weekday()), time(0), now.tzinfo)
    for weeks in range(WEEKS - 2, -1, -1):
        yield monday - timedelta(weeks=weeks)
    yield now
