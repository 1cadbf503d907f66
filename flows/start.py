"""What every flow does first: nothing when it is stale; then open the installation, or a throw-away copy of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from prefect import runtime
from prefect.client.schemas.objects import State
from prefect.states import Cancelled
from sqlalchemy import Engine

from duban.bootstrap import open_duban, throw_away
from duban.clock import real_now
from duban.services.delivering import Sender
from duban.services.rehearsing import copy


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a flow works on."""

    engine: Engine
    sender: Sender
    #: the domain's time; the demo's is shifted
    now: datetime
    #: said behind the counts of a dry run
    remark: str = ""


def stale(period: timedelta) -> State[None] | None:
    """The end of a run that comes more than half a period after its time: the next tick does its work (real time)."""
    late = real_now() - runtime.flow_run.scheduled_start_time
    if late <= period / 2:
        return None
    return Cancelled(message=f"已过时（晚{late.total_seconds() / 60:.0f}分钟），未办理；下一次照常办理全部到期事项")


@contextmanager
def opened(*, dry_run: bool, notice: str | None = None) -> Iterator[Opened]:
    """The installation; a dry run works on a copy (of ``notice``, or of all) and sends nothing."""
    duban = open_duban()
    now = duban.clock.now()
    if not dry_run:
        yield Opened(engine=duban.engine, sender=duban.sender(), now=now)
        return
    with throw_away() as (engine, sender):
        copy(duban.engine, engine, notice=notice)
        yield Opened(engine=engine, sender=sender, now=now, remark="（演练：未写入、未发送）")
