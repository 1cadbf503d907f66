"""Pages that know of changes, with a real server and a real browser."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conftest import installed
from duban.clock import real_now
from duban.domain.errors import Busy
from duban.domain.terms import Hat
from duban.services import sessions
from duban.services.people import send_out
from duban.web import watching
from duban.web.app import create_app
from duban.web.rules import COOKIE
from models.session import make_engine, reading, writing
from registry_season import NOTICE, Desk
from web_season import come_in

CHROMIUM = "/usr/bin/chromium"
ROWS = f"/notices/{NOTICE.id}?view=rows&show=all"


class Office:
    """A season that is served."""

    def __init__(self, folder: Path) -> None:
        self.engine = installed(make_engine(f"sqlite:///{folder / 'duban.db'}"))
        self.desk = Desk(self.engine, folder)
        self.app = create_app(self.desk.duban)
        config = uvicorn.Config(
            self.app, port=0, log_level="error", ws="none", lifespan="off", timeout_graceful_shutdown=5
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive()
            self.thread.join(0.05)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        self.app.state.watch.end()
        self.server.should_exit = True
        self.thread.join(30)
        assert not self.thread.is_alive()

    def session(self, hat: Hat, unit: str) -> str:
        return come_in(self.engine, f"{hat}-{unit}@me.example", (hat, unit))

    @contextmanager
    def listening(self, session: str) -> Iterator[Iterator[str]]:
        """The lines of a stream."""
        with (
            httpx.Client(base_url=self.url, cookies={COOKIE: session}, trust_env=False, timeout=30) as client,
            client.stream("GET", "/live") as answer,
        ):
            assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
            lines = answer.iter_lines()
            assert next(lines) == "retry: 5000"
            yield lines


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.stop()
    made.engine.dispose()


def until_changed(lines: Iterator[str]) -> str:
    """What is said when something has changed."""
    return next(line for line in lines if line.startswith("event")) + " " + next(lines)


def test_a_change_is_told_to_who_may_see_it_and_nothing_of_it(office: Office) -> None:
    coordinator, clerk = office.session(Hat.COORDINATOR, "prov"), office.session(Hat.CLERK, "bb")
    with office.listening(coordinator) as lines, office.listening(clerk) as others:
        office.desk.does("submit", "aa")
        assert until_changed(lines) == "event: changed data: 1"
        office.desk.does("submit", "bb")
        # the first that the clerk hears of is the own one
        assert until_changed(others) == "event: changed data: 1"
        assert office.app.state.watch.listeners == 2
    deadline = time.monotonic() + 20
    while office.app.state.watch.listeners:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_clerk_is_told_nothing_of_another_unit(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duban.web.live.HEARTBEAT", 2)
    with office.listening(office.session(Hat.CLERK, "bb")) as others:
        office.desk.does("submit", "aa")
        heard = [next(others) for _ in range(8)]
    assert set(heard) == {": ", ""}


def test_a_stream_ends_with_its_session(office: Office) -> None:
    session = office.session(Hat.CLERK, "aa")
    with office.listening(session) as lines:
        with writing(office.engine) as writer:
            send_out(writer, "clerk-aa@me.example", by="test", now=real_now())
        office.desk.does("submit", "aa")
        assert [line for line in lines if line.startswith("event")] == []


def test_no_more_listen_than_there_is_room_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MOST", 1)
    session = office.session(Hat.CLERK, "aa")
    with office.listening(session) as lines:
        next(lines)
        answer = httpx.get(f"{office.url}/live", cookies={COOKIE: session}, trust_env=False)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, str(Busy.retry_after))


def test_the_server_stops_while_pages_listen(office: Office) -> None:
    began = time.monotonic()
    with office.listening(office.session(Hat.CLERK, "aa")) as lines:
        office.stop()
        assert [line for line in lines if line.startswith("event")] == []
    assert time.monotonic() - began < 25


def test_a_page_that_listens_does_not_keep_its_session_alive(office: Office) -> None:
    token = office.session(Hat.CLERK, "aa")
    early = real_now() - sessions.IDLE / 2
    with writing(office.engine) as writer:
        sessions.keep_alive(writer, token, real_now=early)
    before = seen_at(office, token)
    cookies, quiet = {COOKIE: token}, {"x-live": "1"}
    assert httpx.get(f"{office.url}/my", cookies=cookies, headers=quiet, trust_env=False).status_code == 200
    with office.listening(token):
        assert seen_at(office, token) == before
    assert httpx.get(f"{office.url}/my", cookies=cookies, trust_env=False).status_code == 200
    assert seen_at(office, token) > before


def seen_at(office: Office, token: str) -> object:
    from duban.domain.links import hashed
    from models import WebSessionRow

    with reading(office.engine) as session:
        return session.get_one(WebSessionRow, hashed(token)).seen_at


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(office: Office, browser: Browser) -> Iterator[Page]:
    """The coordinator's; it complains of nothing."""
    context, complaints = browser.new_context(base_url=office.url), list[str]()
    session = office.session(Hat.COORDINATOR, "prov")
    context.add_cookies([{"name": COOKIE, "value": session, "url": office.url}])
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def test_a_ledger_is_read_again_when_something_changed(office: Office, page: Page) -> None:
    page.goto(ROWS)
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("临近")
    page.evaluate("window.kept = true")
    page.locator("tbody tr a").nth(3).focus()
    href = page.evaluate("document.activeElement.getAttribute('href')")
    office.desk.does("submit", "aa")
    expect(first).to_contain_text("已报待审", timeout=20_000)
    expect(page.locator("#live-note")).to_contain_text("已更新")
    assert page.evaluate("window.kept"), "it was not opened anew"
    assert page.evaluate("document.activeElement.getAttribute('href')") == href


def test_what_somebody_is_writing_is_never_taken_away(office: Office, page: Page) -> None:
    page.goto("/audit")
    page.get_by_label("单位").fill("甲乙")
    page.get_by_role("heading", name="事件记录").click()
    office.desk.does("submit", "aa")
    expect(page.locator("#live-note")).to_have_text("内容有变化，办完手头的操作后自动更新", timeout=20_000)
    assert page.get_by_label("单位").input_value() == "甲乙"
    page.get_by_label("单位").fill("")
    page.get_by_role("heading", name="事件记录").click()
    expect(page.locator("tbody tr").first).to_contain_text("报送", timeout=20_000)
    expect(page.locator("#live-note")).to_contain_text("已更新")
