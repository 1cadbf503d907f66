"""The second half of a tick: due actions become one digest per person over all notices, at most one a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from duban.domain.terms import DIGEST_KINDS, MailKind, Role
from duban.services.batches import collector_at_rest
from duban.services.mailing import Item, Parcels, mail_of, report_gap
from duban.services.records import Records
from duban.services.turns import key_of
from models import ActionState
from models.enqueueing import enqueue
from models.hold import Turn, held_of
from models.outbox import LEFT
from models.pressing import NOT_BEGUN, pressed_about
from models.said import Waiting, settle, waiting
from models.session import writing
from models.told import told_since

#: Immediate mails that have told their reader already what a digest of the same day would say.
TOLD_AT_ONCE = (MailKind.NOTICE, MailKind.RETURNED, MailKind.DATE_CHANGED)


@dataclass(kw_only=True)
class _Sorted:
    """Due actions by what becomes of them."""

    void: list[int] = field(default_factory=list)
    gap: list[int] = field(default_factory=list)
    told: list[int] = field(default_factory=list)
    #: action → the addresses that its digest goes to
    addressed: dict[int, set[str]] = field(default_factory=dict)


def digest(engine: Engine, *, now: datetime) -> int:
    """Put the digests that may go out at ``now`` into the outbox; answers how many.

    Only on a working day between 09:00 and 17:00. What no longer stands is void; what an immediate mail, or one
    written by hand, of the same day has said is not repeated; while such a mail waits to leave, or the turn is held,
    the action waits too. A person who has had today's digest waits for the next working day.
    """
    with collector_at_rest(), writing(engine) as session:
        records = Records(session)
        ready = _ready(records, waiting(session), now)
        records.units.fetch(action.facts.unit_id for action in ready)
        parcels, found = _sort(records, ready, now)
        posted = _post(records, parcels, now)
        told = [a for a, emails in found.addressed.items() if emails & posted]
        settle(session, found.void, ActionState.VOID)
        settle(session, found.gap, ActionState.GAP)
        settle(session, [*told, *found.told], ActionState.TOLD)
        return len(posted)


def _ready(records: Records, actions: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """Those that may be spoken of at ``now``: it is office hours in their notice's zone."""
    speaks = {notice: _may_speak(records, notice, now) for notice in {action.facts.notice_id for action in actions}}
    return [action for action in actions if speaks[action.facts.notice_id]]


def _may_speak(records: Records, notice: str, now: datetime) -> bool:
    return records.is_readable(notice) and records.calendar.speaks_at(now.astimezone(records.notice(notice).tz))


def _sort(records: Records, actions: Sequence[Waiting], now: datetime) -> tuple[Parcels, _Sorted]:
    parcels, found = Parcels(records), _Sorted()
    told = _told_today(records, actions, now)
    latest = {action.facts.id: action.rung for action in actions}
    held = held_of(records.session, latest)
    for action in sorted(actions, key=_place):
        if not still_stands(records, action) or latest[action.facts.id] != action.rung:
            found.void.append(action.id)
        elif turn_waiting(action) not in held:
            _address(parcels, found, action, told.get(action.facts.id, _NOBODY), now)
    return parcels, found


def turn_waiting(action: Waiting) -> Turn:
    """The turn that an action is about."""
    return Turn(action.facts.id, action.round, action.owner, key_of(action.due_at))


@dataclass(kw_only=True)
class _Told:
    """The addresses (in small letters) that were told of an obligation today."""

    told: set[str] = field(default_factory=set)
    #: by a mail that was written by hand and has not left
    soon: set[str] = field(default_factory=set)


_NOBODY = _Told()


def _told_today(records: Records, actions: Sequence[Waiting], now: datetime) -> Mapping[int, _Told]:
    """Obligation → who has been told of it today; today begins in its notice's zone."""
    zones: dict[ZoneInfo, set[int]] = {}
    for action in actions:
        zones.setdefault(records.notice(action.facts.notice_id).tz, set()).add(action.facts.id)
    found: dict[int, _Told] = {}
    for zone, obligations in zones.items():
        since = _midnight(now, zone)
        for obligation, emails in told_since(records.session, TOLD_AT_ONCE, since).items():
            if obligation in obligations:
                found.setdefault(obligation, _Told()).told |= emails
        for one in pressed_about(records.session, obligations, since):
            of = found.setdefault(one.obligation_id, _Told())
            of.told |= {one.email} if one.state in LEFT else set()
            of.soon |= {one.email} if one.state in NOT_BEGUN else set()
    return found


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(now.astimezone(zone).date(), time(0), zone)


def _place(action: Waiting) -> tuple[str, int, int, int]:
    """By notice, unit order, the notice's order; then in the ladder's order of roles."""
    return (action.facts.notice_id, action.facts.unit_position, action.facts.position, action.id)


def still_stands(records: Records, action: Waiting) -> bool:
    """The same owner still holds the ball, in the same round, for the same due moment."""
    ball = records.ball(action.facts)
    return (
        ball is not None
        and (ball.owner, ball.round) == (action.owner, action.round)
        and (ball.due and ball.due.at) == action.due_at
    )


def item_of(action: Waiting) -> Item:
    """A due action as an item of a mail."""
    return Item(
        obligation=action.facts,
        role=Role(action.role),
        owner=action.owner,
        rung=action.rung,
        round=action.round,
        due_at=action.due_at,
    )


def _address(parcels: Parcels, found: _Sorted, action: Waiting, told: _Told, now: datetime) -> None:
    """Sort one action by person; without anybody it is a gap."""
    records, item = parcels.records, item_of(action)
    notice = records.notice(action.facts.notice_id)
    holder = records.holder(action.facts, action.owner)
    contacts = parcels.to_holder(holder, item, notice.issuer, now)
    if not contacts:
        found.gap.append(action.id)
        report_gap(records, notice.id, holder, item.role, now)
        return
    fresh = [contact for contact in contacts if contact.email.lower() not in told.told]
    if not fresh:
        found.told.append(action.id)
    fresh = [contact for contact in fresh if contact.email.lower() not in told.soon]
    # a supervisor is addressed as what he is: somebody of the unit above
    own = records.unit(holder).parent or holder if item.role is Role.SUPERVISOR else holder
    for contact in fresh:
        parcels.put(contact, own, item, kind=MailKind(action.kind))
        found.addressed.setdefault(action.id, set()).add(contact.email.lower())


def _post(records: Records, parcels: Parcels, now: datetime) -> set[str]:
    """One mail per person and day; answers the addresses that got one now."""
    keys: dict[str, str] = {}
    mails = []
    for email, parcel in parcels.by_email.items():
        day = now.astimezone(records.notice(parcel.items[0].obligation.notice_id).tz).date()
        gravest = max(parcel.kinds, key=DIGEST_KINDS.index)
        key = f"digest:{email}:{day.isoformat()}"
        keys[key] = email
        row = mail_of(parcel, kind=gravest, key=key, at=now, digest_day=day)
        mails.append((row, [item.row() for item in parcel.items]))
    return {keys[key] for key in enqueue(records.session, mails)}
