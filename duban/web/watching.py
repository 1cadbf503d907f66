"""One look a second at the end of the record of events, for all pages that listen; nobody listens, nobody looks."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

#: Seconds between two looks.
LOOK_EVERY = 1.0
#: Pages that listen at once, in one process.
MOST = 200


@dataclass(eq=False)
class Listener:
    """A page that listens."""

    #: the number of the last event that it was told of
    seen: int
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Watch:
    """Looks for all listeners of a process, while there are any."""

    def __init__(self, look: Callable[[], int]) -> None:
        """``look`` answers the number of the last event; it is called in a thread."""
        self._look = look
        self._listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None
        self.upto = 0
        #: the server stops: every stream ends
        self.is_over = False

    @property
    def has_room(self) -> bool:
        return len(self._listeners) < MOST and not self.is_over

    @property
    def listeners(self) -> int:
        """How many pages listen."""
        return len(self._listeners)

    async def begin(self) -> Listener:
        """A new listener, who knows everything up to now."""
        self.upto = max(self.upto, await run_in_threadpool(self._look))
        return Listener(seen=self.upto)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """While this lasts the listener is told of news."""
        self._listeners.add(listener)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._go_on())
        try:
            yield
        finally:
            self._listeners.discard(listener)

    def end(self) -> None:
        """Let every stream end."""
        self.is_over = True
        for listener in self._listeners:
            listener.news.set()

    async def _go_on(self) -> None:
        while self._listeners and not self.is_over:
            # a database that is away for a while is no reason to stop looking
            with suppress(SQLAlchemyError):
                self.upto = await run_in_threadpool(self._look)
            for listener in self._listeners:
                if listener.seen < self.upto:
                    listener.news.set()
            await asyncio.sleep(LOOK_EVERY)
