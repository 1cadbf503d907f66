"""Delegation: during leave a colleague acts with one's hats, from day to day; it can be ended early.

Only hats that are one's own are lent, never what one wears by delegation. The colleague is told by mail.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from duban.domain.errors import ActRefused, InputRefused, NotFound
from duban.domain.phrases import day_phrase
from duban.domain.terms import Hat
from duban.services.inviting import post_way_in
from duban.services.people import find
from duban.services.records import Records
from duban.services.standing_in import LENDABLE
from models import DelegationRow, PersonRow
from models.delegation import delegations_of, end_delegation, enter_delegation, overlaps
from models.event import record
from models.notice import notices
from models.person import grants_of
from notifications.letter import Person
from notifications.way_in import Why

#: The events of it.
GIVEN, ENDED = "delegated", "delegation_ended"
#: No leave is longer.
LONGEST_DAYS = 180
#: The zone where no notice names one.
ZONE = "Asia/Shanghai"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be lent."""

    #: the address of who goes on leave
    giver: str
    #: the address of who acts meanwhile
    taker: str
    hat: Hat
    unit: str
    #: both included
    first_day: date
    last_day: date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Delegated:
    """A delegation as it is told."""

    number: int
    giver: str
    giver_name: str
    taker: str
    taker_name: str
    hat: Hat
    unit_id: str
    unit_name: str
    first_day: date
    last_day: date
    reason: str
    #: ended before its time
    is_ended: bool
    #: today is one of its days, and it was not ended
    is_on: bool
    #: its last day has passed
    is_past: bool


def lendable(session: Session, person: PersonRow) -> list[tuple[Hat, str, str]]:
    """What somebody may lend: hat, unit, and the unit's name."""
    records = Records(session)
    worn = [(Hat(grant.hat), grant.unit_id) for grant in grants_of(session, person.id or 0)]
    return [(hat, unit, records.unit(unit).name) for hat, unit in worn if hat in LENDABLE]


def check(session: Session, wanted: Wanted, *, now: datetime) -> DelegationRow:
    """The row that would be written.

    NotFound for no such account; InputRefused for oneself, for days in the wrong order, past, or too many; ActRefused
    for a hat that is not one's own, for a colleague who may not come in, and where it is lent on one of these days.
    """
    giver, taker = find(session, wanted.giver), find(session, wanted.taker)
    if giver.id == taker.id:
        raise InputRefused("不能委托给本人，请填写同事的邮箱", "lend it to somebody else")
    if taker.disabled_at:
        raise ActRefused("该同事的账号已停用", "the account is disabled")
    if (wanted.hat, wanted.unit) not in [(hat, unit) for hat, unit, _ in lendable(session, giver)]:
        raise ActRefused("只能委托本人的权限，受托的权限不能再委托", "only hats of one's own are lent")
    zone = zone_of(session, wanted.unit)
    _check_days(wanted, now.astimezone(ZoneInfo(zone)).date())
    row = DelegationRow(
        giver_id=giver.id or 0,
        taker_id=taker.id or 0,
        hat=str(wanted.hat),
        unit_id=wanted.unit,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        zone=zone,
        reason=wanted.reason.strip(),
        made_at=now,
    )
    if overlaps(session, row):
        raise ActRefused("这项权限在这几天已委托给同事，请先结束原委托", "it is lent already on one of these days")
    return row


def delegate(session: Session, wanted: Wanted, *, by: str, now: datetime) -> int:
    """Lend a hat; answers the delegation's number. Refusals as ``check``. The colleague gets a mail."""
    row = check(session, wanted, now=now)
    number = enter_delegation(session, row)
    taker, giver = find(session, wanted.taker), find(session, wanted.giver)
    period = f"{day_phrase(wanted.first_day)}至{day_phrase(wanted.last_day)}"
    detail = {"why": str(Why.DELEGATED), "delegation": number, "colleague": giver.name, "period": period}
    more = {"duty": wanted.hat.zh, "unit": wanted.unit}
    post_way_in(session, Person(name=taker.name, email=taker.address), wanted.unit, detail | more, now)
    data = {
        "person": giver.address,
        "to": taker.address,
        "hat": str(wanted.hat),
        "unit": wanted.unit,
        "first_day": wanted.first_day.isoformat(),
        "last_day": wanted.last_day.isoformat(),
    }
    record(session, at=now, name=GIVEN, by=by, data=data)
    return number


def end(session: Session, number: int, *, person: PersonRow | None, by: str, now: datetime) -> None:
    """End a delegation early; the next request of the colleague feels it.

    ``person``: who gave or took it; None: whoever keeps the installation. NotFound for what is neither's.
    """
    mine = delegations_of(session, person.id if person else None)
    found = next((row for row in mine if row.id == number), None)
    if found is None:
        raise NotFound(f"没有第 {number} 号委托", f"no delegation {number}")
    if not end_delegation(session, number, at=now):
        raise ActRefused("这项委托已经结束", "it was ended before")
    record(session, at=now, name=ENDED, by=by, data={"delegation": number, "hat": found.hat, "unit": found.unit_id})


def delegations(session: Session, person: PersonRow | None, *, now: datetime) -> list[Delegated]:
    """What somebody gave or took, the newest first; None: of everybody."""
    return list(_told(session, delegations_of(session, person.id if person else None), now))


def _told(session: Session, rows: list[DelegationRow], now: datetime) -> Iterator[Delegated]:
    records = Records(session)
    for row in rows:
        giver, taker = session.get_one(PersonRow, row.giver_id), session.get_one(PersonRow, row.taker_id)
        today = now.astimezone(ZoneInfo(row.zone)).date()
        yield Delegated(
            number=row.id or 0,
            giver=giver.address,
            giver_name=giver.name,
            taker=taker.address,
            taker_name=taker.name,
            hat=Hat(row.hat),
            unit_id=row.unit_id,
            unit_name=records.unit(row.unit_id).name,
            first_day=row.first_day,
            last_day=row.last_day,
            reason=row.reason,
            is_ended=row.ended_at is not None,
            is_on=row.ended_at is None and row.first_day <= today <= row.last_day,
            is_past=today > row.last_day,
        )


def zone_of(session: Session, unit: str) -> str:
    """The zone of the notices that a unit has issued, else of any."""
    found = notices(session)
    records = Records(session)
    chosen = next((row for row in found if row.issuer_id == unit), found[0] if found else None)
    return records.notice(chosen.id).tz.key if chosen else ZONE


def _check_days(wanted: Wanted, today: date) -> None:
    if wanted.last_day < wanted.first_day:
        raise InputRefused("结束日期早于开始日期", "the last day is before the first")
    if wanted.last_day < today:
        raise InputRefused("委托的日期已经过去", "the days have passed")
    if (wanted.last_day - wanted.first_day).days >= LONGEST_DAYS:
        raise InputRefused(f"委托最长{LONGEST_DAYS}天", f"{LONGEST_DAYS} days at most")
