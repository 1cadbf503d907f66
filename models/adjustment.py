"""What a supplement, a cancellation or a merger did to each obligation: one row each, by the event that did it.

Written by statements that choose the rows; what these rows say is then carried out, so that both always agree.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy
from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, Session, col, select

from models.bulk import among, table_of
from models.row import Row


class Adjusted(StrEnum):
    """What happened to an obligation without an act of its own."""

    #: another day
    MOVED = "moved"
    #: newly owed
    ADDED = "added"
    #: no longer asked for
    DROPPED = "dropped"
    #: the notice was cancelled
    LIFTED = "lifted"
    #: its unit has gone into another
    MERGED = "merged"
    #: asked for again
    RESTORED = "restored"


#: After these nothing is owed.
ENDS = (Adjusted.DROPPED, Adjusted.LIFTED, Adjusted.MERGED)


class AdjustmentRow(Row, table=True):
    """One obligation in one event; how it stood before, and its day afterwards."""

    __tablename__ = "adjustment"
    __table_args__ = (UniqueConstraint("event", "obligation_id"),)

    id: int | None = Field(default=None, primary_key=True)
    event: int
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    #: a word of ``Adjusted``
    kind: str
    at: datetime
    day_before: date | None = None
    due_before: datetime | None = None
    day_after: date | None = None
    due_after: datetime | None = None
    #: the new day is one that the coordinator set
    set_after: bool = False
    status_before: str
    step_before: str | None = None


def adjustments_of(session: Session, obligations: Collection[int]) -> list[AdjustmentRow]:
    """Every adjustment of some obligations, in order."""
    mine = among(session, col(AdjustmentRow.obligation_id), obligations)
    return list(session.exec(select(AdjustmentRow).where(mine).order_by(col(AdjustmentRow.id))))


def adjusted_in(session: Session, event: int, obligations: Collection[int]) -> dict[int, AdjustmentRow]:
    """What one event did to some obligations."""
    mine = among(session, col(AdjustmentRow.obligation_id), obligations)
    query = select(AdjustmentRow).where(AdjustmentRow.event == event, mine)
    return {row.obligation_id: row for row in session.exec(query)}


def times_moved(session: Session, obligations: Collection[int]) -> dict[int, int]:
    """How often the day of each was moved; those never moved are left out."""
    table = table_of(AdjustmentRow)
    query = sqlalchemy.select(table.c.obligation_id, func.count()).group_by(table.c.obligation_id)
    mine = query.where(among(session, table.c.obligation_id, obligations), table.c.kind == str(Adjusted.MOVED))
    return dict(session.connection().execute(mine).tuples().all())


def last_adjusted(session: Session, obligation: int) -> str | None:
    """The last thing that happened to an obligation in this way; None: nothing."""
    query = select(AdjustmentRow.kind).where(AdjustmentRow.obligation_id == obligation)
    return session.exec(query.order_by(col(AdjustmentRow.id).desc()).limit(1)).first()


def tallies_of(session: Session, events: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many obligations each event adjusted, by kind."""
    table = table_of(AdjustmentRow)
    query = sqlalchemy.select(table.c.event, table.c.kind, func.count()).group_by(table.c.event, table.c.kind)
    found: dict[int, dict[str, int]] = {}
    for event, kind, count in session.execute(query.where(table.c.event.in_(list(events)))):
        found.setdefault(event, {})[kind] = count
    return found
