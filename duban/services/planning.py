"""The first half of a tick: what should have been said by now and has not been? Sends nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.ladder import Rung
from duban.domain.obligation import Ball
from duban.domain.plan import decide
from duban.domain.terms import ARRIVAL, UNIT, TaskKind, review_owner
from duban.services.batches import collector_at_rest
from duban.services.records import Records
from duban.services.turns import Group, due_key, in_groups
from models.notice import notices
from models.obligation import Facts, Shard, put_wakes, shards_to_wake, to_wake
from models.said import Action, Said, await_digest, say
from models.session import reading, writing
from models.task import give

__all__ = ["Shard", "plan", "shards"]

#: Obligations planned in one transaction.
BATCH = 5000


def plan(engine: Engine, *, now: datetime, notice: str | None = None, shard: Shard | None = None) -> int:
    """Say what is due at ``now``, in batches; answers how many rungs were said. Outside office hours: nothing.

    For the obligations to wake, those that are alike together: decide; record the rung as said (once, by the unique
    key), the earlier ones as passed over; let the roles' due actions wait for the digest, or give the coordinator a
    task; set ``wake_at``. Twice the same, by two workers, or after a week's silence: the same result.
    ``shard``: only these units.
    """
    said, last = 0, None
    while _speaks(engine, now, notice):
        with collector_at_rest(), writing(engine) as session:
            rows = to_wake(session, now, notice=notice, shard=shard, after=last, limit=BATCH)
            said += _plan(Records(session), rows, now)
        if len(rows) < BATCH:
            break
        last = rows[-1]
    return said


def shards(session: Session, *, now: datetime, notice: str | None = None, most: int) -> list[Shard]:
    """What is due to be planned at ``now``, in up to ``most`` parts of about the same size; a unit is in one part."""
    return shards_to_wake(session, now, notice=notice, most=most)


def _speaks(engine: Engine, now: datetime, notice: str | None) -> bool:
    """True when it is office hours for one of the notices."""
    with reading(engine) as session:
        records = Records(session)
        wanted = [row.id for row in notices(session) if notice in (None, row.id)]
        zones = {records.notice(name).tz for name in wanted if records.is_readable(name)}
        return any(records.calendar.speaks_at(now.astimezone(zone)) for zone in zones)


@dataclass(kw_only=True)
class _Decided:
    """What a batch comes to, to be written at once."""

    said: list[Said] = field(default_factory=list)
    passed_over: list[Said] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    #: moment → obligations at which the planner must look again then
    wakes: dict[datetime | None, list[int]] = field(default_factory=dict)
    #: rungs said, those passed over not counted
    count: int = 0


def _plan(records: Records, rows: Sequence[Facts], now: datetime) -> int:
    readable = {name for name in {row.notice_id for row in rows} if records.is_readable(name)}
    decided = _Decided()
    for group in in_groups(records, [row for row in rows if row.notice_id in readable]):
        decision = decide(group.ball, group.said, now, records.calendar)
        decided.wakes.setdefault(decision.wake_at, []).extend(row.id for row in group.rows)
        for rung in decision.passed_over:
            decided.passed_over += _said(group, rung)
        if decision.say:
            decided.said += _said(group, decision.say)
            decided.actions += _actions(group, decision.say)
            decided.count += len(group.rows)
            _leave_to_coordinator(records, group, decision.say, now)
    say(records.session, decided.passed_over, at=now, passed_over=True)
    say(records.session, decided.said, at=now)
    await_digest(records.session, decided.actions, at=now)
    put_wakes(records.session, decided.wakes)
    return decided.count


def _said(group: Group, rung: Rung) -> Iterator[Said]:
    ball = group.ball
    assert ball is not None
    turn = (ball.round, ball.owner, due_key(ball), rung.code)
    return (Said(row.id, *turn) for row in group.rows)


def _actions(group: Group, rung: Rung) -> Iterator[Action]:
    """A due action for each role, in the ladder's order."""
    ball = group.ball
    assert ball is not None
    what = (ball.owner, ball.round, rung.code, ball.due.at if ball.due else None)
    roles = [str(role) for role in rung.to]
    return (Action(row.id, *what, role, str(rung.kind)) for row in group.rows for role in roles)


def _leave_to_coordinator(records: Records, group: Group, rung: Rung, now: datetime) -> None:
    """Where nobody is written to, a task for each obligation."""
    if rung.is_task and group.ball:
        records.units.fetch(row.unit_id for row in group.rows)
        for row in group.rows:
            _telephone(records, row, group.ball, rung, now)


def _telephone(records: Records, row: Facts, ball: Ball, rung: Rung, now: datetime) -> None:
    """The machine stops; a person telephones, with a draft of what to say."""
    give(
        records.session,
        {
            "key": f"call:{row.id}:{ball.round}:{ball.owner}:{rung.code}:{due_key(ball)}",
            "notice_id": row.notice_id,
            "at": now,
            "kind": str(TaskKind.TELEPHONE),
            "unit_id": row.unit_id,
            "deliverable": row.deliverable,
            "text": _draft(records, row, ball),
        },
    )


def _draft(records: Records, row: Facts, ball: Ball) -> str:
    notice = records.notice(row.notice_id)
    what = records.deliverable(row).name
    unit = records.unit(row.unit_id).name
    day = ball.due.day if ball.due else None
    when = f"{day.month}月{day.day}日" if day else ""
    if ball.owner == UNIT:
        zh = f"请致电{unit}：{notice.document_number}要求{when}前报送的“{what}”至今未收到，请问有何困难、预计何时报送？"
        return zh + "（通话后请登记结果）"
    if ball.owner == review_owner(ARRIVAL):
        return f"请与{unit}核实“{what}”纸质件的寄送情况：电子版已审核通过，纸质件至今未登记收到。"
    reviewing = records.unit(records.holder(row, ball.owner)).name
    return f"请联系{reviewing}：{unit}报送的“{what}”应于{when}前审核，至今未有结果，请商请尽快办理。"
