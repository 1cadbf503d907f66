"""The people of one unit, one by one: looked at by number, added, changed, taken away."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import String, func, or_
from sqlmodel import Session, col, select

from models.bulk import among
from models.notice import NoticeRow
from models.obligation import ObligationRow
from models.outbox import MailRow
from models.pressing import NOT_BEGUN
from models.setting import ROSTER, new_version
from models.task import TaskRow
from models.unit import ContactRow, UnitRow


def contacts_at(session: Session, unit: str, *, locked: bool = False) -> list[ContactRow]:
    """The contacts of a unit in the order of the file; ``locked``: nobody else changes them meanwhile."""
    if locked:
        session.exec(select(UnitRow.id).where(UnitRow.id == unit).with_for_update()).first()
    mine = select(ContactRow).where(ContactRow.unit_id == unit)
    return list(session.exec(mine.order_by(col(ContactRow.position), col(ContactRow.id))))


def enter_contact(session: Session, unit: str, values: dict[str, Any]) -> None:
    """One more, behind the others; values by column: role, person, email, phone."""
    last = session.exec(select(func.max(ContactRow.position)).where(ContactRow.unit_id == unit)).one()
    position = 0 if last is None else int(last) + 1
    session.add(ContactRow(unit_id=unit, position=position, address=values["email"].lower(), **values))
    new_version(session, ROSTER)


def change_contact(session: Session, row: ContactRow, values: dict[str, Any]) -> None:
    """Other values; what a server said of the former mailbox is forgotten with it."""
    if values["email"].lower() != row.address:
        row.refused_at, row.refusal = None, ""
    row.sqlmodel_update({**values, "address": values["email"].lower()})
    session.add(row)
    new_version(session, ROSTER)


def take_contact(session: Session, row: ContactRow) -> None:
    """Take one away."""
    session.delete(row)
    new_version(session, ROSTER)


def mails_waiting(session: Session, unit: str, addresses: Collection[str]) -> dict[str, int]:
    """How many mails of a unit wait for each of some addresses (small letters); none is left out."""
    mine = (MailRow.unit_id == unit, col(MailRow.state).in_([str(state) for state in NOT_BEGUN]))
    address = func.lower(col(MailRow.to_email), type_=String)
    query = select(address, func.count()).where(*mine, among(session, address, addresses)).group_by(address)
    return dict(session.exec(query).all())


def people_at(session: Session, addresses: Collection[str]) -> dict[str, str]:
    """The names of the contacts with some addresses (small letters); of several the first. Who has none is left out."""
    mine = among(session, col(ContactRow.address), addresses)
    query = select(ContactRow.address, ContactRow.person).where(mine, ContactRow.person != "")
    return dict(session.exec(query.order_by(col(ContactRow.id).desc())).all())


def issuers_asking(session: Session, unit: str) -> set[str]:
    """The offices of which an open notice asks something of a unit."""
    asks = select(NoticeRow.issuer_id).join(ObligationRow, col(ObligationRow.notice_id) == NoticeRow.id)
    return set(session.exec(asks.where(ObligationRow.unit_id == unit, col(NoticeRow.closed_at).is_(None)).distinct()))


def gaps_open(session: Session, unit: str, kind: str) -> list[TaskRow]:
    """The open tasks of a kind about a unit and the units right below it, in order."""
    below = select(UnitRow.id).where(UnitRow.parent_id == unit)
    about = or_(col(TaskRow.unit_id) == unit, col(TaskRow.unit_id).in_(below))
    query = select(TaskRow).where(TaskRow.kind == kind, about, col(TaskRow.done_at).is_(None))
    return list(session.exec(query.order_by(col(TaskRow.id))))
