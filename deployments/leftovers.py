"""What a former start left in Prefect's books: runs that died with it, and runs that nobody was there to begin."""

from collections.abc import Sequence
from datetime import timedelta

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Cancelled, Crashed

from duban.clock import real_now
from flows import POOL

#: The label under which Prefect keeps who began a run.
WORKER = "prefect.worker.name"
OURS = WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL]))
UNDER_WAY = FlowRunFilterState(
    type=FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING, StateType.CANCELLING])
)
SCHEDULED = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
#: Runs in one question; Prefect gives no more.
PAGE = 200
#: A run that nobody has begun this long after its time is late.
LATE = timedelta(minutes=1)


async def close_dead(client: PrefectClient, worker: str) -> None:
    """Close the runs that a former ``worker`` of this name had begun, so that their slots are free at once.

    Otherwise Prefect waits for the end of their leases, five minutes.
    """
    for run in await _runs(client, FlowRunFilter(state=UNDER_WAY)):
        if run.labels.get(WORKER) == worker:
            await client.set_flow_run_state(run.id, Crashed(message="随上次停机中断，由下一次接着办理"))


async def collapse_late(client: PrefectClient) -> None:
    """Of the late runs of each deployment leave the newest: it does what all of them would have done."""
    began = FlowRunFilterExpectedStartTime(before_=real_now() - LATE)
    seen = set()
    for run in await _runs(client, FlowRunFilter(state=SCHEDULED, expected_start_time=began)):
        if run.auto_scheduled and run.deployment_id in seen:
            await client.set_flow_run_state(run.id, Cancelled(message="已过时，未办理；最近一次照常办理全部到期事项"))
        seen.add(run.deployment_id)


async def _runs(client: PrefectClient, wanted: FlowRunFilter) -> Sequence[FlowRun]:
    """Such runs of our pool, the newest first."""
    found: list[FlowRun] = []
    order = FlowRunSort.EXPECTED_START_TIME_DESC
    while page := await client.read_flow_runs(
        flow_run_filter=wanted, work_pool_filter=OURS, sort=order, limit=PAGE, offset=len(found)
    ):
        found += page
    return found
