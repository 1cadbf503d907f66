"""Many files at once through the real web process: none lost, none changed, and the process stays small."""

import asyncio
import hashlib
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from chain_season import chain_notice
from duban.bootstrap import Duban, open_duban
from duban.domain.terms import Hat
from duban.services.replaying import begin
from duban.settings import Settings
from factories import at, roster, unit
from models.material import drafts_of
from models.obligation import owed_by_name
from models.session import reading
from web_season import COOKIE, come_in, csrf

NOTICE = chain_notice()
#: Two hundred files at most for each school.
SCHOOLS = [f"school{n}" for n in range(5)]
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Office:
    """A web process of its own."""

    duban: Duban
    url: str
    process: int
    session: str


@pytest.fixture
def office(tmp_path: Path, unused_port: int) -> Iterator[Office]:
    settings = Settings(_env_file=None, data_dir=tmp_path, port=unused_port)
    duban = open_duban(settings)
    notice = chain_notice()
    photos = notice.find("photos")[1]
    many = photos.model_copy(update={"max_files": 200, "max_file_mb": 500})
    (only,) = notice.stages
    materials = tuple(many if d.id == "photos" else d for d in only.deliverables)
    wide = notice.with_(stages=(only.model_copy(update={"deliverables": materials}),))
    schools = (unit(name, "clerk", parent="city", kind="school", order=n) for n, name in enumerate(SCHOOLS, 3))
    begin(duban.engine, wide, roster(unit("city", "clerk"), *schools), at=at("2021-09-24 10:00"))
    session = come_in(duban.engine, "clerk@prov.example", (Hat.COORDINATOR, "prov"))
    env = os.environ | {"DUBAN_DATA_DIR": str(tmp_path), "DUBAN_PORT": str(unused_port)}
    command = [sys.executable, "-m", "uvicorn", "--factory", "deployments.web:app", "--port", str(unused_port)]
    with subprocess.Popen([*command, "--log-level", "error"], env=env) as child:
        _await(unused_port)
        yield Office(duban, f"http://127.0.0.1:{unused_port}", child.pid, session)
        child.kill()
    duban.engine.dispose()


def _await(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the web process does not answer")


def resident(process: int) -> float:
    """Memory in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


async def send(client: httpx.AsyncClient, number: int, data: bytes) -> int:
    """As the page's script does it; answers how often it was told to come again."""
    again, place = 0, f"/units/{SCHOOLS[number % 5]}/notices/{NOTICE.id}/photos/uploads"
    found: dict[str, object] = {"done": False}
    begun, lost = None, False
    while not found["done"]:
        try:
            if begun is None:
                answer = await client.post(place, json={"name": f"照片{number:04d}.bin", "size": len(data)})
            else:
                answer = await client.patch(f"{place}/{begun}?offset={found['offset']}", content=data)
        except httpx.TransportError:
            # a line that breaks is tried again, as the script does
            lost = True
            await asyncio.sleep(0.5)
            continue
        if answer.status_code == 503:
            again += 1
            # people do not all come back in the same moment
            await asyncio.sleep(float(answer.headers["retry-after"]) * random.uniform(0.5, 1.5))
            continue
        if answer.status_code == 404 and lost:
            # the last answer was lost on the way: the file is there
            break
        assert answer.status_code in (200, 201, 409), answer.text
        found = {"done": False} | answer.json()
        begun = found.get("id", begun)
    return again


async def send_all(office: Office, count: int) -> tuple[int, float]:
    """So many at once; how often one was told to come again, and the most memory in MB."""
    most, done = 0.0, asyncio.Event()

    async def watch() -> None:
        nonlocal most
        while not done.is_set():
            most = max(most, resident(office.process))
            await asyncio.sleep(0.05)

    headers = {"x-csrf-token": csrf(office.session), "sec-fetch-site": "same-origin", "accept": "application/json"}
    limits, patience = httpx.Limits(max_connections=count), httpx.Timeout(300)
    options = {"base_url": office.url, "headers": headers, "cookies": {COOKIE: office.session}}
    async with httpx.AsyncClient(limits=limits, timeout=patience, **options) as client:  # type: ignore[arg-type]
        watching = asyncio.create_task(watch())
        told = await asyncio.gather(*(send(client, n, content(n)) for n in range(count)))
        done.set()
        await watching
    return sum(told), most


def content(number: int) -> bytes:
    """A megabyte that no other file has."""
    return hashlib.sha256(str(number).encode()).digest() * (MEGABYTE // 32)


def check(office: Office, count: int) -> None:
    """Every file has its row, and is whole."""
    drafts = []
    with reading(office.duban.engine) as session:
        for school in SCHOOLS:
            row = owed_by_name(session, notice=NOTICE.id, unit=school, deliverable="photos")
            assert row is not None
            drafts += drafts_of(session, row.id)
    kept = {int(re.sub(r"\D", "", draft.name)): draft.sha256 for draft in drafts}
    assert kept == {n: hashlib.sha256(content(n)).hexdigest() for n in range(count)}
    for sha in kept.values():
        assert hashlib.sha256(office.duban.store.path(sha).read_bytes()).hexdigest() == sha


def test_a_hundred_at_once(office: Office) -> None:
    told, memory = asyncio.run(send_all(office, 100))
    check(office, 100)
    assert told == 0, "so many wait in line"
    assert memory < 300


@pytest.mark.soak
def test_a_thousand_at_once(office: Office) -> None:
    told, memory = asyncio.run(send_all(office, 1000))
    check(office, 1000)
    assert told > 0, "what is too much at once is asked to come again"
    assert memory < 300
