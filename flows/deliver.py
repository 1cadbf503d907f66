"""The flow of the outbox: digests of what is due, and every mail that may leave, over all notices."""

from datetime import timedelta

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from duban.services.pulse import Work
from flows.opening import opened
from flows.sending import sent
from flows.signs import done, doubted
from flows.staleness import stale

PERIOD = timedelta(minutes=10)


@flow(name="deliver")
async def deliver(dry_run: bool = False) -> State[None]:
    """Make the digests that are due and empty the outbox."""
    if over := stale(PERIOD):
        return over
    with opened(dry_run=dry_run) as o:
        if over := doubted(o):
            return over
        words = await sent(o, patience=PERIOD / 2)
        done(o, Work.DELIVER)
    return Completed(message=f"{words}{o.remark}")
