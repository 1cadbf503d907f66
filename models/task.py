"""What the machine leaves to the coordinator."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Field, Session, col, select

from models.bulk import among, table_of
from models.row import Row
from models.upsert import insert_new


class TaskRow(Row, table=True):
    """A thing for a person to do: a telephone call, a contact to register."""

    __tablename__ = "task"

    id: int | None = Field(default=None, primary_key=True)
    #: says a task once
    key: str = Field(unique=True)
    notice_id: str = Field(foreign_key="notice.id", index=True)
    at: datetime
    kind: str
    unit_id: str | None = None
    deliverable: str | None = None
    text: str
    done_at: datetime | None = None


def give(session: Session, values: dict[str, Any]) -> bool:
    """Give the coordinator a task, once per key."""
    return insert_new(session, TaskRow, values) is not None


def finish(session: Session, keys: Collection[str], *, at: datetime) -> None:
    """These tasks are done."""
    table = table_of(TaskRow)
    still_open = update(table).where(among(session, table.c.key, keys), table.c.done_at.is_(None))
    session.connection().execute(still_open.values(done_at=at))


def finish_all(session: Session, notice: str, *, at: datetime, kinds: Collection[str] | None = None) -> None:
    """The open tasks of a notice are done; ``kinds``: only these."""
    table = table_of(TaskRow)
    still_open = update(table).where(table.c.notice_id == notice, table.c.done_at.is_(None))
    if kinds is not None:
        still_open = still_open.where(table.c.kind.in_(list(kinds)))
    session.connection().execute(still_open.values(done_at=at))


def take_up(session: Session, notice: str, *, done_at: datetime) -> None:
    """The tasks of a notice that were done at this very moment are open again: what ended them is over."""
    table = table_of(TaskRow)
    ended = update(table).where(table.c.notice_id == notice, table.c.done_at == done_at)
    session.connection().execute(ended.values(done_at=None))


def tasks_of(session: Session, notice: str) -> list[TaskRow]:
    """The tasks of a notice in order."""
    return list(session.exec(select(TaskRow).where(TaskRow.notice_id == notice).order_by(col(TaskRow.id))))
