"""Schema migrations by Alembic, on SQLite and PostgreSQL alike."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from duban.domain.errors import UsageError

MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(engine: Engine | None) -> Config:
    """Alembic's configuration for a database; without one, for reading the revisions."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to ``revision``; nothing to do costs one query."""
    if revision != "head" or not is_current(engine):
        command.upgrade(configuration(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to ``revision`` (``base``: nothing)."""
    command.downgrade(configuration(engine), revision)


def revisions() -> list[str]:
    """The revisions that this Duban knows, from the first to the newest."""
    script = ScriptDirectory.from_config(configuration(None))
    return [found.revision for found in reversed(list(script.walk_revisions()))]


def current(engine: Engine) -> str:
    """The revision of the schema; empty where there is none yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def is_current(engine: Engine) -> bool:
    """True when the schema is the newest one."""
    return current(engine) == revisions()[-1]


def migrate(engine: Engine, revision: str = "head") -> tuple[str, str]:
    """Take the schema up or down to ``revision``, whole or not at all; answers from where to where.

    UsageError for a revision that this Duban does not know, as target or as present state.
    """
    known = revisions()
    target = known[-1] if revision == "head" else revision
    before = current(engine)
    if target not in known:
        zh = f"没有版本 {revision}，可用的版本：{'、'.join(known)}"
        raise UsageError(zh, f"no revision {revision}; known are {', '.join(known)}")
    if before and before not in known:
        zh = f"数据库的版本 {before} 由更新版本的督办建立，请换用新版程序"
        raise UsageError(zh, f"the database's revision {before} is newer than this Duban")
    if not before or known.index(before) < known.index(target):
        upgrade(engine, target)
    elif before != target:
        downgrade(engine, target)
    return before, target
