"""Days, hours and names in the words of an office, for pages. Mails have the same (``notifications.days``)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from duban.domain import kinds, phrases
from duban.domain.calendar import WorkCalendar
from duban.domain.phrases import day_phrase, weekday_phrase
from duban.domain.terms import REVIEW_PREFIX
from duban.services.columns import Column, Planned
from duban.web.language import days
from duban.web.language.saying import is_english, label, say

#: The zone of pages that are about no notice.
ZONE = ZoneInfo("Asia/Shanghai")

NO_DAY = label("未定期限")
ACTORS = {
    "unit": label("报送单位"),
    "issuer": label("发文机关"),
    REVIEW_PREFIX + "issuer": label("发文机关审核"),
    REVIEW_PREFIX + "arrival": label("收到纸质件"),
}
#: What the calendar says of a day, in words.
_HINTS = {
    "调休上班": label("调休上班"),
    "周末": label("周末"),
    "节假日": label("节假日"),
    "节假日安排未公布，暂定": label("节假日安排未公布，暂定"),
}


def day(when: date, now: datetime) -> str:
    """``9月28日``; with the year where it is another one than this."""
    if is_english():
        return days.day(when, now)
    return day_phrase(when) if when.year == now.year else f"{when.year}年{day_phrase(when)}"


def month_day(when: date) -> str:
    """``9月28日``, without the year."""
    return days.day(when, when) if is_english() else day_phrase(when)


def weekday(when: date) -> str:
    """``周二``."""
    return days.weekday(when) if is_english() else weekday_phrase(when)


def month_day_weekday(when: date) -> str:
    """``10月15日（周五）``."""
    return days.day_and_weekday(when, when) if is_english() else f"{day_phrase(when)}（{weekday_phrase(when)}）"


def day_hint(when: date, calendar: WorkCalendar) -> str:
    """A word on a day that people would stumble over: ``调休上班``, ``节假日``."""
    hint = phrases.day_hint(when, calendar)
    return str(_HINTS[hint]) if hint else ""


def day_and_weekday(when: date, now: datetime) -> str:
    """``9月28日 周二``."""
    return days.day_and_weekday(when, now) if is_english() else f"{day(when, now)} {weekday_phrase(when)}"


def moment(when: datetime, now: datetime) -> str:
    """``10月8日 9:05``, in the zone of ``now``."""
    local = when.astimezone(now.tzinfo)
    if is_english():
        return days.moment(local, now)
    return f"{day(local.date(), now)} {local.hour}:{local:%M}"


def clock(when: datetime) -> str:
    """``09:30:05``."""
    return f"{when:%H:%M:%S} {days.offset(when)}" if is_english() else f"{when:%H:%M:%S}"


def hour_minute(when: datetime) -> str:
    """``9:05``."""
    return f"{when:%H:%M} {days.offset(when)}" if is_english() else f"{when.hour}:{when:%M}"


def stamp(when: datetime) -> str:
    """``2021年10月20日 周三 09:30``."""
    if is_english():
        return days.stamp(when)
    return f"{when.year}年{day_phrase(when.date())} {weekday_phrase(when.date())} {when:%H:%M}"


def stamp_with_zone(when: datetime) -> str:
    """``2021年10月20日 周三 09:30（北京时间）``."""
    return stamp(when) if is_english() else f"{stamp(when)}（{zone_words(when)}）"


def zone_words(when: datetime) -> str:
    """``北京时间``; elsewhere the zone's name and offset."""
    if is_english():
        return days.zone(when)
    if isinstance(when.tzinfo, ZoneInfo) and when.tzinfo.key == "Asia/Shanghai":
        return "北京时间"
    minutes = int((when.utcoffset() or timedelta()).total_seconds()) // 60
    return f"{when.tzinfo} UTC{minutes // 60:+d}:{minutes % 60:02d}"


def due_words(planned: Planned, calendar: WorkCalendar, now: datetime) -> str:
    """The printed words, then our reading: ``9月28日前（系统按9月28日 周二 24时计）``."""
    printed, due = planned.form.text, planned.due
    if due is None:
        return say("{printed}（具体日期待定）", printed=printed) if printed else str(NO_DAY)
    named = day(due.day, now)
    hour = ends_at(due.day, due.at.astimezone(now.tzinfo))
    reading = [say("系统按{named} {weekday} {hour}计", named=named, weekday=weekday(due.day), hour=hour)]
    if planned.form.set_by == "coordinator":
        reading.insert(0, say("经办设定"))
    hint = day_hint(due.day, calendar)
    return say(
        "{printed}（{reading}）",
        printed=printed or say("{named}前", named=named),
        reading=say("，").join([*reading, hint] if hint else reading),
    )


def ends_at(named: date, until: datetime) -> str:
    """The hour at which a day ends: ``24时``, ``15时``, ``17时30分``."""
    if is_english():
        return f"{'24:00' if until.date() > named else f'{until:%H:%M}'} {days.offset(until)}"
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
    said = {planned.class_name: due_words(planned, calendar, now) for planned in column.planned}
    if not said:
        return "" if column.deliverable.who else say("待定责任单位")
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return say("；").join(say("{name}：{phrase}", name=name, phrase=phrase) for name, phrase in said.items())


def shared_due(columns: Sequence[Column], calendar: WorkCalendar, now: datetime) -> str:
    """The deadline that all materials of a stage have, as far as somebody owes them; empty where they differ."""
    said = {column_due(column, calendar, now) for column in columns if column.planned}
    return said.pop() if len(said) == 1 else ""


def actor(by: str) -> str:
    """Who did something: ``报送单位``, ``审核（STEP）``."""
    if by in ACTORS:
        return str(ACTORS[by])
    return say("审核（{step}）", step=by.removeprefix(REVIEW_PREFIX)) if by.startswith(REVIEW_PREFIX) else by


def listed(names: Iterable[str]) -> str:
    """Names with 、 between."""
    return say("、").join(map(str, names))


def joined(*sentences: str) -> str:
    """Sentences one after the other; empty ones are left out."""
    return (" " if is_english() else "").join(filter(None, sentences))


def kind_words(kind: str) -> str:
    """A kind of units: ``市（州）``; in English the word of the unit file."""
    return kind if is_english() else kinds.kind_words(kind)
