"""The flow of one notice: what should have been said by now and has not been?"""

from datetime import timedelta

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from duban.services.planning import plan
from flows.opening import opened
from flows.staleness import stale

#: How often it is served; a run that is half a period late gives way to the next.
PERIOD = timedelta(hours=1)


@flow(name="chain")
async def chain(notice: str, dry_run: bool = False) -> State[None]:
    """Plan one notice. Sends nothing: what is due waits for the digest of ``deliver``."""
    if over := stale(PERIOD):
        return over
    with opened(dry_run=dry_run, notice=notice) as o:
        said = plan(o.engine, now=o.now, notice=notice)
    return Completed(message=f"到期应说 {said} 项{o.remark}")
