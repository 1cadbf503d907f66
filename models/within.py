"""Obligations by the thousand: counted by the facts that a judgement depends on, and read a page at a time.

Nothing here decides: what is late or near is judged above, once for all that are alike, and comes back as facts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import func, or_, tuple_
from sqlmodel import Session, col, select

from duban.domain.access import EVERYTHING, Scope
from models.bulk import among
from models.obligation import ObligationRow
from models.scoping import obligations_seen

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
    #: whose eyes these are
    scope: Scope = EVERYTHING
    #: status, due day and due moment of those that are meant; None: all
    facts: frozenset[Facts] | None = None


def tallies(session: Session, within: Within) -> dict[tuple[str, Facts], int]:
    """How many there are, by deliverable and facts."""
    by = (ObligationRow.deliverable, *_FACTS)
    query = sqlalchemy.select(*by, func.count()).where(*_inside(within)).group_by(*by)
    return {(key, (status, day, at)): count for key, status, day, at, count in session.execute(query)}


def units_within(session: Session, within: Within) -> list[str]:
    """The units that have such obligations, in order."""
    query = select(col(ObligationRow.unit_id), func.min(ObligationRow.unit_position)).where(*_inside(within))
    query = query.group_by(col(ObligationRow.unit_id))
    return [unit for unit, _ in session.exec(query.order_by(func.min(ObligationRow.unit_position)))]


def count_within(session: Session, within: Within) -> int:
    """How many such obligations there are."""
    return session.exec(select(func.count()).select_from(ObligationRow).where(*_inside(within))).one()


def rows_within(session: Session, within: Within, *, offset: int, limit: int) -> list[ObligationRow]:
    """Such obligations, by unit order, then the notice's order."""
    query = select(ObligationRow).where(*_inside(within)).order_by(*_IN_ORDER)
    return list(session.exec(query.offset(offset).limit(limit)))


def rows_of_units(session: Session, within: Within, units: Sequence[str]) -> list[ObligationRow]:
    """Such obligations of some units, in the same order."""
    these = among(session, col(ObligationRow.unit_id), units)
    return list(session.exec(select(ObligationRow).where(*_inside(within), these).order_by(*_IN_ORDER)))


def pairs_within(session: Session, within: Within) -> list[tuple[str, str]]:
    """Deliverable and unit of such obligations, by unit order."""
    query = select(ObligationRow.deliverable, ObligationRow.unit_id).where(*_inside(within)).order_by(*_IN_ORDER)
    return [(deliverable, unit) for deliverable, unit in session.exec(query)]


def _inside(within: Within) -> Iterator[Any]:
    yield ObligationRow.notice_id == within.notice
    if not within.scope.is_all:
        yield obligations_seen(within.scope)
    if within.unit:
        yield ObligationRow.unit_id == within.unit
    if within.stage:
        yield ObligationRow.stage == within.stage
    if within.facts is not None:
        undated = [status for status, day, _ in within.facts if day is None]
        dated = [facts for facts in within.facts if facts[1] is not None]
        yield or_(
            col(ObligationRow.status).in_(undated) & col(ObligationRow.due_day).is_(None),
            tuple_(*_FACTS).in_(dated),
        )
