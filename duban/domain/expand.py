"""From a notice to what its clauses ask of which units by when (domain rules 1 and 3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.calendar import WorkCalendar
from duban.domain.deadline import AnySingle, for_class
from duban.domain.due import Due, Facts, dues
from duban.domain.errors import InputRefused
from duban.domain.notice import PARENT, Deliverable, Notice, Stage
from duban.domain.terms import ISSUER

#: Room for the occurrences of a recurring deliverable between two deliverables.
POSITIONS = 1000


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The units of a class: those of its kinds around the issuer, and those that it names.

    Around the issuer are the units below it, and those that stand alone (a peer without a place in any tree). The
    issuer itself, and units in the tree of another office, belong only where they are named.
    """

    kinds: tuple[str, ...] = ()
    #: of its kinds, but not these
    left_out: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Clause:
    """What the units of one class owe: a deliverable, or one occurrence of it. Its obligations differ by unit alone."""

    stage: str
    deliverable: str
    #: place of the deliverable in the notice
    position: int
    unit_class: str
    due: Due | None
    #: 经办设定: the notice does not print this day
    set_by_coordinator: bool
    binds: Selection
    #: classes by which a unit is bound already: a unit in two classes owes once
    before: tuple[Selection, ...] = ()
    #: units that receive all of it: nobody hands in to itself (domain rule 3)
    receivers: tuple[str, ...] = ()


def facts_of(
    notice: Notice, calendar: WorkCalendar, *, published_on: date, acknowledged_on: date | None = None
) -> Facts:
    """What deadlines may count from. A tentative event, or one without a day, fixes nothing."""
    fixed = {
        name: (event.date, event.until or event.date)
        for name, event in notice.events.items()
        if event.date and not event.tentative
    }
    return Facts(
        zone=notice.tz,
        calendar=calendar,
        closing=notice.closing,
        issued_on=notice.dated_on,
        published_on=published_on,
        printed_on=notice.printed_on,
        acknowledged_on=acknowledged_on,
        events=fixed,
        ends_on=notice.ends_on,
    )


def form_of(stage: Stage, unit_class: str) -> AnySingle:
    """The form of deadline that binds a class in a stage; InputRefused when the class has none."""
    form = for_class(stage.deadline, unit_class)
    if form is None:
        raise InputRefused(f"环节 {stage.id} 没有写明 {unit_class} 的期限")
    return form


def named_units(notice: Notice) -> list[str]:
    """The units that the notice names, which must exist: issuer, members and exceptions of classes, reviewers."""
    named = [notice.issuer, *(unit for c in notice.classes.values() for unit in (*c.units, *c.except_units))]
    every = [notice.review, *(deliverable.review or () for _, deliverable in notice.placed())]
    return named + [step.by for steps in every for step in steps if step.by not in (PARENT, ISSUER)]


def selection(notice: Notice, unit_class: str) -> Selection:
    """The units of a class."""
    wanted = notice.classes[unit_class]
    return Selection(kinds=wanted.kinds, left_out=wanted.except_units, named=wanted.units)


def clauses(notice: Notice, calendar: WorkCalendar, *, published_at: datetime) -> list[Clause]:
    """What publishing makes obligations of, in the notice's order."""
    facts = facts_of(notice, calendar, published_on=published_at.astimezone(notice.tz).date())
    return [
        clause
        for n, (stage, deliverable) in enumerate(notice.placed())
        for clause in _of_deliverable(notice, stage, deliverable, n * POSITIONS, facts)
    ]


def _of_deliverable(
    notice: Notice, stage: Stage, deliverable: Deliverable, position: int, facts: Facts
) -> Iterator[Clause]:
    classes = [selection(notice, unit_class) for unit_class in deliverable.who]
    for n, unit_class in enumerate(deliverable.who):
        form = form_of(stage, unit_class)
        for m, due in enumerate(dues(form, facts)):
            yield Clause(
                stage=stage.id,
                deliverable=key_of(deliverable.id, due),
                position=position + m,
                unit_class=unit_class,
                due=due,
                set_by_coordinator=form.set_by == "coordinator",
                binds=classes[n],
                before=tuple(classes[:n]),
                receivers=receivers_of_all(notice, deliverable),
            )


def key_of(deliverable: str, due: Due | None) -> str:
    """``ID``, or ``ID@YYYY-MM-DD`` for an occurrence."""
    return f"{deliverable}@{due.occurrence}" if due and due.occurrence else deliverable


def receivers_of_all(notice: Notice, deliverable: Deliverable) -> tuple[str, ...]:
    """The unit that receives every track of a deliverable, if there is one."""
    receivers = {notice.offices[track.to].unit if track.to != PARENT else None for track in deliverable.tracks}
    return tuple(unit for unit in receivers if unit) if len(receivers) == 1 else ()


def unassigned(notice: Notice) -> list[Deliverable]:
    """Deliverables that bind nobody until the coordinator assigns them."""
    return [deliverable for _, deliverable in notice.placed() if not deliverable.who]
