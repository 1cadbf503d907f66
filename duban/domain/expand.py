"""From a notice and a roster to obligations: who owes what by when (domain rules 1 and 3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.calendar import WorkCalendar
from duban.domain.deadline import AnySingle, for_class
from duban.domain.due import Due, Facts, dues
from duban.domain.errors import InputRefused
from duban.domain.notice import PARENT, Deliverable, Notice, Stage
from duban.domain.roster import Roster, Unit
from duban.domain.terms import ISSUER

#: Room for the occurrences of a recurring deliverable between two deliverables.
POSITIONS = 1000


@dataclass(frozen=True, kw_only=True)
class Owed:
    """One obligation to be: a unit, a deliverable (or one occurrence of it), and its due moment."""

    unit: Unit
    #: place of the unit in the roster
    unit_position: int
    stage: str
    deliverable: str
    #: place of the deliverable in the notice
    position: int
    unit_class: str
    due: Due | None
    #: 经办设定: the notice does not print this day
    set_by_coordinator: bool


class Ground:
    """What expansion stands on: the roster, the places in it, and what deadlines count from."""

    def __init__(self, roster: Roster, facts: Facts) -> None:
        self.roster = roster
        self.facts = facts
        self.places = {unit.id: n for n, unit in enumerate(roster.units)}


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


def check_roster(notice: Notice, roster: Roster) -> None:
    """Raise InputRefused unless the units that the notice names are in the roster."""
    named = [notice.issuer, *(unit for c in notice.classes.values() for unit in (*c.units, *c.except_units))]
    every = [notice.review, *(deliverable.review or () for _, deliverable in notice.placed())]
    named += [step.by for steps in every for step in steps if step.by not in (PARENT, ISSUER)]
    for unit in named:
        if roster.get(unit) is None:
            raise InputRefused(
                f"单位名册中没有 {unit}（通知 {notice.id} 提到了它）", f"unit {unit} is not in the roster"
            )


def members(notice: Notice, unit_class: str, roster: Roster) -> Iterator[Unit]:
    """The units of a class, in roster order: those of its kinds around the issuer, and those that it names.

    The issuer itself, and units in the tree of another office, belong only where they are named.
    """
    wanted = notice.classes[unit_class]
    around = circle(roster, notice.issuer)
    for unit in roster.units:
        by_kind = unit.kind in wanted.kinds and unit.id not in wanted.except_units
        if (by_kind and unit.id in around) or unit.id in wanted.units:
            yield unit


def circle(roster: Roster, issuer: str) -> set[str]:
    """The units below the issuer, and those that stand alone (a peer without a place in any tree)."""
    below = {unit.id for unit in roster.subtree(issuer)} - {issuer}
    return below | {u.id for u in roster.units if u.parent is None and u.id != issuer and not roster.children(u.id)}


def expand(notice: Notice, roster: Roster, calendar: WorkCalendar, *, published_at: datetime) -> list[Owed]:
    """All obligations that publishing makes, in unit order, then in the notice's order."""
    check_roster(notice, roster)
    facts = facts_of(notice, calendar, published_on=published_at.astimezone(notice.tz).date())
    ground = Ground(roster, facts)
    found = [
        owed
        for n, (stage, deliverable) in enumerate(notice.placed())
        for owed in _of_deliverable(notice, stage, deliverable, n * POSITIONS, ground)
    ]
    return sorted(found, key=lambda owed: (owed.unit_position, owed.position))


def _of_deliverable(
    notice: Notice,
    stage: Stage,
    deliverable: Deliverable,
    position: int,
    ground: "Ground",
) -> Iterator[Owed]:
    bound: dict[str, str] = {}
    for unit_class in deliverable.who:
        form = form_of(stage, unit_class)
        moments = dues(form, ground.facts)
        for unit in members(notice, unit_class, ground.roster):
            if unit.id in bound or receives_all(notice, deliverable, unit.id):
                continue
            bound[unit.id] = unit_class
            for n, due in enumerate(moments):
                yield Owed(
                    unit=unit,
                    unit_position=ground.places[unit.id],
                    stage=stage.id,
                    deliverable=key_of(deliverable.id, due),
                    position=position + n,
                    unit_class=unit_class,
                    due=due,
                    set_by_coordinator=form.set_by == "coordinator",
                )


def key_of(deliverable: str, due: Due | None) -> str:
    """``ID``, or ``ID@YYYY-MM-DD`` for an occurrence."""
    return f"{deliverable}@{due.occurrence}" if due and due.occurrence else deliverable


def receives_all(notice: Notice, deliverable: Deliverable, unit: str) -> bool:
    """True when every receiver of the deliverable is the unit itself: nobody hands in to itself (domain rule 3)."""
    receivers = [notice.offices[track.to].unit if track.to != PARENT else None for track in deliverable.tracks]
    return bool(receivers) and all(receiver == unit for receiver in receivers)


def unassigned(notice: Notice) -> list[Deliverable]:
    """Deliverables that bind nobody until the coordinator assigns them."""
    return [deliverable for _, deliverable in notice.placed() if not deliverable.who]
