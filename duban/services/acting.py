"""Every act of the domain through one function: possible? permitted? then facts, event, mail, wake: one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import NotFound
from duban.domain.notice import Step
from duban.domain.permission import actor
from duban.domain.plan import wake_at
from duban.domain.state import outcome
from duban.domain.terms import ARRIVAL, Act, MailKind, Role, Status
from duban.domain.tracks import OPEN, SENT
from duban.services.changing import write
from duban.services.checking import check
from duban.services.deciding import decision_of
from duban.services.handing import media, touch
from duban.services.mailing import post_at_once
from duban.services.records import Records, standing
from duban.services.request import Change, Request
from duban.services.turns import said_in_turn
from models.event import record
from models.obligation import Owed, locked
from models.obligation import change as change_row

__all__ = ["Request", "act", "do"]


def act(session: Session, request: Request, *, now: datetime) -> int:
    """Do ``request`` at ``now``; answers the event's number. NotFound, and ActRefused: then nothing is changed."""
    records = Records(session)
    return do(records, _load(session, records, request), request, now=now)


def do(records: Records, row: Owed, request: Request, *, now: datetime, by_timeout: bool = False) -> int:
    """Do ``request`` to ``row``, which is locked; answers the event's number.

    In order: refuse what is impossible, not permitted or incomplete (ActRefused, nothing changed); write the facts;
    write the event; put the mail of the act into the outbox; compute ``wake_at``. ``by_timeout``: nobody has decided
    in time, and the rule does.
    """
    change = _begin(records, row, request, now, by_timeout)
    _advance(change)
    write(change)
    event = _record(change)
    _mail(change, event)
    ball = records.ball(row)
    row.wake_at = wake_at(ball, said_in_turn(records.session, row, ball), records.calendar)
    change_row(records.session, row)
    return event


def _begin(records: Records, row: Owed, request: Request, now: datetime, by_timeout: bool) -> Change:
    move, decided = check(records, row, request, now)
    ways = media(records, row)
    touched, states = touch(row, request, ways)
    return Change(
        records=records,
        row=row,
        before=replace(row),
        request=request,
        move=move,
        now=now,
        steps=records.steps(row),
        media=ways,
        states=states,
        touched=touched,
        by_timeout=by_timeout,
        decided=decided,
    )


def _load(session: Session, records: Records, request: Request) -> Owed:
    # locked first: whoever waits here for a supplement reads the definition that it has put in force
    row = locked(session, notice=request.notice, unit=request.unit, deliverable=request.deliverable)
    records.notice(request.notice)
    if row is None:
        raise owes_none(request)
    return row


def owes_none(request: Request) -> NotFound:
    """The unit owes nothing of the kind."""
    zh = f"{request.unit} 没有材料 {request.deliverable}（通知 {request.notice}）"
    return NotFound(zh, f"{request.unit} owes no {request.deliverable} (notice {request.notice})")


def _advance(change: Change) -> None:
    """Status, round, step, turn. With nobody left to review (a unit never reviews itself) it is complete."""
    row, move = change.row, change.move
    later = _next_step(change)
    status = outcome(move, round_=row.round, steps_remain=later is not None, tracks_remain=OPEN in change.states)
    row.status = str(Status.COMPLETED if status is Status.SUBMITTED and later is None else status)
    row.round += move.new_round
    row.step = later if row.status == Status.SUBMITTED else None
    if row.status == Status.COMPLETED and change.before.status != Status.COMPLETED:
        row.completed_at = change.now
    if move.opens_turn and row.status != move.to_while_open:
        row.opened_at = change.now


def _next_step(change: Change) -> str | None:
    """The step of review that is next; the last of all waits for paper that is only under way."""
    present, asked = change.before.step, change.request.act
    if change.decided:
        return change.decided.step
    ids = [*_ids(change.steps), *([ARRIVAL] if _waits(change) else [])]
    if asked is Act.APPROVE:
        ids = ids[ids.index(present) + 1 :] if present in ids else ids
    elif asked not in (Act.SUBMIT, Act.NIL) and present:
        return None if present == ARRIVAL and ARRIVAL not in ids else present
    return ids[0] if ids else None


def _ids(steps: Iterable[Step]) -> list[str]:
    return [step.id for step in steps]


def _waits(change: Change) -> bool:
    """Paper is under way; a nil report needs none."""
    is_nil = change.request.act is Act.NIL or (change.before.is_nil and change.request.act is not Act.SUBMIT)
    return SENT in change.states and not is_nil


def _record(change: Change) -> int:
    """The event of the change, in its transaction."""
    row, request = change.row, change.request
    data = {
        "unit": row.unit_id,
        "deliverable": row.deliverable,
        "from": change.before.status,
        "to": row.status,
        "round": row.round,
        "step": row.step,
        "due_at": row.due_at and row.due_at.isoformat(),
        "note": request.note,
    } | ({"files": change.files} if change.files else {})
    return record(
        change.session,
        at=change.now,
        name=str(decision_of(change) or change.move.audit),
        by=_by(change),
        data=data | _more(change),
        notice=row.notice_id,
        obligation=row.id,
    )


def _by(change: Change) -> str:
    """Whose act it was; a review's step is the one that held the ball, or took back."""
    asked, decided = change.request, change.decided
    return asked.by or actor(asked.act, standing(change.before, decided=decided.step if decided else None))


def _more(change: Change) -> dict[str, object]:
    """What only some acts have to say."""
    request = change.request
    said: Mapping[str, object] = {
        "person": request.by_person,
        "tracks": list(change.touched) if change.row.tracks or change.before.tracks else [],
        "courier": request.courier,
        "number": request.number,
        "day": request.day and request.day.isoformat(),
        "copies": request.copies,
        "seal_seen": request.seal_seen,
        "wanted": request.act is Act.REQUEST and request.due and request.due.isoformat(),
        "asked": request.to_name,
    }
    return {name: value for name, value in said.items() if value or (name == "seal_seen" and value is False)}


def _mail(change: Change, event: int) -> None:
    """The immediate mail of the act, to the unit's clerk."""
    if change.move.mail is None:
        return
    before = change.before.due_day
    detail: dict[str, object] = {"reason": change.request.note, "day_before": before and before.isoformat()}
    if change.request.act in (Act.REFUSE, Act.TAKE_BACK):
        detail["act"] = str(change.request.act)
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
