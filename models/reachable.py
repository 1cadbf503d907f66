"""The units of a notice by who of them can be written to: the worst first, a page at a time."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlmodel import Session

from models.bulk import table_of
from models.obligation import ObligationRow
from models.unit import ContactRow, UnitRow

_UNIT, _CONTACT, _OWED = table_of(UnitRow), table_of(ContactRow), table_of(ObligationRow)


def _has(*roles: str) -> ColumnElement[bool]:
    """Somebody of the unit can be written to under one of these roles."""
    mine = (_CONTACT.c.unit_id == _UNIT.c.id, _CONTACT.c.email != "", _CONTACT.c.refused_at.is_(None))
    return exists().where(*mine, _CONTACT.c.role.in_(roles)).correlate(_UNIT)


def _rank(roles: Sequence[str]) -> ColumnElement[int]:
    """0 nobody, 1 not the first role, 2 not each of the others, 3 all."""
    first, *others = roles
    return case((~_has(*roles), 0), (~_has(first), 1), (~and_(*(_has(role) for role in others)), 2), else_=3)


def _of(notice: str, spellings: Sequence[str]) -> ColumnElement[bool]:
    owes = exists().where(_OWED.c.notice_id == notice, _OWED.c.unit_id == _UNIT.c.id).correlate(_UNIT)
    mine = and_(owes, _UNIT.c.merged_into.is_(None))
    return and_(mine, or_(*(_is_called(text) for text in spellings))) if spellings else mine


def _is_called(text: str) -> ColumnElement[bool]:
    """The unit, or somebody of it, bears the words."""
    said = (_CONTACT.c.person.contains(text, autoescape=True), _CONTACT.c.address.contains(text.lower()))
    somebody = exists().where(_CONTACT.c.unit_id == _UNIT.c.id, or_(*said)).correlate(_UNIT)
    return or_(_UNIT.c.name.contains(text, autoescape=True), _UNIT.c.id == text, somebody)


def ranks(session: Session, notice: str, roles: Sequence[str], spellings: Sequence[str] = ()) -> dict[int, int]:
    """How many units of a notice there are of each rank: 0 nobody can be written to, 1 nobody under the first of
    ``roles``, 2 not under each of the others, 3 all. Units that have gone into another are left out."""
    rank = _rank(roles)
    ranked = select(rank.label("rank")).select_from(_UNIT).where(_of(notice, spellings)).subquery()
    counted = select(ranked.c.rank, func.count()).group_by(ranked.c.rank)
    return {int(found): int(count) for found, count in session.connection().execute(counted)}


def ranked(
    session: Session,
    notice: str,
    roles: Sequence[str],
    *,
    spellings: Sequence[str] = (),
    only: int | None = None,
    offset: int,
    limit: int,
) -> list[tuple[str, int]]:
    """Some of these units with their rank: the lowest rank first, then in their order. ``only``: one rank."""
    rank = _rank(roles)
    query: sqlalchemy.Select[Any] = select(_UNIT.c.id, rank.label("rank")).where(_of(notice, spellings))
    if only is not None:
        query = query.where(rank == only)
    ordered = query.order_by(sqlalchemy.literal_column("rank"), _UNIT.c.place, _UNIT.c.id)
    return [(unit, int(n)) for unit, n in session.connection().execute(ordered.offset(offset).limit(limit))]


def called(session: Session, name: str, *, limit: int) -> list[tuple[str, str]]:
    """Units by id or name that have gone into no other: exactly so, else with the words in their name; id and name."""
    here = select(_UNIT.c.id, _UNIT.c.name).where(_UNIT.c.merged_into.is_(None)).order_by(_UNIT.c.place).limit(limit)
    exact = list(session.connection().execute(here.where(or_(_UNIT.c.id == name, _UNIT.c.name == name))).tuples())
    alike = here.where(_UNIT.c.name.contains(name, autoescape=True))
    return exact or list(session.connection().execute(alike).tuples())
