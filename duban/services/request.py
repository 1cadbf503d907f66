"""What somebody asks for, and what is under way while it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.notice import Step
from duban.domain.state import Move
from duban.domain.terms import Act, Status
from duban.domain.tracks import Media, States
from duban.services.records import Records
from models import ReviewRow
from models.obligation import Owed


@dataclass(frozen=True, kw_only=True)
class Request:
    """An act that somebody asks for."""

    notice: str
    unit: str
    #: a deliverable's id, or an occurrence ``ID@YYYY-MM-DD``
    deliverable: str
    act: Act
    #: ``unit``, ``issuer``, ``review:STEP``; empty: whose act it is
    by: str = ""
    #: the person at the desk; empty where unknown
    by_person: str = ""
    note: str = ""
    #: the new day (return, extend, reopen), or the day wanted (request), included
    due: date | None = None
    #: positions of tracks in the definition, from 0: handed in (None: every one that is open), posted, received
    #: (None: those on paper), or given back besides what was handed in here (return, reopen)
    tracks: tuple[int, ...] | None = None
    courier: str = ""
    #: the courier's number
    number: str = ""
    #: posted on, or arrived on; None: today
    day: date | None = None
    copies: int | None = None
    seal_seen: bool | None = None
    #: the colleague who is asked (consult)
    to_name: str = ""
    to_email: str = ""


@dataclass(kw_only=True)
class Change:
    """An act being done: what its steps read and write."""

    records: Records
    #: as it becomes
    row: Owed
    #: as it was
    before: Owed
    request: Request
    move: Move
    now: datetime
    steps: tuple[Step, ...]
    media: Media
    #: how each track becomes
    states: States
    #: the tracks that the act is about
    touched: tuple[int, ...]
    #: nobody has decided in time, and the rule does
    by_timeout: bool = False
    #: the hashes of the files that are handed in with it
    files: Sequence[str] = ()
    #: the decision that is taken back
    decided: ReviewRow | None = None

    @property
    def session(self) -> Session:
        return self.records.session

    @property
    def has_come_in(self) -> bool:
        """With this act everything is handed in."""
        held = self.decided is None and self.before.status in (Status.PENDING, Status.RETURNED)
        return held and self.row.status in (Status.SUBMITTED, Status.COMPLETED)
