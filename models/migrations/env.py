"""Alembic's environment: runs migrations on the engine that ``models.migrating`` hands over."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine

import models  # noqa: F401 - fills the metadata
from models.row import metadata


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
        driver.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if loose:
            raise RuntimeError(f"rows without what they refer to: {loose[:3]}")


def run() -> None:
    engine: Engine = context.config.attributes["engine"]
    with engine.execution_options(duban_writes=True).connect() as connection, _foreign_keys_at_rest(connection):
        options: dict[str, Any] = {"render_as_batch": True, "compare_type": True}
        context.configure(connection=connection, target_metadata=metadata, **options)
        with context.begin_transaction():
            context.run_migrations()
            _check_foreign_keys(connection)
        connection.commit()


run()
