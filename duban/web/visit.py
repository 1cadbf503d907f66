"""What every door has: the installation, the moment, a session to read with, and the frame around its page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from duban.bootstrap import CLOCK_OFFSET, Duban
from duban.clock import Clock
from duban.reading.maildir import Box
from duban.services.overview import minutes_unswept
from duban.web.pages import render
from duban.web.running import warnings
from duban.web.words import ZONE
from models.session import reading
from models.setting import setting

#: After so many minutes without a tick people are told that mails are late.
LATE_SWEEP = 15


@dataclass
class Visit:
    """One request."""

    request: Request

    @property
    def duban(self) -> Duban:
        installation: Duban = self.request.app.state.duban
        return installation

    @property
    def box(self) -> Box:
        """What the local mail server received."""
        box: Box = self.request.app.state.box
        return box

    @cached_property
    def now(self) -> datetime:
        """The domain's moment, one for the whole request; the demo's clock may have been moved by another process."""
        return clock_of(self.duban).now().astimezone(ZONE)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        with reading(self.duban.engine) as session:
            yield session

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page within the frame."""
        with self.reading() as session:
            unswept = minutes_unswept(session, now=self.now)
            values.setdefault("warnings", warnings(session, self.request))
        settings = self.duban.settings
        frame = {
            "now": self.now,
            "is_demo": self.duban.is_demo,
            "prefect_url": f"http://{settings.host}:{settings.prefect_port}",
            "here": self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else ""),
            "minutes_unswept": unswept if unswept > LATE_SWEEP else 0,
        }
        return HTMLResponse(render(template, frame=frame, **values), status_code=status)


def clock_of(duban: Duban) -> Clock:
    """The clock as the database has it now; outside the demo it is never moved."""
    if not duban.is_demo:
        return duban.clock
    with reading(duban.engine) as session:
        offset = setting(session, CLOCK_OFFSET)
    return duban.clock if offset is None else Clock(timedelta(seconds=float(offset)))


def _visit(request: Request) -> Visit:
    return Visit(request)


Visiting = Annotated[Visit, Depends(_visit)]
