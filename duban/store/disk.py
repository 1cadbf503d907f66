"""What was written is on the disk: files, folders, and every refusal of the disk as one clear error."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from duban.domain.errors import NotStored

try:
    import fcntl
except ImportError:  # Windows: one process writes there
    fcntl = None  # type: ignore[assignment]

#: Bytes read at once.
CHUNK = 1 << 20
#: Windows opens text unless it is told otherwise.
_BINARY = getattr(os, "O_BINARY", 0)
#: No room: on the disk, in a quota, or for a file of this size.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def honest() -> Iterator[None]:
    """Whatever the disk refuses becomes NotStored, in one line for people."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NotStored.full() from error
        raise NotStored.unwritable(error.strerror or type(error).__name__) from error


def open_new(path: Path) -> int:
    """A handle on a new file that only its owner reads."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)


def open_there(path: Path) -> int:
    """A handle on a file that is there; FileNotFoundError."""
    return os.open(path, os.O_RDWR | _BINARY)


@contextmanager
def opened(handle: int) -> Iterator[int]:
    """A handle, closed at the end."""
    try:
        yield handle
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Write all of it where the handle stands; the system may take it in parts."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def digest(handle: int) -> tuple[str, int]:
    """SHA-256 in hex and size of a whole file, read anew."""
    os.lseek(handle, 0, os.SEEK_SET)
    found, size = hashlib.sha256(), 0
    while chunk := os.read(handle, CHUNK):
        found.update(chunk)
        size += len(chunk)
    return found.hexdigest(), size


def settle(folder: Path) -> None:
    """Write a folder's own entries to the disk. Windows has no such call."""
    if os.name == "nt":
        return
    with opened(os.open(folder, os.O_RDONLY)) as handle:
        os.fsync(handle)


def make_folder(folder: Path) -> None:
    """A folder for its owner alone, on the disk; its parent must be there."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    settle(folder.parent)


@contextmanager
def locked(handle: int) -> Iterator[None]:
    """Nobody else has this file locked meanwhile. The lock ends with the process, however that ends."""
    if fcntl is not None:
        with honest():
            fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_UN)
