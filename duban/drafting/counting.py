"""Deadlines that are counted from something, and words that fix no day: 印发后15个工作日内, 今天下班前, 及时."""

import re
from dataclasses import dataclass

from duban.drafting.numerals import NUMBER, number

_UNIT = r"(?P<unit>个?(?:工作日|自然日|日历日|日历天|小时|星期|礼拜|月|周|学期|季度)|日|天|年|分钟|周|星期|月)"
_COUNTED = re.compile(
    rf"(?P<after>之日起|当日起|之时起|后|起)(?:的|最迟)?(?P<number>{NUMBER}|半)(?:个)?{_UNIT}(?:以内|之内|内|前)"
    rf"|(?<![\d.])(?P<number2>{NUMBER}|半)(?:个)?(?P<unit2>个?工作日|小时|个?星期|周|日|天|个月|分钟(?=内(?:上|电|报|向|将|书|口|反|赶)))(?:以内|之内|内)"
    rf"|(?:提前|[\u4e00-\u9fff]{{1,4}}(?<![目以日当提])前)(?:至少)?(?P<number3>{NUMBER}|半)(?:个)?"
    r"(?P<unit3>个?工作日|小时|个?星期|周|日|天|个月|月)(?:以上|内)?"
)
_TODAY = re.compile(
    r"(?:今天|今日|今晚|明天|明日|明晨|明早|今早|明晚|后天|次日|翌日|当天|当日)"
    r"(?=下班|上午|下午|中午|午|晚|早|\d{1,2}[:时点]|之?前|以前|内|报|上报|书面|反馈|电话|将|把|向)"
)
_BEFORE_EVENT = re.compile(
    r"(?:春节|国庆节?|中秋节?|五一|劳动节|元旦|清明节?|端午节?|节|开学|放假|汛期|入汛|主汛期|"
    r"入冬|春耕|高考|中考|教师节|假期|寒假|暑假"
    r"|[^,。;:\n、于在]{0,12}(?:召开|开始|举办|开展|举行|结束|开幕|到来|来临|启动|验收))(?:之前|"
    r"以前|前)(?!后|期|往|提(?![交出供报请名])|段|来|去|夕|述|\d|至少|[一二三四五六七八九十两半]个?(?:天|日|周|月|"
    r"工作日))"
)
_VAGUE = re.compile(r"及时|立即|第一时间|尽快|尽早|即时|随时|近期|近日|适时|不定期|即行|马上|实时|同步(?=报)")
_DURING = re.compile(
    r"(?:结束|完成|收到|印发|下发|发布|发生|接到|通过|发文|确定|批准|公布|公示|整改|召开|成立|"
    r"变更|调整)[^,。;]{0,12}后(?=[,]?(?:及时|立即|尽快|第一时间|即))"
)
_UNITS = {
    "工作日": "workdays",
    "周": "weeks",
    "星期": "weeks",
    "礼拜": "weeks",
    "月": "months",
    "小时": "hours",
    "分钟": "minutes",
}
#: How far the words may reach back to what they are counted from.
_REACH = 26


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A deadline that is counted from something."""

    start: int
    end: int
    #: how many
    count: int | None = None
    #: days, workdays, weeks, months, hours, minutes
    unit: str = ""
    #: the words from which it is counted; empty where none are printed
    origin: str = ""


@dataclass(frozen=True, kw_only=True)
class Soon:
    """A word that asks for haste and fixes no day."""

    start: int
    end: int


def counted(text: str) -> list[Counted]:
    """All in the order of the text; they may overlap with dates, which go first."""
    found = [_counted(match, text) for match in _COUNTED.finditer(text)]
    found += [Counted(start=match.start(), end=match.end()) for match in _TODAY.finditer(text)]
    found += [Counted(start=match.start(), end=match.end(), origin=match[0]) for match in _BEFORE_EVENT.finditer(text)]
    return sorted(found, key=lambda one: (one.start, -one.end))


def soon(text: str) -> list[Soon]:
    """The words of haste."""
    return [Soon(start=match.start(), end=match.end()) for match in _VAGUE.finditer(text)]


def _counted(match: re.Match[str], text: str) -> Counted:
    which = "" if match["number"] else "2" if match["number2"] else "3"
    unit = match["unit" + which].removeprefix("个")
    printed = match["number" + which]
    start = _origin(text, match.start()) if match["after"] else match.start()
    return Counted(
        start=start,
        end=match.end(),
        count=None if printed == "半" else number(printed),
        unit=_UNITS.get(unit, "days"),
        origin=text[start : match.start()] + (match["after"] or ""),
    )


def _origin(text: str, end: int) -> int:
    """Where the words begin from which it is counted."""
    reach = text[max(0, end - _REACH) : end]
    cut = max((reach.rfind(mark) for mark in ',。;:\n、("'), default=-1)
    lead = re.search(r"(?:请|要|应|须|需|务必)?(?:于|在|自|从)(?!主|治|然|动)", reach[cut + 1 :])
    return end - len(reach) + cut + 1 + (lead.end() if lead else 0)
