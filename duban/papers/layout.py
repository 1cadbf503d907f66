"""How a form of a notice lies on paper: what stands above, in and below its table. Pure; it knows no file format."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from duban.domain.notice import Deliverable, Form, Notice
from duban.domain.requirement import CharacterCount
from duban.papers.texts import one_line, width

#: rows of a table where none are printed
USUAL_ROWS = 10
#: a form with more rows than these gets these: people add rows, printers add paper
MOST_ROWS = 200
#: centimetres
NARROW_PAGE, WIDE_PAGE = 16.6, 25.7

_LABEL = re.compile(r"(附[表件录]\s*[\d一二三四五六七八九十]*(?:[-—.]\d+)?)[\s:：、.．]+(?=\S)")
#: who fills in and signs stands below, with everything after
_SIGNS = ("填表联系人", "填表人", "填报人", "制表人", "经办人")
_SIGNS_TABLE = (*_SIGNS, "负责人", "联系人", "审核人", "联系电话")
_SERIAL = re.compile(r"(.*序号|编号|次序|顺序)$")
#: in a grid these take a line of their own
_LONG = re.compile(r".*(全称|主管部门|题目|地址和邮编)$")
#: in a grid these are large boxes
_BOX = re.compile(r".*(事迹|简介|内容|理由|情况|说明|概述|意见|总结|经验|做法|成效|成果)")
_DATED = re.compile(r".*(日期|时间)$")

#: centimetres by what a column's name says; the first that fits
_WIDTHS = (
    (re.compile(r"(序号|编号)$"), 1.3),
    (re.compile(r"(性别|民族|年龄|人数|数量|份数)$"), 1.5),
    (_SERIAL, 1.9),
    (re.compile(r".*(姓名|职务|职称|学历|次数)$"), 2.2),
    (re.compile(r".*(时间|日期|电话|邮编|手机|方式|形式)$"), 2.8),
    (re.compile(r".*(人数|人次|数量).*"), 2.2),
    (re.compile(r".*(内容|简介|情况|事迹|备注|说明|做法|成效)"), 6.0),
    (re.compile(r".*(名称|全称|单位|地点|地址|题目|邮箱|链接)"), 4.0),
)
_USUAL_WIDTH = 2.8
#: row heads, and the least for a column beside them
_HEADS_WIDTH, _THEME_WIDTH = 3.1, 2.0


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A field on a line of its own: ``填报单位（盖章）：``."""

    name: str
    #: sealed by this name
    is_sealed: bool = False
    #: a day to fill in: 年 月 日
    is_dated: bool = False

    @property
    def label(self) -> str:
        return f"{self.name}{'（盖章）' if self.is_sealed else ''}："


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the table."""

    head: str
    #: centimetres
    width: float
    is_number: bool = False
    is_serial: bool = False


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """A row of a form that is a grid: one field or two, each with room beside it; or a large box."""

    fields: tuple[str, ...]
    is_box: bool = False


@dataclass(frozen=True, kw_only=True)
class Seal:
    """A box for an opinion and a seal."""

    name: str
    #: the receiver seals it, nobody asks it of the unit
    is_receiver: bool = False

    @property
    def heading(self) -> str:
        return f"{self.name}意见"

    @property
    def mark(self) -> str:
        return f"（由{self.name}盖章）" if self.is_receiver else "（盖章）"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A blank form, ready to be drawn."""

    #: ``附表1``; empty where the name has none
    label: str
    title: str
    above: tuple[Blank, ...]
    below: tuple[Blank, ...]
    #: of a table; for one that runs across, the first is that of the row heads
    columns: tuple[Column, ...]
    #: what stands in the first column of each row: a number, a row head, or nothing
    heads: tuple[str, ...]
    #: rows of ``heads`` that hold numbers
    number_rows: frozenset[int]
    #: of a grid
    grid: tuple[GridRow, ...]
    seals: tuple[Seal, ...]
    notes: tuple[str, ...]
    #: row heads down the side, a column for each theme
    is_crosswise: bool
    #: A4 landscape
    is_wide: bool


def layout(form: Form, notice: Notice) -> Layout:
    """Where everything of ``form`` stands; what ``notice`` asks of its parts becomes a note."""
    label, title = titled(form.name)
    above, middle, below = _placed(form)
    columns = tuple(_columns(form))
    return Layout(
        label=label,
        title=title,
        above=above,
        below=(*below, *_seal_lines(form)) if columns else below,
        columns=_fitted(columns),
        heads=tuple(_heads(form, columns)),
        number_rows=frozenset(n for n, head in enumerate(form.row_heads) if head in form.numbers),
        grid=tuple(_grid(middle, _counted(form, notice))),
        seals=() if columns else tuple(_boxes(form)),
        notes=tuple(_notes(form, notice)),
        is_crosswise=bool(columns and form.row_heads),
        is_wide=_is_wide(columns),
    )


def titled(name: str) -> tuple[str, str]:
    """``附表1 2021年…汇总表`` into label and title."""
    whole = one_line(name)
    found = _LABEL.match(whole)
    return (found[1], whole[found.end() :]) if found else ("", whole)


def _placed(form: Form) -> tuple[tuple[Blank, ...], list[str], tuple[Blank, ...]]:
    """Fields above, in (of a grid) and below; in the order of the definition."""
    names = [one_line(name) for name in form.fields]
    signs = _SIGNS_TABLE if form.columns else _SIGNS
    end = next((at for at, name in enumerate(names) if name.startswith(signs)), len(names))
    below = tuple(_blank(name, form) for name in names[end:])
    if form.columns:
        return tuple(_blank(name, form) for name in names[:end]), [], below
    return (), [*names[:end], *map(one_line, form.row_heads)], below


def _blank(name: str, form: Form) -> Blank:
    is_sealed = name in {one_line(seal) for seal in form.seals}
    return Blank(name=name, is_sealed=is_sealed, is_dated=bool(_DATED.match(name)))


def _seal_lines(form: Form) -> Iterator[Blank]:
    """Seals under a table, where no field of that name bears them."""
    fields = {one_line(name) for name in form.fields}
    for seal in map(one_line, form.seals):
        if seal not in fields:
            yield Blank(name=seal, is_sealed=True)


def _boxes(form: Form) -> Iterator[Seal]:
    yield from (Seal(name=one_line(seal)) for seal in form.seals)
    if form.receiver_seal.strip():
        yield Seal(name=one_line(form.receiver_seal), is_receiver=True)


def _columns(form: Form) -> Iterator[Column]:
    """As wide as their names want it."""
    if form.row_heads and form.columns:
        yield Column(head="", width=_HEADS_WIDTH)
    for name in form.columns:
        head = one_line(name)
        is_serial = not form.row_heads and head == one_line(form.columns[0]) and bool(_SERIAL.match(head))
        wanted = _THEME_WIDTH if form.row_heads else _wanted(head)
        yield Column(head=head, width=wanted, is_number=name in form.numbers, is_serial=is_serial)


def _wanted(head: str) -> float:
    return next((wanted for pattern, wanted in _WIDTHS if pattern.match(head)), _USUAL_WIDTH)


def _is_wide(columns: tuple[Column, ...]) -> bool:
    return sum(column.width for column in columns) > NARROW_PAGE * 1.1


def _fitted(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns on the page's whole width; numbers and serials stay as narrow as they are while there is room."""
    page = WIDE_PAGE if _is_wide(columns) else NARROW_PAGE
    fixed = sum(c.width for c in columns if c.width < 2)
    free = sum(c.width for c in columns if c.width >= 2)
    if not free or fixed > page / 2:
        fixed, free = 0.0, fixed + free
    scale = (page - fixed) / free if free else 1.0
    return tuple(_scaled(c, 1.0 if fixed and c.width < 2 else scale) for c in columns)


def _scaled(column: Column, scale: float) -> Column:
    return Column(
        head=column.head,
        width=round(column.width * scale, 2),
        is_number=column.is_number,
        is_serial=column.is_serial,
    )


def _heads(form: Form, columns: tuple[Column, ...]) -> Iterator[str]:
    if not columns:
        return
    if form.row_heads:
        yield from map(one_line, form.row_heads)
        return
    printed = form.printed_rows or 0
    rows = min(printed, MOST_ROWS) if printed > 0 else USUAL_ROWS
    yield from (str(number) if columns[0].is_serial else "" for number in range(1, rows + 1))


def _grid(names: list[str], counted: frozenset[str]) -> Iterator[GridRow]:
    """Two short fields a row; a long one alone; a box where much is to be written."""
    waiting: list[str] = []
    for name in names:
        is_box = name in counted or bool(_BOX.match(name))
        is_alone = is_box or bool(_LONG.match(name)) or width(name) > 7
        if waiting and (is_alone or len(waiting) == 2):
            yield GridRow(fields=tuple(waiting))
            waiting = []
        if is_alone:
            yield GridRow(fields=(name,), is_box=is_box)
        else:
            waiting.append(name)
    if waiting:
        yield GridRow(fields=tuple(waiting))


def users(form: Form, notice: Notice) -> Iterator[Deliverable]:
    """The deliverables that are handed in on this form, in the notice's order."""
    keys = {key for key, candidate in notice.forms.items() if candidate is form or candidate == form}
    for _, deliverable in notice.placed():
        items = deliverable.items
        named = {*deliverable.forms, *((items.form, items.summary_form) if items else ())}
        if keys & named:
            yield deliverable


def _asked(form: Form, notice: Notice) -> Iterator[CharacterCount]:
    """Counts that are asked of a field of this form."""
    for deliverable in users(form, notice):
        for requirement in deliverable.requirements:
            if isinstance(requirement, CharacterCount) and requirement.part in form.fields:
                yield requirement


def _counted(form: Form, notice: Notice) -> frozenset[str]:
    return frozenset(one_line(requirement.part) for requirement in _asked(form, notice))


def _notes(form: Form, notice: Notice) -> Iterator[str]:
    """The note of the form, then what is asked of its fields, each once."""
    if form.note.strip():
        yield one_line(form.note)
    texts = [f"{one_line(r.part)}{one_line(r.text)}。" for r in _asked(form, notice) if r.text]
    yield from dict.fromkeys(texts)
