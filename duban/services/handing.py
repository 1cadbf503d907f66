"""Tracks being handed in, posted, received and given back: which an act is about, and what is written of them."""

from datetime import datetime

from duban.domain.due import Due
from duban.domain.errors import ActRefused
from duban.domain.terms import ARRIVAL, Act, Status, TrackState
from duban.domain.tracks import (
    HANDED_IN,
    OPEN,
    RECEIVED,
    SENT,
    Media,
    States,
    check_known,
    counts_at,
    given_back,
    handed_in,
    marks_of,
    media_of,
    posted,
    put,
    states_of,
)
from duban.services.records import Owing, Records
from duban.services.request import Change, Request
from models import ObligationRow
from models.handover import Handover, enter_handovers, handovers_of, restore_handovers, void_handovers
from models.obligation import Owed
from models.submission import enter_submission, standing_submission

#: What each act brings the tracks that it is about to.
_TO = {
    Act.SUBMIT: HANDED_IN,
    Act.NIL: HANDED_IN,
    Act.SEND: SENT,
    Act.RECEIVE: RECEIVED,
    Act.WITHDRAW: OPEN,
    Act.RETURN: OPEN,
    Act.REOPEN: OPEN,
}


def media(records: Records, row: Owing) -> Media:
    """The media of an obligation's tracks."""
    return media_of(records.deliverable(row))


def states(row: ObligationRow | Owed, ways: Media) -> States:
    """How the tracks of an obligation stand."""
    return states_of(row.tracks, ways, is_in=row.status in (Status.SUBMITTED, Status.COMPLETED))


def touch(row: Owed, request: Request, ways: Media) -> tuple[tuple[int, ...], States]:
    """The tracks that an act is about, and how all of them stand after it; ActRefused."""
    before = states(row, ways)
    if request.act not in _TO:
        return (), before
    found = _touched(row, request, ways, before)
    return found, put(before, found, _TO[request.act])


def _touched(row: Owed, request: Request, ways: Media, before: States) -> tuple[int, ...]:
    named = request.tracks
    check_known(named, ways)
    match request.act:
        case Act.SUBMIT | Act.NIL:
            return _handed_in(request, before)
        case Act.SEND:
            _check_not_arrived(named, before)
            return posted(named, before, ways, settled=(RECEIVED,))
        case Act.RECEIVE:
            return posted(named, before, ways, settled=(RECEIVED,))
        case Act.RETURN:
            return given_back(before, named, at_arrival=row.step == ARRIVAL)
        case Act.REOPEN:
            return given_back(before, named)
        case _:
            return given_back(before)


def _handed_in(request: Request, before: States) -> tuple[int, ...]:
    named = None if request.act is Act.NIL else request.tracks
    found = handed_in(before, named)
    if named is not None and not found:
        raise ActRefused("所选的报送方式已登记，无须再报", "these tracks are posted or received already")
    return found


def _check_not_arrived(named: tuple[int, ...] | None, before: States) -> None:
    if any(before[n] is RECEIVED for n in named or ()):
        raise ActRefused("纸质件已登记收到", "the paper has been received already")


def keep_tracks(change: Change) -> None:
    """Write down what the act has done to the tracks."""
    row, to = change.row, _TO.get(change.request.act)
    row.tracks = marks_of(change.states, change.media)
    if to is OPEN and change.before.tracks:
        void_handovers(change.session, row.id, change.touched, at=change.now)
    elif to in (SENT, RECEIVED) or (to is HANDED_IN and row.tracks):
        enter_handovers(change.session, [_handover(change, track, to) for track in change.touched])


def _handover(change: Change, track: int, state: TrackState) -> Handover:
    row, request = change.row, change.request
    dated = state is not HANDED_IN
    zone = change.records.notice(row.notice_id).tz
    day = (request.day or change.now.astimezone(zone).date()) if dated else None
    due = Due(day=row.due_day, at=row.due_at) if row.due_day and row.due_at else None
    return Handover(
        obligation_id=row.id,
        track=track,
        round=row.round,
        state=str(state),
        courier=request.courier,
        number=request.number,
        day=day,
        copies=request.copies,
        seal_seen=request.seal_seen,
        at=change.now,
        counts_at=counts_at(change.now, day, due, zone),
        by="issuer" if request.by == "issuer" or state is RECEIVED else "unit",
        by_person=request.by_person,
        note=request.note,
    )


def come_in(change: Change) -> None:
    """Everything is handed in: since when it counts, and one attempt if no act before it has been one."""
    row = change.row
    row.submitted_at = _counts_at(change)
    row.first_submitted_at = row.first_submitted_at or row.submitted_at
    if change.request.act in (Act.SEND, Act.RECEIVE) and not _has_attempt(change):
        by_person = change.request.by_person if change.request.act is Act.SEND else ""
        note = change.request.note
        enter_submission(
            change.session,
            obligation=row.id,
            round_=row.round,
            at=change.now,
            is_nil=False,
            note=note,
            by_person=by_person,
        )


def _has_attempt(change: Change) -> bool:
    """What was handed in here still stands, or was in this round."""
    last = standing_submission(change.session, change.row.id)
    return last is not None and (HANDED_IN in change.states or last.round == change.row.round)


def _counts_at(change: Change) -> datetime:
    """The last of the moments at which the tracks count as handed in; of one that was posted, its posting."""
    if not change.row.tracks or all(state is HANDED_IN for state in change.states):
        return change.now
    found: dict[int, datetime] = {}
    for one in handovers_of(change.session, [change.row.id]).get(change.row.id, ()):
        if one.state != RECEIVED or one.track not in found:
            found[one.track] = one.counts_at
    return max(found.values(), default=change.now)


def take_back_tracks(change: Change, marks: str, at: datetime) -> None:
    """As they were before the return at ``at``."""
    change.row.tracks = marks
    restore_handovers(change.session, change.row.id, at=at)
