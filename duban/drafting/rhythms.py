"""Recurring deadlines: 每月5日前, 每季度末月25日前, 每周五下班前, 每日16时前, 每年6月底前."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from duban.drafting.days import weekday
from duban.drafting.numerals import DAY, MONTH, number

_EVERY = re.compile(
    r"(?:每|逐)(?:个|一)?(?P<unit>工作日|自然日|日|天|周|星期|礼拜|月|季度|季|半年|年度|年|学期|"
    r"学年|旬|两周)(?![节级纪会检考刊鉴])"
    rf"|(?P<next>(?<!年)次月|月后|次季度首月|下季度首月|季后|季度后|(?:季度|季)结束后)(?={DAY}[日号个天])"
    r"|(?P<list>(?:\d{1,2}月?[、,]){3}\d{1,2}月)"
)
_DAYS = re.compile(
    rf"(?:的|"
    rf"前)?(?P<first>{DAY})[日号]?(?:[至到\-](?:次月)?(?P<to>{DAY})[日号])?(?P<more>(?:[、和及](?:{DAY}[日号]|月?[底末]))*)(?P<left>个?工作日|"
    rf"天)?"
)
_WEEKDAYS = re.compile(
    r"(?:的)?(?P<first>[一二三四五六日天])(?P<more>(?:[、和及](?:周|星期|每周)?[一二三四五六日天](?!个))*)"
)
_LAST = re.compile(r"的?(?:月?[底末]|最后一?[天日]|最后一?个工作日)")
_MONTH_DAY = re.compile(
    rf"的?(?P<month>{MONTH})月(?:份)?(?:(?P<day>{DAY})[日号]?|(?P<end>底|"
    rf"末))(?P<more>(?:[、和及]{MONTH}月(?:{DAY}[日号]|底|末))*)"
)
_QUARTER = re.compile(
    rf"(?:的?(?:(?P<which>末月|末个月|最后一个月|首月|首个月|第一个月|第二个月|第三个月|次月)的?|"
    rf"(?P<after>(?:结束|终了)?后(?:的|次月|首月)?))(?P<day>{DAY})(?:[日号]|个?(?P<left>工作日|日|天))"
    rf"|(?P<end>的?(?:末|底|最后一?[天日]|结束))(?:月(?P<endday>{DAY})[日号])?)"
)
_IN_QUARTER = {"首": 1, "一": 1, "次": 1, "二": 2}
Rule = dict[str, str | int]


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """A recurring deadline as printed; several days a period are several rules."""

    start: int
    end: int
    #: ``{freq, day, weekday, month, …}``; see ``facts.Deadline.recurrence``
    rules: tuple[Rule, ...]
    #: False where only the rhythm is printed, not the day
    fixed: bool


def rhythms(text: str) -> list[Rhythm]:
    """All in the order of the text; they do not overlap."""
    found: list[Rhythm] = []
    for match in _EVERY.finditer(text):
        if not found or match.start() >= found[-1].end:
            rhythm = _read(match, text)
            if rhythm:
                found.append(rhythm)
    return found


def _read(match: re.Match[str], text: str) -> Rhythm | None:
    if match["list"]:
        return _listed(match, text)
    if match["next"]:
        return _next_period(match, text)
    return _UNITS.get(match["unit"], _bare)(match, text)


def _made(match: re.Match[str], end: int, *rules: Rule, fixed: bool = True) -> Rhythm:
    return Rhythm(start=match.start(), end=end, rules=rules, fixed=fixed)


def _bare(match: re.Match[str], _: str) -> Rhythm:
    freq = {"半年": "yearly", "学期": "yearly", "学年": "yearly", "旬": "monthly", "两周": "weekly"}[match["unit"]]
    return _made(match, match.end(), {"freq": freq, "every": match["unit"]}, fixed=False)


def _daily(match: re.Match[str], _: str) -> Rhythm:
    only: Rule = {"on": "workdays"} if match["unit"] == "工作日" else {}
    return _made(match, match.end(), {"freq": "daily", **only})


def _weekly(match: re.Match[str], text: str) -> Rhythm:
    days = _WEEKDAYS.match(text, match.end())
    if days is None or re.match(
        r"[一二三四五六日天](?:次|个|份|篇|条|期|报(?![送告市县区省州至到我]))", text[match.end() : match.end() + 3]
    ):
        return _made(match, match.end(), {"freq": "weekly"}, fixed=False)
    chars = days["first"] + re.sub(r"[、和及周星期每]", "", days["more"])
    rules: list[Rule] = [{"freq": "weekly", "weekday": weekday(char)} for char in chars]
    return _made(match, days.end(), *rules)


def _monthly(match: re.Match[str], text: str) -> Rhythm:
    if last := _LAST.match(text, match.end()):
        return _made(match, last.end(), {"freq": "monthly", "day": 31})
    days = _DAYS.match(text, match.end())
    if days is None or not _is_day(days, text):
        return _made(match, match.end(), {"freq": "monthly"}, fixed=False)
    return _made(match, days.end(), *_monthly_rules(days))


def _is_day(days: re.Match[str], text: str) -> bool:
    """``每月5日`` and ``每月5前``, not ``每月2次``."""
    return (
        days[0][-1] in "日号天"
        or bool(re.match(r"前|之前|以前", text[days.end() : days.end() + 2]))
        or bool(days["left"])
    )


def _monthly_rules(days: re.Match[str]) -> list[Rule]:
    if days["left"] and "工作" in days["left"]:
        return [{"freq": "monthly", "workday": number(days["first"])}]
    if days["to"]:
        return [{"freq": "monthly", "day": number(days["to"])}]
    numbers = [number(days["first"]), *(_day_of(day) for day in re.split(r"[、和及]", days["more"])[1:])]
    return [{"freq": "monthly", "day": day} for day in numbers]


def _day_of(words: str) -> int:
    """``25日`` or ``月底``, which is the last."""
    return 31 if words[-1] in "底末" else number(words[:-1])


def _quarterly(match: re.Match[str], text: str) -> Rhythm:
    found = _QUARTER.match(text, match.end())
    if found is None:
        return _made(match, match.end(), {"freq": "quarterly"}, fixed=False)
    if found["end"]:
        day = number(found["endday"]) if found["endday"] else 31
        return _made(match, found.end(), {"freq": "quarterly", "month": 3, "day": day})
    if found["left"] == "工作日":
        return _made(match, found.end(), {"freq": "quarterly", "month": 1, "workday": number(found["day"])})
    which = found["which"] or "首月"
    month = next((value for char, value in _IN_QUARTER.items() if char in which.replace("最后一", "")), 3)
    return _made(match, found.end(), {"freq": "quarterly", "month": month, "day": number(found["day"])})


def _yearly(match: re.Match[str], text: str) -> Rhythm:
    if last := re.match(r"度?[底末终](?!考|总|报)", text[match.end() : match.end() + 3]):
        return _made(match, match.end() + last.end(), {"freq": "yearly", "month": 12, "day": 31})
    found = _MONTH_DAY.match(text, match.end())
    if found is None:
        return _made(match, match.end(), {"freq": "yearly"}, fixed=False)
    pairs = re.findall(rf"({MONTH})月(?:份)?(?:({DAY})|底|末)", found[0])
    rules: list[Rule] = [
        {"freq": "yearly", "month": number(month), "day": number(day) if day else _LAST_DAY[number(month)]}
        for month, day in pairs
    ]
    return _made(match, found.end(), *rules)


def _next_period(match: re.Match[str], text: str) -> Rhythm | None:
    days = _DAYS.match(text, match.end())
    if days is None:
        return None
    quarterly = "季" in match["next"]
    key = "workday" if days["left"] and "工作" in days["left"] else "day"
    rule: Rule = {"freq": "quarterly", "month": 1} if quarterly else {"freq": "monthly"}
    return _made(match, days.end(), {**rule, key: number(days["to"] or days["first"])})


def _listed(match: re.Match[str], text: str) -> Rhythm | None:
    """``1月、4月、7月、10月的10日前``: four months, each three after the other, are a quarter's rhythm."""
    months = [int(month) for month in re.findall(r"\d+", match["list"])]
    day = re.compile(rf"的?(?:每月)?(?P<day>{DAY})[日号]").match(text, match.end())
    if day is None or any(later - earlier != 3 for earlier, later in pairwise(months)):
        return None
    return _made(match, day.end(), {"freq": "quarterly", "month": (months[0] - 1) % 3 + 1, "day": number(day["day"])})


_LAST_DAY = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_UNITS: dict[str, Callable[[re.Match[str], str], Rhythm]] = {
    **dict.fromkeys(("工作日", "自然日", "日", "天"), _daily),
    **dict.fromkeys(("周", "星期", "礼拜"), _weekly),
    "月": _monthly,
    **dict.fromkeys(("季度", "季"), _quarterly),
    **dict.fromkeys(("年", "年度"), _yearly),
}
