"""A form that runs across: themes along the top, the same questions down the side; or turned round."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from duban.domain.checks.columns import MOST_CELLS
from duban.domain.checks.finding import Finding, Grade
from duban.domain.checks.labels import paired, squeezed
from duban.domain.checks.matter import Matter
from duban.domain.checks.shape import Said
from duban.domain.checks.spoken import listed, quoted, shown
from duban.domain.checks.tables import HEAD_ROWS, is_most, is_number
from duban.domain.content import Content, Table
from duban.domain.notice import Form

#: columns from the left in which the row heads are looked for
HEAD_COLUMNS = 5
#: a table wider or longer than this is turned round no more: it is a list
MOST_TURNED = 200

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The form as it was filled in."""

    file: str
    content: Content
    #: heads along the top and down the side that were found
    columns: tuple[str, ...]
    heads: tuple[str, ...]
    #: heads that the form does not know
    other_columns: tuple[str, ...]
    other_heads: tuple[str, ...]
    #: (column, row head) → what stands there, in every column or row of that head (可加列、加行)
    cells: dict[tuple[str, str], tuple[str, ...]]

    @property
    def weight(self) -> int:
        """How much of the form is there, and then how much is filled."""
        return (len(self.columns) + len(self.heads)) * 1000 + sum(bool(self.texts(*place)) for place in self.cells)

    def texts(self, column: str, head: str) -> tuple[str, ...]:
        """What is written at one crossing; nothing where all is blank."""
        return tuple(text for text in self.cells.get((column, head), ()) if squeezed(text))


def check_crosswise(said: Said, matter: Matter) -> tuple[Finding, ...]:
    """Gaps and hints; one finding that all is well where there is no gap."""
    grids = [grid for one, content in matter.papers for grid in _grids(one.name, content, said.form)]
    grid = max(grids, key=lambda one: one.weight, default=None)
    if grid is None:
        return (said.missing(matter),)
    said = said.about(grid.file)
    found = (*_heads(said, grid), *_crossings(said, grid), *said.of_fields(grid.content))
    if any(finding.grade is Grade.GAP for finding in found):
        return found
    count = len(_filled(grid))
    return (said.finding(Grade.MET, f"{said.name}已填{count}列", measured=count), *found)


def _grids(file: str, content: Content, form: Form) -> Iterator[Grid]:
    for table in content.tables:
        for rows in (table.rows, *_turned(table)):
            grid = _grid(file, content, rows, form)
            if grid:
                yield grid


def _turned(table: Table) -> Iterator[Rows]:
    if len(table.rows) <= MOST_TURNED and all(len(row) <= MOST_TURNED for row in table.rows):
        yield tuple(zip_longest(*table.rows, fillvalue=""))


def _grid(file: str, content: Content, rows: Rows, form: Form) -> Grid | None:
    top = max(range(min(len(rows), HEAD_ROWS)), key=lambda at: len(paired(form.columns, rows[at])), default=None)
    if top is None or not is_most(len(paired(form.columns, rows[top])), len(form.columns)):
        return None
    below = rows[top + 1 :]
    sides = [[row[at] if at < len(row) else "" for row in below] for at in range(HEAD_COLUMNS)]
    side = max(sides, key=lambda texts: len(paired(form.row_heads, texts[:HEAD_ROWS])))
    if not is_most(len(paired(form.row_heads, side[:HEAD_ROWS])), len(form.row_heads)):
        return None
    return _laid_out(file, content, (rows[top], side, below), form, sides.index(side))


def _laid_out(
    file: str, content: Content, parts: tuple[Sequence[str], Sequence[str], Rows], form: Form, corner: int
) -> Grid:
    top, side, below = parts
    across, down = _places(form.columns, top), _places(form.row_heads, side)
    cells = {
        (column, head): tuple(below[row][at] for row in rows for at in places if at < len(below[row]))
        for column, places in across.items()
        for head, rows in down.items()
    }
    return Grid(
        file=file,
        content=content,
        columns=tuple(across),
        heads=tuple(down),
        other_columns=_unknown(top[corner + 1 :], across, top),
        other_heads=_unknown(side, down, side),
        cells=cells,
    )


def _places(labels: Sequence[str], texts: Sequence[str]) -> dict[str, list[int]]:
    """Where each label stands, in the form's order; a merged or repeated head stands in several places."""
    pairs = paired(labels, texts)
    return {
        label: [at for at, text in enumerate(texts) if squeezed(text) == squeezed(texts[pairs[label][0]])]
        for label in labels
        if label in pairs
    }


def _unknown(texts: Sequence[str], known: dict[str, list[int]], all_: Sequence[str]) -> tuple[str, ...]:
    names = {squeezed(all_[places[0]]) for places in known.values()} | {""}
    return tuple(dict.fromkeys(text.strip() for text in texts if squeezed(text) not in names))


def _heads(said: Said, grid: Grid) -> Iterator[Finding]:
    form = said.form
    columns = [column for column in form.columns if column not in grid.columns]
    heads = [head for head in form.row_heads if head not in grid.heads]
    if columns:
        yield said.finding(Grade.GAP, f"{said.name}缺少{quoted(*columns)}列")
    if heads:
        yield said.finding(Grade.GAP, f"{said.name}缺少{quoted(*heads)}行")
    if grid.other_columns and not form.open_columns:
        yield said.finding(Grade.NEAR, f"{said.name}多出{quoted(*grid.other_columns)}列，请核对")
    if grid.other_heads and not form.open_rows:
        yield said.finding(Grade.NEAR, f"{said.name}多出{quoted(*grid.other_heads)}行，请核对")


def _filled(grid: Grid) -> list[str]:
    return [column for column in grid.columns if any(grid.texts(column, head) for head in grid.heads)]


def _crossings(said: Said, grid: Grid) -> Iterator[Finding]:
    filled = _filled(grid)
    if not filled:
        yield said.finding(Grade.GAP, f"{said.name}尚未填写", measured=0)
        return
    yield from _numbers(said, grid)
    empty = [column for column in grid.columns if column not in filled]
    if empty:
        yield said.finding(Grade.NEAR, f"{said.name}{quoted(*empty)}列未填，请核对")
    yield from _blanks(said, grid, filled)


def _numbers(said: Said, grid: Grid) -> Iterator[Finding]:
    """The heads that hold numbers may run along the top or down the side."""
    wrong = [
        f"{quoted(column)}的{shown(head)}现为{quoted(text)}"
        for (column, head) in grid.cells
        if column in said.form.numbers or head in said.form.numbers
        for text in grid.texts(column, head)
        if not is_number(text)
    ]
    if wrong:
        more = f"等{len(wrong)}处" if len(wrong) > MOST_CELLS else ""
        zh = f"{said.name}应填数字：{'，'.join(wrong[:MOST_CELLS])}{more}"
        yield said.finding(Grade.GAP, zh, gap=f"{said.name}有{len(wrong)}处应填数字")


def _blanks(said: Said, grid: Grid, filled: Sequence[str]) -> Iterator[Finding]:
    blank = []
    for column in filled:
        empty = [head for head in grid.heads if not grid.texts(column, head)]
        if empty:
            blank.append(f"{quoted(column)}列{listed(empty)}")
    if blank:
        more = f"等{len(blank)}列" if len(blank) > MOST_CELLS else ""
        yield said.finding(Grade.NEAR, f"{said.name}有未填之处：{'；'.join(blank[:MOST_CELLS])}{more}")
