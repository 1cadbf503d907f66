"""How often something was tried, counted by the database itself: of many tries at once none slips through."""

from datetime import datetime

from sqlalchemy import case, delete
from sqlmodel import Field, Session, col

from models.bulk import INSERT, table_of
from models.row import Row


class ThrottleRow(Row, table=True):
    """The tries of one window. Real time."""

    __tablename__ = "throttle"

    #: a hash of what is limited, and for whom
    key: str = Field(primary_key=True)
    tries: int
    since: datetime = Field(index=True)


def count_try(session: Session, key: str, *, now: datetime, window_from: datetime) -> int:
    """Count one try; answers how many there were in this window, this one included.

    A window that began at ``window_from`` or before is over: a new one begins.
    """
    table = table_of(ThrottleRow)
    insert = INSERT[session.get_bind().dialect.name](table).values(key=key, tries=1, since=now)
    is_over = table.c.since <= window_from
    counted = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={"tries": case((is_over, 1), else_=table.c.tries + 1), "since": case((is_over, now), else_=table.c.since)},
    )
    return int(session.connection().execute(counted.returning(table.c.tries)).scalar_one())


def forget_tries(session: Session, key: str) -> None:
    """Begin again from nothing."""
    session.connection().execute(delete(ThrottleRow).where(col(ThrottleRow.key) == key))


def forget_windows(session: Session, before: datetime) -> None:
    """Forget windows that began before a moment."""
    session.connection().execute(delete(ThrottleRow).where(col(ThrottleRow.since) < before))
