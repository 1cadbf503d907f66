"""A table of the screen as .xlsx: 台账 to print, to file, to work on. Text stays text, whatever it begins with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from duban.papers.packing import Imprint
from duban.papers.sheet import HEI, Look, Pen, Value, height_of, lines_of
from duban.papers.texts import width

#: centimetres of a column, as its texts want it, and of a Han character
_LEAST, _MOST, _HAN = 1.4, 8.0, 0.42
#: rows by which the width of a column is judged
_JUDGED = 500
#: points
_ROW = 22.0
#: columns that stay in view on the left
_KEPT = 2

_TITLE, _LINE = Look(size=16, is_bold=True), Look(size=10, across="left")
_STRONG, _CELL = Look(font=HEI, border="box", is_grey=True), Look(border="box")


@dataclass(frozen=True, kw_only=True)
class LedgerTable:
    """What is exported: the same rows, in the same order, as the screen shows."""

    title: str
    #: lines under the title: what was asked for, as of when
    lines: tuple[str, ...] = ()
    headers: tuple[str, ...]
    #: each as long as ``headers``: text, whole numbers, days; None leaves a cell empty
    rows: Sequence[Sequence[Value]]
    #: the last row; figures are numbers, never formulas
    totals: tuple[Value, ...] | None = None
    #: lines under the table: 仅供内部, 制表
    footer: tuple[str, ...] = ()
    #: who issues it, for the foot of each page
    office: str
    #: as of this day
    day: date
    #: of these columns, counted from 0, the texts stand at the left; the others in the middle
    left: frozenset[int] = frozenset()
    sheet: str = "台账"


def ledger_xlsx(table: LedgerTable) -> bytes:
    """The workbook: one sheet, A4 landscape, header frozen and on each page. The same table gives the same bytes.

    Text that begins like a formula gets an apostrophe; control characters are left out; no cell is a formula.
    ValueError for a table without columns, for a row that is not as long as the headers, and for a moment: that is
    said as text, in the notice's zone.
    """
    _check(table)
    pen = Pen(Imprint(title=table.title, office=table.office, day=table.day), table.sheet)
    widths = [_wanted(column) for column in _columns(table)]
    pen.set_widths(widths)
    header = _head(pen, table, widths)
    last = header + len(table.rows)
    _row(pen, header, table.headers, widths, _STRONG)
    for row, values in enumerate(table.rows, start=header + 1):
        _row(pen, row, values, widths, _CELL, left=table.left)
    if table.totals is not None:
        _row(pen, last + 1, table.totals, widths, _STRONG, left=table.left)
    for row, line in enumerate(table.footer, start=last + 1 + (table.totals is not None)):
        pen.band(row, line, widths, _LINE)
    pen.set_page(is_wide=True, header=header, office=table.office)
    pen.sheet.freeze_panes = pen.sheet.cell(header + 1, min(_KEPT, len(widths) - 1) + 1).coordinate
    pen.sheet.auto_filter.ref = f"A{header}:{pen.sheet.cell(last, len(widths)).coordinate}"
    return pen.saved()


def _check(table: LedgerTable) -> None:
    if not table.headers:
        raise ValueError("a table without columns")
    for values in (*table.rows, *([table.totals] if table.totals is not None else [])):
        if len(values) != len(table.headers):
            raise ValueError(f"a row is not as long as the headers: {values}")
        if any(isinstance(value, datetime) for value in values):
            raise ValueError(f"a moment is said as text: {values}")


def _head(pen: Pen, table: LedgerTable, widths: Sequence[float]) -> int:
    """Title and the lines under it; answers the row of the headers."""
    pen.band(1, table.title, widths, _TITLE)
    for row, line in enumerate(table.lines, start=2):
        pen.band(row, line, widths, _LINE)
    return len(table.lines) + 2


def _columns(table: LedgerTable) -> Iterable[list[str]]:
    """The texts of each column, header first, as far as its width is judged by them."""
    shown = [table.headers, *table.rows[:_JUDGED], *([table.totals] if table.totals is not None else [])]
    for number in range(len(table.headers)):
        yield [_text(values[number]) for values in shown]


def _wanted(texts: Sequence[str]) -> float:
    """Centimetres: the longest text on one line, within bounds; a header may break once."""
    header, *others = texts
    longest = max((width(line) for text in others for line in text.split("\n")), default=0)
    wanted = max(longest, width(header) / 2, width(header[:4])) * _HAN + 0.7
    return round(min(max(wanted, _LEAST), _MOST), 1)


def _text(value: Value) -> str:
    """About as it is shown."""
    if value is None:
        return ""
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else str(value)


def _row(
    pen: Pen,
    row: int,
    values: Sequence[Value],
    widths: Sequence[float],
    look: Look,
    *,
    left: frozenset[int] = frozenset(),
) -> None:
    aside, right = replace(look, across="left"), replace(look, across="right")
    lines = 1
    for number, (value, wide) in enumerate(zip(values, widths, strict=True)):
        # numbers at the right, so that their places stand under each other
        chosen = right if isinstance(value, int) else aside if number in left else look
        pen.put(row, number + 1, value, chosen)
        lines = max(lines, lines_of(_text(value), wide - 0.3, look.size))
    pen.set_height(row, max(height_of(lines, look.size), _ROW))
