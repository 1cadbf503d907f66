"""Empty databases with their tables and working days, made as quickly as they are needed: once, then copied."""

import sqlite3
from contextlib import closing
from functools import cache

from sqlalchemy import Engine, inspect, text

from duban.reading.workdays import seed
from duban.services.installing import seed_calendar
from models.row import metadata
from models.session import make_engine, writing

#: Only what holds something is emptied: TRUNCATE makes new files for each table, and takes a quarter of a second.
#: The log is sealed, so its triggers rest meanwhile.
_EMPTY_ALL = """
DO $$
DECLARE one text; is_filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || one || ')' INTO is_filled;
        IF is_filled THEN EXECUTE 'DELETE FROM ' || one; END IF;
    END LOOP;
    PERFORM setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences WHERE schemaname = 'public';
END $$
"""


def installed(engine: Engine) -> Engine:
    """The same database, empty and with its working days."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            _ready().backup(connection.driver_connection)
    else:
        _emptied(engine)
    return engine


def _emptied(engine: Engine) -> None:
    if not inspect(engine).has_table("notice"):
        metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text(_EMPTY_ALL))
    _with_days(engine)


def _with_days(engine: Engine) -> None:
    with writing(engine) as session:
        seed_calendar(session, seed())


@cache
def _ready() -> sqlite3.Connection:
    """Such a database of SQLite, in memory."""
    engine = make_engine("sqlite://")
    metadata.create_all(engine)
    _with_days(engine)
    kept: sqlite3.Connection = engine.raw_connection().driver_connection
    return kept
