"""Tables of terms: a row for each material, with its day, who owes it, and to whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from duban.drafting.addresses import mailboxes
from duban.drafting.clauses import Act
from duban.drafting.dating import When, times
from duban.drafting.days import Calendar
from duban.drafting.demands import copies, demands
from duban.drafting.layout import Document, Paragraph
from duban.drafting.materials import named
from duban.drafting.offices import parts
from duban.drafting.verbs import channels

_TIME = re.compile(
    r"(?:报送|上报|提交|完成|截止|填报|反馈|申报|报告)?(?:时间|时限|日期|期限|截止|频次|周期)(?:要求|节点|安排)?"
)
_THING = re.compile(
    r"(?:材料|报表|表格|资料|文件|报送|上报|提交|事项|信息|内容|项目|表)(?:名称|内容|事项|材料|清单|项目)?|名称"
)
_UNIT = re.compile(r"(?:责任|报送|填报|上报|牵头|提交|完成)?(?:单位|部门|对象|主体|科室|人)")
_TO = re.compile(r"(?:接收|受理|汇总|报送至|报至|送达|归口|对口)(?:单位|部门|科室|处室)?|报送(?:对象|去向|至)")
_HANDS = re.compile(r"报送|上报|提交|填报|材料|报表|申报|反馈|报告")
#: In a table of a programme, the rows that hand something in.
_ROW_HANDS = re.compile(r"(?:报送|提交|上报|报名|填报|寄送|上传)(?!单位|通知|截图)")
_RULE = re.compile(r"[\s\-:|]*")


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column says what; -1: none."""

    time: int
    thing: int
    unit: int
    to: int


def tabled(document: Document, shown: str, calendar: Calendar, first: int) -> Iterator[Act]:
    """A handing-in for each row with a term, where the head of the table or the words above it speak of handing in."""
    columns: Columns | None = None
    asks = False
    for at in range(first, len(document.paragraphs)):
        paragraph = document.paragraphs[at]
        if not paragraph.is_row:
            columns = None
            continue
        if _RULE.fullmatch(paragraph.text):
            continue
        found = _columns(paragraph.cells)
        if found:
            above = document.paragraphs[at - 1].text if at else ""
            columns, asks = found, bool(_HANDS.search("".join(paragraph.cells) + above))
        elif columns and (asks or _ROW_HANDS.search(paragraph.cells[min(columns.thing, len(paragraph.cells) - 1)])):
            yield from _row(paragraph, at, columns, shown, calendar)


def _columns(cells: tuple[str, ...]) -> Columns | None:
    time, thing = _find(cells, _TIME), _find(cells, _THING)
    if time < 0 or thing < 0:
        return None
    return Columns(time=time, thing=thing, unit=_find(cells, _UNIT), to=_find(cells, _TO))


def _find(cells: tuple[str, ...], form: re.Pattern[str]) -> int:
    return next((at for at, cell in enumerate(cells) if form.fullmatch(cell)), -1)


def _row(paragraph: Paragraph, at: int, columns: Columns, shown: str, calendar: Calendar) -> Iterator[Act]:
    cells = paragraph.cells
    printed = tuple(cell.strip() for cell in shown[paragraph.start : paragraph.end].split("\t"))
    if len(cells) <= max(columns.time, columns.thing) or len(printed) != len(cells):
        return
    place = paragraph.start + paragraph.text.find(cells[columns.time])
    for when in _terms(times(cells[columns.time], calendar)):
        yield Act(
            when=replace(when, start=when.start + place, end=when.end + place),
            start=paragraph.start,
            end=paragraph.end,
            paragraph=at,
            who=parts(printed[columns.unit]) if 0 <= columns.unit < len(printed) else (),
            materials=_things(cells[columns.thing], printed[columns.thing]),
            receiver=printed[columns.to] or None if 0 <= columns.to < len(printed) else None,
            channels=channels(paragraph.text),
            emails=mailboxes("\t".join(printed)),
            copies=copies(paragraph.text),
            requirements=demands(paragraph.text, shown[paragraph.start : paragraph.end]),
            labelled=True,
        )


def _terms(found: list[When]) -> list[When]:
    return [when for when in found if not when.begins]


def _things(plain: str, shown: str) -> tuple[str, ...]:
    return named(plain, shown).names or ((shown,) if shown else ())
