"""What is deployed, on paper: one timetable, told alike in each file; and what is left over after a stop."""

import asyncio
import configparser
import re
import shlex
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import PrefectClient
from ruamel.yaml import YAML

from deployments.leftovers import WORKER, close_dead, collapse_late
from deployments.timetable import STANDING, ZONE, Entry, timetable
from duban.cli.prefect_processes import environment
from duban.clock import real_now
from duban.settings import Settings
from flows import POOL
from flows.chain import chain

FOLDER = Path(__file__).resolve().parents[2] / "deployments"
UNITS = sorted((FOLDER / "systemd").glob("*.service"))
COMPOSE = YAML(typ="safe").load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))


def test_a_chain_per_open_notice_and_the_first_published_keeps_the_bare_number() -> None:
    entries = timetable({"first": "测〔2021〕1号", "second": "测〔2021〕1号", "third": "测/2%"})
    assert [(entry.name, entry.parameters) for entry in entries if entry.flow is chain] == [
        ("测〔2021〕1号", {"notice": "first"}),
        ("测〔2021〕1号 second", {"notice": "second"}),
        ("测 2 ", {"notice": "third"}),
    ]
    assert entries[3:] == list(STANDING)


@pytest.mark.parametrize("change", [{"cron": "1 * * * *"}, {"alone": False}, {"parameters": {"notice": "other"}}])
def test_whatever_changes_is_registered_anew(change: dict[str, Any]) -> None:
    same: dict[str, Any] = {"flow": chain, "name": "一", "description": "", "cron": "0 * * * *"}
    assert Entry(**same).version == Entry(**same).version != Entry(**(same | change)).version


@pytest.mark.parametrize("entry", timetable({"one": "一"}), ids=lambda entry: entry.name)
def test_each_entrypoint_leads_to_its_flow(entry: Entry) -> None:
    module, _, name = entry.entrypoint.rpartition(".")
    assert getattr(__import__(module, fromlist=[name]), name) is entry.flow


def test_prefect_yaml_tells_the_same_as_the_timetable() -> None:
    told = YAML(typ="safe").load((FOLDER / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    assert told == [yaml(entry) for entry in STANDING]


def yaml(entry: Entry) -> dict[str, Any]:
    limit = {"concurrency_limit": {"limit": 1, "collision_strategy": "CANCEL_NEW"}} if entry.alone else {}
    return limit | {
        "name": entry.name,
        "version": entry.version,
        "description": entry.description,
        "entrypoint": entry.entrypoint,
        "schedules": [{"cron": entry.cron, "timezone": ZONE}] if entry.cron else [],
        "work_pool": {"name": POOL},
    }


def test_prefect_env_is_what_one_machine_uses() -> None:
    lines = [line for line in (FOLDER / "prefect.env").read_text().splitlines() if not line.startswith("#")]
    told = dict(line.split("=", 1) for line in lines)
    used = environment(Settings(prefect_port=4200))
    assert told == {name: used[name] for name in told}
    own = {"PREFECT_HOME", "PREFECT_SERVER_UI_STATIC_DIRECTORY"}
    assert {name for name in used if name.startswith("PREFECT_")} - told.keys() == own


def commands() -> Iterator[Any]:
    """The commands of every unit and of every service, as words."""
    for path in UNITS:
        python, *words = shlex.split(service(path)["ExecStart"])
        assert python == "/srv/duban/.venv/bin/python"
        yield pytest.param(words, id=path.stem)
    for name, found in COMPOSE["services"].items():
        if "command" in found:
            yield pytest.param(shlex.split(found["command"])[1:], id=name)


def service(path: Path) -> configparser.SectionProxy:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(path, encoding="utf-8")
    return unit["Service"]


@pytest.mark.parametrize("words", list(commands()))
def test_each_command_starts_a_module_that_is_there(words: list[str]) -> None:
    dash_m, module, *rest = words
    assert (dash_m, find_spec(module) is not None) == ("-m", True)
    for target in rest:
        if re.fullmatch(r"[a-z.]+:[a-z]+", target):
            name, _, attribute = target.partition(":")
            assert callable(getattr(__import__(name, fromlist=[attribute]), attribute))


def test_workers_everywhere_work_for_our_pool() -> None:
    begun = [param.values[0] for param in commands() if "worker" in param.values[0]]
    assert begun == [["-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process", "--limit", "2"]] * 2


def test_units_restart_and_end_whole() -> None:
    assert [path.stem for path in UNITS] == ["duban-prefect", "duban-serve", "duban-web", "duban-worker"]
    for path in UNITS:
        found = service(path)
        assert (found["Restart"], found["KillMode"], found["User"]) == ("always", "control-group", "duban")
        assert found["WorkingDirectory"] == "/srv/duban"


def test_compose_holds_no_secret_and_opens_nothing_to_the_world() -> None:
    text = (FOLDER / "compose.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)[^}]*\}", text)) == set(re.findall(r"\$\{(\w+):\?\}", text)), "no defaults"
    services = COMPOSE["services"]
    assert set(services) == {"database", "prefect", "register", "worker", "web"}
    for found in services.values():
        assert set(found.get("depends_on", {})) <= set(services)
        assert all(port.startswith("127.0.0.1:") for port in found.get("ports", []))
        for volume in found.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (FOLDER / source).is_file()
    build = services["web"]["build"]
    assert (FOLDER / build["context"] / build["dockerfile"]).is_file()


class Books:
    """Prefect's runs, as its client gives and takes them: pages, the newest first."""

    def __init__(self, *runs: SimpleNamespace) -> None:
        self.runs, self.ended = runs, dict[str, str]()

    async def read_flow_runs(self, *, limit: int, offset: int, **_: Any) -> list[SimpleNamespace]:
        return list(self.runs[offset : offset + limit])

    async def set_flow_run_state(self, run: str, state: Any) -> None:
        self.ended[run] = state.name


def run(name: str, deployment: UUID, *, worker: str = "", auto: bool = True) -> SimpleNamespace:
    labels = {WORKER: worker} if worker else {}
    return SimpleNamespace(id=name, deployment_id=deployment, labels=labels, auto_scheduled=auto)


def test_of_the_late_runs_of_a_deployment_the_newest_is_left() -> None:
    one, other = uuid4(), uuid4()
    books = Books(run("1c", one), run("2b", other), run("1b", one), run("by hand", one, auto=False), run("1a", one))
    asyncio.run(collapse_late(cast(PrefectClient, books)))
    assert books.ended == {"1b": "Cancelled", "1a": "Cancelled"}


def test_only_the_runs_of_the_own_former_start_are_dead() -> None:
    books = Books(*(run(name, uuid4(), worker=name) for name in ("mine", "another")), run("not begun", uuid4()))
    asyncio.run(close_dead(cast(PrefectClient, books), "mine"))
    assert books.ended == {"mine": "Crashed"}


def test_a_run_is_late_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    class Asked(Books):
        async def read_flow_runs(self, **wanted: Any) -> list[SimpleNamespace]:
            asked.update(wanted)
            return []

    began = real_now()
    asyncio.run(collapse_late(cast(PrefectClient, Asked())))
    before = asked["flow_run_filter"].expected_start_time.before_
    assert began - timedelta(minutes=1) <= before <= real_now() - timedelta(minutes=1)
