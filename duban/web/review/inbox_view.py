"""The inbox laid out: groups by notice and step, what was decided lately, names to be confirmed. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from duban.domain.errors import InputRefused, ManyRefused
from duban.domain.terms import ARRIVAL, Decision
from duban.services.reviewing import Decided, Inbox, Key, Waiting
from duban.web.chip import LATE, SENT, SOON, Chip
from duban.web.facts import step_name
from duban.web.language.saying import label, say, term
from duban.web.words import day_and_weekday, moment

#: What stands between the parts of a key; no part holds it.
BETWEEN = "/"
#: The last working days before the reviewer's day.
NEAR = 1
#: Materials that are chosen at once.
MOST_CHOSEN = 500

DECISIONS = {
    Decision.APPROVED: label("审核通过"),
    Decision.RETURNED: label("退回补正"),
    Decision.APPROVED_BY_TIMEOUT: label("逾期自动通过"),
    Decision.RETURNED_BY_TIMEOUT: label("逾期自动退回"),
}
#: What was done before this page, by the word in its address.
DONE = {
    "approved": label("已审核通过"),
    "returned": label("已退回，单位会收到邮件"),
    "taken_back": label("已收回，材料仍待审核"),
    "consulted": label("已发出，对方答复后显示在这里"),
    "withdrawn": label("已收回，链接不再有效"),
}


def said(done: str) -> str:
    """What the page says of what was just done; empty for any other word."""
    return say("{done}。", done=DONE[done]) if done in DONE else ""


def url_of(key: Key) -> str:
    """The page of one material."""
    return f"/reviews/{key.unit}/{key.notice}/{key.deliverable}"


def spelled(key: Key) -> str:
    """A key as a form carries it."""
    return BETWEEN.join((key.notice, key.unit, key.deliverable, str(key.submission)))


def read_keys(chosen: Sequence[str]) -> list[Key]:
    """What a form carries; InputRefused for what is no key, nothing, or too many."""
    if not chosen:
        raise InputRefused("请先选择要办理的材料", "choose materials first")
    if len(chosen) > MOST_CHOSEN:
        raise InputRefused(f"一次最多办理{MOST_CHOSEN}项", f"{MOST_CHOSEN} at once at most")
    return [_read_key(text) for text in dict.fromkeys(chosen)]


def _read_key(text: str) -> Key:
    parts = text.split(BETWEEN)
    if len(parts) != 4 or not (parts[3].isascii() and parts[3].isdecimal() and len(parts[3]) < 10):
        raise InputRefused("页面已过期，请刷新后再试", "the page is stale: reload it and try again")
    return Key(notice=parts[0], unit=parts[1], deliverable=parts[2], submission=int(parts[3]))


@dataclass(frozen=True, kw_only=True)
class Line:
    """One material that waits."""

    key: str
    url: str
    unit: str
    deliverable: str
    note: str
    at: str
    verdict: str
    due: str
    chip: Chip
    may_approve: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """What waits of one notice at one step."""

    title: str
    document_number: str
    step: str
    lines: tuple[Line, ...]

    @property
    def may_approve(self) -> bool:
        """There is something to choose."""
        return any(line.may_approve for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class Past:
    """A decision of the own."""

    words: str
    url: str
    #: empty: it cannot be taken back
    take_back_url: str


@dataclass(frozen=True, kw_only=True)
class InboxView:
    """The page."""

    count: int
    todo: str
    #: how many are not listed, in a sentence; empty: none
    more: str
    groups: tuple[Group, ...]
    decided: tuple[Past, ...]


def inbox_view(found: Inbox, now: datetime) -> InboxView:
    """The page as of ``now``."""
    late = sum(it.due_at is not None and now >= it.due_at for it in found.waiting)
    pressing = say("，其中{late}件已过审核期限", late=late) if late else ""
    return InboxView(
        count=len(found.waiting) + found.more,
        todo=_todo(found, pressing),
        more=_more(found),
        groups=tuple(_groups(found.waiting, now)),
        decided=tuple(_past(one, now) for one in found.decided),
    )


def _todo(found: Inbox, pressing: str) -> str:
    count = len(found.waiting) + found.more
    if not count:
        return say("没有等您审核的材料。")
    if found.is_cut:
        return say("有{count}件以上材料等您审核{pressing}。", count=count, pressing=pressing)
    return say("有{count}件材料等您审核{pressing}。", count=count, pressing=pressing)


def _more(found: Inbox) -> str:
    if found.is_cut:
        return say("另有{more}件以上未列，办理后依次显示。", more=found.more)
    return say("另有{more}件未列，办理后依次显示。", more=found.more) if found.more else ""


def _groups(waiting: Sequence[Waiting], now: datetime) -> Iterator[Group]:
    for _, part in groupby(waiting, key=lambda it: (it.key.notice, it.step_id)):
        them = list(part)
        notice = them[0].notice
        yield Group(
            title=notice.title,
            document_number=notice.document_number,
            step=step_name(them[0].step_name),
            lines=tuple(_line(it, now) for it in them),
        )


def _line(it: Waiting, now: datetime) -> Line:
    return Line(
        key=spelled(it.key),
        url=url_of(it.key),
        unit=it.unit_name,
        deliverable=it.deliverable_name,
        note=say("单位说明：{note}", note=it.note) if it.note else "",
        at=f"{moment(it.at, now)}{(say('，第{round}轮', round=it.round) if it.round > 1 else '')}" if it.at else "—",
        verdict=_verdict(it),
        due=day_and_weekday(it.due_day, now) if it.due_day else "—",
        chip=due_chip(it.due_at, it.workdays_left, now),
        may_approve=it.may_approve,
    )


def _verdict(it: Waiting) -> str:
    if it.is_own:
        return say("本人报送，请交由同事审核")
    if it.step_id == ARRIVAL:
        return say("纸质件在途，收到后登记")
    if it.is_locked:
        return say("含个人信息，登录后查看")
    if it.is_nil:
        return say("零报告")
    return it.verdict.zh if it.verdict else "—"


def due_chip(due_at: datetime | None, workdays_left: int | None, now: datetime) -> Chip:
    """How near the reviewer's own day is."""
    if due_at is None or workdays_left is None:
        return Chip(SENT, "●", say("待审"))
    if now >= due_at:
        return Chip(LATE, "▲", say("审核逾期"))
    if workdays_left <= NEAR:
        return Chip(
            SOON,
            "◆",
            say("剩{workdays_left}个工作日", workdays_left=workdays_left) if workdays_left > 0 else say("今日应审"),
        )
    return Chip(SENT, "●", say("剩{workdays_left}个工作日", workdays_left=workdays_left))


def _past(one: Decided, now: datetime) -> Past:
    words = f"{moment(one.at, now)}　{one.unit_name}“{one.deliverable_name}”{DECISIONS[one.decision]}"
    note = say("：{note}", note=one.note) if one.note else ""
    back = say("（已收回）") if one.is_taken_back else ""
    url = url_of(one.key)
    return Past(words=f"{words}{note}{back}", url=url, take_back_url=f"{url}/take-back" if one.may_take_back else "")


@dataclass(frozen=True, kw_only=True)
class ConfirmView:
    """All that was chosen, in one list; nothing is changed yet."""

    #: what each is called, and its key
    names: tuple[tuple[str, str], ...]
    #: what is refused, and why
    refusals: tuple[tuple[str, str], ...] = ()

    @property
    def todo(self) -> str:
        """The second line of the page."""
        if self.refusals:
            return say("有{count}项不能办理，全部未办。请返回重新选择。", count=len(self.refusals))
        return say("请核对下列{count}项，确认后一并审核通过；有一项不能办理的，全部不办。", count=len(self.names))


def refused_view(names: Sequence[tuple[str, str]], refused: ManyRefused) -> ConfirmView:
    """The same list, with what was refused."""
    return ConfirmView(names=tuple(names), refusals=tuple((about, term(why)) for about, why in refused.refusals))
