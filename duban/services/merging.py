"""Units that come and go in mid-season: one more is bound, or one goes into another. History is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.access import EVERYTHING, Scope
from duban.domain.errors import InputRefused
from duban.domain.expand import Clause, clauses
from duban.domain.notice import Notice
from duban.domain.roster import Contact, Unit
from duban.domain.terms import ISSUER, RequestState
from duban.services.closing import check_open
from duban.services.contacts import check_keeper, settle_gaps
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
from models.merger import check_not_below
from models.notice import locked_notice, notices
from models.settling_requests import settle_adjusted
from models.tree import branches_of

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
    notice = records.notice(notice_id)
    check_open(records, notice_id)
    row = locked_notice(session, notice_id)
    assert row is not None
    lacking, owed, missed = _asked_of(records, row, records.unit(unit_id), now)
    last = last_number(session)
    lacking.bind(session, at=now)
    data = {"unit": unit_id, "added": len(owed)} | ({"person": by_person} if by_person else {})
    event = record(session, at=now, name="unit_added", by=by, data=data, notice=notice_id)
    added = Effect(kind=Adjusted.ADDED, which=Which(notice=notice_id, statuses=("pending",), after_id=last))
    write_down(session, (added,), issuer=notice.issuer, event=event, at=now)
    begin(session, notice=notice_id, event=event, at=now, is_adjusting=True)
    rebuild_notice(session, notice_id)
    return Bound(event=event, owed=_names(owed), passed=_names(missed))


def foresee_unit(session: Session, notice_id: str, unit_id: str, *, now: datetime) -> Bound:
    """What ``add_unit`` would ask of a unit; reads only. Refuses what it would refuse. Its event is 0."""
    records = Records(session)
    records.notice(notice_id)
    check_open(records, notice_id)
    row = session.get_one(NoticeRow, notice_id)
    _, owed, missed = _asked_of(records, row, records.unit(unit_id), now)
    return Bound(event=0, owed=_names(owed), passed=_names(missed))


def _asked_of(
    records: Records, row: NoticeRow, unit: Unit, now: datetime
) -> tuple[Lacking, list[tuple[str, str]], list[tuple[str, str]]]:
    """What is asked of it, as rows to be bound; unit and deliverable of that, and of what is past."""
    ahead, passed = _asked(records, row, now)
    lacking, gone = (_lacking(records, row, chosen, now, unit.id) for chosen in (ahead, passed))
    owed, missed = lacking.units(records.session), gone.units(records.session)
    if not owed:
        why = "其期限均已过" if missed else "通知没有新的事项要求该单位报送"
        raise InputRefused(f"没有可增加的事项：{unit.name}，{why}", f"nothing more is asked of {unit.id}")
    return lacking, owed, missed


def _asked(records: Records, row: NoticeRow, now: datetime) -> tuple[list[Clause], list[Clause]]:
    """The clauses of a notice: by days to come or without one, and by days that have passed."""
    asked = clauses(records.notice(row.id), records.calendar, published_at=row.published_at)
    ahead = [clause for clause in asked if clause.due is None or clause.due.at > now]
    return ahead, [clause for clause in asked if clause not in ahead]


def _lacking(records: Records, row: NoticeRow, chosen: list[Clause], now: datetime, unit: str | None = None) -> Lacking:
    notice = records.notice(row.id)
    bindings = [first_binding(records, notice, clause, now) for clause in chosen]
    return Lacking(notice=row.id, issuer=notice.issuer, unit=unit, bindings=bindings)


def units_lacking(session: Session, notice_id: str, *, now: datetime) -> tuple[Unit, ...]:
    """The units that a clause names and that do not owe yet what it asks by a day to come, in the official order."""
    records = Records(session)
    records.notice(notice_id)
    row = session.get_one(NoticeRow, notice_id)
    lacking = _lacking(records, row, _asked(records, row, now)[0], now)
    found = dict.fromkeys(unit for unit, _ in lacking.units(session))
    records.units.fetch(found)
    return tuple(sorted(map(records.unit, found), key=lambda unit: (unit.order, unit.id)))


def _names(pairs: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(name for _, name in pairs)


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What a merger has done."""

    #: obligations that are no longer owed, by notice
    waived: tuple[tuple[str, int], ...]
    #: people who are now contacts of the other unit
    contacts: int


@dataclass(frozen=True, kw_only=True)
class MergerForeseen:
    """What a merger would do."""

    former: Unit
    into: Unit
    #: open notices of which something is waived, with how many
    waived: tuple[tuple[Notice, int], ...]
    #: people who go over, and who will not be written to any more
    moved: tuple[Contact, ...]
    left: tuple[Contact, ...]
    #: units right below it that go over
    below: int


def foresee_merger(session: Session, former: str, into: str, *, within: Scope = EVERYTHING) -> MergerForeseen:
    """What ``merge_units`` would do; reads only. Refuses what it would refuse."""
    records = Records(session)
    old, new, rows = _mergeable(records, former, into, within)
    held = {contact.role for contact in new.contacts}
    owed = [(row, count(session, Which(notice=row.id, unit=former), row.issuer_id)) for row in rows]
    return MergerForeseen(
        former=old,
        into=new,
        waived=tuple((records.notice(row.id), gone) for row, gone in owed if gone),
        moved=tuple(contact for contact in old.contacts if contact.role not in held),
        left=tuple(contact for contact in old.contacts if contact.role in held),
        below=len(branches_of(session, former)),
    )


def _mergeable(records: Records, former: str, into: str, within: Scope) -> tuple[Unit, Unit, list[NoticeRow]]:
    """Both units and the open notices; raises what bars a merger."""
    old, new = records.unit(former), records.unit(into)
    if former == into:
        raise InputRefused("不能并入本单位自身", "a unit cannot go into itself")
    for row in (every := sorted(notices(records.session), key=lambda row: row.id)):
        if row.issuer_id == former:
            zh = f"{old.name}是通知 {row.id} 的发文机关，不能并入其他单位"
            raise InputRefused(zh, f"{former} has issued {row.id}: it cannot go into another")
    check_not_below(records.session, former, into)
    for unit in (former, into):
        check_keeper(records.session, unit, within)
    return old, new, [row for row in every if row.closed_at is None]


def merge_units(
    session: Session,
    former: str,
    into: str,
    *,
    now: datetime,
    by: str = ISSUER,
    by_person: str = "",
    within: Scope = EVERYTHING,
) -> Merged:
    """A unit goes into another: what it owes under open notices is waived (并入…), its people and units go over.

    Its people become contacts of the other unit where that has nobody in their role; then nobody is written to for
    the former. What it has handed in stays. No later notice binds it. NotFound, InputRefused; ActRefused where
    ``within`` does not keep both of them (``contacts.check_keeper``).
    """
    old, new, rows = _mergeable(Records(session), former, into, within)
    found = [(row.id, _waive(session, row, old, new, now=now, by=by, by_person=by_person)) for row in rows]
    waived = tuple((notice, gone) for notice, gone in found if gone)
    contacts = inherit(session, former, into)
    settle_gaps(session, into, now=now, gone=former)
    return Merged(waived=waived, contacts=contacts)


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
