"""Units and their contacts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select
from sqlmodel import Field, Session, col

from models.bulk import among, fetch, listed, plain, table_of
from models.prepared import Prepared
from models.row import Row
from models.setting import ROSTER, new_version
from models.upsert import insert_or_replace


class UnitRow(Row, table=True):
    """A unit of the tree."""

    __tablename__ = "unit"

    id: str = Field(primary_key=True)
    name: str
    parent_id: str | None = Field(default=None, index=True)
    kind: str = Field(index=True)
    #: toward the issuer
    relation: str
    #: the official order
    position: int
    #: the order in the file, where official places are equal
    rank: int = 0
    #: place in every list, over all units: by position, rank, id
    place: int = Field(default=0, index=True)
    #: the unit and all under it are those whose ``tree_from`` is from ``tree_from`` to ``tree_to``
    tree_from: int = Field(default=0, index=True)
    tree_to: int = 0
    #: the unit that it has gone into; nothing more is asked of it
    merged_into: str | None = None


class ContactRow(Row, table=True):
    """A person of a unit, under one role."""

    __tablename__ = "contact"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: str = Field(foreign_key="unit.id", index=True)
    role: str
    person: str
    #: as written in the unit file
    email: str
    #: the same in small letters: who has it is one person
    address: str = Field(default="", index=True)
    phone: str
    position: int
    #: when a mail server said that there is no such mailbox; nobody is written to there
    refused_at: datetime | None = None
    #: what the server said
    refusal: str = ""


class UnitFacts(NamedTuple):
    """What the rules need of a unit, read by the thousand."""

    id: str
    name: str
    parent_id: str | None
    kind: str
    relation: str
    position: int


class ContactFacts(NamedTuple):
    """What the rules need of a contact, read by the thousand."""

    unit_id: str
    role: str
    person: str
    email: str
    phone: str
    refused_at: datetime | None


_UNIT = plain(UnitRow, UnitFacts._fields)
_CONTACT = plain(ContactRow, ContactFacts._fields)
_ORDER: tuple[Any, ...] = (table_of(ContactRow).c.unit_id, table_of(ContactRow).c.position)


_UNITS_OF = Prepared(
    lambda kind: select(*_UNIT.columns).where(listed(kind, table_of(UnitRow).c.id, "units")), columns=_UNIT.columns
)
_CONTACTS_OF = Prepared(
    lambda kind: (
        select(*_CONTACT.columns).where(listed(kind, table_of(ContactRow).c.unit_id, "units")).order_by(*_ORDER)
    ),
    columns=_CONTACT.columns,
)


def all_units(session: Session) -> list[UnitFacts]:
    """Every unit, in roster order."""
    return fetch(session, _UNIT, _UNIT.query.order_by(col(UnitRow.place)), UnitFacts._make)


def all_contacts(session: Session) -> list[ContactFacts]:
    """Every contact, in the order of the file."""
    return fetch(session, _CONTACT, _CONTACT.query.order_by(*_ORDER), ContactFacts._make)


def units_of(session: Session, units: Sequence[str]) -> Iterator[UnitFacts]:
    """Some units, in no order."""
    yield from map(UnitFacts._make, _UNITS_OF.all(session, units=units))


def contacts_of(session: Session, units: Sequence[str]) -> Iterator[ContactFacts]:
    """The contacts of some units, those of each in the order of the file."""
    yield from map(ContactFacts._make, _CONTACTS_OF.all(session, units=units))


def put_units(session: Session, units: Iterable[dict[str, Any]], contacts: Iterable[dict[str, Any]]) -> None:
    """Put these units and their contacts in force, by column; units not named stay as they are.

    ``models.tree.number_units`` numbers them afterwards.
    """
    units = list(units)
    if units:
        insert_or_replace(session, UnitRow, units)
    theirs = among(session, col(ContactRow.unit_id), [unit["id"] for unit in units])
    session.execute(delete(ContactRow).where(theirs), execution_options={"synchronize_session": False})
    if rows := list(contacts):
        session.execute(insert(ContactRow), rows)
    new_version(session, ROSTER)
