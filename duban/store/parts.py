"""Uploads in parts that outlive a broken line and a restart: begin, append at an offset, finish.

What has come is the size of the part; nothing is kept in memory between two calls. The hash is read anew at the end.
"""

import errno
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from duban.domain.errors import ActRefused, NotFound, NotStored
from duban.store.disk import digest, honest, locked, open_new, open_there, opened, write_all
from duban.store.store import Kept, Store, TooBig

_KEY = re.compile(r"[0-9a-f]{40}")


class WrongOffset(ActRefused):
    """The part has another length than the sender thinks: go on at ``right``."""

    def __init__(self, right: int) -> None:
        super().__init__(f"请从第 {right} 字节续传", f"go on at byte {right}")
        self.right = right


class NotWhole(ActRefused):
    """The part cannot be finished: more is to come, from ``right`` on."""

    def __init__(self, right: int, size: int) -> None:
        zh = f"文件尚未传完，已收到 {right * 100 // max(size, 1)}%"
        super().__init__(zh, f"{right} of {size} bytes have come")
        self.right = right


class Parts:
    """The uploads under way in a store. One value may serve many threads and processes at once."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def begin(self) -> str:
        """An empty part; its key has 160 random bits. NotStored."""
        key = secrets.token_hex(20)
        with honest(), opened(open_new(self._path(key))):
            pass
        return key

    def offset(self, key: str) -> int:
        """How many bytes have come. NotFound when it is finished, dropped or was never begun."""
        with self._held(key) as handle:
            return self._standing(key, handle)

    def come(self, key: str) -> int:
        """The same, and of a part that is kept already but not dropped yet: its whole size."""
        sealed = self._kept(key)
        return sealed.size if sealed else self.offset(key)

    def append(self, key: str, offset: int, chunks: Iterable[bytes], *, most: int) -> int:
        """Add a stream at ``offset``, ``most`` bytes in all; answers the new length, which is on the disk by then.

        WrongOffset unless all that came before ends there, also when another sender has gone on meanwhile. When the
        stream breaks off, what came stays. NotStored, and TooBig beyond ``most``: then the part is gone.
        """
        at = offset
        with self._held(key) as handle:
            self._check(key, handle, at)
            try:
                for chunk in chunks:
                    at = self._write(key, handle, at, chunk, most)
                with honest():
                    os.fsync(handle)
            except (NotStored, TooBig):
                self.drop(key)
                raise
        return at

    def finish(self, key: str, size: int) -> Kept:
        """Keep a part of exactly ``size`` bytes in the store, safe on the disk. Done again, it answers the same.

        NotWhole while more is to come; NotFound; NotStored, and then the part is gone. ``drop`` it once its row is
        written.
        """
        sealed = self._kept(key)
        if sealed:
            return sealed
        with self._held(key) as handle, locked(handle):
            come = self._standing(key, handle)
            if come != size:
                raise NotWhole(come, size)
            with honest():
                os.fsync(handle)
                found, _ = digest(handle)
            kept = Kept(sha256=found, size=size)
            if os.name != "nt":
                self._seal(key, kept)
        if os.name == "nt":  # no file that is open can be renamed there
            self._seal(key, kept)
        return kept

    def drop(self, key: str) -> None:
        """Forget a part, whatever has come of it; what is in the store stays there."""
        for path in (self._path(key), self._seal_path(key)):
            with suppress(OSError):
                path.unlink()

    def _write(self, key: str, handle: int, at: int, chunk: bytes, most: int) -> int:
        """One piece, as long as the part still ends where the last one did: two senders never mix."""
        if at + len(chunk) > most:
            raise TooBig(most)
        with locked(handle):
            self._check(key, handle, at)
            with honest():
                os.lseek(handle, at, os.SEEK_SET)
                write_all(handle, chunk)
        return at + len(chunk)

    def _check(self, key: str, handle: int, at: int) -> None:
        right = self._standing(key, handle)
        if right != at:
            raise WrongOffset(right)

    def _standing(self, key: str, handle: int) -> int:
        """How much has come, as long as the handle is still the part's and not a finished file's."""
        mine = os.fstat(handle)
        try:
            is_mine = os.path.samestat(mine, self._path(key).stat())
        except FileNotFoundError:
            is_mine = False
        if not is_mine:
            raise _gone()
        return mine.st_size

    def _seal(self, key: str, kept: Kept) -> None:
        """Write down the hash, then rename: whoever is killed in between, or right after, finishes once more."""
        try:
            with honest(), opened(os.open(self._seal_path(key), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)) as seal:
                write_all(seal, json.dumps([kept.sha256, kept.size]).encode())
                os.fsync(seal)
            self.store.take(self._path(key), kept)
        except NotStored:
            self.drop(key)
            raise

    def _kept(self, key: str) -> Kept | None:
        """What a former finish put into the store."""
        sealed = self._sealed(key)
        return sealed if sealed and not self._path(key).exists() and self.store.hold(sealed) else None

    def _sealed(self, key: str) -> Kept | None:
        """What a former finish wrote down; None where there was none, or it is torn."""
        try:
            sha256, size = json.loads(self._seal_path(key).read_bytes())
        except (OSError, ValueError):
            return None
        return Kept(sha256=sha256, size=size)

    @contextmanager
    def _held(self, key: str) -> Iterator[int]:
        """The part, opened. NotFound; NotStored when the folder itself is gone."""
        path = self._path(key)
        with honest():
            if not self.store.temporary.is_dir():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        try:
            handle = open_there(path)
        except FileNotFoundError:
            raise _gone() from None
        with opened(handle):
            yield handle

    def _path(self, key: str) -> Path:
        """NotFound for what is no key: nothing else ever becomes a path."""
        if not _KEY.fullmatch(key):
            raise _gone()
        return self.store.temporary / f"{key}.part"

    def _seal_path(self, key: str) -> Path:
        return self._path(key).with_suffix(".sealed")


def _gone() -> NotFound:
    return NotFound("这次上传已失效，请重新上传", "this upload is gone: begin again")
