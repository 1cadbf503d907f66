"""Tracks as pages and mails tell of them; and the short code by which a registry desk finds an obligation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.errors import NotFound
from duban.domain.notice import Notice, Track
from duban.domain.phrases import day_phrase, track_name, track_phrase
from duban.domain.short_code import parse_code, short_code
from duban.domain.terms import TrackState
from duban.domain.tracks import HANDED_IN, OPEN, RECEIVED, words
from duban.services.handing import media, states
from duban.services.records import Records
from models import ObligationRow
from models.handover import Handover, handovers_of
from models.obligation import Owed, by_ids

#: What is there to tell of the handovers of some obligations.
Handovers = Mapping[int, Sequence[Handover]]


@dataclass(frozen=True, kw_only=True)
class TrackView:
    """One track of one obligation."""

    #: in the definition, from 0
    position: int
    medium: str
    #: ``电子版``, ``纸质一式两份（盖章）``
    name: str
    #: the name with its receiver and where that is
    phrase: str
    #: copies asked for; None where the notice prints none
    copies_wanted: int | None
    is_sealed: bool
    state: TrackState
    #: what is on record of it, the oldest first: posted, then received
    handovers: tuple[Handover, ...]
    #: local; since when it stands so; None while it is open, or where only the whole is on record
    at: datetime | None
    #: ``10月15日寄出，顺丰 SF123，2份``; empty where nothing is on record
    told: str


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """The tracks of one obligation."""

    tracks: tuple[TrackView, ...]
    #: ``只到电子版``, ``只到纸质件``, ``纸质件待收``; empty where nothing is told apart
    words: str

    @property
    def open(self) -> tuple[TrackView, ...]:
        """Those that the unit still owes."""
        return tuple(track for track in self.tracks if track.state is OPEN)

    @property
    def done(self) -> tuple[TrackView, ...]:
        """Those that are handed in, posted or received."""
        return tuple(track for track in self.tracks if track.state is not OPEN)


def tracks_of(records: Records, rows: Collection[ObligationRow | Owed]) -> dict[int, Tracked]:
    """The tracks of some obligations, by obligation, in the order of the definition."""
    found = handovers_about(records, rows)
    return {row.id or 0: tracked(records, row, found) for row in rows}


def handovers_about(records: Records, rows: Collection[ObligationRow | Owed]) -> Handovers:
    """What stands of the handovers of some obligations; asked only of those that have any."""
    asked = [row.id or 0 for row in rows if row.tracks]
    return handovers_of(records.session, asked) if asked else {}


def tracked(records: Records, row: ObligationRow | Owed, known: Handovers) -> Tracked:
    """The tracks of one obligation."""
    notice, ways = records.definition(row.notice_id, row.deliverable), media(records, row)
    found = states(row, ways)
    mine = known.get(row.id or 0, ())
    printed = records.deliverable(row).tracks or (None,)
    views = [
        _view(notice, track, n, state, tuple(one for one in mine if one.track == n))
        for n, (track, state) in enumerate(zip(printed, found, strict=True))
    ]
    return Tracked(tracks=tuple(views), words=words(found, ways))


def _view(notice: Notice, track: Track | None, n: int, state: TrackState, mine: tuple[Handover, ...]) -> TrackView:
    """``track``: None where the notice prints no way."""
    return TrackView(
        position=n,
        medium=track.medium if track else "unstated",
        name=track_name(track) if track else "报送",
        phrase=track_phrase(track, notice) if track else "",
        copies_wanted=track.copies if track else None,
        is_sealed=track.sealed if track else False,
        state=state,
        handovers=mine,
        at=mine[-1].at.astimezone(notice.tz) if mine else None,
        told="；".join(_told(one, notice) for one in mine),
    )


def _told(one: Handover, notice: Notice) -> str:
    """``10月15日寄出，顺丰 SF123，2份``."""
    verb = {HANDED_IN: "收到", RECEIVED: "收到"}.get(TrackState(one.state), "寄出")
    day: date = one.day or one.at.astimezone(notice.tz).date()
    parts = (f"{day_phrase(day)}{verb}", f"{one.courier} {one.number}".strip(), _copies(one), _seal(one))
    return "，".join(part for part in parts if part)


def _copies(one: Handover) -> str:
    return f"{one.copies}份" if one.copies else ""


def _seal(one: Handover) -> str:
    return {None: "", True: "已盖章", False: "未见盖章"}[one.seal_seen]


def code_for(obligation: int) -> str:
    """The short code of an obligation, for cover sheets: the same for good, everywhere."""
    return short_code(obligation)


def by_code(session: Session, text: str) -> ObligationRow:
    """The obligation of a short code as somebody typed it; NotFound, also for a slip of the finger."""
    number = parse_code(text)
    row = by_ids(session, [number]).get(number) if number else None
    if row is None:
        shown = text.strip()[:20]
        raise NotFound(f"没有编号为“{shown}”的材料，请核对编号", f"no obligation has the code {shown}")
    return row
