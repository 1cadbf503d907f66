"""The demo's clock: forward only, with every mail said on its own day."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from duban.bootstrap import set_clock
from duban.clock import Clock, real_now
from duban.domain.calendar import opening
from duban.domain.deeds import Deed
from duban.services.forwarding import sweep_through
from duban.services.records import Records
from duban.web.guard import own_path
from duban.web.rules import needs
from duban.web.visit import Visit, Visiting
from duban.web.words import ZONE

router = APIRouter()
Step = Literal["workday", "hour", "day"]


@router.post("/demo/clock")
@needs(Deed.MOVE_CLOCK)
def move_clock(visit: Visiting, step: Annotated[Step, Form()], back: Annotated[str, Form()] = "/") -> RedirectResponse:
    """Live up to the new moment, then let the clock show it."""
    if not visit.duban.is_demo:
        raise HTTPException(404)
    until = _target(visit, step)
    # the moments are lived through before the clock moves: a sweep beside us sees no gap to catch up
    sweep_through(visit.duban.engine, visit.duban.sender(), start=visit.now, until=until, real_now=real_now())
    set_clock(visit.duban, Clock.showing(until))
    return RedirectResponse(own_path(back), status_code=303)


def _target(visit: Visit, step: Step) -> datetime:
    if step == "workday":
        with visit.reading() as session:
            return opening(Records(session).calendar.first_opening_after(visit.now), ZONE)
    return visit.now + (timedelta(hours=1) if step == "hour" else timedelta(days=1))
