"""A form with columns: are they there, is there something in the rows, are numbers numbers, is the order kept."""

import re
from collections.abc import Iterator

from duban.domain.checks.finding import Finding, Grade
from duban.domain.checks.labels import plain
from duban.domain.checks.matter import Matter
from duban.domain.checks.shape import Said
from duban.domain.checks.spoken import listed, quoted
from duban.domain.checks.tables import SERIAL, Found, Line, found_in, is_number, is_serial
from duban.domain.content import Content
from duban.domain.notice import Form

_ORDINAL = re.compile(r"\d{1,6}", re.ASCII)

#: cells that are named before the rest is cut off
MOST_CELLS = 3


def best_table(form: Form, matter: Matter) -> tuple[Found, Content] | None:
    """Of all papers the table with the most columns, then the most rows; the first of those alike."""
    found = [(table, content) for one, content in matter.papers if (table := found_in(one.name, content, form))]
    return max(found, key=lambda one: (len(one[0].columns), len(one[0].lines)), default=None)


def check_columns(said: Said, matter: Matter) -> tuple[Finding, ...]:
    """Gaps and hints; one finding that all is well where there is no gap."""
    best = best_table(said.form, matter)
    if best is None:
        return (said.missing(matter),)
    table, content = best
    said = said.about(table.file)
    found = (*_heads(said, table), *_rows(said, table), *said.of_fields(content))
    if any(finding.grade is Grade.GAP for finding in found):
        return found
    count = len(table.lines)
    return (said.finding(Grade.MET, f"{said.name}已填{count}行", measured=count), *found)


def _heads(said: Said, table: Found) -> Iterator[Finding]:
    form = said.form
    missing = [column for column in form.columns if column not in table.columns and column != SERIAL]
    if missing:
        yield said.finding(Grade.GAP, f"{said.name}缺少{quoted(*missing)}列")
    if table.others and not (form.open_columns or form.open_rows):
        yield said.finding(Grade.NEAR, f"{said.name}多出{quoted(*table.others)}列，请核对")


def _rows(said: Said, table: Found) -> Iterator[Finding]:
    if not table.lines:
        yield said.finding(Grade.GAP, f"{said.name}尚未填写", measured=0)
        return
    yield from _numbers(said, table)
    yield from _blanks(said, table)
    if said.form.ordered and not is_in_order(said.form, table):
        serial = said.form.columns[0]
        yield said.finding(Grade.NEAR, f"{said.name}{quoted(serial)}未按1至{len(table.lines)}排列，请核对先后顺序")


def _numbers(said: Said, table: Found) -> Iterator[Finding]:
    wrong = [
        f"第{number}行{quoted(column)}现为{quoted(line[column])}"
        for number, line in enumerate(table.lines, start=1)
        for column in table.columns
        if column in said.form.numbers and not is_number(line[column])
    ]
    if wrong:
        more = f"等{len(wrong)}处" if len(wrong) > MOST_CELLS else ""
        zh = f"{said.name}应填数字：{'，'.join(wrong[:MOST_CELLS])}{more}"
        yield said.finding(Grade.GAP, zh, gap=f"{said.name}有{len(wrong)}处应填数字")


def _blanks(said: Said, table: Found) -> Iterator[Finding]:
    blank = []
    for number, line in enumerate(table.lines, start=1):
        empty = [column for column in table.columns if not line[column] and not is_serial(column, said.form)]
        if empty:
            blank.append(f"第{number}行{listed(empty)}")
    if blank:
        more = f"等{len(blank)}行" if len(blank) > MOST_CELLS else ""
        yield said.finding(Grade.NEAR, f"{said.name}有未填之处：{'；'.join(blank[:MOST_CELLS])}{more}")


def numbers_of(form: Form, table: Found) -> list[int] | None:
    """The number of each row; None where the form has no such column or a row has no number."""
    serial = next((column for column in table.columns if is_serial(column, form)), None)
    found = [plain(line[serial]).strip() for line in table.lines] if serial else []
    # int() takes no more than 4300 digits
    return [int(text) for text in found] if serial and all(_ORDINAL.fullmatch(text) for text in found) else None


def is_in_order(form: Form, table: Found) -> bool:
    """The numbers of the rows run from 1 without a leap; a form without such a column keeps the order of its rows."""
    if not any(is_serial(column, form) for column in table.columns):
        return True
    return numbers_of(form, table) == list(range(1, len(table.lines) + 1))


def by_number(form: Form, table: Found) -> tuple[Line, ...]:
    """The rows by their numbers where every row has one, else as they stand."""
    numbers = numbers_of(form, table)
    if numbers is None:
        return table.lines
    return tuple(line for _, line in sorted(zip(numbers, table.lines, strict=True), key=lambda pair: pair[0]))
