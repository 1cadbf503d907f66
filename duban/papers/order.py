"""A 督办单 as a draft: facts from the record; number, day, signature and seal are left to people. Marked 稿."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from docx.document import Document as Paper
from docx.shared import RGBColor

from duban.domain.terms import OrderStage
from duban.papers.packing import Imprint
from duban.papers.word import CENTER, HEI, LEFT, RIGHT, SONG, fill, new_paper, new_row, new_table, saved, say

#: What may be the case with a yellow one.
SENT_BACK, PUT_OFF = "退回补正", "已延期"
#: The colour of the head, by stage: red, green and blue.
INKS = {OrderStage.RED: "9B1C1C", OrderStage.YELLOW: "8A5A00", OrderStage.BLUE: "1A4F8B"}
#: What people write in themselves.
NUMBER, DAY = "编号：〔　　　〕　　　号", "　　　　年　　月　　日"
HEADERS = ("材料", "期限", "情况", "提醒情况")
_WIDTHS = (4.6, 3.0, 3.0, 6.0)


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One material."""

    name: str
    due: str
    #: ``逾期5天（3个工作日）``
    late: str
    #: ``10月20日提请督促``
    told: str


@dataclass(frozen=True, kw_only=True)
class Order:
    """A draft to one unit about one notice."""

    #: in whose name it is drafted
    office: str
    #: to whom
    unit: str
    stage: OrderStage
    #: what makes it yellow: 退回补正, 已延期; empty for the other colours
    cases: tuple[str, ...] = ()
    notice_title: str
    document_number: str
    lines: tuple[OrderLine, ...]
    #: telephone calls on record
    calls: tuple[str, ...] = ()
    #: whom the unit asks: office, person, number
    contact: str
    #: as of this day
    day: date

    @property
    def title(self) -> str:
        return f"{self.office}督办单"

    @property
    def mark(self) -> str:
        """The colour as a word: a draft is printed in black too."""
        words = f"黄色·{'、'.join(self.cases)}" if self.cases else self.stage.zh
        return f"（{words}）　稿"

    @property
    def _is_put_off(self) -> bool:
        """Nothing was sent back: only the day is another one."""
        return self.cases == (PUT_OFF,)

    @property
    def opening(self) -> str:
        """What it is about."""
        day = f"{self.day.year}年{self.day.month}月{self.day.day}日"
        basis = f"根据《{self.notice_title}》（{self.document_number}）"
        standing = f"{PUT_OFF}，尚未报送" if self._is_put_off else _STANDING[self.stage]
        return f"{basis}，截至{day}，你单位下列材料{standing}："

    @property
    def demands(self) -> tuple[str, ...]:
        """What is asked; days are people's to name."""
        first, *others = _DEMANDS[self.stage]
        return (first.replace("补正并", "") if self._is_put_off else first, *others)


_STANDING = {
    OrderStage.RED: "逾期未报",
    OrderStage.YELLOW: "尚未按要求完成",
    OrderStage.BLUE: "临近报送期限",
}
_DEMANDS = {
    OrderStage.RED: ("请于　　月　　日前报送上列材料。", "请同时书面说明逾期原因和改进措施。"),
    OrderStage.YELLOW: ("请于　　月　　日前补正并报送上列材料。", "确有困难的，请于　　月　　日前书面说明。"),
    OrderStage.BLUE: ("请抓紧办理，按期报送上列材料。", "确有困难的，请在期限前提出延期申请。"),
}


def order_docx(order: Order) -> bytes:
    """The draft as a Word file. The same order gives the same bytes."""
    paper = new_paper(Imprint(title=order.title, office=order.office, day=order.day), is_wide=False)
    _head(paper, order)
    say(paper, f"{order.unit}：", size=16, above=12)
    say(paper, f"　　{order.opening}", size=16, above=4)
    _table(paper, order.lines)
    for number, demand in enumerate((*order.demands, f"联系人：{order.contact}。"), start=1):
        say(paper, f"　　{number}. {demand}", size=16, above=6 if number == 1 else 0)
    if order.calls:
        say(paper, f"　　电话联系情况：{'；'.join(order.calls)}。", size=12, above=6)
    _foot(paper, order)
    return saved(paper)


def _head(paper: Paper, order: Order) -> None:
    line = say(paper, order.title, size=26, font=SONG, is_bold=True, align=CENTER, below=6)
    ink: Any = line.runs[0].font.color
    ink.rgb = RGBColor.from_string(INKS[order.stage])
    say(paper, order.mark, size=14, font=HEI, align=CENTER)
    say(paper, NUMBER, size=14, align=CENTER, below=6)


def _table(paper: Paper, lines: Sequence[OrderLine]) -> None:
    table = new_table(paper, _WIDTHS)
    header = new_row(table, 0.9, is_header=True)
    for cell, text in zip(header.cells, HEADERS, strict=True):
        fill(cell, text, font=HEI)
    for line in lines:
        row = new_row(table, 0.9)
        for cell, text in zip(row.cells, (line.name, line.due, line.late, line.told), strict=True):
            fill(cell, text, align=LEFT if text in (line.name, line.told) else CENTER)


def _foot(paper: Paper, order: Order) -> None:
    say(paper, "签发人：　　　　　　　　", size=16, above=24)
    say(paper, f"{order.office}（印章）", size=16, align=RIGHT, above=12)
    say(paper, DAY, size=16, align=RIGHT)
    say(paper, "（本稿由系统按记录起草，未经签发不得发出。）", size=10, above=18)
