"""Engines and sessions: SQLite by default (WAL, FULL, foreign keys, BEGIN IMMEDIATE for writers), PostgreSQL by URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from models.driver import forget, keep

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
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction that writes: committed at the end, rolled back on any error."""
    with Session(_writer(engine), expire_on_commit=False) as session, session.begin():
        keep(session)
        try:
            yield session
        finally:
            forget(session)


@lru_cache(maxsize=16)
def _writer(engine: Engine) -> Engine:
    """The same engine, its transactions marked as writing."""
    return engine.execution_options(duban_writes=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One transaction that only reads: a consistent picture."""
    with Session(engine, expire_on_commit=False) as session:
        yield session
