"""The first half of a tick: what should have been said by now and has not been? Sends nothing."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.ladder import Rung
from duban.domain.obligation import Ball
from duban.domain.plan import Decision, decide
from duban.domain.terms import UNIT, TaskKind
from duban.services.records import Records
from duban.services.turns import due_key, said_in_turn
from models import DueActionRow, ObligationRow
from models.obligation import to_wake
from models.said import say_once
from models.session import writing
from models.task import give

#: Obligations planned in one transaction.
BATCH = 500


def plan(engine: Engine, *, now: datetime, notice: str | None = None) -> int:
    """Say what is due at ``now``, in batches; answers how many rungs were said.

    For each obligation to wake: decide; record the rung as said (once, by the unique key), the earlier ones as
    passed over; let the roles' due actions wait for the digest, or give the coordinator a task; set ``wake_at``.
    Twice the same, by two workers, or after a week's silence: the same result.
    """
    said, after = 0, 0
    while True:
        with writing(engine) as session:
            records = Records(session)
            rows = to_wake(session, now, notice=notice, after=after, limit=BATCH)
            said += sum(_plan_one(records, row, now) for row in rows)
        if len(rows) < BATCH:
            return said
        after = rows[-1].id or after


def _plan_one(records: Records, row: ObligationRow, now: datetime) -> bool:
    ball = records.ball(row)
    decision = decide(ball, said_in_turn(records.session, row, ball), now, records.calendar)
    row.wake_at = decision.wake_at
    records.session.add(row)
    return ball is not None and _say(records, row, ball, decision, now)


def _say(records: Records, row: ObligationRow, ball: Ball, decision: Decision, now: datetime) -> bool:
    """Record what is said and what is passed over; True when this worker was the one to say it."""
    for rung in decision.passed_over:
        _once(records.session, row, ball, rung, now, passed_over=True)
    if decision.say is None or not _once(records.session, row, ball, decision.say, now):
        return False
    if decision.say.is_task:
        _telephone(records, row, ball, decision.say, now)
    for role in decision.say.to:
        records.session.add(
            DueActionRow(
                obligation_id=row.id or 0,
                owner=ball.owner,
                round=ball.round,
                rung=decision.say.code,
                due_at=ball.due.at if ball.due else None,
                role=str(role),
                kind=str(decision.say.kind),
                at=now,
            )
        )
    return True


def _once(
    session: Session, row: ObligationRow, ball: Ball, rung: Rung, now: datetime, *, passed_over: bool = False
) -> bool:
    values = {
        "obligation_id": row.id,
        "round": ball.round,
        "owner": ball.owner,
        "rung": rung.code,
        "due_key": due_key(ball),
        "at": now,
        "passed_over": passed_over,
    }
    return say_once(session, values)


def _telephone(records: Records, row: ObligationRow, ball: Ball, rung: Rung, now: datetime) -> None:
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


def _draft(records: Records, row: ObligationRow, ball: Ball) -> str:
    notice = records.notice(row.notice_id)
    what = records.deliverable(row).name
    unit = records.unit(row.unit_id).name
    day = ball.due.day if ball.due else None
    when = f"{day.month}月{day.day}日" if day else ""
    if ball.owner == UNIT:
        zh = f"请致电{unit}：{notice.document_number}要求{when}前报送的“{what}”至今未收到，请问有何困难、预计何时报送？"
        return zh + "（通话后请登记结果）"
    reviewing = records.unit(records.holder(row, ball.owner)).name
    return f"请联系{reviewing}：{unit}报送的“{what}”应于{when}前审核，至今未有结果，请商请尽快办理。"
