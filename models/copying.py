"""Copying records into another database: rehearsals run on a copy, never on the record."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, Table, delete, insert, select, update
from sqlmodel import Session

from models.hold import HoldRow
from models.obligation import ObligationRow
from models.outbox import MailItemRow, MailRow
from models.row import metadata
from models.said import DueActionRow, SaidRow

#: Rows moved in one statement.
BATCH = 2000

#: Tables without a notice: copied whole.
WHOLE = ("unit", "contact", "workday", "setting")
#: Tables that name their notice.
BY_NOTICE = (("notice", "id"), ("notice_revision", "notice_id"), ("obligation", "notice_id"), ("task", "notice_id"))


def copy_records(source: Session, target: Session, *, notice: str | None = None) -> None:
    """Copy what the planner and the outbox know of one notice (None: of all), with units and working days.

    What ``target`` has of units, working days and settings is replaced.
    """
    for name in reversed(WHOLE):
        target.execute(delete(metadata.tables[name]))
    for table, query in _queries(notice):
        rows = source.execute(query).mappings()
        for batch in rows.partitions(BATCH):
            target.execute(insert(table), [dict(row) for row in batch])
    # counts stay behind
    target.execute(update(metadata.tables["notice"]).values(is_counted=False))


def _queries(notice: str | None) -> Iterator[tuple[Table, Select[Any]]]:
    tables = metadata.tables
    yield from ((tables[name], select(tables[name])) for name in WHOLE)
    for name, column in BY_NOTICE:
        yield tables[name], _of(tables[name], column, notice)
    obligations = tables[str(ObligationRow.__tablename__)]
    mine = _of(obligations, "notice_id", notice).with_only_columns(obligations.c.id)
    for row in (SaidRow, DueActionRow, HoldRow):
        table = tables[str(row.__tablename__)]
        yield table, select(table).where(table.c.obligation_id.in_(mine))
    items, mails = tables[str(MailItemRow.__tablename__)], tables[str(MailRow.__tablename__)]
    about = select(items.c.mail_id).where(items.c.obligation_id.in_(mine))
    yield mails, select(mails).where(mails.c.id.in_(about))
    yield items, select(items).where(items.c.obligation_id.in_(mine))


def _of(table: Table, column: str, notice: str | None) -> Select[Any]:
    query = select(table)
    return query.where(table.c[column] == notice) if notice else query
