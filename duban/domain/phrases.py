"""Facts of a definition as short Chinese phrases, the same on pages, in mails and on the terminal."""

from collections.abc import Callable
from datetime import date
from typing import Any

from duban.domain.calendar import WorkCalendar
from duban.domain.notice import PARENT, Deliverable, Event, Notice, Office, Track
from duban.domain.requirement import (
    CharacterCount,
    Filled,
    Formats,
    Items,
    Pictures,
    PieceCount,
    Remark,
    Requirement,
    Sections,
    TitleLength,
)

_MEDIA = {"electronic": "电子版", "paper": "纸质", "platform": "平台填报", "unstated": "报送"}
_DIGITS = "零一二三四五六七八九"


def requirement_phrase(requirement: Requirement, notice: Notice) -> str:
    """``不少于1500字``, ``照片8张``: the printed words where there are some, else our own."""
    printed: str = getattr(requirement, "text", "")
    return printed or _PHRASES[type(requirement)](requirement, notice)


def requirement_phrases(deliverable: Deliverable, notice: Notice) -> tuple[str, ...]:
    """Everything that is asked of a deliverable, items and forms included."""
    named = {r.form for r in deliverable.requirements if isinstance(r, Filled)}
    forms = [notice.forms[form].name for form in deliverable.forms if form not in named]
    items = [items_phrase(deliverable.items)] if deliverable.items else []
    return (*(requirement_phrase(r, notice) for r in deliverable.requirements), *(p for p in items if p), *forms)


def track_phrase(track: Track, notice: Notice) -> str:
    """``纸质一式两份（盖章） → 省教育厅职成处 北京大街62号（邮编130051）``."""
    return f"{track_name(track)} → {_receiver(track, notice)}"


def track_name(track: Track) -> str:
    """``纸质一式两份（盖章）``."""
    copies = f"一式{_chinese(track.copies)}份" if track.copies and track.copies > 1 else ""
    return f"{_MEDIA[track.medium]}{copies}" + ("（盖章）" if track.sealed else "")


def _receiver(track: Track, notice: Notice) -> str:
    if track.to == PARENT:
        return "上级主管部门"
    office = notice.offices[track.to]
    where = _postal(office) if track.medium == "paper" else office.email
    return f"{office.name} {where}".strip()


def _postal(office: Office) -> str:
    postcode = f"（邮编{office.postcode}）" if office.postcode else ""
    return office.address + postcode if office.address else ""


def office_phrase(office: Office) -> str:
    """An office with everything that is printed of it."""
    parts = (office.name, office.address, office.postcode, office.email, office.phone)
    return "，".join(part for part in parts if part)


def event_phrase(event: Event) -> str:
    """``吉林省总开幕式：11月中旬，长春广播电视大学（拟定）``."""
    when = event.text or (_span(event) if event.date else "时间另行通知")
    place = f"，{event.place}" if event.place else ""
    return f"{event.name}：{when}{place}{'（拟定）' if event.tentative else ''}"


def _span(event: Event) -> str:
    assert event.date is not None
    return day_phrase(event.date) + (f"至{day_phrase(event.until)}" if event.until else "")


def day_phrase(day: date) -> str:
    """``9月28日``: month and day without leading zeros."""
    return f"{day.month}月{day.day}日"


def weekday_phrase(day: date) -> str:
    """``周二``."""
    return "周" + "一二三四五六日"[day.weekday()]


def day_hint(day: date, calendar: WorkCalendar) -> str:
    """A word on a day that people would stumble over: ``调休上班``, ``节假日``, ``暂定``."""
    if calendar.is_makeup(day):
        return "调休上班"
    if not calendar.is_workday(day):
        return "周末" if day.weekday() >= 5 and day not in calendar.exceptions else "节假日"
    return "节假日安排未公布，暂定" if calendar.is_provisional(day) else ""


def receipt_number(submission: int) -> str:
    """``R000037``: the number under which a submission is confirmed."""
    return f"R{submission:06d}"


def submission_number(receipt: str) -> int | None:
    """The submission of a receipt's number; None for what is none."""
    digits = receipt.strip().upper().removeprefix("R")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else None


def _chinese(number: int) -> str:
    return "两" if number == 2 else _DIGITS[number] if number < 10 else str(number)


def _bounds(requirement: Any, unit: str) -> str:
    exactly = getattr(requirement, "exactly", None)
    if exactly is not None:
        return f"{exactly}{unit}"
    if requirement.min is not None and requirement.max is not None:
        return f"{requirement.min}—{requirement.max}{unit}"
    if requirement.min is not None:
        return f"不少于{requirement.min}{unit}"
    return f"不超过{requirement.max}{unit}" if requirement.max is not None else ""


def _words(requirement: CharacterCount, _: Notice) -> str:
    part = requirement.part
    counted = f"{requirement.about}字左右" if requirement.about else _bounds(requirement, "字")
    return part + counted + ("（可另附页）" if requirement.extra_pages else "")


def _pictures(requirement: Pictures, _: Notice) -> str:
    return "图片" + _bounds(requirement, "张") + ("，逐张命名" if requirement.named else "")


def items_phrase(items: Items) -> str:
    """``3—5名``, ``按推荐顺序排列``; empty where the notice prints neither quota nor order."""
    unit = {"unit": "个单位", "person": "名", "project": "个", "case": "个"}[items.of]
    quota = _bounds(items, unit)
    ordered = "按推荐顺序排列" if items.ordered else ""
    return items.text or "，".join(part for part in (quota, ordered) if part)


_PHRASES: dict[type, Callable[[Any, Notice], str]] = {
    CharacterCount: _words,
    TitleLength: lambda r, _: "标题" + _bounds(r, "字"),
    PieceCount: lambda r, _: r.what + _bounds(r, r.unit),
    Pictures: _pictures,
    Filled: lambda r, notice: f"填写{notice.forms[r.form].name}",
    Sections: lambda r, _: "应包括" + "、".join(r.titles),
    Formats: lambda r, _: "、".join(r.formats),
    Remark: lambda r, _: r.text,
}
