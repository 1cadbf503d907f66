"""Times of day behind a date: 17:00, 17时, 下午5点半, 中午12时, 下班, 24时."""

import re
from dataclasses import dataclass

from duban.drafting.numerals import number

_HALVES = "上午|下午|中午|早上|早晨|晚上|凌晨|傍晚|午后|晚|早"
_TIME = re.compile(
    rf"[,的]?(?P<half>{_HALVES})?(?:"
    r"(?P<hour>2[0-4]|[01]?\d|[一二三四五六七八九]|十[一二三四五六七八九]?|二十[一二三四]?|零)"
    r"(?::(?P<minute>[0-5]\d)(?::[0-5]\d)?|[时点](?:(?P<minutes>[0-5]?\d)分|"
    r"(?P<bare>[0-5]\d)(?!\d)|(?P<part>半|一刻|整|正))?)"
    r"|(?P<closing>下班)|(?P<noon>午(?!后))?)"
)
_AFTERNOON = frozenset({"下午", "晚上", "傍晚", "午后", "晚"})


@dataclass(frozen=True, kw_only=True)
class Hour:
    """A time of day as printed."""

    end: int
    #: ``HH:MM``; None for the office's closing hour and for a bare 上午, which no clock shows
    time: str | None
    closing: bool = False


def hour_at(text: str, at: int) -> Hour | None:
    """The time that begins at ``at``, if one does."""
    found = _TIME.match(text, at)
    if found is None or found.end() == at:
        return None
    if found["hour"]:
        return Hour(end=found.end(), time=_clock(found))
    if found["closing"]:
        return Hour(end=found.end(), time=None, closing=True)
    if found["half"] == "中午" or found["noon"]:
        return Hour(end=found.end(), time="12:00")
    return Hour(end=found.end(), time=None) if found["half"] else None


def _clock(found: re.Match[str]) -> str | None:
    hour = number(found["hour"]) if found["hour"] != "零" else 0
    minute = 30 if found["part"] == "半" else 15 if found["part"] == "一刻" else 0
    minute = int(found["minute"] or found["minutes"] or found["bare"] or minute)
    if (found["half"] in _AFTERNOON and hour < 12) or (found["half"] == "中午" and hour < 3):
        hour += 12
    return None if hour > 24 or (hour == 24 and minute) else f"{hour:02}:{minute:02}"
