"""The autumn of Jilin as pages show it on 20 October 2021, 09:30: somebody early, late, returned, extended, silent."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine

from duban.bootstrap import Duban
from duban.clock import Clock, real_now
from duban.domain.notice import Notice
from duban.domain.terms import Hat
from duban.reading.definitions import read_definition
from duban.reading.units import read_units
from duban.services import sessions
from duban.services.delivering import Sender
from duban.services.people import add_person, give
from duban.services.replaying import begin, live_through, publication
from duban.settings import Settings
from duban.web.app import create_app
from duban.web.rules import COOKIE
from factories import at
from models.person import person_by_address
from models.session import writing
from stories import Did, did

NOTICES = Path(__file__).parents[1] / "flows" / "notices"
JILIN = "jilin-2021-25"
NOW = "2021-10-20 09:30"

SCHEMES_IN = ("changchun", "jilin", "siping", "liaoyuan", "tonghua", "baishan", "yanbian", "changbaishan")


@dataclass(frozen=True)
class Stopped(Clock):
    """A clock that stands still."""

    shows: datetime = field(default_factory=lambda: at(NOW))

    def now(self) -> datetime:
        return self.shows


def script() -> list[Did]:
    """What the units of Jilin did until 20 October."""
    return [
        *(did("2021-09-27 10:00", unit, "scheme", "submit") for unit in SCHEMES_IN),
        *(did("2021-09-28 15:00", unit, "scheme", "approve") for unit in SCHEMES_IN),
        did("2021-09-27 11:00", "meihekou", "scheme", "waive", note="与通化市合并编报"),
        did("2021-09-29 10:10", "songyuan", "scheme", "submit"),
        did("2021-09-30 10:10", "songyuan", "scheme", "approve"),
        did("2021-10-13 10:00", "changchun", "demo-table", "submit"),
        did("2021-10-13 10:01", "changchun", "panel", "submit"),
        did("2021-10-14 10:00", "changchun", "demo-table", "approve"),
        did("2021-10-14 11:20", "liaoyuan", "panel", "submit"),
        did("2021-10-18 09:30", "liaoyuan", "panel", "return", note="图片6张中有2张未命名", due="2021-10-22"),
        did("2021-10-14 16:00", "yanbian", "advanced-unit", "extend", note="公示期未满", due="2021-10-29"),
        did("2021-10-15 10:00", "changbaishan", "advanced-person", "nil", note="没有推荐人选"),
        did("2021-10-18 11:30", "jilin", "panel", "submit"),
    ]


def jilin() -> Notice:
    return read_definition(NOTICES / f"{JILIN}.yaml")


def live_season(engine: Engine, sender: Sender) -> None:
    """Publish Jilin's notice and live through it."""
    notice = jilin()
    start = publication(notice)
    begin(engine, notice, read_units(NOTICES / f"{JILIN}.units.csv"), at=start)
    live_through(engine, notice, script(), sender, start=start, until=at(NOW))


def installation(engine: Engine, folder: Path, *, now: str = NOW, is_demo: bool = True) -> Duban:
    """An installation on this engine, its clock standing still."""
    return Duban(Settings(data_dir=folder), engine, Stopped(shows=at(now)), is_demo)


@dataclass
class Client:
    """Asks an application from this machine, as a browser without a window: follows nothing, keeps its session.

    Its posts carry the token that the forms of its pages carry.
    """

    app: FastAPI
    host: str = "127.0.0.1:8000"
    #: the session's cookie; empty: nobody has come in
    session: str = ""

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("POST", path, **options)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        if self.session:
            options["headers"] = {"x-csrf-token": csrf(self.session)} | dict(options.get("headers") or {})
        answer = asyncio.run(self._ask(method, path, **options))
        self.session = answer.cookies.get(COOKIE, self.session)
        return answer

    async def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        cookies = {COOKIE: self.session} if self.session else {}
        base = f"http://{self.host}"
        async with httpx.AsyncClient(transport=transport, base_url=base, cookies=cookies) as client:
            return await client.request(method, path, **options)


def csrf(session: str) -> str:
    """The token that the forms of a session carry."""
    return hashlib.sha256(f"csrf|{session}".encode()).hexdigest()[:40]


def client_of(duban: Duban) -> Client:
    """A client of the pages of an installation, an administrator, who sees all."""
    client = stranger_of(duban)
    client.session = come_in(duban.engine, "admin@duban.example", is_administrator=True)
    return client


def stranger_of(duban: Duban) -> Client:
    """A client that nobody knows."""
    return Client(create_app(duban))


def come_in(engine: Engine, address: str, *hats: tuple[Hat, str], is_administrator: bool = False) -> str:
    """A person with these hats logs in; answers what the browser keeps."""
    now = real_now()
    with writing(engine) as session:
        person = person_by_address(session, address)
        if person is None:
            values: dict[str, Any] = {"is_administrator": is_administrator, "by": "test", "now": now}
            person = add_person(session, address=address, name=address.partition("@")[0], **values)
        for hat, unit in hats:
            give(session, address, hat, unit, by="test", now=now)
        return sessions.begin(session, person=person.id, real_now=now)
