"""The store: ``root/ab/cdef…`` by SHA-256, temporary files in ``root/tmp``.

Order of every keeping: write, fsync the file, rename it to its hash, fsync the folder; only then an answer. A row
that names a file is written after that, so that no row is without its file; files without rows are swept later.
Whatever the disk refuses is NotStored, and nothing of the file is left.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from duban.domain.caps import size_phrase
from duban.domain.errors import InputRefused, NotFound
from duban.store.disk import digest, honest, locked, make_folder, open_new, opened, settle, write_all

_DIGEST = re.compile(r"[0-9a-f]{64}")
#: The folder of what is not whole yet.
TEMPORARY = "tmp"
#: The file in it by which keeping and sweeping take turns.
LOCK = "lock"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file that is on the disk, whole, under its hash."""

    #: hex
    sha256: str
    #: bytes
    size: int


class TooBig(InputRefused):
    """More bytes than may come; nothing of it was kept."""

    def __init__(self, most: int) -> None:
        super().__init__(f"文件超过 {size_phrase(most)}，未保存", f"the file has more than {size_phrase(most)}")
        self.most = most


class Store:
    """Files under ``root``. One value may serve many threads and processes at once."""

    def __init__(self, root: Path) -> None:
        """Nothing is made here: see ``prepare``."""
        self.root = root
        self.temporary = root / TEMPORARY

    def prepare(self) -> "Store":
        """Make the folders, for their owner alone. Later a folder that is gone is an error, never made anew."""
        with honest():
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            make_folder(self.temporary)
        return self

    def path(self, sha256: str) -> Path:
        """Where a file lies, or would lie. NotFound for what is no hash: nothing else ever becomes a path."""
        if not _DIGEST.fullmatch(sha256):
            raise NotFound("没有这个文件", "no such file")
        return self.root / sha256[:2] / sha256[2:]

    def put(self, chunks: Iterable[bytes], *, most: int) -> Kept:
        """Keep a stream of at most ``most`` bytes, hashed as it comes. TooBig, NotStored; then nothing is left."""
        path = self.temporary / f"{secrets.token_hex(20)}.put"
        found, size = hashlib.sha256(), 0
        with _removed_on_error(path):
            with opened(_new(path)) as handle:
                for chunk in chunks:
                    size += len(chunk)
                    if size > most:
                        raise TooBig(most)
                    found.update(chunk)
                    with honest():
                        write_all(handle, chunk)
                with honest():
                    os.fsync(handle)
            kept = Kept(sha256=found.hexdigest(), size=size)
            self.take(path, kept)
        return kept

    def take(self, path: Path, kept: Kept) -> None:
        """Give a whole file, already on the disk, its final name; the same content that is there stays, and is new.

        Being new keeps it from being swept before its row is written.
        """
        final = self.path(kept.sha256)
        with honest():
            make_folder(final.parent)
            with self.lock():
                if _has(final, kept.size):
                    os.utime(final)
                    path.unlink()
                else:
                    os.utime(path)
                    path.replace(final)
            settle(final.parent)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """What is kept and what is swept do not meet."""
        with opened(os.open(self.temporary / LOCK, os.O_RDWR | os.O_CREAT, 0o600)) as handle, locked(handle):
            yield

    def hold(self, kept: Kept) -> bool:
        """Make a file new that is there, so that it is not swept before its row is written; False when it is not."""
        final = self.path(kept.sha256)
        with honest(), self.lock():
            is_there = _has(final, kept.size)
            if is_there:
                os.utime(final)
        return is_there

    def has(self, kept: Kept) -> bool:
        """True when the file is there with this size; its content is not read."""
        return _has(self.path(kept.sha256), kept.size)

    def is_whole(self, kept: Kept) -> bool:
        """True when the file is there, and its content has this hash and size: all of it is read."""
        try:
            with opened(os.open(self.path(kept.sha256), os.O_RDONLY)) as handle:
                return digest(handle) == (kept.sha256, kept.size)
        except OSError:
            return False

    def find(self, sha256: str) -> Path:
        """The file with this hash, to be read; NotFound."""
        path = self.path(sha256)
        if not path.is_file():
            raise NotFound("没有这个文件", "no such file")
        return path


def _new(path: Path) -> int:
    with honest():
        return open_new(path)


def _has(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


@contextmanager
def _removed_on_error(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
