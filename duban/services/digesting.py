"""The second half of a tick: due actions become one digest per person over all notices, at most one a day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from sqlalchemy import Engine

from duban.domain.terms import DIGEST_KINDS, MailKind, Role
from duban.services.mailing import Item, Parcels, post_parcel, report_gap
from duban.services.records import Records
from models import ActionState, DueActionRow, ObligationRow
from models.obligation import by_ids
from models.outbox import told_since
from models.said import settle, waiting
from models.session import writing

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

    Only on a working day between 09:00 and 17:00. What no longer stands is void; what an immediate mail of
    the same day has said is not repeated; a person who has had today's digest waits for the next working day.
    """
    with writing(engine) as session:
        records = Records(session)
        actions = waiting(session)
        rows = by_ids(session, {action.obligation_id for action in actions})
        ready = [a for a in actions if _may_speak(records, rows[a.obligation_id], now)]
        parcels, found = _sort(records, ready, rows, now)
        posted = _post(records, parcels, now)
        told = [a for a, emails in found.addressed.items() if emails & posted]
        settle(session, found.void, ActionState.VOID)
        settle(session, found.gap, ActionState.GAP)
        settle(session, [*told, *found.told], ActionState.TOLD)
        return len(posted)


def _may_speak(records: Records, row: ObligationRow, now: datetime) -> bool:
    return records.calendar.speaks_at(now.astimezone(records.notice(row.notice_id).tz))


def _sort(
    records: Records, actions: Sequence[DueActionRow], rows: dict[int, ObligationRow], now: datetime
) -> tuple[Parcels, _Sorted]:
    parcels, found = Parcels(records), _Sorted()
    latest = {a.obligation_id: a.rung for a in actions}
    order = sorted(actions, key=lambda a: _place(rows[a.obligation_id], a))
    for action in order:
        row = rows[action.obligation_id]
        assert action.id is not None
        if not still_stands(records, row, action) or latest[action.obligation_id] != action.rung:
            found.void.append(action.id)
        else:
            _address(parcels, found, action, row, now)
    return parcels, found


def _place(row: ObligationRow, action: DueActionRow) -> tuple[str, int, int, int]:
    """By notice, unit order, the notice's order; then in the ladder's order of roles."""
    return (row.notice_id, row.unit_position, row.position, action.id or 0)


def still_stands(records: Records, row: ObligationRow, action: DueActionRow) -> bool:
    """The same owner still holds the ball, in the same round, for the same due moment."""
    ball = records.ball(row)
    return (
        ball is not None
        and (ball.owner, ball.round) == (action.owner, action.round)
        and (ball.due and ball.due.at) == action.due_at
    )


def _address(parcels: Parcels, found: _Sorted, action: DueActionRow, row: ObligationRow, now: datetime) -> None:
    """Sort one action by person; without anybody it is a gap."""
    assert action.id is not None
    records = parcels.records
    notice, role = records.notice(row.notice_id), Role(action.role)
    holder = records.holder(row, action.owner)
    contacts = parcels.address(holder, role, notice.issuer)
    if not contacts:
        found.gap.append(action.id)
        report_gap(records, row.notice_id, holder, role, now)
        return
    midnight = datetime.combine(now.astimezone(notice.tz).date(), time(0), notice.tz)
    told = {email.lower() for email in told_since(records.session, action.obligation_id, TOLD_AT_ONCE, midnight)}
    fresh = [contact for contact in contacts if contact.email.lower() not in told]
    if not fresh:
        found.told.append(action.id)
    item = Item(
        obligation=row, role=role, owner=action.owner, rung=action.rung, round=action.round, due_at=action.due_at
    )
    # a supervisor is addressed as what he is: somebody of the unit above
    own = records.unit(holder).parent or holder if role is Role.SUPERVISOR else holder
    for contact in fresh:
        parcels.put(contact, own, item, kind=MailKind(action.kind))
        found.addressed.setdefault(action.id, set()).add(contact.email.lower())


def _post(records: Records, parcels: Parcels, now: datetime) -> set[str]:
    """One mail per person and day; answers the addresses that got one now."""
    posted = set()
    for email, parcel in parcels.by_email.items():
        zone = records.notice(parcel.items[0].obligation.notice_id).tz
        day = now.astimezone(zone).date()
        gravest = max(parcel.kinds, key=DIGEST_KINDS.index)
        key = f"digest:{email}:{day.isoformat()}"
        if post_parcel(records, parcel, kind=gravest, key=key, at=now, digest_day=day):
            posted.add(email)
    return posted
