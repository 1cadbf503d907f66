"""Delegation: during leave a colleague acts with a hat of the absent person."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, update
from sqlmodel import Field, Session, col, select

from models.bulk import table_of
from models.person import GrantRow, PersonRow
from models.row import Row


class DelegationRow(Row, table=True):
    """One hat at one unit, given to a colleague from day to day."""

    __tablename__ = "delegation"

    id: int | None = Field(default=None, primary_key=True)
    #: the absent person
    giver_id: int = Field(foreign_key="person.id", index=True)
    #: who acts meanwhile
    taker_id: int = Field(foreign_key="person.id", index=True)
    hat: str
    unit_id: str = Field(foreign_key="unit.id")
    #: both days included
    first_day: date
    last_day: date
    #: where these days begin and end
    zone: str
    reason: str = ""
    made_at: datetime
    #: ended before its time
    ended_at: datetime | None = None


class Lent(NamedTuple):
    """A hat that somebody wears for an absent colleague; whether today is one of the days is judged above."""

    hat: str
    unit_id: str
    first_day: date
    last_day: date
    zone: str
    #: the absent person's address and name
    giver: str
    giver_name: str
    #: who acts meanwhile
    taker: str
    taker_name: str


_GIVER, _TAKER = table_of(PersonRow).alias("giver"), table_of(PersonRow).alias("taker")
_LENT, _GRANT = table_of(DelegationRow), table_of(GrantRow)


def enter_delegation(session: Session, row: DelegationRow) -> int:
    """Write a delegation down; answers its number."""
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def end_delegation(session: Session, number: int, *, at: datetime) -> bool:
    """End it; False where it has ended already."""
    mine = update(_LENT).where(_LENT.c.id == number, _LENT.c.ended_at.is_(None)).values(ended_at=at)
    return bool(session.connection().execute(mine).rowcount)


def lent_to(session: Session, person: int) -> list[Lent]:
    """The hats lent to somebody and not taken back, as long as the absent person wears them and may come in."""
    return _lent(session, _LENT.c.taker_id == person)


def lent_with(session: Session, hats: Collection[str]) -> list[Lent]:
    """Every hat of these kinds that is lent, as ``lent_to``, where the one who acts may come in."""
    return _lent(session, _LENT.c.hat.in_(list(hats)) & _TAKER.c.disabled_at.is_(None))


def _lent(session: Session, which: ColumnElement[bool]) -> list[Lent]:
    c, g = _LENT.c, _GRANT.c
    is_worn = (g.person_id == c.giver_id) & (g.hat == c.hat) & (g.unit_id == c.unit_id)
    people = (_GIVER.c.address, _GIVER.c.name, _TAKER.c.address, _TAKER.c.name)
    query = (
        sqlalchemy.select(c.hat, c.unit_id, c.first_day, c.last_day, c.zone, *people)
        .join(_GRANT, is_worn)
        .join(_GIVER, _GIVER.c.id == c.giver_id)
        .join(_TAKER, _TAKER.c.id == c.taker_id)
        .where(which, c.ended_at.is_(None), _GIVER.c.disabled_at.is_(None))
        .order_by(c.id)
    )
    return [Lent(*row) for row in session.connection().execute(query).tuples()]


def delegations_of(session: Session, person: int | None) -> list[DelegationRow]:
    """What somebody gave or took, the newest first; None: of everybody."""
    query = select(DelegationRow).order_by(col(DelegationRow.id).desc())
    if person is not None:
        query = query.where((DelegationRow.giver_id == person) | (DelegationRow.taker_id == person))
    return list(session.exec(query))


def overlaps(session: Session, row: DelegationRow) -> bool:
    """True where the same hat is lent already on one of these days."""
    c = _LENT.c
    query = sqlalchemy.select(c.id).where(
        *(c.giver_id == row.giver_id, c.hat == row.hat, c.unit_id == row.unit_id, c.ended_at.is_(None)),
        *(c.first_day <= row.last_day, c.last_day >= row.first_day),
    )
    return session.connection().execute(query.limit(1)).first() is not None
