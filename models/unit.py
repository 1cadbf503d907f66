"""Units and their contacts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Field, Session, col, select

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


class ContactRow(Row, table=True):
    """A person of a unit, under one role."""

    __tablename__ = "contact"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: str = Field(foreign_key="unit.id", index=True)
    role: str
    person: str
    email: str = Field(index=True)
    phone: str
    position: int
    #: when a mail server said that there is no such mailbox; nobody is written to there
    refused_at: datetime | None = None
    #: what the server said
    refusal: str = ""


def all_units(session: Session) -> list[UnitRow]:
    """Every unit, in roster order."""
    return list(session.exec(select(UnitRow).order_by(UnitRow.position, UnitRow.rank, UnitRow.id)))  # type: ignore[arg-type]


def all_contacts(session: Session) -> list[ContactRow]:
    """Every contact, in the order of the file."""
    return list(session.exec(select(ContactRow).order_by(ContactRow.unit_id, ContactRow.position)))  # type: ignore[arg-type]


def put_units(session: Session, units: Iterable[dict[str, Any]], contacts: Iterable[dict[str, Any]]) -> None:
    """Put these units and their contacts in force, by column; units not named stay as they are.

    ``models.tree.number_units`` numbers them afterwards.
    """
    units = list(units)
    if units:
        insert_or_replace(session, UnitRow, units)
    ids = [unit["id"] for unit in units]
    for start in range(0, len(ids), 500):
        session.execute(delete(ContactRow).where(col(ContactRow.unit_id).in_(ids[start : start + 500])))
    if rows := list(contacts):
        session.execute(insert(ContactRow), rows)
    new_version(session, ROSTER)
