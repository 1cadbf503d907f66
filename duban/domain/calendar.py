"""Working days in the Chinese calendar, with 调休 (working Saturdays and Sundays).

The days come in as a table of exceptions; days beyond ``known_until`` are Monday to Friday and 暂定.
Source: 1-2 of the domain rules; the State Council's yearly notice on holidays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property

#: From here rungs are said and digests go out (local time).
OFFICE_OPENS = time(9, 0)
#: After this nothing that can wait is said (local time, inclusive).
OFFICE_ENDS = time(17, 0)
#: So many days of rest in a row make a break after which nobody is chased on the first day back.
LONG_BREAK = 3
#: Answers kept of one question.
MOST_KEPT = 10_000

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """Which days are worked. Pure: asks no library and no clock."""

    #: days that differ from Monday to Friday: True is worked, False is rest
    exceptions: Mapping[date, bool]
    #: the last day for which holidays are published; later days are 暂定
    known_until: date

    def is_workday(self, day: date) -> bool:
        special = self.exceptions.get(day)
        return day.weekday() < 5 if special is None else special

    def is_provisional(self, day: date) -> bool:
        return day > self.known_until

    def is_makeup(self, day: date) -> bool:
        """True for a Saturday or Sunday that is worked (调休)."""
        return day.weekday() >= 5 and self.is_workday(day)

    def next_workday(self, day: date) -> date:
        """``day`` itself if it is worked, else the first worked day after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def previous_workday(self, day: date) -> date:
        """``day`` itself if it is worked, else the last worked day before it."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def shift(self, day: date, workdays: int) -> date:
        """The working day ``workdays`` after (or, negative, before) ``day``, itself not counted."""
        step = ONE_DAY if workdays > 0 else -ONE_DAY
        left = abs(workdays)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, earlier: date, later: date) -> int:
        """Working days after ``earlier`` up to and with ``later``; negative when ``later`` is before."""
        if later < earlier:
            return -self.workdays_between(later, earlier)
        if (earlier, later) not in self._counted:
            if len(self._counted) >= MOST_KEPT:
                self._counted.clear()
            self._counted[earlier, later] = self._count(earlier, later)
        return self._counted[earlier, later]

    @cached_property
    def _counted(self) -> dict[tuple[date, date], int]:
        """A ledger asks for the same few days thousands of times."""
        return {}

    def _count(self, earlier: date, later: date) -> int:
        days = (earlier + ONE_DAY * n for n in range(1, (later - earlier).days + 1))
        return sum(map(self.is_workday, days))

    def is_first_after_break(self, day: date) -> bool:
        """True for the first working day after ``LONG_BREAK`` or more days of rest."""
        rest = (day - ONE_DAY * n for n in range(1, LONG_BREAK + 1))
        return self.is_workday(day) and not any(map(self.is_workday, rest))

    def off_first_day_back(self, day: date) -> date:
        """``day``, or the next working day while ``day`` is the first after a long break (rule 9)."""
        while self.is_first_after_break(day):
            day = self.shift(day, 1)
        return day

    def speaks_at(self, moment: datetime) -> bool:
        """True when a digest may go out at this local moment: a working day, 09:00 to 17:00."""
        return self.is_workday(moment.date()) and OFFICE_OPENS <= moment.time() <= OFFICE_ENDS

    def first_opening_after(self, moment: datetime) -> date:
        """The day of the first 09:00 of a working day strictly after a local ``moment``."""
        day = moment.date()
        if moment.time() >= OFFICE_OPENS:
            day += ONE_DAY
        return self.next_workday(day)


def opening(day: date, zone: tzinfo) -> datetime:
    """09:00 of ``day`` in ``zone``."""
    return datetime.combine(day, OFFICE_OPENS, zone)
