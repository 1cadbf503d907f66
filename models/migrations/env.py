"""Alembic's environment: runs migrations on the engine that ``models.migrating`` hands over.

One transaction for all steps, on SQLite too: a migration that is killed or refused has not happened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine

import models  # noqa: F401 - fills the metadata
from models.row import metadata

#: The lock of PostgreSQL that two migrations would meet at; SQLite's is the write lock.
_LOCK = 0x6475_6261_6E


@contextmanager
def _foreign_keys_at_rest(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by making it anew, and dropping the old one would be refused for what refers to it.

    Outside a transaction, as SQLite demands; what does not fit afterwards is refused before it is committed.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        # nothing is under way any more: SQLite would ignore the order within a transaction
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if loose:
            raise RuntimeError(f"rows without what they refer to: {loose[:3]}")


def _one_at_a_time(connection: Connection) -> None:
    """Whoever comes second waits here, and then finds the work done."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def run() -> None:
    engine: Engine = context.config.attributes["engine"]
    with engine.execution_options(duban_writes=True).connect() as connection, _foreign_keys_at_rest(connection):
        options: dict[str, Any] = {"render_as_batch": True, "compare_type": True, "transactional_ddl": True}
        context.configure(connection=connection, target_metadata=metadata, **options)
        with context.begin_transaction():
            _one_at_a_time(connection)
            context.run_migrations()
            _check_foreign_keys(connection)


run()
