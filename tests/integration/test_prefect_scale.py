"""A sweep by four workers on PostgreSQL, one of them killed half-way: exactly once, nothing lost, all on record."""

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from email import message_from_binary_file
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import URL, create_engine, make_url, text

from deployments.leftovers import WORKER
from duban.bootstrap import Duban, mark_demo, open_duban, set_clock
from duban.cli.children import Child
from duban.cli.prefect_processes import answers, server, timetable
from duban.clock import Clock
from duban.services.replaying import begin
from duban.settings import Settings
from factories import at, deliverable, notice, on, roster, stage, unit
from models import ObligationRow
from models.session import reading, writing
from models.setting import ROSTER, new_version
from models.tree import number_units
from notifications.local_server import LocalServer
from prefect_server import ENDED, Api, free_port, running, until

pytestmark = pytest.mark.soak

NOW = at("2021-10-12 09:01")
WORKERS = 4
#: Seconds for a sweep: the starts of nine processes among them.
PATIENCE = 900
#: Sweeps in which everything must have been said and sent.
MOST_SWEEPS = 5


@pytest.fixture
def database(postgres_url: str) -> str:
    """An empty database of its own, for us."""
    return created(make_url(postgres_url), "scale").render_as_string(hide_password=False)


def created(server: URL, name: str) -> URL:
    """A new database of a PostgreSQL server."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name)


@pytest.fixture
def prefect_env(postgres_url: str) -> Iterator[dict[str, str]]:
    """Prefect's own database: PostgreSQL where an installed one has pg_trgm (pgserver's has not), else SQLite."""
    if not shutil.which("initdb"):
        yield {}
        return
    # pgserver has made this user, as nobody may run PostgreSQL as root
    user = "pgserver" if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="duban-prefect-pg-") as folder:
        data = Path(folder) / "data"
        if user:
            shutil.chown(folder, user)
        options = f"-c listen_addresses= -k {folder}"
        for command in (
            ("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"),
            ("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"),
        ):
            subprocess.run(command, user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        found = created(make_url(f"postgresql+psycopg://postgres@/postgres?host={folder}"), "prefect")
        try:
            yield {"PREFECT_API_DATABASE_CONNECTION_URL": str(found.set(drivername="postgresql+asyncpg"))}
        finally:
            stop = ("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
            subprocess.run(stop, user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder)


class Office:
    """Prefect's server, the register and four workers."""

    def __init__(self, stack: ExitStack, duban: Duban, prefect_env: dict[str, str]) -> None:
        self.duban, self.stack = duban, stack
        self.env = {"DUBAN_DATABASE_URL": duban.settings.url}
        settings = duban.settings
        self.begin(server(settings), **prefect_env)
        until(lambda: answers(settings.prefect_port))
        self.api = Api(settings.prefect_port)
        stack.callback(self.api.client.close)
        self.begin(self.child("register", "-m", "deployments.register"))
        until(lambda: "sweep" in self.api.deployments())
        self.workers = {name: self.worker(name) for name in (f"worker-{n}" for n in range(WORKERS))}
        until(lambda: self.online() == WORKERS)

    def child(self, name: str, *arguments: str) -> Child:
        like = timetable(self.duban.settings)
        return replace(like, command=(like.command[0], *arguments), log=like.log.with_name(f"{name}.log"))

    def begin(self, child: Child, **env: str) -> subprocess.Popen[bytes]:
        return self.stack.enter_context(running(child, **self.env, **env))

    def worker(self, name: str) -> subprocess.Popen[bytes]:
        words = ("-m", "prefect", "worker", "start", "--pool", "duban", "--type", "process", "--limit", "2")
        return self.begin(self.child(name, *words, "--name", name))

    def online(self) -> int:
        workers = self.api.post("/work_pools/duban/workers/filter")
        return sum(worker["status"] == "ONLINE" for worker in workers)

    def shares(self, of: str, work: str) -> list[dict[str, Any]]:
        """The runs that a sweep asked for, for one sort of work."""
        runs = self.api.post("/flow_runs/filter", flow_runs={"parent_flow_run_id": {"any_": [of]}})
        return [run for run in runs if run["parameters"]["work"] == work]

    def kill_one(self, sweep: str) -> str:
        """Kill, as kill -9 does, a worker that plans a share and does not hold the sweep; answers its name."""
        holder = until(lambda: self.api.found(sweep)["labels"].get(WORKER))

        def victim() -> dict[str, Any] | None:
            shares = self.shares(sweep, "plan")
            others = [s for s in shares if s["labels"].get(WORKER) not in (None, holder)]
            return next((share for share in others if share["state"]["type"] not in ENDED), None)

        share = until(victim)
        name = str(share["labels"][WORKER])
        self.workers[name].kill()
        self.workers[name].wait()
        return name

    def scalar(self, query: str) -> Any:
        with reading(self.duban.engine) as session:
            return session.connection().execute(text(query)).scalar_one()


def fill(duban: Duban, *, due: int, stored: int) -> int:
    """``due`` obligations that must be spoken about now among ``stored``; answers how many people are written to."""
    three = tuple(deliverable(name) for name in ("a", "b", "c"))
    near, far = notice(stage(on("2021-10-15"), *three)), notice(stage(on("2025-12-10"), *three), id="far")
    begin(duban.engine, near, roster(unit("aa", "clerk")), at=at("2021-09-24 10:00"))
    begin(duban.engine, far.with_(document_number="测〔2021〕2号"), roster(unit("zz")), at=NOW)
    units, others = due // 3, (stored - due) // 3
    with writing(duban.engine) as session:
        for statement in (
            *copies("u", units, of="aa", notice="test-2021-1"),
            *copies("v", others, of="zz", notice="far"),
            f"INSERT INTO contact (unit_id, role, person, email, phone, position, refusal) "
            f"SELECT 'u' || n, 'clerk', '李老师', 'clerk@u' || n || '.example', '', 0, '' "
            f"FROM generate_series(1, {units}) n",
        ):
            session.connection().execute(text(statement))
        number_units(session)
        new_version(session, ROSTER)
    with duban.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return units + 1


def copies(letter: str, count: int, *, of: str, notice: str) -> Iterator[str]:
    """Units like ``of``, each with the same obligations toward ``notice``."""
    series = f"generate_series(1, {count}) n"
    yield (
        f"INSERT INTO unit (id, name, parent_id, kind, relation, position, rank, place, tree_from, tree_to) "
        f"SELECT '{letter}' || n, n || '市', 'prov', 'city', 'subordinate', 1, n + 10, 0, 0, 0 FROM {series}"
    )
    own = ("id", "unit_id", "unit_position")
    same = ", ".join(column.name for column in sqlalchemy.inspect(ObligationRow).columns if column.name not in own)
    yield (
        f"INSERT INTO obligation (unit_id, unit_position, {same}) SELECT '{letter}' || n, n + 10, {same} "
        f"FROM obligation, {series} WHERE notice_id = '{notice}' AND unit_id = '{of}'"
    )


@pytest.mark.parametrize(("due", "stored"), [(24_000, 60_000), (100_000, 1_000_000)])
def test_exactly_once_though_a_worker_is_killed_half_way(
    due: int, stored: int, database: str, prefect_env: dict[str, str], tmp_path: Path
) -> None:
    with ExitStack() as stack, LocalServer(tmp_path / "sink") as sink:
        settings = Settings(
            data_dir=tmp_path / "office",
            database_url=database,
            prefect_port=free_port(),
            mail_port=sink.port,
        )
        duban = set_clock(mark_demo(open_duban(settings)), Clock.showing(NOW))
        people = fill(duban, due=due, stored=stored)
        office = Office(stack, duban, prefect_env)
        minutes = 1 + due / 20_000
        first = office.api.run("sweep", patience_minutes=minutes)
        killed = office.kill_one(first)
        name, words = office.api.ended(first, PATIENCE)
        lost = [share for share in office.shares(first, "plan") if share["state"]["type"] != "COMPLETED"]
        assert {share["labels"][WORKER] for share in lost} == {killed}
        assert (name, words.split("，")[:3]) == (
            "Completed",
            [
                f"应说事项分 {WORKERS} 份同时办理",
                f"完成 {WORKERS - len(lost)} 份",
                f"{len(lost)} 份未完成",
            ],
        )

        for _ in range(MOST_SWEEPS):
            assert office.api.ended(office.api.run("sweep", patience_minutes=minutes), PATIENCE)[0] == "Completed"
            if not office.scalar("SELECT count(*) FROM outbox WHERE state <> 'sent'"):
                break
        check_records(office, first, {share["id"] for share in lost})
        check_said(office, due, people, tmp_path / "sink")
        duban.engine.dispose()


def check_said(office: Office, due: int, people: int, sink: Path) -> None:
    """Exactly once: each obligation one rung, each action told, each person one digest, received once."""
    expected = due // 3 * 3 + 3
    assert office.scalar("SELECT count(DISTINCT obligation_id) FROM said WHERE NOT passed_over") == expected
    assert office.scalar("SELECT count(*) FROM due_action WHERE state = 'told'") == expected
    assert office.scalar("SELECT count(*) FROM due_action") == expected
    assert office.scalar("SELECT count(*) FROM outbox WHERE kind = 'reminder' AND state = 'sent'") == people
    received = Counter(message_id(path) for path in (sink / "new").iterdir())
    assert set(received.values()) == {1}
    assert len(received) == office.scalar("SELECT count(*) FROM outbox")


def message_id(path: Path) -> str:
    with path.open("rb") as mail:
        return str(message_from_binary_file(mail)["Message-ID"])


def check_records(office: Office, sweep: str, lost: set[str]) -> None:
    """Prefect has every task run of the sweep: one a share, and one a part in each share that was done."""
    shares = [share for share in office.shares(sweep, "plan") if share["id"] not in lost]
    for share in shares:
        parts = len(share["parameters"]["parts"])
        until(lambda share=share, parts=parts: len(completed(office, share["id"])) == parts, patience=60)
    asked = WORKERS + len(office.shares(sweep, "deliver"))
    assert len(office.api.tasks_of(sweep)) == asked


def completed(office: Office, run: str) -> list[dict[str, Any]]:
    return [task for task in office.api.tasks_of(run) if task["state"]["type"] == "COMPLETED"]
