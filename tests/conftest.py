"""What tests share: real databases (SQLite in memory, PostgreSQL by pgserver), and a sender that keeps nothing."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pgserver
import pytest
from hypothesis import settings
from sqlalchemy import Engine, text

import models  # noqa: F401 - fills the metadata
from duban.services.delivering import Sender
from empty import installed
from models.session import make_engine
from notifications.post import Rehearsal

# machines are noisy: an example that takes long is no finding
settings.register_profile("house", deadline=None)
settings.load_profile("house")

#: The notices as printed: not part of the project, and read where they lie beside it.
NOTICES_AS_PRINTED = Path(os.environ.get("DUBAN_NOTICES") or Path(__file__).resolve().parents[2] / "shared" / "notices")
#: Without them there is nothing to compare with.
collect_ignore = [] if NOTICES_AS_PRINTED.is_dir() else ["unit/test_drafting_notices.py"]


def pytest_report_header() -> str:
    """Where the printed notices are, or that they are not there."""
    return f"notices as printed: {NOTICES_AS_PRINTED if NOTICES_AS_PRINTED.is_dir() else 'not here (DUBAN_NOTICES)'}"


#: the fixtures that stand beside what they call
pytest_plugins = ["commands"]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own, under a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="duban-pg-") as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            made_quick(url)
            yield url
        finally:
            server.cleanup()


def made_quick(url: str) -> None:
    """No power cut is tried here: the server need not wait for the disk."""
    engine = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty, installed database of each kind."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else "sqlite://"
    made = installed(make_engine(url))
    yield made
    made.dispose()


@pytest.fixture
def sender() -> Sender:
    """Composes every mail and delivers it to nobody."""
    return Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid")


@pytest.fixture
def unused_port() -> int:
    """A port on loopback at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
