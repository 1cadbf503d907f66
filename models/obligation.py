"""Obligations: unit × deliverable. Facts only; overdue and who holds the ball are computed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func, insert
from sqlmodel import Field, Session, col, select

from models.row import Row


class ObligationRow(Row, table=True):
    """What one unit owes of one deliverable (one occurrence of a recurring one)."""

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("unit_id", "notice_id", "deliverable"),
        # a tick reads only what is due to be looked at
        Index("ix_obligation_wake_at_id", "wake_at", "id"),
        Index("ix_obligation_notice_id_position", "notice_id", "unit_position", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    notice_id: str = Field(foreign_key="notice.id")
    unit_id: str = Field(foreign_key="unit.id")
    #: the deliverable's id; an occurrence is ``ID@YYYY-MM-DD``
    deliverable: str
    stage: str
    #: the class through which the unit is bound
    unit_class: str
    #: toward the issuer, when published
    relation: str
    unit_position: int
    position: int
    status: str
    round: int = 1
    #: the step of review that holds the ball
    step: str | None = None
    due_day: date | None = None
    due_at: datetime | None = None
    #: a day that the coordinator set (经办设定)
    due_set_by_coordinator: bool = False
    #: when the present turn opened
    opened_at: datetime
    acknowledged_at: datetime | None = None
    first_submitted_at: datetime | None = None
    #: the submission that stands
    submitted_at: datetime | None = None
    completed_at: datetime | None = None
    is_nil: bool = False
    #: why it was returned, waived or reopened
    reason: str = ""
    #: when the planner must look again: an index, recomputed on every change
    wake_at: datetime | None = None


def insert_obligations(session: Session, rows: Iterable[dict[str, Any]]) -> int:
    """Insert many at once; answers how many."""
    values = list(rows)
    if values:
        session.execute(insert(ObligationRow), values)
    return len(values)


def locked(session: Session, *, notice: str, unit: str, deliverable: str) -> ObligationRow | None:
    """One obligation, locked for this transaction."""
    query = select(ObligationRow).where(
        ObligationRow.notice_id == notice,
        ObligationRow.unit_id == unit,
        ObligationRow.deliverable == deliverable,
    )
    return session.exec(query.with_for_update()).first()


def to_wake(session: Session, now: datetime, *, notice: str | None, after: int, limit: int) -> list[ObligationRow]:
    """Obligations at which the planner must look by ``now``, by id, beyond ``after``."""
    query = select(ObligationRow).where(col(ObligationRow.wake_at) <= now, col(ObligationRow.id) > after)
    if notice:
        query = query.where(ObligationRow.notice_id == notice)
    return list(session.exec(query.order_by(col(ObligationRow.id)).limit(limit)))


def next_wake(session: Session) -> datetime | None:
    """The earliest moment at which the planner must look."""
    return session.exec(select(func.min(ObligationRow.wake_at))).one()


def of_notice(session: Session, notice: str) -> list[ObligationRow]:
    """All obligations of a notice: by unit order, then the notice's order."""
    query = select(ObligationRow).where(ObligationRow.notice_id == notice)
    order = (ObligationRow.unit_position, ObligationRow.unit_id, ObligationRow.position, ObligationRow.deliverable)
    return list(session.exec(query.order_by(*order)))  # type: ignore[arg-type]


def of_units(session: Session, units: Iterable[str]) -> list[ObligationRow]:
    """All obligations of some units, over all notices."""
    query = select(ObligationRow).where(col(ObligationRow.unit_id).in_(list(units)))
    return list(session.exec(query.order_by(ObligationRow.notice_id, col(ObligationRow.position))))


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, ObligationRow]:
    """Obligations by id."""
    wanted = list(ids)
    found: dict[int, ObligationRow] = {}
    for start in range(0, len(wanted), 500):
        query = select(ObligationRow).where(col(ObligationRow.id).in_(wanted[start : start + 500]))
        found.update({row.id: row for row in session.exec(query) if row.id is not None})
    return found


def after(session: Session, last: int, limit: int) -> list[ObligationRow]:
    """Obligations by id, beyond ``last``."""
    query = select(ObligationRow).where(col(ObligationRow.id) > last).order_by(col(ObligationRow.id)).limit(limit)
    return list(session.exec(query))
