"""The planner: which rung should have been said by now and has not been, and when to look again.

Level-triggered and pure: given the same facts it answers the same, however many ticks were missed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.calendar import WorkCalendar, opening
from duban.domain.ladder import Rung
from duban.domain.obligation import Ball


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What to say now, what is passed over, and when the planner must look again."""

    say: Rung | None = None
    passed_over: tuple[Rung, ...] = ()
    #: the moment of the first rung still unsaid, or of the lapse; None when there is neither
    wake_at: datetime | None = None


def rung_day(rung: Rung, ball: Ball, calendar: WorkCalendar) -> date | None:
    """The day on which ``rung`` is said; None where it does not exist (no due day, or due-0 on a day of rest)."""
    if rung.count_from == "opened":
        first = calendar.first_opening_after(ball.opened_at.astimezone(ball.zone))
        return calendar.shift(first, rung.workdays) if rung.workdays else first
    if ball.due is None:
        return None
    if rung.workdays == 0:
        return ball.due.day if calendar.is_workday(ball.due.day) else None
    day = calendar.shift(ball.due.day, rung.workdays)
    return calendar.off_first_day_back(day) if rung.is_late else day


def moments(ball: Ball, calendar: WorkCalendar) -> list[tuple[datetime, Rung]]:
    """The rungs of a turn with their moments, in the order of saying; those not after the opening are covered by it."""
    days = [(rung_day(rung, ball, calendar), rung) for rung in ball.rungs]
    found = [(opening(day, ball.zone), rung) for day, rung in days if day]
    return sorted(((at, rung) for at, rung in found if at > ball.opened_at), key=lambda pair: pair[0])


def decide(ball: Ball | None, said: Collection[str], now: datetime, calendar: WorkCalendar) -> Decision:
    """What to say at ``now``: of several rungs reached unsaid only the latest, the earlier are passed over.

    ``said`` holds the codes said (or passed over) for this round, owner and due moment. Outside office hours
    nothing is said, and ``wake_at`` stays where it is; so too once the turn has lapsed.
    """
    if ball is None:
        return Decision()
    turn = unsaid(moments(ball, calendar), said)
    if not calendar.speaks_at(now.astimezone(ball.zone)) or has_lapsed(ball, now):
        return Decision(wake_at=_first(ball, turn))
    reached = [rung for at, rung in turn if at <= now]
    return Decision(
        say=reached[-1] if reached else None,
        passed_over=tuple(reached[:-1]),
        wake_at=_first(ball, turn[len(reached) :]),
    )


def has_lapsed(ball: Ball, now: datetime) -> bool:
    """Nobody has decided in time, and the rule does."""
    return ball.lapses_at is not None and now >= ball.lapses_at


def _first(ball: Ball, turn: list[tuple[datetime, Rung]]) -> datetime | None:
    """The first moment at which something is to be done: the next rung, or the lapse."""
    return min(filter(None, (turn[0][0] if turn else None, ball.lapses_at)), default=None)


def unsaid(turn: list[tuple[datetime, Rung]], said: Collection[str]) -> list[tuple[datetime, Rung]]:
    """What comes after the last rung said: a ladder is never climbed downwards."""
    last = max((n for n, (_, rung) in enumerate(turn) if rung.code in said), default=-1)
    return turn[last + 1 :]


def wake_at(ball: Ball | None, said: Collection[str], calendar: WorkCalendar) -> datetime | None:
    """When the planner must look (again): an index, never a judgement."""
    if ball is None:
        return None
    return _first(ball, unsaid(moments(ball, calendar), said))
