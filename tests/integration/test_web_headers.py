"""Every route × every header, errors too; and no template has a script or a style in line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from conftest import installed
from duban.bootstrap import Duban
from duban.domain.terms import Hat
from duban.web.guard import FILES, MAILS, PAGES, STRICT
from models.session import make_engine
from registry_season import NOTICE, OURS, Desk
from web_season import Client, come_in, stranger_of

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "duban" / "web" / "templates").glob("*.html"))
#: What an answer may say instead.
OWN = {
    "content-security-policy": {PAGES, MAILS, FILES["Content-Security-Policy"]},
    "cache-control": {"no-store", "no-cache"},
}
VALUES = {"notice": NOTICE.id, "unit": "aa", "deliverable": "report", "form": "table", "kind": "xlsx", "page": "1"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    engine: Engine = installed(make_engine("sqlite://"))
    made = Desk(engine, tmp_path_factory.mktemp("desk"))
    made.does("submit", "aa")
    yield made
    engine.dispose()


def client_of(duban: Duban, session: str = "") -> Client:
    found = stranger_of(duban)
    found.session = session
    # nobody reads a stream to its end here: it is refused
    found.app.state.watch.end()
    return found


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Method and address of every route."""
    found = []
    for route in _walk(app.routes):
        for method in getattr(route, "methods", None) or ():
            found.append((method, re.sub(r"\{(\w+)(:\w+)?\}", lambda name: VALUES.get(name[1], "1"), route.path)))
    return sorted(found)


def _walk(known: list[Any]) -> Iterator[Any]:
    for route in known:
        inner = getattr(route, "original_router", None)
        yield from _walk(inner.routes) if inner else [route]


def wrong(headers: Any) -> dict[str, str]:
    """Headers that are missing, or say something else."""
    expected = {name.lower(): OWN.get(name.lower(), {value}) for name, value in STRICT.items()}
    return {name: headers.get(name, "") for name, may in expected.items() if headers.get(name) not in may}


def test_every_route_says_every_header_to_everybody(desk: Desk) -> None:
    sessions = {"nobody": "", "administrator": come_in(desk.engine, "admin@me.example", is_administrator=True)}
    sessions["coordinator"] = come_in(desk.engine, "c@me.example", (Hat.COORDINATOR, "prov"))
    known, bad, statuses = routes(client_of(desk.duban).app), {}, set()
    assert len(known) > 80
    for who, session in sessions.items():
        client = client_of(desk.duban)
        for method, path in known:
            client.session = session
            answer = client.ask(method, path, headers=OURS)
            statuses.add(answer.status_code)
            if found := wrong(answer.headers):
                bad[who, method, path] = found
    assert bad == {}
    assert statuses >= {200, 303, 400, 403, 404, 503}


def test_refusals_say_them_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    client = desk.coordinator
    monkeypatch.setattr("duban.web.find.search", broken)
    answers = {
        404: client.get("/nowhere"),
        405: client.ask("DELETE", "/"),
        500: client.get("/search?q=aa"),
        200: client.get("/static/live.js"),
        400: Client(client.app, host="evil.example").get("/"),
    }
    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    assert [wrong(answer.headers) for answer in answers.values()] == [{}] * 5


def test_https_is_for_good_and_http_says_nothing_of_it(desk: Desk) -> None:
    name = "strict-transport-security"
    assert name not in desk.coordinator.get("/healthz").headers
    secure = desk.duban.settings.model_copy(update={"base_url": "https://duban.example"})
    client = client_of(Duban(secure, desk.engine, desk.duban.clock, is_demo=False))
    for path in ("/healthz", "/", "/nowhere", "/static/duban.css", "/login"):
        assert client.get(path).headers[name] == "max-age=31536000", path


def test_the_policy_leaves_no_room_for_what_is_typed_in() -> None:
    said = dict(part.strip().split(" ", 1) for part in PAGES.split(";"))
    assert said == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        "form-action": "'self'",
    }
    assert not {word for word in PAGES.replace(";", " ").split() if "unsafe" in word or word == "*" or "data:" in word}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_has_anything_in_line(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text) == []
    assert re.findall(r"<style|\sstyle\s*=|\son\w+\s*=|javascript:", text, re.IGNORECASE) == []
    assert re.findall(r'\b(?:src|href|action)="(?:https?:)?//', text) == []
    assert re.findall(r"\|\s*safe\b|autoescape\s+false", text) == []
