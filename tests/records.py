"""A database with rows in every table, and all of them as values."""

import hashlib
from datetime import UTC
from typing import Any

from sqlalchemy import Engine, MetaData, select, text

from duban.domain.jumps import Reading
from duban.reading.workdays import seed
from duban.services.delivering import Sender
from duban.services.installing import seed_calendar
from duban.services.pulse import beat
from duban.services.replaying import begin, live_through
from factories import at, deliverable, notice, on, roster, stage, unit
from models import AccountRow, CirculationRow
from models.row import metadata
from models.session import make_engine, writing
from notifications.post import Rehearsal
from stories import did

START, END = at("2021-09-24 10:00"), at("2021-10-26 10:00")
NOTICE = notice(stage(on("2021-10-15"), deliverable("report"), deliverable("photos")))
UNITS = roster(
    unit("aa", "clerk", "chief", order=2),
    unit("bb", "clerk", order=1),
    unit("county", "clerk", order=3, parent="bb", kind="county"),
    unit("mute", order=4),
)
SCRIPT = [
    did("2021-10-11 15:00", "aa", "report", "submit"),
    did("2021-10-12 10:00", "aa", "report", "return", note="缺照片", due="2021-10-20"),
    did("2021-10-13 10:00", "aa", "photos", "submit"),
    did("2021-10-14 10:00", "aa", "photos", "approve"),
    did("2021-10-14 11:00", "bb", "report", "extend", note="公示期未满", due="2021-10-29"),
]


def empty_database(server: str, name: str, *, like: str = "template0") -> Engine:
    """A database of its own on a PostgreSQL server; as another one that nobody is connected to."""
    main = make_engine(server)
    with main.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
    main.dispose()
    return make_engine(server.replace("/postgres?", f"/{name}?"))


def fill(engine: Engine) -> None:
    """A season with returns, an extension, tasks and mails; an account, a circulation, signs of life."""
    sender = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid")
    with writing(engine) as session:
        seed_calendar(session, seed())
    begin(engine, NOTICE, UNITS, at=START)
    live_through(engine, NOTICE, SCRIPT, sender, start=START, until=END)
    with writing(engine) as session:
        session.merge(AccountRow(address="office@prov.example", reason="550 拒绝", sent_today=3))
        session.merge(CirculationRow(notice_id=NOTICE.id, event=1, at=START, after="aa", done_at=END))
        beat(session, "deliver", real_now=Reading(at=END.astimezone(UTC), boot="b", uptime=12.5))


def rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All rows at the newest schema, as the program reads them: the same from every kind of database."""
    with engine.connect() as connection:
        return {t.name: sorted(map(tuple, connection.execute(select(t))), key=repr) for t in metadata.sorted_tables}


def everything(engine: Engine) -> dict[str, list[tuple[tuple[str, Any], ...]]]:
    """All rows of all tables as the database has them, sorted; columns by name."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted(
                (tuple(sorted(row._mapping.items())) for row in connection.execute(select(table))), key=repr
            )
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }


def fingerprint(engine: Engine) -> str:
    """One value for all of it."""
    return hashlib.sha256(repr(everything(engine)).encode()).hexdigest()
