"""How many files come in at once, and who reads them: the web process stays small whatever is sent to it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from threading import BoundedSemaphore

from duban.bootstrap import Duban
from duban.domain.content import Content
from duban.domain.errors import Busy
from duban.services.inspecting import inspect
from models.material import Material

#: Pieces that may be in memory at once.
MOST_AT_ONCE = 16
#: Pieces that may wait in line for it; their bytes wait with the sender.
MOST_IN_LINE = 512
#: Children that read at once.
READERS = 2
#: So many wait to be read before nobody waits for an answer any more.
MOST_AWAITED = 6
#: Seconds for which an answer waits for the checks.
PATIENCE = 8


class Inlet:
    """One web process's door for files."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(MOST_AT_ONCE)
        self._in_line = 0
        self._originals = BoundedSemaphore(READERS)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._waiting: set[Future[Content]] = set()

    @asynccontextmanager
    async def in_turn(self) -> AsyncIterator[None]:
        """A place for one piece, first come first served; Busy when the line is full: the sender tries again."""
        if self._in_line >= MOST_IN_LINE:
            raise Busy("正在接收的文件较多，请稍候，将自动重试", "too many files at once: try again")
        self._in_line += 1
        try:
            await self._places.acquire()
        finally:
            self._in_line -= 1
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def reading_original(self) -> Iterator[None]:
        """A child for a notice as it came, of the few there are; Busy when none comes free in time."""
        if not self._originals.acquire(timeout=PATIENCE):
            raise Busy("正在读取的原文较多，请稍后再试", "too many originals at once: try again")
        try:
            yield
        finally:
            self._originals.release()

    def read(self, duban: Duban, material: Material, *, now: datetime) -> None:
        """Have a draft read; the answer waits for it where few wait before it."""
        self._waiting = {waiting for waiting in self._waiting if not waiting.done()}
        found = self._readers.submit(inspect, duban.engine, duban.store, material, now=now)
        self._waiting.add(found)
        if len(self._waiting) <= MOST_AWAITED:
            wait([found], PATIENCE)
