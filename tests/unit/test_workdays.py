"""Working days: the published calendar, and an office's own file."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.reading.workdays import CalendarRefused, read_calendar_file, seed

HEADER = "day,kind,name"


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory):
    return tmp_path_factory.mktemp("calendar")


def read(folder, data):
    path = folder / "c.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_calendar_file(path)


def refused(folder, data):
    with pytest.raises(CalendarRefused) as caught:
        read(folder, data)
    return caught.value.problems


def days(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_the_autumn_of_2021():
    worked = [day for day in days(date(2021, 9, 18), date(2021, 10, 10)) if seed().is_workday(day)]
    assert worked == [
        date(2021, 9, 18),
        *days(date(2021, 9, 22), date(2021, 9, 24)),
        *days(date(2021, 9, 26), date(2021, 9, 30)),
        date(2021, 10, 8),
        date(2021, 10, 9),
    ]
    assert [day for day in worked if seed().is_makeup(day)] == [
        date(2021, 9, 18),
        date(2021, 9, 26),
        date(2021, 10, 9),
    ]


@pytest.mark.parametrize(
    ("workdays", "day"),
    [
        (-7, date(2021, 9, 30)),
        (-3, date(2021, 10, 12)),
        (-1, date(2021, 10, 14)),
        (0, date(2021, 10, 15)),
        (1, date(2021, 10, 18)),
        (3, date(2021, 10, 20)),
        (5, date(2021, 10, 22)),
    ],
)
def test_counting_from_15_october_2021(workdays, day):
    assert seed().shift(date(2021, 10, 15), workdays) == day


def test_the_seed_agrees_with_the_library_day_by_day():
    wrong = [
        day
        for day in days(date(2019, 1, 1), date(2026, 12, 31))
        if seed().is_workday(day) is not chinese_calendar.is_workday(day)
    ]
    assert wrong == []


def test_a_year_without_published_days_is_provisional_and_no_crash():
    last = seed().known_until
    assert last == date(max(chinese_calendar.holidays).year, 12, 31)
    assert not seed().is_provisional(last)
    assert seed().is_provisional(last + timedelta(days=1))
    year = days(last + timedelta(days=1), last + timedelta(days=365))
    assert [seed().is_workday(day) for day in year] == [day.weekday() < 5 for day in year]


def test_2027_is_provisional_as_long_as_the_library_ends_with_2026():
    assert seed().known_until >= date(2026, 12, 31)
    assert seed().is_provisional(date(2027, 1, 1)) is (seed().known_until < date(2027, 1, 1))
    assert seed().shift(date(2027, 2, 5), 1).year == 2027


def test_the_seed_is_made_once_and_cannot_be_changed():
    assert seed() is seed()
    with pytest.raises(TypeError):
        seed().exceptions[date(2021, 1, 1)] = True


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_calendar_file_is_read(folder, encoding):
    data = f"{HEADER}\n2027-02-06,holiday,春节\n2027-02-14,workday,\n2027-10-01,放假,国庆节\n2027-10-09,上班,调休\n"
    assert read(folder, data.encode(encoding)) == {
        date(2027, 2, 6): False,
        date(2027, 2, 14): True,
        date(2027, 10, 1): False,
        date(2027, 10, 9): True,
    }


def test_every_fault_of_a_calendar_file_is_one_line(folder):
    data = f"{HEADER}\n2027-02-30,holiday,\n2027-02-06,holyday,\n2027-02-07,,\n2027-02-06,放假,\n6.2.2027,休,\n"
    assert refused(folder, data) == [
        "c.csv:2:day 日期“2027-02-30”不合规定（建议：写作 2027-02-06）",
        "c.csv:3:kind 类别“holyday”不认识（建议：是否为 holiday）",
        "c.csv:4:kind 类别为空（建议：填写 workday/上班、holiday/放假 之一）",
        "c.csv:5:day 与第 3 行日期重复（建议：每天只写一行）",
        "c.csv:6:day 日期“6.2.2027”不合规定（建议：写作 2027-02-06）",
        "c.csv:6:kind 类别“休”不认识（建议：填写 workday/上班、holiday/放假 之一）",
    ]


@pytest.mark.parametrize(
    ("day", "taken"), [("1970-01-01", True), ("1969-12-31", False), ("2999-12-31", True), ("3000-01-01", False)]
)
def test_days_are_believed_within_bounds(folder, day, taken):
    data = f"{HEADER}\n{day},workday,\n"
    if taken:
        assert read(folder, data) == {date.fromisoformat(day): True}
    else:
        assert refused(folder, data) == [f"c.csv:2:day 日期“{day}”不合规定（建议：写作 2027-02-06）"]


@given(data=st.binary(max_size=200), header=st.sampled_from([b"", f"{HEADER}\n".encode()]))
def test_random_bytes_never_end_in_a_traceback(folder, data, header):
    problems = []
    try:
        assert read(folder, header + data) == {}
    except CalendarRefused as refusal:
        problems = refusal.problems
    assert [line.splitlines() for line in problems] == [[line] for line in problems]
