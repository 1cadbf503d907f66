"""The days that a definition fixes by itself: without a calendar of working days, without units."""

from collections.abc import Iterator
from datetime import date

from duban.domain.calendar import WorkCalendar
from duban.domain.deadline import AnySingle, Recurring, Relative, for_class
from duban.domain.due import dues
from duban.domain.expand import facts_of
from duban.domain.notice import Deliverable, Notice, Stage

#: No form that is asked here counts working days or rolls over holidays.
_NO_CALENDAR = WorkCalendar(exceptions={}, known_until=date.min)


def fixed_day(notice: Notice, form: AnySingle) -> date | None:
    """The last day that ``form`` allows, before any roll.

    None where it recurs, counts working days, waits for a 签收 or for an event that has no fixed day, or where
    the notice has no day of issue.
    """
    counts_workdays = isinstance(form, Relative) and form.workdays is not None
    if isinstance(form, Recurring) or counts_workdays or not has_day_of_issue(notice):
        return None
    facts = facts_of(notice, _NO_CALENDAR, published_on=notice.dated_on)
    due = dues(form.model_copy(update={"roll": "none"}), facts)[0]
    return due.day if due else None


def has_day_of_issue(notice: Notice) -> bool:
    """True where ``notice.dated_on`` may be asked."""
    return bool(notice.issued_on or notice.publish_on or notice.printed_on)


def forms_of(stage: Stage, deliverable: Deliverable) -> Iterator[AnySingle]:
    """The forms of deadline that bind the classes of a deliverable."""
    for unit_class in deliverable.who:
        form = for_class(stage.deadline, unit_class)
        if form is not None:
            yield form


def fixed_days(notice: Notice, stage: Stage, deliverable: Deliverable) -> set[tuple[date, str]]:
    """The days of a deliverable, over its classes, as far as they are fixed; each with its roll."""
    days = ((fixed_day(notice, form), form.roll) for form in forms_of(stage, deliverable))
    return {(day, roll) for day, roll in days if day is not None}
