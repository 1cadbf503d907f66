"""Fields of a form: what was written beside, below or after a printed label."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from duban.domain.checks.labels import SAME_WORDS, Likeness, paired, plain, squeezed
from duban.domain.content import Table

#: rows at either end of a table in which fields are looked for
MOST_ROWS = 60

_HINT = re.compile(r"[(（][^()（）]{0,30}(?:字|附页|公章|盖章|全称|签字|签名)[^()（）]{0,20}[)）]")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
#: printed beside an empty field for a date, or to write upon
_FRAME = re.compile(r"[\s年月日_.…/\\—-]*")
_OTHER_LABEL = re.compile(r"\s*[^\s:]{2,8}\s*:")
#: a field for a place is printed as its frame: ``市（县）区``
_PLACE_LABEL = re.compile(r"[省市州盟县区旗\s()]+")
_PLACE_LINE = re.compile(r"[^\W\d_][^\W\d]*[省市州盟县区旗]")

Places = dict[str, tuple[Likeness, str]]


def written(text: str) -> str:
    """What was written into a field, without the printed remark (``500字以内，可另附页``); empty where nothing was."""
    found = _HINT.sub("", text).strip()
    return "" if _FRAME.fullmatch(_BRACKETS.sub("", found)) else found


def field_values(
    labels: Sequence[str], tables: Sequence[Table], lines: Sequence[str], *, least: Likeness = Likeness.SIMILAR
) -> dict[str, str]:
    """For each label that is found, what was written; empty where nothing was.

    Where a label stands twice, the surest places count, and of those any that is filled. ``least`` is how far a cell
    must be alike: among rows of data only those nearly the same are labels.
    """
    found: Places = {}
    for table in tables:
        for label, like, text in _in_cells(labels, _ends(table)):
            if like <= least:
                _note(found, label, like, text)
    cells = (cell for table in tables for row in _ends(table) for cell in dict.fromkeys(row))
    for line in (*lines, *cells):
        for label, like, text in _in_line(tuple(labels), line):
            _note(found, label, like, text)
    return {label: text for label, (_, text) in found.items()}


def _note(found: Places, label: str, like: Likeness, text: str) -> None:
    known = found.get(label)
    if known is None or like < known[0] or (like == known[0] and not known[1]):
        found[label] = (like, written(text))


def _ends(table: Table) -> tuple[tuple[str, ...], ...]:
    rows = table.rows
    return rows if len(rows) <= 2 * MOST_ROWS else rows[:MOST_ROWS] + rows[-MOST_ROWS:]


def _in_cells(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, Likeness, str]]:
    for at, row in enumerate(rows):
        pairs = paired(labels, row)
        taken = {column for column, _ in pairs.values()}
        for label, (column, like) in pairs.items():
            yield label, like, _value(rows, at, column, taken)


def beside(table: Table, label: str) -> Iterator[str]:
    """The text of every field of that name in a table, in order; a label merged over several rows is one."""
    rows = _ends(table)
    for at, row in enumerate(rows):
        above = rows[at - 1] if at else ()
        for column, like in paired([label], row).values():
            is_new = column >= len(above) or above[column] != row[column]
            if like <= Likeness.NEARLY and is_new:
                yield _value(rows, at, column, {column})


def _value(rows: Sequence[Sequence[str]], at: int, column: int, labels: set[int]) -> str:
    """The next cell to the right that is not the label itself (merged), unless that is a label; else the one below."""
    label = rows[at][column]
    right = next((place for place in range(column + 1, len(rows[at])) if rows[at][place] != label), None)
    if right is not None:
        return "" if right in labels else rows[at][right]
    below = next((row for row in rows[at + 1 :] if column < len(row) and row[column] != label), None)
    return below[column] if below else ""


def _in_line(labels: tuple[str, ...], line: str) -> Iterator[tuple[str, Likeness, str]]:
    """``填表联系人：张三  联系电话：0431-…``, in running text or in one cell."""
    for label in _places(labels):
        if (place := _place(label, line)) is not None:
            yield label, Likeness.SAME, place
    if ":" in line or "：" in line:
        yield from _after_colons(labels, plain(line))


@lru_cache(maxsize=64)
def _places(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(label for label in labels if _PLACE_LABEL.fullmatch(plain(label)))


def _after_colons(labels: tuple[str, ...], line: str) -> Iterator[tuple[str, Likeness, str]]:
    spellings = _spellings(labels)
    marks = list(_pattern(labels).finditer(line))
    for mark, following in zip_longest(marks, marks[1:]):
        text = line[mark.end() : following.start() if following else len(line)]
        # 单位负责人 ends with 负责人: perhaps the same field, perhaps another
        is_whole = mark.start() == 0 or not line[mark.start() - 1].isalnum()
        like = Likeness.SAME if is_whole else Likeness.PART
        yield spellings[squeezed(mark[1])], like, "" if _OTHER_LABEL.match(text) else text


@lru_cache(maxsize=64)
def _spellings(labels: tuple[str, ...]) -> dict[str, str]:
    """Every way to write a label, to the label; what is printed itself comes before its other spellings."""
    ways = {squeezed(label): label for label in labels if squeezed(label)}
    for label in labels:
        for one, other in SAME_WORDS:
            for way in (label.replace(one, other), label.replace(other, one)):
                ways.setdefault(squeezed(way), label)
    return ways


@lru_cache(maxsize=64)
def _pattern(labels: tuple[str, ...]) -> re.Pattern[str]:
    """The labels, the longest first, with spaces inside and a remark behind as forms print them."""
    ways = sorted((way for way in _spellings(labels) if way), key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, way)) for way in ways) or r"(?!)"
    return re.compile(rf"({spaced})\s{{0,20}}(?:\([^()]{{0,30}}\))?\s{{0,20}}:", re.IGNORECASE)


def _place(label: str, line: str) -> str | None:
    """What was written into a line that frames a place (``吉林省长春市（县）朝阳区``); None for other lines."""
    found = squeezed(line[:60])
    frame = squeezed(label)
    if len(line) > 60 or not frame or not set(frame) <= set(found) or not _PLACE_LINE.fullmatch(found):
        return None
    named = re.sub(r"^[^\W\d]{2,3}省", "", found)
    return "".join(letter for letter in named if letter not in frame)
