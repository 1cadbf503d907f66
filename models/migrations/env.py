"""Alembic's environment: runs migrations on the engine that ``models.migrating`` hands over."""

from typing import Any

from alembic import context
from sqlalchemy import Engine

import models  # noqa: F401 - fills the metadata
from models.row import metadata


def run() -> None:
    engine: Engine = context.config.attributes["engine"]
    with engine.execution_options(duban_writes=True).connect() as connection:
        options: dict[str, Any] = {"render_as_batch": True, "compare_type": True}
        context.configure(connection=connection, target_metadata=metadata, **options)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
