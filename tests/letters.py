"""Letters of one invented season, made to order: each test says only what it is about."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

from duban.domain.terms import MailKind, Relation, Role, Status
from notifications.compose import compose
from notifications.letter import Addendum, Letter, Line, Office, Person, Section, Summary

ZONE = ZoneInfo("Asia/Shanghai")
ACCOUNT = "office@prov.example"
TITLE = "关于举办2021年全民终身学习活动周的通知"
NUMBER = "吉教职成〔2021〕25号"
ELECTRONIC = "电子版 → jlqmx@126.com"
PAPER = "纸质一式两份 → 长春市宽城区北京大街62号406室"

CLERK = Person(name="石老师", email="clerk@changchun.example")
COORDINATOR = Person(name="张老师（职成处经办）", email="clerk@prov.example")
PEER = {"relation": Relation.PARALLEL, "unit_name": "吉林开放大学"}


def at(text: str) -> datetime:
    """``2021-10-12 09:00`` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def midnight_after(day: date) -> datetime:
    """The first instant that is too late for a named day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)


def line(name: str, day: str, left: int | None = None, **more: Any) -> Line:
    """``line("展板素材", "2021-10-15", 3)``: due that day, three working days from now."""
    due = date.fromisoformat(day)
    values: dict[str, Any] = {
        "unit_name": "长春市教育局",
        "deliverable_name": name,
        "due_text_printed": f"{due.month}月{due.day}日前",
        "due_day": due,
        "due_at": midnight_after(due),
        "workdays_left": left,
        "tracks": (ELECTRONIC,),
        "uid": f"{name}@duban.example",
    }
    return Line(**(values | more))


def plan(left: int, **more: Any) -> Line:
    return line("活动周工作方案", "2021-09-28", left, **more)


def table(left: int, **more: Any) -> Line:
    return line("示范活动汇总表", "2021-10-15", left, requirements=("附表1，可超过10项",), **more)


def panel(left: int, **more: Any) -> Line:
    demands = ("题目20字内", "内容500字左右", "图片6张，逐张命名")
    return line("展板素材", "2021-10-15", left, **{"requirements": demands} | more)


def award(left: int, **more: Any) -> Line:
    demands = ("附表4每人一份、附表5一份", "按推荐顺序")
    return line(
        "先进个人评选材料", "2021-10-15", left, **{"requirements": demands, "tracks": (ELECTRONIC, PAPER)} | more
    )


def closing(left: int, **more: Any) -> list[Line]:
    """The two materials of December."""
    summary = line("年度工作总结", "2021-12-10", left, requirements=("不少于1500字",), **more)
    return [summary, line("典型活动案例", "2021-12-10", left, requirements=("2个",), **more)]


def under_review(made: Line, unit: str, left: int) -> Line:
    """The same material in the hands of a reviewer, due 10月18日."""
    return replace(
        made,
        unit_name=unit,
        owner="review:issuer",
        status=Status.SUBMITTED,
        due_text_printed="",
        due_day=date(2021, 10, 18),
        due_at=midnight_after(date(2021, 10, 18)),
        workdays_left=left,
        submitted_at=at("2021-10-12 15:20"),
    )


def section(*lines: Line, **more: Any) -> Section:
    return Section(notice_title=TITLE, document_number=NUMBER, lines=lines, **more)


def letter(kind: MailKind, now: str, *lines: Line, **more: Any) -> Letter:
    """A letter to the clerk of Changchun."""
    values: dict[str, Any] = {
        "kind": kind,
        "role": Role.CLERK,
        "to": CLERK,
        "unit_name": "长春市教育局",
        "sections": (section(*lines),),
        "sender_name": "吉林省教育厅职成处",
        "reply_to": COORDINATOR,
        "ask": Office(name="吉林省教育厅职成处", phone="0431-5550101", hours="工作日 8:30—11:30、13:30—17:00"),
        "code": "T7K2-9QXM",
        "url": "https://duban.example/u/x8f2",
        "message_id": "<m1@duban.example>",
        "thread_id": "<notice-1@duban.example>",
        "now": at(now),
    }
    return Letter(**(values | more))


ADDENDUM = Addendum(
    theme="庆建党百年华诞 谱终身学习新篇",
    basis=("《教育部办公厅关于举办2021年全民终身学习活动周的通知》（教职成厅函〔2021〕20号）",),
    receivers=(
        Office(
            name="活动周材料接收处",
            email="jlqmx@126.com",
            phone="0431-82857798",
            address="长春市宽城区北京大街62号406室",
            postcode="130051",
        ),
    ),
    events=("吉林省总开幕式：11月中旬，长春广播电视大学（拟定）",),
    duties=("成立活动周工作领导小组",),
)


def parsed(made: Letter | Summary) -> EmailMessage:
    """The message after a journey over the wire."""
    raw = compose(made, account=ACCOUNT).raw
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return message_from_bytes(raw, policy=default)  # type: ignore[return-value]


def subject_and_text(made: Letter | Summary) -> tuple[str, str]:
    """What a reader of plain text sees."""
    message = parsed(made)
    body = message.get_body(("plain",))
    assert body is not None
    return str(message["Subject"]), body.get_content().replace("\r\n", "\n")


def html(made: Letter | Summary) -> str:
    body = parsed(made).get_body(("html",))
    assert body is not None
    content: str = body.get_content()
    return content
