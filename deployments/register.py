"""Keeps Prefect's deployments equal to our timetable. ``python -m deployments.register`` does so until it is stopped.

Only what is missing or differs is written, so that what a coordinator paused in Prefect's pages stays paused. A
notice that is published while Prefect is down is registered when both are up.
"""

import asyncio
import logging
import shlex
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import (
    DeploymentScheduleCreate,
    DeploymentUpdate,
    WorkPoolCreate,
    WorkPoolUpdate,
)
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound
from prefect.utilities.callables import parameter_schema
from prefect.workers.process import ProcessWorker

from deployments.timetable import ZONE, Entry, timetable
from duban.bootstrap import Duban, open_duban
from flows import POOL
from flows.chain import chain
from models.notice import notices
from models.session import reading

#: Seconds between two looks at which notices are open.
LOOK_EVERY = 10
#: Looks after which Prefect is asked all the same: somebody may have deleted a deployment there.
ALL_THE_SAME = 30
#: Deployments in one question.
PAGE = 200
#: The version of a deployment that we paused because its notice is closed.
RESTS = "rests"
#: What comes while a run is on is cancelled, not queued.
CANCEL_NEW = ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def open_notices(duban: Duban) -> dict[str, str]:
    """The notices that are not closed, with their document numbers, the first published first."""
    with reading(duban.engine) as session:
        rows = [row for row in notices(session) if row.closed_at is None]
    return {row.id: row.document_number for row in sorted(rows, key=lambda row: (row.published_at, row.id))}


async def reconcile(client: PrefectClient, wanted: Sequence[Entry]) -> None:
    """Register what is missing or differs; let the chains of notices that are not open any more rest."""
    await _provide_pool(client)
    flows = {name: await client.create_flow_from_name(name) for name in {entry.flow.name for entry in wanted}}
    known = {(found.flow_id, found.name): found for found in await _deployments(client)}
    for entry in wanted:
        found = known.pop((flows[entry.flow.name], entry.name), None)
        if found is None or found.version != entry.version:
            await _register(client, flows[entry.flow.name], entry, found)
    chains = await client.create_flow_from_name(chain.name)
    for found in known.values():
        if found.flow_id == chains and not found.paused:
            # the version first: a pause of ours is never taken for a coordinator's
            await client.update_deployment(found.id, DeploymentUpdate(version=RESTS))
            await client.pause_deployment(found.id)


async def _register(client: PrefectClient, flow: UUID, entry: Entry, found: DeploymentResponse | None) -> None:
    """Create or replace; a pause stays, of the deployment and of its schedule, unless it was ours."""
    active = all(schedule.active for schedule in found.schedules) if found else True
    await client.create_deployment(
        flow,
        entry.name,
        version=entry.version,
        description=entry.description,
        entrypoint=entry.entrypoint,
        work_pool_name=POOL,
        parameters=dict(entry.parameters),
        parameter_openapi_schema=parameter_schema(entry.flow.fn).model_dump(exclude_unset=True),
        enforce_parameter_schema=True,
        schedules=_schedules(entry, active=active),
        concurrency_limit=1 if entry.alone else None,
        concurrency_options=CANCEL_NEW if entry.alone else None,
        pull_steps=[],
        paused=False if found and found.version == RESTS else None,
    )


def _schedules(entry: Entry, *, active: bool) -> list[DeploymentScheduleCreate]:
    if not entry.cron:
        return []
    return [DeploymentScheduleCreate(schedule=CronSchedule(cron=entry.cron, timezone=ZONE), active=active)]


async def _deployments(client: PrefectClient) -> list[DeploymentResponse]:
    found: list[DeploymentResponse] = []
    while page := await client.read_deployments(limit=PAGE, offset=len(found)):
        found += page
    return found


async def _provide_pool(client: PrefectClient) -> None:
    """The work pool, with our template; its pause and its limits are the operator's."""
    try:
        pool = await client.read_work_pool(POOL)
    except ObjectNotFound:
        await client.create_work_pool(WorkPoolCreate(name=POOL, type=ProcessWorker.type, base_job_template=template()))
        return
    if pool.base_job_template != template():
        await client.update_work_pool(POOL, WorkPoolUpdate(base_job_template=template()))


def template() -> dict[str, Any]:
    """How a worker starts a run: this Python, in this folder. Both are at the same place on every machine."""
    found = ProcessWorker.get_default_base_job_template()
    variables = found["variables"]["properties"]
    variables["command"]["default"] = shlex.join([sys.executable, "-m", "prefect.engine"])
    variables["working_dir"]["default"] = str(Path.cwd())
    return found


async def keep_up(client: PrefectClient, duban: Duban) -> None:
    """Reconcile now and whenever notices are published or closed; a failure is tried again at the next look."""
    looks, registered = 0, None
    while True:
        try:
            wanted = await asyncio.to_thread(open_notices, duban)
            if wanted != registered or looks % ALL_THE_SAME == 0:
                await reconcile(client, timetable(wanted))
                registered = wanted
        except Exception:
            registered = None
            logging.getLogger("deployments").exception("the timetable could not be renewed")
        looks += 1
        await asyncio.sleep(LOOK_EVERY)


async def register() -> None:
    """Keep up until SIGTERM or Ctrl-C."""
    async with get_client() as client:
        keeping = asyncio.create_task(keep_up(client, open_duban()))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, keeping.cancel)
        await keeping


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(register())
