"""A blank form as .docx: drawn from its layout."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil

from docx.document import Document as Paper
from docx.shared import Cm
from docx.table import Table, _Cell, _Row

from duban.papers.layout import NARROW_PAGE, WIDE_PAGE, Blank, GridRow, Layout
from duban.papers.packing import Imprint
from duban.papers.texts import width
from duban.papers.word import (
    BOTTOM,
    CENTER,
    HEI,
    LEFT,
    RIGHT,
    TOP,
    fill,
    hang,
    new_paper,
    new_row,
    new_table,
    saved,
    say,
    tab_stops,
    write,
)

#: what a day is written into
_DAY = "      年    月    日"
#: centimetres of a page between its margins, title and label taken off
_ROOM = {False: 22.2, True: 13.4}
#: centimetres of a line of text beside the table
_LINE = 0.8
#: the grid: name and room of the first field, name and room of the second
_GRID = (2.9, 5.4, 2.9, 5.4)
_GRID_ROW, _SEAL_HEADING, _SEAL_BOX = 1.05, 0.9, 3.6


def form_docx(form: Layout, imprint: Imprint) -> bytes:
    """The file."""
    paper = new_paper(imprint, is_wide=form.is_wide)
    page = WIDE_PAGE if form.is_wide else NARROW_PAGE
    _head(paper, form)
    _blanks(paper, form.above, page, per_line=3 if form.is_wide else 2)
    if form.columns:
        _table(paper, form)
    elif form.grid or form.seals:
        _grid_table(paper, form)
    _notes(paper, form.notes)
    _blanks(paper, form.below, page, per_line=3 if form.is_wide else 2)
    return saved(paper)


def _head(paper: Paper, form: Layout) -> None:
    if form.label:
        say(paper, form.label, size=16, font=HEI)
    say(paper, form.title, size=18, font="宋体", is_bold=True, align=CENTER, above=6, below=10)


def _blanks(paper: Paper, blanks: Sequence[Blank], page: float, *, per_line: int) -> None:
    """Fields beside each other, as many as fit; a person types behind the colon."""
    for at in range(0, len(blanks), per_line):
        shared = blanks[at : at + per_line]
        line = say(paper, above=4, below=4)
        tab_stops(line, [page * place / len(shared) for place in range(1, len(shared))])
        write(line, "\t".join(blank.label + (_DAY if blank.is_dated else "") for blank in shared))


def _table(paper: Paper, form: Layout) -> None:
    """Header, which comes again on each page, and rows to fill."""
    table = new_table(paper, [column.width for column in form.columns])
    header = new_row(table, 1.0, is_header=True)
    for cell, column in zip(header.cells, form.columns, strict=True):
        fill(cell, column.head, size=10.5, font=HEI)
    height = _row_height(form)
    for head in form.heads:
        cells = new_row(table, height).cells
        fill(cells[0], head, size=10.5, font=HEI if form.is_crosswise else "仿宋")
        for cell in cells[1:]:
            fill(cell, "", size=10.5)


def _row_height(form: Layout) -> float:
    """Rows fill the page where they are few, and are never too low to write into."""
    columns = [ceil(width(c.head) * 0.37 / max(c.width - 0.4, 0.37)) * 0.45 for c in form.columns]
    lines = ceil(len(form.above) / 2) + ceil(len(form.below) / 2) + _note_lines(form)
    room = _ROOM[form.is_wide] - max(*columns, 1.0) - lines * _LINE
    most = 1.8 if form.is_crosswise else 1.2
    return round(min(max(room / len(form.heads), 0.85), most), 2)


def _note_lines(form: Layout) -> int:
    page = WIDE_PAGE if form.is_wide else NARROW_PAGE
    return sum(ceil((width(note) + 4) * 0.37 / page) for note in form.notes)


def _grid_table(paper: Paper, form: Layout) -> None:
    """Name and room, name and room; boxes; at the end the boxes for opinions and seals."""
    edges = _edges(len(form.seals))
    table = new_table(paper, [right - left for left, right in pairwise(edges)])
    box = _box_height(form)
    for row in form.grid:
        _grid_row(table, edges, row, box)
    if form.seals:
        _seal_rows(table, edges, form)


def _edges(seals: int) -> list[float]:
    """Where cells begin and end, in centimetres: those of the fields and those of the seals."""
    fields = [sum(_GRID[:at]) for at in range(len(_GRID) + 1)]
    boxes = [NARROW_PAGE * at / seals for at in range(1, seals)] if seals else []
    return sorted({round(edge, 2) for edge in (*fields, *boxes)})


def _cells(row: _Row, edges: Sequence[float], borders: Sequence[float]) -> Iterator[_Cell]:
    """The cells of a row between ``borders``, each merged out of those that the table has there."""
    cells = row.cells
    for left, right in pairwise(borders):
        first, last = edges.index(round(left, 2)), edges.index(round(right, 2)) - 1
        cell = cells[first] if first == last else cells[first].merge(cells[last])
        cell.width = Cm(right - left)
        yield cell


def _grid_row(table: Table, edges: Sequence[float], row: GridRow, box: float) -> None:
    made = new_row(table, box if row.is_box else _GRID_ROW, may_break=row.is_box)
    name, room, other, _ = _GRID
    borders = [0.0, name, NARROW_PAGE] if len(row.fields) == 1 else [0.0, name, name + room, name + room + other, 16.6]
    cells = list(_cells(made, edges, borders))
    for field, label, value in zip(row.fields, cells[::2], cells[1::2], strict=True):
        fill(label, field, font=HEI)
        if row.is_box:
            fill(value, "", align=LEFT, at=TOP)
        else:
            fill(value, "", align=LEFT)


def _box_height(form: Layout) -> float:
    """What the page leaves, shared by the boxes."""
    boxes = sum(row.is_box for row in form.grid)
    rows = (len(form.grid) - boxes) * _GRID_ROW
    seals = _SEAL_HEADING + _SEAL_BOX if form.seals else 0.0
    lines = ceil(len(form.below) / 2) + _note_lines(form)
    room = _ROOM[False] - rows - seals - lines * _LINE
    return round(max(room / boxes, 3.0), 2) if boxes else 0.0


def _seal_rows(table: Table, edges: Sequence[float], form: Layout) -> None:
    """Who gives an opinion, and under it the room for it; the seal's place and the day at its foot."""
    borders = [NARROW_PAGE * at / len(form.seals) for at in range(len(form.seals) + 1)]
    headings, boxes = new_row(table, _SEAL_HEADING), new_row(table, _SEAL_BOX)
    for cell, seal in zip(_cells(headings, edges, borders), form.seals, strict=True):
        fill(cell, seal.heading, size=10.5, font=HEI)
    for cell, seal in zip(_cells(boxes, edges, borders), form.seals, strict=True):
        fill(cell, f"{seal.mark}\n{_DAY}", size=10.5, align=RIGHT, at=BOTTOM)


def _notes(paper: Paper, notes: Sequence[str]) -> None:
    """``注：…``, numbered where there are several."""
    for number, note in enumerate(notes, start=1):
        words = f"{number}．{note}" if len(notes) > 1 else note
        line = say(paper, ("注：" if number == 1 else "") + words, size=10.5, above=4 if number == 1 else 0)
        hang(line, 0.74, from_start=number == 1)
