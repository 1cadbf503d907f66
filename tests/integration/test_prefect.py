"""A real Prefect server and our timetable beside it: what is served is scheduled, runs, and gives way when late."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from duban.bootstrap import Duban, mark_demo, open_duban, set_clock
from duban.cli.children import Child
from duban.cli.prefect_processes import answers, server, timetable
from duban.clock import Clock
from duban.services.publishing import publish
from duban.services.replaying import begin
from duban.settings import Settings
from duban.tied import die_with
from factories import at, notice, on, roster, stage
from models import NoticeRow
from models.said import waiting
from models.session import reading, writing

#: due-3 of a report that is due on 10-15 has just been reached
NOW = at("2021-10-12 09:01")
CHAIN = "测〔2021〕1号"
LATER = "测〔2021〕2号 附件"


@pytest.fixture(scope="module")
def duban(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Duban]:
    """An installation whose clock shows a morning of the season."""
    found = mark_demo(open_duban(Settings(data_dir=tmp_path_factory.mktemp("office"), prefect_port=free_port())))
    begin(found.engine, notice(stage(on("2021-10-15"))), roster(), at=at("2021-09-24 10:00"))
    yield set_clock(found, Clock.showing(NOW))
    found.engine.dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(child: Child) -> Iterator[subprocess.Popen[bytes]]:
    """A child as ``run`` starts it, its output in its log; it looks for runs more often."""
    child.log.parent.mkdir(exist_ok=True)
    env, parent = {**child.env, "PREFECT_RUNNER_POLL_FREQUENCY": "2"}, os.getpid()
    with (
        child.log.open("wb") as log,
        subprocess.Popen(
            child.command,
            env=env,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - it only asks the kernel
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


class Api:
    """Prefect's API, asked plainly."""

    def __init__(self, port: int) -> None:
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}/api", trust_env=False, timeout=30)

    def post(self, path: str, **body: Any) -> Any:
        """As Prefect's own client: 503 (its SQLite is locked) is asked again."""

        def answered() -> httpx.Response | None:
            answer = self.client.post(path, json=body)
            return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer

        answer: httpx.Response = until(answered)
        return answer.raise_for_status().json()

    def deployments(self) -> dict[str, Any]:
        return {found["name"]: found for found in self.post("/deployments/filter")}

    def run(self, deployment: str, *, late: timedelta = timedelta(0), **parameters: Any) -> str:
        """Ask for a run that should have begun so long ago; answers its id."""
        due = (datetime.now(UTC) - late).isoformat()  # noqa: TID251 - Prefect's time is real
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due}}
        path = f"/deployments/{self.deployments()[deployment]['id']}/create_flow_run"
        return str(self.post(path, state=state, parameters=parameters)["id"])

    def ended(self, run: str) -> tuple[str, str]:
        """How a run ended, and with which words."""

        def over() -> dict[str, Any] | None:
            (found,) = self.post("/flow_runs/filter", flow_runs={"id": {"any_": [run]}})
            state: dict[str, Any] = found["state"]
            return state if state["type"] in ("COMPLETED", "CANCELLED", "FAILED", "CRASHED") else None

        state = until(over)
        return state["name"], state["message"]


def until(look: Callable[[], Any], patience: float = 90) -> Any:
    """What ``look`` finds at last."""
    end = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < end, "not in time"
        time.sleep(0.2)
    return found


@pytest.fixture(scope="module")
def api(duban: Duban) -> Iterator[Api]:
    """The server and the timetable, up; a second notice is published when the first is served already."""
    settings = duban.settings
    with ExitStack() as stack:
        stack.enter_context(running(server(settings)))
        until(lambda: answers(settings.prefect_port))
        stack.enter_context(running(timetable(settings)))
        found = Api(settings.prefect_port)
        until(lambda: {CHAIN, "deliver", "daily"} <= found.deployments().keys())
        second = notice(stage(on("2021-10-29")), id="test-2021-2", document_number="测〔2021〕2号/附件")
        with writing(duban.engine) as session:
            publish(session, second, now=NOW)
        yield found
        found.client.close()


def test_each_deployment_gets_its_runs_scheduled(api: Api) -> None:
    """Nothing else notices when the scheduler cannot insert runs: the server looks healthy all the same."""

    def scheduled() -> bool:
        runs = api.post("/flow_runs/filter", flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}})
        served = {run["deployment_id"] for run in runs if run["auto_scheduled"]}
        return {known["id"] for name, known in api.deployments().items() if name != LATER} <= served

    assert until(scheduled, patience=45)


def test_the_timetable_is_in_shanghai_and_nothing_overlaps(api: Api) -> None:
    known = api.deployments()
    crons = {CHAIN: "0 * * * *", "deliver": "5,15,25,35,45,55 * * * *", "daily": "30 16 * * *"}
    for name, cron in crons.items():
        (schedule,) = known[name]["schedules"]
        assert schedule["schedule"] == {"cron": cron, "timezone": "Asia/Shanghai", "day_or": True}
        assert known[name]["global_concurrency_limit"]["limit"] == 1
        assert known[name]["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert known[CHAIN]["parameters"] == {"notice": "test-2021-1"}


def test_a_notice_published_while_serving_is_served(api: Api, duban: Duban) -> None:
    until(lambda: LATER in api.deployments())
    assert api.deployments()[LATER]["parameters"] == {"notice": "test-2021-2"}
    with writing(duban.engine) as session:
        row = session.get(NoticeRow, "test-2021-2")
        assert row is not None
        row.closed_at = NOW
        session.add(row)


@pytest.mark.contract(
    "Only the domain's `now` is shifted; leases, sessions, link expiry, Prefect's schedule and its staleness check use"
)
def test_runs_plan_or_give_way_and_tell_nobody_who(api: Api, duban: Duban) -> None:
    dry = api.run(CHAIN, dry_run=True)
    stale = api.run("deliver", late=timedelta(minutes=6))
    assert api.ended(dry) == ("Completed", "到期应说 1 项（演练：未写入、未发送）")
    with reading(duban.engine) as session:
        assert waiting(session) == []

    chain = api.run(CHAIN)
    name, words = api.ended(stale)
    assert (name, words[:7]) == ("Cancelled", "已过时（晚6分")
    assert api.ended(chain) == ("Completed", "到期应说 1 项")
    with reading(duban.engine) as session:
        assert [(action.rung, action.role) for action in waiting(session)] == [("due-3", "clerk")]

    runs = api.post("/flow_runs/filter")
    assert {key for run in runs for key in run["parameters"]} == {"notice", "dry_run"}
    assert [log["message"] for log in api.post("/logs/filter") if "@" in log["message"]] == []


def test_a_notice_closed_while_serving_rests(api: Api) -> None:
    until(lambda: api.deployments()[LATER]["paused"])
    others = [known for name, known in api.deployments().items() if name != LATER]
    assert [(known["paused"], len(known["schedules"])) for known in others] == [(False, 1)] * 3


def test_the_timetable_breaks_nowhere(api: Api, duban: Duban) -> None:
    log = (Path(duban.settings.data_dir) / "logs" / "prefect-serve.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
