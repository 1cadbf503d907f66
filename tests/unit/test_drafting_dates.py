"""Dates and terms as notices print them: by examples, and by properties over all days."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.drafting.dating import times
from duban.drafting.days import Calendar

ISSUED = date(2024, 11, 20)
CALENDAR = Calendar(issued=ISSUED)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
CHINESE = "〇一二三四五六七八九"


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else CHINESE[tens]) * (tens > 0) + "十" * (tens > 0) + CHINESE[ones] * (ones > 0)


FORMS = (
    lambda day: f"{day.year}年{day.month}月{day.day}日前",
    lambda day: f"{day.year}年{day.month:02}月{day.day:02}日之前",
    lambda day: f"{day.isoformat()}以前",
    lambda day: f"{day.year}.{day.month}.{day.day}前",
    lambda day: f"{day.year}/{day.month}/{day.day}前",
    lambda day: f"{''.join(CHINESE[int(d)] for d in str(day.year))}年{chinese(day.month)}月{chinese(day.day)}日前",
)


@pytest.mark.parametrize("form", FORMS)
@given(day=DAYS)
def test_every_printed_day_is_read_as_that_day(form, day: date) -> None:  # type: ignore[no-untyped-def]
    (when,) = times(f"请于{form(day)}报送", Calendar(issued=None))
    assert (when.kind, when.day, when.closes) == ("absolute", day, True)


@given(issued=DAYS, ahead=st.integers(0, 300))
def test_a_day_without_a_year_is_the_next_such_day(issued: date, ahead: int) -> None:
    """The year comes from the day of issue and is carried over the new year."""
    day = issued + timedelta(days=ahead)
    if (day.month, day.day) == (2, 29):
        return
    (when,) = times(f"请于{day.month}月{day.day}日前报送", Calendar(issued=issued))
    assert when.day == day


@given(year=st.integers(2000, 2099), month=st.integers(1, 12))
def test_the_end_of_a_month_is_its_last_day(year: int, month: int) -> None:
    (when,) = times(f"{year}年{month}月底前", Calendar())
    assert when.day == date(year, month, monthrange(year, month)[1])


@given(first=DAYS, length=st.integers(1, 150))
def test_a_span_ends_after_it_begins(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    if (last.month, last.day) == (2, 29):
        return
    begin, end = times(
        f"{first.year}年{first.month}月{first.day}日至{last.month}月{last.day}日", Calendar(issued=first)
    )
    assert (begin.day, begin.begins, end.day, end.ends_span) == (first, True, last, True)


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_times_of_day_stay_as_printed(hour: int, minute: int) -> None:
    (when,) = times(f"12月10日{hour}:{minute:02}前", CALENDAR)
    assert when.time == f"{hour:02}:{minute:02}"


def test_no_day_that_no_calendar_has() -> None:
    (when,) = times("2023年2月30日前", CALENDAR)
    assert (when.day, when.doubt) == (None, "日历上没有这一天")


@pytest.mark.parametrize(
    ("words", "day", "time"),
    [
        ("12月10日(星期二)下午5点前", date(2024, 12, 10), "17:00"),
        ("12月10日17时30分前", date(2024, 12, 10), "17:30"),
        ("12月10日中午12时前", date(2024, 12, 10), "12:00"),
        ("12月10日24时前", date(2024, 12, 10), "24:00"),
        ("12月10日下班前", date(2024, 12, 10), None),
        ("12月10日下午5点半前", date(2024, 12, 10), "17:30"),
        ("1月15日前", date(2025, 1, 15), None),
        ("次年1月15日前", date(2025, 1, 15), None),
        ("明年3月底前", date(2025, 3, 31), None),
        ("年底前", date(2024, 12, 31), None),
        ("本月底前", date(2024, 11, 30), None),
        ("下月5日前", date(2024, 12, 5), None),
        ("本周五前", date(2024, 11, 22), None),
        ("下周一上午10时前", date(2024, 11, 25), "10:00"),
        ("本季度末前", date(2024, 12, 31), None),
        ("第一季度末前", date(2024, 3, 31), None),
    ],
)
def test_terms_that_fix_a_day(words: str, day: date, time: str | None) -> None:
    (when,) = times(words, CALENDAR)
    assert (when.kind, when.day, when.time, when.closes) == ("absolute", day, time, True)


@pytest.mark.parametrize(
    ("words", "rules", "time"),
    [
        ("每月5日前", [{"freq": "monthly", "day": 5}], None),
        ("每月10日、25日前", [{"freq": "monthly", "day": 10}, {"freq": "monthly", "day": 25}], None),
        ("每月底前", [{"freq": "monthly", "day": 31}], None),
        ("每月前5个工作日内", [{"freq": "monthly", "workday": 5}], None),
        ("次月5日前", [{"freq": "monthly", "day": 5}], None),
        ("每季度末月25日前", [{"freq": "quarterly", "month": 3, "day": 25}], None),
        ("每季度首月10日前", [{"freq": "quarterly", "month": 1, "day": 10}], None),
        ("每季度结束后10日内", [{"freq": "quarterly", "month": 1, "day": 10}], None),
        ("1月、4月、7月、10月的10日前", [{"freq": "quarterly", "month": 1, "day": 10}], None),
        ("每日16时前", [{"freq": "daily"}], "16:00"),
        ("每个工作日17:00前", [{"freq": "daily", "on": "workdays"}], "17:00"),
        ("每周五下班前", [{"freq": "weekly", "weekday": 5}], None),
        ("每周一、周四10:00前", [{"freq": "weekly", "weekday": 1}, {"freq": "weekly", "weekday": 4}], "10:00"),
        (
            "每年6月底和12月底前",
            [{"freq": "yearly", "month": 6, "day": 30}, {"freq": "yearly", "month": 12, "day": 31}],
            None,
        ),
    ],
)
def test_rhythms(words: str, rules: list[dict[str, object]], time: str | None) -> None:
    found = times(words, CALENDAR)
    assert [(when.kind, when.rule, when.time) for when in found] == [("recurring", rule, time) for rule in rules]


@pytest.mark.parametrize(
    ("words", "origin", "count", "unit"),
    [
        ("印发后15个工作日内", "印发后", 15, "workdays"),
        ("自收到本通知之日起5个工作日内", "收到本通知之日起", 5, "workdays"),
        ("活动结束后一周内", "活动结束后", 1, "weeks"),
        ("事故发生后1小时内", "事故发生后", 1, "hours"),
        ("会议召开前3天", "", 3, "days"),
        ("今天下班前", "", None, ""),
    ],
)
def test_counted_terms_fix_no_day(words: str, origin: str, count: int | None, unit: str) -> None:
    (when,) = times(words, CALENDAR)
    assert (when.kind, when.day, when.origin, when.count, when.unit) == ("relative", None, origin, count, unit)


@pytest.mark.parametrize("words", ["11月中旬", "6月上旬前", "及时", "第一时间"])
def test_vague_terms_fix_no_day(words: str) -> None:
    (when,) = times(words, CALENDAR)
    assert (when.kind, when.day) == ("vague", None)


@pytest.mark.parametrize("words", ["年  月  日前", "第12月", "13月40日", "2024年1—9月数据", "目前", "提前"])
def test_what_is_no_time(words: str) -> None:
    assert times(words, CALENDAR) == []
