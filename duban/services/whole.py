"""One obligation with everything that is on record of it. Reads only."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.notice import Notice
from duban.domain.roster import Unit
from duban.domain.terms import Act
from duban.services.intake import Asked, owing
from duban.services.ledger import Entry, entry
from duban.services.lines import deliverable_name
from duban.services.materials import Version, versions
from duban.services.possible import possible
from duban.services.records import Records
from duban.services.tracking import Tracked, tracks_of
from models import ExtensionRequestRow, ReviewRow
from models.extension import requests_of
from models.material import Material, drafts_of
from models.obligation import Owed
from models.submission import reviews_of


@dataclass(frozen=True, kw_only=True)
class Whole:
    """One obligation as of a moment."""

    notice: Notice
    unit: Unit
    row: Owed
    #: of the deliverable, with the day of an occurrence
    name: str
    entry: Entry
    #: ``unit``, ``review:STEP``; empty: nobody must move
    holder: str
    tracks: Tracked
    #: the files that the next submission will take with it, in order
    drafts: tuple[Material, ...]
    #: every submission, the oldest first
    versions: tuple[Version, ...]
    requests: tuple[ExtensionRequestRow, ...]
    reviews: tuple[ReviewRow, ...]
    #: what would not be refused now, whoever may do it
    possible: tuple[Act, ...]

    @property
    def due_day(self) -> date | None:
        return self.row.due_day


def whole(session: Session, asked: Asked, *, now: datetime) -> Whole:
    """One obligation as of ``now``; NotFound."""
    row, records = owing(session, asked), Records(session)
    notice, ball = records.notice(row.notice_id), records.ball(row)
    return Whole(
        notice=notice,
        unit=records.unit(row.unit_id),
        row=row,
        name=deliverable_name(records.deliverable(row).name, row.deliverable),
        entry=entry(row, now=now, zone=notice.tz),
        holder=ball.owner if ball else "",
        tracks=tracks_of(records, [row])[row.id],
        drafts=tuple(drafts_of(session, row.id)),
        versions=tuple(versions(session, asked)),
        requests=tuple(requests_of(session, [row.id])),
        reviews=tuple(reviews_of(session, [row.id])),
        possible=possible(records, row, now=now),
    )
