"""Mails to whole notices to be made: written with a publication or a supplement, worked off person by person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import String, exists, false, func
from sqlmodel import Field, Session, col, select

from models.adjustment import Adjusted, AdjustmentRow
from models.bulk import among, fetch, table_of
from models.obligation import FACTS, Facts, ObligationRow
from models.outbox import LEFT, MailRow
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
    #: of an event that adjusted obligations: only these are told of
    is_adjusting: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


def begin(session: Session, *, notice: str, event: int, at: datetime, is_adjusting: bool = False) -> None:
    """Note that the mails of a publication, or of an event that adjusted obligations, are owed."""
    session.add(CirculationRow(notice_id=notice, event=event, at=at, is_adjusting=is_adjusting))
    session.flush()


_OPEN: Any = col(CirculationRow.done_at).is_(None)


def any_open(session: Session) -> bool:
    """True while mails of a publication are owed."""
    return session.exec(select(CirculationRow.notice_id).where(_OPEN).limit(1)).first() is not None


def first_open(session: Session) -> CirculationRow | None:
    """A publication whose mails are owed, locked; what somebody else works on is left to them."""
    query = select(CirculationRow).where(_OPEN).order_by(col(CirculationRow.at), CirculationRow.notice_id)
    return session.exec(query.limit(1).with_for_update(skip_locked=True)).first()


def _owes(circulation: CirculationRow) -> Any:
    """The unit of the contact at hand owes something that the circulation tells of."""
    mine = col(ObligationRow.unit_id) == col(ContactRow.unit_id)
    return exists().where(mine, *_told_of(circulation))


def _told_of(circulation: CirculationRow) -> tuple[Any, ...]:
    """Of a publication all that it made; of an event that adjusted obligations, these."""
    logged = (
        exists().where(col(AdjustmentRow.obligation_id) == col(ObligationRow.id)).correlate(table_of(ObligationRow))
    )
    here = col(ObligationRow.notice_id) == circulation.notice_id
    if circulation.is_adjusting:
        return here, logged.where(col(AdjustmentRow.event) == circulation.event)
    return here, ~logged.where(col(AdjustmentRow.kind) == str(Adjusted.ADDED))


def next_addresses(session: Session, circulation: CirculationRow, *, limit: int) -> list[str]:
    """The addresses (in small letters) of people in the units concerned, beyond the last one done, in order."""
    address = col(ContactRow.address)
    mine = (address > circulation.after, address != "", _owes(circulation))
    query = sqlalchemy.select(address).where(*mine).distinct().order_by(address)
    return list(session.execute(query.limit(limit)).scalars())


def units_of_addresses(session: Session, circulation: CirculationRow, addresses: Sequence[str]) -> list[str]:
    """The units concerned in which somebody has one of these addresses."""
    these = among(session, col(ContactRow.address), addresses)
    query = sqlalchemy.select(col(ContactRow.unit_id)).where(these, _owes(circulation)).distinct()
    return list(session.execute(query).scalars())


def obligations_told(session: Session, circulation: CirculationRow, units: Sequence[str]) -> list[Facts]:
    """What a circulation tells these units of: by unit order, then the notice's order."""
    these = among(session, col(ObligationRow.unit_id), units)
    found = fetch(session, FACTS, FACTS.query.where(these, *_told_of(circulation)), Facts._make)
    return sorted(found, key=lambda row: (row.unit_position, row.unit_id, row.position, row.deliverable))


def have_been_told(session: Session, notice: str, addresses: Sequence[str]) -> set[str]:
    """Those of these addresses to which a mail of the notice has left, or may have."""
    address = func.lower(col(MailRow.to_email), type_=String)
    mine = (col(MailRow.notice_id) == notice, col(MailRow.state).in_([str(state) for state in LEFT]))
    query = sqlalchemy.select(address).where(*mine, among(session, address, addresses)).distinct()
    return set(session.execute(query).scalars())


def unreachable_units(session: Session, circulation: CirculationRow, *, issuer: str) -> list[str]:
    """The units concerned in which nobody can be written to, in the official order; the issuer's leaders never are."""
    reachable = (
        (col(ContactRow.unit_id) == col(UnitRow.id))
        & (col(ContactRow.email) != "")
        & col(ContactRow.refused_at).is_(None)
        & ((col(ContactRow.unit_id) != issuer) | (col(ContactRow.role) != "leader"))
    )
    mine = col(ObligationRow.unit_id) == col(UnitRow.id)
    owes = exists().where(mine, *_told_of(circulation))
    query = sqlalchemy.select(col(UnitRow.id)).where(owes, ~exists().where(reachable)).order_by(col(UnitRow.place))
    return list(session.execute(query).scalars())
