"""What a registry desk looks at: what was posted and has not arrived, what came today, what a code or a word finds."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import islice

from sqlmodel import Session

from duban.domain.access import Subject, may, scope_of
from duban.domain.deeds import Deed
from duban.domain.errors import NotFound
from duban.domain.terms import Status
from duban.domain.tracks import RECEIVED, SENT, media_of, postable
from duban.services.handing import media
from duban.services.intake import Asked, owing
from duban.services.lines import deliverable_name
from duban.services.records import Records
from duban.services.situation import Situation, situations_of
from duban.services.things import thing_of
from duban.services.tracking import Tracked, by_code, code_for, tracks_of
from models import ObligationRow
from models.arriving import arrived, named, posted
from models.handover import Handover
from models.obligation import Owed, by_ids, owed_of_units
from models.views import notices_within

#: Lines of a list.
MOST = 100
#: What came today is shown so far back.
MOST_TODAY = 20
#: Materials of one unit that may lie in one envelope.
MOST_TOGETHER = 20
#: Rows looked at in one search.
MOST_LOOKED_AT = 1000
_CLOSED = (Status.COMPLETED, Status.WAIVED)
#: Brackets of document numbers as people type them.
_BRACKETS = str.maketrans("[(【（])】）", "〔〔〔〔〕〕〕〕")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One obligation with paper, as a line of a list."""

    notice_id: str
    document_number: str
    unit_id: str
    unit_name: str
    deliverable: str
    deliverable_name: str
    #: ``T7K2M9Q``
    code: str
    tracked: Tracked
    #: what was registered, in a list of that
    handover: Handover | None = None
    #: in the notice's zone; when it was registered
    at: datetime | None = None

    @property
    def told(self) -> str:
        """What is on record of its paper on the way and here."""
        return "；".join(track.told for track in self.tracked.tracks if track.state in (SENT, RECEIVED))


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The material that was asked for, and what of the same unit may lie in the same envelope."""

    asked: Situation
    #: in the notice's order
    beside: tuple[Situation, ...]
    #: the short code of each, by deliverable
    codes: dict[str, str]


def under_way(session: Session, subject: Subject) -> list[Paper]:
    """Posted and not arrived, the first posted first."""
    ids = posted(session, scope_of(subject, Deed.RECEIVE), closed=_CLOSED, limit=MOST_LOOKED_AT)
    return _papers(Records(session), ids, subject, MOST)


def registered_today(session: Session, subject: Subject, *, now: datetime) -> list[Paper]:
    """What was registered since midnight, the last first; ``now`` in the desk's zone."""
    since = datetime.combine(now.date(), time(0), now.tzinfo)
    found = arrived(session, scope_of(subject, Deed.RECEIVE), since=since, limit=MOST_LOOKED_AT)
    known = _known(Records(session), [one.obligation_id for one in found], subject)
    lines = (_registered(known[one.obligation_id], one, now) for one in found if one.obligation_id in known)
    return list(islice(lines, MOST_TODAY))


def _registered(paper: Paper, one: Handover, now: datetime) -> Paper:
    return replace(paper, handover=one, at=one.at.astimezone(now.tzinfo))


def search(session: Session, subject: Subject, text: str) -> list[Paper]:
    """What goes by post and fits every word: of the unit's name, the notice's title or its document number."""
    words = [{word, word.translate(_BRACKETS)} for word in unicodedata.normalize("NFC", text).split()]
    scope, records = scope_of(subject, Deed.RECEIVE), Records(session)
    notices = [row.id for row in notices_within(session, scope) if _has_paper(records, row.id)]
    if not words or not notices:
        return []
    return _papers(records, named(session, scope, words, notices=notices, limit=MOST_LOOKED_AT), subject, MOST)


def _has_paper(records: Records, notice: str) -> bool:
    return any(postable(media_of(one)) for _, one in records.notice(notice).placed())


def _papers(records: Records, ids: list[int], subject: Subject, most: int) -> list[Paper]:
    known = _known(records, ids, subject)
    return list(islice((known[number] for number in ids if number in known), most))


def _known(records: Records, ids: Iterable[int], subject: Subject) -> dict[int, Paper]:
    """Lines by obligation, as far as the desk is in charge of them and there is paper."""
    found = by_ids(records.session, set(ids))
    records.units.fetch({row.unit_id for row in found.values()})
    mine = {n: row for n, row in found.items() if may(subject, Deed.RECEIVE, thing_of(records, row))}
    on_paper = [row for row in mine.values() if postable(media(records, row))]
    tracks = tracks_of(records, on_paper)
    return {row.id or 0: _paper(records, row, tracks[row.id or 0]) for row in on_paper}


def _paper(records: Records, row: ObligationRow, found: Tracked) -> Paper:
    return Paper(
        notice_id=row.notice_id,
        document_number=records.notice(row.notice_id).document_number,
        unit_id=row.unit_id,
        unit_name=records.unit(row.unit_id).name,
        deliverable=row.deliverable,
        deliverable_name=deliverable_name(records.deliverable(row).name, row.deliverable),
        code=code_for(row.id or 0),
        tracked=found,
    )


def behind(session: Session, subject: Subject, code: str) -> Asked:
    """What a code stands for; NotFound, also where another desk is in charge of it."""
    row = by_code(session, code)
    if not may(subject, Deed.RECEIVE, thing_of(Records(session), row)):
        raise NotFound(f"没有编号为“{code.strip()[:20]}”的材料，请核对编号", "no obligation of this desk has the code")
    return Asked(notice=row.notice_id, unit=row.unit_id, deliverable=row.deliverable)


def expected(session: Session, asked: Asked) -> Expected:
    """A material with what of the same unit goes to the same office and has not arrived; NotFound."""
    records, row = Records(session), owing(session, asked)
    rows = [one for one in owed_of_units(session, [asked.unit])[asked.unit] if one.notice_id == asked.notice]
    offices = _offices(records, row)
    together = [one for one in rows if one.status != Status.WAIVED and _offices(records, one) & offices]
    first, *others = situations_of(records, [row, *(one for one in together if one.id != row.id)])
    awaited = [one for one in others if any(track.state is not RECEIVED for track in one.papers)]
    return Expected(
        asked=first,
        beside=tuple(awaited[:MOST_TOGETHER]),
        codes={one.deliverable: code_for(one.id) for one in (row, *together)},
    )


def _offices(records: Records, row: Owed) -> set[str]:
    """Where paper of it goes."""
    return {track.to for track in records.deliverable(row).tracks if track.medium == "paper"}
