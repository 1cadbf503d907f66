"""Planning, as one worker does it, or several."""

from dataclasses import astuple
from datetime import timedelta

from duban.services.lapsing import lapse
from flows.fanning import shared_out
from flows.hands import hands
from flows.opening import Opened
from flows.parts import dealt, parts, plan_part

#: Parts from which a second worker is worth its start.
WORTH = 20


async def planned(o: Opened, *, notice: str | None, patience: timedelta) -> str:
    """Plan here, or with every worker of the pool, after the reviews that lapse; answers in words."""
    lapsed = lapse(o.engine, now=o.now, notice=notice)
    said = await _said(o, notice, patience)
    return f"逾期未审自动办理 {lapsed} 项，{said}" if lapsed else said


async def _said(o: Opened, notice: str | None, patience: timedelta) -> str:
    found = [] if o.remark else parts(o.engine, now=o.now, notice=notice)
    if len(found) < WORTH or (workers := await hands()) < 2:
        return plan_part(o.engine, None, now=o.now, notice=notice)
    shares = [
        {"work": "plan", "parts": [astuple(part) for part in hand], "notice": notice} for hand in dealt(found, workers)
    ]
    return await shared_out("应说事项", shares, patience=patience)
