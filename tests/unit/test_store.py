"""The store on a real disk: whole files under their hashes, uploads that go on after anything, nothing half there."""

import hashlib
import os
import resource
import stat
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.errors import NotFound, NotStored
from duban.store.parts import NotWhole, Parts, WrongOffset
from duban.store.store import Kept, Store, TooBig
from duban.store.sweeping import Swept, sweep

NOW = datetime(2021, 10, 12, 10, tzinfo=UTC)
GONE = "这次上传已失效，请重新上传"
FULL = "未提交成功，磁盘空间不足，请稍后再试或联系经办人"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "uploads").prepare()


@pytest.fixture
def parts(store: Store) -> Parts:
    return Parts(store)


def kept(data: bytes) -> Kept:
    return Kept(sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def there(store: Store) -> dict[str, bytes]:
    """Every file of the store but the lock."""
    files = (path for path in store.root.rglob("*") if path.is_file() and path.name != "lock")
    return {path.relative_to(store.root).as_posix(): path.read_bytes() for path in files}


def place(data: bytes) -> str:
    return f"{kept(data).sha256[:2]}/{kept(data).sha256[2:]}"


def broken_off(*chunks: bytes) -> Iterator[bytes]:
    """A line that breaks."""
    yield from chunks
    raise ConnectionResetError


def test_a_file_lies_under_its_hash_for_its_owner_alone(store: Store) -> None:
    found = store.put([b"ab", b"", b"cd"], most=4)
    assert found == kept(b"abcd")
    assert there(store) == {place(b"abcd"): b"abcd"}
    modes = {stat.S_IMODE(path.stat().st_mode) for path in store.root.rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in (store.root, *store.root.iterdir())}
    assert (modes, folders) == ({0o600}, {0o700})
    assert store.find(found.sha256).read_bytes() == b"abcd"


def test_the_same_content_is_kept_once_and_is_new(store: Store) -> None:
    first = store.put([b"abcd"], most=4)
    os.utime(store.path(first.sha256), (0, 0))
    inode = store.path(first.sha256).stat().st_ino
    assert store.put([b"abcd"], most=4) == first
    assert there(store) == {place(b"abcd"): b"abcd"}
    found = store.path(first.sha256).stat()
    assert (found.st_ino, found.st_mtime > 0) == (inode, True)


def test_a_torn_file_is_healed_by_the_same_content(store: Store) -> None:
    found = store.put([b"abcd"], most=4)
    store.path(found.sha256).write_bytes(b"ab")
    assert (store.has(found), store.is_whole(found)) == (False, False)
    store.put([b"abcd"], most=4)
    assert (store.has(found), store.is_whole(found)) == (True, True)


def test_a_changed_byte_is_found_by_reading(store: Store) -> None:
    found = store.put([b"abcd"], most=4)
    store.path(found.sha256).write_bytes(b"abcx")
    assert (store.has(found), store.is_whole(found)) == (True, False)
    assert store.is_whole(kept(b"never")) is False


def test_of_what_is_too_big_or_breaks_off_nothing_is_left(store: Store) -> None:
    with pytest.raises(TooBig, match="文件超过 1 KB，未保存"):
        store.put([b"ab", b"cde"], most=4)
    with pytest.raises(ConnectionResetError):
        store.put(broken_off(b"ab"), most=4)
    assert there(store) == {}


@pytest.mark.parametrize("name", ["", "..", "../x", "a" * 63, "a" * 65, "A" * 64, "a/" * 32, "g" * 64, "a" * 64 + "\n"])
def test_only_a_hash_becomes_a_path(store: Store, name: str) -> None:
    with pytest.raises(NotFound):
        store.path(name)
    with pytest.raises(NotFound):
        store.find(name)


@pytest.mark.parametrize("key", ["", "../lock", "lock", "a" * 39, "A" * 40, "a" * 40 + "/../lock", "0" * 40])
def test_only_a_key_that_was_given_is_an_upload(store: Store, parts: Parts, key: str) -> None:
    steps: list[Callable[[], object]] = [
        lambda: parts.offset(key),
        lambda: parts.append(key, 0, [b"x"], most=9),
        lambda: parts.finish(key, 1),
    ]
    for step in steps:
        with pytest.raises(NotFound, match=GONE):
            step()
    assert there(store) == {}


def test_an_upload_in_parts(store: Store, parts: Parts) -> None:
    key = parts.begin()
    assert (len(key), parts.offset(key)) == (40, 0)
    assert parts.append(key, 0, [b"ab", b"c"], most=6) == 3
    with pytest.raises(NotWhole) as early:
        parts.finish(key, 6)
    assert (str(early.value), early.value.right) == ("文件尚未传完，已收到 50%", 3)
    assert Parts(Store(store.root)).append(key, 3, [b"def"], most=6) == 6
    assert parts.finish(key, 6) == kept(b"abcdef")
    parts.drop(key)
    assert there(store) == {place(b"abcdef"): b"abcdef"}
    with pytest.raises(NotFound, match=GONE):
        parts.append(key, 6, [b"x"], most=7)


def test_a_wrong_offset_is_told_the_right_one(parts: Parts) -> None:
    key = parts.begin()
    parts.append(key, 0, [b"abc"], most=6)
    for wrong in (0, 2, 4, -1):
        with pytest.raises(WrongOffset, match="请从第 3 字节续传") as refusal:
            parts.append(key, wrong, [b"x"], most=6)
        assert refusal.value.right == 3
    assert parts.offset(key) == 3


def test_what_came_before_a_line_broke_stays(parts: Parts) -> None:
    key = parts.begin()
    with pytest.raises(ConnectionResetError):
        parts.append(key, 0, broken_off(b"ab", b"cd"), most=6)
    assert parts.append(key, 4, [b"ef"], most=6) == 6
    assert parts.finish(key, 6) == kept(b"abcdef")


def test_a_part_beyond_what_was_announced_is_over(store: Store, parts: Parts) -> None:
    key = parts.begin()
    assert parts.append(key, 0, [b"abcd"], most=4) == 4
    with pytest.raises(TooBig):
        parts.append(key, 4, [b"e"], most=4)
    assert there(store) == {}


def test_two_senders_never_mix(store: Store, parts: Parts) -> None:
    """The line of the first one hangs; the second goes on; when the first wakes up, it is told where things are."""
    key = parts.begin()

    def hanging() -> Iterator[bytes]:
        yield b"ab"
        assert parts.append(key, 2, [b"cd"], most=6) == 4
        yield b"xx"

    with pytest.raises(WrongOffset) as refusal:
        parts.append(key, 0, hanging(), most=6)
    assert refusal.value.right == 4
    assert parts.append(key, 4, [b"ef"], most=6) == 6
    assert parts.finish(key, 6) == kept(b"abcdef")


def test_a_sender_that_hung_cannot_write_into_a_finished_file(store: Store, parts: Parts) -> None:
    key = parts.begin()

    def hanging() -> Iterator[bytes]:
        yield b"abcd"
        assert parts.finish(key, 4) == kept(b"abcd")
        yield b"xx"

    with pytest.raises(NotFound, match=GONE):
        parts.append(key, 0, hanging(), most=6)
    assert store.is_whole(kept(b"abcd"))


def test_finishing_again_answers_the_same(store: Store, parts: Parts) -> None:
    key = parts.begin()
    parts.append(key, 0, [b"abcd"], most=4)
    first = parts.finish(key, 4)
    os.utime(store.path(first.sha256), (0, 0))
    assert Parts(Store(store.root)).finish(key, 4) == first
    assert store.path(first.sha256).stat().st_mtime > 0
    parts.drop(key)
    assert there(store) == {place(b"abcd"): b"abcd"}


@pytest.mark.parametrize("seal", [b"", b"[", b'["x"]', b'["ab", 4]'])
def test_a_torn_note_of_a_former_finish_is_no_finish(store: Store, parts: Parts, seal: bytes) -> None:
    """Killed before the rename: the part is there, whatever the note says."""
    key = parts.begin()
    parts.append(key, 0, [b"abcd"], most=4)
    (store.temporary / f"{key}.sealed").write_bytes(seal)
    assert parts.finish(key, 4) == kept(b"abcd")


def test_an_empty_file_is_a_file(store: Store, parts: Parts) -> None:
    assert store.put([], most=0) == kept(b"")
    assert parts.finish(parts.begin(), 0) == kept(b"")


@given(
    data=st.binary(max_size=2000),
    cuts=st.lists(st.integers(0, 2000), max_size=8),
    breaks=st.lists(st.booleans(), min_size=9, max_size=9),
    wrong=st.integers(-5, 2005),
)
def test_any_chunks_with_any_restarts_make_the_same_file(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, cuts: list[int], breaks: list[bool], wrong: int
) -> None:
    """After each piece the process may be another one, the line may break, and a sender may err."""
    root = tmp_path_factory.mktemp("any")
    store = Store(root).prepare()
    key, size = Parts(store).begin(), len(data)
    ends = sorted({*(min(cut, size) for cut in cuts), size})
    at = 0
    for end, broken in zip(ends, breaks, strict=False):
        parts = Parts(Store(root))
        if wrong != at:
            with pytest.raises(WrongOffset):
                parts.append(key, wrong, [b"wrong"], most=size + 5)
        with suppress(ConnectionResetError):
            parts.append(key, at, (broken_off if broken else lambda *x: x)(data[at:end]), most=size)
        at = parts.offset(key)
        assert at == end
    assert Parts(Store(root)).finish(key, size) == kept(data)
    Parts(store).drop(key)
    assert there(store) == {place(data): data}


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """A disk that takes no more than so much of a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_and_nothing_is_left(store: Store, parts: Parts) -> None:
    key = parts.begin()
    parts.append(key, 0, [b"x" * 4000], most=9000)
    with no_file_beyond(4096):
        with pytest.raises(NotStored) as refusal:
            parts.append(key, 4000, [b"y" * 90, b"z" * 90], most=9000)
        assert str(refusal.value) == FULL
        with pytest.raises(NotStored, match=FULL):
            store.put([b"x" * 4096, b"y"], most=9000)
        assert store.put([b"x" * 4096], most=9000) == kept(b"x" * 4096)
    assert there(store) == {place(b"x" * 4096): b"x" * 4096}
    with pytest.raises(NotFound, match=GONE):
        parts.offset(key)
    assert store.put([b"x" * 4096, b"y"], most=9000) == kept(b"x" * 4096 + b"y")


def test_a_full_disk_at_the_very_end_is_said_and_nothing_is_left(store: Store, parts: Parts) -> None:
    """The note of the hash does not fit any more."""
    key = parts.begin()
    parts.append(key, 0, [b"abc"], most=3)
    with no_file_beyond(10), pytest.raises(NotStored, match=FULL):
        parts.finish(key, 3)
    assert there(store) == {}


def test_a_folder_that_is_gone_is_said_and_not_made_anew(store: Store, parts: Parts) -> None:
    key = parts.begin()
    store.root.rename(store.root.with_name("elsewhere"))
    steps: list[Callable[[], object]] = [
        parts.begin,
        lambda: parts.append(key, 0, [b"x"], most=9),
        lambda: parts.finish(key, 0),
        lambda: store.put([b"x"], most=9),
        lambda: sweep(store, lambda hashes: set(), older_than=NOW),
    ]
    for step in steps:
        with pytest.raises(NotStored) as refusal:
            step()
        assert str(refusal.value) == (
            "未提交成功，文件无法写入磁盘（No such file or directory），请稍后再试或联系经办人"
        )
    assert not store.root.exists()


def aged(path: Path, hours: float) -> None:
    moment = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))


def test_only_what_is_old_and_unknown_is_swept(store: Store, parts: Parts) -> None:
    old, young, known = (store.put([data], most=9) for data in (b"old", b"young", b"known"))
    aged(store.path(old.sha256), 24.1)
    aged(store.path(young.sha256), 23.9)
    aged(store.path(known.sha256), 99)
    stale, going_on = parts.begin(), parts.begin()
    aged(store.temporary / f"{stale}.part", 24.1)
    aged(store.temporary / f"{going_on}.part", 23.9)
    aged(store.temporary / "lock", 99)
    foreign = store.root / "lost+found" / "x"
    foreign.parent.mkdir()
    foreign.write_bytes(b"foreign")
    aged(foreign, 99)
    asked: list[set[str]] = []

    def on_record(hashes: object) -> set[str]:
        asked.append(set(hashes))  # type: ignore[call-overload]
        return {known.sha256}

    assert sweep(store, on_record, older_than=NOW - timedelta(hours=24)) == Swept(files=1, temporary=1)
    assert set().union(*asked) == {old.sha256, known.sha256}
    assert set(there(store)) == {place(b"young"), place(b"known"), f"tmp/{going_on}.part", "lost+found/x"}
    assert (store.temporary / "lock").exists()


def test_what_is_kept_once_more_while_the_sweep_decides_stays(store: Store) -> None:
    """Its row is on the way; the sweep has asked before it was there."""
    old = store.put([b"old"], most=9)
    aged(store.path(old.sha256), 99)

    def again(_: object) -> set[str]:
        store.put([b"old"], most=9)
        return set()

    assert sweep(store, again, older_than=NOW - timedelta(hours=24)) == Swept()
    assert store.is_whole(old)


def in_pieces(megabytes: int) -> Iterator[bytes]:
    """So much, a megabyte at a time."""
    piece = bytes(1 << 20)
    for _ in range(megabytes):
        yield piece


def memory_of(megabytes: int, store: Store) -> int:
    """The most that Python holds at once while so much comes, in parts and in one go."""
    parts, most = Parts(store), megabytes << 20
    tracemalloc.start()
    try:
        key = parts.begin()
        parts.append(key, 0, in_pieces(megabytes), most=most)
        assert parts.finish(key, most) == store.put(in_pieces(megabytes), most=most)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_stays_flat(store: Store) -> None:
    assert memory_of(24, store) < 4 << 20


@pytest.mark.soak
def test_memory_stays_flat_over_500_megabytes(store: Store) -> None:
    assert memory_of(500, store) < 4 << 20
