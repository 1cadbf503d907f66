"""The clock against the machine's own: each bound with its twin, from a second to 400 days."""

from datetime import UTC, datetime, timedelta

import pytest

from duban.domain.jumps import Jump, Reading, elapsed, jump, span

START = datetime(2021, 10, 11, 1, 0, tzinfo=UTC)
BEFORE = Reading(at=START, boot="one", uptime=1000.0)
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


def later(wall: timedelta, *, uptime: timedelta, boot: str = "one") -> Reading:
    return Reading(at=START + wall, boot=boot, uptime=1000 + uptime.total_seconds())


STANDING = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("moved", "zh"),
    [
        (timedelta(0), None),
        (SECOND, None),
        (-SECOND, None),
        (timedelta(minutes=-5), None),
        (timedelta(minutes=-5) - SECOND, "系统时间倒退了5分钟1秒"),
        (-DAY, "系统时间倒退了1天"),
        (-400 * DAY, "系统时间倒退了400天"),
        (HOUR, None),
        (DAY, None),
        (36 * HOUR, None),
        (36 * HOUR + SECOND, "系统时间突然向前跳了1天12小时"),
        (15 * DAY, "系统时间突然向前跳了15天"),
        (400 * DAY, "系统时间突然向前跳了400天"),
    ],
)
def test_within_one_start_of_the_machine(moved: timedelta, zh: str | None) -> None:
    found = jump(BEFORE, later(STANDING + moved, uptime=STANDING))
    assert (found and found.zh) == zh


@pytest.mark.parametrize(
    ("wall", "zh"),
    [
        (timedelta(0), None),
        (timedelta(minutes=-5), None),
        (timedelta(minutes=-5) - SECOND, "系统时间倒退了5分钟1秒"),
        (-400 * DAY, "系统时间倒退了400天"),
        (36 * HOUR + SECOND, None),
        (9 * DAY, None),
        (15 * DAY, None),
        (15 * DAY + SECOND, "系统时间距上次办理已过15天，可能是时间有误，也可能是停机过久"),
        (400 * DAY, "系统时间距上次办理已过400天，可能是时间有误，也可能是停机过久"),
    ],
)
@pytest.mark.parametrize(("former", "boot"), [("one", "two"), ("one", ""), ("", "one"), ("", "")])
def test_across_starts_or_where_the_system_does_not_say(
    former: str, boot: str, wall: timedelta, zh: str | None
) -> None:
    found = jump(Reading(at=START, boot=former, uptime=1000.0), Reading(at=START + wall, boot=boot, uptime=3.0))
    assert (found and found.zh) == zh


@pytest.mark.parametrize("asleep", [3 * DAY, 40 * DAY])
def test_sleep_is_no_jump(asleep: timedelta) -> None:
    """A lid closed on Friday, or for a summer: both clocks have gone on."""
    assert jump(BEFORE, later(asleep, uptime=asleep)) is None


def test_a_jump_is_told_in_both_languages() -> None:
    back = jump(BEFORE, later(STANDING - HOUR, uptime=STANDING))
    assert back == Jump(zh="系统时间倒退了1小时", en="the system clock has gone back by 1:00:00")


def test_time_passes_by_the_machines_own_clock_where_it_tells() -> None:
    assert elapsed(BEFORE, later(-DAY, uptime=STANDING)) == STANDING
    assert elapsed(BEFORE, later(DAY, uptime=STANDING, boot="two")) == DAY
    assert elapsed(BEFORE, later(-DAY, uptime=STANDING, boot="two")) == timedelta(0)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0秒"),
        (timedelta(seconds=59), "59秒"),
        (timedelta(seconds=60), "1分钟"),
        (timedelta(hours=1, seconds=5), "1小时"),
        (timedelta(days=3, hours=2, minutes=59), "3天2小时"),
    ],
)
def test_lengths_in_words(length: timedelta, words: str) -> None:
    assert span(length) == words
