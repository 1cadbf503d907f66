"""The state of an obligation as people see it: colour, sign and word together, never a colour alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from duban.domain.terms import MailKind, Status
from duban.services.board import Cell
from duban.services.figures import Show
from duban.web.language.saying import label, say, term
from duban.web.words import NO_DAY
from models import MailState


@dataclass(frozen=True)
class Chip:
    """A soft chip. ``tone`` is one of ``idle``, ``sent``, ``done``, ``soon``, ``late``."""

    tone: str
    sign: str
    words: str


IDLE, SENT, DONE, SOON, LATE = "idle", "sent", "done", "soon", "late"


def chip_of(cell: Cell) -> Chip:
    """The chip of an obligation: what nobody owes any more first, then what is worst."""
    return _of_closed(cell) or _of_pressing(cell) or _of_quiet(cell)


def _of_closed(cell: Cell) -> Chip | None:
    return {
        Status.WAIVED: Chip(IDLE, "—", say("免报")),
        Status.COMPLETED: Chip(DONE, "✓", say("办结（零报告）") if cell.is_nil else say("办结")),
        Status.SUBMITTED: Chip(SENT, "●", say("零报告待审") if cell.is_nil else say("已报待审")),
    }.get(cell.entry.status)


def _of_pressing(cell: Cell) -> Chip | None:
    if Show.OVERDUE in cell.shows:
        return Chip(LATE, "▲", say("逾期{late_by_days}天", late_by_days=cell.entry.late_by_days))
    if cell.entry.status is Status.RETURNED:
        return Chip(SOON, "↩", say("退回补正"))
    return Chip(SOON, "◆", say("临近")) if Show.NEAR in cell.shows else None


def _of_quiet(cell: Cell) -> Chip:
    if Show.UNDATED in cell.shows:
        return Chip(IDLE, "·", NO_DAY)
    return Chip(IDLE, "○", say("已签收") if cell.is_acknowledged else say("未开始"))


def beside(cell: Cell, now: datetime) -> tuple[str, ...]:
    """What the chip does not say: how near the day is, or how late it was handed in."""
    if Show.NEAR in cell.shows:
        return (near_words(cell, now),)
    if cell.entry.status in (Status.SUBMITTED, Status.COMPLETED) and cell.entry.late_by_days:
        return (say("逾期{late_by_days}天报送", late_by_days=cell.entry.late_by_days),)
    return ()


def near_words(cell: Cell, now: datetime) -> str:
    """``剩2个工作日``, ``今日截止``; before days of rest ``最后一个工作日``."""
    if cell.workdays_left:
        return say("剩{workdays_left}个工作日", workdays_left=cell.workdays_left)
    return say("今日截止") if cell.due_day == now.date() else say("最后一个工作日")


MAIL_STATES = {
    MailState.PENDING: Chip(IDLE, "○", label("待发")),
    MailState.CLAIMED: Chip(IDLE, "○", label("准备发送")),
    MailState.DATA: Chip(SENT, "●", label("发送中")),
    MailState.SENT: Chip(DONE, "✓", label("已发出")),
    MailState.DEFERRED: Chip(SOON, "◆", label("稍后重试")),
    MailState.FAILED: Chip(LATE, "▲", label("未送达")),
    MailState.UNKNOWN: Chip(LATE, "?", label("是否送达不明")),
    MailState.CANCELLED: Chip(IDLE, "—", label("已取消")),
}

_TONES = {MailKind.REMINDER: SOON, MailKind.OVERDUE: LATE, MailKind.ESCALATION: LATE, MailKind.RETURNED: SOON}


def review_chip(rungs: Collection[str]) -> Chip:
    """A mail to who reviews, by the gravest of its rungs: ``当日应审`` on the very day."""
    if any(code.startswith("late") for code in rungs):
        return Chip(LATE, "✉", say("审核逾期"))
    return Chip(SOON, "✉", say("当日应审")) if "due-0" in rungs else Chip(SENT, "✉", say("提醒审核"))


def mail_chip(kind: str, rungs: Collection[str], *, for_review: bool) -> Chip:
    """A mail by its kind; one that asks for reviews alone by what it asks."""
    return review_chip(rungs) if for_review else Chip(kind_tone(kind), "✉", term(MailKind(kind)))


def kind_tone(kind: str) -> str:
    """The tone of a kind of mail."""
    return {MailKind.RECEIVED: DONE, **_TONES}.get(MailKind(kind), SENT)
