"""The schema by migrations is the schema of the rows, up and down, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text

from commands import DEFINITION, UNITS, Duban
from models.migrating import configuration, downgrade, is_current, upgrade
from models.row import metadata
from models.session import make_engine
from notifications.local_server import LocalServer


@pytest.fixture(params=["sqlite", "postgres"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'bare.db'}")
    else:
        url = request.getfixturevalue("postgres_url")
        main = make_engine(url)
        with main.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS bare"))
            connection.execute(text("CREATE DATABASE bare"))
        main.dispose()
        made = make_engine(url.replace("/postgres?", "/bare?"))
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
