"""Facts of a definition in the language of the page: the domain's Chinese phrases, and the same in English."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from duban.domain import phrases, rungs
from duban.domain.ladder import STANDARD, Ladder, Rung
from duban.domain.notice import ARRIVAL_STEP, ISSUER_STEP, PARENT, Deliverable, Event, Notice, Office, Track
from duban.domain.requirement import (
    CharacterCount,
    Filled,
    Formats,
    Items,
    Pictures,
    PieceCount,
    Requirement,
    Sections,
    TitleLength,
)
from duban.domain.terms import MailKind, TrackState
from duban.services.tracking import Tracked, TrackView
from duban.web.language.saying import is_english, label, say
from duban.web.words import month_day
from models.handover import Handover

_MEDIA = {"electronic": "electronic", "paper": "paper", "platform": "on the platform", "unstated": "handed in"}
_POSTCODE = re.compile(r"（邮编([^（）]*)）$")
_OF = {"unit": "units", "person": "persons", "project": "projects", "case": "cases"}


def track_words(track: Track, notice: Notice) -> str:
    """``纸质一式两份（盖章） → 省教育厅职成处 北京大街62号``."""
    said = phrases.track_phrase(track, notice)
    return f"{track_name(track)} → {_where(said, track)}" if is_english() else said


def track_name(track: Track) -> str:
    """``纸质一式两份（盖章）``."""
    return _name(track.medium, track.copies, track.sealed) if is_english() else phrases.track_name(track)


def track_seen(track: TrackView) -> str:
    """The same of a track as it stands; empty where the notice prints no way."""
    if not track.phrase or not is_english():
        return track.phrase
    where = track.phrase.partition(" → ")[2]
    return f"{_name(track.medium, track.copies_wanted, track.is_sealed)} → {_office(where)}"


def track_called(track: TrackView) -> str:
    """A track by its name alone."""
    return _name(track.medium, track.copies_wanted, track.is_sealed) if is_english() else track.name


def track_told(track: TrackView) -> str:
    """``10月15日寄出，顺丰 SF123，2份``; empty where nothing is on record."""
    if not is_english():
        return track.told
    zone = track.at.tzinfo if track.at else None
    return "; ".join(_handover(one, (one.day or one.at.astimezone(zone).date())) for one in track.handovers)


def _handover(one: Handover, when: date) -> str:
    sent = TrackState(one.state) is TrackState.SENT
    copies = f"{one.copies} cop{'y' if one.copies == 1 else 'ies'}" if one.copies else ""
    seal = {None: "", True: "sealed", False: "no seal seen"}[one.seal_seen]
    by = f"{one.courier} {one.number}".strip()
    parts = (f"{'sent' if sent else 'received'} {month_day(when)}", by, copies, seal)
    return ", ".join(part for part in parts if part)


def tracks_words(tracks: Tracked) -> str:
    """``只到电子版``; empty where nothing is told apart."""
    return str(_HALF[tracks.words]) if tracks.words else ""


#: How far the tracks of a material are, in words.
_HALF = {
    "只到电子版": label("只到电子版"),
    "只到纸质件": label("只到纸质件"),
    "只寄出纸质件": label("只寄出纸质件"),
    "纸质件待收": label("纸质件待收"),
    "纸质件已收到": label("纸质件已收到"),
    "尚未报齐": label("尚未报齐"),
}


def _name(medium: str, copies: int | None, sealed: bool) -> str:
    many = f", {copies} copies" if copies and copies > 1 else ""
    return _MEDIA[medium] + many + (" (sealed)" if sealed else "")


def _where(phrase: str, track: Track) -> str:
    return "the parent unit" if track.to == PARENT else _office(phrase.partition(" → ")[2])


def _office(where: str) -> str:
    """Name and address are data; the word before the postcode is ours."""
    return say("上级主管部门") if where == "上级主管部门" else _POSTCODE.sub(r" (postcode \1)", where)


def office_words(office: Office) -> str:
    """An office with everything that is printed of it."""
    parts = (office.name, office.address, office.postcode, office.email, office.phone)
    return say("，").join(part for part in parts if part)


def event_words(event: Event) -> str:
    """``吉林省总开幕式：11月中旬，长春广播电视大学（拟定）``."""
    if not is_english():
        return phrases.event_phrase(event)
    days = [month_day(found) for found in (event.date, event.until) if found]
    when = event.text or " to ".join(days) or "time to be announced"
    place = f", {event.place}" if event.place else ""
    return f"{event.name}: {when}{place}{' (planned)' if event.tentative else ''}"


def step_name(step: str) -> str:
    """A step of review as the definition names it; those that no definition has to name are ours."""
    ours = {ISSUER_STEP.name: say("发文机关审核"), ARRIVAL_STEP.name: say("收到纸质件")}
    return ours.get(step, step)


def rung_words(rung: Rung) -> str:
    """``逾期第3个工作日提请分管领导督促``."""
    return f"{_when(rung)}: {_what(rung)}" if is_english() else rungs.rung_phrase(rung)


def rule_words(ladder: Ladder) -> str:
    """By which rule a rung was climbed."""
    if not is_english():
        return rungs.rule_phrase(ladder)
    return "By the standard ladder" if ladder == STANDARD else "By the ladder of this notice"


def _when(rung: Rung) -> str:
    number = abs(rung.workdays)
    days = f"{number} working day{'s' if number != 1 else ''}"
    if rung.count_from == "opened":
        return f"{days} after it came for review" if number else "when it came for review"
    if rung.workdays == 0:
        return "on the due day"
    return f"{days} overdue" if rung.workdays > 0 else f"{days} before"


def _what(rung: Rung) -> str:
    if rung.is_task:
        return "the coordinator telephones"
    if rung.kind is MailKind.ESCALATION:
        return f"escalated to the {rung.to[-1].en}"
    people = ", ".join(role.en for role in rung.to)
    return f"{rung.kind.en} to {people}"


def asks(deliverable: Deliverable, notice: Notice) -> tuple[str, ...]:
    """Everything that is asked of a deliverable; printed words stay as they are printed."""
    if not is_english():
        return phrases.requirement_phrases(deliverable, notice)
    named = {r.form for r in deliverable.requirements if isinstance(r, Filled)}
    forms = [notice.forms[form].name for form in deliverable.forms if form not in named]
    items = [_items(deliverable.items)] if deliverable.items else []
    asked = (_asked(requirement, notice) for requirement in deliverable.requirements)
    return (*asked, *(item for item in items if item), *forms)


def _asked(requirement: Requirement, notice: Notice) -> str:
    printed: str = getattr(requirement, "text", "")
    write = _ENGLISH.get(type(requirement))
    return printed or (write(requirement, notice) if write else phrases.requirement_phrase(requirement, notice))


def _items(items: Items) -> str:
    ordered = "in order of recommendation" if items.ordered else ""
    return items.text or ", ".join(part for part in (_bounds(items, _OF[items.of]), ordered) if part)


def _bounds(requirement: Any, of: str) -> str:
    exactly = getattr(requirement, "exactly", None)
    if exactly is not None:
        return f"{exactly} {of}"
    least, most = requirement.min, requirement.max
    if least is not None and most is not None:
        return f"{least} to {most} {of}"
    if least is not None:
        return f"at least {least} {of}"
    return f"at most {most} {of}" if most is not None else ""


def _characters(requirement: CharacterCount, _: Notice) -> str:
    about = f"about {requirement.about} characters" if requirement.about else _bounds(requirement, "characters")
    part = f"{requirement.part}: " if requirement.part else ""
    return part + about + (" (more pages may be attached)" if requirement.extra_pages else "")


_ENGLISH: dict[type, Callable[[Any, Notice], str]] = {
    CharacterCount: _characters,
    TitleLength: lambda r, _: f"title: {_bounds(r, 'characters')}",
    PieceCount: lambda r, _: f"{r.what}: {_bounds(r, 'pieces')}",
    Pictures: lambda r, _: _bounds(r, "pictures") + (", each named" if r.named else ""),
    Filled: lambda r, notice: f"fill in {notice.forms[r.form].name}",
    Sections: lambda r, _: "with " + ", ".join(r.titles),
    Formats: lambda r, _: ", ".join(r.formats),
}
