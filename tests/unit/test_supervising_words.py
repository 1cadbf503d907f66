"""What a supervisor reads: rungs in words, a draft of a 督办单, the weekly mail. No database."""

import io
from dataclasses import replace
from datetime import date, datetime

import pytest
from docx import Document

from duban.domain.due import Due
from duban.domain.ladder import REVIEW, STANDARD, Ladder, climbable
from duban.domain.obligation import Ball
from duban.domain.rungs import climbed, rule_phrase, rung_phrase
from duban.domain.terms import UNIT, OrderStage
from duban.papers.order import Order, OrderLine, order_docx
from duban.reading.workdays import seed
from factories import ZONE, at
from notifications.compose import compose
from notifications.letter import Person
from notifications.weekly import Overdue, Weekly


def test_every_rung_of_the_standard_ladders_in_words() -> None:
    assert [rung_phrase(rung) for rung in STANDARD.rungs] == [
        "到期前7个工作日提醒填报人",
        "到期前3个工作日提醒填报人",
        "到期前1个工作日提醒填报人",
        "到期当日提醒填报人",
        "逾期第1个工作日催报填报人、科（处）负责人",
        "逾期第3个工作日提请分管领导督促",
        "逾期第5个工作日提请上级主管部门督促",
        "逾期第10个工作日转经办电话联系",
    ]
    assert [rung_phrase(rung) for rung in REVIEW.rungs] == [
        "送审后提醒填报人",
        "到期当日催报填报人、科（处）负责人",
        "逾期第1个工作日催报填报人、科（处）负责人",
        "逾期第3个工作日转经办电话联系",
    ]
    # between units that are not in a line of command nothing climbs
    assert rung_phrase(climbable(STANDARD, subordinate=False)[-1]) == "逾期第3个工作日转经办电话联系"


def test_by_which_rule() -> None:
    own = Ladder(rungs=STANDARD.rungs[:3])
    assert [rule_phrase(STANDARD), rule_phrase(own)] == ["按通用提醒梯次", "按本通知规定的提醒梯次"]


@pytest.mark.parametrize(
    ("said", "reached", "following", "moment"),
    [
        (set(), None, "due-7", "2021-09-30 09:00"),
        ({"due-7"}, "due-7", "due-3", "2021-10-12 09:00"),
        # what was passed over counts as reached
        ({"due-7", "due-3", "late-1"}, "late-1", "late-3", "2021-10-20 09:00"),
        ({"late-10"}, "late-10", None, None),
    ],
)
def test_where_a_turn_stands(said: set[str], reached: str | None, following: str | None, moment: str | None) -> None:
    ball = Ball(
        owner=UNIT,
        round=1,
        due=Due(day=date(2021, 10, 15), at=at("2021-10-16 00:00")),
        opened_at=at("2021-09-24 10:00"),
        rungs=STANDARD.rungs,
        zone=ZONE,
    )
    found = climbed(ball, said, seed())
    codes = found.reached.code if found.reached else None, found.next.code if found.next else None
    assert (codes, found.next_at) == ((reached, following), moment and at(moment))


ORDER = Order(
    office="省教育厅",
    unit="甲市教育局",
    stage=OrderStage.RED,
    notice_title="关于测试的通知",
    document_number="测〔2021〕1号",
    lines=(OrderLine(name="总结", due="10月15日", late="逾期5天（3个工作日）", told="10月20日提请督促"),),
    calls=("10月19日与李科长通话，周五前报送",),
    contact="省教育厅 王老师 555",
    day=date(2021, 10, 20),
)


def texts(order: Order) -> list[str]:
    return [line.text for line in Document(io.BytesIO(order_docx(order))).paragraphs if line.text]


def test_the_paper_says_the_facts_and_leaves_the_rest_to_people() -> None:
    assert texts(ORDER) == [
        "省教育厅督办单",
        "（红色·逾期）　稿",
        "编号：〔　　　〕　　　号",
        "甲市教育局：",
        "　　根据《关于测试的通知》（测〔2021〕1号），截至2021年10月20日，你单位下列材料逾期未报：",
        "　　1. 请于　　月　　日前报送上列材料。",
        "　　2. 请同时书面说明逾期原因和改进措施。",
        "　　3. 联系人：省教育厅 王老师 555。",
        "　　电话联系情况：10月19日与李科长通话，周五前报送。",
        "签发人：　　　　　　　　",
        "省教育厅（印章）",
        "　　　　年　　月　　日",
        "（本稿由系统按记录起草，未经签发不得发出。）",
    ]
    assert order_docx(ORDER) == order_docx(ORDER)


@pytest.mark.parametrize(
    ("stage", "cases", "mark", "standing", "ink"),
    [
        (OrderStage.RED, (), "（红色·逾期）　稿", "逾期未报", "9B1C1C"),
        (OrderStage.YELLOW, ("退回补正",), "（黄色·退回补正）　稿", "尚未按要求完成", "8A5A00"),
        (OrderStage.YELLOW, ("已延期",), "（黄色·已延期）　稿", "已延期，尚未报送", "8A5A00"),
        (OrderStage.YELLOW, ("退回补正", "已延期"), "（黄色·退回补正、已延期）　稿", "尚未按要求完成", "8A5A00"),
        (OrderStage.BLUE, (), "（蓝色·临近）　稿", "临近报送期限", "1A4F8B"),
    ],
)
def test_three_colours_as_words_too(
    stage: OrderStage, cases: tuple[str, ...], mark: str, standing: str, ink: str
) -> None:
    """What makes it yellow is said as it is: a unit with a later day has nothing to mend."""
    order = replace(ORDER, stage=stage, cases=cases)
    assert ("补正" in order.demands[0]) == (standing == "尚未按要求完成")
    head = Document(io.BytesIO(order_docx(order))).paragraphs[0].runs[0]
    assert (texts(order)[1], texts(order)[4].endswith(f"你单位下列材料{standing}：")) == (mark, True)
    assert str(head.font.color.rgb) == ink


def row(unit: str, name: str, number: str = "测〔2021〕1号") -> Overdue:
    late = {"due_day": date(2021, 10, 15), "days": 10, "workdays": 6}
    return Overdue(
        notice_title=f"《{number}通知》", document_number=number, unit_name=unit, deliverable_name=name, **late
    )  # type: ignore[arg-type]


def mail(*rows: Overdue, units: int, when: datetime) -> Weekly:
    return Weekly(
        to=Person(name="赵科长", email="chief@aa.example"),
        unit_name="甲市教育局",
        sender_name="省教育厅",
        rows=rows,
        units=units,
        url="https://duban.example/supervision",
        message_id="<1@duban.invalid>",
        now=when,
    )


def test_the_weekly_mail() -> None:
    monday = at("2021-10-25 09:00")
    rows = (row("甲市", "总结"), row("乙县", "总结"), row("乙县", "照片"), row("乙县", "方案", "测〔2021〕2号"))
    left = compose(mail(*rows, units=2, when=monday), account="duban@x.example")
    assert left.subject == "【每周督办】2个单位逾期4项｜甲市教育局"
    assert b"Auto-Submitted: auto-generated" in left.raw
    assert left.text == TEXT
    more = compose(mail(*rows, units=90, when=monday), account="duban@x.example")
    assert more.subject == "【每周督办】90个单位逾期｜甲市教育局"
    assert "另有88个单位未列，请在页面上查看。" in more.text


TEXT = """\
截至10月25日，甲市教育局所辖2个单位逾期4项。

赵科长，您好：

按通知的单位次序列出，未到期的不列。

《测〔2021〕1号通知》测〔2021〕1号

甲市
1. 总结，10月15日截止，逾期10天（6个工作日）

乙县
1. 总结，10月15日截止，逾期10天（6个工作日）
2. 照片，10月15日截止，逾期10天（6个工作日）

《测〔2021〕2号通知》测〔2021〕2号

乙县
1. 方案，10月15日截止，逾期10天（6个工作日）

打开督办情况：
https://duban.example/supervision

省教育厅
2021年10月25日

本邮件每周最多一封，没有逾期不发；可在“督办情况”页面取消。
仅供内部掌握。
"""
