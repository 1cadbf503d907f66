"""What a turn will say if nobody moves: the days of its rungs, each with whom it speaks to. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from duban.domain.calendar import WorkCalendar, opening
from duban.domain.obligation import Ball
from duban.domain.plan import moments, unsaid
from duban.domain.terms import DIGEST_KINDS, MailKind, Role

#: Role → local day → the gravest kind of what is said on it.
Speeches = Mapping[Role, Mapping[date, MailKind]]


def speeches(ball: Ball | None, said: Collection[str], calendar: WorkCalendar, *, now: datetime) -> Speeches:
    """On which days each role will be spoken to.

    What should have been said by ``now`` and has not been is said at the next opening; of several rungs at once the
    last, as the planner does it. A turn that lapses says nothing afterwards.
    """
    found: dict[Role, dict[date, MailKind]] = {}
    if ball is None:
        return found
    first = opening(calendar.first_opening_after(now.astimezone(ball.zone)), ball.zone)
    said_at = {max(at, first) if at <= now else at: rung for at, rung in unsaid(moments(ball, calendar), said)}
    for at, rung in said_at.items():
        if ball.lapses_at is None or at < ball.lapses_at:
            for role in rung.to:
                put(found.setdefault(role, {}), at.date(), MailKind(rung.kind))
    return found


def put(days: dict[date, MailKind], day: date, kind: MailKind) -> None:
    """One mail a person a day: it is of the gravest kind that is in it."""
    days[day] = max(days.get(day, kind), kind, key=_gravity)


def _gravity(kind: MailKind) -> int:
    return DIGEST_KINDS.index(kind) if kind in DIGEST_KINDS else len(DIGEST_KINDS)
