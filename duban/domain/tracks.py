"""Tracks: the ways in which a deliverable goes to its receivers, each handed in on its own (domain rule 4).

What a notice prints as 电子版 and 纸质 are two tracks; a deliverable that prints no way has one, not stated.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from duban.domain.due import Due
from duban.domain.errors import ActRefused
from duban.domain.notice import Deliverable
from duban.domain.terms import TrackState

OPEN, HANDED_IN, SENT, RECEIVED = TrackState.OPEN, TrackState.HANDED_IN, TrackState.SENT, TrackState.RECEIVED

#: How each track of an obligation stands, in the order of the definition.
States = tuple[TrackState, ...]
#: The medium of each track, in the same order.
Media = tuple[str, ...]

#: One character a track, as an obligation keeps them.
MARKS = {OPEN: "-", HANDED_IN: "h", SENT: "s", RECEIVED: "r"}
_STATES = {mark: state for state, mark in MARKS.items()}


def media_of(deliverable: Deliverable) -> Media:
    """The medium of each track; a deliverable without any has one."""
    return tuple(track.medium for track in deliverable.tracks) or ("unstated",)


def states_of(marks: str, media: Media, *, is_in: bool) -> States:
    """The states that ``marks`` say; what they say nothing of stands as the whole does: handed in, or open."""
    rest = HANDED_IN if is_in else OPEN
    known = [_STATES[mark] for mark in marks[: len(media)]]
    return (*known, *[rest] * (len(media) - len(known)))


def marks_of(states: States, media: Media) -> str:
    """The marks of ``states``; empty where there is only one track and the obligation's status says it all."""
    plain = len(media) == 1 and media[0] != "paper" and states[0] in (OPEN, HANDED_IN)
    return "" if plain else "".join(MARKS[state] for state in states)


def postable(media: Media) -> tuple[int, ...]:
    """The tracks that can be posted: paper; where none is printed, those whose medium is not stated."""
    paper = tuple(n for n, medium in enumerate(media) if medium == "paper")
    return paper or tuple(n for n, medium in enumerate(media) if medium == "unstated")


def check_known(named: Iterable[int] | None, media: Media) -> None:
    """ActRefused for a track that the deliverable does not have."""
    wrong = [n for n in named or () if not 0 <= n < len(media)]
    if wrong:
        zh = f"该材料只有{len(media)}种报送方式，没有第{wrong[0] + 1}种"
        raise ActRefused(zh, f"there are {len(media)} tracks, not {wrong[0] + 1}")


def posted(named: Collection[int] | None, states: States, media: Media, *, settled: States) -> tuple[int, ...]:
    """Which tracks an envelope is about: those named, else the postable ones whose state is not in ``settled``.

    ActRefused where it can be about none.
    """
    check_known(named, media)
    able = postable(media)
    if not able or not set(named or ()) <= set(able):
        raise ActRefused("该材料没有纸质件，无须寄送", "no track of it is on paper")
    found = tuple(n for n in able if (n in named if named else states[n] not in settled))
    if not found:
        raise ActRefused("纸质件已登记收到", "the paper has been received already")
    return found


def put(states: States, which: Collection[int], state: TrackState) -> States:
    """The states after ``which`` have come to ``state``."""
    return tuple(state if n in which else old for n, old in enumerate(states))


def handed_in(states: States, named: Collection[int] | None) -> tuple[int, ...]:
    """The tracks that handing in covers: every one that is open or was handed in here; of these, those named."""
    able = [n for n, state in enumerate(states) if state in (OPEN, HANDED_IN)]
    return tuple(n for n in able if named is None or n in named)


def given_back(states: States, named: Collection[int] | None = None, *, at_arrival: bool = False) -> tuple[int, ...]:
    """The tracks that a return opens again: what was handed in here, and what it names; paper else stays.

    While only paper is waited for (``at_arrival``), the rest is approved: what is under way is opened. A return
    opens something: where nothing would be open, everything is.
    """
    back = {n for n, state in enumerate(states) if state is (SENT if at_arrival else HANDED_IN)}
    found = set(named) if at_arrival and named else back | set(named or ())
    still_open = OPEN in states or found
    return tuple(sorted(found)) if still_open else tuple(range(len(states)))


def counts_at(at: datetime, day: date | None, due: Due | None, zone: ZoneInfo) -> datetime:
    """The moment at which an envelope counts as handed in: ``at``, or its posting ``day`` if it was entered too late.

    Posting by the day is in time (domain rule 1), at whatever hour, and whenever it is entered. The moment of a
    posting day is its first one, and never the due moment.
    """
    if day is None or due is None or at < due.at:
        return at
    began = datetime.combine(day, time(0), zone)
    return min(at, began, due.at - timedelta(seconds=1)) if day <= due.day else min(at, began)


def words(states: States, media: Media) -> str:
    """``只到电子版``, ``只到纸质件``, ``只寄出纸质件``; ``纸质件待收`` or ``纸质件已收到`` once nothing is open.

    Empty where nothing is told apart.
    """
    here = {medium for medium, state in zip(media, states, strict=True) if state is not OPEN}
    if OPEN not in states:
        return "纸质件待收" if SENT in states else "纸质件已收到" if RECEIVED in states else ""
    if not here:
        return ""
    if here == {"paper"}:
        return "只到纸质件" if RECEIVED in states else "只寄出纸质件"
    return "只到电子版" if "paper" not in here and "unstated" not in here else "尚未报齐"
