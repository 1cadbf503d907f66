"""The figures of a ledger, and which rows each of them counts: one judgement for both, so that they always agree."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from duban.domain.calendar import WorkCalendar
from duban.domain.state import HOLDER
from duban.domain.terms import UNIT, Status

#: Working days before the due day from which an obligation is near (临近).
NEAR_WORKDAYS = 3


class Show(StrEnum):
    """A figure of a ledger, and the filter that shows its rows."""

    #: 应报: what the notice asks for by a day, and what was handed in without one; not what is waived
    OWED = "owed"
    #: 未报: the unit holds the ball and there is a day; overdue, near and returned are among them
    MISSING = "missing"
    OVERDUE = "overdue"
    NEAR = "near"
    RETURNED = "returned"
    REVIEW = "review"
    COMPLETED = "completed"
    WAIVED = "waived"
    #: nothing fixes the day: shown, never chased
    UNDATED = "undated"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """As of when a ledger is read, in the notice's zone."""

    now: datetime
    calendar: WorkCalendar

    @property
    def zone(self) -> ZoneInfo:
        """The notice's zone."""
        assert isinstance(self.now.tzinfo, ZoneInfo)
        return self.now.tzinfo

    def workdays_left(self, day: date) -> int:
        """Working days from today to ``day``; negative when it has passed."""
        return self.calendar.workdays_between(self.now.date(), day)

    @cached_property
    def near_day(self) -> date:
        """The last day that is near: what is due by it, and not late, is 临近."""
        day = self.calendar.shift(self.now.date(), NEAR_WORKDAYS + 1)
        return date.fromordinal(day.toordinal() - 1)


def shows(status: Status, due_day: date | None, due_at: datetime | None, asked: Asked) -> frozenset[Show]:
    """The figures that count an obligation."""
    if status is Status.WAIVED:
        return frozenset({Show.ALL, Show.WAIVED})
    if HOLDER[status] != UNIT:
        done = Show.COMPLETED if status is Status.COMPLETED else Show.REVIEW
        return frozenset({Show.ALL, Show.OWED, done})
    if due_day is None or due_at is None:
        return frozenset({Show.ALL, Show.UNDATED})
    found = {Show.ALL, Show.OWED, Show.MISSING}
    if asked.now >= due_at:
        found.add(Show.OVERDUE)
    elif due_day <= asked.near_day:
        found.add(Show.NEAR)
    if status is Status.RETURNED:
        found.add(Show.RETURNED)
    return frozenset(found)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How many obligations each figure counts."""

    counts: Mapping[Show, int] = field(default_factory=dict)

    def __getitem__(self, show: Show) -> int:
        return self.counts.get(show, 0)

    @classmethod
    def sum(cls, parts: "Iterable[Figures]") -> "Figures":
        """Figures of several together."""
        counted: Counter[Show] = Counter()
        for part in parts:
            counted.update(part.counts)
        return cls(counts=counted)

    @classmethod
    def of(cls, judged: Iterable[tuple[frozenset[Show], int]]) -> "Figures":
        """Figures of obligations, or of so many that are alike."""
        counted: Counter[Show] = Counter()
        for found, count in judged:
            for show in found:
                counted[show] += count
        return cls(counts=counted)
