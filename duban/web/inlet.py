"""How many files come in at once, and who reads them: the web process stays small whatever is sent to it."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import datetime
from threading import BoundedSemaphore

from duban.bootstrap import Duban
from duban.domain.content import Content
from duban.domain.errors import Busy
from duban.services.inspecting import inspect
from models.material import Material

#: Pieces that may be in memory at once.
MOST_AT_ONCE = 16
#: Children that read at once.
READERS = 2
#: So many wait to be read before nobody waits for an answer any more.
MOST_AWAITED = 6
#: Seconds for which an answer waits for the checks.
PATIENCE = 8


class Inlet:
    """One web process's door for files."""

    def __init__(self) -> None:
        self._places = BoundedSemaphore(MOST_AT_ONCE)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._waiting: set[Future[Content]] = set()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A place for one piece; Busy when all are taken: the sender tries again."""
        if not self._places.acquire(blocking=False):
            raise Busy("正在接收的文件较多，请稍候，将自动重试", "too many files at once: try again")
        try:
            yield
        finally:
            self._places.release()

    def read(self, duban: Duban, material: Material, *, now: datetime) -> None:
        """Have a draft read; the answer waits for it where few wait before it."""
        self._waiting = {waiting for waiting in self._waiting if not waiting.done()}
        found = self._readers.submit(inspect, duban.engine, duban.store, material, now=now)
        self._waiting.add(found)
        if len(self._waiting) <= MOST_AWAITED:
            wait([found], PATIENCE)
