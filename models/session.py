"""Engines and sessions: SQLite by default (WAL, FULL, foreign keys, BEGIN IMMEDIATE for writers), PostgreSQL by URL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from duban.domain.errors import NotStored
from models.driver import forget, keep

#: A connection on which transactions that write follow one another.
Writer = Connection
#: How long a writer waits for another one (milliseconds).
BUSY_TIMEOUT_MS = 10_000


def make_engine(url: str) -> Engine:
    """An engine for ``url``; ``sqlite://`` alone is a throw-away database in memory.

    Its errors do not show the values of a statement: they end in logs, and in Prefect's pages.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    memory = url in ("sqlite://", "sqlite:///:memory:")
    options: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Take BEGIN out of the driver's hands and make what was acknowledged survive a power cut."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: a plain BEGIN fails at the first write when two meet."""
    writes = connection.get_execution_options().get("duban_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(place: Engine | Writer) -> Iterator[Session]:
    """One transaction that writes: committed at the end, rolled back on any error."""
    bind = _writer(place) if isinstance(place, Engine) else place
    with Session(bind, expire_on_commit=False) as session, session.begin():
        keep(session)
        try:
            yield session
        finally:
            forget(session)


@contextmanager
def held(engine: Engine) -> Iterator[Writer]:
    """A connection for one transaction after another: checked once, before the first."""
    with _writer(engine).connect() as connection:
        yield connection


#: What SQLite (primary codes) and PostgreSQL say when there is no room, and when the disk fails.
_FULL = (sqlite3.SQLITE_FULL, "53100")
_FAILED = (sqlite3.SQLITE_IOERR, "58030")


@contextmanager
def keeping(engine: Engine) -> Iterator[Session]:
    """One transaction that writes what a person hands in: as ``writing``.

    NotStored when the database has no room, or its disk fails; the transaction has not happened.
    """
    try:
        with writing(engine) as session:
            yield session
    except DBAPIError as error:
        refusal = refusal_of_the_disk(error)
        if refusal is None:
            raise
        raise refusal from error


def refusal_of_the_disk(error: DBAPIError) -> NotStored | None:
    """What a person is told of a database without room, or whose disk fails; None for any other error."""
    said = getattr(error.orig, "sqlite_errorcode", None)
    code = said & 0xFF if said is not None else getattr(error.orig, "sqlstate", None)
    if code in _FULL:
        return NotStored.full()
    return NotStored.unwritable(str(error.orig)) if code in _FAILED else None


@lru_cache(maxsize=16)
def _writer(engine: Engine) -> Engine:
    """The same engine, its transactions marked as writing."""
    return engine.execution_options(duban_writes=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One transaction that only reads: a consistent picture."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def steady(engine: Engine) -> Iterator[Session]:
    """As ``reading``, and all its queries see one picture, on PostgreSQL too; for what reads long."""
    is_sqlite = engine.dialect.name == "sqlite"
    still = engine if is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(still, expire_on_commit=False) as session:
        yield session
