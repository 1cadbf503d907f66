"""Whoever takes files in is killed (SIGKILL) at any moment, or the disk is full: no receipt that was told is lost.

What was told is compared with rows, files and hashes; nothing is half there; what is left over goes after a day.
"""

import hashlib
import json
import os
import resource
import signal
import sqlite3
import time
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, event

from duban.clock import real_now
from duban.domain.errors import NotFound, NotStored
from duban.services.materials import drafts, versions
from duban.services.receipts import Receipt, receipt
from duban.services.storing import missing_or_changed, tidy
from duban.services.uploading import drop_upload, finish_upload, offset, receive, under_way
from duban.store.store import Store
from handing import NOW, asked, begun, handed_in, opened, put
from models.event import chain, chain_is_whole
from models.migrating import upgrade
from models.session import make_engine, reading
from models.upload import stale_uploads
from records import empty_database

#: A process lives at least so long before it is killed (seconds), and at most some attempts long.
SHORTEST = 0.002
#: Bytes of a file, at most.
LARGEST = 60_000
#: Files that wait, before they are handed in without more of them.
MANY = 10
#: Longer than anything is kept that nobody needs.
LATER = timedelta(hours=25)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "uploads").prepare()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Engine]:
    """A notice in force, in a file."""
    made = make_engine(f"sqlite:///{tmp_path / 'office.db'}")
    upgrade(made)
    opened(made)
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A notice in force, in a database that several processes share."""
    if request.param == "sqlite":
        yield request.getfixturevalue("office")
        return
    made = empty_database(request.getfixturevalue("postgres_url"), "killed")
    upgrade(made)
    opened(made)
    yield made
    made.dispose()


def written(name: str) -> bytes:
    """What a file of this name holds, whoever sends it."""
    seed = hashlib.sha256(name.encode()).digest()
    return (seed * (LARGEST // len(seed)))[: int.from_bytes(seed[:4]) % LARGEST]


def told(made: Receipt) -> dict[str, Any]:
    """A receipt as it goes to a person."""
    return {"number": made.submission, "files": [[file.name, file.size, file.sha256] for file in made.files]}


def send(engine: Engine, store: Store, key: str, name: str, cuts: Random) -> None:
    """Go on with an upload, from wherever it is, to its end."""
    data, at = written(name), offset(store, key)
    while at < len(data):
        upto = cuts.choice((len(data), cuts.randint(at + 1, len(data))))
        at = receive(engine, store, key, offset=at, chunks=[data[at:upto]], real_now=NOW)
    finish_upload(engine, store, key, now=NOW)


def go_on(engine: Engine, store: Store, cuts: Random) -> None:
    """What a browser does after a restart of the server: each upload is continued where it stopped."""
    with reading(engine) as session:
        left = under_way(session, asked())
    for upload in left:
        try:
            send(engine, store, upload.id, upload.name, cuts)
        except NotFound:
            drop_upload(engine, store, upload.id)


def take_in(engine: Engine, store: Store, seed: int, tell: int) -> None:
    """Upload two files and hand them in, for ever; each receipt is told after it was made."""
    cuts = Random(seed)
    go_on(engine, store, cuts)
    with reading(engine) as session:
        waiting = len(drafts(session, asked()))
    if waiting > MANY:  # many were killed in a row, each with a file
        os.write(tell, json.dumps(told(handed_in(engine))).encode() + b"\n")
    for number in count():
        name, other = f"{seed}-{number}.bin", f"{seed}-{number}-其二.bin"
        send(engine, store, begun(engine, store, name, len(written(name))), name, cuts)
        put(engine, store, other, written(other))
        os.write(tell, json.dumps(told(handed_in(engine))).encode() + b"\n")


def killed(engine: Engine, store: Store, seed: int, life: float) -> list[dict[str, Any]]:
    """A process that takes files in and is killed after ``life`` seconds; answers what it told."""
    listen, tell = os.pipe()
    # connections are not shared with the child
    engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            os.close(listen)
            take_in(engine, store, seed, tell)
        except BaseException:
            os.write(tell, traceback.format_exc().encode())
        finally:
            os._exit(1)
    os.close(tell)
    time.sleep(life)
    os.kill(child, signal.SIGKILL)
    with os.fdopen(listen, "rb") as heard:
        lines = heard.read().split(b"\n")
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1]), b"\n".join(lines).decode()
    # a line without its end was not told
    return [json.loads(line) for line in lines[:-1]]


def check_nothing_is_lost(engine: Engine, store: Store, receipts: list[dict[str, Any]]) -> None:
    """Each receipt that was told has rows and files; each submission is whole; each event names its files."""
    with reading(engine) as session:
        assert [told(receipt(session, said["number"])) for said in receipts] == receipts
        assert list(missing_or_changed(session, store)) == []
        found = versions(session, asked())
        events = [json.loads(one.data) for one in chain(session) if one.name in ("submitted", "replaced")]
        assert [one["files"] for one in events] == [sorted(file.sha256 for file in one.files) for one in found]
        assert chain_is_whole(session)
    for version in found:
        assert len(version.files) >= 2
        assert all(store.find(file.sha256).read_bytes() == written(file.name) for file in version.files)


def check_the_rest_is_removed(engine: Engine, store: Store, *, later: timedelta = LATER) -> None:
    """After a day there are exactly the files that rows name."""
    tidy(engine, store, now=NOW + later, real_now=real_now() + later)
    with reading(engine) as session:
        assert stale_uploads(session, real_now() + later) == []
        assert list(missing_or_changed(session, store)) == []
        named = {file.sha256 for version in versions(session, asked()) for file in version.files}
        waiting = {row.sha256 for row in drafts(session, asked())}
    files = {path.parent.name + path.name for path in store.root.rglob("*") if path.is_file()}
    assert files == named | waiting | {"tmplock"}


def attempt(engine: Engine, store: Store, number: int, cuts: Random) -> dict[str, Any]:
    """Two files, handed in."""
    name, other = f"{number}.bin", f"{number}-其二.bin"
    send(engine, store, begun(engine, store, name, len(written(name))), name, cuts)
    put(engine, store, other, written(other))
    return told(handed_in(engine))


def held(engine: Engine, store: Store, kills: int) -> None:
    """The promise R10 over so many kills."""
    chance = Random(kills)
    # without harm first: the children know their statements by then
    receipts = [attempt(engine, store, 0, chance)]
    began = time.monotonic()
    receipts.append(attempt(engine, store, 1, chance))
    longest = 0.1 + 2 * (time.monotonic() - began)
    for seed in range(kills):
        receipts += killed(engine, store, seed, chance.uniform(SHORTEST, longest))
    assert len(receipts) > kills // 10
    check_nothing_is_lost(engine, store, receipts)
    check_the_rest_is_removed(engine, store)
    # and it goes on
    put(engine, store, "a.bin", written("a.bin"))
    put(engine, store, "b.bin", written("b.bin"))
    check_nothing_is_lost(engine, store, [*receipts, told(handed_in(engine))])


def test_thirty_kills_lose_no_receipt(database: Engine, store: Store) -> None:
    held(database, store, 30)


@pytest.mark.soak
def test_five_hundred_kills_lose_no_receipt(database: Engine, store: Store) -> None:
    held(database, store, 500)


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """A disk that takes no more than so much of a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def is_sound(engine: Engine) -> bool:
    with closing(sqlite3.connect(str(engine.url.database))) as database:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


FULL = "未提交成功，磁盘空间不足，请稍后再试或联系经办人"
FAILED = "未提交成功，文件无法写入磁盘（disk I/O error），请稍后再试或联系经办人"


def rounds_on_a_narrow_disk(office: Engine, store: Store, rounds: int) -> None:
    """The promise R12: a disk that is full at any point; each attempt is acknowledged, or refused in one line."""
    chance = Random(rounds)
    receipts, refusals = [], []
    for number in range(rounds):
        try:
            with no_file_beyond(int(10 ** chance.uniform(3, 6.7))):
                receipts.append(attempt(office, store, number, chance))
        except NotStored as refusal:
            refusals.append(str(refusal))
        go_on(office, store, chance)
        if number % 5 == 4:  # the log of the database is emptied, and may grow again
            office.dispose()
    assert (len(receipts) > rounds // 10, {FULL, FAILED} >= set(refusals), len(refusals) > rounds // 10) == (
        True,
        True,
        True,
    )
    assert is_sound(office)
    receipts.append(attempt(office, store, rounds, chance))
    check_nothing_is_lost(office, store, receipts)
    check_the_rest_is_removed(office, store)


def test_a_full_disk_is_said_and_nothing_acknowledged_is_lost(office: Engine, store: Store) -> None:
    rounds_on_a_narrow_disk(office, store, 25)


@pytest.mark.soak
def test_a_disk_that_is_full_five_hundred_times_loses_nothing(office: Engine, store: Store) -> None:
    rounds_on_a_narrow_disk(office, store, 500)


def test_a_full_database_is_said_and_goes_on_when_there_is_room(office: Engine, store: Store) -> None:
    cuts, receipts = Random(1), [attempt(office, store, 0, Random(0))]
    room = [0]

    def narrow(connection: Any, *_: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages + room[0]}")

    event.listen(office, "connect", narrow)
    office.dispose()
    with pytest.raises(NotStored) as refusal:
        receipts.extend(attempt(office, store, number, cuts) for number in count(1))
    assert (str(refusal.value), refusal.value.exit_code) == (FULL, 3)
    assert is_sound(office)
    room[0] = 1000
    office.dispose()
    with suppress(NotFound):
        go_on(office, store, cuts)
    receipts.append(attempt(office, store, 999, cuts))
    check_nothing_is_lost(office, store, receipts)
    check_the_rest_is_removed(office, store)
