"""The flow of the outbox: digests of what is due, and every mail that may leave, over all notices."""

from datetime import timedelta

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from duban.clock import real_now
from duban.services import delivering
from duban.services.digesting import digest
from flows.opening import opened
from flows.staleness import stale

PERIOD = timedelta(minutes=10)


@flow(name="deliver")
async def deliver(dry_run: bool = False) -> State[None]:
    """Make the digests that are due and empty the outbox."""
    if over := stale(PERIOD):
        return over
    with opened(dry_run=dry_run) as o:
        digests = digest(o.engine, now=o.now)
        sent = delivering.deliver(o.engine, o.sender, now=o.now, real_now=real_now())
    return Completed(message=f"汇总 {digests} 封，发出 {sent} 封{o.remark}")
