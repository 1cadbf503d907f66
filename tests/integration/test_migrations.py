"""The schema by migrations is the schema of the rows, up and down, on SQLite and on PostgreSQL."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, event, inspect, text

from commands import DEFINITION, UNITS, Duban
from duban.domain.errors import UsageError
from models.migrating import configuration, current, downgrade, is_current, migrate, revisions, upgrade
from models.row import metadata
from models.session import make_engine, reading, writing
from models.tree import number_units
from notifications.local_server import LocalServer
from records import empty_database, everything, fill, fingerprint

#: The newest revision.
HEAD = revisions()[-1]


@pytest.fixture(params=["sqlite", "postgres"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'bare.db'}")
    else:
        made = empty_database(request.getfixturevalue("postgres_url"), "bare")
    yield made
    made.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_up_and_down_and_up_again(bare: Engine) -> None:
    upgrade(bare)
    assert (is_current(bare), tables(bare)) == (True, set(metadata.tables))
    downgrade(bare, "base")
    assert tables(bare) == set()
    upgrade(bare)
    assert is_current(bare)


def test_the_migrations_make_what_the_rows_say(bare: Engine) -> None:
    upgrade(bare)
    command.check(configuration(bare))


def test_the_commands_work_on_either_database(
    bare: Engine, duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Import, publish, act, sweep, status by the command line; PostgreSQL by ``DUBAN_DATABASE_URL``."""
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "notice.yaml").write_text(DEFINITION, encoding="utf-8")
    url = bare.url.render_as_string(hide_password=False).replace("+psycopg", "")
    monkeypatch.setenv("DUBAN_DATABASE_URL", url)
    with LocalServer(tmp_path / "maildir") as server:
        monkeypatch.setenv("DUBAN_MAIL_PORT", str(server.port))
        assert duban("units", "import", "units.csv").code == 0
        assert duban("publish", "notice.yaml", "--at", "2021-10-13T10:00", "--json").json["sent"] == 2
        assert duban("sweep", "--at", "2021-10-14T09:00", "--json").json["sent"] == 1
        assert duban("act", "nil", "small-2021-1", "aa", "report", "--at", "2021-10-14T10:00").code == 0
    (row,) = duban("status", "small-2021-1", "--json").json[0]["ledger"]
    assert (row["status"], row["first_submitted_at"]) == ("submitted", "2021-10-14T10:00:00+08:00")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with rows in every table, to copy."""
    made = make_engine(f"sqlite:///{tmp_path_factory.mktemp('filled') / 'filled.db'}")
    upgrade(made)
    fill(made)
    made.dispose()
    return Path(str(made.url.database))


@pytest.fixture(scope="module")
def filled_server(postgres_url: str) -> str:
    """A server that has a database with rows in every table, to copy: ``full_template``."""
    made = empty_database(postgres_url, "full_template")
    upgrade(made)
    fill(made)
    made.dispose()
    return postgres_url


@pytest.fixture(params=["sqlite", "postgres"])
def full(request: pytest.FixtureRequest, filled: Path, tmp_path: Path) -> Iterator[Engine]:
    """Rows in every table, at the newest revision."""
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{shutil.copy(filled, tmp_path / 'full.db')}")
    else:
        made = empty_database(request.getfixturevalue("filled_server"), "filled", like="full_template")
    assert [name for name, found in everything(made).items() if not found] == []
    yield made
    made.dispose()


def first_columns() -> dict[str, set[str]]:
    """What the first revision has room for: its tables with their columns."""
    made = make_engine("sqlite://")
    upgrade(made, "0001")
    found = {table: {column["name"] for column in inspect(made).get_columns(table)} for table in tables(made)}
    made.dispose()
    return found


def shared(engine: Engine) -> dict[str, list[tuple[tuple[str, Any], ...]]]:
    """All rows, as far as the first revision has room for them."""
    room, found = first_columns(), everything(engine)
    return {
        table: sorted((tuple(pair for pair in row if pair[0] in columns) for row in found[table]), key=repr)
        for table, columns in room.items()
    }


def places(engine: Engine) -> list[tuple[str, int, int, int]]:
    query = text("SELECT id, place, tree_from, tree_to FROM unit ORDER BY place")
    with reading(engine) as session:
        return [tuple(row) for row in session.execute(query)]


def test_rows_survive_the_way_down_and_up_again(full: Engine) -> None:
    before = shared(full)
    steps = [migrate(full, revision) for revision in ("0001", HEAD, "0001", HEAD)]
    assert steps == [(HEAD, "0001"), ("0001", HEAD), (HEAD, "0001"), ("0001", HEAD)]
    assert shared(full) == before
    migrate(full, "0001")
    assert shared(full) == before
    assert set(everything(full)) == set(first_columns())


def test_units_have_their_numbers_after_the_way_up(full: Engine) -> None:
    migrate(full, "0001")
    migrate(full, HEAD)
    migrated = places(full)
    with writing(full) as session:
        number_units(session)
    assert migrated == places(full)
    assert migrated == [("prov", 0, 1, 5), ("bb", 1, 2, 3), ("aa", 2, 4, 4), ("county", 3, 3, 3), ("mute", 4, 5, 5)]


def test_foreign_keys_hold_again_after_a_migration(full: Engine) -> None:
    migrate(full, "0001")
    migrate(full, HEAD)
    if full.dialect.name == "sqlite":
        with full.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    with pytest.raises(Exception, match=r"(?i)foreign key"), writing(full) as session:
        session.execute(text("DELETE FROM unit WHERE id = 'aa'"))


def test_a_migration_that_would_leave_loose_rows_has_not_happened(tmp_path: Path) -> None:
    """A contact whose unit is gone (a file that somebody has edited): refused, and everything is as it was."""
    engine = make_engine(f"sqlite:///{tmp_path / 'loose.db'}")
    migrate(engine, "0001")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.rollback()
    raw = engine.raw_connection()
    raw.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
    raw.driver_connection.execute(  # type: ignore[union-attr]
        "INSERT INTO contact (unit_id, role, person, email, phone, position) VALUES ('nobody', 'clerk', '', '', '', 0)"
    )
    raw.close()
    before = everything(engine)
    with pytest.raises(RuntimeError, match="rows without what they refer to"):
        migrate(engine, HEAD)
    assert (current(engine), everything(engine)) == ("0001", before)
    engine.dispose()


def test_unknown_revisions_are_refused(bare: Engine) -> None:
    for unknown in ("0099", "base", "", "head~1"):
        with pytest.raises(UsageError, match=f"没有版本 {unknown}，可用的版本：{'、'.join(revisions())}"):
            migrate(bare, unknown)
    assert (current(bare), tables(bare)) == ("", set())
    assert (migrate(bare, "0001"), migrate(bare), migrate(bare)) == (("", "0001"), ("0001", HEAD), (HEAD, HEAD))
    with bare.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(UsageError, match="由更新版本的督办建立"):
        migrate(bare)


def test_the_command_says_from_where_to_where(
    full: Engine, duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_DATABASE_URL", full.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    assert duban("migrate", "0001").out == f"数据库版本：{HEAD} → 0001\n"
    assert duban("migrate", "--json").json == {"from": "0001", "to": HEAD}
    assert duban("migrate").out == f"数据库版本已是 {HEAD}\n"
    said = duban("migrate", "0099")
    assert (said.code, said.err) == (2, f"没有版本 0099，可用的版本：{'、'.join(revisions())}\n")


def in_a_child(work: Callable[[], object], *, kill_after: float | None = None) -> int:
    """Run something in a process of its own, killed after some seconds; answers the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def dying_at(url: str, statement: int, revision: str) -> Callable[[], object]:
    """A migration that kills itself, as ``kill -9`` does, before its n-th statement."""

    def work() -> None:
        engine, seen = make_engine(url), iter(range(1, 10_000))

        def count(*_: object) -> None:
            if next(seen) == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(engine, "before_cursor_execute", count)
        migrate(engine, revision)

    return work


def statements(engine: Engine, revision: str) -> int:
    """How many statements a migration has."""
    seen: list[str] = []
    listen = (engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    event.listen(*listen)
    migrate(engine, revision)
    event.remove(*listen)
    return len(seen)


def test_a_migration_killed_in_the_middle_has_not_happened(full: Engine) -> None:
    """20 kills, spread over all statements of the ways up and down; afterwards it is simply done again."""
    migrate(full, "0001")
    old, length = everything(full), statements(full, HEAD)
    migrate(full, "0001")
    url = full.url.render_as_string(hide_password=False)
    for n in range(10):
        assert in_a_child(dying_at(url, 1 + n * length // 10, HEAD)) == signal.SIGKILL
        assert (current(full), everything(full)) == ("0001", old)
    migrate(full, HEAD)
    new, length = everything(full), statements(full, "0001")
    migrate(full, HEAD)
    for n in range(10):
        assert in_a_child(dying_at(url, 1 + n * length // 10, "0001")) == signal.SIGKILL
        assert (current(full), everything(full)) == (HEAD, new)
    assert migrate(full, "0001") == (HEAD, "0001")
    assert everything(full) == old


@pytest.mark.soak
def test_a_migration_killed_at_any_time_loses_nothing(tmp_path: Path) -> None:
    """200 kills at any moment, also in the middle of the commit."""
    random, path = Random(25), tmp_path / "made.db"
    made = make_engine(f"sqlite:///{path}")
    upgrade(made)
    fill(made)
    migrate(made, "0001")
    old = everything(made)
    made.dispose()
    began = time.monotonic()
    assert in_a_child(lambda: migrate(make_engine(f"sqlite:///{shutil.copy(path, tmp_path / 'timed.db')}"))) == 0
    length = time.monotonic() - began
    upgraded = make_engine(f"sqlite:///{tmp_path / 'timed.db'}")
    new = fingerprint(upgraded)
    upgraded.dispose()
    for n in range(200):
        copy = Path(shutil.copy(path, tmp_path / f"{n}.db"))
        in_a_child(lambda copy=copy: migrate(make_engine(f"sqlite:///{copy}")), kill_after=random.uniform(0, length))  # type: ignore[misc]
        engine = make_engine(f"sqlite:///{copy}")
        if current(engine) == "0001":
            assert everything(engine) == old
        assert migrate(engine)[1] == HEAD
        assert fingerprint(engine) == new
        engine.dispose()
