"""The ladder by hand, and the planner's rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.domain.calendar import WorkCalendar
from duban.domain.due import Due, instant
from duban.domain.ladder import REVIEW, STANDARD, climbable
from duban.domain.obligation import Ball
from duban.domain.plan import decide, moments, wake_at
from duban.reading.workdays import seed
from factories import ZONE, at

CALENDAR = seed()


def ball(day: str, *, opened: str = "2021-09-01 10:00", subordinate: bool = True, clock: str = "24:00") -> Ball:
    named = date.fromisoformat(day)
    due = Due(day=named, at=instant(named, clock, zone=ZONE, closing="17:30"))
    rungs = climbable(STANDARD, subordinate=subordinate)
    return Ball(owner="unit", round=1, due=due, opened_at=at(opened), rungs=rungs, zone=ZONE)


def climbed(turn: Ball, calendar: WorkCalendar = CALENDAR) -> dict[str, str]:
    return {rung.code: f"{moment:%m-%d %H:%M}" for moment, rung in moments(turn, calendar)}


@pytest.mark.contract("As the ladder of 1-domain.md.")
def test_the_ladder_of_2021_10_15_as_checked_by_hand() -> None:
    assert climbed(ball("2021-10-15")) == {
        "due-7": "09-30 09:00",
        "due-3": "10-12 09:00",
        "due-1": "10-14 09:00",
        "due-0": "10-15 09:00",
        "late-1": "10-18 09:00",
        "late-3": "10-20 09:00",
        "late-5": "10-22 09:00",
        "late-10": "10-29 09:00",
    }


@pytest.mark.contract("Late rungs that would fall on the first working day after a break of three or more days")
def test_late_3_of_2021_09_28_moves_off_the_first_day_back() -> None:
    assert climbed(ball("2021-09-28")) == {
        "due-7": "09-17 09:00",
        "due-3": "09-24 09:00",
        "due-1": "09-27 09:00",
        "due-0": "09-28 09:00",
        "late-1": "09-29 09:00",
        "late-3": "10-09 09:00",
        "late-5": "10-11 09:00",
        "late-10": "10-18 09:00",
    }


def test_a_reminder_may_fall_on_the_first_day_back() -> None:
    # 10-08 is the first day after the National Day; three working days before 10-12
    assert climbed(ball("2021-10-12"))["due-3"] == "10-08 09:00"


def test_due_0_does_not_exist_on_a_day_of_rest() -> None:
    assert "due-0" not in climbed(ball("2021-10-16"))
    assert climbed(ball("2021-10-09"))["due-0"] == "10-09 09:00"  # a Saturday that is worked


@pytest.mark.contract("rungs count from the named day")
def test_rungs_count_from_the_named_day_whatever_the_hour() -> None:
    assert climbed(ball("2021-10-15", clock="12:00")) == climbed(ball("2021-10-15", clock="24:00"))


@pytest.mark.contract("A rung whose moment is not after the opening of its turn is never said.")
@pytest.mark.parametrize(
    ("opened", "first"), [("2021-10-12 08:59", "due-3"), ("2021-10-12 09:00", "due-1"), ("2021-10-12 09:01", "due-1")]
)
def test_the_moment_that_opens_a_turn_covers_every_rung_not_after_it(opened: str, first: str) -> None:
    assert next(iter(climbed(ball("2021-10-15", opened=opened)))) == first


def test_outside_a_line_of_command_nothing_climbs_and_the_ladder_ends_in_a_task() -> None:
    rungs = climbable(STANDARD, subordinate=False)
    assert [(rung.code, rung.is_task) for rung in rungs][-2:] == [("late-1", False), ("late-3", True)]
    assert [rung.code for rung in climbable(STANDARD, subordinate=True)][-1] == "late-10"


def test_after_a_silence_only_the_latest_rung_is_said_and_the_others_are_passed_over() -> None:
    decision = decide(ball("2021-10-15"), (), at("2021-10-14 10:00"), CALENDAR)
    assert decision.say is not None
    assert (decision.say.code, [r.code for r in decision.passed_over]) == ("due-1", ["due-7", "due-3"])
    assert decision.wake_at == at("2021-10-15 09:00")


def test_what_was_said_is_not_said_again_and_the_ladder_is_not_climbed_down() -> None:
    assert decide(ball("2021-10-15"), {"due-1"}, at("2021-10-14 10:00"), CALENDAR).say is None
    assert decide(ball("2021-10-15"), {"due-1"}, at("2021-10-14 10:00"), CALENDAR).passed_over == ()


@pytest.mark.contract("Live, an unsaid rung is said by the first tick on a working day between 09:00 and 17:00")
@pytest.mark.parametrize(
    ("now", "speaks"),
    [
        ("2021-10-14 08:59", False),
        ("2021-10-14 09:00", True),
        ("2021-10-14 17:00", True),
        ("2021-10-14 17:01", False),
        ("2021-10-16 10:00", False),  # Saturday
        ("2021-10-09 10:00", True),  # Saturday that is worked
    ],
)
def test_it_speaks_on_working_days_between_nine_and_five(now: str, speaks: bool) -> None:
    assert (decide(ball("2021-10-15"), (), at(now), CALENDAR).say is not None) == speaks


def test_before_the_office_opens_the_wake_stays_where_it_is() -> None:
    assert decide(ball("2021-10-15"), {"due-7", "due-3"}, at("2021-10-14 22:00"), CALENDAR).wake_at == at(
        "2021-10-14 09:00"
    )


def test_without_a_day_there_are_no_rungs() -> None:
    turn = Ball(owner="unit", round=1, due=None, opened_at=at("2021-09-01 10:00"), rungs=STANDARD.rungs, zone=ZONE)
    assert moments(turn, CALENDAR) == []
    assert wake_at(turn, (), CALENDAR) is None


@pytest.mark.contract("the review ladder is `arrived`")
@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("2021-10-15 08:00", {"arrived": "10-15 09:00", "due-0": "10-20 09:00", "late-1": "10-21 09:00"}),
        ("2021-10-15 09:00", {"arrived": "10-18 09:00", "due-0": "10-20 09:00", "late-1": "10-21 09:00"}),
        ("2021-09-29 16:00", {"arrived": "09-30 09:00", "due-0": "10-09 09:00", "late-1": "10-11 09:00"}),
    ],
)
def test_a_reviewer_is_told_of_the_arrival_and_chased_like_a_unit(opened: str, expected: dict[str, str]) -> None:
    day = CALENDAR.shift(at(opened).date(), 3)
    due = Due(day=day, at=instant(day, "24:00", zone=ZONE, closing="17:30"))
    turn = Ball(owner="review:issuer", round=1, due=due, opened_at=at(opened), rungs=REVIEW.rungs, zone=ZONE)
    assert {code: when for code, when in climbed(turn).items() if code != "late-3"} == expected


DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Any pattern of holidays and make-up days."""
    flips = draw(st.dictionaries(st.dates(date(2021, 1, 1), date(2021, 3, 31)), st.booleans(), max_size=60))
    return WorkCalendar(exceptions=flips, known_until=date(2021, 12, 31))


@given(calendars(), st.dates(date(2021, 1, 10), date(2021, 3, 20)))
@settings(max_examples=300)
def test_no_late_rung_is_ever_said_on_the_first_day_back(calendar: WorkCalendar, day: date) -> None:
    for moment, rung in moments(ball(day.isoformat(), opened="2020-12-01 10:00"), calendar):
        assert calendar.is_workday(moment.date())
        assert not (rung.is_late and calendar.is_first_after_break(moment.date()))


@given(DAYS, st.lists(st.integers(0, 60 * 24 * 40), max_size=12).map(sorted))
@settings(max_examples=200)
def test_however_the_ticks_fall_each_rung_is_said_at_most_once_and_in_order(day: date, minutes: list[int]) -> None:
    start = at("2020-01-01 00:00").replace(year=day.year, month=day.month, day=day.day) - timedelta(days=20)
    turn = ball(day.isoformat(), opened=f"{start:%Y-%m-%d %H:%M}")
    said: list[str] = []
    for minute in minutes:
        now = start + timedelta(minutes=minute)
        decision = decide(turn, said, now, CALENDAR)
        said += [r.code for r in decision.passed_over] + ([decision.say.code] if decision.say else [])
        assert decide(turn, said, now, CALENDAR).say is None
    order = [rung.code for _, rung in moments(turn, CALENDAR)]
    assert said == order[: len(said)]


@given(DAYS, st.integers(0, 60 * 24 * 40))
@settings(max_examples=200)
def test_the_fast_tick_and_the_full_scan_decide_the_same(day: date, minute: int) -> None:
    """An obligation whose ``wake_at`` lies ahead has nothing to say: reading only the others loses nothing."""
    start = at("2020-01-01 00:00").replace(year=day.year, month=day.month, day=day.day) - timedelta(days=20)
    turn = ball(day.isoformat(), opened=f"{start:%Y-%m-%d %H:%M}")
    now = start + timedelta(minutes=minute)
    wake = wake_at(turn, (), CALENDAR)
    asleep = wake is None or wake > now
    assert not (asleep and decide(turn, (), now, CALENDAR).say)
