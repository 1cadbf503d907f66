"""Every act of the domain through one function: possible? permitted? then facts, event, mail, wake: one transaction."""

from datetime import datetime

from sqlmodel import Session

from duban.domain.acts import NEEDS_DUE, NEEDS_NOTE
from duban.domain.errors import ActRefused, NotFound
from duban.domain.permission import actor, check_may
from duban.domain.plan import wake_at
from duban.domain.state import TABLE, Impossible, Move, outcome
from duban.domain.terms import Act, MailKind, Role, Status
from duban.services.changing import WRITE, Change, Request, due_on
from duban.services.mailing import post_at_once
from duban.services.records import Records, standing
from duban.services.turns import said_in_turn
from models.event import record
from models.obligation import Owed, locked
from models.obligation import change as change_row

__all__ = ["Request", "act"]


def act(session: Session, request: Request, *, now: datetime) -> int:
    """Do ``request`` at ``now``; answers the event's number.

    In order: lock the obligation; refuse what is impossible, not permitted or incomplete (ActRefused, nothing
    changed); write the facts; write the event; put the mail of the act into the outbox; compute ``wake_at``.
    """
    records = Records(session)
    row = _load(session, records, request)
    move = _check(records, row, request, now)
    change = Change(
        records=records,
        row=row,
        request=request,
        move=move,
        now=now,
        due_before=row.due_at,
        day_before=row.due_day,
        step_before=row.step,
        steps=records.steps(row),
    )
    before = row.status
    _advance(change)
    WRITE[request.act](change)
    event = _record(change, before)
    _mail(change, event)
    ball = records.ball(row)
    row.wake_at = wake_at(ball, said_in_turn(session, row, ball), records.calendar)
    change_row(session, row)
    return event


def _load(session: Session, records: Records, request: Request) -> Owed:
    records.notice(request.notice)
    row = locked(session, notice=request.notice, unit=request.unit, deliverable=request.deliverable)
    if row is None:
        zh = f"{request.unit} 没有材料 {request.deliverable}（通知 {request.notice}）"
        raise NotFound(zh, f"{request.unit} owes no {request.deliverable} (notice {request.notice})")
    return row


def _check(records: Records, row: Owed, request: Request, now: datetime) -> Move:
    """Possible, permitted, complete; in this order."""
    facts = standing(row)
    move = TABLE[facts.status, request.act]
    if isinstance(move, Impossible):
        raise ActRefused(f"不能{request.act.zh}：{move.zh}", f"cannot {request.act.en}: {move.en}")
    check_may(request.act, request.by or actor(request.act, facts), facts)
    _check_complete(request)
    _check_day(records, row, request, now)
    _check_not_begun(records, row, request, now)
    if request.act is Act.ACKNOWLEDGE and row.acknowledged_at:
        raise ActRefused("不能签收：已经签收", "cannot acknowledge: it is acknowledged already")
    return move


def _check_complete(request: Request) -> None:
    if request.act in NEEDS_NOTE and not request.note.strip():
        raise ActRefused(NEEDS_NOTE[request.act], f"{request.act.en} needs a note")
    if request.act in NEEDS_DUE and request.due is None:
        raise ActRefused(NEEDS_DUE[request.act], f"{request.act.en} needs a due day")


def _check_day(records: Records, row: Owed, request: Request, now: datetime) -> None:
    """A new day is today or later; an extension is later than the day in force."""
    if request.due is None or request.act not in NEEDS_DUE:
        return
    today = now.astimezone(records.notice(row.notice_id).tz).date()
    due = due_on(records, row, request.due)
    if request.due < today:
        raise ActRefused(f"新的截止日 {request.due} 已过", f"the new due day {request.due} has passed")
    if request.act is Act.EXTEND and row.due_at and due.at <= row.due_at:
        zh = f"延期后的截止日 {request.due} 应晚于现行截止日 {row.due_day}"
        raise ActRefused(zh, f"the extended day {request.due} must be later than {row.due_day}")


def _check_not_begun(records: Records, row: Owed, request: Request, now: datetime) -> None:
    """Withdrawing and replacing end when review has begun; replacing ends with the day."""
    replaces = request.act in (Act.SUBMIT, Act.NIL) and row.status == Status.SUBMITTED
    if not replaces and request.act is not Act.WITHDRAW:
        return
    steps = records.steps(row)
    if steps and row.step != steps[0].id:
        raise ActRefused(f"不能{request.act.zh}：审核已经开始", f"cannot {request.act.en}: review has begun")
    if replaces and row.due_at and now >= row.due_at:
        raise ActRefused(
            "不能替换：截止时间已过，请先撤回再报送", "cannot replace after the due moment: withdraw first"
        )


def _advance(change: Change) -> None:
    """Status, round, turn."""
    row = change.row
    later = _later_step(change)
    remaining = later is not None
    row.status = str(outcome(change.move, round_=row.round, steps_remain=remaining))
    row.round += change.move.new_round
    row.step = later if row.status == Status.SUBMITTED else None
    if change.move.opens_turn:
        row.opened_at = change.now


def _later_step(change: Change) -> str | None:
    """The step of review that is next: the first at submission, the one after the present at approval."""
    ids = [step.id for step in change.steps]
    if change.request.act is Act.APPROVE:
        ids = ids[ids.index(change.row.step or "") + 1 :]
    return ids[0] if ids else None


def _record(change: Change, before: str) -> int:
    """The event of the change, in its transaction."""
    row, request = change.row, change.request
    data = {
        "unit": row.unit_id,
        "deliverable": row.deliverable,
        "from": before,
        "to": row.status,
        "round": row.round,
        "step": row.step,
        "due_at": row.due_at and row.due_at.isoformat(),
        "note": request.note,
    }
    return record(
        change.session,
        at=change.now,
        name=change.move.audit,
        by=request.by or actor(request.act, standing(row)),
        data=data,
        notice=row.notice_id,
        obligation=row.id,
    )


def _mail(change: Change, event: int) -> None:
    """The immediate mail of the act, to the unit's clerk."""
    if change.move.mail is None:
        return
    before = change.day_before
    detail: dict[str, object] = {"reason": change.request.note, "day_before": before and before.isoformat()}
    post_at_once(
        change.records,
        [change.row],
        (Role.CLERK,),
        kind=MailKind(change.move.mail),
        event=event,
        notice=change.row.notice_id,
        at=change.now,
        detail=detail,
    )
