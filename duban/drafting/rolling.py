"""Next year's draft of a definition: days at the same place in the year, then on working days; each with its reason.

Notices are annual (domain rule 13). Nothing is decided here: a person confirms every move, and what only the new
notice can say (its number, its basis) is asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from duban.domain.calendar import WorkCalendar
from duban.domain.names import Loc
from duban.domain.notice import Notice

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-(Q[1-4])")
_YEARS = re.compile(r"(?<!\d)(20\d\d)(?=年|学年|—|-20)")
#: Keys under which years stand for other documents, or tell how the old notice was read.
_LEFT = frozenset({"based_on", "note", "printed_as", "offices"})
_WEEKDAYS = "一二三四五六日"
ASKED = "待确认"


@dataclass(frozen=True, kw_only=True)
class Move:
    """One value of the definition and what becomes of it."""

    loc: Loc
    old: str
    new: str
    #: in Chinese, for the person who confirms
    reason: str


def same_place(day: date, year: int) -> date:
    """The same month and day of another year; 29 February is the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def workday_near(day: date, calendar: WorkCalendar) -> date:
    """``day`` if it is worked, else the next worked day, or the one before where the next lies in another month."""
    later = calendar.next_workday(day)
    return later if later.month == day.month else calendar.previous_workday(day)


def moves(notice: Notice, scalars: dict[Loc, str], *, year: int, calendar: WorkCalendar) -> list[Move]:
    """What becomes of the scalars of ``notice``'s definition in ``year``, in their order; what stays is not listed.

    A period (an event with its last day) keeps its days: only days on which something is due move to working days.
    """
    by = year - notice.dated_on.year
    found: list[Move] = []
    shifted: dict[Loc, tuple[date, date]] = {}
    for loc, old in scalars.items():
        spans = loc[0] == "events" and {(*loc[:-1], "date"), (*loc[:-1], "until")} <= scalars.keys()
        move = _moved(loc, old, by, None if spans else calendar)
        if move:
            found.append(move)
            if _DAY.fullmatch(old):
                shifted[loc] = date.fromisoformat(old), date.fromisoformat(move.new)
    return [*found, *_texts(scalars, shifted)]


def _moved(loc: Loc, old: str, by: int, calendar: WorkCalendar | None) -> Move | None:
    if loc == ("document_number",):
        return Move(loc=loc, old=old, new=ASKED, reason=f"原为{old}，新文号以新通知为准")
    if loc == ("id",):
        new = re.sub(r"20\d\d", lambda found: str(int(found[0]) + by), old)
        return Move(
            loc=loc, old=old, new=new if new != old else f"{old}-next", reason="新编号由旧编号推定，请按新文号改"
        )
    if _LEFT & set(loc):
        return None
    if _DAY.fullmatch(old):
        return _day(loc, date.fromisoformat(old), by, calendar)
    if found := _MONTH.fullmatch(old) or _QUARTER.fullmatch(old):
        return Move(loc=loc, old=old, new=f"{int(found[1]) + by}-{found[2]}", reason="年份顺延")
    new = _YEARS.sub(lambda found: str(int(found[0]) + by), old)
    return Move(loc=loc, old=old, new=new, reason="年份顺延") if new != old else None


def _day(loc: Loc, old: date, by: int, calendar: WorkCalendar | None) -> Move:
    same = same_place(old, old.year + by)
    new = workday_near(same, calendar) if calendar else same
    reason = f"上次为{_told(old)}，同月同日为{_told(same)}"
    if new != same:
        way = "顺延" if new > same else "提前"
        reason += f"，不是工作日，{way}到{_told(new)}"
    if calendar and calendar.is_provisional(new):
        reason += "；该年放假安排尚未公布，暂按周一至周五计"
    return Move(loc=loc, old=old.isoformat(), new=new.isoformat(), reason=reason)


def _told(day: date) -> str:
    return f"{day.isoformat()}（周{_WEEKDAYS[day.weekday()]}）"


def _texts(scalars: dict[Loc, str], shifted: dict[Loc, tuple[date, date]]) -> Iterator[Move]:
    """The printed words beside a day that moved say the new day."""
    for loc, (old, new) in shifted.items():
        words, beside = f"{old.month}月{old.day}日", (*loc[:-1], "text")
        if (old.month, old.day) != (new.month, new.day) and words in scalars.get(beside, ""):
            now = f"{new.month}月{new.day}日"
            yield Move(loc=beside, old=words, new=now, reason="随日期改写，待新通知印出原话")
