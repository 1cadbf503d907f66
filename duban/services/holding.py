"""已收到，勿催: a turn of which nobody is written to, until it is lifted or the turn is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import ActRefused, InputRefused, NotFound
from duban.domain.terms import ISSUER
from duban.services.lines import deliverable_name
from duban.services.records import Records
from duban.services.turns import turn_of
from models.event import record
from models.hold import Turn
from models.hold import hold as put_hold
from models.hold import lift as put_lift
from models.obligation import Owed, locked_together

#: Units with what they owe: unit and deliverable (or occurrence).
Wanted = Sequence[tuple[str, str]]


def hold(session: Session, notice: str, wanted: Wanted, *, reason: str, by: str, now: datetime) -> int:
    """Chase nobody for these in the turn that is on; answers how many were not held before.

    All of them or none: NotFound for what is not owed; ActRefused where nobody is to move; InputRefused without a
    reason. Each leaves its event.
    """
    if not reason.strip():
        raise InputRefused("请写明勿催的原因", "give a reason")
    records = Records(session)
    turns = _turns(records, notice, wanted)
    fresh = [pair for pair in turns if put_hold(session, pair[1], reason=reason.strip(), by=by, at=now)]
    for row, _ in fresh:
        _record(records, row, "held", by=by, note=reason.strip(), now=now)
    return len(fresh)


def lift(session: Session, notice: str, wanted: Wanted, *, by: str, now: datetime) -> int:
    """Let these be chased again; answers how many were held. NotFound; ActRefused where nobody is to move."""
    records = Records(session)
    lifted = [pair for pair in _turns(records, notice, wanted) if put_lift(session, pair[1], at=now)]
    for row, _ in lifted:
        _record(records, row, "hold_lifted", by=by, note="", now=now)
    return len(lifted)


def _turns(records: Records, notice: str, wanted: Wanted) -> list[tuple[Owed, Turn]]:
    """The turns that are on, their obligations locked."""
    records.notice(notice)
    owed = locked_together(records.session, notice, wanted)
    missing = next((pair for pair in wanted if pair not in owed), None)
    if missing is not None:
        raise NotFound(f"{missing[0]} 没有材料 {missing[1]}（通知 {notice}）", f"{missing[0]} owes no {missing[1]}")
    return [(owed[pair], _turn(records, owed[pair])) for pair in dict.fromkeys(wanted)]


def _turn(records: Records, row: Owed) -> Turn:
    ball = records.ball(row)
    if ball is None:
        name = deliverable_name(records.deliverable(row).name, row.deliverable)
        zh = f"{records.unit(row.unit_id).name}的“{name}”已了结，本来就不再催办"
        raise ActRefused(zh, f"{row.unit_id}/{row.deliverable} is done with: nobody is chased")
    return turn_of(row.id, ball)


def _record(records: Records, row: Owed, name: str, *, by: str, note: str, now: datetime) -> None:
    data = {"unit": row.unit_id, "deliverable": row.deliverable, "round": row.round, "note": note, "person": by}
    record(records.session, at=now, name=name, by=ISSUER, data=data, notice=row.notice_id, obligation=row.id)
