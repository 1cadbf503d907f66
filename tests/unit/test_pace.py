"""How fast an account may send: never more than its profile, whatever it is asked, and slower after a complaint."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain import pace
from duban.domain.pace import Profile, Usage
from duban.domain.profiles import PROFILES, profile_of
from factories import at

FREE = PROFILES["126"]
#: an account in use for long
OLD = Usage(first_used_on=date(2021, 1, 4))
NINE = at("2021-10-11 09:00")


def send(profile: Profile, usage: Usage, moment: datetime, count: int) -> tuple[Usage, datetime]:
    """Send so many mails as fast as allowed; the moment of the last one."""
    for _ in range(count):
        moment = pace.free_from(profile, usage, moment)
        usage = pace.sent(usage, moment)
    return usage, moment


def test_a_free_mailbox_has_safe_numbers() -> None:
    assert Profile(
        name="126", spacing=timedelta(seconds=6), per_window=50, per_day=150, on_first_day=50, per_connection=10
    ) == (FREE)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("smtp.126.com", "126"),
        ("smtp.163.com", "163"),
        ("SMTP.QQ.COM", "qq"),
        ("smtp.exmail.qq.com", "exmail"),
        ("smtpdm.aliyun.com", "163"),
        ("smtp.qiye.aliyun.com", "aliyun"),
        ("mail.edu.example", "relay"),
        ("not163.com", "relay"),
        ("127.0.0.1", "relay"),
    ],
)
def test_the_profile_follows_the_server(host: str, name: str) -> None:
    assert profile_of(host) == PROFILES[name]


def test_a_profile_that_is_named_wins() -> None:
    assert profile_of("smtp.126.com", "exmail") == PROFILES["exmail"]


def test_a_relay_is_always_free() -> None:
    assert pace.free_from(PROFILES["relay"], OLD, NINE) == NINE
    assert pace.free_from(PROFILES["relay"], pace.held(OLD, at("2021-10-11 09:01")), NINE) == at("2021-10-11 09:01")


def test_mails_are_six_seconds_apart() -> None:
    usage = pace.sent(OLD, NINE)
    assert pace.free_from(FREE, usage, NINE) == NINE + timedelta(seconds=6)
    assert pace.free_from(FREE, usage, NINE + timedelta(seconds=7)) == NINE + timedelta(seconds=7)


def test_a_full_burst_rests_for_more_than_the_window() -> None:
    almost, last = send(FREE, OLD, NINE, 49)
    assert pace.free_from(FREE, almost, last) == last + timedelta(seconds=6)
    full, last = send(FREE, OLD, NINE, 50)
    assert pace.free_from(FREE, full, last) == last + timedelta(minutes=16)


def test_a_silence_ends_a_burst_that_is_not_full() -> None:
    usage, last = send(FREE, OLD, NINE, 49)
    assert pace.sent(usage, last + timedelta(minutes=16)).sent_in_window == 1
    assert pace.sent(usage, last + timedelta(minutes=15, seconds=59)).sent_in_window == 50


def test_a_full_day_waits_for_the_next_one() -> None:
    usage = replace(OLD, day=date(2021, 10, 11), sent_today=149)
    assert pace.free_from(FREE, usage, NINE) == NINE
    assert pace.free_from(FREE, replace(usage, sent_today=150), NINE) == at("2021-10-12 00:00")


@pytest.mark.parametrize(("first", "most"), [(None, 50), (date(2021, 10, 11), 50), (date(2021, 10, 10), 150)])
def test_a_new_account_begins_slowly(first: date | None, most: int) -> None:
    assert pace.allowance(FREE, Usage(first_used_on=first), date(2021, 10, 11)) == most


def test_a_complaint_halves_the_pace_once_for_one_trouble() -> None:
    once = pace.complained(OLD, NINE)
    assert once == replace(OLD, pace=0.5, complained_on=date(2021, 10, 11), day=date(2021, 10, 11))
    held = pace.held(once, at("2021-10-11 09:16"))
    assert pace.complained(held, at("2021-10-11 09:15")) == held
    assert pace.complained(held, at("2021-10-11 09:16")).pace == 0.25


def test_half_the_pace_is_half_of_every_number() -> None:
    slow = replace(OLD, pace=0.5, complained_on=date(2021, 10, 10))
    assert pace.allowance(FREE, slow, date(2021, 10, 11)) == 75
    usage, last = send(FREE, slow, NINE, 24)
    assert pace.free_from(FREE, usage, last) == last + timedelta(seconds=12)
    usage, last = send(FREE, slow, NINE, 25)
    assert pace.free_from(FREE, usage, last) == last + timedelta(minutes=16)


def test_the_pace_never_falls_below_a_fifth() -> None:
    usage = OLD
    for _ in range(5):
        usage = pace.complained(usage, NINE)
    assert usage.pace == 0.2


def test_a_clean_day_in_use_makes_it_a_tenth_faster() -> None:
    slow = replace(OLD, pace=0.5, complained_on=date(2021, 10, 10), day=date(2021, 10, 11), sent_today=1)
    assert pace.turned(slow, date(2021, 10, 12)).pace == pytest.approx(0.55)
    assert pace.turned(slow, date(2021, 10, 11)) == slow
    idle = replace(slow, sent_today=0)
    assert pace.turned(idle, date(2021, 10, 12)).pace == 0.5
    complained = replace(slow, complained_on=date(2021, 10, 11))
    assert pace.turned(complained, date(2021, 10, 12)).pace == 0.5


@pytest.mark.parametrize(("days", "pace_after"), [(3, 0.55), (4, 0.5), (89, 0.5), (90, 0.55)])
def test_what_was_refused_is_not_asked_for_again_for_a_quarter(days: int, pace_after: float) -> None:
    day = date(2021, 10, 11)
    usage = replace(OLD, pace=0.5, complained_on=day - timedelta(days=days), day=day, sent_today=1)
    assert pace.turned(usage, date(2021, 10, 12)).pace == pytest.approx(pace_after)


def test_the_pace_never_exceeds_the_profile() -> None:
    usage = replace(OLD, pace=0.95, day=date(2021, 10, 11), sent_today=1)
    assert pace.turned(usage, date(2021, 10, 12)).pace == 1.0


@pytest.mark.parametrize(
    ("moment", "until"),
    [("2021-10-11 09:00", "2021-10-12 00:30"), ("2021-10-12 00:00", "2021-10-13 00:30")],
)
def test_a_daily_quota_is_counted_anew_after_midnight_in_shanghai(moment: str, until: str) -> None:
    assert pace.tomorrow(at(moment)) == at(until)


def test_a_longer_rest_stays() -> None:
    usage = pace.held(OLD, at("2021-10-12 00:30"))
    assert pace.held(usage, at("2021-10-11 09:16")) == usage


def test_connections_are_halved_down_to_one_mail() -> None:
    counts = []
    usage = OLD
    for _ in range(5):
        usage = pace.shortened(FREE, usage)
        counts.append(usage.per_connection)
    assert counts == [5, 2, 1, 1, 1]


def test_an_account_that_has_proved_nothing_is_counted_at_half() -> None:
    today, later = date(2021, 10, 11), date(2021, 11, 11)
    assert pace.expected(FREE, Usage(first_used_on=today - timedelta(days=7)), later, today=today) == 75
    assert pace.expected(FREE, Usage(first_used_on=today - timedelta(days=8)), later, today=today) == 150
    assert pace.expected(FREE, Usage(first_used_on=today), today, today=today) == 50
    assert pace.expected(FREE, Usage(first_used_on=today), later, today=today) == 75
    learned = Usage(first_used_on=today - timedelta(days=2), complained_on=today - timedelta(days=1), pace=0.6)
    assert pace.expected(FREE, learned, later, today=today) == 90
    assert pace.expected(PROFILES["relay"], Usage(), later, today=today) is None


# ---- whatever it is asked ---------------------------------------------------------------------------------------

PROFILE = Profile(
    name="small", spacing=timedelta(seconds=6), per_window=5, per_day=20, on_first_day=8, per_connection=3
)
#: how long nothing is asked of it, in seconds; then it sends, or is complained of
ASKED = st.tuples(st.sampled_from([0, 1, 6, 60, 299, 899, 901, 959, 960, 7200, 40_000]), st.integers(0, 19))


def lived(asked: list[tuple[int, int]]) -> list[datetime]:
    """The moments of the mails of an account that sends whenever it may at the moments asked."""
    usage, moment, moments = Usage(), at("2021-10-11 21:00"), []
    for seconds, dice in asked:
        moment += timedelta(seconds=seconds)
        if dice == 0:
            usage = pace.complained(usage, moment)
        elif pace.free_from(PROFILE, usage, moment) == moment:
            usage = pace.sent(usage, moment)
            moments.append(moment)
        elif dice < 10:
            # a run that waits for the moment it was told
            moment = pace.free_from(PROFILE, usage, moment)
            usage = pace.sent(usage, moment)
            moments.append(moment)
    return moments


@given(st.lists(ASKED, max_size=120))
def test_never_more_than_the_profile_in_any_window_and_on_any_day(asked: list[tuple[int, int]]) -> None:
    moments = lived(asked)
    for first in moments:
        assert sum(first <= m < first + pace.WINDOW for m in moments) <= 5
    days = Counter(pace.local_day(m) for m in moments)
    assert max(days.values(), default=0) <= 20
    assert not moments or days[pace.local_day(moments[0])] <= 8
    assert all(later - earlier >= PROFILE.spacing for earlier, later in pairwise(moments))


@given(st.lists(ASKED, min_size=1, max_size=60))
def test_it_is_always_free_again_by_the_next_day(asked: list[tuple[int, int]]) -> None:
    """No sequence of mails and complaints locks an account for good."""
    moments = lived(asked)
    usage = Usage()
    for moment in moments:
        usage = pace.sent(usage, moment)
    moment = at("2022-01-01 00:00")
    assert pace.free_from(PROFILE, usage, moment) == moment
