"""Units that come and go in mid-season: one more is bound, or one goes into another. History is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import InputRefused
from duban.domain.expand import clauses
from duban.domain.roster import Unit
from duban.domain.terms import ISSUER, RequestState
from duban.services.closing import check_open
from duban.services.installing import inherit
from duban.services.publishing import first_binding
from duban.services.records import Records
from duban.services.waking import rebuild_notice
from models import NoticeRow
from models.adjusting import (
    Effect,
    Which,
    carry_out,
    count,
    last_number,
    lock_obligations,
    void_waiting,
    write_down,
)
from models.adjustment import Adjusted
from models.binding import Lacking
from models.circulation import begin
from models.event import record
from models.notice import locked_notice, notices
from models.settling_requests import settle_adjusted

#: Why nothing is owed by a unit that has gone into another, before the other's name.
MERGED = "并入"


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What a unit owes from now on."""

    event: int
    #: deliverables, in the notice's order
    owed: tuple[str, ...]
    #: those that the notice asks for by a day that has passed: not asked of it
    passed: tuple[str, ...]


def add_unit(
    session: Session, notice_id: str, unit_id: str, *, now: datetime, by: str = ISSUER, by_person: str = ""
) -> Bound:
    """Bind a unit of the roster that a clause names and that owes nothing of it yet (it is new); it gets a notice mail.

    What is due by a day that has passed is not asked of it. NotFound; InputRefused where nothing follows.
    """
    records = Records(session)
    notice, unit = records.notice(notice_id), records.unit(unit_id)
    check_open(records, notice_id)
    row = locked_notice(session, notice_id)
    assert row is not None
    asked = clauses(notice, records.calendar, published_at=row.published_at)
    ahead = [clause for clause in asked if clause.due is None or clause.due.at > now]
    passed = [clause for clause in asked if clause not in ahead]
    lacking, gone = (
        Lacking(
            notice=notice_id,
            issuer=notice.issuer,
            unit=unit_id,
            bindings=[first_binding(records, notice, clause, now) for clause in chosen],
        )
        for chosen in (ahead, passed)
    )
    owed, missed = lacking.units(session), gone.units(session)
    if not owed:
        why = "其期限均已过" if missed else "通知没有新的事项要求该单位报送"
        raise InputRefused(f"没有可增加的事项：{unit.name}，{why}", f"nothing more is asked of {unit_id}")
    last = last_number(session)
    lacking.bind(session, at=now)
    data = {"unit": unit_id, "added": len(owed)} | ({"person": by_person} if by_person else {})
    event = record(session, at=now, name="unit_added", by=by, data=data, notice=notice_id)
    added = Effect(kind=Adjusted.ADDED, which=Which(notice=notice_id, statuses=("pending",), after_id=last))
    write_down(session, (added,), issuer=notice.issuer, event=event, at=now)
    begin(session, notice=notice_id, event=event, at=now, is_adjusting=True)
    rebuild_notice(session, notice_id)
    return Bound(event=event, owed=_names(owed), passed=_names(missed))


def _names(pairs: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(name for _, name in pairs)


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What a merger has done."""

    #: obligations that are no longer owed, by notice
    waived: tuple[tuple[str, int], ...]
    #: people who are now contacts of the other unit
    contacts: int


def merge_units(
    session: Session, former: str, into: str, *, now: datetime, by: str = ISSUER, by_person: str = ""
) -> Merged:
    """A unit goes into another: what it owes under open notices is waived (并入…), its people and units go over.

    Its people become contacts of the other unit where that has nobody in their role; then nobody is written to for
    the former. What it has handed in stays. No later notice binds it. NotFound, InputRefused.
    """
    records = Records(session)
    old, new = records.unit(former), records.unit(into)
    if former == into:
        raise InputRefused("不能并入本单位自身", "a unit cannot go into itself")
    waived = []
    for row in sorted(notices(session), key=lambda row: row.id):
        if row.issuer_id == former:
            zh = f"{old.name}是通知 {row.id} 的发文机关，不能并入其他单位"
            raise InputRefused(zh, f"{former} has issued {row.id}: it cannot go into another")
        if row.closed_at is None and (gone := _waive(session, row, old, new, now=now, by=by, by_person=by_person)):
            waived.append((row.id, gone))
    return Merged(waived=tuple(waived), contacts=inherit(session, former, into))


def _waive(session: Session, row: NoticeRow, old: Unit, new: Unit, *, now: datetime, by: str, by_person: str) -> int:
    """What a unit owes of one notice."""
    locked_notice(session, row.id)
    lock_obligations(session, row.id)
    which = Which(notice=row.id, unit=old.id)
    gone = count(session, which, row.issuer_id)
    if not gone:
        return 0
    data = {"unit": old.id, "into": new.id, "waived": gone} | ({"person": by_person} if by_person else {})
    event = record(session, at=now, name="unit_merged", by=by, data=data, notice=row.id)
    merged = Effect(kind=Adjusted.MERGED, which=which)
    write_down(session, (merged,), issuer=row.issuer_id, event=event, at=now)
    reason = f"{MERGED}{new.name}"
    carry_out(session, event=event, at=now, reason=reason)
    void_waiting(session, event)
    settle_adjusted(session, event, at=now, state=str(RequestState.WITHDRAWN), answer=reason)
    return gone
