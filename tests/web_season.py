"""The autumn of Jilin as pages show it on 20 October 2021, 09:30: somebody early, late, returned, extended, silent."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine

from duban.bootstrap import Duban
from duban.clock import Clock
from duban.domain.notice import Notice
from duban.reading.definitions import read_definition
from duban.reading.units import read_units
from duban.services.delivering import Sender
from duban.services.replaying import begin, live_through, publication
from duban.settings import Settings
from duban.web.app import create_app
from factories import at
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
    """Asks an application from this machine, as a browser without a window; follows nothing."""

    app: FastAPI
    host: str = "127.0.0.1:8000"

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("POST", path, **options)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._ask(method, path, **options))

    async def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{self.host}") as client:
            return await client.request(method, path, **options)


def client_of(duban: Duban) -> Client:
    """A client of the pages of an installation."""
    return Client(create_app(duban))
