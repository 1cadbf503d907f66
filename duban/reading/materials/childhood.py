"""Starting the child, waiting for it, and ending it with all that is below it. Nothing here looks at the file."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Timer
from typing import Any

import duban
from duban.reading.materials.limits import Limits

_MODULE = "duban.reading.materials.child"
#: the folder in which the child finds our own packages
_HOUSE = Path(duban.__file__ or "").resolve().parents[1]
#: what a system needs to start any program at all
_NEEDED = ("SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")


@dataclass(frozen=True, kw_only=True)
class Answer:
    #: what was said, also by one that did not come to its end
    said: bytes
    #: it ended well, in time, and said no more than it may
    is_whole: bool


def ask(act: str, path: Path, limits: Limits, *, module: str = _MODULE, **more: Any) -> Answer:
    """What the child says of the file at ``path``; ``module``: another program that is asked in the same way."""
    request = {"act": act, "path": str(path.absolute()), "limits": asdict(limits), **more}
    command = [sys.executable, "-P", "-m", module]
    return run(command, json.dumps(request).encode("ascii"), limits.wall_seconds, limits.answer_size, _environment())


def run(command: list[str], told: bytes, seconds: float, most: int, environment: Mapping[str, str]) -> Answer:
    """What ``command`` writes when it is ``told`` something, within ``seconds`` and ``most`` bytes.

    It has a process group of its own, which is gone when this returns.
    """
    process = subprocess.Popen(  # noqa: S603 - a command of our own, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
        env=dict(environment),
        start_new_session=True,
    )
    alarm = Timer(seconds, _end, [process])
    alarm.daemon = True
    alarm.start()
    with process:
        try:
            answer = _conversation(process, told, most)
        finally:
            alarm.cancel()
            _end(process)
    return Answer(said=answer, is_whole=len(answer) <= most and process.returncode == 0)


def _conversation(process: "subprocess.Popen[bytes]", told: bytes, most: int) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(OSError):  # it may be gone already
        process.stdin.write(told)
    with suppress(OSError):
        process.stdin.close()
    answer = process.stdout.read(most + 1)
    if len(answer) <= most:
        process.wait()
    return answer


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill the whole group; a group that is gone is what was wanted."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return {**kept, "PYTHONPATH": str(_HOUSE), "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore", "LC_ALL": "C.UTF-8"}
