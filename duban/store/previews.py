"""Pictures of pages that were made once: by the content's hash, the page and the size. Whatever is lost is made anew.

Only a bounded amount is kept: what was asked for longest ago goes first.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from duban.store.disk import honest

#: Bytes that are kept at most, and how many remain when that is too much.
MOST = 512 << 20
REMAIN = 0.8


class Previews:
    """Pictures under ``root``. One value may serve many threads and processes at once."""

    def __init__(self, root: Path, *, most: int = MOST) -> None:
        """Nothing is made here; the folder comes with the first picture. ``most`` in bytes."""
        self.root = root
        self.most = most

    def path(self, sha256: str, page: int, size: int) -> Path:
        """Where a picture lies, or would lie."""
        return self.root / f"{sha256}-{page}-{size}"

    def get(self, sha256: str, page: int, size: int) -> bytes | None:
        """A picture; None when it is not there. It counts as used now."""
        path = self.path(sha256, page, size)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return data or None

    def put(self, sha256: str, page: int, size: int, data: bytes) -> None:
        """Keep a picture, and let go what is too much. NotStored."""
        with honest():
            self.root.mkdir(mode=0o700, exist_ok=True)
            temporary = self.root / f"{secrets.token_hex(20)}.tmp"
            try:
                temporary.write_bytes(data)
                temporary.chmod(0o600)
                temporary.replace(self.path(sha256, page, size))
            finally:
                temporary.unlink(missing_ok=True)
        self._trim()

    def _trim(self) -> None:
        """Until little enough remains; what another process has removed meanwhile is gone all the same."""
        known: list[tuple[float, int, Path]] = []
        with suppress(OSError):
            for entry in os.scandir(self.root):
                with suppress(OSError):
                    about = entry.stat()
                    known.append((about.st_mtime, about.st_size, Path(entry.path)))
        total = sum(size for _, size, _ in known)
        if total <= self.most:
            return
        for _, size, path in sorted(known):
            if total <= self.most * REMAIN:
                break
            with suppress(OSError):
                path.unlink()
            total -= size
