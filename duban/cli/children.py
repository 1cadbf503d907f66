"""The child processes of a run: started with their own log, kept alive, and ended with everything below them."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process, create_subprocess_exec
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from duban.tied import TIED, die_with

#: Seconds that a child has after SIGTERM; then it is killed. Prefect's processes do not always listen.
PATIENCE = 3.0
#: Seconds before a child that died is started again: doubled each time, forgotten after a long life.
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 60.0
#: Bytes from which a log is set aside at the next start.
LOG_LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Child:
    """A process to keep running."""

    #: of its log, and for people
    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    log: Path


async def keep(child: Child, *, ready: Callable[[], Awaitable[None]] | None, say: Callable[[str], None]) -> None:
    """Run ``child`` until cancelled, and start it again when it dies; ``ready`` is awaited before each start.

    Cancelled, it ends the child and what is below it, and only then returns.
    """
    pause, clock = FIRST_PAUSE, asyncio.get_running_loop().time
    while True:
        if ready:
            await ready()
        started = clock()
        process = await _start(child)
        try:
            await process.wait()
        finally:
            await _end(process)
        pause = FIRST_PAUSE if clock() - started > LONGEST_PAUSE else pause
        say(f"{child.name} 意外退出（{process.returncode}），{pause:.0f} 秒后重新启动；日志：{child.log}")
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _start(child: Child) -> Process:
    """In a process group of its own: the terminal's Ctrl-C reaches only us, and the group can be ended as a whole."""
    parent = os.getpid()
    with _log(child.log).open("ab") as log:
        return await create_subprocess_exec(
            *child.command,
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            env={**child.env, TIED: "yes"},
            process_group=0,
            preexec_fn=lambda: die_with(parent),
        )


def _log(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".1.log"))
    return path


async def _end(process: Process) -> None:
    """SIGTERM to the group, SIGKILL after a while; a dead child's group is killed too: nothing is left behind."""
    if process.returncode is None:
        _signal(process.pid, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), PATIENCE)
    _signal(process.pid, signal.SIGKILL)
    await process.wait()


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
