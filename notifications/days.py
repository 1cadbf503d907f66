"""Days, hours and lateness in the words of an office."""

from datetime import date, datetime
from math import inf

from notifications.clean import one_line
from notifications.letter import Line

_WEEKDAYS = "一二三四五六日"


def day(when: date, now: datetime) -> str:
    """``9月28日``; with the year where it is another one than this."""
    words = f"{when.month}月{when.day}日"
    return words if when.year == now.year else f"{when.year}年{words}"


def weekday(when: date) -> str:
    return "周" + _WEEKDAYS[when.weekday()]


def day_and_weekday(when: date, now: datetime, hint: str = "") -> str:
    """``9月28日（周二）``, ``9月26日（周日，调休上班）``."""
    return f"{day(when, now)}（{'，'.join(filter(None, (weekday(when), one_line(hint))))}）"


def full_date(when: date) -> str:
    """``2021年9月28日``, for the end of a letter."""
    return f"{when.year}年{when.month}月{when.day}日"


def moment(when: datetime, now: datetime) -> str:
    """``10月8日 9:05``."""
    return f"{day(when.date(), now)} {when.hour}:{when:%M}"


def ends_at(line: Line) -> str:
    """The hour at which the day ends for this line: ``24时``, ``15时``, ``17时30分``."""
    if line.due_day is None or line.due_at is None or line.due_at.date() > line.due_day:
        return "24时"
    return f"{line.due_at.hour}时" + (f"{line.due_at.minute}分" if line.due_at.minute else "")


def due_phrase(line: Line, now: datetime) -> str:
    """The printed words, then our reading: ``9月28日前（系统按9月28日 周二 24时计，含当日）``."""
    printed = one_line(line.due_text_printed)
    if line.due_day is None:
        return f"{printed}（具体日期待定）" if printed else "未规定截止日期"
    named, hour = day(line.due_day, now), ends_at(line)
    reading = [f"系统按{named} {weekday(line.due_day)} {hour}计"]
    if line.due_set_by_coordinator:
        reading.insert(0, "经办设定")
    if hour == "24时":
        reading.append("含当日")
    if line.due_hint:
        reading.append(one_line(line.due_hint))
    return f"{printed or named + '前'}（{'，'.join(reading)}）"


def is_late(line: Line, now: datetime) -> bool:
    """True when the moment has passed; without one, when the named day has."""
    if line.due_at is not None:
        return now >= line.due_at
    return line.due_day is not None and now.date() > line.due_day


def lateness(line: Line, now: datetime) -> str:
    """``还有3个工作日``, ``今日截止``, ``已逾期3个工作日``; empty where nothing fixes a day."""
    if line.due_day is None:
        return ""
    left = line.workdays_left
    if is_late(line, now):
        return f"已逾期{-left}个工作日" if left is not None and left < 0 else "已过截止时间"
    if line.due_day == now.date():
        hour = ends_at(line)
        return "今日截止" if hour == "24时" else f"今日{hour}截止"
    if left is None:
        return ""
    return f"还有{left}个工作日" if left > 0 else "最后一个工作日"


def urgency(line: Line) -> tuple[date, float]:
    """Sorts the most urgent first; what has no day comes last."""
    return line.due_day or date.max, line.due_at.timestamp() if line.due_at else inf
