"""What the people of some units have before them: each unit and notice in a line. Reads only."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import case, func
from sqlmodel import Session

from duban.domain.access import Scope
from models.bulk import table_of
from models.notice import NoticeRow
from models.obligation import ObligationRow
from models.scoping import obligations_seen


class Pile(NamedTuple):
    """What one unit owes of one notice."""

    unit: str
    notice: str
    #: everything that was ever asked of it
    asked: int
    #: what the unit must still hand in
    open: int
    #: the earliest due moment of what is open
    next_due: datetime | None


def piles(session: Session, scope: Scope, statuses: Collection[str]) -> list[Pile]:
    """Unit by notice within ``scope``, the newest notices first; ``statuses``: those in which the unit must move."""
    o, n = table_of(ObligationRow), table_of(NoticeRow)
    is_open = o.c.status.in_(sorted(statuses)) & n.c.closed_at.is_(None)
    count, opened = func.count(), func.sum(case((is_open, 1), else_=0))
    # a case without another branch keeps the type of its column
    due = func.min(case((is_open, o.c.due_at)))
    query = sqlalchemy.select(o.c.unit_id, o.c.notice_id, count, opened, due).join_from(o, n)
    grouped = query.where(obligations_seen(scope)).group_by(o.c.unit_id, o.c.notice_id, n.c.published_at)
    ordered = grouped.order_by(n.c.published_at.desc(), o.c.notice_id, func.min(o.c.unit_position), o.c.unit_id)
    return [Pile(*row) for row in session.connection().execute(ordered).tuples()]
