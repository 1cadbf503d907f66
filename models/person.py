"""People with an account, and the hats that they wear for units."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy
from sqlalchemy import UniqueConstraint, delete
from sqlmodel import Field, Session, col, select

from models.bulk import among
from models.row import Row


class PersonRow(Row, table=True):
    """Somebody who may log in."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    #: the mail address, in small letters: the name of the account
    address: str = Field(unique=True)
    name: str
    #: argon2id; empty: comes in by mailed links only
    password: str = ""
    #: a first password, or one that somebody else has set: changed before anything else
    must_change: bool = False
    is_administrator: bool = False
    #: asked for the supervisor's weekly mail
    wants_weekly: bool = Field(default=False, sa_column_kwargs={"server_default": sqlalchemy.false()})
    #: real time
    made_at: datetime
    disabled_at: datetime | None = None


class GrantRow(Row, table=True):
    """A hat of a person for a unit. One person may serve several units."""

    __tablename__ = "office_grant"
    __table_args__ = (UniqueConstraint("person_id", "hat", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    hat: str
    unit_id: str = Field(foreign_key="unit.id")
    #: real time
    at: datetime


def person_by_address(session: Session, address: str) -> PersonRow | None:
    """The account of an address, disabled or not."""
    return session.exec(select(PersonRow).where(PersonRow.address == address.lower())).first()


def people(session: Session) -> list[PersonRow]:
    """Every account, by address."""
    return list(session.exec(select(PersonRow).order_by(PersonRow.address)))


def enabled_addresses(session: Session, addresses: Collection[str]) -> set[str]:
    """Which of these addresses (small letters) have an account that may log in."""
    these = among(session, col(PersonRow.address), addresses)
    return set(session.exec(select(PersonRow.address).where(these, col(PersonRow.disabled_at).is_(None))))


def grants_of(session: Session, person: int) -> list[GrantRow]:
    """The hats of a person, in the order in which they were given."""
    return list(session.exec(select(GrantRow).where(GrantRow.person_id == person).order_by(col(GrantRow.id))))


def all_grants(session: Session) -> list[GrantRow]:
    """Every hat, in the order in which they were given."""
    return list(session.exec(select(GrantRow).order_by(col(GrantRow.id))))


def take_grant(session: Session, person: int, hat: str, unit: str) -> bool:
    """Take a hat away; False when it was not worn."""
    mine = (col(GrantRow.person_id) == person, col(GrantRow.hat) == hat, col(GrantRow.unit_id) == unit)
    return bool(session.connection().execute(delete(GrantRow).where(*mine)).rowcount)


def names_of(session: Session, addresses: Collection[str]) -> dict[str, str]:
    """The names of the accounts of some addresses (small letters); who has none is left out."""
    these = among(session, col(PersonRow.address), [address.lower() for address in addresses])
    return dict(session.exec(select(PersonRow.address, PersonRow.name).where(these)).all())


def wanting_weekly(session: Session) -> list[PersonRow]:
    """Who has asked for the weekly mail and may come in, by address."""
    wanted = (col(PersonRow.wants_weekly), col(PersonRow.disabled_at).is_(None))
    return list(session.exec(select(PersonRow).where(*wanted).order_by(PersonRow.address)))
