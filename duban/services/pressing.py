"""Reminders by hand (催办): who is written to and who is not, the mails, and taking them back.

Before the day it is a reminder, after it an overdue notice, in the same words as by the ladder. The ladder goes on.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlmodel import Session

from duban.domain.calendar import opening
from duban.domain.errors import ActRefused, NotFound
from duban.domain.roster import Contact
from duban.domain.terms import DIGEST_KINDS, ISSUER, UNIT, MailKind, Role, Status
from duban.services.choosing import Chosen, chosen_rows
from duban.services.digesting import TOLD_AT_ONCE
from duban.services.lines import deliverable_name
from duban.services.mailing import BY_HAND, Item, Parcel, Parcels, mail_of
from duban.services.records import Owing, Records
from duban.services.turns import turn_of
from models import MailRow, MailState, NoticeRow, PressRow
from models.enqueueing import enqueue
from models.event import record
from models.hold import held_of
from models.obligation import Owed, locked_together, owed_by_ids
from models.outbox import units_of_items
from models.pressing import (
    NOT_BEGUN,
    cancel_pressed,
    enter_press,
    locked_press,
    press_of,
    press_of_key,
    pressed_mails,
    put_pressed,
)
from models.told import told_about, written_about, written_since

#: So long a reminder waits, for whoever pressed to think again.
GRACE = timedelta(seconds=60)
#: Working days before the day from which one is reminded, as by the ladder; earlier only of what was ticked itself.
NEAR = 7
#: What is noted on a mail that is taken back.
TAKEN_BACK = "人工撤回"


class Why(StrEnum):
    """Why somebody is not written to."""

    REVIEW = "已报待审"
    COMPLETED = "已办结"
    WAIVED = "免报"
    UNDATED = "未定期限"
    FAR = "距期限尚早"
    HELD = "已标记勿催"
    NO_ADDRESS = "没有可用的邮箱"
    TOLD = "今日已发过邮件"


_DONE = {Status.SUBMITTED: Why.REVIEW, Status.COMPLETED: Why.COMPLETED, Status.WAIVED: Why.WAIVED}


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """An obligation of which nobody is written to now."""

    row: Owing
    why: Why
    #: where today's mail to the same person is about others: the first of these, in words
    about: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """``今日已有一封邮件（关于总结等3项）``: what was said today, where it was not about this."""
        if not self.about:
            return str(self.why)
        more = f"等{len(self.about)}项" if len(self.about) > 1 else ""
        return f"今日已有一封邮件（关于{self.about[0]}{more}）"


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """A choice, sorted by person."""

    #: in the order of the units
    parcels: tuple[Parcel, ...]
    left_out: tuple[LeftOut, ...]
    #: what the mails are dated: now in office hours, else the next opening; in the notice's zone
    dated: datetime
    #: when they may leave: ``GRACE`` later, so that they can be taken back; the next opening has its own delay
    leaves_at: datetime


def sort(records: Records, chosen: Chosen, *, now: datetime) -> Sorted:
    """Who would be written to. NotFound; InputRefused where nothing is chosen; ActRefused for a closed notice."""
    _check_open(records, chosen.notice)
    return _sort(records, chosen, chosen_rows(records, chosen, now=now), now)


def _check_open(records: Records, notice: str) -> None:
    records.notice(notice)
    if records.session.get_one(NoticeRow, notice).closed_at:
        raise ActRefused("这份通知已办结归档，不再催办", "the notice is closed")


def _sort(records: Records, chosen: Chosen, rows: Sequence[Owing], now: datetime) -> Sorted:
    dated, leaves_at = _moments(records, chosen.notice, now)
    midnight = datetime.combine(dated.date(), time(0), dated.tzinfo)
    numbers = [row.id or 0 for row in rows]
    told = told_about(records.session, numbers, TOLD_AT_ONCE, midnight)
    reminded = written_since(records.session, DIGEST_KINDS, midnight)
    held = held_of(records.session, numbers)
    parcels, left_out = Parcels(records), []
    for row in rows:
        is_early = f"{row.unit_id}/{row.deliverable}" not in chosen.ticked and _is_far(records, row, dated)
        why = (
            _why_not(records, row, held)
            or (Why.FAR if is_early else None)
            or _put(parcels, row, reminded | told.get(row.id or 0, set()), dated)
        )
        if why is not None:
            left_out.append(LeftOut(row=row, why=why))
    found = tuple(parcels.by_email.values())
    said = tuple(_with_words(parcels, left_out, midnight))
    return Sorted(parcels=found, left_out=said, dated=dated, leaves_at=leaves_at)


def _with_words(parcels: Parcels, left_out: Sequence[LeftOut], midnight: datetime) -> Iterator[LeftOut]:
    """Nobody gets two digests on one day: where today's is about something else, it is said about what."""
    records = parcels.records
    people = {
        one.row.id: [contact.email.lower() for contact in _clerks(parcels, one.row)]
        for one in left_out
        if one.why is Why.TOLD
    }
    addresses = {address for found in people.values() for address in found}
    kinds = (*DIGEST_KINDS, *TOLD_AT_ONCE)
    told = written_about(records.session, kinds, midnight, addresses) if addresses else {}
    rows = owed_by_ids(records.session, {number for found in told.values() for number in found}) if told else {}
    for one in left_out:
        numbers = list(dict.fromkeys(n for address in people.get(one.row.id, ()) for n in told.get(address, ())))
        others = [rows[n] for n in numbers if n in rows] if one.row.id not in numbers else []
        yield replace(one, about=tuple(_named(records, one.row, row) for row in others))


def _named(records: Records, mine: Owing, row: Owed) -> str:
    """``总结``; of another notice ``测〔2021〕2号的总结``."""
    name = deliverable_name(records.deliverable(row).name, row.deliverable)
    return name if row.notice_id == mine.notice_id else f"{records.notice(row.notice_id).document_number}的{name}"


def _clerks(parcels: Parcels, row: Owing) -> Sequence[Contact]:
    return parcels.address(row.unit_id, Role.CLERK, parcels.records.notice(row.notice_id).issuer)


def _moments(records: Records, notice: str, now: datetime) -> tuple[datetime, datetime]:
    """What mails of ``now`` are dated, and when they may leave: nobody is reminded out of office hours."""
    zone = records.notice(notice).tz
    local = now.astimezone(zone)
    leaves_at = local + GRACE
    if records.calendar.speaks_at(leaves_at):
        return local, leaves_at
    opens = opening(records.calendar.first_opening_after(leaves_at), zone)
    return opens, opens


def _why_not(records: Records, row: Owing, held: Collection[object]) -> Why | None:
    ball = records.ball(row)
    if ball is None or ball.owner != UNIT:
        return _DONE[Status(row.status)]
    if ball.due is None:
        return Why.UNDATED
    return Why.HELD if turn_of(row.id or 0, ball) in held else None


def _is_far(records: Records, row: Owing, dated: datetime) -> bool:
    return row.due_day is not None and records.calendar.workdays_between(dated.date(), row.due_day) > NEAR


def _put(parcels: Parcels, row: Owing, told: Collection[str], dated: datetime) -> Why | None:
    """One obligation to the clerk of its unit, or whoever stands in; nobody is reminded twice on one day."""
    contacts = _clerks(parcels, row)
    if not contacts:
        return Why.NO_ADDRESS
    fresh = [contact for contact in contacts if contact.email.lower() not in told]
    item = Item(obligation=row, role=Role.CLERK, round=row.round, due_at=row.due_at)
    for contact in fresh:
        parcels.put(contact, row.unit_id, item, kind=_kind(row, dated))
    return None if fresh else Why.TOLD


def _kind(row: Owing, dated: datetime) -> MailKind:
    """Before the day nobody is pressed."""
    return MailKind.OVERDUE if row.due_at and dated >= row.due_at else MailKind.REMINDER


def kind_of(parcel: Parcel) -> MailKind:
    """The gravest of its items."""
    return max(parcel.kinds, key=DIGEST_KINDS.index)


def press(session: Session, chosen: Chosen, *, key: str, by: str, now: datetime) -> int:
    """Put the mails into the outbox, where they wait for ``GRACE``; answers the number of the press.

    ``key`` is of the form: a second click answers the same press. Who has handed in meanwhile, or was written to
    today, is left out, by what stands once the obligations are locked. ActRefused where nobody is left.
    """
    records = Records(session)
    _check_open(records, chosen.notice)
    wanted = [(row.unit_id, row.deliverable) for row in chosen_rows(records, chosen, now=now)]
    owed = locked_together(session, chosen.notice, wanted)
    # the first click has committed once the obligations are ours
    former = press_of_key(session, key)
    if former is not None:
        return former.id or 0
    found = _sort(records, chosen, [owed[pair] for pair in wanted], now)
    if not found.parcels:
        raise ActRefused("所选单位都不需要发邮件，没有发出", "nobody is left to be written to")
    return _post(records, chosen.notice, found, key=key, by=by, now=now)


def _post(records: Records, notice: str, found: Sorted, *, key: str, by: str, now: datetime) -> int:
    session = records.session
    values = {"key": key, "notice_id": notice, "by": by, "at": now, "leaves_at": found.leaves_at}
    number = enter_press(session, values)
    if number is None:
        former = press_of_key(session, key)
        return former.id or 0 if former else 0
    mails = [(_mail(p, number, notice, found), [item.row() for item in p.items]) for p in found.parcels]
    put_pressed(session, number, enqueue(session, mails))
    units = dict.fromkeys(item.obligation.unit_id for p in found.parcels for item in p.items)
    data = {"press": number, "units": list(units), "mails": len(mails), "person": by}
    record(session, at=now, name="pressed", by=ISSUER, data=data, notice=notice)
    return number


def _mail(parcel: Parcel, press: int, notice: str, found: Sorted) -> dict[str, object]:
    key = f"{BY_HAND}{press}:{parcel.contact.email.lower()}"
    mail = mail_of(parcel, kind=kind_of(parcel), key=key, at=found.dated, notice=notice)
    return mail | {"not_before": found.leaves_at}


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What taking back came to."""

    #: mails that will not leave
    taken_back: int
    #: mails that had begun to leave
    gone: int


def undo(session: Session, number: int, *, by: str, now: datetime) -> Undone:
    """Take back every mail of a press that has not begun to leave. NotFound; ActRefused where none is left."""
    found = locked_press(session, number)
    if found is None:
        raise NotFound(f"没有第 {number} 次催办", f"no press {number}")
    taken_back = cancel_pressed(session, number, reason=TAKEN_BACK)
    if not taken_back:
        zh = "这次催办已经撤回过" if found.undone_at else "邮件都已开始发出，不能撤回"
        raise ActRefused(zh, "nothing is left to be taken back")
    mails = pressed_mails(session, number)
    undone = Undone(taken_back=taken_back, gone=sum(mail.state != MailState.CANCELLED for mail in mails))
    found.undone_at = now
    session.add(found)
    units = sorted(set(units_of_items(session, [mail.id or 0 for mail in mails]).values()))
    data = {"press": number, "units": units, "mails": taken_back, "person": by}
    record(session, at=now, name="press_undone", by=ISSUER, data=data, notice=found.notice_id)
    return undone


@dataclass(frozen=True, kw_only=True)
class Press:
    """A press as it stands."""

    press: PressRow
    mails: tuple[MailRow, ...]

    @property
    def waiting(self) -> int:
        """Mails that can still be taken back."""
        return sum(mail.state in NOT_BEGUN for mail in self.mails)


def pressed(session: Session, notice: str, number: int) -> Press:
    """A press of a notice; NotFound."""
    found = press_of(session, number)
    if found is None or found.notice_id != notice:
        raise NotFound(f"没有第 {number} 次催办", f"no press {number}")
    return Press(press=found, mails=tuple(pressed_mails(session, number)))
