"""The table of a form inside what was handed in: found by its column heads, read row by row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from duban.domain.checks.labels import Likeness, likeness, paired, plain, squeezed
from duban.domain.content import Content, Table
from duban.domain.notice import Form

#: rows from the top in which the head of a table is looked for
HEAD_ROWS = 30
#: the number that a form prints itself
SERIAL = "序号"
#: a number is no longer than so many letters, remarks and all
LONGEST_NUMBER = 40
#: a summing row
TOTALS = frozenset({"合计", "总计", "小计", "共计", "累计"})

_NOTE = re.compile(r"\s*(?:注|备注|说明|填表说明|填报说明)\s*\d*\s*[:：]")

#: column of the form → text
Line = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Found:
    """The form's table in one file; a table that goes on in the same file under the same head is one."""

    file: str
    #: the form's columns that are there, in the form's order
    columns: tuple[str, ...]
    #: heads that the form does not know
    others: tuple[str, ...]
    #: rows with something in them, in order
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Head:
    """Where the head of a table is."""

    row: int
    #: column of the form → place
    at: dict[str, int]


def is_most(some: int, all_: int) -> bool:
    """More than half: enough to tell a form by its labels."""
    return some * 2 > all_


def head_of_table(table: Table, form: Form) -> Head | None:
    """The row that names the most columns; None where no row names most of them (``序号`` says nothing)."""
    telling = [column for column in form.columns if column != SERIAL] or list(form.columns)
    best: Head | None = None
    for number, row in enumerate(table.rows[:HEAD_ROWS]):
        pairs = paired(form.columns, row)
        named = sum(column in pairs for column in telling)
        if is_most(named, len(telling)) and (best is None or named > len([c for c in best.at if c in telling])):
            best = Head(row=number, at={column: pairs[column][0] for column in form.columns if column in pairs})
    return best


def found_in(file: str, content: Content, form: Form) -> Found | None:
    """The form's table in a file, of several the one that names the most columns; None where there is none."""
    heads = [(table, head) for table in content.tables if (head := head_of_table(table, form))]
    if not heads:
        return None
    table, best = max(heads, key=lambda one: len(one[1].at))
    lines = [line for other, head in heads if head.at.keys() == best.at.keys() for line in _lines(other, head, form)]
    return Found(file=file, columns=tuple(best.at), others=_others(table.rows[best.row], best), lines=tuple(lines))


def _others(row: Sequence[str], head: Head) -> tuple[str, ...]:
    """Heads that belong to no column; merged cells repeat a head, and are that column."""
    known = {squeezed(row[place]) for place in head.at.values()} | {squeezed(SERIAL), ""}
    return tuple(dict.fromkeys(text.strip() for text in row if squeezed(text) not in known))


def _lines(table: Table, head: Head, form: Form) -> Iterator[Line]:
    for row in table.rows[head.row + 1 :]:
        line = {column: row[place].strip() if place < len(row) else "" for column, place in head.at.items()}
        if _is_filled(line, form) and not _is_remark(row, form) and not _is_head(line):
            yield line


def _is_filled(line: Line, form: Form) -> bool:
    """Something stands beside the number."""
    return any(squeezed(text) for column, text in line.items() if not is_serial(column, form))


def is_serial(column: str, form: Form) -> bool:
    """The column of the numbers that the form prints: the first, where its name says so."""
    return column == form.columns[0] and "序号" in column


def _is_head(line: Line) -> bool:
    """The head once more, as it stands on every printed page."""
    return all(_is_label(column, text) for column, text in line.items())


def _is_label(label: str, text: str) -> bool:
    like = likeness(label, text)
    return like is not None and like <= Likeness.NEARLY


def _is_remark(row: Sequence[str], form: Form) -> bool:
    """A note, a sum, a line across the table, or a field below it."""
    first = plain(next(text for text in row if squeezed(text)))
    if squeezed(first) in TOTALS or _NOTE.match(first) or (len(row) > 2 and len(set(row)) == 1):
        return True
    label, colon, _ = first.partition(":")
    is_field = any(_is_label(name, label) for name in form.fields)
    return is_field and (bool(colon) or not any(_is_label(name, label) for name in form.columns))


_NUMBER = re.compile(
    r"[约近共计达逾超]*\d+(?:\.\d+)?[十百千万亿]*[余多]?[十百千万亿]*[余多]?(?:人次|人|名|次|个|场|户|%)*"
)
#: what people write where there is nothing to count
_NOTHING = re.compile(r"[-—/\\无]*")


def is_number(text: str) -> bool:
    """Digits, as people write them in forms: ``３，０００余人次``, ``1.2万``; or a stroke for nothing."""
    if len(text) > LONGEST_NUMBER:
        return False
    found = re.sub(r"[\s,、']", "", plain(text))
    return bool(_NUMBER.fullmatch(found) or _NOTHING.fullmatch(found))
