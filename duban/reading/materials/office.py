"""Old formats through LibreOffice, where it is installed: one conversion at a time, in a folder that is then gone.

It gets a profile of its own, in which macros are off and nothing outside the file is fetched, and no answer is trusted:
what it makes is read like any other file.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

from duban.domain.content import FileKind
from duban.reading.materials.childhood import run
from duban.reading.materials.limits import Limits

#: the ending that LibreOffice expects, and what it makes of it
CONVERTED = {
    FileKind.DOC: ("doc", "docx"),
    FileKind.WPS: ("doc", "docx"),
    FileKind.XLS: ("xls", "xlsx"),
    FileKind.ET: ("xls", "xlsx"),
}
_PROGRAMS = ("soffice", "libreoffice")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop>
</item>
</oor:items>
"""
#: bytes of what it says on the way
_SAID = 64 * 1024
_PAUSE = 0.05

_turn = Lock()


@contextmanager
def converted(path: Path, kind: FileKind, limits: Limits) -> Iterator[Path | None]:
    """The new document while the block lasts; None without LibreOffice, or when it fails or takes too long."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    end = monotonic() + limits.office_seconds
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="duban-office-", ignore_cleanup_errors=True) as folder:
        with _turn_taken(end) as taken:
            made = _convert(program, path, kind, Path(folder), end - monotonic()) if taken else None
        yield made


def _convert(program: str, path: Path, kind: FileKind, folder: Path, seconds: float) -> Path | None:
    ending, wanted = CONVERTED[kind]
    profile, out, given = folder / "profile", folder / "out", folder / f"material.{ending}"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    shutil.copyfile(path, given, follow_symlinks=False)
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--nologo", "--nodefault"]
    command += ["--norestore", "--nolockcheck", "--convert-to", wanted, "--outdir", str(out), str(given)]
    run(command, b"", seconds, _SAID, {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder)})
    made = out / f"material.{wanted}"
    return made if made.is_file() and not made.is_symlink() else None


@contextmanager
def _turn_taken(end: float) -> Iterator[bool]:
    """True while it is our turn, among threads and processes of this machine; False when it does not come in time."""
    if not _turn.acquire(timeout=max(0.0, end - monotonic())):
        yield False
        return
    handle = None
    try:
        handle = _lock_file()
        yield _locked(handle, end)
    finally:
        if handle is not None:
            os.close(handle)
        _turn.release()


def _lock_file() -> int | None:
    """A file of this user; None where it cannot be had, so that a strange temporary folder stops nobody."""
    name = Path(tempfile.gettempdir()) / f"duban-office-{getattr(os, 'getuid', int)()}.lock"
    with suppress(OSError):
        return os.open(name, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    return None


def _locked(handle: int | None, end: float) -> bool:
    if handle is None or sys.platform == "win32":
        return True
    import fcntl

    while monotonic() < end:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sleep(_PAUSE)
        else:
            return True
    return False
