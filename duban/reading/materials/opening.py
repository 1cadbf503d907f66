"""Opening a file that nobody vouches for."""

import os
import stat
from pathlib import Path
from typing import IO

from duban.domain.filekind import Mark
from duban.reading.materials.found import Refused
from duban.reading.materials.limits import MIB, Limits

#: a link is not followed, and a pipe not waited for
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def open_file(path: Path, limits: Limits) -> IO[bytes]:
    """The file itself: never what a link points to, never a device, never more than the limit. Refused."""
    try:
        handle = os.open(path, _FLAGS)
    except OSError:
        raise Refused(Mark.UNREADABLE, "文件打不开") from None
    status = os.fstat(handle)
    if stat.S_ISREG(status.st_mode) and status.st_size <= limits.file_size:
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise Refused(Mark.UNREADABLE, f"不是普通文件，或超过 {limits.file_size // MIB} MB")
