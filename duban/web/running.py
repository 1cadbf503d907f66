"""What the pages know of their own running: since when they answer, and what to warn of."""

from datetime import datetime

from fastapi import Request
from sqlmodel import Session

from duban.clock import real_reading
from duban.domain.jumps import Reading
from duban.services.alarms import alarms
from duban.web.language.saying import term


def since(request: Request) -> Reading:
    """When these pages were first asked for anything: from there a work that was never done is counted."""
    state = request.app.state
    if not hasattr(state, "since"):
        state.since = real_reading()
    first: Reading = state.since
    return first


def warnings(session: Session, request: Request, now: datetime) -> list[str]:
    """What a person should see to as of ``now`` (the domain's moment), for the banner of every page."""
    return [term(alarm) for alarm in alarms(session, real_reading(), since=since(request), now=now)]
