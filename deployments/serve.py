"""What runs when, on one page. ``python -m deployments.serve`` serves it from this machine.

A chain per open notice: what is published or closed meanwhile is noticed without a restart, so that no run is torn
from its work. A run that would overlap its predecessor is cancelled; a late one gives way (``flows.staleness``).
"""

import asyncio
import logging
import re
import signal
from contextlib import suppress
from typing import Any

from prefect import Flow, get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from duban.bootstrap import Duban, open_duban
from flows.chain import chain
from flows.daily import daily
from flows.deliver import deliver
from models.notice import notices
from models.session import reading

ZONE = "Asia/Shanghai"
#: On the hour: what is due in one notice.
CHAIN = "0 * * * *"
#: After the chains, and then every ten minutes: digests and outbox.
DELIVER = "5,15,25,35,45,55 * * * *"
#: Before the offices close: the coordinator's summary.
DAILY = "30 16 * * *"

#: Runs at once; after a pause the late ones do not all start together.
AT_ONCE = 2
#: Seconds between two looks at which notices are open.
LOOK_EVERY = 10

#: Each deployment runs once at a time; what comes meanwhile is cancelled, not queued.
ONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def timetable(open_notices: dict[str, str]) -> list[RunnerDeployment]:
    """Every deployment; ``open_notices`` says the document number of each open notice."""
    chains = [_on(chain, CHAIN, name, notice=notice) for notice, name in _names(open_notices).items()]
    return [*chains, _on(deliver, DELIVER, "deliver"), _on(daily, DAILY, "daily")]


def _on(flow: Flow[Any, Any], cron: str, name: str, **parameters: str) -> RunnerDeployment:
    return RunnerDeployment.from_flow(
        flow,
        name=name,
        schedule=Cron(cron, timezone=ZONE),
        parameters=parameters,
        concurrency_limit=ONE,
        entrypoint_type=EntrypointType.MODULE_PATH,
        paused=False,
    )


def _names(open_notices: dict[str, str]) -> dict[str, str]:
    """Names as Prefect takes them, each once."""
    clean = {notice: re.sub("[/%&<>]", " ", number) for notice, number in open_notices.items()}
    doubled = [name for name in clean.values() if list(clean.values()).count(name) > 1]
    return {notice: f"{name} {notice}" if name in doubled else name for notice, name in clean.items()}


def open_notices(duban: Duban) -> dict[str, str]:
    """The notices that are not closed, with their document numbers."""
    with reading(duban.engine) as session:
        return {row.id: row.document_number for row in notices(session) if row.closed_at is None}


async def register(runner: Runner, wanted: dict[str, str]) -> None:
    """Serve the timetable of these notices; the chains of others rest, with their history."""
    deployments = timetable(wanted)
    for deployment in deployments:
        await runner.aadd_deployment(deployment)
    async with get_client() as client:
        of_chain = FlowFilter(name=FlowFilterName(any_=[chain.name]))
        for known in await client.read_deployments(flow_filter=of_chain):
            if not known.paused and known.name not in {d.name for d in deployments}:
                await client.pause_deployment(known.id)


async def keep_up(runner: Runner, duban: Duban, served: dict[str, str]) -> None:
    """Notice what is published or closed while serving; a failure is tried again at the next look."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            wanted = await asyncio.to_thread(open_notices, duban)
            if wanted != served:
                await register(runner, wanted)
                served = wanted
        except Exception:
            logging.getLogger("deployments").exception("the timetable could not be renewed")


async def serve() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    duban = open_duban()
    runner = Runner(name="duban", limit=AT_ONCE, pause_on_shutdown=False)
    served = open_notices(duban)
    await register(runner, served)
    serving = asyncio.create_task(runner.start())
    keeping = asyncio.create_task(keep_up(runner, duban, served))
    await asyncio.sleep(0)
    # in place of the runner's own handler, which forgets to await its stop
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
    try:
        await serving
    finally:
        keeping.cancel()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(serve())
