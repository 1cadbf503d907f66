"""The flow of one worker's share in a sweep that is too big for one."""

from functools import partial
from typing import Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.opening import opened
from flows.parts import plan_part
from flows.sending import send
from flows.step import step
from models.obligation import Shard


@flow(name="share")
async def share(
    work: Literal["plan", "deliver"], parts: list[tuple[int, int]] | None = None, notice: str | None = None
) -> State[None]:
    """Plan these parts of the units, a task each, or deliver beside others. Never too late: it does what is due."""
    with opened() as o:
        if work == "deliver":
            step("发出邮件", partial(send, o))
        for first, last in parts or ():
            part = Shard(first=first, last=last)
            step(f"第{first}至{last}号单位", partial(plan_part, o.engine, part, now=o.now, notice=notice))
    return Completed(message="已办理")
