"""Where the obligations of a notice stand, counted by the database for the picture of its course."""

from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import func
from sqlmodel import Session, col

from duban.domain.access import Scope
from models.obligation import ObligationRow
from models.scoping import obligations_seen


class Standings(NamedTuple):
    """So many obligations of one deliverable that stand alike."""

    #: ``ID``, or ``ID@YYYY-MM-DD``
    deliverable: str
    status: str
    #: of review, while it is under review
    step: str | None
    due_day: date | None
    due_at: datetime | None
    many: int


def standings(session: Session, notice: str, scope: Scope) -> list[Standings]:
    """All obligations of a notice within ``scope``."""
    by: tuple[Any, ...] = tuple(col(getattr(ObligationRow, name)) for name in Standings._fields[:-1])
    query = sqlalchemy.select(*by, func.count()).where(col(ObligationRow.notice_id) == notice, obligations_seen(scope))
    return [Standings(*row) for row in session.execute(query.group_by(*by))]


def next_look(session: Session, notice: str) -> datetime | None:
    """The earliest moment at which the planner must look at a notice."""
    query = sqlalchemy.select(func.min(ObligationRow.wake_at)).where(col(ObligationRow.notice_id) == notice)
    found: datetime | None = session.execute(query).scalar_one()
    return found
