"""Every form of deadline against days counted by hand, on the published calendar of 2021 and 2022."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from chinese_calendar.constants import holidays, workdays
from pydantic import TypeAdapter

from duban.domain.calendar import WorkCalendar
from duban.domain.deadline import AnySingle, ByClass, Single, every_single, for_class
from duban.domain.due import MOST_OCCURRENCES, Due, Facts, at_same_time, dues
from duban.domain.expand import facts_of
from duban.domain.notice import Notice

CALENDAR = WorkCalendar(
    exceptions={**dict.fromkeys(workdays, True), **dict.fromkeys(holidays, False)}, known_until=date(2026, 12, 31)
)
BEIJING = timezone(timedelta(hours=8))


def facts(
    *,
    published_on: date = date(2021, 9, 8),
    printed_on: date | None = None,
    acknowledged_on: date | None = None,
    ends_on: date | None = None,
) -> Facts:
    return Facts(
        zone=ZoneInfo("Asia/Shanghai"),
        calendar=CALENDAR,
        closing="17:30",
        issued_on=date(2021, 9, 8),
        published_on=published_on,
        printed_on=printed_on,
        acknowledged_on=acknowledged_on,
        events={"opening": (date(2021, 11, 8), date(2021, 11, 12))},
        ends_on=ends_on,
    )


def form(**definition: object) -> AnySingle:
    deadline: AnySingle = TypeAdapter[AnySingle](Single).validate_python(definition)
    return deadline


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


def days(form: AnySingle, facts: Facts) -> list[str]:
    return [due.day.isoformat() for due in dues(form, facts) if due]


def test_a_named_day_counts_itself_and_ends_at_midnight() -> None:
    found = dues(form(kind="date", date="2021-09-28", text="9月28日前"), facts())
    assert found == [Due(day=date(2021, 9, 28), at=at(2021, 9, 29))]
    assert [due.at.isoformat() for due in found if due] == ["2021-09-29T00:00:00+08:00"]


def test_a_named_day_that_does_not_count_ends_the_day_before() -> None:
    found = dues(form(kind="date", date="2021-09-28", inclusive=False), facts())
    assert found == [Due(day=date(2021, 9, 27), at=at(2021, 9, 28))]


def test_a_time_of_day_is_the_first_instant_that_is_too_late() -> None:
    found = dues(form(kind="date", date="2021-10-08", time="15:00", text="10月8日15:00前"), facts())
    assert found == [Due(day=date(2021, 10, 8), at=at(2021, 10, 8, 15))]


def test_before_closing_is_when_the_office_closes() -> None:
    found = dues(form(kind="date", date="2021-10-08", time="closing", text="10月8日下班前"), facts())
    assert found == [Due(day=date(2021, 10, 8), at=at(2021, 10, 8, 17, 30))]


def test_a_day_of_rest_stays_where_it_is_unless_the_notice_rolls_it() -> None:
    # 2021-10-05 is a Tuesday in the National Day break; 09-30 and 10-08 are worked
    assert dues(form(kind="date", date="2021-10-05"), facts()) == [Due(day=date(2021, 10, 5), at=at(2021, 10, 6))]
    assert days(form(kind="date", date="2021-10-05", roll="next_workday"), facts()) == ["2021-10-08"]
    assert days(form(kind="date", date="2021-10-05", roll="previous_workday"), facts()) == ["2021-09-30"]


def test_a_worked_sunday_is_not_rolled() -> None:
    assert days(form(kind="date", date="2021-09-26", roll="next_workday"), facts()) == ["2021-09-26"]


@pytest.mark.parametrize(
    ("month", "day", "instant"),
    [
        ("2021-11", date(2021, 11, 30), at(2021, 12, 1)),
        ("2021-12", date(2021, 12, 31), at(2022, 1, 1)),
        ("2024-02", date(2024, 2, 29), at(2024, 3, 1)),
    ],
)
def test_the_end_of_a_month_is_its_last_day(month: str, day: date, instant: datetime) -> None:
    assert dues(form(kind="month_end", month=month), facts()) == [Due(day=day, at=instant)]


def test_a_window_is_due_on_the_day_that_was_picked() -> None:
    middle = {"kind": "window", "from": "2021-09-11", "to": "2021-09-20", "picked": "2021-09-17", "note": "中旬取周五"}
    assert dues(form(**middle), facts()) == [Due(day=date(2021, 9, 17), at=at(2021, 9, 18))]


def test_fifteen_workdays_after_printing_step_over_national_day_and_count_worked_weekends() -> None:
    # printed Friday 09-24; 1 is Sunday 09-26, 5 is 09-30, 6 and 7 are 10-08 and Saturday 10-09, 8 is 10-11, 15 is 10-20
    after = form(kind="relative", after="printing", workdays=15, text="印发后15个工作日内")
    assert dues(after, facts(printed_on=date(2021, 9, 24))) == [Due(day=date(2021, 10, 20), at=at(2021, 10, 21))]


def test_a_notice_without_a_day_of_printing_counts_from_its_issue() -> None:
    # issued Wednesday 09-08: 9, 10, 13
    assert days(form(kind="relative", after="printing", workdays=3), facts()) == ["2021-09-13"]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [({"days": 30}, "2021-10-08"), ({"weeks": 2}, "2021-09-22"), ({"months": 1}, "2021-10-08")],
)
def test_periods_after_issue_do_not_count_their_first_day(measure: dict[str, int], expected: str) -> None:
    assert days(form(kind="relative", after="issue", **measure), facts()) == [expected]


def test_a_month_later_is_the_last_day_where_the_month_is_shorter() -> None:
    after = form(kind="relative", after="acknowledgement", months=1)
    assert days(after, facts(acknowledged_on=date(2022, 1, 31))) == ["2022-02-28"]
    thirteen = form(kind="relative", after="acknowledgement", months=13)
    assert days(thirteen, facts(acknowledged_on=date(2021, 12, 31))) == ["2023-01-31"]


def test_a_week_after_an_event_counts_from_its_last_day() -> None:
    after = form(kind="relative", after="event", event="opening", weeks=1, text="活动结束后一周内")
    assert dues(after, facts()) == [Due(day=date(2021, 11, 19), at=at(2021, 11, 20))]


def test_a_period_may_count_from_the_first_day_of_an_event() -> None:
    assert days(form(kind="relative", after="event", event="opening", edge="start", weeks=1), facts()) == ["2021-11-15"]


def test_an_event_of_one_day_ends_on_it() -> None:
    assert days_after_the_opening(date="2021-11-12") == ["2021-11-19"]


def test_a_tentative_event_fixes_no_day() -> None:
    assert days_after_the_opening(date="2021-11-12", tentative=True) == [None]


def test_an_event_without_a_day_fixes_no_day() -> None:
    assert days_after_the_opening(text="11月中旬") == [None]


def days_after_the_opening(**event: object) -> list[str | None]:
    notice = Notice.model_validate(
        {
            "id": "n",
            "document_number": "1号",
            "title": "通知",
            "issuer": "province",
            "issued_on": "2021-09-08",
            "classes": {"cities": {"name": "各市", "kinds": ["city"]}},
            "events": {"opening": {"name": "开幕式", **event}},
        }
    )
    known = facts_of(notice, CALENDAR, published_on=date(2021, 9, 8))
    after = form(kind="relative", after="event", event="opening", weeks=1)
    return [due.day.isoformat() if due else None for due in dues(after, known)]


def test_days_after_acknowledgement_wait_for_it() -> None:
    after = form(kind="relative", after="acknowledgement", workdays=5, text="收到通知后5个工作日内")
    assert dues(after, facts()) == [None]
    # acknowledged 09-28: 09-29, 09-30, 10-08, Saturday 10-09, 10-11
    assert dues(after, facts(acknowledged_on=date(2021, 9, 28))) == [Due(day=date(2021, 10, 11), at=at(2021, 10, 12))]


def test_the_fifth_of_each_month_rolls_to_the_next_workday_and_keeps_its_name() -> None:
    monthly = form(kind="recurring", every="month", day=5, roll="next_workday", text="每月5日前")
    assert dues(monthly, facts(ends_on=date(2021, 12, 31))) == [
        Due(day=date(2021, 10, 8), at=at(2021, 10, 9), occurrence=date(2021, 10, 5)),
        Due(day=date(2021, 11, 5), at=at(2021, 11, 6), occurrence=date(2021, 11, 5)),
        Due(day=date(2021, 12, 6), at=at(2021, 12, 7), occurrence=date(2021, 12, 5)),
    ]


def test_the_thirty_first_of_each_month_is_its_last_day() -> None:
    monthly = form(kind="recurring", every="month", day=31, until="2022-02-28")
    expected = ["2021-09-30", "2021-10-31", "2021-11-30", "2021-12-31", "2022-01-31", "2022-02-28"]
    assert days(monthly, facts()) == expected


@pytest.mark.parametrize("exempt", ["Q4", "2021-Q4"])
def test_the_last_month_of_each_quarter_with_the_fourth_quarter_exempt(exempt: str) -> None:
    quarterly = form(
        kind="recurring", every="quarter", day=25, exceptions=[exempt], text="每季度末月25日前，四季度免报"
    )
    year = facts(published_on=date(2021, 1, 4), ends_on=date(2021, 12, 31))
    assert dues(quarterly, year) == [
        Due(day=date(2021, 3, 25), at=at(2021, 3, 26), occurrence=date(2021, 3, 25)),
        Due(day=date(2021, 6, 25), at=at(2021, 6, 26), occurrence=date(2021, 6, 25)),
        Due(day=date(2021, 9, 25), at=at(2021, 9, 26), occurrence=date(2021, 9, 25)),
    ]


def test_an_exempt_quarter_of_one_year_is_asked_for_in_the_next() -> None:
    quarterly = form(kind="recurring", every="quarter", day=25, exceptions=["2021-Q4"], until="2022-12-31")
    expected = ["2021-09-25", "2022-03-25", "2022-06-25", "2022-09-25", "2022-12-25"]
    assert days(quarterly, facts()) == expected


def test_the_first_month_of_each_quarter() -> None:
    quarterly = form(kind="recurring", every="quarter", month=1, day=10, until="2022-04-30")
    assert days(quarterly, facts()) == ["2021-10-10", "2022-01-10", "2022-04-10"]


def test_every_workday_at_sixteen_hours_skips_the_holiday_and_keeps_the_worked_saturday() -> None:
    daily = form(kind="recurring", every="day", time="16:00", until="2021-10-09", text="每日16时前")
    assert dues(daily, facts(published_on=date(2021, 9, 29))) == [
        Due(day=date(2021, 9, 29), at=at(2021, 9, 29, 16), occurrence=date(2021, 9, 29)),
        Due(day=date(2021, 9, 30), at=at(2021, 9, 30, 16), occurrence=date(2021, 9, 30)),
        Due(day=date(2021, 10, 8), at=at(2021, 10, 8, 16), occurrence=date(2021, 10, 8)),
        Due(day=date(2021, 10, 9), at=at(2021, 10, 9, 16), occurrence=date(2021, 10, 9)),
    ]


def test_every_day_may_mean_all_days() -> None:
    daily = form(kind="recurring", every="day", on="all", **{"from": "2021-10-01"}, until="2021-10-03")
    assert days(daily, facts()) == ["2021-10-01", "2021-10-02", "2021-10-03"]


def test_every_friday_rolls_back_before_the_holiday() -> None:
    weekly = form(kind="recurring", every="week", weekday=5, roll="previous_workday")
    expected = ["2021-09-10", "2021-09-17", "2021-09-24", "2021-09-30"]
    assert days(weekly, facts(ends_on=date(2021, 10, 1))) == expected


def test_every_year_on_its_day() -> None:
    yearly = form(kind="recurring", every="year", month=12, day=20, until="2023-12-31")
    assert days(yearly, facts()) == ["2021-12-20", "2022-12-20", "2023-12-20"]


@pytest.mark.parametrize("exempt", ["2021-10-05", "2021-10", "M10"])
def test_a_day_a_month_or_every_october_may_be_exempt(exempt: str) -> None:
    monthly = form(kind="recurring", every="month", day=5, exceptions=[exempt], until="2021-11-30")
    assert days(monthly, facts()) == ["2021-11-05"]


def test_occurrences_before_publication_are_not_asked_for() -> None:
    monthly = form(kind="recurring", every="month", day=5, **{"from": "2021-01-01"}, until="2021-10-31")
    assert days(monthly, facts(published_on=date(2021, 9, 5))) == ["2021-09-05", "2021-10-05"]
    assert days(monthly, facts(published_on=date(2021, 9, 6))) == ["2021-10-05"]


def test_an_own_end_goes_before_the_end_of_the_notice() -> None:
    monthly = form(kind="recurring", every="month", day=5, until="2021-10-31")
    assert days(monthly, facts(ends_on=date(2021, 12, 31))) == ["2021-10-05"]


def test_a_recurrence_without_an_end_stops_by_itself() -> None:
    assert len(dues(form(kind="recurring", every="day", on="all"), facts())) == MOST_OCCURRENCES


def test_no_day_stated_is_no_due_moment() -> None:
    assert dues(form(kind="none"), facts()) == [None]


def test_each_class_has_its_own_day_and_another_has_none() -> None:
    by_class = ByClass.model_validate(
        {
            "kind": "by_class",
            "classes": {
                "counties": {"kind": "date", "date": "2021-12-01"},
                "cities": {"kind": "date", "date": "2021-12-10"},
            },
        }
    )
    found = {name: for_class(by_class, name) for name in ("counties", "cities", "colleges")}
    assert found == {
        "counties": form(kind="date", date="2021-12-01"),
        "cities": form(kind="date", date="2021-12-10"),
        "colleges": None,
    }
    assert [days(single, facts()) for single in every_single(by_class)] == [["2021-12-01"], ["2021-12-10"]]


def test_a_single_form_binds_every_class() -> None:
    day = form(kind="date", date="2021-12-01")
    assert (for_class(day, "cities"), list(every_single(day))) == (day, [day])


def test_an_extension_keeps_the_time_of_day_and_counts_its_day() -> None:
    original = form(kind="date", date="2021-10-08", time="15:00", inclusive=False, roll="next_workday")
    assert at_same_time(date(2021, 10, 16), original, facts()) == Due(day=date(2021, 10, 16), at=at(2021, 10, 16, 15))
