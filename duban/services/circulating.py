"""Mails to all whom a notice binds: publishing or changing it writes down that they are owed; here they are made."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine

from duban.domain.terms import MailKind, Role, Status
from duban.services.batches import collector_at_rest
from duban.services.mailing import Parcel, Parcels, mail_of, report_gap
from duban.services.records import Records
from duban.services.tallying import tally
from models import Adjusted, AdjustmentRow, CirculationRow
from models.adjustment import ENDS, adjusted_in
from models.circulation import (
    any_open,
    first_open,
    have_been_told,
    next_addresses,
    obligations_told,
    units_of_addresses,
    unreachable_units,
)
from models.enqueueing import Mail, enqueue
from models.event import reason_of
from models.obligation import Facts
from models.session import reading, writing

#: People whose mails are made in one transaction.
BATCH = 1000
#: Who is told of a notice, each in an own mail.
ROLES = (Role.CLERK, Role.CHIEF)
#: What is told of by a notice mail: something to hand in.
ASKS = (Adjusted.ADDED, Adjusted.RESTORED)


def circulate(engine: Engine) -> int:
    """Put the mails of publications, supplements and cancellations that are owed into the outbox; answers how many.

    One mail a person, listing what all the units of that person owe (and of a supplement one more, of new days and of
    what is no longer asked); a person's mail is made whole, in one
    transaction. Broken off, it goes on with the next person. With the first people the gaps are reported: units
    in which nobody can be written to.
    """
    # what a large publication leaves behind besides: its obligations are counted now
    tally(engine)
    with reading(engine) as session:
        if not any_open(session):
            return 0
    posted, more = 0, True
    while more:
        with collector_at_rest(), writing(engine) as session:
            circulation = first_open(session)
            more = circulation is not None
            posted += _continue(Records(session), circulation) if circulation else 0
    return posted


def _continue(records: Records, circulation: CirculationRow) -> int:
    """The next people of one notice."""
    notice, at = circulation.notice_id, circulation.at
    if not circulation.after:
        for unit in unreachable_units(records.session, circulation, issuer=records.notice(notice).issuer):
            report_gap(records, notice, unit, ROLES[0], at)
    addresses = next_addresses(records.session, circulation, limit=BATCH)
    if not addresses:
        circulation.done_at = at
        return 0
    circulation.after = addresses[-1]
    return _post(records, circulation, addresses)


def _post(records: Records, circulation: CirculationRow, addresses: list[str]) -> int:
    units = units_of_addresses(records.session, circulation, addresses)
    records.units.fetch(units)
    rows = obligations_told(records.session, circulation, units)
    if not circulation.is_adjusting:
        return _enqueue(records, circulation, addresses, asked=rows)
    log = adjusted_in(records.session, circulation.event, [row.id for row in rows])
    return _enqueue(
        records,
        circulation,
        addresses,
        asked=[row for row in rows if log[row.id].kind in ASKS and row.status != Status.SUBMITTED],
        log=log,
        changed=[row for row in rows if log[row.id].kind not in ASKS],
    )


def _enqueue(
    records: Records,
    circulation: CirculationRow,
    addresses: list[str],
    *,
    asked: Sequence[Facts],
    log: Mapping[int, AdjustmentRow] = MappingProxyType({}),
    changed: Sequence[Facts] = (),
) -> int:
    """A person's mails whole: what is asked, and what has changed."""
    parcels = Parcels(records)
    for row in asked:
        parcels.put_roles(row, ROLES, kind=MailKind.NOTICE)
    wanted = set(addresses)
    mails = _mails(circulation, parcels, wanted, MailKind.NOTICE)
    mails += _changes(records, circulation, wanted, changed, log) if changed else []
    return len(enqueue(records.session, mails))


def _changes(
    records: Records,
    circulation: CirculationRow,
    wanted: set[str],
    rows: Sequence[Facts],
    log: Mapping[int, AdjustmentRow],
) -> list[Mail]:
    """One mail a person: new days, and what is no longer asked. Of a cancelled notice to those who knew of it."""
    is_lifted = any(one.kind == Adjusted.LIFTED for one in log.values())
    parcels = Parcels(records)
    for row in rows:
        if log[row.id].status_before != Status.SUBMITTED or log[row.id].kind != Adjusted.MOVED:
            parcels.put_roles(row, ROLES if is_lifted else ROLES[:1], kind=MailKind.DATE_CHANGED)
    if is_lifted:
        wanted &= have_been_told(records.session, circulation.notice_id, sorted(wanted))
    told: dict[str, Any] = {"reason": reason_of(records.session, circulation.event)}
    return _mails(circulation, parcels, wanted, MailKind.DATE_CHANGED, told=told, log=log)


def _mails(
    circulation: CirculationRow,
    parcels: Parcels,
    wanted: set[str],
    kind: MailKind,
    *,
    told: Mapping[str, Any] = MappingProxyType({}),
    log: Mapping[int, AdjustmentRow] = MappingProxyType({}),
) -> list[Mail]:
    notice, event, at = circulation.notice_id, circulation.event, circulation.at
    return [
        (
            mail_of(
                parcel,
                kind=kind,
                key=f"{kind}:{event}:{email}",
                at=at,
                notice=notice,
                detail=told and {**told, "before": _before(parcel, log)},
            ),
            [item.row() for item in parcel.items],
        )
        for email, parcel in parcels.by_email.items()
        if email in wanted
    ]


def _before(parcel: Parcel, log: Mapping[int, AdjustmentRow]) -> dict[str, str | None]:
    """Obligation → the day that it had, or None where nothing is owed any more."""
    found = [log[item.obligation.id or 0] for item in parcel.items]
    days = {str(one.obligation_id): one.day_before.isoformat() if one.day_before else "" for one in found}
    ended = {str(one.obligation_id) for one in found if one.kind in ENDS}
    return {number: None if number in ended else day for number, day in days.items()}
