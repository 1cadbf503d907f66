"""The first line of every flow: a run that comes too late gives way to the next, which does its work as well."""

from datetime import timedelta

from prefect import runtime
from prefect.client.schemas.objects import State
from prefect.states import Cancelled

from duban.clock import real_now


def stale(period: timedelta) -> State[None] | None:
    """The end of a run that begins more than half a period after its time; real time, not the demo's."""
    late = real_now() - runtime.flow_run.scheduled_start_time
    if late <= period / 2:
        return None
    return Cancelled(message=f"已过时（晚{late.total_seconds() / 60:.0f}分钟），未办理；下一次照常办理全部到期事项")
