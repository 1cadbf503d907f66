"""The flow of one notice: what should have been said by now and has not been?"""

from datetime import timedelta

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from duban.services.pulse import Work
from flows.opening import opened
from flows.planning import planned
from flows.showing import show
from flows.signs import done, doubted
from flows.staleness import stale

#: How often it is served; a run that is half a period late gives way to the next.
PERIOD = timedelta(hours=1)


@flow(name="chain")
async def chain(notice: str, dry_run: bool = False) -> State[None]:
    """Plan one notice, and show its stages. Sends nothing: what is due waits for the digest of ``deliver``."""
    if over := stale(PERIOD):
        return over
    with opened(dry_run=dry_run, notice=notice) as o:
        if over := doubted(o):
            return over
        said = await planned(o, notice=notice, patience=PERIOD / 2)
        done(o, Work.PLAN)
        await show(o, notice)
    return Completed(message=f"{said}{o.remark}")
