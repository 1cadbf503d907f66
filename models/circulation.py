"""Notice mails to be made: written with the publication, worked off person by person when mail is delivered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import exists
from sqlmodel import Field, Session, col, select

from models.bulk import among
from models.obligation import ObligationRow
from models.row import Row
from models.unit import ContactRow, UnitRow


class CirculationRow(Row, table=True):
    """A notice whose mails are not all in the outbox yet. A person's mail is made whole, in one transaction."""

    __tablename__ = "circulation"

    notice_id: str = Field(foreign_key="notice.id", primary_key=True)
    #: the event of the publication
    event: int = Field(primary_key=True)
    at: datetime
    #: the last address that has its mail; empty: none yet
    after: str = ""
    done_at: datetime | None = None


def begin(session: Session, *, notice: str, event: int, at: datetime) -> None:
    """Note that the mails of a publication are owed."""
    session.add(CirculationRow(notice_id=notice, event=event, at=at))
    session.flush()


_OPEN: Any = col(CirculationRow.done_at).is_(None)


def any_open(session: Session) -> bool:
    """True while mails of a publication are owed."""
    return session.exec(select(CirculationRow.notice_id).where(_OPEN).limit(1)).first() is not None


def first_open(session: Session) -> CirculationRow | None:
    """A publication whose mails are owed, locked; what somebody else works on is left to them."""
    query = select(CirculationRow).where(_OPEN).order_by(col(CirculationRow.at), CirculationRow.notice_id)
    return session.exec(query.limit(1).with_for_update(skip_locked=True)).first()


def _owes(notice: str) -> Any:
    """The unit of the contact at hand owes something of the notice."""
    mine = col(ObligationRow.unit_id) == col(ContactRow.unit_id)
    return exists().where(mine, col(ObligationRow.notice_id) == notice)


def next_addresses(session: Session, notice: str, *, after: str, limit: int) -> list[str]:
    """The addresses (in small letters) of people in the units bound, beyond ``after``, in order."""
    address = col(ContactRow.address)
    query = sqlalchemy.select(address).where(address > after, _owes(notice)).distinct().order_by(address)
    return list(session.execute(query.limit(limit)).scalars())


def units_of_addresses(session: Session, notice: str, addresses: Sequence[str]) -> list[str]:
    """The units bound in which somebody has one of these addresses."""
    these = among(session, col(ContactRow.address), addresses)
    query = sqlalchemy.select(col(ContactRow.unit_id)).where(these, _owes(notice)).distinct()
    return list(session.execute(query).scalars())


def unreachable_units(session: Session, notice: str, *, issuer: str) -> list[str]:
    """The units bound in which nobody can be written to, in the official order; the issuer's leaders never are."""
    reachable = (
        (col(ContactRow.unit_id) == col(UnitRow.id))
        & (col(ContactRow.email) != "")
        & col(ContactRow.refused_at).is_(None)
        & ((col(ContactRow.unit_id) != issuer) | (col(ContactRow.role) != "leader"))
    )
    mine = col(ObligationRow.unit_id) == col(UnitRow.id)
    owes = exists().where(mine, col(ObligationRow.notice_id) == notice)
    query = sqlalchemy.select(col(UnitRow.id)).where(owes, ~exists().where(reachable)).order_by(col(UnitRow.place))
    return list(session.execute(query).scalars())
