"""Where a turn stands on its ladder: the rung that was said last, the next one, and both in words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from duban.domain.calendar import WorkCalendar
from duban.domain.ladder import STANDARD, Ladder, Rung
from duban.domain.obligation import Ball
from duban.domain.plan import moments
from duban.domain.terms import MailKind


@dataclass(frozen=True, kw_only=True)
class Climbed:
    """Where a turn stands."""

    #: the last rung said; None: none yet
    reached: Rung | None
    #: the next rung and its moment; None: the ladder has ended
    next: Rung | None
    next_at: datetime | None


def climbed(ball: Ball, said: Collection[str], calendar: WorkCalendar) -> Climbed:
    """Where the turn of ``ball`` stands when the rungs ``said`` were said or passed over."""
    turn = moments(ball, calendar)
    last = max((n for n, (_, rung) in enumerate(turn) if rung.code in said), default=-1)
    later = turn[last + 1] if last + 1 < len(turn) else None
    return Climbed(
        reached=turn[last][1] if last >= 0 else None,
        next=later[1] if later else None,
        next_at=later[0] if later else None,
    )


def rung_phrase(rung: Rung) -> str:
    """``逾期第3个工作日提请分管领导督促``: what a rung says, when, to whom."""
    return f"{_when(rung)}{_what(rung)}"


def rule_phrase(ladder: Ladder) -> str:
    """By which rule a rung was climbed."""
    return "按通用提醒梯次" if ladder == STANDARD else "按本通知规定的提醒梯次"


def _when(rung: Rung) -> str:
    if rung.count_from == "opened":
        return f"送审后第{rung.workdays}个工作日" if rung.workdays else "送审后"
    if rung.workdays == 0:
        return "到期当日"
    return f"逾期第{rung.workdays}个工作日" if rung.workdays > 0 else f"到期前{-rung.workdays}个工作日"


def _what(rung: Rung) -> str:
    if rung.is_task:
        return "转经办电话联系"
    people = "、".join(role.zh for role in rung.to)
    if rung.kind is MailKind.ESCALATION:
        return f"提请{rung.to[-1].zh}督促"
    return f"催报{people}" if rung.kind is MailKind.OVERDUE else f"提醒{people}"
