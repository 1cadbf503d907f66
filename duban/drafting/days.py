"""Dates as printed into days: the year comes from the day of issue and is carried over the new year."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from duban.drafting.numerals import DAY, MONTH, YEAR, number, year

#: A day that lies so far before the day of issue is meant for the next year; nearer ones were printed late.
_CARRIED = timedelta(days=45)
#: Quarters by their numeral.
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR_WORDS = {"今": 0, "本": 0, "当": 0, "同": 0, "明": 1, "次": 1, "来": 1, "翌": 1, "下一": 1}
_MONTH_WORDS = {"本": 0, "当": 0, "这个": 0, "下": 1, "下个": 1}

DATE = re.compile(
    rf"(?:(?:(?P<year>{YEAR})|(?P<word>今|本|当|同|明|次|来|翌|下一))年度?(?:的)?,?)?(?P<month>{MONTH})月份?的?"
    rf"(?:(?P<day>{DAY})(?:[日号]|(?=[-至到(前、和及]|以前|之前|止|截止))|(?P<part>底|末|上旬|"
    rf"中旬|下旬|初|中旬|内|以内))"
    rf"|(?<!\d)(?P<iso>(?:19|20)\d\d)(?P<sign>[-./])(?P<isomonth>1[0-2]|"
    rf"0?[1-9])(?P=sign)(?P<isoday>[12]\d|3[01]|0?[1-9])(?!\d)[日号]?"
    rf"|(?<!每)(?<!\d)(?P<monthword>本|当|下个|下|这个)月份?的?(?:(?P<wordday>{DAY})[日号]|"
    rf"(?P<wordpart>底|末|上旬|中旬|下旬|初|内))"
    rf"|(?:(?P<endyear>{YEAR})|(?<!每)(?P<endword>今|本|当|明|次|来|翌)?)(?:年度?|学年|"
    rf"学期)(?P<yearend>底|末|终)(?!考|测|述|奖|总|报|检|绩|工|决|盘|评|考)"
    rf"|(?:(?P<quarteryear>{YEAR})年)?(?P<quarter>第?[一二三四1-4]|本)季度(?:末|底)(?!月)"
    rf"|(?<![每半\d年])(?P<bareend>月底|月末)"
    rf"|(?<!每)(?P<week>本|下|这|这个)(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    r"|(?P<same>同日|同一日)(?=上午|下午|中午|晚|下班|\d{1,2}[:时点]|之?前|以前)"
    rf"|(?<=[至到\-、和及与])(?P<bareday>{DAY})[日号]"
)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """From which day a text speaks."""

    #: the day of issue, where the document has one
    issued: date | None = None
    #: the year of its number or title, where it has no day
    year: int | None = None
    #: who speaks; what this office will do itself binds nobody else
    issuer: str = ""

    @property
    def this_year(self) -> int | None:
        return self.issued.year if self.issued else self.year


@dataclass(frozen=True, kw_only=True)
class Read:
    """A date as read: a day, or a time that fixes none."""

    day: date | None
    #: the words fix no day: 中旬, 初
    vague: bool = False
    #: True when the year is printed, so that later dates may lean on it
    explicit: bool = False
    #: why a person should look at it; empty where nothing is doubtful
    doubt: str = ""


def read_date(found: re.Match[str], calendar: Calendar, before: date | None) -> Read:
    """The day of a match of ``DATE``; ``before`` is the date printed before it in the same paragraph."""
    if found["iso"]:
        return _on(int(found["iso"]), int(found["isomonth"]), int(found["isoday"]), explicit=True)
    if found["month"]:
        return _month_day(found, calendar, before)
    if found["same"]:
        return Read(day=before, doubt="" if before else "原文没有写明是哪一天")
    if found["bareday"]:
        return _day_alone(found, before)
    return _within(found, calendar)


def _within(found: re.Match[str], calendar: Calendar) -> Read:
    """What is told from the day of issue: 本月20日, 年底, 本季度末, 下周一."""
    if found["monthword"] or found["bareend"]:
        return _this_month(found, calendar)
    if found["yearend"]:
        return _year_end(found, calendar)
    return _quarter_end(found, calendar) if found["quarter"] else _weekday(found, calendar)


def _on(year_: int, month: int, day: int, *, explicit: bool = False, doubt: str = "") -> Read:
    try:
        return Read(day=date(year_, month, day), explicit=explicit, doubt=doubt)
    except ValueError:
        return Read(day=None, doubt="日历上没有这一天")


def month_end(year_: int, month: int) -> int:
    """The last day of a month."""
    return monthrange(year_, month)[1]


def _month_day(found: re.Match[str], calendar: Calendar, before: date | None) -> Read:
    month, part = number(found["month"]), found["part"]
    if part and part not in ("底", "末", "内", "以内"):
        return Read(day=None, vague=True, doubt="原文只写到旬，没有写明哪一天")
    explicit = found["year"] is not None
    day = number(found["day"]) if found["day"] else None
    chosen = year(found["year"]) if explicit else _year_of(found["word"], (month, day or 28), calendar, before)
    if chosen is None:
        return Read(day=None, doubt="原文没有印年份，也没有成文日期")
    read = _on(chosen, month, day or month_end(chosen, month), explicit=explicit or found["word"] is not None)
    return read if explicit else replace(read, doubt=read.doubt or _doubt(read.day, calendar))


def _doubt(day: date | None, calendar: Calendar) -> str:
    """Why a year that is not printed should be looked at."""
    if calendar.issued is None:
        return "年份未印，按文号或标题的年份计"
    if day and day < calendar.issued:
        return "早于成文日期，请核对"
    return "年份未印，跨年计" if day and day.year != calendar.issued.year else ""


def _year_of(word: str | None, place: tuple[int, int], calendar: Calendar, before: date | None) -> int | None:
    """The year of a month and day that are printed without one."""
    now = calendar.this_year
    if word:
        base = before.year if before and word in ("次", "翌", "同", "下一") else now
        return base + _YEAR_WORDS[word] if base is not None else None
    if before:
        return before.year + (_distance(place, (before.month, before.day)) > _CARRIED * 4)
    if calendar.issued:
        return calendar.issued.year + (_distance(place, (calendar.issued.month, calendar.issued.day)) > _CARRIED)
    return now


def _distance(earlier: tuple[int, int], later: tuple[int, int]) -> timedelta:
    """How far ``earlier`` lies before ``later`` in one year; negative when it lies after."""
    days = [timedelta(days=31 * (month - 1) + day) for month, day in (earlier, later)]
    return days[1] - days[0]


def _this_month(found: re.Match[str], calendar: Calendar) -> Read:
    part = found["wordpart"] or "底"
    if calendar.issued is None:
        return Read(day=None, doubt="原文没有成文日期，无从计算是哪一月")
    if not found["wordday"] and part not in ("底", "末", "内"):
        return Read(day=None, vague=True, doubt="原文只写到旬，没有写明哪一天")
    months = calendar.issued.month - 1 + _MONTH_WORDS.get(found["monthword"] or "本", 0)
    year_, month = calendar.issued.year + months // 12, months % 12 + 1
    return _on(year_, month, number(found["wordday"]) if found["wordday"] else month_end(year_, month))


def _year_end(found: re.Match[str], calendar: Calendar) -> Read:
    if found["endyear"]:
        return _on(year(found["endyear"]), 12, 31, explicit=True)
    now = calendar.this_year
    if now is None or "学" in found[0]:
        return Read(day=None, vague="学" in found[0], doubt="原文没有印年份，也没有成文日期")
    return _on(now + _YEAR_WORDS.get(found["endword"] or "本", 0), 12, 31)


def _quarter_end(found: re.Match[str], calendar: Calendar) -> Read:
    now, which = calendar.this_year, found["quarter"].removeprefix("第")
    now = year(found["quarteryear"]) if found["quarteryear"] else now
    if now is None or (which == "本" and calendar.issued is None):
        return Read(day=None, doubt="原文没有印年份，也没有成文日期")
    issued_quarter = (calendar.issued.month + 2) // 3 if calendar.issued else 0
    month = 3 * (issued_quarter if which == "本" else _QUARTERS[which])
    return _on(now, month, month_end(now, month))


def _weekday(found: re.Match[str], calendar: Calendar) -> Read:
    if calendar.issued is None:
        return Read(day=None, doubt="原文没有成文日期，无从计算是哪一周")
    monday = calendar.issued - timedelta(days=calendar.issued.weekday())
    weeks = 1 if found["week"] == "下" else 0
    return Read(day=monday + timedelta(days=weekday(found["weekday"]) - 1, weeks=weeks))


def weekday(char: str) -> int:
    """1 is Monday."""
    return 7 if char in "日天" else "一二三四五六".index(char) + 1


def _day_alone(found: re.Match[str], before: date | None) -> Read:
    """``至20日`` behind ``5月10日``."""
    if before is None:
        return Read(day=None, doubt="原文没有写月份")
    return _on(before.year, before.month, number(found["bareday"]))
