"""What the pages of publishing are made of: doubts and their settling, traces, lines, stretches, deadlines as read."""

from datetime import date
from typing import Any

import pytest

from duban.domain.calendar import WorkCalendar
from duban.domain.fitting import Overflow
from duban.domain.terms import MailKind
from duban.drafting.doubts import doubts, parted, settled
from duban.drafting.surveying import survey
from duban.drafting.tracing import traces
from duban.drafting.writing import definition
from duban.reading.definitions import check_definition_text
from duban.reading.workdays import seed
from duban.services.defining import Draft
from duban.services.issuing import Examined
from duban.services.outlook import DayAhead, Outlook
from duban.services.prospect import Prospect
from duban.web.publish.days_view import DaysView, days_view
from duban.web.publish.paper_view import stretches
from duban.web.publish.source_view import MOST_LINES, source_view, with_lines
from factories import at

CALENDAR: WorkCalendar = seed()
DRAFT = """\
# 由通知原文起草；标“待确认”的，读法存疑。
# 待确认：成文日期：原文未见
id: "draft"  # 待确认：编号可改
title: 待确认  # 待确认：原文未见
    deadline: {kind: none, note: "待确认：原文写“适时”。"}  # 第5行第1列：“适时”
    # 待确认：原文没有写明日期
plain: 1  # 第2行第1列：“待确认事项”
"""


def test_the_lines_that_a_person_must_look_at() -> None:
    found = [(it.line, it.value, it.reason, it.is_placeholder) for it in doubts(DRAFT)]
    assert found == [
        (2, "", "成文日期：原文未见", False),
        (3, 'id: "draft"', "编号可改", False),
        (4, "title: 待确认", "原文未见", True),
        (5, 'deadline: {kind: none, note: "待确认：原文写“适时”。"}', "原文写“适时”。", False),
        (6, "", "原文没有写明日期", False),
    ]


def test_what_is_confirmed_loses_its_mark_and_what_is_corrected_its_value() -> None:
    after = settled(DRAFT, sure=frozenset({2, 3, 4, 5, 6}), values={3: "id: test-2021-1", 4: "title: 关于\n测试的通知"})
    assert after.split("\n") == [
        "# 由通知原文起草；标“待确认”的，读法存疑。",
        "# 已核对：成文日期：原文未见",
        "id: test-2021-1  # 已核对：编号可改",
        "title: 关于 测试的通知  # 已核对：原文未见",
        '    deadline: {kind: none, note: "已核对：原文写“适时”。"}  # 第5行第1列：“适时”',
        "    # 已核对：原文没有写明日期",
        "plain: 1  # 第2行第1列：“待确认事项”",
        "",
    ]
    assert doubts(after) == []


def test_a_placeholder_stays_open_until_it_is_written() -> None:
    after = settled("title: 待确认  # 待确认：原文未见\n", sure=frozenset({1}), values={})
    assert (after, [it.is_placeholder for it in doubts(after)]) == ("title: 待确认  # 已核对：原文未见\n", [True])


def test_nothing_is_settled_that_was_not_asked() -> None:
    assert settled(DRAFT, sure=frozenset(), values={3: "", 99: "x"}) == DRAFT


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("  name: 甲  # 乙", ("  ", "name: 甲", "# 乙")),
        ("name: 甲 # 乙", ("", "name: 甲 # 乙", "")),
        ("    # 只有注释", ("    ", "", "# 只有注释")),
        ("", ("", "", "")),
    ],
)
def test_a_line_in_its_parts(line: str, parts: tuple[str, str, str]) -> None:
    assert parted(line) == parts


PRINTED = """\
关于报送工作总结的通知
各县教育局：
请各县教育局于10月9日前将工作总结（不少于1500字）报市教育局职成科，邮箱：zck@edu.example。
市教育局
2021年9月22日
"""


def test_each_fact_leads_to_the_line_that_has_it() -> None:
    (facts,) = survey(PRINTED)
    text = definition(facts)
    found = {PRINTED[it.start : it.end]: (it.sort, text.split("\n")[it.lines[0] - 1]) for it in traces(facts, text)}
    assert {words: sort for words, (sort, _) in found.items()} == {
        "关于报送工作总结的通知": "head",
        "各县教育局：": "head",
        "请各县教育局于10月9日前将工作总结（不少于1500字）报市教育局职成科，邮箱：zck@edu.example。": "clause",
        "各县教育局": "who",
        "10月9日前": "deadline",
        "工作总结": "material",
        "不少于1500字": "requirement",
        "市教育局职成科": "receiver",
        "zck@edu.example": "receiver",
        "市教育局": "head",
        "2021年9月22日": "head",
    }
    assert all(words[:40].rstrip("：") in line or words == "各县教育局：" for words, (_, line) in found.items()), found


def test_a_line_that_lost_its_comment_is_no_longer_led_to() -> None:
    (facts,) = survey(PRINTED)
    text = "\n".join(line.partition("  # ")[0] if "10月9日" in line else line for line in definition(facts).split("\n"))
    assert "deadline" not in {it.sort for it in traces(facts, text)}


def test_the_notice_in_pieces_is_the_notice() -> None:
    (facts,) = survey(PRINTED)
    found = stretches(PRINTED, traces(facts, definition(facts)))
    assert "".join(piece.text for piece in found) == PRINTED
    (day,) = [piece for piece in found if piece.text == "10月9日前"]
    assert (day.sort, len(day.facts.split()), day.href) == ("deadline", 2, f"#{day.lines}")
    anchors = [anchor for piece in found for anchor in piece.anchors]
    assert anchors == [f"f{n}" for n in range(1, len(anchors) + 1)]


def test_a_notice_without_facts_is_one_piece() -> None:
    assert [(piece.text, piece.sort) for piece in stretches("没有事项\n", [])] == [("没有事项\n", "")]


def test_errors_stand_at_their_lines_and_can_be_mended_there() -> None:
    text = "id: Test\ntitle: 甲\n\tissuer: x\n"
    view = source_view(text, check_definition_text(text, "定义")[1])
    assert [(line.number, line.tone, [one.words for one in line.said], line.may_edit) for line in view.lines] == [
        (1, "", [], False),
        (2, "", [], False),
        (3, "error", ["缩进用了制表符（Tab）"], True),
        (4, "", [], False),
    ]
    assert (view.errors, view.first, view.listed) == (1, 3, ((3, "缩进用了制表符（Tab）"),))
    assert with_lines(text, {3: "issuer: x", 9: "nothing"}) == "id: Test\ntitle: 甲\nissuer: x\n"


def test_a_long_text_is_shown_around_what_is_wrong() -> None:
    text = "# 行\n" * (MOST_LINES + 1) + "x"
    view = source_view(text, check_definition_text(text, "定义")[1])
    last = MOST_LINES + 2
    assert [line.number for line in view.lines] == [1, 2, 3, 0, last - 3, last - 2, last - 1, last]


def looked(days: Outlook, **more: Any) -> DaysView:
    """The view of a draft that nothing else is known of."""
    when = {"changed_at": at("2021-09-24 10:00"), "changed_by": "", "confirmed": frozenset(), "version": 1}
    draft = Draft(number=1, unit="prov", name="", text="", original="", document=0, **when)  # type: ignore[arg-type]
    found = Examined(draft=draft, notice=None, problems=(), obstacles=(), open_lines=(), is_published=False)
    return days_view(Prospect(found=found, calendar=CALENDAR, ahead=days, **more), at("2021-09-24 10:00"))


HOLIDAY = Outlook(
    days=(
        DayAhead(day=date(2021, 9, 24), kinds={MailKind.NOTICE: 4}),
        DayAhead(day=date(2021, 10, 9), kinds={MailKind.REMINDER: 1, MailKind.OVERDUE: 2}, others=1),
    ),
    most_per_week=2,
    busiest_week=date(2021, 9, 20),
    busiest_units=2,
)


def test_each_day_says_what_day_it_is() -> None:
    view = looked(HOLIDAY)
    assert [(row.day, row.about, row.mails, row.kinds, row.others, row.allowed) for row in view.rows] == [
        ("9月24日", "周五", 4, "通知 4", 0, None),
        ("10月9日", "周六，调休上班，避开节后首个工作日10月8日", 3, "逾期催报 2、报送提醒 1", 1, None),
    ]
    assert (view.total, view.busiest) == (7, "一个单位一周最多收到2封：9月20日起的一周（共2个单位）")


def test_days_that_do_not_fit_are_marked_and_say_what_is_left() -> None:
    over = (Overflow(day=date(2021, 9, 24), wanted=4, allowed=3),)
    view = looked(HOLIDAY, allowed={date(2021, 9, 24): 3, date(2021, 10, 9): 6}, over=over)
    assert [(bar.mails, bar.fits) for bar in view.bars] == [(4, False), (4, True)]
    assert [(row.allowed, row.left) for row in view.rows] == [(3, 1), (6, 0)]
    assert (view.help[:22], view.quota, view.quota_y is not None) == (
        "发信额度不够：9月24日需发4封，约可发3封",
        6,
        True,
    )
