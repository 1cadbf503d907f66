"""How far a notice is, counted by the database: a few rows for a million obligations. Nothing here decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import case, func
from sqlmodel import Session, col, select

from models.bulk import among
from models.obligation import ObligationRow
from models.unit import UnitRow

_JUDGED: tuple[Any, ...] = (
    col(ObligationRow.stage),
    col(ObligationRow.status),
    col(ObligationRow.due_day),
    col(ObligationRow.due_at),
)


@dataclass(frozen=True, kw_only=True)
class Alike:
    """So many obligations of one stage of which every judgement is the same."""

    stage: str
    status: str
    due_day: date | None
    due_at: datetime | None
    count: int


def by_stage(session: Session, notice: str) -> list[Alike]:
    """All obligations of a notice, counted by stage and what a judgement depends on."""
    query = sqlalchemy.select(*_JUDGED, func.count()).where(col(ObligationRow.notice_id) == notice).group_by(*_JUDGED)
    return [_alike(*row) for row in session.execute(query)]


def units_by_lateness(
    session: Session, notice: str, *, held: Collection[str], now: datetime, limit: int
) -> list[tuple[str, str]]:
    """Units of a notice, id and name: those with most obligations ``held`` past their moment first, then by order."""
    late = func.sum(case((col(ObligationRow.status).in_(held) & (col(ObligationRow.due_at) <= now), 1), else_=0))
    place = func.min(ObligationRow.unit_position)
    query = sqlalchemy.select(col(ObligationRow.unit_id)).where(col(ObligationRow.notice_id) == notice)
    ordered = query.group_by(col(ObligationRow.unit_id)).order_by(late.desc(), place, col(ObligationRow.unit_id))
    units = list(session.execute(ordered.limit(limit)).scalars())
    named = select(UnitRow.id, UnitRow.name).where(among(session, col(UnitRow.id), units))
    names = dict(session.exec(named).all())
    return [(unit, names[unit]) for unit in units]


def of_units_by_stage(session: Session, notice: str, units: Sequence[str]) -> dict[str, list[Alike]]:
    """The obligations of some units toward a notice, counted as by ``by_stage``, for each unit."""
    by = (col(ObligationRow.unit_id), *_JUDGED)
    found: dict[str, list[Alike]] = {unit: [] for unit in units}
    these = among(session, col(ObligationRow.unit_id), units)
    query = sqlalchemy.select(*by, func.count()).where(col(ObligationRow.notice_id) == notice, these)
    for unit, *facts in session.execute(query.group_by(*by)):
        found[unit].append(_alike(*facts))
    return found


def bound_units(session: Session, notice: str) -> int:
    """How many units have obligations toward a notice."""
    counted = func.count(func.distinct(ObligationRow.unit_id))
    return session.exec(select(counted).where(col(ObligationRow.notice_id) == notice)).one()


def to_look_at(session: Session, now: datetime, *, notice: str | None) -> int:
    """At how many obligations the planner must look by ``now``."""
    query = select(func.count()).select_from(ObligationRow).where(col(ObligationRow.wake_at) <= now)
    return session.exec(query.where(col(ObligationRow.notice_id) == notice) if notice else query).one()


def _alike(stage: str, status: str, due_day: date | None, due_at: datetime | None, count: int) -> Alike:
    return Alike(stage=stage, status=status, due_day=due_day, due_at=due_at, count=count)
