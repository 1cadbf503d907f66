"""The ledger (台账) laid out for a page: heads, rows, cells, totals and lists of names. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from duban.domain.roster import Unit
from duban.domain.state import HOLDER, TABLE, Impossible
from duban.domain.terms import UNIT, Act, Decision, Status
from duban.services.board import Board, Cell, Told
from duban.services.columns import Column
from duban.services.figures import Figures, Show
from duban.web.chip import Chip, beside, chip_of
from duban.web.facts import step_name
from duban.web.language.saying import say, term
from duban.web.ledger_query import ALWAYS, NAMES, Query
from duban.web.words import NO_DAY, column_due, day, listed, moment, shared_due

#: Figures whose units can be listed by name.
LISTABLE = (Show.MISSING, Show.OVERDUE, Show.NEAR, Show.RETURNED)
#: So many names stand on the ledger's own page; more are on a page of theirs.
MOST_NAMES = 1000

Mails = Mapping[int, Told]


#: The rule has decided nothing.
UNDECIDED: Mapping[int, Decision] = {}
#: What the rule may have decided, and how an obligation stands as long as that is the last word.
DECIDED = {
    Decision.APPROVED_BY_TIMEOUT: (Status.SUBMITTED, Status.COMPLETED),
    Decision.RETURNED_BY_TIMEOUT: (Status.RETURNED,),
}


@dataclass(frozen=True, kw_only=True)
class FilterLink:
    """A figure that is a link to its rows."""

    name: str
    count: int
    url: str
    is_on: bool
    show: Show


@dataclass(frozen=True, kw_only=True)
class CellView:
    """One cell of the matrix."""

    chip: Chip
    #: the day in force, where it is not the column's; how near or late it is
    notes: tuple[str, ...]
    #: kind and day of the last mail, and its number
    mail: str
    mail_id: int | None
    #: False: shown only to keep the table whole
    is_match: bool


@dataclass(frozen=True, kw_only=True)
class Head:
    """A column's head and foot."""

    name: str
    #: its deadline, unless its stage says it
    due: str
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class StageHead:
    """A group of columns that share a deadline."""

    name: str
    due: str
    heads: tuple[Head, ...]


@dataclass(frozen=True, kw_only=True)
class UnitRow:
    """A row of the matrix; None where the unit does not owe the material."""

    unit: Unit
    url: str
    missing: int
    overdue: int
    cells: tuple[CellView | None, ...]


@dataclass(frozen=True, kw_only=True)
class Names:
    """The units that are missing for one material, to be copied. For internal use only."""

    deliverable: str
    due: str
    units: tuple[str, ...]

    @property
    def text(self) -> str:
        return listed(self.units)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One obligation in the list."""

    #: ``UNIT/DELIVERABLE``
    key: str
    unit: Unit
    unit_url: str
    deliverable: str
    due: str
    cell: CellView
    round: int
    late_by_days: int
    first_submitted: str
    reason: str
    #: where it is opened again; empty where it is not closed
    reopen_url: str


class LedgerView:
    """A part of a ledger as it stands on the page."""

    def __init__(self, board: Board, query: Query, mails: Mails, by_rule: Mapping[int, Decision] = UNDECIDED) -> None:
        """``by_rule``: obligations that nobody reviewed in time, with what the rule of the notice decided."""
        self.by_rule = by_rule
        self.board = board
        self.query = query
        self.mails = mails
        self.now = board.asked.now
        self.figures = board.figures
        self.columns = tuple(c for c in board.columns if query.stage in ("", c.stage.id))
        self._column = {column.key: column for column in board.columns}
        self._unit = board.units

    @property
    def only(self) -> str:
        """What alone is listed, where no field of the form says it: ``长春市教育局及其下属单位，工作总结``."""
        notice, query = self.board.notice, self.query
        materials = {deliverable.id: deliverable.name for _, deliverable in notice.placed()}
        steps = {
            step.id: step_name(step.name) for _, deliverable in notice.placed() for step in notice.steps(deliverable)
        }
        under = say("{under}及其下属单位", under=self.board.under.name) if self.board.under else ""
        # a notice may not have it any more
        step = say("待{steps}", steps=steps.get(query.step) or query.step) if query.step else ""
        return say("，").join(part for part in (under, materials.get(query.material, query.material), step) if part)

    @property
    def filters(self) -> list[FilterLink]:
        """Every figure with its rows; those that count nothing only where people look for them."""
        return [
            FilterLink(
                name=name,
                count=self.figures[show],
                url=self.query.url(show=show),
                is_on=show is self.board.show,
                show=show,
            )
            for show, name in NAMES.items()
            if show in ALWAYS or show is self.board.show or self.figures[show]
        ]

    @property
    def name(self) -> str:
        """What is shown: ``未报``."""
        return NAMES[self.board.show]

    @property
    def choices(self) -> tuple[Unit, ...]:
        """The units to choose from; none where they are too many to choose."""
        return self.board.choices

    def stages(self) -> list[StageHead]:
        """The heads; a deadline that all columns of a stage share is said once."""
        grouped: dict[str, list[Column]] = {}
        for column in self.columns:
            grouped.setdefault(column.stage.id, []).append(column)
        return [self._stage(columns) for columns in grouped.values()]

    def _stage(self, columns: Sequence[Column]) -> StageHead:
        shared = shared_due(columns, self.board.asked.calendar, self.now)
        heads = tuple(self._head(column, shared) for column in columns)
        return StageHead(name=columns[0].stage.name, due=shared, heads=heads)

    def _head(self, column: Column, shared: str) -> Head:
        due = column_due(column, self.board.asked.calendar, self.now)
        figures = self.board.figures_of.get(column.key, Figures())
        return Head(name=column.name, due="" if due == shared else due, figures=figures)

    def rows(self) -> list[UnitRow]:
        """The rows of the matrix on this page."""
        cells: dict[str, dict[str, Cell]] = {}
        for cell in self.board.cells:
            cells.setdefault(cell.entry.unit, {})[cell.entry.deliverable] = cell
        return [self._row(self._unit[unit], owed) for unit, owed in cells.items()]

    def _row(self, unit: Unit, cells: Mapping[str, Cell]) -> UnitRow:
        counted = Figures.of((cell.shows, 1) for cell in cells.values())
        found = (cells.get(column.key) for column in self.columns)
        return UnitRow(
            unit=unit,
            url=f"/notices/{self.board.notice.id}/units/{unit.id}",
            missing=counted[Show.MISSING],
            overdue=counted[Show.OVERDUE],
            cells=tuple(self.cell(cell) if cell else None for cell in found),
        )

    def cell(self, cell: Cell) -> CellView:
        """One cell."""
        mail = self.mails.get(cell.obligation)
        changed = changed_due(cell, self._column[cell.entry.deliverable], self.now)
        return CellView(
            chip=chip_of(cell),
            notes=tuple(note for note in (self._rule_words(cell), changed, *beside(cell, self.now)) if note),
            mail=f"{day(mail.at.date(), self.now)} {term(mail.kind)}" if mail else "",
            mail_id=mail.mail_id if mail else None,
            is_match=self.board.show in cell.shows,
        )

    def _rule_words(self, cell: Cell) -> str:
        """``逾期未审视同通过``: no person has decided."""
        decision = self.by_rule.get(cell.obligation)
        return term(decision) if decision and cell.entry.status in DECIDED[decision] else ""

    def lines(self) -> list[Line]:
        """The rows of the list on this page."""
        return [self._line(cell) for cell in self.board.cells]

    def _line(self, cell: Cell) -> Line:
        first, column = cell.entry.first_submitted_at, self._column[cell.entry.deliverable]
        return Line(
            key=f"{cell.entry.unit}/{cell.entry.deliverable}",
            unit=self._unit[cell.entry.unit],
            unit_url=f"/notices/{self.board.notice.id}/units/{cell.entry.unit}",
            deliverable=column.name,
            due=day(cell.due_day, self.now) if cell.due_day else NO_DAY,
            cell=self.cell(cell),
            round=cell.entry.round,
            late_by_days=cell.entry.late_by_days,
            first_submitted=moment(first, self.now) if first else "",
            reason=cell.reason,
            reopen_url=self._reopen_url(cell),
        )

    def _reopen_url(self, cell: Cell) -> str:
        if isinstance(TABLE[cell.entry.status, Act.REOPEN], Impossible):
            return ""
        return f"/notices/{self.board.notice.id}/units/{cell.entry.unit}/{cell.entry.deliverable}/reopen"

    @property
    def named(self) -> Show:
        """Whose names are listed: the missing, unless a sort of them is shown."""
        return self.board.show if self.board.show in LISTABLE else Show.MISSING

    @property
    def named_word(self) -> str:
        """``未报``."""
        return NAMES[self.named]

    @property
    def has_room_for_names(self) -> bool:
        return self.figures[self.named] <= MOST_NAMES

    def names(self, found: Mapping[str, Sequence[str]]) -> list[Names]:
        """Lists of names in the notice's order."""
        calendar = self.board.asked.calendar
        return [
            Names(deliverable=c.name, due=column_due(c, calendar, self.now), units=tuple(found[c.key]))
            for c in self.columns
            if c.key in found
        ]


def changed_due(cell: Cell, column: Column, now: datetime) -> str:
    """``延至10月29日``, ``补正限10月29日``; empty where the day is the column's, or where the unit is done with it."""
    if cell.due_day is None or column.due_days == {cell.due_day} or HOLDER[cell.entry.status] != UNIT:
        return ""
    words = day(cell.due_day, now)
    if cell.entry.status is Status.RETURNED or cell.entry.round > 1:
        return say("补正限{words}", words=words)
    named = [due for due in column.due_days if due]
    return say("延至{words}", words=words) if named and cell.due_day > max(named) else say("限{words}", words=words)


def total_words(figures: Figures) -> Iterable[tuple[Show, str, int]]:
    """The foot of a column: what is counted there."""
    order = (Show.COMPLETED, Show.REVIEW, Show.MISSING, Show.OVERDUE, Show.UNDATED, Show.WAIVED)
    return [(show, NAMES[show], figures[show]) for show in order if figures[show]]
