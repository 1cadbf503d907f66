"""Backups: consistent under writing, checked to the last byte, silent after a restore; and what a torn log leaves."""

import hashlib
import json
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, text

from commands import Duban
from duban.domain.errors import InputRefused, UsageError
from duban.domain.jumps import Reading
from duban.services.backing import backup, restore, verify
from duban.services.bundle import Manifest
from duban.services.delivering import Sender, deliver
from duban.services.pausing import paused
from duban.services.pulse import beat, may_work
from duban.services.storing import missing_or_changed
from duban.services.sweeping import sweep
from duban.store.store import Store
from factories import at
from models import MailState, TaskRow
from models.event import chain, chain_is_whole, count, record
from models.migrating import current, revisions, upgrade
from models.outbox import mails
from models.session import make_engine, reading, writing
from models.setting import put_setting, setting
from records import END, FILE, FILE_NAME, NOTICE, empty_database, everything, fill, rows

MADE_AT = at("2021-10-26 12:00")
#: The newest revision.
HEAD = revisions()[-1]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with rows in every table, to copy."""
    made = sqlite_at(tmp_path_factory.mktemp("filled") / "filled.db")
    fill(made)
    made.dispose()
    return Path(str(made.url.database))


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> str:
    """The server, with two databases to copy: ``blank`` has the schema, ``filled`` has rows in every table."""
    for name in ("blank", "filled"):
        made = empty_database(postgres_url, name)
        upgrade(made)
        if name == "filled":
            fill(made)
        made.dispose()
    return postgres_url


def sqlite_at(path: Path) -> Engine:
    made = make_engine(f"sqlite:///{path}")
    upgrade(made)
    return made


@pytest.fixture(params=["sqlite", "postgres"])
def source(request: pytest.FixtureRequest, filled: Path, tmp_path: Path) -> Iterator[Engine]:
    """Rows in every table."""
    if request.param == "sqlite":
        made = sqlite_at(Path(shutil.copy(filled, tmp_path / "source.db")))
    else:
        made = empty_database(request.getfixturevalue("postgres"), "source", like="filled")
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty installation."""
    if request.param == "sqlite":
        made = sqlite_at(tmp_path / "target.db")
    else:
        made = empty_database(request.getfixturevalue("postgres"), "target", like="blank")
    yield made
    made.dispose()


@pytest.fixture
def office(filled: Path, tmp_path: Path) -> Iterator[Engine]:
    """Rows in every table, in a file."""
    made = sqlite_at(Path(shutil.copy(filled, tmp_path / "office.db")))
    yield made
    made.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation's folder, with an upload, a mail, and others that are not finished."""
    made = tmp_path / "data"
    unfinished = ("maildir/tmp/2.mail", "uploads/tmp/00.part")
    for name in (FILE_NAME, "maildir/new/1.mail", *unfinished):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(FILE)
    return made


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "room").mkdir()
    return tmp_path / "room"


def backed_up(engine: Engine, target: Path, folder: Path, *, with_mailbox: bool = False) -> Manifest:
    return backup(engine, target, folder=folder, with_mailbox=with_mailbox, real_now=MADE_AT)


@pytest.mark.parametrize("name", ["backup.zip", "backup"])
def test_a_backup_says_what_it_holds(source: Engine, folder: Path, room: Path, tmp_path: Path, name: str) -> None:
    made = backed_up(source, tmp_path / "out" / name, folder, with_mailbox=True)
    assert (made.made_at, made.schema) == ("2021-10-26T04:00:00+00:00", current(source))
    assert set(made.files) == {"duban.db", FILE_NAME, "maildir/new/1.mail"}
    tables = everything(source)
    assert {table: n for table, n in made.counts.items() if table != "alembic_version"} == {
        table: len(rows) for table, rows in tables.items()
    }
    with reading(source) as session:
        assert made.events == (count(session), chain(session)[-1].hash)
    assert verify(tmp_path / "out" / name, room=room) == (made, [])
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]
    assert list(room.iterdir()) == []


def test_the_mailbox_comes_only_when_asked_for(source: Engine, folder: Path, tmp_path: Path) -> None:
    assert set(backed_up(source, tmp_path / "a.zip", folder).files) == {"duban.db", FILE_NAME}


def test_a_backup_never_writes_over_another(source: Engine, folder: Path, tmp_path: Path) -> None:
    backed_up(source, tmp_path / "a.zip", folder)
    before = (tmp_path / "a.zip").read_bytes()
    with pytest.raises(InputRefused, match="已存在"):
        backed_up(source, tmp_path / "a.zip", folder)
    assert (tmp_path / "a.zip").read_bytes() == before


def test_what_is_restored_is_what_was_backed_up(source: Engine, target: Engine, folder: Path, tmp_path: Path) -> None:
    """From either kind of database into either kind."""
    if source.dialect.name == "sqlite":
        backed_up(source, tmp_path / "backup", folder, with_mailbox=True)
    else:
        backed_up(source, tmp_path / "backup.zip", folder, with_mailbox=True)
    file = next(tmp_path.glob("backup*"))
    before, data = rows(source), tmp_path / "elsewhere"
    data.mkdir()
    made = restore(target, file, folder=data, by="operator", now=MADE_AT)
    after = rows(target)
    # of the machine, not of the record: nobody is logged in here yet
    own = ("heartbeat", "login_link", "session_scope", "throttle", "web_session")
    changed = ("setting", "event", "event_head", *own)
    assert {t: r for t, r in after.items() if t not in changed} == {t: r for t, r in before.items() if t not in changed}
    assert [row for row in after["event"] if row in before["event"]] == before["event"]
    assert [after[table] for table in own] == [[]] * len(own)
    with reading(target) as session:
        assert chain_is_whole(session)
        assert [event.name for event in chain(session)[-2:]] == ["restored", "mail_paused"]
        assert chain(session)[-3].hash == made.events[1]
    restored = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    assert restored == {FILE_NAME, "maildir/new/1.mail"}
    assert (data / FILE_NAME).read_bytes() == (folder / FILE_NAME).read_bytes()
    assert stat.S_IMODE((data / FILE_NAME).stat().st_mode) == 0o600
    with reading(target) as session:
        assert list(missing_or_changed(session, Store(data / "uploads"))) == []


def test_rows_are_numbered_on_after_a_restore(source: Engine, target: Engine, folder: Path, tmp_path: Path) -> None:
    backed_up(source, tmp_path / "a.zip", folder)
    restore(target, tmp_path / "a.zip", folder=folder, by="operator", now=MADE_AT)
    with writing(target) as session:
        task = TaskRow(key="new", notice_id=NOTICE.id, at=END, kind="telephone", text="")
        session.add(task)
        session.flush()
        assert task.id == 1 + max(dict(row)["id"] for row in everything(source)["task"])


def test_a_restored_installation_sends_nothing_until_it_is_resumed(
    office: Engine, target: Engine, folder: Path, tmp_path: Path, sender: Sender
) -> None:
    backed_up(office, tmp_path / "a.zip", folder)
    restore(target, tmp_path / "a.zip", folder=folder, by="operator", now=MADE_AT)
    with reading(target) as session:
        assert paused(session).startswith("从 2021-10-26T04:00:00+00:00 的备份恢复")
        sent = len(mails(session, states=(MailState.SENT,)))
    sweep(target, sender, now=at("2021-10-27 09:00"), real_now=MADE_AT)
    assert deliver(target, sender, now=at("2021-10-27 09:00"), real_now=MADE_AT) == 0
    with reading(target) as session:
        assert len(mails(session, states=(MailState.SENT,))) == sent


def test_another_machines_clock_is_not_doubted_after_a_restore(
    office: Engine, target: Engine, folder: Path, tmp_path: Path
) -> None:
    backed_up(office, tmp_path / "a.zip", folder)
    restore(target, tmp_path / "a.zip", folder=folder, by="operator", now=MADE_AT)
    with writing(target) as session:
        real = Reading(at=at("2022-03-01 09:00"), boot="other", uptime=5.0)
        assert may_work(session, real) == ""
        beat(session, "deliver", real_now=real)


def test_only_an_empty_installation_is_restored_into(source: Engine, folder: Path, tmp_path: Path) -> None:
    backed_up(source, tmp_path / "a.zip", folder)
    before = everything(source)
    with pytest.raises(InputRefused, match="这里已有数据，只能恢复到空的环境"):
        restore(source, tmp_path / "a.zip", folder=folder, by="operator", now=MADE_AT)
    assert everything(source) == before


def test_a_file_that_is_in_the_way_is_not_written_over(
    source: Engine, target: Engine, folder: Path, tmp_path: Path
) -> None:
    backed_up(source, tmp_path / "a.zip", folder)
    (folder / FILE_NAME).write_bytes(b"other")
    with pytest.raises(InputRefused, match="已存在且内容不同"):
        restore(target, tmp_path / "a.zip", folder=folder, by="operator", now=MADE_AT)
    assert everything(target)["unit"] == []


Damage = Callable[[Path], object]


def edited(sql: str) -> Damage:
    """Change the database of a backup, and let the manifest have the new hash: only the content betrays it."""

    def work(made: Path) -> None:
        with closing(sqlite3.connect(made / "duban.db")) as database:
            database.executescript(sql)
            database.commit()
        rehash(made)

    return work


#: The seal taken off.
UNSEAL = "DROP TRIGGER event_is_not_changed"


def rehash(made: Path) -> None:
    value = json.loads((made / "manifest.json").read_text())
    raw = (made / "duban.db").read_bytes()
    value["files"]["duban.db"] = {"size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
    (made / "manifest.json").write_text(json.dumps(value))


def of_another_chain(made: Path) -> None:
    value = json.loads((made / "manifest.json").read_text())
    value["events"]["head"] = "0" * 64
    (made / "manifest.json").write_text(json.dumps(value))


def torn(made: Path) -> None:
    raw = bytearray((made / "duban.db").read_bytes())
    raw[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    (made / "duban.db").write_bytes(bytes(raw))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (torn, "文件 duban.db 缺失或已损坏"),
        (lambda made: (made / "duban.db").unlink(), "文件 duban.db 缺失或已损坏"),
        (lambda made: (made / FILE_NAME).unlink(), f"文件 {FILE_NAME} 缺失或已损坏"),
        (lambda made: (made / FILE_NAME).write_bytes(b""), f"文件 {FILE_NAME} 缺失或已损坏"),
        (edited("DELETE FROM task WHERE id = 1"), "表 task 应有 7 行，实有 6 行"),
        (edited(f"{UNSEAL}; UPDATE event SET data = '{{}}' WHERE seq = 2"), "事件记录不完整：第 2 条被改动过"),
        (edited("UPDATE event_head SET seq = seq + 1"), "事件记录不完整：自第 17 条起，末尾的记录缺失"),
        (of_another_chain, "事件记录与清单不符"),
        (edited("UPDATE contact SET unit_id = 'nobody' WHERE id = 1"), "数据库不完整：contact 1 → unit"),
        (edited(f"UPDATE material SET sha256 = '{'0' * 64}'"), "备份中没有文件“总结.txt”，或与报送时不一致"),
        (edited("UPDATE material SET size = 1"), "备份中没有文件“总结.txt”，或与报送时不一致"),
        (edited("UPDATE alembic_version SET version_num = '0001'"), f"数据库版本不是 {HEAD}"),
    ],
)
def test_damage_is_found_and_not_restored(
    office: Engine, tmp_path: Path, folder: Path, room: Path, damage: Damage, words: str
) -> None:
    backed_up(office, tmp_path / "backup", folder)
    damage(tmp_path / "backup")
    _, found = verify(tmp_path / "backup", room=room)
    assert [finding.zh for finding in found] == [words]
    empty = sqlite_at(tmp_path / "empty.db")
    with pytest.raises(InputRefused) as refusal:
        restore(empty, tmp_path / "backup", folder=room, by="operator", now=MADE_AT)
    assert str(refusal.value) == words
    assert everything(empty)["unit"] == []
    empty.dispose()


def test_torn_pages_are_found_whatever_the_manifest_says(
    office: Engine, tmp_path: Path, folder: Path, room: Path
) -> None:
    backed_up(office, tmp_path / "backup", folder)
    torn(tmp_path / "backup")
    rehash(tmp_path / "backup")
    _, found = verify(tmp_path / "backup", room=room)
    assert {finding.zh.partition("：")[0] for finding in found} == {"数据库不完整"}


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("{", "备份的清单无法读取"),
        ("[]", "备份的清单无法读取"),
        ('{"format": 2}', "备份格式 2 无法识别"),
        ('{"format": 1, "made_at": "", "schema": "", "counts": {}, "events": {}}', "备份的清单无法读取"),
    ],
)
def test_a_manifest_that_is_none(tmp_path: Path, room: Path, manifest: str, words: str) -> None:
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "manifest.json").write_text(manifest)
    with pytest.raises(InputRefused, match=words):
        verify(tmp_path / "backup", room=room)


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "uploads/../../evil", "other/file", "uploads", "a\\b"])
def test_no_file_leaves_the_folder(tmp_path: Path, room: Path, name: str) -> None:
    (tmp_path / "backup").mkdir()
    value = {"format": 1, "made_at": "", "schema": "", "counts": {}, "events": {"count": 0, "head": ""}}
    value["files"] = {name: {"size": 0, "sha256": ""}}
    (tmp_path / "backup" / "manifest.json").write_text(json.dumps(value))
    with pytest.raises(InputRefused, match="备份中有不认识的文件"):
        verify(tmp_path / "backup", room=room)


def test_what_is_no_backup_is_refused(tmp_path: Path, room: Path) -> None:
    (tmp_path / "text.zip").write_text("not a zip file")
    (tmp_path / "empty").mkdir()
    for path in ("text.zip", "empty", "nothing"):
        with pytest.raises(InputRefused, match="不是完整的督办备份"):
            verify(tmp_path / path, room=room)


def test_an_older_backup_is_brought_up_and_a_newer_one_refused(tmp_path: Path, folder: Path, room: Path) -> None:
    old = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(old, "0001")
    with old.begin() as connection:
        values = "('aa', '甲市', 'city', 'subordinate', 1, 0)"
        connection.execute(text(f"INSERT INTO unit (id, name, kind, relation, position, rank) VALUES {values}"))
    made = backed_up(old, tmp_path / "backup", folder)
    old.dispose()
    assert made.schema == "0001"
    new = sqlite_at(tmp_path / "new.db")
    restore(new, tmp_path / "backup", folder=room, by="operator", now=MADE_AT)
    assert [dict(row)["tree_from"] for row in everything(new)["unit"]] == [1]
    new.dispose()
    value = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    (tmp_path / "backup" / "manifest.json").write_text(json.dumps(value | {"schema": "0099"}))
    edited("UPDATE alembic_version SET version_num = '0099'")(tmp_path / "backup")
    empty = sqlite_at(tmp_path / "empty.db")
    with pytest.raises(UsageError, match="由更新版本的督办建立"):
        restore(empty, tmp_path / "backup", folder=room, by="operator", now=MADE_AT)
    empty.dispose()


class Writer(Thread):
    """Writes events and a count of them, each pair in one transaction, until it is told to stop."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(daemon=True)
        self.engine, self.over, self.written = engine, Event(), 0

    def run(self) -> None:
        while not self.over.is_set():
            with writing(self.engine) as session:
                seq = record(session, at=END, name="written", by="test", data={"text": "字" * 500})
                put_setting(session, "written", str(seq))
            self.written += 1
            # as an office writes, not as fast as the disk does: each round reads all events again
            self.over.wait(0.005)


def write_and_back_up(engine: Engine, folder: Path, room: Path, rounds: int) -> int:
    """Back up again and again while somebody writes: each backup is whole; answers how much was written."""
    writer = Writer(engine)
    writer.start()
    try:
        for n in range(rounds):
            made = backed_up(engine, room / f"{n}.zip", folder)
            assert verify(room / f"{n}.zip", room=room) == (made, [])
            assert pair_in(room / f"{n}.zip", room) == made.events[0]
            (room / f"{n}.zip").unlink()
    finally:
        writer.over.set()
        writer.join()
    return writer.written


def pair_in(file: Path, room: Path) -> int:
    """The count that a backup's database has beside its events."""
    shutil.unpack_archive(file, room / "look")
    made = make_engine(f"sqlite:///{room / 'look' / 'duban.db'}")
    with reading(made) as session:
        found = setting(session, "written")
        events = count(session)
    made.dispose()
    shutil.rmtree(room / "look")
    return int(found) if found else events


def test_backups_under_writing_are_whole(source: Engine, folder: Path, room: Path) -> None:
    assert write_and_back_up(source, folder, room, 20) > 0


@pytest.mark.soak
@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_backups_under_writing_are_whole(source: Engine, folder: Path, room: Path, hundred: int) -> None:
    assert write_and_back_up(source, folder, room, 100) > 0


def test_the_commands_of_backup_and_restore(
    duban: Duban, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("DUBAN_DATA_DIR", str(folder))
    shutil.copy(filled, folder / "duban.db")
    (tmp_path / "shelf").mkdir()
    said = duban("backup", tmp_path / "shelf", "--json").json
    (file,) = (tmp_path / "shelf").iterdir()
    assert (said["file"], said["schema"], said["files"]) == (str(file), HEAD, 2)
    assert duban("restore", file, "--verify", "--json").json["whole"] is True
    said = duban("restore", file)
    assert (said.code, said.err.count("\n")) == (1, 1)
    monkeypatch.setenv("DUBAN_DATA_DIR", str(tmp_path / "fresh"))
    said = duban("restore", file)
    assert (said.code, said.out.splitlines()[1]) == (
        0,
        "发信已暂停，请用 duban mail queue 核对后运行 duban mail resume",
    )
    assert duban("mail", "queue", "--json").json["paused"] != ""
    assert duban("mail", "resume").code == 0
    file.write_bytes(file.read_bytes()[:-100])
    said = duban("restore", file, "--verify")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert duban("restore", tmp_path / "nothing.zip").code == 2


def logged(path: Path, commits: int) -> list[int]:
    """A database whose every commit is still in its log alone; answers the length of the log after each."""
    engine, lengths = make_engine(f"sqlite:///{path / 'live.db'}"), []
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    for _ in range(commits):
        with writing(engine) as session:
            record(session, at=END, name="written", by="test", data={"text": "字" * 300})
        lengths.append((path / "live.db-wal").stat().st_size)
    for name in ("live.db", "live.db-wal"):
        shutil.copy(path / name, path / f"kept-{name}")
    engine.dispose()
    return lengths


def tear(path: Path, offset: int, random: Random) -> None:
    """The database as after a power cut: its log ends at ``offset``, or is garbage from there on."""
    raw = (path / "kept-live.db-wal").read_bytes()
    tail = b"" if random.random() < 0.5 else random.randbytes(len(raw) - offset)
    shutil.copy(path / "kept-live.db", path / "torn.db")
    (path / "torn.db-wal").write_bytes(raw[:offset] + tail)
    (path / "torn.db-shm").unlink(missing_ok=True)


def tear_and_open(path: Path, rounds: int) -> None:
    """Whatever the log has lost, the database is whole, and holds every commit whose log had reached the disk."""
    random, lengths = Random(14), logged(path, 40)
    for _ in range(rounds):
        offset = random.randrange(lengths[-1] + 1)
        tear(path, offset, random)
        engine = make_engine(f"sqlite:///{path / 'torn.db'}")
        with reading(engine) as session:
            assert session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert chain_is_whole(session)
            assert count(session) == sum(length <= offset for length in lengths)
        engine.dispose()


def test_a_torn_log_leaves_a_whole_database(tmp_path: Path) -> None:
    tear_and_open(tmp_path, 60)


@pytest.mark.soak
def test_a_log_torn_five_thousand_times(tmp_path: Path) -> None:
    tear_and_open(tmp_path, 5000)
