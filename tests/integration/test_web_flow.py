"""The course of a notice: every box leads to as many rows, stages stand by day, and Prefect may be away."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from chain_season import chain_notice, chain_units
from deployments.timetable import timetable
from duban.domain.terms import Act, Hat
from duban.reading.runs import Run, Runs, runs_of
from duban.services.acting import Request, act
from duban.services.installing import import_units
from duban.services.publishing import publish
from duban.web.flow_view import deployment_names
from factories import at, deliverable, on, stage
from models.session import writing
from web_season import Client, come_in, installation, stranger_of

NOW = "2021-10-12 09:30"
#: Handed in by two schools, one city has approved; cases that come later are built from the summaries.
CASES = deliverable("cases", who=["schools"], built_from=["summary"]) | {"name": "案例汇编"}
LATER = stage(on("2021-11-30"), CASES, name="later")


def course(engine: Engine, folder: Path, *, port: int = 1) -> Client:
    """The coordinator of a notice with two reviews."""
    first = chain_notice()
    stages = [LATER, *first.model_dump(mode="json", by_alias=True)["stages"]]
    told = type(first).model_validate(first.model_dump(mode="json", by_alias=True) | {"stages": stages})
    with writing(engine) as session:
        import_units(session, chain_units())
    with writing(engine) as session:
        publish(session, told, now=at("2021-09-24 10:00"))
    for unit, name, what in (
        ("school", "summary", Act.SUBMIT),
        ("other", "summary", Act.SUBMIT),
        ("school", "summary", Act.APPROVE),
        ("school", "photos", Act.WAIVE),
    ):
        with writing(engine) as session:
            asked = Request(notice=told.id, unit=unit, deliverable=name, act=what, note="合并报送")
            act(session, asked, now=at("2021-10-11 15:00"))
    made = installation(engine, folder, now=NOW, is_demo=False)
    made.settings.prefect_port = port
    client = stranger_of(made)
    client.session = come_in(engine, "me@prov.example", (Hat.COORDINATOR, "prov"))
    return client


def boxes(page: str) -> list[tuple[str, int, str]]:
    """Name, count and address of every box that leads somewhere."""
    found = re.findall(r'<a class="(?:count|late)" href="([^"]+)">(.*?)</a>', page)
    plain = [(re.sub(r"<[^>]+>", "", words), unescape(url)) for url, words in found]
    return [(re.sub(r"[\d ]", "", words), int(re.sub(r"\D", "", words)), url) for words, url in plain]


def test_every_box_leads_to_as_many_rows(engine: Engine, tmp_path: Path) -> None:
    client = course(engine, tmp_path)
    page = client.get("/notices/test-2021-1/flow").text
    found = boxes(page)
    assert [(name, count) for name, count, _ in found] == [
        *[("市级审核", 1), ("省级审核", 1)],
        *[("待报送", 1), ("免报", 1)],
        *[("待报送", 2), ("待报送", 2), ("待报送", 2)],
    ]
    for name, count, url in found:
        rows = re.search(r"<tbody>(.*?)</tbody>", client.get(url).text, re.DOTALL)
        assert (name, rows and rows[1].count("<tr>")) == (name, count), url
    assert "仅列：活动周年度工作总结" in client.get(found[0][2]).text


def test_stages_stand_by_day_and_say_what_they_wait_for(engine: Engine, tmp_path: Path) -> None:
    page = course(engine, tmp_path).get("/notices/test-2021-1/flow").text
    assert re.findall(r'<p class="when">(.*?)</p>', page) == ["10月15日", "11月30日"]
    assert "等上级主管部门审核，3个工作日内" in page
    assert "等单位报送：10-15前（系统按10月15日 周五 24时计）" in page
    assert "汇总自 活动周年度工作总结（办结0/应报2）" in page
    assert "有到期的提醒，下一次检查时列入。" in page
    assert "运行情况（Prefect）没有应答，不影响本页；还没有检查过。" in page


def test_a_supervisor_sees_the_own_tree_and_nothing_of_the_machine(engine: Engine, tmp_path: Path) -> None:
    client = course(engine, tmp_path)
    client.session = come_in(engine, "boss@city.example", (Hat.SUPERVISOR, "city"))
    page = client.get("/notices/test-2021-1/flow").text
    assert [(name, count) for name, count, _ in boxes(page)][:2] == [("省级审核", 1), ("免报", 1)]
    assert "Prefect" not in page


@contextmanager
def answering(answer: Callable[[dict[str, Any]], tuple[int, bytes]]) -> Iterator[int]:
    """A server that answers as Prefect's might; its port."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = answer({"path": self.path, **asked})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quietly."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Whoever asked has gone: that is what is tried here."""

    server = Server(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(notice_id: str, state: str, at_: str) -> dict[str, Any]:
    told = {"id": f"{state}-{at_}", "state_type": state, "state": {"message": "到期应说 1 项"}}
    return told | {"parameters": {"notice": notice_id}, "start_time": at_, "expected_start_time": at_}


def of_prefect(asked: dict[str, Any]) -> tuple[int, bytes]:
    if asked["flow_runs"]["state"]["type"]["any_"] == ["SCHEDULED"]:
        ahead = run("test-2021-1", "SCHEDULED", "2026-01-02T02:00:00Z") | {"start_time": None, "state": None}
        return 200, json.dumps([ahead]).encode()
    another = run("another", "RUNNING", "2026-01-02T01:30:00Z")
    broken = {"parameters": None}
    return 200, json.dumps([broken, another, run("test-2021-1", "FAILED", "2026-01-02T01:00:00Z")]).encode()


def test_the_last_and_the_next_run_are_told_and_led_to(engine: Engine, tmp_path: Path) -> None:
    with answering(of_prefect) as port:
        assert runs_of("test-2021-1", ["测〔2021〕1号"], port=port) == Runs(
            last=Run(
                id="FAILED-2026-01-02T01:00:00Z",
                state="FAILED",
                message="到期应说 1 项",
                at=datetime(2026, 1, 2, 1, tzinfo=UTC),
            ),
            next=Run(
                id="SCHEDULED-2026-01-02T02:00:00Z",
                state="SCHEDULED",
                message="",
                at=datetime(2026, 1, 2, 2, tzinfo=UTC),
            ),
        )
        page = course(engine, tmp_path, port=port).get("/notices/test-2021-1/flow").text
    url = f"http://127.0.0.1:{port}/runs/flow-run/FAILED-2026-01-02T01:00:00Z"
    assert f'<li class="bad"><a href="{url}">最近一次 2026-01-02 09:00 失败</a></li>' in page
    assert "下一次 2026-01-02 10:00 待运行" in page


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b'[{"parameters": {}}]', b"<html>", b"\xff"])
def test_whatever_answers_the_page_is_there(body: bytes) -> None:
    with answering(lambda _: (200, body)) as port:
        assert runs_of("test-2021-1", ["x"], port=port) in (None, Runs())
    with answering(lambda _: (500, body)) as port:
        assert runs_of("test-2021-1", ["x"], port=port) is None
    assert runs_of("test-2021-1", ["x"], port=port) is None


def test_a_server_that_does_not_answer_is_not_waited_for() -> None:
    over = threading.Event()

    def slow(_: dict[str, Any]) -> tuple[int, bytes]:
        over.wait(20)
        return 200, b"[]"

    with answering(slow) as port:
        began = time.monotonic()
        assert runs_of("test-2021-1", ["x"], port=port) is None
        assert time.monotonic() - began < 10
        over.set()


def test_deployments_are_called_as_the_timetable_calls_them() -> None:
    numbers = {"one": "测〔2021〕1号/附件", "two": "测〔2021〕1号/附件", "three": "<5%>&6"}
    named = {str(entry.parameters["notice"]): entry.name for entry in timetable(numbers) if entry.parameters}
    assert {found: named[found] in deployment_names(found, number) for found, number in numbers.items()} == {
        "one": True,
        "two": True,
        "three": True,
    }
