"""From a form of deadline to a day and an instant. Pure: what is known of the world comes in as ``Facts``."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from duban.domain.calendar import ONE_DAY, WorkCalendar
from duban.domain.deadline import AnySingle, MonthEnd, OnDate, Recurring, Relative, Undated, Window

#: A recurring duty without an end stops here, so that a slip of the pen cannot make a century of reports.
MOST_OCCURRENCES = 400


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due moment: the day that people name, and the first instant that is too late."""

    #: the named day, in the notice's zone; rungs count from it
    day: date
    #: the first instant that is too late, aware
    at: datetime
    #: which occurrence of a recurring duty this is: the rule's own day, before any roll
    occurrence: date | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a rule may count from."""

    zone: ZoneInfo
    calendar: WorkCalendar
    #: HH:MM at which the office closes, for ``下班前``
    closing: str
    issued_on: date
    #: occurrences of a recurring duty before this day are not asked for
    published_on: date
    printed_on: date | None = None
    acknowledged_on: date | None = None
    #: fixed events only (a tentative event fixes no day): id → (first day, last day)
    events: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    #: recurring duties end here unless they say their own end
    ends_on: date | None = None


def instant(day: date, clock: str, *, zone: ZoneInfo, closing: str) -> datetime:
    """The first instant that is too late: ``24:00`` is 00:00 of the next day, ``15:00`` is 15:00."""
    clock = closing if clock == "closing" else clock
    if clock == "24:00":
        return datetime.combine(day + ONE_DAY, time(0), zone)
    return datetime.combine(day, time.fromisoformat(clock), zone)


def dues(form: AnySingle, facts: Facts) -> list[Due | None]:
    """The due moments that ``form`` stands for: one, or None when nothing fixes the day yet; many if it recurs."""
    if isinstance(form, Recurring):
        return [replace(_due(day, form, facts), occurrence=day) for day in _occurrences(form, facts)]
    day = _named_day(form, facts)
    return [None if day is None else _due(day, form, facts)]


def at_same_time(day: date, form: AnySingle, facts: Facts) -> Due:
    """A due moment on another ``day`` (extension, return): the same time of day as the original, day included."""
    return Due(day=day, at=instant(day, form.time, zone=facts.zone, closing=facts.closing))


def _due(day: date, form: AnySingle, facts: Facts) -> Due:
    day = day if form.inclusive else day - ONE_DAY
    roll: Mapping[str, Callable[[date], date]] = {
        "none": lambda d: d,
        "next_workday": facts.calendar.next_workday,
        "previous_workday": facts.calendar.previous_workday,
    }
    return at_same_time(roll[form.roll](day), form, facts)


def _named_day(form: AnySingle, facts: Facts) -> date | None:
    match form:
        case OnDate():
            return form.date
        case MonthEnd():
            year, month = map(int, form.month.split("-"))
            return date(year, month, monthrange(year, month)[1])
        case Window():
            return form.picked
        case Relative():
            start = _anchor(form, facts)
            return None if start is None else _count(form, start, facts.calendar)
        case Undated() | Recurring():
            return None


def _anchor(form: Relative, facts: Facts) -> date | None:
    if form.after == "event":
        span = facts.events.get(form.event or "")
        return span and span[0 if form.edge == "start" else 1]
    known = {
        "issue": facts.issued_on,
        "printing": facts.printed_on or facts.issued_on,
        "acknowledgement": facts.acknowledged_on,
    }
    return known[form.after]


def _count(form: Relative, start: date, calendar: WorkCalendar) -> date:
    """The last day of the period; the first day is not counted (Civil Code, art. 201)."""
    if form.workdays:
        return calendar.shift(start, form.workdays)
    if form.months:
        return _add_months(start, form.months)
    return start + timedelta(days=(form.days or 0) + 7 * (form.weeks or 0))


def _add_months(start: date, months: int) -> date:
    """The same day of a later month, or that month's last day (Civil Code, art. 202)."""
    whole = start.month - 1 + months
    year, month = start.year + whole // 12, whole % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _occurrences(form: Recurring, facts: Facts) -> list[date]:
    start = max(form.from_ or facts.published_on, facts.published_on)
    end = form.until or facts.ends_on
    found: list[date] = []
    for day in _candidates(form, start, facts.calendar):
        if (end and day > end) or len(found) == MOST_OCCURRENCES:
            break
        if day >= start and not _excepted(day, form.exceptions):
            found.append(day)
    return found


def _candidates(form: Recurring, start: date, calendar: WorkCalendar) -> Iterator[date]:
    """Days of the rule in order, from the month of ``start``, for at most some years."""
    if form.every in ("day", "week"):
        days = (start + ONE_DAY * n for n in range(366 * 5))
        for day in days:
            if form.every == "week":
                if day.isoweekday() == form.weekday:
                    yield day
            elif form.on == "all" or calendar.is_workday(day):
                yield day
        return
    for n in range(12 * 40):
        month = _add_months(start.replace(day=1), n) if n else start.replace(day=1)
        if _month_counts(form, month.month):
            last = monthrange(month.year, month.month)[1]
            yield month.replace(day=min(form.day or last, last))


def _month_counts(form: Recurring, month: int) -> bool:
    if form.every == "quarter":
        return (month - 1) % 3 + 1 == (form.month or 3)
    return form.every == "month" or month == form.month


def _excepted(day: date, exceptions: tuple[str, ...]) -> bool:
    quarter = f"Q{(day.month - 1) // 3 + 1}"
    names = {day.isoformat(), f"{day:%Y-%m}", f"M{day:%m}", f"{day.year}-{quarter}", quarter}
    return not names.isdisjoint(exceptions)
