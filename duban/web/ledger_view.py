"""The ledger (台账) laid out for a page: heads, rows, cells, totals and lists of names. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from duban.domain.roster import Unit
from duban.domain.state import HOLDER
from duban.domain.terms import UNIT, MailKind, Status
from duban.services.board import Board, Cell, Column
from duban.services.figures import Figures, Show
from duban.web.chip import Chip, beside, chip_of
from duban.web.ledger_query import ALWAYS, NAMES, Query
from duban.web.words import NO_DAY, column_due, day, listed, moment, shared_due
from models import MailRow

#: Units on one page of the matrix, obligations on one page of the list.
UNITS_A_PAGE = 200
ROWS_A_PAGE = 500
#: Figures whose units can be listed by name.
LISTABLE = (Show.MISSING, Show.OVERDUE, Show.NEAR, Show.RETURNED)

Told = Mapping[int, MailRow]


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

    unit: Unit
    unit_url: str
    deliverable: str
    due: str
    cell: CellView
    round: int
    late_by_days: int
    first_submitted: str
    reason: str


class LedgerView:
    """A part of a board as it stands on the page."""

    def __init__(self, board: Board, query: Query) -> None:
        self.board = board
        self.query = query
        self.now = board.asked.now
        self.within = tuple(query.within(board))
        self.figures = Figures.of((cell.shows, 1) for cell in self.within)
        self.show = query.shown(self.figures)
        self.columns = tuple(c for c in board.columns if query.stage in ("", c.stage.id))
        self.matching = tuple(cell for cell in self.within if self.show in cell.shows)
        self._column = {column.key: column for column in board.columns}
        self._unit = {unit.id: unit for unit in board.units}

    @property
    def filters(self) -> list[FilterLink]:
        """Every figure with its rows; those that count nothing only where people look for them."""
        return [
            FilterLink(
                name=name,
                count=self.figures[show],
                url=self.query.url(show=show),
                is_on=show is self.show,
                show=show,
            )
            for show, name in NAMES.items()
            if show in ALWAYS or show is self.show or self.figures[show]
        ]

    @property
    def name(self) -> str:
        """What is shown: ``未报``."""
        return NAMES[self.show]

    @property
    def unit_count(self) -> int:
        """How many units the totals are about."""
        return len({cell.entry.unit for cell in self.within})

    @property
    def units(self) -> list[Unit]:
        """The units of the matrix: those with something to show, or all in which nothing is filtered out."""
        wanted = dict.fromkeys(cell.entry.unit for cell in self.matching)
        return [self._unit[unit] for unit in wanted]

    def page_units(self) -> list[Unit]:
        start = (self.query.page - 1) * UNITS_A_PAGE
        return self.units[start : start + UNITS_A_PAGE]

    def page_cells(self) -> tuple[Cell, ...]:
        """The cells that this page shows (whole rows in the matrix)."""
        if self.query.view == "rows":
            start = (self.query.page - 1) * ROWS_A_PAGE
            return self.matching[start : start + ROWS_A_PAGE]
        units = {unit.id for unit in self.page_units()}
        return tuple(cell for cell in self.within if cell.entry.unit in units)

    @property
    def pages(self) -> int:
        rows = self.query.view == "rows"
        count, size = (len(self.matching), ROWS_A_PAGE) if rows else (len(self.units), UNITS_A_PAGE)
        return max(1, -(-count // size))

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
        return Head(
            name=column.name,
            due="" if due == shared else due,
            figures=Figures.of((c.shows, 1) for c in self.within if c.entry.deliverable == column.key),
        )

    def rows(self, told: Told) -> list[UnitRow]:
        """The rows of the matrix on this page."""
        cells: dict[str, dict[str, Cell]] = {}
        for cell in self.page_cells():
            cells.setdefault(cell.entry.unit, {})[cell.entry.deliverable] = cell
        return [self._row(unit, cells[unit.id], told) for unit in self.page_units()]

    def _row(self, unit: Unit, cells: Mapping[str, Cell], told: Told) -> UnitRow:
        counted = Figures.of((cell.shows, 1) for cell in cells.values())
        found = (cells.get(column.key) for column in self.columns)
        return UnitRow(
            unit=unit,
            url=f"/notices/{self.board.notice.id}/units/{unit.id}",
            missing=counted[Show.MISSING],
            overdue=counted[Show.OVERDUE],
            cells=tuple(self.cell(cell, told) if cell else None for cell in found),
        )

    def cell(self, cell: Cell, told: Told) -> CellView:
        """One cell."""
        mail = told.get(cell.obligation)
        changed = changed_due(cell, self._column[cell.entry.deliverable], self.now)
        return CellView(
            chip=chip_of(cell),
            notes=tuple(note for note in (changed, *beside(cell, self.now)) if note),
            mail=f"{day(mail.at.astimezone(self.now.tzinfo).date(), self.now)} {MailKind(mail.kind).zh}"
            if mail
            else "",
            mail_id=mail.id if mail else None,
            is_match=self.show in cell.shows,
        )

    def lines(self, told: Told) -> list[Line]:
        """The rows of the list on this page."""
        return [self._line(cell, told) for cell in self.page_cells()]

    def _line(self, cell: Cell, told: Told) -> Line:
        first, column = cell.entry.first_submitted_at, self._column[cell.entry.deliverable]
        return Line(
            unit=self._unit[cell.entry.unit],
            unit_url=f"/notices/{self.board.notice.id}/units/{cell.entry.unit}",
            deliverable=column.name,
            due=day(cell.due_day, self.now) if cell.due_day else NO_DAY,
            cell=self.cell(cell, told),
            round=cell.entry.round,
            late_by_days=cell.entry.late_by_days,
            first_submitted=moment(first, self.now) if first else "",
            reason=cell.reason,
        )

    def names(self) -> list[Names]:
        """For each material the units that are missing (or overdue, near, returned, where that is shown)."""
        show = self.show if self.show in LISTABLE else Show.MISSING
        found: dict[str, list[str]] = {}
        for cell in self.within:
            if show in cell.shows:
                found.setdefault(cell.entry.deliverable, []).append(self._unit[cell.entry.unit].name)
        calendar = self.board.asked.calendar
        return [
            Names(deliverable=c.name, due=column_due(c, calendar, self.now), units=tuple(found[c.key]))
            for c in self.columns
            if c.key in found
        ]

    @property
    def names_of(self) -> str:
        """Whose names are listed: ``未报``."""
        return NAMES[self.show if self.show in LISTABLE else Show.MISSING]


def _mail_words(mail: MailRow, now: datetime) -> str:
    return f"{day(mail.at.astimezone(now.tzinfo).date(), now)} {MailKind(mail.kind).zh}"


def changed_due(cell: Cell, column: Column, now: datetime) -> str:
    """``延至10月29日``, ``补正限10月29日``; empty where the day is the column's, or where the unit is done with it."""
    if cell.due_day is None or column.due_days == {cell.due_day} or HOLDER[cell.entry.status] != UNIT:
        return ""
    words = day(cell.due_day, now)
    if cell.entry.status is Status.RETURNED or cell.entry.round > 1:
        return f"补正限{words}"
    named = [due for due in column.due_days if due]
    return f"延至{words}" if named and cell.due_day > max(named) else f"限{words}"


def total_words(figures: Figures) -> Iterable[tuple[Show, str, int]]:
    """The foot of a column: what is counted there."""
    order = (Show.COMPLETED, Show.REVIEW, Show.MISSING, Show.OVERDUE, Show.UNDATED, Show.WAIVED)
    return [(show, NAMES[show], figures[show]) for show in order if figures[show]]
