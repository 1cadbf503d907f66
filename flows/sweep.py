"""The flow of a whole tick over all notices, by hand: plan, digest, deliver, with every worker that is there."""

from datetime import timedelta

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from duban.services.pulse import Work
from flows.opening import opened
from flows.planning import planned
from flows.sending import sent
from flows.signs import done, doubted


@flow(name="sweep")
async def sweep(dry_run: bool = False, patience_minutes: float = 30) -> State[None]:
    """What the chains of all notices and ``deliver`` do, in one run; a share is waited for ``patience_minutes``."""
    patience = timedelta(minutes=patience_minutes)
    with opened(dry_run=dry_run) as o:
        if over := doubted(o):
            return over
        said = await planned(o, notice=None, patience=patience)
        words = await sent(o, patience=patience)
        done(o, Work.SWEEP)
    return Completed(message=f"{said}，{words}{o.remark}")
