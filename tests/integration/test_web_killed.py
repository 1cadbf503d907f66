"""The web process killed while files come in: each receipt that was given has its row, its file and its hash."""

import asyncio
import hashlib
import multiprocessing
import os
import random
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
import pytest
import uvicorn

from chain_season import chain_notice
from duban.bootstrap import Duban, open_duban
from duban.domain.phrases import submission_number
from duban.domain.terms import Hat
from duban.services.replaying import begin
from duban.services.storing import missing_or_changed
from duban.settings import Settings
from duban.web.app import create_app
from factories import at, roster, unit
from models import SubmissionRow
from models.material import files_of
from models.session import make_engine, reading
from web_season import COOKIE, Stopped, come_in, csrf

NOTICE = chain_notice()
SCHOOLS = [f"school{n}" for n in range(4)]
NOW = at("2021-10-12 10:00")


@dataclass
class Office:
    """An installation whose web process is started and killed."""

    duban: Duban
    port: int
    session: str
    #: receipt → the hash of the file that was handed in with it
    given: dict[str, str] = field(default_factory=dict)
    sent: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> BaseProcess:
        child = multiprocessing.get_context("fork").Process(target=self._serve)
        child.start()
        for _ in range(400):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return child
            time.sleep(0.01)
        raise AssertionError("the web process does not answer")

    def _serve(self) -> None:
        engine = make_engine(self.duban.settings.url)
        app = create_app(replace(self.duban, engine=engine, clock=Stopped(shows=NOW)))
        uvicorn.run(app, port=self.port, log_level="critical", ws="none", lifespan="off", access_log=False)


@pytest.fixture
def office(tmp_path: Path, unused_port: int) -> Iterator[Office]:
    duban = open_duban(Settings(_env_file=None, data_dir=tmp_path))
    schools = (unit(name, "clerk", parent="city", kind="school", order=n) for n, name in enumerate(SCHOOLS, 3))
    begin(duban.engine, NOTICE, roster(unit("city", "clerk"), *schools), at=at("2021-09-24 10:00"))
    session = come_in(duban.engine, "clerk@prov.example", (Hat.COORDINATOR, "prov"))
    duban.engine.dispose()
    yield Office(duban, unused_port, session)
    duban.engine.dispose()


async def clerk(office: Office, client: httpx.AsyncClient, school: str) -> None:
    """Hands in one file after another, until the process is gone."""
    place = f"/units/{school}/notices/{NOTICE.id}/photos"
    while True:
        office.sent += 1
        data = hashlib.sha256(str(office.sent).encode()).digest() * 4000
        files = [("files", (f"照片{office.sent}.bin", data))]
        page = await client.post(f"{place}/files", files=files)
        # what came just before a kill waits as a draft, until there is no room: then it is handed in first
        is_full = page.status_code == 400 and "已达上限" in page.text
        assert page.status_code == 303 or is_full, page.text
        answer = await client.post(f"{place}/submit", data={"note": "照片另有说明"})
        if answer.status_code == 303 and not is_full:
            office.given[answer.headers["location"]] = hashlib.sha256(data).hexdigest()


async def rush(office: Office, process: BaseProcess, after: float) -> None:
    """All schools at once; after so many seconds the process is killed."""
    headers = {"x-csrf-token": csrf(office.session), "sec-fetch-site": "same-origin", "accept": "application/json"}
    options = {"base_url": office.url, "headers": headers, "cookies": {COOKIE: office.session}, "timeout": 20}
    async with httpx.AsyncClient(**options) as client:  # type: ignore[arg-type]
        clerks = [asyncio.create_task(clerk(office, client, school)) for school in SCHOOLS]
        await asyncio.sleep(after)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        for one in clerks:
            with suppress(httpx.HTTPError):
                await one
    process.join()


def check(office: Office) -> None:
    """Row, file, hash; and nothing on record without its file."""
    numbers = {submission_number(re.sub(r"^/receipts/", "", place)) or 0: sha for place, sha in office.given.items()}
    with reading(office.duban.engine) as session:
        known = {number: session.get(SubmissionRow, number) for number in numbers}
        files = files_of(session, list(numbers))
        amiss = [one.zh for one in missing_or_changed(session, office.duban.store)]
    assert [number for number, row in known.items() if row is None] == []
    assert [n for n, sha in numbers.items() if sha not in {file.sha256 for file in files[n]}] == []
    assert amiss == []


def killed(office: Office, kills: int) -> None:
    dice = random.Random(kills)
    for _ in range(kills):
        process = office.start()
        asyncio.run(rush(office, process, dice.uniform(0.2, 1.2)))
    check(office)
    assert len(office.given) > kills / 3, "there is something to lose"


def test_thirty_kills_lose_no_receipt(office: Office) -> None:
    killed(office, 30)


@pytest.mark.soak
def test_five_hundred_kills_lose_no_receipt(office: Office) -> None:
    killed(office, 500)
