"""Days, hours and names in the words of an office, for pages. Mails have the same (``notifications.days``)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from duban.domain.calendar import WorkCalendar
from duban.domain.phrases import day_hint, day_phrase, weekday_phrase
from duban.domain.terms import REVIEW_PREFIX
from duban.services.columns import Column, Planned

#: The zone of pages that are about no notice.
ZONE = ZoneInfo("Asia/Shanghai")

NO_DAY = "未定期限"
ACTORS = {
    "unit": "报送单位",
    "issuer": "发文机关",
    REVIEW_PREFIX + "issuer": "发文机关审核",
    REVIEW_PREFIX + "arrival": "收到纸质件",
}


def day(when: date, now: datetime) -> str:
    """``9月28日``; with the year where it is another one than this."""
    return day_phrase(when) if when.year == now.year else f"{when.year}年{day_phrase(when)}"


def day_and_weekday(when: date, now: datetime) -> str:
    """``9月28日 周二``."""
    return f"{day(when, now)} {weekday_phrase(when)}"


def moment(when: datetime, now: datetime) -> str:
    """``10月8日 9:05``, in the zone of ``now``."""
    local = when.astimezone(now.tzinfo)
    return f"{day(local.date(), now)} {local.hour}:{local:%M}"


def stamp(when: datetime) -> str:
    """``2021年10月20日 周三 09:30``."""
    return f"{when.year}年{day_phrase(when.date())} {weekday_phrase(when.date())} {when:%H:%M}"


def zone_words(when: datetime) -> str:
    """``北京时间``; elsewhere the zone's name and offset."""
    if isinstance(when.tzinfo, ZoneInfo) and when.tzinfo.key == "Asia/Shanghai":
        return "北京时间"
    minutes = int((when.utcoffset() or timedelta()).total_seconds()) // 60
    return f"{when.tzinfo} UTC{minutes // 60:+d}:{minutes % 60:02d}"


def due_words(planned: Planned, calendar: WorkCalendar, now: datetime) -> str:
    """The printed words, then our reading: ``9月28日前（系统按9月28日 周二 24时计）``."""
    printed, due = planned.form.text, planned.due
    if due is None:
        return f"{printed}（具体日期待定）" if printed else NO_DAY
    named = day(due.day, now)
    hour = ends_at(due.day, due.at.astimezone(now.tzinfo))
    reading = [f"系统按{named} {weekday_phrase(due.day)} {hour}计"]
    if planned.form.set_by == "coordinator":
        reading.insert(0, "经办设定")
    hint = day_hint(due.day, calendar)
    return f"{printed or named + '前'}（{'，'.join([*reading, hint] if hint else reading)}）"


def ends_at(named: date, until: datetime) -> str:
    """The hour at which a day ends: ``24时``, ``15时``, ``17时30分``."""
    if until.date() > named:
        return "24时"
    return f"{until.hour}时" + (f"{until.minute}分" if until.minute else "")


def named_day(due_at: datetime, zone: tzinfo) -> date:
    """The day that people name for the first instant that is too late: 24:00 belongs to its day."""
    return (due_at - timedelta(seconds=1)).astimezone(zone).date()


def due_day(due_at: datetime, now: datetime) -> str:
    """``9月28日 周二``: the day of the first instant that is too late, in that instant's zone."""
    return day_and_weekday(named_day(due_at, due_at.tzinfo or ZONE), now)


def column_due(column: Column, calendar: WorkCalendar, now: datetime) -> str:
    """The deadline of a column; where classes differ, each with its name."""
    phrases = {planned.class_name: due_words(planned, calendar, now) for planned in column.planned}
    if not phrases:
        return "" if column.deliverable.who else "待定责任单位"
    if len(set(phrases.values())) == 1:
        return next(iter(phrases.values()))
    return "；".join(f"{name}：{phrase}" for name, phrase in phrases.items())


def shared_due(columns: Sequence[Column], calendar: WorkCalendar, now: datetime) -> str:
    """The deadline that all materials of a stage have, as far as somebody owes them; empty where they differ."""
    phrases = {column_due(column, calendar, now) for column in columns if column.planned}
    return phrases.pop() if len(phrases) == 1 else ""


def actor(by: str) -> str:
    """Who did something: ``报送单位``, ``审核（STEP）``."""
    return ACTORS.get(by) or (f"审核（{by.removeprefix(REVIEW_PREFIX)}）" if by.startswith(REVIEW_PREFIX) else by)


def listed(names: Iterable[str]) -> str:
    """Names with 、 between."""
    return "、".join(names)
