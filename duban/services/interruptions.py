"""Silences of the automatic work, as the coordinator's summary tells them: those that office hours have felt."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from sqlmodel import Session

from duban.domain.calendar import OFFICE_ENDS, OFFICE_OPENS, ONE_DAY, WorkCalendar
from duban.services.pulse import SILENT_AFTER, Silence, silences
from notifications.days import moment

#: No silence is looked at day by day for longer than this.
LONGEST = timedelta(days=400)


def interruptions(session: Session, calendar: WorkCalendar, *, zone: tzinfo) -> Iterator[str]:
    """A sentence for each silence that is not yet told; a machine that is off at night has had none."""
    for silence in silences(session):
        start, end = silence.start.astimezone(zone), silence.end.astimezone(zone)
        if is_felt(silence, calendar, zone=zone):
            yield f"自动办理曾中断：{moment(start, end)}至{moment(end, end)}，其间到期的提醒在恢复后办理。"


def is_felt(silence: Silence, calendar: WorkCalendar, *, zone: tzinfo) -> bool:
    """True when a quarter of an hour of it lies within the office hours of one working day."""
    start, end = silence.start.astimezone(zone), silence.end.astimezone(zone)
    day = max(start, end - LONGEST).date()
    while day <= end.date():
        opens, ends = (datetime.combine(day, hour, zone) for hour in (OFFICE_OPENS, OFFICE_ENDS))
        if calendar.is_workday(day) and min(end, ends) - max(start, opens) >= SILENT_AFTER:
            return True
        day += ONE_DAY
    return False
