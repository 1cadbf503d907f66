"""All times of a text that may be deadlines, in order: what they mean, and whether words behind them close a term."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, product
from typing import Literal

from duban.drafting.counting import counted, soon
from duban.drafting.days import DATE, Calendar, read_date
from duban.drafting.hours import Hour, hour_at
from duban.drafting.rhythms import Rhythm, Rule, rhythms

#: Dates of a sentence that are read.
MOST = 50
Kind = Literal["absolute", "relative", "recurring", "vague"]

_WEEKDAY = re.compile(
    r"\((?:星期|周|礼拜)?[一二三四五六日天][^)]{0,8}\)|(?:星期|周|礼拜)[一二三四五六日天](?![^,。]{0,3}至)"
)
#: Words behind a date that close a term.
_CLOSES = re.compile(
    r"(?:\((?:含|以|不含)[^)]{0,12}\))?(?:之前|以前|前(?!后|期|往|提(?![交出供报请名])|段|来|去|夕|述|瞻|沿|列|\d|"
    r"[一二三四五六七八九十两]个?(?:天|周|月|工作日))"
    r"|截止|为止|止(?!步|境)|截(?!至)|之内|以内|内(?!容|部|外|涵|在))"
)
_OPENS = re.compile(r"(?:起|开始|以后|之后|以来|后)(?!至|到|,?截)")
_RANGE = re.compile(r"(?:起|开始)?[,]?(?:至|到|-|截至|截止到?)(?:当年|同年)?")
_ALSO = re.compile(r"[、和及与或]|以及|和每")
#: ``12月10日（周五）前``: nothing else stands between a date and what closes it.
_SINCE = re.compile(
    r"(?:即日起|自即日起|从即日起|即日|自发文之日起|自通知发布之日起|通知下发之日起|发文之日起|"
    r"自(?:本)?通知印发之日起)(?:,)?(?:至|到|-)$"
)


@dataclass(frozen=True, kw_only=True)
class When:
    """A time in the text: from ``start`` to ``end``, the words that close it included."""

    start: int
    end: int
    kind: Kind
    day: date | None = None
    #: ``HH:MM``
    time: str | None = None
    #: the office's closing hour is meant
    closing: bool = False
    rule: Rule | None = None
    #: how many, of what, from what: of relative ones
    count: int | None = None
    unit: str = ""
    origin: str = ""
    #: words behind it close a term (前, 截止, 内)
    closes: bool = False
    #: it is the end of a span of time
    ends_span: bool = False
    #: where its span begins, when it ends one
    span: int = -1
    #: its year is printed
    explicit: bool = False
    #: it is the beginning of a span, or ``起`` stands behind it: never a deadline
    begins: bool = False
    #: further rules of one rhythm, and further dates under one ``前``, carry the number of their group
    group: int = -1
    doubt: str = ""

    @property
    def begin(self) -> int:
        """Where it begins in the text, its span included."""
        return self.span if self.ends_span and self.span >= 0 else self.start


def times(text: str, calendar: Calendar, before: date | None = None) -> list[When]:
    """The times of ``text`` in order, without overlap; ``before`` is the last date printed before the text."""
    found: list[When] = []
    taken = 0
    for one in sorted(_all(text, calendar, before), key=lambda when: (when.start, -when.end)):
        if one.start >= taken or (found and one.start == found[-1].start and one.end == found[-1].end and one.rule):
            found.append(one)
            taken = one.end
    return _related(_in_order(found, text), text)


def _all(text: str, calendar: Calendar, before: date | None) -> Iterator[When]:
    rhythms_ = rhythms(text)
    for rhythm in rhythms_:
        yield from _recurring(rhythm, text)
    dates = list(islice(_dates(text, calendar, before), MOST))
    yield from dates
    spans = [(one.start, one.end) for one in rhythms_] + [(one.start, one.end) for one in dates]
    for one in counted(text):
        if not any(start < one.end and one.start < end for start, end in spans):
            yield _relative(one.start, one.end, text, count=one.count, unit=one.unit, origin=one.origin)
    for word in soon(text):
        yield When(start=word.start, end=word.end, kind="vague", doubt="原文没有写明日期")


def _tail(text: str, end: int) -> tuple[int, list[Hour], bool]:
    """Behind a date: the weekday, the times of day, and what closes it. Answers the end, the times, closed or not."""
    if weekday := _WEEKDAY.match(text, end):
        end = weekday.end()
    if (
        end < len(text)
        and text[end] in ",、"
        and re.match(r"[,、](?:上午|下午|中午|\d{1,2}[:时点])", text[end : end + 6])
    ):
        end += 1
    if re.match(r"\)(?:前|之前|以前|截止|止|上午|下午|中午|下班|\d{1,2}[:时点])", text[end : end + 5]):
        end += 1
    hours: list[Hour] = []
    at = end
    while hour := hour_at(text, at):
        hours.append(hour)
        end = hour.end
        if not re.match(r"(?:之?前)?[、和及](?=\d|上午|下午|中午|晚)", text[end : end + 4]):
            break
        at = end + (text[end : end + 3].find("前") + 1) + 1
    closes = _CLOSES.match(text, end)
    return (closes.end() if closes else end), hours, closes is not None


def _dates(text: str, calendar: Calendar, before: date | None) -> Iterator[When]:
    ended, last = 0, before
    for match in DATE.finditer(text):
        if match.start() < ended:
            continue
        leans = bool(match["bareday"] or match["same"])
        read = read_date(match, calendar, last if leans else before)
        if leans and read.day is None:
            continue
        last = read.day or last
        if read.day and (read.explicit or before is not None or match["bareday"]):
            before = _leaned(read.day, calendar, before)
        ended, hours, closes = _tail(text, match.end())
        hour = hours[-1] if hours else None
        closes = closes or match[0].endswith("内")
        when = When(start=match.start(), end=ended, kind="vague" if read.vague else "absolute", day=read.day)
        yield replace(
            when,
            time=_time(hour),
            closing=bool(hour and hour.closing),
            closes=closes,
            doubt=read.doubt,
            explicit=read.explicit and not match["word"],
            begins=not closes and _OPENS.match(text, ended) is not None,
        )


def _leaned(day: date, calendar: Calendar, before: date | None) -> date | None:
    """The date on which later ones lean: never one from before the day of issue (another document's)."""
    if calendar.issued and day < calendar.issued:
        return before
    return day


def _time(hour: Hour | None) -> str | None:
    return hour.time if hour else None


def _recurring(rhythm: Rhythm, text: str) -> Iterator[When]:
    end, hours, closes = _tail(text, rhythm.end)
    moments: list[Hour | None] = [*hours] or [None]
    for rule, hour in product(rhythm.rules, moments):
        yield When(
            start=rhythm.start,
            end=end,
            kind="recurring",
            rule=rule,
            time=_time(hour),
            closing=bool(hour and hour.closing),
            closes=closes or rhythm.fixed,
            group=rhythm.start,
            doubt="" if rhythm.fixed else "原文没有写明是哪一天",
        )


def _relative(start: int, end: int, text: str, *, count: int | None, unit: str, origin: str) -> When:
    end, hours, _ = _tail(text, end)
    hour = hours[-1] if hours else None
    return When(
        start=start,
        end=end,
        kind="relative",
        time=_time(hour),
        closing=bool(hour and hour.closing),
        count=count,
        unit=unit,
        origin=origin,
        closes=True,
    )


def _related(found: list[When], text: str) -> list[When]:
    """Spans of time (至) and dates under one ``前`` (6月底、12月底前), from the last to the first."""
    related = list(found)
    for at in range(len(found) - 1, 0, -1):
        first, second = related[at - 1], related[at]
        if first.kind == "recurring" and second.kind == "recurring" and first.start == second.start:
            continue
        between = text[first.end : second.start]
        if len(between) <= 5 and _RANGE.fullmatch(between):
            related[at] = replace(related[at], ends_span=True, span=first.start)
            related[at - 1] = replace(first, begins=True, closes=False)
        elif len(between) <= 2 and _ALSO.fullmatch(between) and first.kind in ("absolute", "recurring"):
            related[at - 1] = replace(first, closes=first.closes or second.closes, group=first.start)
            related[at] = replace(second, group=first.start if second.group < 0 else second.group)
    return [
        replace(one, ends_span=True, span=max(0, one.start - 4))
        if _SINCE.search(text, max(0, one.start - 16), one.start)
        else one
        for one in related
    ]


def _in_order(found: list[When], text: str) -> list[When]:
    """The end of a span lies after its beginning, and dates under one ``前`` come one after the other."""
    ordered = found[:1]
    for following in found[1:]:
        first = ordered[-1]
        between = text[first.end : following.start]
        second = _of_span(first, following) if len(between) <= 5 and _RANGE.fullmatch(between) else following
        linked = _RANGE.fullmatch(between) or _ALSO.fullmatch(between) if len(between) <= 5 else None
        if linked and first.day and second.day and second.day < first.day:
            second = replace(second, day=_in_year(second.day, second.day.year + 1), doubt="年份未印，跨年计")
        ordered.append(second)
    return ordered


def _of_span(first: When, last: When) -> When:
    """``2021年1月1日—12月31日``: the end has the year printed at the beginning, or the next one."""
    if last.explicit or not first.explicit or not first.day or not last.day:
        return last
    same = _in_year(last.day, first.day.year)
    return replace(last, day=same if same >= first.day else _in_year(last.day, first.day.year + 1))


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)
