"""Pages that know of changes: a stream says *that* something changed for its reader, never what."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from duban.domain.access import Scope, scope_of
from duban.domain.deeds import Deed
from duban.domain.errors import Busy
from duban.web.rules import Rule, guest_of, ruled
from duban.web.visit import Visit, Visiting
from duban.web.watching import Listener, Watch
from models.changes import has_changed

router = APIRouter()

#: What a reader may see on the pages that listen.
SEEING = (Deed.SEE_LEDGER, Deed.SEE_OWED, Deed.REVIEW_INBOX)
#: Seconds between two looks whether the reader is still there, and (in looks) between two signs of life.
LOOK_EVERY, HEARTBEAT = 1.0, 20
#: Looks after which a stream ends by itself; the browser comes again after so many milliseconds.
LONGEST, AGAIN = 600, 5000


@router.get("/live")
@ruled(Rule(is_quiet=True))
async def live(visit: Visiting) -> StreamingResponse:
    """Server-sent events: ``changed``, without a word on what. Busy when too many listen already."""
    watch: Watch = visit.request.app.state.watch
    if not watch.has_room:
        raise Busy("同时打开的页面过多，本页不会自动刷新", "too many pages listen")
    stream = _stream(visit, watch, await watch.begin())
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _stream(visit: Visit, watch: Watch, listener: Listener) -> AsyncIterator[str]:
    """Until the reader leaves, the session ends, or the server stops."""
    with watch.listening(listener):
        yield f"retry: {AGAIN}\n: \n\n"
        for look in range(1, LONGEST):
            with suppress(TimeoutError):
                await asyncio.wait_for(listener.news.wait(), LOOK_EVERY)
            if watch.is_over or await visit.request.is_disconnected():
                return
            if not listener.news.is_set() and look % HEARTBEAT:
                continue
            listener.news.clear()
            after, listener.seen = listener.seen, watch.upto
            told = await run_in_threadpool(_told, visit, after, listener.seen)
            if told is None:
                return
            yield told


def _told(visit: Visit, after: int, upto: int) -> str | None:
    """What is said to the reader; None: the session is over, by the clock or because it was shut out."""
    guest = guest_of(visit.request, visit.duban)
    if guest is None:
        return None
    scopes: list[Scope] = [scope_of(guest.subject, deed) for deed in SEEING]
    with visit.reading() as session:
        found = upto > after and has_changed(session, scopes, after=after, upto=upto)
    return "event: changed\ndata: 1\n\n" if found else ": \n\n"
