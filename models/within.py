"""Obligations by the thousand: counted by the facts that a judgement depends on, and read a page at a time.

Nothing here decides: what is late or near is judged above, once for all that are alike, and comes back as facts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import func, or_, tuple_
from sqlmodel import Session, col, select

from duban.domain.access import EVERYTHING, Scope
from models.bulk import among, fetch, table_of
from models.obligation import FACTS, ObligationRow
from models.obligation import Facts as Owing
from models.scoping import obligations_seen, tree
from models.tally import TallyRow, counted, is_counted, of_notices, serves
from models.unit import UnitRow

#: What a judgement depends on: status, due day, due moment.
Facts = tuple[str, date | None, datetime | None]

_FACTS: tuple[Any, ...] = (col(ObligationRow.status), col(ObligationRow.due_day), col(ObligationRow.due_at))
_IN_ORDER: tuple[Any, ...] = (
    ObligationRow.unit_position,
    ObligationRow.unit_id,
    ObligationRow.position,
    ObligationRow.deliverable,
)


@dataclass(frozen=True, kw_only=True)
class Within:
    """Obligations of a notice; what is empty does not narrow."""

    notice: str
    unit: str = ""
    stage: str = ""
    #: a unit, and all below it
    under: str = ""
    #: a deliverable with all its occurrences
    material: str = ""
    #: the step of review that holds the ball
    step: str = ""
    #: whose eyes these are
    scope: Scope = EVERYTHING
    #: status, due day and due moment of those that are meant; None: all
    facts: frozenset[Facts] | None = None


def tallies(session: Session, within: Within) -> dict[tuple[str, Facts], int]:
    """How many there are, by deliverable and facts: from the counts where these hold."""
    if _is_counted(session, within):
        return _kept(session, within)
    return _tallied(session, within)


def _tallied(session: Session, within: Within) -> dict[tuple[str, Facts], int]:
    by = (ObligationRow.deliverable, *_FACTS)
    query = sqlalchemy.select(*by, func.count()).where(*_inside(within)).group_by(*by)
    return {(key, (status, day, at)): count for key, status, day, at, count in session.execute(query)}


def _is_counted(session: Session, within: Within) -> bool:
    narrowed = within.unit or within.material or within.step or within.facts is not None
    return not narrowed and serves(within.scope) and is_counted(session, within.notice)


def _kept(session: Session, within: Within) -> dict[tuple[str, Facts], int]:
    table = table_of(TallyRow)
    where = [table.c.notice_id == within.notice, of_notices(within.scope)]
    if within.stage:
        where.append(table.c.stage == within.stage)
    if within.under:
        where.append(table.c.parent_id.in_(tree([within.under])))
    by = (table.c.deliverable, table.c.status, table.c.due_day, table.c.due_at)
    found = Counter({(key, (status, day, at)): n for key, status, day, at, n in counted(session, by, *where)})
    if within.under:
        # what it owes itself is counted under its own parent
        found.update(_tallied(session, replace(within, unit=within.under, under="")))
    return found


def by_parent(session: Session, within: Within) -> dict[tuple[str, Facts], int]:
    """How many there are, by the parent of their units and facts: from the counts where these hold."""
    if _is_counted(session, within):
        table = table_of(TallyRow)
        kept = (table.c.parent_id, table.c.status, table.c.due_day, table.c.due_at)
        rows = counted(session, kept, table.c.notice_id == within.notice, of_notices(within.scope))
    else:
        parent = func.coalesce(col(UnitRow.parent_id), "")
        by = (parent, *_FACTS)
        query = sqlalchemy.select(*by, func.count()).join(UnitRow, col(UnitRow.id) == ObligationRow.unit_id)
        rows = [tuple(row) for row in session.execute(query.where(*_inside(within)).group_by(*by))]
    return {(parent, (status, day, at)): n for parent, status, day, at, n in rows}


def places_within(session: Session, within: Within, *, offset: int = 0, limit: int) -> list[int]:
    """Some of the places in the order of units at which there are such obligations.

    The index has them in this order, so no more rows are read than the page needs.
    """
    place = col(ObligationRow.unit_position)
    query = sqlalchemy.select(place).distinct().where(*_inside(within))
    if within.unit:
        # asked for an order, SQLite would walk through the notice to its one unit
        return sorted(session.execute(query).scalars())[offset : offset + limit]
    return list(session.execute(query.order_by(place).offset(offset).limit(limit)).scalars())


def units_at(session: Session, within: Within, places: Sequence[int]) -> list[str]:
    """The units at these places that have such obligations, in order; two may share a place for a while."""
    by = (col(ObligationRow.unit_position), col(ObligationRow.unit_id))
    here = among(session, col(ObligationRow.unit_position), places)
    query = sqlalchemy.select(*by).distinct().where(*_inside(within), here).order_by(*by)
    return [unit for _, unit in session.execute(query)]


def count_units(session: Session, within: Within) -> int:
    """How many units have such obligations."""
    query = sqlalchemy.select(func.count(col(ObligationRow.unit_id).distinct())).where(*_inside(within))
    return int(session.execute(query).scalar_one())


def count_within(session: Session, within: Within) -> int:
    """How many such obligations there are."""
    return session.exec(select(func.count()).select_from(ObligationRow).where(*_inside(within))).one()


def rows_within(session: Session, within: Within, *, offset: int, limit: int) -> list[ObligationRow]:
    """Such obligations, by unit order, then the notice's order."""
    query = select(ObligationRow).where(*_inside(within)).order_by(*_in_order(within))
    return list(session.exec(query.offset(offset).limit(limit)))


def facts_within(session: Session, within: Within) -> list[Owing]:
    """Such obligations, in the same order, with what a judgement needs of them."""
    return fetch(session, FACTS, FACTS.query.where(*_inside(within)).order_by(*_in_order(within)), Owing._make)


def rows_at(session: Session, within: Within, showing: Within, places: Sequence[int]) -> list[ObligationRow]:
    """Obligations ``within`` of those units at some places that have one ``showing``, in the same order."""
    here = among(session, col(ObligationRow.unit_position), places)
    these = among(session, col(ObligationRow.unit_id), units_at(session, showing, places))
    return list(session.exec(select(ObligationRow).where(*_inside(within), here, these).order_by(*_in_order(within))))


def names_within(session: Session, within: Within) -> list[tuple[str, str]]:
    """Deliverable and name of the unit of such obligations, by unit order."""
    query = sqlalchemy.select(col(ObligationRow.deliverable), col(UnitRow.name))
    query = query.join(UnitRow, col(UnitRow.id) == ObligationRow.unit_id).where(*_inside(within))
    return [(deliverable, name) for deliverable, name in session.execute(query.order_by(*_in_order(within)))]


def _in_order(within: Within) -> tuple[Any, ...]:
    """By unit order, then the notice's order; of one unit only the latter, or SQLite walks through the notice to it."""
    return _IN_ORDER[2:] if within.unit else _IN_ORDER


def _inside(within: Within) -> Iterator[Any]:
    yield ObligationRow.notice_id == within.notice
    if not within.scope.is_all:
        yield obligations_seen(within.scope)
    if within.unit:
        yield ObligationRow.unit_id == within.unit
    if within.under:
        yield col(ObligationRow.unit_id).in_(tree([within.under]))
    if within.stage:
        yield ObligationRow.stage == within.stage
    if within.material:
        key = col(ObligationRow.deliverable)
        yield or_(key == within.material, key.startswith(f"{within.material}@", autoescape=True))
    if within.step:
        yield ObligationRow.step == within.step
    if within.facts is not None:
        undated = [status for status, day, _ in within.facts if day is None]
        dated = [facts for facts in within.facts if facts[1] is not None]
        yield or_(
            col(ObligationRow.status).in_(undated) & col(ObligationRow.due_day).is_(None),
            tuple_(*_FACTS).in_(dated),
        )
