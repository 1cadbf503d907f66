"""Days and times in English, by Babel; a time of day always names its zone."""

from datetime import date, datetime, timedelta

from babel.dates import format_date

#: Month names as an office writes them: ``Sep``, not ``Sept``.
LOCALE = "en"


def day(when: date, now: date) -> str:
    """``28 Sep``; with the year where it is another one than that of ``now``: ``28 Sep 2020``."""
    return format_date(when, "d MMM" if when.year == now.year else "d MMM y", locale=LOCALE)


def weekday(when: date) -> str:
    """``Tue``."""
    return format_date(when, "EEE", locale=LOCALE)


def day_and_weekday(when: date, now: date) -> str:
    """``Tue 28 Sep``."""
    return f"{weekday(when)} {day(when, now)}"


def moment(when: datetime, now: datetime) -> str:
    """``8 Oct, 09:05 UTC+8``, in the zone of ``when``."""
    return f"{day(when.date(), now)}, {when:%H:%M} {offset(when)}"


def stamp(when: datetime) -> str:
    """``Mon 20 Dec 2021, 17:00 (Asia/Shanghai, UTC+8)``."""
    return f"{format_date(when.date(), 'EEE d MMM y', locale=LOCALE)}, {when:%H:%M} ({zone(when)})"


def zone(when: datetime) -> str:
    """``Asia/Shanghai, UTC+8``; the offset alone where the zone has no name of its own."""
    name = getattr(when.tzinfo, "key", "")
    return f"{name}, {offset(when)}" if name else offset(when)


def offset(when: datetime) -> str:
    """``UTC+8``, ``UTC-3:30``."""
    minutes = int((when.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")
