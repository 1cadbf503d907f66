"""Files that no row names, and uploads that nobody goes on with: removed once they are old enough."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from duban.store.disk import honest
from duban.store.store import LOCK, Store

_FOLDER, _FILE = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{62}")
#: Which of these hashes are on record.
Known = Callable[[Collection[str]], Set[str]]


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What was removed."""

    files: int = 0
    temporary: int = 0


def sweep(store: Store, known: Known, *, older_than: datetime) -> Swept:
    """Remove files that ``known`` does not know, and temporary ones, last written before ``older_than`` (real time).

    A file that is kept once more meanwhile is new, and stays; its row may be on the way.
    """
    before = older_than.timestamp()
    files = 0
    for folder in _folders(store.root):
        old = {folder.name + path.name: path for path in _old(folder, before) if _FILE.fullmatch(path.name)}
        for sha256 in old.keys() - (known(old) if old else set()):
            files += _remove_if_old(store, old[sha256], before)
    stale = [path for path in _old(store.temporary, before) if path.name != LOCK]
    return Swept(files=files, temporary=sum(_removed(path) for path in stale))


def _folders(root: Path) -> list[Path]:
    """Those of the store; whatever else lies there is not ours."""
    with honest():
        return sorted(path for path in root.iterdir() if _FOLDER.fullmatch(path.name) and path.is_dir())


def _old(folder: Path, before: float) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            # what goes away meanwhile is gone
            with suppress(FileNotFoundError):
                if entry.stat().st_mtime < before:
                    yield Path(entry.path)


def _remove_if_old(store: Store, path: Path, before: float) -> bool:
    with store.lock(), suppress(FileNotFoundError):
        if path.stat().st_mtime < before:
            path.unlink()
            return True
    return False


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:  # on Windows: somebody has it open
        return False
    return True
