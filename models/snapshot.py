"""The whole record as one SQLite file, taken while others write; and such a file poured into an empty database."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select
from sqlmodel import Session, col

from models.event import ChainHeadRow
from models.migrating import current, upgrade
from models.row import metadata
from models.session import make_engine

#: Pages of SQLite copied in one step, and rows in one statement.
PAGES = 4000
BATCH = 2000

#: Tables that every installation begins with: they do not make it a used one.
GIVEN = ("setting", "workday", "heartbeat", "throttle")
#: Signs of life are of one machine, and so is who is logged in there: no part of the record.
OWN = ("heartbeat", "session_scope", "web_session", "login_link", "throttle")


def take(engine: Engine, file: Path) -> None:
    """Write the record as of now into a new SQLite file: one consistent picture; writers go on meanwhile."""
    if engine.dialect.name == "sqlite":
        _copy_pages(engine, file)
    else:
        _copy_rows(engine, file)
    with closing(sqlite3.connect(file)) as made:
        # one file, without the two that stand beside a database in use
        made.execute("PRAGMA journal_mode=DELETE")


def _copy_pages(engine: Engine, file: Path) -> None:
    """The read transaction is opened first: else each commit of another process would begin the copy anew."""
    with engine.connect() as connection, closing(sqlite3.connect(file)) as target:
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").all()
        driver: Any = connection.connection.driver_connection
        driver.backup(target, pages=PAGES)


def _copy_rows(engine: Engine, file: Path) -> None:
    target = make_engine(f"sqlite:///{file.absolute()}")
    picture = engine.execution_options(isolation_level="REPEATABLE READ", stream_results=True)
    upgrade(target, current(engine))
    with picture.connect() as source, target.execution_options(duban_writes=True).begin() as copy:
        for table in metadata.sorted_tables:
            _copy_table(source, copy, table)
    target.dispose()


def pour(source: Engine, target: Session) -> None:
    """Replace what an installation begins with by the whole record of ``source``, a file at the newest schema."""
    tables = [table for table in metadata.sorted_tables if table.name not in OWN]
    for table in reversed(tables):
        target.execute(delete(table))
    with source.connect() as connection:
        for table in tables:
            _copy_table(connection, target.connection(), table)
    if target.get_bind().dialect.name == "postgresql":
        for table in tables:
            _number_on(target, table)


def _copy_table(source: Connection, target: Connection, table: Table) -> None:
    for batch in source.execute(select(table)).mappings().partitions(BATCH):
        target.execute(insert(table), [dict(row) for row in batch])


def _number_on(session: Session, table: Table) -> None:
    """PostgreSQL numbers new rows from the last one that came with its own number."""
    column = table.autoincrement_column
    if column is not None:
        sequence = session.execute(select(func.pg_get_serial_sequence(table.name, column.name))).scalar()
        last = session.execute(select(func.max(column))).scalar()
        if sequence and last:
            session.execute(select(func.setval(sequence, last)))


def is_used(session: Session) -> bool:
    """True when there are rows beyond what every installation begins with."""
    tables = (table for table in metadata.sorted_tables if table.name not in GIVEN)
    return any(session.execute(select(table).limit(1)).first() for table in tables)


def row_counts(file: Path) -> dict[str, int]:
    """How many rows each table of a snapshot has, as the file says: of any schema."""
    with closing(sqlite3.connect(file)) as made:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        names = [name for (name,) in made.execute(query)]
        # the names are the file's own
        return {name: made.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def faults(file: Path) -> list[str]:
    """What SQLite finds wrong with a snapshot: torn pages, and rows without what they refer to; five at most."""
    try:
        with closing(sqlite3.connect(file)) as made:
            torn = [said for (said,) in made.execute("PRAGMA integrity_check(5)") if said != "ok"]
            loose = [f"{table} {row} → {parent}" for table, row, parent, _ in made.execute("PRAGMA foreign_key_check")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return (torn + loose)[:5]


def chain_head(session: Session) -> tuple[int, str]:
    """The number and the hash of the last event; (0, "") before the first."""
    head = session.execute(select(col(ChainHeadRow.seq), col(ChainHeadRow.hash))).first()
    return (head[0], head[1]) if head else (0, "")
