"""Telephone calls with a unit, written down by hand; a call that was to be made is made."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import InputRefused, NotFound
from duban.domain.terms import ISSUER, TaskKind
from duban.services.records import Records
from models.event import record
from models.obligation import facts_of_units
from models.phone_note import enter_note
from models.task import finish, tasks_of

#: The event of a call.
CALLED = "telephoned"


@dataclass(frozen=True, kw_only=True)
class Call:
    """What is written down of a call."""

    notice: str
    unit: str
    #: with whom
    person: str
    called_at: datetime
    said: str
    #: the calls that were to be made are made
    settles: bool = False


def note(session: Session, call: Call, *, key: str, by: str, owner: str = ISSUER, now: datetime) -> bool:
    """Write a call down, with its event; False where this form was sent already.

    ``by``: who wrote it down; ``owner``: the issuer, or the supervisor who called.

    NotFound where the notice asks nothing of the unit. InputRefused without a name or a word, or before its time.
    """
    records = Records(session)
    records.notice(call.notice)
    if not facts_of_units(session, call.notice, [call.unit]):
        raise NotFound(f"通知 {call.notice} 没有要求 {call.unit} 报送材料", f"{call.unit} owes nothing")
    _check(call, now)
    values: dict[str, object] = {
        "key": key,
        "notice_id": call.notice,
        "unit_id": call.unit,
        "person": call.person,
        "called_at": call.called_at,
        "said": call.said,
        "by": by,
        "at": now,
    }
    if not enter_note(session, values):
        return False
    done = settle(session, call.notice, call.unit, now=now) if call.settles else 0
    data = {"units": [call.unit], "with": call.person, "called_at": call.called_at.isoformat(), "person": by}
    more = {"note": call.said, "tasks": done}
    record(session, at=now, name=CALLED, by=owner, data=data | more, notice=call.notice)
    return True


def settle(session: Session, notice: str, unit: str, *, now: datetime) -> int:
    """The calls to a unit that were to be made are made; answers how many."""
    calls = open_calls(session, notice, unit)
    finish(session, calls, at=now)
    return len(calls)


def open_calls(session: Session, notice: str, unit: str) -> list[str]:
    """The calls to a unit that are to be made."""
    told = [task for task in tasks_of(session, notice) if task.unit_id == unit and task.done_at is None]
    return [task.key for task in told if task.kind == TaskKind.TELEPHONE]


def _check(call: Call, now: datetime) -> None:
    if not call.person:
        raise InputRefused("请填写通话人", "with whom?")
    if not call.said:
        raise InputRefused("请填写通话内容", "what was said?")
    if call.called_at > now:
        raise InputRefused("通话时间不能晚于现在", "the call is in the future")
