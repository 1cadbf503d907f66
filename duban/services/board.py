"""The ledger as people read it: unit × deliverable, with everything that a cell says. Reads only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.deadline import AnySingle
from duban.domain.due import Due, Facts, dues
from duban.domain.errors import NotFound
from duban.domain.expand import facts_of, form_of, key_of
from duban.domain.notice import Deliverable, Notice, Stage
from duban.domain.roster import Unit
from duban.domain.terms import UNIT, MailKind
from duban.services.figures import Asked, Figures, Show, shows
from duban.services.ledger import Entry, entry
from duban.services.lines import deliverable_name
from duban.services.records import Records
from models import NoticeRow, ObligationRow, RevisionRow
from models.notice import revision_in_force
from models.obligation import of_notice, of_units
from models.views import last_mails


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One obligation as of a moment: its row of the ledger, and what people ask beside it."""

    obligation: int
    entry: Entry
    shows: frozenset[Show]
    due_day: date | None
    #: working days from today to the due day; None without one
    workdays_left: int | None
    is_set_by_coordinator: bool
    is_acknowledged: bool
    is_nil: bool
    #: why it was returned, waived or reopened
    reason: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """The last mail about an obligation."""

    mail_id: int
    #: in the notice's zone
    at: datetime
    #: what it said of this obligation; the digest as a whole may be graver
    kind: MailKind


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The deadline of a class of units as the definition has it."""

    class_name: str
    form: AnySingle
    #: None while nothing fixes the day
    due: Due | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """A deliverable, or one occurrence of a recurring one."""

    #: the deliverable's id, or ``ID@YYYY-MM-DD``
    key: str
    name: str
    stage: Stage
    deliverable: Deliverable
    #: one for each class that owes it; none while nobody does
    planned: tuple[Planned, ...]

    @property
    def due_days(self) -> set[date | None]:
        """The days that the definition names for it."""
        return {planned.due.day if planned.due else None for planned in self.planned}


@dataclass(frozen=True, kw_only=True)
class Board:
    """The ledger of a notice as of a moment."""

    notice: Notice
    issuer: Unit
    published_at: datetime
    revision: RevisionRow
    asked: Asked
    columns: tuple[Column, ...]
    #: units that owe something, in order
    units: tuple[Unit, ...]
    #: by unit order, then the notice's order
    cells: tuple[Cell, ...]

    def figures(self) -> Figures:
        """The figures over all cells."""
        return Figures.of((cell.shows, 1) for cell in self.cells)


def board(session: Session, notice_id: str, *, now: datetime, unit: str | None = None) -> Board:
    """The ledger of a notice as of ``now``, or one unit's part of it; NotFound."""
    records = Records(session)
    notice = records.notice(notice_id)
    asked = Asked(now=now.astimezone(notice.tz), calendar=records.calendar)
    row, revision = session.get_one(NoticeRow, notice_id), revision_in_force(session, notice_id)
    assert revision is not None
    rows = of_notice(session, notice_id) if unit is None else of_units(session, [records.unit(unit).id])
    rows = [found for found in rows if found.notice_id == notice_id]
    return Board(
        notice=notice,
        issuer=records.unit(notice.issuer),
        published_at=row.published_at.astimezone(notice.tz),
        revision=revision,
        asked=asked,
        columns=tuple(columns_of(records, notice, row.published_at, owed=dict.fromkeys(r.deliverable for r in rows))),
        units=tuple(records.unit(unit) for unit in dict.fromkeys(row.unit_id for row in rows)),
        cells=tuple(cell_of(row, asked) for row in rows),
    )


def cell_of(row: ObligationRow, asked: Asked) -> Cell:
    """One obligation as of the moment asked."""
    judged = entry(row, now=asked.now, zone=asked.zone)
    return Cell(
        obligation=row.id or 0,
        entry=judged,
        shows=shows(judged.status, row.due_day, row.due_at, asked),
        due_day=row.due_day,
        workdays_left=asked.workdays_left(row.due_day) if row.due_day else None,
        is_set_by_coordinator=row.due_set_by_coordinator,
        is_acknowledged=row.acknowledged_at is not None,
        is_nil=row.is_nil,
        reason=row.reason,
    )


def told(session: Session, found: Board, cells: Sequence[Cell]) -> dict[int, Told]:
    """For each cell the last mail to the unit about it that has left."""
    kinds = {rung.code: rung.kind for rung in found.notice.ladder.rungs}
    last = last_mails(session, [cell.obligation for cell in cells], owner=UNIT)
    return {
        obligation: Told(
            mail_id=one.mail.id or 0,
            at=one.mail.at.astimezone(found.asked.zone),
            kind=kinds.get(one.rung or "", MailKind(one.mail.kind)),
        )
        for obligation, one in last.items()
    }


def check_asked(found: Board, *, unit: str = "", stage: str = "") -> None:
    """NotFound unless the notice has this stage and this unit owes something in it; empty asks for nothing."""
    number = found.notice.document_number
    if stage and stage not in {known.id for known in found.notice.stages}:
        raise NotFound(f"{number} 没有环节 {stage}", f"no stage {stage}")
    if unit and unit not in {known.id for known in found.units}:
        raise NotFound(f"{number} 没有要求 {unit} 报送材料", f"{unit} owes nothing")


def columns_of(
    records: Records, notice: Notice, published_at: datetime, *, owed: Iterable[str] = ()
) -> Iterator[Column]:
    """A column for what the definition names, and for what is owed: also what a later revision dropped."""
    facts = facts_of(notice, records.calendar, published_on=published_at.astimezone(notice.tz).date())
    kept: dict[str, list[str]] = {}
    for key in owed:
        kept.setdefault(key.partition("@")[0], []).append(key)
    for stage, deliverable in notice.placed():
        found = _planned(notice, stage, deliverable, facts)
        for key in [*found, *(key for key in kept.get(deliverable.id, []) if key not in found)]:
            name = deliverable_name(deliverable.name, key)
            planned = tuple(found.get(key, ()))
            yield Column(key=key, name=name, stage=stage, deliverable=deliverable, planned=planned)


def _planned(notice: Notice, stage: Stage, deliverable: Deliverable, facts: Facts) -> dict[str, list[Planned]]:
    """The deadlines of a deliverable by key; what nobody owes yet has its key, and none."""
    found: dict[str, list[Planned]] = {} if deliverable.who else {deliverable.id: []}
    for unit_class in deliverable.who:
        form, name = form_of(stage, unit_class), notice.classes[unit_class].name
        for due in dues(form, facts):
            planned = Planned(class_name=name, form=form, due=due)
            found.setdefault(key_of(deliverable.id, due), []).append(planned)
    return found
