"""Links in mails: one button for one link, each with its notice where there are several; and mails that are a link."""

from email import message_from_bytes, policy

import pytest

from duban.domain.terms import MailKind, Role
from letters import ACCOUNT, CLERK, COORDINATOR, at, letter, panel, section, table, under_review
from notifications.compose import compose, render_html, render_text, subject_of
from notifications.letter import Entrance, Office, Person
from notifications.page import page_of
from notifications.way_in import WayIn, Why

HAND_IN = Entrance(unit_name="长春市教育局", url="https://duban.example/u/aaa")
ELSEWHERE = Entrance(unit_name="吉林市教育局", url="https://duban.example/u/bbb")
REVIEW = Entrance(unit_name="长春市教育局", url="https://duban.example/r/ccc", for_review=True)


def test_one_link_is_the_one_button_with_its_address_on_a_line() -> None:
    mail = letter(MailKind.REMINDER, "2021-10-12 09:00", url=None, sections=(section(table(3), entrances=(HAND_IN,)),))
    text = render_text(page_of(mail))
    assert "\n打开报送页面：\nhttps://duban.example/u/aaa\n" in text
    assert "打开报送页面上传，无须注册或登录。" in text
    html = render_html(page_of(mail))
    assert (html.count('href="https://duban.example/u/aaa"'), html.count(">https://duban.example/u/aaa</a>")) == (2, 1)


@pytest.mark.parametrize(
    ("kind", "label"),
    [(MailKind.RECEIVED, "查看报送记录"), (MailKind.NOTICE, "打开报送页面"), (MailKind.RETURNED, "打开报送页面")],
)
def test_the_button_says_what_it_opens(kind: MailKind, label: str) -> None:
    mail = letter(kind, "2021-10-12 09:00", url=None, sections=(section(table(3), entrances=(HAND_IN,)),))
    assert f"{label}：\nhttps://duban.example/u/aaa\n" in render_text(page_of(mail))


def test_several_links_stand_each_with_its_notice_and_unit() -> None:
    mine = section(panel(3), under_review(table(3), "朝阳区教育局", 4), entrances=(HAND_IN, ELSEWHERE, REVIEW))
    page = page_of(letter(MailKind.REMINDER, "2021-10-12 09:00", url=None, sections=(mine,)))
    assert page.action is None
    assert [(action.label, action.url) for part in page.parts for action in part.actions] == [
        ("打开报送页面（长春市教育局）", HAND_IN.url),
        ("打开报送页面（吉林市教育局）", ELSEWHERE.url),
        ("打开审核页面（长春市教育局）", REVIEW.url),
    ]
    assert "\n打开审核页面（长春市教育局）：\nhttps://duban.example/r/ccc\n" in render_text(page)
    assert render_html(page).count('href="https://duban.example/r/ccc"') == 2


def test_one_link_in_each_of_two_notices_needs_no_name() -> None:
    two = (section(panel(3), entrances=(HAND_IN,)), section(table(3), entrances=(ELSEWHERE,)))
    page = page_of(letter(MailKind.REMINDER, "2021-10-12 09:00", url=None, sections=two))
    assert [[action.label for action in part.actions] for part in page.parts] == [["打开报送页面"], ["打开报送页面"]]


def test_a_calendar_file_carries_no_link_of_a_person() -> None:
    mail = letter(MailKind.NOTICE, "2021-09-24 10:00", url=None, sections=(section(table(14), entrances=(HAND_IN,)),))
    message = message_from_bytes(compose(mail, account=ACCOUNT).raw, policy=policy.default)
    (calendar,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert "duban.example/u" not in calendar.get_content()


def test_without_a_page_there_is_no_button_and_no_word_of_one() -> None:
    text = render_text(page_of(letter(MailKind.REMINDER, "2021-10-12 09:00", table(3), url=None, role=Role.CLERK)))
    assert "页面" not in text
    assert "https://" not in text


def way(why: Why, **more: object) -> WayIn:
    values: dict[str, object] = {
        "why": why,
        "to": CLERK,
        "notice_title": "关于举办2021年全民终身学习活动周的通知",
        "document_number": "吉教职成〔2021〕25号",
        "unit_name": "长春市教育局",
        "entrances": (HAND_IN,),
        "sender_name": "吉林省教育厅职成处",
        "reply_to": COORDINATOR,
        "ask": Office(name="吉林省教育厅职成处", phone="0431-5550101"),
        "code": "T7K2-9QXM",
        "message_id": "<m2@duban.example>",
        "now": at("2021-10-12 09:00"),
    }
    return WayIn(**(values | more))  # type: ignore[arg-type]


LOGIN = way(
    Why.LOGIN,
    notice_title="",
    unit_name="",
    document_number="",
    minutes=30,
    entrances=(Entrance(unit_name="", url="https://duban.example/l/ddd"),),
)


@pytest.mark.parametrize(
    ("mail", "subject", "said"),
    [
        (LOGIN, "【登录链接】督办系统，30分钟内有效 [T7K2-9QXM]", "登录督办系统：\nhttps://duban.example/l/ddd"),
        (
            way(Why.AGAIN),
            "【登录链接】举办2021年全民终身学习活动周的通知｜长春市教育局 [T7K2-9QXM]",
            "打开报送页面（长春市教育局）：\nhttps://duban.example/u/aaa",
        ),
        (
            way(Why.HANDED_ON, colleague="石老师", to=Person(name="李老师", email="li@x.example")),
            "【转办】举办2021年全民终身学习活动周的通知｜长春市教育局 [T7K2-9QXM]",
            "石老师请您办理下列通知的报送。\n\n李老师，您好：",
        ),
        (
            way(Why.TOLD, colleague="李老师", entrances=()),
            "【转办】已转交同事：举办2021年全民终身学习活动周的通知｜长春市教育局 [T7K2-9QXM]",
            "您的链接照常有效，提醒仍发给您",
        ),
    ],
)
def test_a_mail_that_is_a_link(mail: WayIn, subject: str, said: str) -> None:
    made = compose(mail, account=ACCOUNT)
    assert subject_of(mail) == subject
    assert said in made.text
    assert made.html.count("<a href") == 2 * len(mail.entrances)
    message = message_from_bytes(made.raw, policy=policy.default)
    assert (message["Auto-Submitted"], message["X-Duban-Code"]) == ("auto-generated", "T7K2-9QXM")


def test_what_people_typed_stays_words_in_such_a_mail() -> None:
    wicked = "<img src=x>\r\nBcc: x@evil.example"
    made = compose(way(Why.HANDED_ON, colleague=wicked, unit_name=wicked, notice_title=wicked), account=ACCOUNT)
    message = message_from_bytes(made.raw, policy=policy.default)
    assert (message["Bcc"], "<img" in made.html) == (None, False)
