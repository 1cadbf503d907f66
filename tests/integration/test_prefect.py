"""A real Prefect server and our timetable beside it: what is served is scheduled, runs, is seen, and gives way."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from duban.bootstrap import Duban, mark_demo, open_duban, set_clock
from duban.cli.prefect_processes import answers, server, timetable
from duban.clock import Clock
from duban.reading.runs import Runs, runs_of
from duban.services.publishing import publish
from duban.services.replaying import begin
from duban.settings import Settings
from duban.web.flow_view import deployment_names
from factories import at, notice, on, roster, stage
from models import NoticeRow
from models.said import waiting
from models.session import reading, writing
from prefect_server import Api, free_port, running, until

#: due-3 of a report that is due on 10-15 has just been reached
NOW = at("2021-10-12 09:01")
CHAIN = "测〔2021〕1号"
LATER = "测〔2021〕2号 附件"
STANDING = {"deliver", "daily", "sweep", "share"}


@pytest.fixture(scope="module")
def duban(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Duban]:
    """An installation whose clock shows a morning of the season."""
    found = mark_demo(open_duban(Settings(data_dir=tmp_path_factory.mktemp("office"), prefect_port=free_port())))
    begin(found.engine, notice(stage(on("2021-10-15"))), roster(), at=at("2021-09-24 10:00"))
    yield set_clock(found, Clock.showing(NOW))
    found.engine.dispose()


@pytest.fixture(scope="module")
def api(duban: Duban) -> Iterator[Api]:
    """The server, up."""
    with running(server(duban.settings)):
        until(lambda: answers(duban.settings.prefect_port))
        found = Api(duban.settings.prefect_port)
        yield found
        found.client.close()


class Serving:
    """The timetable, and the worker in it: started, killed, started again."""

    def __init__(self, duban: Duban) -> None:
        self.child, self.stack = timetable(duban.settings), ExitStack()
        self.start()

    def start(self) -> None:
        self.process = self.stack.enter_context(running(self.child))

    def kill(self) -> None:
        """As kill -9 does: its runs die with it, and nobody tells Prefect."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def serving(duban: Duban, api: Api) -> Iterator[Serving]:
    """Serves; a second notice is published when the first is served already."""
    found = Serving(duban)
    with found.stack:
        until(lambda: api.deployments().keys() >= {CHAIN, *STANDING})
        second = notice(stage(on("2021-10-29")), id="test-2021-2", document_number="测〔2021〕2号/附件")
        with writing(duban.engine) as session:
            publish(session, second, now=NOW)
        yield found


def test_each_deployment_gets_its_runs_scheduled(api: Api, serving: Serving) -> None:
    """Nothing else notices when the scheduler cannot insert runs: the server looks healthy all the same."""

    def scheduled() -> bool:
        runs = api.post("/flow_runs/filter", flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}})
        served = {run["deployment_id"] for run in runs if run["auto_scheduled"]}
        return {known["id"] for known in api.deployments().values() if known["schedules"]} <= served

    assert until(scheduled, patience=45)


def test_the_timetable_is_in_shanghai_in_our_pool_and_nothing_overlaps(api: Api, serving: Serving) -> None:
    known = api.deployments()
    crons = {CHAIN: "0 * * * *", "deliver": "5,15,25,35,45,55 * * * *", "daily": "30 16 * * *"}
    for name, cron in crons.items():
        (schedule,) = known[name]["schedules"]
        assert schedule["schedule"] == {"cron": cron, "timezone": "Asia/Shanghai", "day_or": True}
        assert known[name]["global_concurrency_limit"]["limit"] == 1
        assert known[name]["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert [known[name]["schedules"] for name in ("sweep", "share")] == [[], []]
    assert {found["work_pool_name"] for found in known.values()} == {"duban"}
    assert known[CHAIN]["parameters"] == {"notice": "test-2021-1"}


def test_a_notice_published_while_serving_is_served(api: Api, serving: Serving) -> None:
    until(lambda: LATER in api.deployments(), patience=30)
    assert api.deployments()[LATER]["parameters"] == {"notice": "test-2021-2"}


@pytest.mark.contract(
    "Only the domain's `now` is shifted; leases, sessions, link expiry, Prefect's schedule and its staleness check use"
)
def test_runs_plan_or_give_way_and_tell_nobody_who(api: Api, duban: Duban, serving: Serving) -> None:
    dry = api.run(CHAIN, dry_run=True)
    stale = api.run("deliver", late=timedelta(minutes=6))
    assert api.ended(dry) == ("Completed", "到期应说 1 项（演练：未写入、未发送）")
    assert api.post("/artifacts/filter") == []
    with reading(duban.engine) as session:
        assert waiting(session) == []

    chain = api.run(CHAIN)
    name, words = api.ended(stale)
    assert (name, words[:7]) == ("Cancelled", "已过时（晚6分")
    assert api.ended(chain) == ("Completed", "到期应说 1 项")
    with reading(duban.engine) as session:
        assert [(action.rung, action.role) for action in waiting(session)] == [("due-3", "clerk")]
    assert seen(api, chain, duban) == {
        "one（10月15日）": ("COMPLETED", "应报1项，办结0项，待审核0项，逾期0项"),
        "table": [{"单位": "aa市", "one（10月15日）": "未报1"}],
        "progress": 0.0,
        "markdown": "应报1项，办结0项，待审核0项，逾期0项。[打开台账](http://127.0.0.1:8000/notices/test-2021-1)",
    }

    runs = api.post("/flow_runs/filter")
    assert {key for run in runs for key in run["parameters"]} == {"notice", "dry_run"}
    assert [log["message"] for log in api.post("/logs/filter") if "@" in log["message"]] == []


def seen(api: Api, run: str, duban: Duban) -> dict[str, Any]:
    """What a person sees of a run: its tasks, and its artifacts by kind."""
    tasks = until(lambda: [t for t in api.tasks_of(run) if t["state"]["type"] == "COMPLETED"])
    found = {task["name"]: (task["state"]["type"], task["state"]["message"]) for task in tasks}
    for artifact in api.post("/artifacts/filter", artifacts={"flow_run_id": {"any_": [run]}}):
        data = artifact["data"]
        found[artifact["type"]] = json.loads(data) if artifact["type"] == "table" else data
    return found


def test_the_page_of_a_notice_knows_its_last_and_its_next_run(api: Api, duban: Duban, serving: Serving) -> None:
    port, first = duban.settings.prefect_port, deployment_names("test-2021-1", "测〔2021〕1号")
    run = api.run(CHAIN, notice="test-2021-1")
    api.ended(run)
    found = runs_of("test-2021-1", first, port=port)
    assert found is not None
    assert found.last
    assert found.next
    assert (found.last.id, found.last.state, found.next.state) == (run, "COMPLETED", "SCHEDULED")
    assert found.last.message.startswith("到期应说")
    assert found.last.at < found.next.at
    second = deployment_names("test-2021-2", "测〔2021〕2号/附件")
    until(lambda: (later := runs_of("test-2021-2", second, port=port)) and later.next)
    assert runs_of("test-2021-2", first, port=port) == Runs()


def test_a_share_of_a_sweep_has_a_task_for_each_part_and_each_is_on_record(api: Api, serving: Serving) -> None:
    parts = [[n, n] for n in range(1, 101)]
    share = api.run("share", work="plan", parts=parts)
    assert api.ended(share) == ("Completed", "已办理")
    until(lambda: sum(task["state_type"] == "COMPLETED" for task in api.tasks_of(share)) == len(parts), patience=60)
    assert {task["name"] for task in api.tasks_of(share)} == {f"第{n}至{n}号单位" for n, _ in parts}


def test_a_notice_closed_while_serving_rests(api: Api, duban: Duban, serving: Serving) -> None:
    close(duban, "test-2021-2")
    until(lambda: api.deployments()[LATER]["paused"], patience=30)
    others = {name: known["paused"] for name, known in api.deployments().items() if name != LATER}
    assert others == dict.fromkeys({CHAIN, *STANDING}, False)


def close(duban: Duban, notice_id: str, *, now: Any = NOW) -> None:
    """Close a notice, or open it again."""
    with writing(duban.engine) as session:
        row = session.get(NoticeRow, notice_id)
        assert row is not None
        row.closed_at = now
        session.add(row)


def test_a_killed_run_does_not_stop_the_next(api: Api, duban: Duban, serving: Serving) -> None:
    with writing(duban.engine):
        run = api.run(CHAIN)
        os.kill(api.process_of(run), signal.SIGKILL)
        assert api.ended(run)[0] == "Crashed"
    assert api.ended(api.run(CHAIN)) == ("Completed", "到期应说 0 项")


def test_a_pause_survives_reconciling_and_a_killed_start_does_not_stop_the_next(
    api: Api, duban: Duban, serving: Serving
) -> None:
    """In Prefect's books a run is under way for ever, and holds the only slot of its deployment."""
    api.pause("daily")
    api.delete("sweep")
    with writing(duban.engine):
        run = api.run(CHAIN)
        api.process_of(run)
        serving.kill()
    # opened again, its chain goes on: that pause was ours
    close(duban, "test-2021-2", now=None)
    assert api.found(run)["state"]["type"] == "RUNNING"
    serving.start()
    assert api.ended(run) == ("Crashed", "随上次停机中断，由下一次接着办理")
    until(lambda: "sweep" in api.deployments() and not api.deployments()[LATER]["paused"])
    assert api.ended(api.run(CHAIN)) == ("Completed", "到期应说 0 项")
    paused = {name for name, known in api.deployments().items() if known["paused"]}
    assert paused == {"daily"}


def test_the_timetable_breaks_nowhere(api: Api, duban: Duban, serving: Serving) -> None:
    log = (Path(duban.settings.data_dir) / "logs" / "prefect-serve.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
