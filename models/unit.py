"""Units and their contacts."""

from collections.abc import Iterable

from sqlalchemy import delete, insert
from sqlmodel import Field, Session, select

from models.row import Row
from models.setting import ROSTER, new_version


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


def all_units(session: Session) -> list[UnitRow]:
    """Every unit, in roster order."""
    return list(session.exec(select(UnitRow).order_by(UnitRow.position, UnitRow.rank, UnitRow.id)))  # type: ignore[arg-type]


def all_contacts(session: Session) -> list[ContactRow]:
    """Every contact, in the order of the file."""
    return list(session.exec(select(ContactRow).order_by(ContactRow.unit_id, ContactRow.position)))  # type: ignore[arg-type]


def replace_units(session: Session, units: Iterable[UnitRow], contacts: Iterable[ContactRow]) -> None:
    """Put these units and their contacts in force; units not named stay as they are."""
    units = list(units)
    for unit in units:
        session.merge(unit)
    session.flush()
    ids = [unit.id for unit in units]
    for start in range(0, len(ids), 500):
        session.execute(delete(ContactRow).where(ContactRow.unit_id.in_(ids[start : start + 500])))  # type: ignore[attr-defined]
    rows = [contact.model_dump(exclude={"id"}) for contact in contacts]
    if rows:
        session.execute(insert(ContactRow), rows)
    new_version(session, ROSTER)
