"""The supervisor's Monday laid out: units in the official order with what presses, the trend, what was done. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import quote

from duban.domain.terms import AdviceKind, Role
from duban.services.last_told import Told
from duban.services.overseeing import Line, Monday, Part
from duban.services.trend import Point
from duban.web.chip import MAIL_STATES, Chip
from duban.web.facts import rung_words
from duban.web.language.saying import label, say, term
from duban.web.supervision.stages import stage_chip
from duban.web.words import day, day_and_weekday, listed, moment
from models import AdviceRow, MailState

#: Where it is, and its file.
URL, FILE = "/supervision", "/supervision.xlsx"
#: What was done before this page, by the word in its address.
DONE = {
    "phoned": label("电话记录已写入该单位的经过"),
    "recommended": label("意见已转发文机关经办，由发文机关答复单位"),
    "paused": label("暂缓催报的建议已转发文机关经办"),
    "weekly": label("已设定：每周第一个工作日9:00发送逾期情况，没有逾期不发"),
    "unweekly": label("已取消每周邮件"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """The materials of a unit in one notice of which everything is the same."""

    names: tuple[str, ...]
    url: str
    notice: str
    document_number: str
    chip: Chip
    #: ``10月15日 周五``, ``逾期5天（3个工作日）``
    due: str
    late: str
    #: returned, put off before
    why: str
    #: whom the last mail went to, and when; empty: none went
    told: str
    told_url: str
    told_state: str
    #: what did not arrive, as ours
    failed: str
    #: the rung reached, with the day on which it was said; the next one
    rung: str
    next: str
    #: what the unit asks for, and what was advised
    remarks: tuple[str, ...]
    #: a row before it is of the same unit and notice
    is_again: bool = False


@dataclass(frozen=True, kw_only=True)
class Block:
    """One unit."""

    id: str
    name: str
    answers: str
    phone: str
    rows: tuple[Row, ...]
    #: the last telephone call
    calls: tuple[str, ...]
    #: what was just done was done here
    is_changed: bool


@dataclass(frozen=True, kw_only=True)
class Source:
    """A notice that something of the page is of: whom to ask, and by which rule it reminds."""

    id: str
    document_number: str
    office: str
    phone: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One point of the trend."""

    day: str
    percent: int
    #: ``48/60``
    counts: str
    #: from the left and from the top of the drawing, and how wide and high
    x: int
    y: int
    height: int


@dataclass(frozen=True, kw_only=True)
class MondayView:
    """The page."""

    todo: str
    late: tuple[Block, ...]
    near: tuple[Block, ...]
    sources: tuple[Source, ...]
    bars: tuple[Bar, ...]
    #: units, over all pages
    total: int
    told: str


#: Of the drawing, in its own units.
HIGH, STEP = 60, 64


def monday_view(
    found: Monday, points: Sequence[Point], rules: dict[str, str], *, done: str = "", at: str = ""
) -> MondayView:
    """The page; ``rules``: by which rule each notice's ladder is climbed, ``at``: the unit of what was ``done``."""
    blocks = [(part, _block(part, found, at=at if done in DONE else "")) for part in found.parts]
    late = tuple(block for part, block in blocks if part.is_late)
    numbers = {line.notice_id: line.document_number for part in found.parts for line in part.lines}
    return MondayView(
        todo=_todo(found, len(late)),
        late=late,
        near=tuple(block for part, block in blocks if not part.is_late),
        sources=tuple(
            Source(id=notice, document_number=numbers[notice], office=one.name, phone=one.phone, rule=rules[notice])
            for notice, one in found.offices.items()
        ),
        bars=tuple(_bar(number, point, found.now) for number, point in enumerate(points)),
        total=found.total,
        told=say("{done}。", done=DONE[done]) if done in DONE else "",
    )


def _todo(found: Monday, late: int) -> str:
    if not found.total:
        return say("没有逾期、临近或待补正的事项。")
    count = sum(line.late_days > 0 for part in found.parts for line in part.lines)
    where = (
        say("本页{late}个单位逾期{count}项", late=late, count=count)
        if found.pages > 1
        else say("{late}个单位逾期{count}项", late=late, count=count)
    )
    others = found.total - late if found.pages == 1 else 0
    also = say("，另有{others}个单位临近期限或待补正", others=others) if others else ""
    return (
        say("{where}{also}。", where=where, also=also)
        if late
        else say("没有逾期；{total}个单位临近期限或待补正。", total=found.total)
    )


def _block(part: Part, found: Monday, *, at: str) -> Block:
    now, who = found.now, part.answers
    return Block(
        id=part.unit.id,
        name=part.unit.name,
        answers=say("{person}（{role}）", person=who.person or say("未登记姓名"), role=term(who.role))
        if who
        else say("未登记联系人"),
        phone=who.phone if who else "",
        rows=tuple(_together([_row(line, part, found) for line in part.lines])),
        calls=tuple(
            say(
                "{called_at}电话联系{person}：{said}",
                called_at=moment(call.called_at, now),
                person=call.person,
                said=call.said,
            )
            for call in part.calls.values()
        ),
        is_changed=part.unit.id == at,
    )


def _together(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows of which all but the material is the same, as one, where the first of them stood."""
    groups: dict[Row, list[str]] = {}
    for row in rows:
        groups.setdefault(replace(row, names=()), []).extend(row.names)
    seen: set[str] = set()
    for row, names in groups.items():
        yield replace(row, names=tuple(names), is_again=row.notice in seen)
        seen.add(row.notice)


def _row(line: Line, part: Part, found: Monday) -> Row:
    ladder, now = line.ladder, found.now
    may_open = line.told is not None and line.told.mail_id in found.readable
    return Row(
        names=(line.deliverable_name,),
        url=f"/notices/{quote(line.notice_id)}/units/{quote(part.unit.id)}",
        notice=line.notice_id,
        document_number=line.document_number,
        chip=stage_chip(line),
        due=day_and_weekday(line.due_day, now),
        late=_how_late(line),
        why=listed(
            word for word, is_so in ((say("退回补正"), line.is_returned), (say("曾延期"), line.was_put_off)) if is_so
        ),
        told=_told(line.told, now) if line.told else "",
        told_url=f"/mail/{line.told.mail_id}" if line.told and may_open else "",
        told_state=MAIL_STATES[line.told.state].words if line.told else "",
        failed=_failed(line.failed, now) if line.failed else "",
        rung=_rung(line, now),
        next=f"{day_and_weekday(ladder.next_at.astimezone(now.tzinfo).date(), now)} {rung_words(ladder.next)}"
        if ladder.next and ladder.next_at
        else say("邮件提醒已到最后一级，由经办电话联系"),
        remarks=tuple(_remarks(line, now)),
    )


def _rung(line: Line, now: datetime) -> str:
    if line.ladder.reached is None:
        return say("尚未提醒")
    word = say("交办") if line.ladder.reached.is_task else say("已办")
    done = say("（{said_at}{word}）", said_at=day(line.said_at.date(), now), word=word) if line.said_at else ""
    return f"{rung_words(line.ladder.reached)}{done}"


def _how_late(line: Line) -> str:
    if line.late_days:
        return say(
            "逾期{late_days}天（{late_workdays}个工作日）", late_days=line.late_days, late_workdays=line.late_workdays
        )
    return (
        say("剩{workdays_left}个工作日", workdays_left=line.workdays_left)
        if line.workdays_left > 0
        else say("今日截止")
    )


def _told(told: Told, now: datetime) -> str:
    """``10月20日 9:00 提请督促，致王老师、赵局长（分管领导）``."""
    return say(
        "{at} {kind}，致{to}",
        at=moment(told.at, now),
        kind=term(told.kind),
        to=listed((_person(role, name) for role, name in told.to)),
    )


def _person(role: Role, name: str) -> str:
    return say("{name}（{role}）", name=name, role=term(role)) if name else term(role)


def _failed(failed: Told, now: datetime) -> str:
    """Ours, never the unit's fault."""
    words = say("邮件是否送达不明") if failed.state is MailState.UNKNOWN else say("邮件未能送达")
    to = listed(_person(role, name) for role, name in failed.to)
    return say(
        "{at}致{to}的{words}，属我方发送问题，不计为该单位未办", at=day(failed.at.date(), now), to=to, words=words
    )


def _remarks(line: Line, now: datetime) -> list[str]:
    found = (
        [say("已申请延至{asked_until}，待发文机关答复", asked_until=day(line.asked_until, now))]
        if line.asked_until
        else []
    )
    return found + [advice_words(one, now) for one in line.advice]


def advice_words(one: AdviceRow, now: datetime) -> str:
    """``10月20日建议暂缓催报至10月29日：汛期``."""
    until = say("至{day}", day=day(one.day, now)) if one.day else ""
    return say(
        "{at}{kind}{until}：{text}",
        at=day(one.at.astimezone(now.tzinfo).date(), now),
        kind=term(AdviceKind(one.kind)),
        until=until,
        text=one.text,
    )


def _bar(number: int, point: Point, now: datetime) -> Bar:
    height = max(1, point.percent * HIGH // 100)
    return Bar(
        day=short_day(point.day, now),
        percent=point.percent,
        counts=f"{point.done}/{point.owed}",
        x=number * STEP,
        y=HIGH - height,
        height=height,
    )


def short_day(when: date, now: datetime) -> str:
    """``10月17日``; today as ``今日``."""
    return say("今日") if when == now.date() else day(when, now)
