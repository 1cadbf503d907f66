"""The ledger as people read it: unit × deliverable, with everything that a cell says. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.access import EVERYTHING, Scope
from duban.domain.errors import NotFound
from duban.domain.notice import Notice
from duban.domain.roster import Unit
from duban.domain.terms import UNIT, MailKind, Status
from duban.services.columns import Column, columns_of
from duban.services.figures import Asked, Figures, Show, shows
from duban.services.ledger import Entry, entry
from duban.services.records import Records
from models import NoticeRow, ObligationRow
from models.views import last_mails
from models.within import (
    Facts,
    Within,
    count_units,
    count_within,
    names_within,
    places_within,
    rows_at,
    rows_within,
    tallies,
    units_at,
)


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
class Part:
    """The part of a ledger that somebody wants to see."""

    unit: str = ""
    stage: str = ""
    #: a unit, and all below it
    under: str = ""
    #: a deliverable with all its occurrences
    material: str = ""
    #: the step of review that holds the ball
    step: str = ""
    #: None: what is missing, or all where nothing is
    show: Show | None = None
    #: whole rows of the units that have something to show; else single obligations
    by_unit: bool = True
    #: from 1
    page: int = 1
    #: units, or obligations, on a page
    size: int = 100
    #: whose eyes these are
    scope: Scope = EVERYTHING


@dataclass(frozen=True, kw_only=True)
class Board:
    """A part of the ledger of a notice as of a moment."""

    notice: Notice
    issuer: Unit
    published_at: datetime
    #: closed or cancelled: the figures are those of that moment
    is_closed: bool
    is_cancelled: bool
    asked: Asked
    part: Part
    #: what is shown
    show: Show
    columns: tuple[Column, ...]
    #: the units of the page, by name
    units: Mapping[str, Unit]
    #: the unit below which this is, and which is among them; None: all
    under: Unit | None
    #: all units that owe something, in order; none where they are too many to choose from
    choices: tuple[Unit, ...]
    #: by deliverable: the figures of the unit and stage asked for, whatever is shown
    figures_of: Mapping[str, Figures]
    #: how many units these figures are about; None: too many to be counted for a page
    unit_count: int | None
    #: units (or obligations) with something to show, over all pages; None: too many to be counted for a page
    total: int | None
    #: there is more behind this page
    has_more: bool
    #: of this page: by unit order, then the notice's order
    cells: tuple[Cell, ...]

    @property
    def figures(self) -> Figures:
        """The figures of the unit and stage asked for."""
        return Figures.sum(self.figures_of.values())

    @property
    def pages(self) -> int | None:
        """How many pages there are; None where that is not known."""
        return None if self.total is None else max(1, -(-self.total // self.part.size))


#: So many units are offered for choice; more are looked for by name.
MOST_CHOICES = 200
#: Of more obligations the pages are not counted, only turned.
VAST = 100_000


def board(session: Session, notice_id: str, part: Part, *, now: datetime) -> Board:
    """A part of the ledger of a notice as of ``now``; NotFound."""
    records = Records(session)
    notice = records.notice(notice_id)
    asked = Asked(now=records.as_of(notice_id, now).astimezone(notice.tz), calendar=records.calendar)
    row = session.get_one(NoticeRow, notice_id)
    published_at = row.published_at.astimezone(notice.tz)
    within = _within(notice_id, part)
    counted = tallies(session, within)
    figures_of = _figures(counted, asked)
    show = part.show or (Show.MISSING if any(f[Show.MISSING] for f in figures_of.values()) else Show.ALL)
    showing = _showing(within, {facts for _, facts in counted}, show, asked)
    is_vast = sum(counted.values()) > VAST
    page = _page(session, within, showing, part, is_vast=is_vast)
    records.units.fetch({row.unit_id for row in page.rows})
    units = {row.unit_id: records.unit(row.unit_id) for row in page.rows}
    return Board(
        notice=notice,
        issuer=records.unit(notice.issuer),
        published_at=published_at,
        is_closed=row.closed_at is not None,
        is_cancelled=row.is_cancelled,
        asked=asked,
        part=part,
        show=show,
        columns=tuple(columns_of(records, notice, published_at, owed=figures_of)),
        units=units,
        under=records.unit(part.under) if part.under else None,
        choices=_choices(records, Within(notice=within.notice, scope=within.scope)),
        figures_of=figures_of,
        unit_count=None if is_vast else count_units(session, within),
        total=page.total,
        has_more=page.has_more,
        cells=tuple(cell_of(row, asked) for row in page.rows),
    )


def _within(notice: str, part: Part) -> Within:
    return Within(
        notice=notice,
        unit=part.unit,
        stage=part.stage,
        under=part.under,
        material=part.material,
        step=part.step,
        scope=part.scope,
    )


def _choices(records: Records, whole: Within) -> tuple[Unit, ...]:
    """The units to choose from, as far as these can be overlooked."""
    places = places_within(records.session, whole, limit=MOST_CHOICES + 1)
    if len(places) > MOST_CHOICES:
        return ()
    found = units_at(records.session, whole, places)
    records.units.fetch(found)
    return tuple(records.unit(unit) for unit in found)


def _figures(counted: Mapping[tuple[str, Facts], int], asked: Asked) -> dict[str, Figures]:
    """The figures of each deliverable."""
    judged: dict[str, list[tuple[frozenset[Show], int]]] = {}
    for (deliverable, (status, day, at)), count in counted.items():
        judged.setdefault(deliverable, []).append((shows(Status(status), day, at, asked), count))
    return {deliverable: Figures.of(found) for deliverable, found in judged.items()}


def _showing(within: Within, known: Iterable[Facts], show: Show, asked: Asked) -> Within:
    """The same, narrowed to what ``show`` counts: the judgement is made here, once for all that are alike."""
    if show is Show.ALL:
        return within
    meant = (facts for facts in known if show in shows(Status(facts[0]), facts[1], facts[2], asked))
    return replace(within, facts=frozenset(meant))


@dataclass(frozen=True, kw_only=True)
class _Page:
    rows: list[ObligationRow]
    total: int | None
    has_more: bool


def _page(session: Session, within: Within, showing: Within, part: Part, *, is_vast: bool) -> _Page:
    """The rows of the page, and how many units or obligations there are to show on all of them."""
    start, size = (part.page - 1) * part.size, part.size
    if part.by_unit:
        places = places_within(session, showing, offset=start, limit=size + 1)
        rows = rows_at(session, within, showing, places[:size])
        total = None if is_vast else count_units(session, showing)
        return _Page(rows=rows, total=total, has_more=len(places) > size)
    rows = rows_within(session, showing, offset=start, limit=size + 1)
    total = None if is_vast else count_within(session, showing)
    return _Page(rows=rows[:size], total=total, has_more=len(rows) > size)


def names(session: Session, found: Board, show: Show) -> dict[str, list[str]]:
    """For each deliverable the names of the units that ``show`` counts, in unit order, over all pages."""
    within = _within(found.notice.id, found.part)
    known = {facts for _, facts in tallies(session, within)}
    listed: dict[str, list[str]] = {}
    for deliverable, name in names_within(session, _showing(within, known, show, found.asked)):
        listed.setdefault(deliverable, []).append(name)
    return listed


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


def told(session: Session, found: Board) -> dict[int, Told]:
    """For each cell the last mail to the unit about it that has left."""
    kinds = {rung.code: rung.kind for rung in found.notice.ladder.rungs}
    last = last_mails(session, [cell.obligation for cell in found.cells], owner=UNIT)
    return {
        obligation: Told(
            mail_id=one.mail.id or 0,
            at=one.mail.at.astimezone(found.asked.zone),
            kind=kinds.get(one.rung or "", MailKind(one.mail.kind)),
        )
        for obligation, one in last.items()
    }


def check_asked(found: Board) -> None:
    """NotFound unless the notice has the stage, and asks something of the unit, that were asked for."""
    number, part = found.notice.document_number, found.part
    if part.stage and part.stage not in {known.id for known in found.notice.stages}:
        raise NotFound(f"{number} 没有环节 {part.stage}", f"no stage {part.stage}")
    if part.unit and not found.unit_count:
        raise NotFound(f"{number} 没有要求 {part.unit} 报送材料", f"{part.unit} owes nothing")
