"""Notice mails: the publication writes down that they are owed; here they are made, person by person."""

from datetime import datetime

from sqlalchemy import Engine

from duban.domain.terms import MailKind, Role
from duban.services.batches import collector_at_rest
from duban.services.mailing import Parcels, mail_of, report_gap
from duban.services.records import Records
from models import CirculationRow
from models.circulation import any_open, first_open, next_addresses, units_of_addresses, unreachable_units
from models.enqueueing import enqueue
from models.obligation import facts_of_units
from models.session import reading, writing

#: People whose mails are made in one transaction.
BATCH = 1000
#: Who is told of a notice, each in an own mail.
ROLES = (Role.CLERK, Role.CHIEF)


def circulate(engine: Engine) -> int:
    """Put the notice mails that are owed into the outbox; answers how many.

    One mail a person, listing what all the units of that person owe; a person's mail is made whole, in one
    transaction. Broken off, it goes on with the next person. With the first people the gaps are reported: units
    in which nobody can be written to.
    """
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
        for unit in unreachable_units(records.session, notice, issuer=records.notice(notice).issuer):
            report_gap(records, notice, unit, ROLES[0], at)
    addresses = next_addresses(records.session, notice, after=circulation.after, limit=BATCH)
    if not addresses:
        circulation.done_at = at
        return 0
    circulation.after = addresses[-1]
    return _post(records, circulation, addresses, at)


def _post(records: Records, circulation: CirculationRow, addresses: list[str], at: datetime) -> int:
    notice, event = circulation.notice_id, circulation.event
    units = units_of_addresses(records.session, notice, addresses)
    records.units.fetch(units)
    parcels = Parcels(records)
    for row in facts_of_units(records.session, notice, units):
        parcels.put_roles(row, ROLES, kind=MailKind.NOTICE)
    wanted = set(addresses)
    mails = [
        (
            mail_of(p, kind=MailKind.NOTICE, key=f"{MailKind.NOTICE}:{event}:{email}", at=at, notice=notice),
            [item.row() for item in p.items],
        )
        for email, p in parcels.by_email.items()
        if email in wanted
    ]
    return len(enqueue(records.session, mails))
