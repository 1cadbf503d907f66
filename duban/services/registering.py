"""The registry desk: what has come in an envelope is registered as received, all of it at once."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.errors import InputRefused
from duban.domain.notice import Notice
from duban.domain.terms import Act
from duban.domain.tracks import media_of, postable
from duban.services.records import Records
from duban.services.request import Request
from duban.services.together import do_together


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """One material as it lay in the envelope."""

    #: a deliverable's id, or an occurrence ``ID@YYYY-MM-DD``
    deliverable: str
    #: None: not counted
    copies: int | None = None
    #: None: not looked at
    seal_seen: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What has come from one unit."""

    notice: str
    unit: str
    #: None: today
    day: date | None = None
    note: str = ""
    arrived: tuple[Arrived, ...]


def register(session: Session, envelope: Envelope, *, by_person: str, now: datetime) -> list[int]:
    """Register an envelope; answers the events' numbers. What was registered before is corrected.

    NotFound; InputRefused for an empty one; ManyRefused where something of it is refused: then nothing is registered.
    """
    if not envelope.arrived:
        raise InputRefused("请勾选信封内的材料", "tick what was in the envelope")
    notice = Records(session).notice(envelope.notice)
    requests = [
        Request(
            notice=envelope.notice,
            unit=envelope.unit,
            deliverable=one.deliverable,
            act=Act.RECEIVE,
            by_person=by_person,
            note=envelope.note,
            # named, so that a second time corrects the first
            tracks=_by_post(notice, one.deliverable),
            day=envelope.day,
            copies=one.copies,
            seal_seen=one.seal_seen,
        )
        for one in envelope.arrived
    ]
    return do_together(session, envelope.notice, requests, now=now)


def _by_post(notice: Notice, deliverable: str) -> tuple[int, ...] | None:
    """The tracks that go by post; None where the notice asks for no such material."""
    try:
        return postable(media_of(notice.find(deliverable)[1]))
    except KeyError:
        return None
