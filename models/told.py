"""What people have been told already about obligations of which a due action waits."""

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy
from sqlmodel import Session, col

from models.bulk import among, table_of
from models.outbox import MailItemRow, MailRow, MailState
from models.said import ActionState, DueActionRow


def told_since(session: Session, kinds: Iterable[str], since: datetime) -> dict[int, set[str]]:
    """Obligation → the addresses (in small letters) that a mail of these kinds about it went to since a moment."""
    query = (
        sqlalchemy.select(col(MailItemRow.obligation_id), col(MailRow.to_email))
        .join_from(DueActionRow, MailItemRow, col(MailItemRow.obligation_id) == col(DueActionRow.obligation_id))
        .join(MailRow, col(MailRow.id) == col(MailItemRow.mail_id))
        .where(
            col(DueActionRow.state) == str(ActionState.WAITING),
            col(MailRow.kind).in_([str(kind) for kind in kinds]),
            col(MailRow.at) >= since,
        )
    )
    found: dict[int, set[str]] = {}
    for obligation, email in session.execute(query):
        found.setdefault(obligation, set()).add(email.lower())
    return found


def told_about(
    session: Session, obligations: Collection[int], kinds: Iterable[str], since: datetime
) -> dict[int, set[str]]:
    """Obligation → the addresses (in small letters) that a mail of these kinds about it goes to, or has gone to.

    Of mails made since a moment; those that were cancelled or failed told nobody.
    """
    dead = [str(MailState.CANCELLED), str(MailState.FAILED)]
    query = (
        sqlalchemy.select(col(MailItemRow.obligation_id), col(MailRow.to_email))
        .join_from(MailItemRow, MailRow, col(MailRow.id) == col(MailItemRow.mail_id))
        .where(among(session, col(MailItemRow.obligation_id), sorted(obligations)), col(MailRow.at) >= since)
        .where(col(MailRow.kind).in_([str(kind) for kind in kinds]), col(MailRow.state).not_in(dead))
    )
    found: dict[int, set[str]] = {}
    for obligation, email in session.execute(query):
        found.setdefault(obligation, set()).add(email.lower())
    return found


def written_since(session: Session, kinds: Iterable[str], since: datetime) -> set[str]:
    """The addresses (in small letters) to which a mail of these kinds goes, or has gone, made since a moment."""
    dead = [str(MailState.CANCELLED), str(MailState.FAILED)]
    query = sqlalchemy.select(col(MailRow.to_email)).distinct()
    told = query.where(col(MailRow.at) >= since, col(MailRow.kind).in_([str(kind) for kind in kinds]))
    return {email.lower() for email in session.execute(told.where(col(MailRow.state).not_in(dead))).scalars()}


def written_about(
    session: Session, kinds: Iterable[str], since: datetime, addresses: Collection[str]
) -> dict[str, list[int]]:
    """Address (small letters) → the obligations of which mails of these kinds tell that were made since a moment.

    In the order in which they were told; mails that were cancelled or failed told nobody.
    """
    dead, item = [str(MailState.CANCELLED), str(MailState.FAILED)], table_of(MailItemRow)
    address = sqlalchemy.func.lower(col(MailRow.to_email), type_=sqlalchemy.String)
    query = sqlalchemy.select(address, item.c.obligation_id).join_from(item, MailRow, col(MailRow.id) == item.c.mail_id)
    made = query.where(col(MailRow.at) >= since, col(MailRow.kind).in_([str(kind) for kind in kinds]))
    mine = made.where(col(MailRow.state).not_in(dead), among(session, address, sorted(addresses)))
    found: dict[str, list[int]] = {}
    for email, obligation in session.connection().execute(mine.order_by(item.c.mail_id, item.c.position)).tuples():
        if obligation not in found.setdefault(email, []):
            found[email].append(obligation)
    return found


def threads(session: Session, emails: Collection[str]) -> dict[tuple[str, str], str]:
    """Notice and address → the Message-ID of the notice mail that this person got first."""
    table = table_of(MailRow)
    query = sqlalchemy.select(table.c.notice_id, table.c.to_email, table.c.message_id)
    mine = query.where(among(session, table.c.to_email, emails), table.c.kind == "notice").order_by(table.c.id.desc())
    return {(notice, email): number for notice, email, number in session.connection().execute(mine)}


def what_waits(session: Session) -> tuple[int, str]:
    """How many mails have not left, and a reason why."""
    table = table_of(MailRow)
    query = sqlalchemy.select(sqlalchemy.func.count(), sqlalchemy.func.max(table.c.reason))
    waits = query.where(table.c.state.in_([str(MailState.PENDING), str(MailState.DEFERRED)]))
    count, reason = session.connection().execute(waits).one()
    return int(count), reason or ""
