"""The registry desk laid out: the field for the code, an envelope with what may lie in it, lists. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.errors import InputRefused
from duban.domain.short_code import LENGTH, grouped, parse_code
from duban.domain.terms import Status
from duban.domain.tracks import HANDED_IN, OPEN, RECEIVED, SENT
from duban.services.intake import Asked
from duban.services.registering import Arrived
from duban.services.registry import Expected, Paper
from duban.services.situation import Situation
from duban.services.tracking import TrackView
from duban.web import chip
from duban.web.act_door import issuer_door
from duban.web.act_form import number_in
from duban.web.chip import Chip
from duban.web.facts import track_seen, track_told, tracks_words
from duban.web.language.saying import label, say
from duban.web.words import moment

#: The address in a QR code ends so.
_IN_ADDRESS = re.compile(r"[?&]code=([^&#\s]+)", re.IGNORECASE)
#: Whether a seal was seen: what is posted, what is shown, what it means.
SEALS = (("", label("未看")), ("yes", label("已盖章")), ("no", label("未见盖章")))
_SEEN = {"yes": True, "no": False}
_CHIPS = {
    OPEN: Chip(chip.IDLE, "○", label("未到")),
    SENT: Chip(chip.SENT, "●", label("已寄出")),
    RECEIVED: Chip(chip.DONE, "✓", label("已收到")),
    HANDED_IN: Chip(chip.DONE, "✓", label("已报送")),
}
#: How far paper is; the least far is said.
_BY_DISTANCE = (OPEN, SENT, HANDED_IN, RECEIVED)


def is_code(typed: str) -> bool:
    """Somebody means a code, rightly typed or not: seven letters and digits, with a digit among them."""
    plain = re.sub(r"[\s-]", "", typed)
    shaped = plain.isascii() and plain.isalnum() and any(char.isdigit() for char in plain)
    return parse_code(typed) is not None or (len(plain) == LENGTH and shaped)


def code_in(typed: str) -> str:
    """What a scanner or a person typed: the code itself, or the address that a QR code holds."""
    found = _IN_ADDRESS.search(typed)
    return found[1] if found else typed.strip()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One obligation in a list."""

    unit: str
    what: str
    document_number: str
    code: str
    url: str
    #: what is on record of its paper
    told: str
    chip: Chip
    #: ``只到纸质件``
    words: str
    #: when it was registered
    at: str


def lines(papers: Iterable[Paper], now: datetime) -> list[Line]:
    """A list as it stands on the page."""
    return [_line(paper, now) for paper in papers]


def _line(paper: Paper, now: datetime) -> Line:
    asked = Asked(notice=paper.notice_id, unit=paper.unit_id, deliverable=paper.deliverable)
    return Line(
        unit=paper.unit_name,
        what=paper.deliverable_name,
        document_number=paper.document_number,
        code=grouped(paper.code),
        url=issuer_door(asked, "receive"),
        told=paper.told,
        chip=_paper_chip(paper),
        words=tracks_words(paper.tracked),
        at=moment(paper.at, now) if paper.at else "",
    )


def _paper_chip(paper: Paper) -> Chip:
    states = [track.state for track in paper.tracked.tracks if track.medium in ("paper", "unstated")]
    return _CHIPS[min(states, key=_BY_DISTANCE.index)]


@dataclass(frozen=True, kw_only=True)
class TrackLine:
    """One track: what is asked, what is on record."""

    phrase: str
    told: str
    chip: Chip


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A material that may lie in the envelope, with what the desk enters of it."""

    deliverable: str
    name: str
    code: str
    tracks: tuple[TrackLine, ...]
    #: ``只到电子版``
    words: str
    is_taken: bool
    copies: str
    #: ``应2份``
    wanted: str
    seal: str
    asks_seal: bool


@dataclass(frozen=True, kw_only=True)
class EnvelopeView:
    """The page of one envelope."""

    title: str
    document_number: str
    unit: str
    todo: str
    url: str
    sheets: tuple[Sheet, ...]
    day: str
    today: str
    note: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What the desk has entered: one value of each list for each sheet on the page."""

    deliverables: tuple[str, ...] = ()
    #: those that are ticked
    taken: frozenset[str] = frozenset()
    copies: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()
    day: str = ""
    note: str = ""

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Deliverable, copies, seal; InputRefused where the lists are not of one length."""
        if not len(self.deliverables) == len(self.copies) == len(self.seals):
            raise InputRefused("页面已变动，请刷新后再登记", "the lists of the form differ in length")
        return list(zip(self.deliverables, self.copies, self.seals, strict=True))

    def arrived(self) -> tuple[Arrived, ...]:
        """What is ticked; InputRefused."""
        return tuple(
            Arrived(deliverable=name, copies=number_in(copies, say("份数")), seal_seen=_SEEN.get(seal))
            for name, copies, seal in self.rows
            if name in self.taken
        )


def envelope_view(
    expected: Expected, asked: Asked, today: date, entered: Entered | None = None, problem: str = ""
) -> EnvelopeView:
    """The envelope that holds what was asked for; ``entered``: what was refused, and why. ``today`` in its zone."""
    first = expected.asked
    known = {name: (copies, seal) for name, copies, seal in entered.rows} if entered and problem else {}
    taken = entered.taken if entered else frozenset({first.deliverable})
    situations = [one for one in (first, *expected.beside) if one.papers]
    return EnvelopeView(
        title=first.notice.title,
        document_number=first.notice.document_number,
        unit=first.unit_name,
        todo=_todo(first),
        url=issuer_door(asked, "receive"),
        sheets=tuple(
            _sheet(one, expected.codes[one.deliverable], one.deliverable in taken, known.get(one.deliverable))
            for one in situations
        ),
        day=entered.day if entered else today.isoformat(),
        today=today.isoformat(),
        note=entered.note if entered else "",
        problem=problem,
    )


def _todo(first: Situation) -> str:
    if not first.papers:
        return say("{deliverable_name}没有纸质件，无须登记。", deliverable_name=first.deliverable_name)
    if first.status is Status.WAIVED:
        return say(
            "{deliverable_name}已免报，无须登记；确需登记的，请经办人先重新打开。",
            deliverable_name=first.deliverable_name,
        )
    if all(track.state is RECEIVED for track in first.papers):
        return say(
            "{deliverable_name}的纸质件已登记收到。再次登记，即以这一次的日期、份数和盖章情况为准。",
            deliverable_name=first.deliverable_name,
        )
    return say("核对信封内的材料，勾选收到的，填写份数，然后登记。")


def _sheet(one: Situation, code: str, is_taken: bool, known: tuple[str, str] | None) -> Sheet:
    paper = one.papers[0]
    announced = paper.handovers[-1].copies if paper.handovers else None
    copies = announced or paper.copies_wanted
    return Sheet(
        deliverable=one.deliverable,
        name=one.deliverable_name,
        code=grouped(code),
        tracks=tuple(_track(track) for track in one.tracked.tracks),
        words=tracks_words(one.tracked),
        is_taken=is_taken and one.status is not Status.WAIVED,
        copies=known[0] if known else ("" if copies is None else str(copies)),
        wanted=say("应{copies_wanted}份", copies_wanted=paper.copies_wanted) if paper.copies_wanted else "",
        seal=known[1] if known else _seal(paper),
        asks_seal=paper.is_sealed,
    )


def _seal(paper: TrackView) -> str:
    seen = paper.handovers[-1].seal_seen if paper.handovers else None
    return {True: "yes", False: "no", None: ""}[seen]


def _track(track: TrackView) -> TrackLine:
    return TrackLine(phrase=track_seen(track) or track.name, told=track_told(track), chip=_CHIPS[track.state])
