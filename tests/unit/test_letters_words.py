"""Phrases, bounds and manners that hold for every letter."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.errors import InputRefused
from duban.domain.terms import DIGEST_KINDS, MailKind, Relation, Role, Status
from letters import CLERK, at, letter, line, panel, plan, section, subject_and_text, table, under_review
from notifications.clean import cut, display_name, is_mailbox, one_line, paragraphs, width
from notifications.days import day, day_and_weekday, due_phrase, lateness
from notifications.letter import Letter, Line, Person, Planned, Summary
from notifications.opening import opening
from notifications.subject import ROOM, subject, summary_subject
from notifications.wording import called, greeting, leading, preview

NOW = at("2021-09-24 09:00")


def undated(**more: Any) -> Line:
    return Line(unit_name="长春市教育局", deliverable_name="简报", **more)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (plan(2), "9月28日前（系统按9月28日 周二 24时计，含当日）"),
        (
            plan(2, due_text_printed="", due_set_by_coordinator=True),
            "9月28日前（经办设定，系统按9月28日 周二 24时计，含当日）",
        ),
        (
            plan(2, due_text_printed="9月下旬", due_set_by_coordinator=True),
            "9月下旬（经办设定，系统按9月28日 周二 24时计，含当日）",
        ),
        (plan(2, due_at=at("2021-09-28 15:00")), "9月28日前（系统按9月28日 周二 15时计）"),
        (plan(2, due_at=at("2021-09-28 17:30")), "9月28日前（系统按9月28日 周二 17时30分计）"),
        (plan(2, due_at=at("2021-09-28 00:00")), "9月28日前（系统按9月28日 周二 0时计）"),
        (
            line("x", "2021-09-26", due_hint="调休上班"),
            "9月26日前（系统按9月26日 周日 24时计，含当日，调休上班）",
        ),
        (
            line("x", "2022-01-05", due_text_printed=""),
            "2022年1月5日前（系统按2022年1月5日 周三 24时计，含当日）",
        ),
        (undated(), "未规定截止日期"),
        (undated(due_text_printed="收到通知后5个工作日内"), "收到通知后5个工作日内（具体日期待定）"),
    ],
)
def test_a_deadline_is_the_printed_words_and_our_reading(made: Line, words: str) -> None:
    assert due_phrase(made, NOW) == words


@pytest.mark.parametrize(
    ("made", "now", "words"),
    [
        (plan(3), "2021-09-23 09:00", "还有3个工作日"),
        (plan(0), "2021-09-28 09:00", "今日截止"),
        (plan(0, due_at=at("2021-09-28 15:00")), "2021-09-28 09:00", "今日15时截止"),
        (plan(0, due_at=at("2021-09-28 15:00")), "2021-09-28 14:59", "今日15时截止"),
        (plan(0, due_at=at("2021-09-28 15:00")), "2021-09-28 15:00", "已过截止时间"),
        (plan(0), "2021-09-28 23:59", "今日截止"),
        (plan(-1), "2021-09-29 00:00", "已逾期1个工作日"),
        (line("x", "2021-10-02", 0), "2021-09-30 09:00", "最后一个工作日"),
        (line("x", "2021-10-02", 0), "2021-10-03 09:00", "已过截止时间"),
        (line("x", "2021-10-02", None), "2021-09-30 09:00", ""),
        (replace(plan(-1), due_at=None), "2021-09-29 09:00", "已逾期1个工作日"),
        (undated(), "2021-09-29 09:00", ""),
    ],
)
def test_how_a_day_stands(made: Line, now: str, words: str) -> None:
    assert lateness(made, at(now)) == words


def test_a_day_is_written_without_leading_zeros() -> None:
    assert day_and_weekday(date(2021, 10, 9), NOW, "调休上班") == "10月9日（周六，调休上班）"


@pytest.mark.parametrize(
    ("name", "role", "words"),
    [
        ("石老师", Role.CLERK, "石老师，您好："),
        ("", Role.CLERK, "您好："),
        ("孙科长", Role.CHIEF, "尊敬的孙科长："),
        ("", Role.LEADER, "您好："),
        ("张老师（职成处经办）", Role.CLERK, "张老师，您好："),
    ],
)
def test_greetings(name: str, role: Role, words: str) -> None:
    made = letter(MailKind.REMINDER, "2021-09-24 09:00", plan(2), to=Person(name=name, email="a@b.example"), role=role)
    assert greeting(made) == words


def test_what_stands_in_brackets_is_no_form_of_address() -> None:
    assert called(Person(name="张老师 (办公室)", email="")) == "张老师"


def test_a_long_name_gives_way_before_state_count_and_unit() -> None:
    name = "2021年吉林省全民终身学习示范活动汇总表及相关佐证材料目录"
    made = letter(MailKind.REMINDER, "2021-10-12 09:00", line(name, "2021-10-15", 3), panel(3))
    assert subject(made) == "【报送提醒·还有3个工作日】2021年吉林省全民…等2项材料，10月15日前｜长春市教育局"


def test_several_days_are_said_as_the_first() -> None:
    made = letter(MailKind.REMINDER, "2021-09-24 09:00", table(10), plan(2))
    assert (subject(made), preview(made)) == (
        "【报送提醒·还有2个工作日】活动周工作方案等2项材料，首批9月28日前｜长春市教育局",
        "首批于9月28日（周二）截止，请报送活动周工作方案等2项材料，还有2个工作日。",
    )


def test_a_date_that_is_taken_away_is_said_so() -> None:
    gone = replace(plan(0), due_day=None, due_at=None, due_text_printed="具体时间另行通知", workdays_left=None)
    made = letter(MailKind.DATE_CHANGED, "2021-09-24 09:00", gone)
    assert (subject(made), preview(made)) == (
        "【期限调整】活动周工作方案｜长春市教育局",
        "活动周工作方案的报送期限已调整，具体日期待定。",
    )


def test_a_reminder_after_a_return_repeats_what_was_asked() -> None:
    back = panel(3, status=Status.RETURNED, round=2, reason="图片还差2张。")
    _, text = subject_and_text(letter(MailKind.REMINDER, "2021-10-12 09:00", back))
    assert "   前次意见：图片还差2张。\n" in text


def test_nothing_of_a_peer_is_called_returned() -> None:
    back = panel(3, status=Status.RETURNED, round=2, reason="图片还差2张。")
    made = letter(MailKind.RETURNED, "2021-10-12 09:00", back, relation=Relation.PARALLEL)
    assert "退回" not in "".join(subject_and_text(made))


def test_a_leader_never_sees_another_units_line() -> None:
    other = plan(-3, unit_name="吉林市教育局")
    made = letter(MailKind.ESCALATION, "2021-10-11 09:00", plan(-3), other, role=Role.LEADER)
    with pytest.raises(InputRefused, match="其他单位"):
        subject_and_text(made)


def test_a_supervisor_who_owes_as_well_reads_of_both() -> None:
    made = letter(
        MailKind.ESCALATION,
        "2021-10-11 09:00",
        plan(-3),
        plan(-3, unit_name="朝阳区教育局"),
        role=Role.SUPERVISOR,
    )
    assert "贵单位及所辖下列单位的材料尚未收到" in opening(made)[0]


def test_a_mail_with_personal_data_does_not_invite_attachments() -> None:
    made = letter(MailKind.REMINDER, "2021-10-12 09:00", panel(3, personal=True), url=None)
    _, text = subject_and_text(made)
    assert "· 标明“含个人信息”的材料请勿用邮件附件报送。\n" in text
    assert "报送页面" not in text


anything = st.text(max_size=60)
lines = st.builds(
    line,
    name=anything,
    day=st.dates(date(2021, 1, 1), date(2022, 12, 31)).map(str),
    left=st.one_of(st.none(), st.integers(-400, 400)),
    unit_name=anything,
    due_text_printed=anything,
    due_hint=st.sampled_from(("", "调休上班", "节假日安排未公布，暂定")),
    reason=anything,
    status=st.sampled_from(Status),
)
letters = st.builds(
    letter,
    kind=st.sampled_from([kind for kind in MailKind if kind not in (MailKind.SUMMARY, MailKind.WEEKLY)]),
    now=st.just("2021-10-12 09:00"),
    sections=st.lists(lines, min_size=1, max_size=5).map(lambda made: (section(*made),)),
    role=st.sampled_from([Role.CLERK, Role.CHIEF, Role.SUPERVISOR]),
    relation=st.sampled_from(Relation),
    unit_name=anything,
    to=anything.map(lambda name: replace(CLERK, name=name)),
)


@given(letters)
def test_subjects_are_short_calm_and_on_one_line(made: Letter) -> None:
    words = subject(made)
    assert width(words) <= ROOM
    assert one_line(words) == words
    if "！" not in repr(made):
        assert "！" not in words


@given(letters)
def test_the_day_stands_within_the_first_fifty_characters(made: Letter) -> None:
    words, due = preview(made), leading(made)[0].due_day
    assert due is not None
    if made.kind in DIGEST_KINDS:
        named = day(due, made.now)
        assert width(words[: words.index(named)] + named) <= 50


@given(letters)
def test_nobody_is_pressed_before_the_day(made: Letter) -> None:
    early = replace(
        made,
        now=at("2020-12-01 09:00"),
        sections=tuple(
            replace(part, lines=tuple(replace(n, deliverable_name="x", unit_name="y") for n in part.lines))
            for part in made.sections
        ),
    )
    assert "催" not in subject(replace(early, unit_name="")) + opening(early)[0]


@given(st.text(max_size=200), st.floats(1, 60))
def test_a_cut_fits(text: str, room: float) -> None:
    assert width(cut(text, room)) <= max(room, 1)


@given(st.text())
def test_a_clean_text_is_one_line_and_stays_as_it_is(text: str) -> None:
    clean = one_line(text)
    assert one_line(clean) == clean
    assert len(clean.splitlines()) <= 1
    clean.encode()
    assert all(one_line(part) == part for part in paragraphs(text))
    assert not set(display_name(text)) & set('()<>[]:;@,"\\')


@pytest.mark.parametrize("address", ["a@b.example", "jlqmx@126.com", "o'neil+x@b-c.example"])
def test_mailboxes(address: str) -> None:
    assert is_mailbox(address)


@pytest.mark.parametrize(
    "address", ["", "a", "@b.example", "a@", "a@b\n", "a b@c.example", "石@b.example", "a@b..c", "a@b, c@d", "<a@b>"]
)
def test_what_is_no_mailbox(address: str) -> None:
    assert not is_mailbox(address)


def test_reviewers_subject_of_one_material_names_it() -> None:
    made = letter(
        MailKind.REMINDER, "2021-10-18 09:00", under_review(panel(0), "长春市教育局", 0), unit_name="吉林省教育厅"
    )
    assert subject(made) == "【请审核·今日截止】长春市教育局展板素材，10月18日前｜吉林省教育厅"


def test_the_summary_counts_what_will_be_said() -> None:
    mail = Planned(unit_name="x", person_name="y", role=Role.CLERK, kind=MailKind.REMINDER, items=("z",))
    made = Summary(
        to=CLERK,
        unit_name="吉林省教育厅",
        sender_name="职成处",
        next_workday=date(2022, 1, 4),
        planned=(mail,) * 1000,
        message_id="<s@duban.example>",
        now=at("2021-12-31 16:00"),
    )
    words = summary_subject(made)
    assert words == "【每日小结】2022年1月4日将发邮件1000封，待办0项，未送达0封｜吉林省教育厅"
    assert width(words) <= ROOM
