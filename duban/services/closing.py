"""The end of a notice: closed (nothing more is chased), cancelled (nothing more is owed), opened again.

``Records.ball`` is nobody's while a notice is closed: what plans, digests and sends obeys without knowing of it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import InputRefused, NotFound
from duban.domain.terms import ISSUER, RequestState, TaskKind
from duban.services.records import Records
from duban.services.waking import rebuild_notice
from models import NoticeRow
from models.adjusting import (
    HELD,
    Effect,
    Which,
    carry_out,
    count,
    lock_obligations,
    units_of_effect,
    void_waiting,
    write_down,
)
from models.adjustment import Adjusted
from models.circulation import begin
from models.event import record
from models.notice import locked_notice
from models.settling_requests import settle_adjusted
from models.task import finish_all, give, take_up

#: Why nothing is owed of a cancelled notice, before the reason given.
CANCELLED = "通知已撤销"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What closing, cancelling or opening a notice again has done."""

    event: int
    #: what the units have not done: left as it is, lifted, or asked for again
    unfinished: int
    #: what was under review
    in_review: int
    #: units with something unfinished
    units: int


def foresee_end(session: Session, notice_id: str) -> Ended:
    """What is unfinished of a notice, open or not; the event is 0. NotFound."""
    row = session.get(NoticeRow, notice_id)
    if row is None:
        raise _unknown(notice_id)
    statuses, ended = (("waived",), row.closing_event) if row.is_cancelled else (HELD, None)
    held = Which(notice=notice_id, statuses=statuses, ended_in=ended)
    return _counted(session, row, held, event=0)


def close(
    session: Session, notice_id: str, *, now: datetime, reason: str = "", by: str = ISSUER, by_person: str = ""
) -> Ended:
    """Close a notice at ``now``: nobody is chased any more, nobody acts. What is unfinished stays so, on record.

    The coordinator's tasks of it are done but one: to sum up, with what is unfinished. NotFound, InputRefused.
    """
    row = _open(session, notice_id)
    found = _counted(session, row, Which(notice=notice_id, statuses=HELD), event=0)
    data = {"unfinished": found.unfinished, "in_review": found.in_review, "reason": reason.strip()}
    event = _end(session, row, "closed", data, now=now, by=by, by_person=by_person)
    give(session, _to_sum_up(row, found, now))
    return _with(found, event)


def cancel(
    session: Session, notice_id: str, *, now: datetime, reason: str, by: str = ISSUER, by_person: str = ""
) -> Ended:
    """Cancel a notice at ``now``: whatever is open is waived with the reason; whoever was told of it gets one mail.

    What is completed stays so. NotFound, InputRefused.
    """
    row = _open(session, notice_id)
    _check_reason(reason)
    found = _counted(session, row, Which(notice=notice_id, statuses=HELD), event=0)
    data = {"lifted": found.unfinished + found.in_review, "reason": reason.strip()}
    row.is_cancelled = True
    event = _end(session, row, "cancelled", data, now=now, by=by, by_person=by_person)
    effect = Effect(kind=Adjusted.LIFTED, which=Which(notice=notice_id))
    write_down(session, (effect,), issuer=row.issuer_id, event=event, at=now)
    carry_out(session, event=event, at=now, reason=f"{CANCELLED}：{reason.strip()}")
    settle_adjusted(session, event, at=now, state=str(RequestState.WITHDRAWN), answer=reason.strip())
    begin(session, notice=notice_id, event=event, at=now, is_adjusting=True)
    return _with(found, event)


def reopen_notice(
    session: Session, notice_id: str, *, now: datetime, reason: str, by: str = ISSUER, by_person: str = ""
) -> Ended:
    """Open a closed notice again at ``now``; of a cancelled one all that it had lifted is asked for again, with a mail.

    Each obligation stands as it stood, with its day, also one that has passed meanwhile: a supplement sets new days.
    NotFound, InputRefused.
    """
    row = _locked(session, notice_id)
    if row.closed_at is None:
        raise InputRefused(f"通知 {notice_id} 没有结束，无须重新打开", f"notice {notice_id} is open")
    _check_reason(reason)
    found = foresee_end(session, notice_id)
    was_cancelled, closing = row.is_cancelled, row.closing_event
    finish_all(session, notice_id, kinds=(str(TaskKind.SUM_UP),), at=now)
    take_up(session, notice_id, done_at=row.closed_at)
    row.closed_at, row.closed_reason, row.is_cancelled, row.closing_event = None, "", False, None
    row.turns += 1
    data = {"reason": reason.strip(), "restored": found.unfinished if was_cancelled else 0}
    event = _record(session, row, "opened_again", data, now=now, by=by, by_person=by_person)
    if was_cancelled:
        which = Which(notice=notice_id, statuses=("waived",), ended=True, ended_in=closing)
        effect = Effect(kind=Adjusted.RESTORED, which=which)
        write_down(session, (effect,), issuer=row.issuer_id, event=event, at=now)
        carry_out(session, event=event, at=now, reason="")
        begin(session, notice=notice_id, event=event, at=now, is_adjusting=True)
    rebuild_notice(session, notice_id)
    return _with(found, event)


def check_open(records: Records, notice_id: str) -> None:
    """InputRefused where the notice is closed."""
    if records.is_closed(notice_id):
        zh = f"通知 {notice_id} 已结束，请先重新打开"
        raise InputRefused(zh, f"notice {notice_id} is closed: open it again first")


def _unknown(notice_id: str) -> NotFound:
    return NotFound(f"没有发布过通知 {notice_id}", f"no notice {notice_id} has been published")


def _locked(session: Session, notice_id: str) -> NoticeRow:
    row = locked_notice(session, notice_id)
    if row is None:
        raise _unknown(notice_id)
    lock_obligations(session, notice_id)
    return row


def _open(session: Session, notice_id: str) -> NoticeRow:
    row = _locked(session, notice_id)
    if row.closed_at is not None:
        how = "撤销" if row.is_cancelled else "结束"
        raise InputRefused(f"通知 {notice_id} 已{how}", f"notice {notice_id} is closed already")
    return row


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InputRefused("请写明理由", "say why")


def _counted(session: Session, row: NoticeRow, held: Which, *, event: int) -> Ended:
    units = units_of_effect(session, held, row.issuer_id)
    reviewed = count(session, Which(notice=row.id, statuses=("submitted",)), row.issuer_id)
    return Ended(event=event, unfinished=sum(units.values()), in_review=reviewed, units=len(units))


def _with(found: Ended, event: int) -> Ended:
    return Ended(event=event, unfinished=found.unfinished, in_review=found.in_review, units=found.units)


def _end(
    session: Session, row: NoticeRow, name: str, data: dict[str, object], *, now: datetime, by: str, by_person: str
) -> int:
    """What closing and cancelling have in common."""
    row.closed_at, row.closed_reason = now, str(data["reason"])
    row.turns += 1
    event = _record(session, row, name, data, now=now, by=by, by_person=by_person)
    row.closing_event = event
    session.add(row)
    session.flush()
    void_waiting(session, None, notice=row.id)
    finish_all(session, row.id, at=now)
    rebuild_notice(session, row.id)
    return event


def _record(
    session: Session, row: NoticeRow, name: str, data: dict[str, object], *, now: datetime, by: str, by_person: str
) -> int:
    session.add(row)
    session.flush()
    said = data | ({"person": by_person} if by_person else {})
    return record(session, at=now, name=name, by=by, data=said, notice=row.id)


def _to_sum_up(row: NoticeRow, found: Ended, now: datetime) -> dict[str, object]:
    left = f"尚有{found.units}个单位的{found.unfinished}项未报" if found.unfinished else "各项均已报送"
    waits = f"，{found.in_review}项待审" if found.in_review else ""
    return {
        "key": f"sum_up:{row.id}:{row.turns}",
        "notice_id": row.id,
        "at": now,
        "kind": str(TaskKind.SUM_UP),
        "text": f"{row.document_number}已结束办理，{left}{waits}，请拟写报送情况汇总。",
    }
