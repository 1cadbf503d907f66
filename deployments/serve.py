"""Prefect on one machine, in one process: ``python -m deployments.serve`` keeps the timetable and works it off.

With more machines ``deployments.register`` runs once, and ``prefect worker start --pool duban`` on each.
"""

import asyncio
import signal
from contextlib import suppress

from prefect import get_client
from prefect.workers.process import ProcessWorker

from deployments.leftovers import close_dead, collapse_late
from deployments.register import keep_up, open_notices, reconcile
from deployments.timetable import timetable
from duban.bootstrap import open_duban
from flows import POOL

#: The one worker of this machine.
WORKER = "duban-serve"
#: Runs at once; after a pause the late ones do not all start together.
AT_ONCE = 2


async def serve() -> None:
    """Serve until SIGTERM or Ctrl-C.

    In order: what a former start left is closed, before this one can begin anything; the timetable is registered,
    the pool with it; then the worker and the looks for what is published or closed go on together.
    """
    duban = open_duban()
    async with get_client() as client:
        await close_dead(client, WORKER)
        await collapse_late(client)
        await reconcile(client, timetable(open_notices(duban)))
        keeping = asyncio.create_task(keep_up(client, duban))
        working = asyncio.create_task(ProcessWorker(work_pool_name=POOL, name=WORKER, limit=AT_ONCE).start())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
        try:
            await working
        finally:
            keeping.cancel()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(serve())
