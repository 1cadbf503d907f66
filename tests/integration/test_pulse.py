"""Signs of life, silence, and a clock that somebody has moved. Real time; the domain's never matters here."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from commands import Duban
from duban.bootstrap import open_duban
from duban.clock import real_reading
from duban.domain.errors import Temporary
from duban.domain.jumps import Reading
from duban.domain.terms import MailKind
from duban.reading.workdays import seed
from duban.services.interruptions import is_felt
from duban.services.pulse import (
    Quiet,
    Silence,
    accept_clock,
    at_work,
    beat,
    beat_ages,
    doubt,
    forget_silences,
    may_work,
    quiet,
    silences,
)
from duban.services.replaying import begin
from duban.services.summarizing import summarize
from factories import ZONE, notice, on, roster, stage, unit
from factories import at as shanghai
from models.event import chain, chain_is_whole
from models.heartbeat import heartbeats
from models.outbox import mails
from models.session import reading, writing

START = datetime(2021, 10, 11, 1, 0, tzinfo=UTC)
DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def at(wall: timedelta, *, uptime: timedelta | None = None, boot: str = "one") -> Reading:
    """A reading so long after the first one; both clocks alike unless told."""
    length = wall if uptime is None else uptime
    return Reading(at=START + wall, boot=boot, uptime=1000 + length.total_seconds())


FIRST = at(timedelta(0))


def beaten(engine: Engine, *works: str, real: Reading = FIRST) -> None:
    with writing(engine) as session:
        for work in works:
            beat(session, work, real_now=real)


def asked(engine: Engine, real: Reading) -> str:
    with writing(engine) as session:
        return may_work(session, real)


def events(engine: Engine) -> list[str]:
    with reading(engine) as session:
        assert chain_is_whole(session)
        return [event.name for event in chain(session)]


def kept(engine: Engine) -> dict[str, datetime]:
    with reading(engine) as session:
        return {work: row.at for work, row in heartbeats(session).items()}


def quiet_at(engine: Engine, real: Reading, *, since: Reading = FIRST) -> Quiet:
    with reading(engine) as session:
        return quiet(session, real, since=since)


def test_a_sign_of_life_is_the_last_one(engine: Engine) -> None:
    beaten(engine, "plan", "deliver")
    beaten(engine, "deliver", real=at(10 * MINUTE))
    assert kept(engine) == {"plan": START, "deliver": START + 10 * MINUTE, "clock": START + 10 * MINUTE}
    with reading(engine) as session:
        assert beat_ages(session, at(12 * MINUTE)) == {"plan": 720.0, "deliver": 120.0}
    assert events(engine) == []


@pytest.mark.parametrize("work", ["deliver", "sweep"])
def test_silence_begins_after_a_quarter_of_an_hour(engine: Engine, work: str) -> None:
    beaten(engine, work)
    assert not quiet_at(engine, at(15 * MINUTE - SECOND)).is_silence
    assert quiet_at(engine, at(15 * MINUTE)) == Quiet(length=15 * MINUTE, since=START)
    assert quiet_at(engine, at(15 * MINUTE)).is_silence


@pytest.mark.parametrize("work", ["plan", "daily"])
def test_work_that_sends_nothing_does_not_break_the_silence(engine: Engine, work: str) -> None:
    beaten(engine, "deliver")
    beaten(engine, work, real=at(14 * MINUTE))
    assert quiet_at(engine, at(15 * MINUTE)).is_silence


def test_a_fresh_installation_is_silent_only_after_its_first_quarter(engine: Engine) -> None:
    """It has never worked: counted from when the pages began to answer."""
    since = at(DAY)
    assert quiet_at(engine, at(DAY + 15 * MINUTE - SECOND), since=since) == Quiet(
        length=15 * MINUTE - SECOND, since=None
    )
    assert not quiet_at(engine, at(DAY + 15 * MINUTE - SECOND), since=since).is_silence
    assert quiet_at(engine, at(DAY + 15 * MINUTE), since=since).is_silence


def test_a_silence_that_is_over_is_kept_until_it_is_told(engine: Engine) -> None:
    beaten(engine, "deliver")
    beaten(engine, "deliver", real=at(15 * MINUTE - SECOND))
    with reading(engine) as session:
        assert silences(session) == ()
    beaten(engine, "sweep", real=at(15 * MINUTE - SECOND + HOUR))
    beaten(engine, "daily", real=at(5 * HOUR))
    with writing(engine) as session:
        assert silences(session) == (
            Silence(start=START + 15 * MINUTE - SECOND, end=START + 15 * MINUTE - SECOND + HOUR),
        )
        forget_silences(session)
    with reading(engine) as session:
        assert silences(session) == ()


def test_only_the_last_silences_are_kept(engine: Engine) -> None:
    for hour in range(24):
        beaten(engine, "deliver", real=at(hour * HOUR))
    with reading(engine) as session:
        found = silences(session)
    assert (len(found), found[-1].end) == (20, START + 23 * HOUR)


@pytest.mark.parametrize(
    ("moved", "pauses"),
    [
        (SECOND, False),
        (-SECOND, False),
        (-5 * MINUTE, False),
        (-5 * MINUTE - SECOND, True),
        (-400 * DAY, True),
        (36 * HOUR, False),
        (36 * HOUR + SECOND, True),
        (400 * DAY, True),
    ],
)
def test_a_jump_within_one_start_pauses_the_work(engine: Engine, moved: timedelta, pauses: bool) -> None:
    beaten(engine, "deliver")
    assert bool(asked(engine, at(10 * MINUTE + moved, uptime=10 * MINUTE))) is pauses
    assert events(engine) == (["clock_doubted"] if pauses else [])


@pytest.mark.parametrize(
    ("wall", "pauses"),
    [
        (-5 * MINUTE, False),
        (-5 * MINUTE - SECOND, True),
        (-400 * DAY, True),
        (2 * DAY, False),
        (9 * DAY, False),
        (15 * DAY, False),
        (15 * DAY + SECOND, True),
        (400 * DAY, True),
    ],
)
def test_across_starts_a_holiday_is_no_jump(engine: Engine, wall: timedelta, pauses: bool) -> None:
    beaten(engine, "deliver")
    assert bool(asked(engine, at(wall, uptime=MINUTE, boot="two"))) is pauses


def test_the_first_reading_of_all_is_believed(engine: Engine) -> None:
    assert asked(engine, at(-400 * DAY)) == ""


def test_a_doubt_stands_across_starts_until_the_clock_is_accepted(engine: Engine) -> None:
    """Three days forward are a jump; after a restart they would look like an outage, and still are doubted."""
    beaten(engine, "deliver")
    why = "系统时间突然向前跳了3天"
    assert asked(engine, at(3 * DAY, uptime=timedelta(0))) == why
    restarted = at(3 * DAY + HOUR, uptime=SECOND, boot="two")
    assert asked(engine, restarted) == why
    beaten(engine, "deliver", real=restarted)
    assert kept(engine) == {"deliver": START, "clock": START}
    with writing(engine) as session:
        assert accept_clock(session, restarted, by="operator")
        assert not accept_clock(session, restarted, by="operator")
    assert asked(engine, restarted) == ""
    beaten(engine, "deliver", real=restarted)
    assert kept(engine) == {"deliver": restarted.at, "clock": restarted.at}
    assert events(engine) == ["clock_doubted", "clock_accepted"]


def test_a_clock_that_is_set_right_again_in_the_same_start_needs_nobody(engine: Engine) -> None:
    """An empty battery: the machine comes up in another year, and a minute later knows better."""
    beaten(engine, "deliver")
    assert asked(engine, at(-4000 * DAY, uptime=SECOND, boot="two")) == "系统时间倒退了4000天"
    assert asked(engine, at(DAY, uptime=MINUTE, boot="two")) == ""
    assert events(engine) == ["clock_doubted", "clock_agreed"]


def test_where_the_system_names_no_start_a_doubt_waits_for_a_person(engine: Engine) -> None:
    beaten(engine, "deliver", real=at(timedelta(0), boot=""))
    assert asked(engine, at(-DAY, boot=""))
    assert asked(engine, at(MINUTE, boot=""))


def test_after_the_clock_was_accepted_further_back_silence_is_still_noticed(engine: Engine) -> None:
    """The last work was done in a future that is taken back: it counts from the moment of acceptance."""
    beaten(engine, "deliver")
    back = at(-2 * DAY, uptime=MINUTE, boot="two")
    with writing(engine) as session:
        assert accept_clock(session, back, by="operator")
    assert not quiet_at(engine, at(-2 * DAY + 14 * MINUTE, uptime=15 * MINUTE, boot="two")).is_silence
    assert quiet_at(engine, at(-2 * DAY + 15 * MINUTE, uptime=16 * MINUTE, boot="two")).is_silence


def test_reading_a_doubt_writes_nothing(engine: Engine) -> None:
    beaten(engine, "deliver")
    with reading(engine) as session:
        assert doubt(session, at(-DAY, uptime=MINUTE))
    assert events(engine) == []


def test_a_jump_in_the_middle_of_the_work_leaves_no_sign(engine: Engine) -> None:
    """Begun at 9:00, stepped back by an hour, done: the next reading is compared with the last good one."""
    beaten(engine, "deliver")
    assert asked(engine, at(10 * MINUTE)) == ""
    beaten(engine, "deliver", real=at(11 * MINUTE - HOUR, uptime=11 * MINUTE))
    assert kept(engine)["deliver"] == START
    assert asked(engine, at(12 * MINUTE - HOUR, uptime=12 * MINUTE)) == "系统时间倒退了1小时"


def test_a_work_asks_before_and_leaves_its_sign_after(engine: Engine) -> None:
    readings = iter([FIRST, at(MINUTE)])
    with at_work(engine, "deliver", lambda: next(readings)):
        assert kept(engine) == {}
    assert kept(engine) == {"deliver": START + MINUTE, "clock": START + MINUTE}


def test_a_work_that_fails_leaves_no_sign(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), at_work(engine, "deliver", lambda: FIRST):
        raise ZeroDivisionError
    assert kept(engine) == {}


def test_no_work_by_a_doubted_clock(engine: Engine) -> None:
    beaten(engine, "deliver")
    done: list[str] = []
    moved = at(-HOUR, uptime=MINUTE)
    refused = pytest.raises(Temporary, match="系统时间倒退了1小时1分钟，提醒和邮件已暂停")
    with refused, at_work(engine, "deliver", lambda: moved):
        done.append("worked")
    assert (done, events(engine)) == ([], ["clock_doubted"])


def test_the_systems_own_clocks_agree() -> None:
    one, two = real_reading(), real_reading()
    assert one.at <= two.at
    assert one.uptime <= two.uptime
    assert one.boot == two.boot


def shift(monkeypatch: pytest.MonkeyPatch, moved: timedelta) -> None:
    """Let the command line read a wall clock that somebody has moved."""
    real = real_reading()

    def moved_reading() -> Reading:
        return Reading(at=real.at + moved, boot=real.boot, uptime=real.uptime)

    monkeypatch.setattr("duban.cli.keeping.real_reading", moved_reading)


def test_the_clock_is_accepted_by_command(duban: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    said = duban("clock", "accept")
    assert (said.code, said.err) == (1, "系统时间没有疑问，无需确认\n")
    assert duban("clock", "show", "--json").json["doubt"] == ""
    installed = open_duban()
    beaten(installed.engine, "deliver", real=real_reading())
    shift(monkeypatch, -HOUR - 30 * SECOND)
    shown: dict[str, Any] = duban("clock", "show", "--json").json
    assert (shown["doubt"], set(shown["beats"])) == ("系统时间倒退了1小时", {"deliver"})
    assert duban("clock", "accept").out.startswith("已按现在的系统时间继续办理：")
    assert duban("clock", "show", "--json").json["doubt"] == ""
    assert events(installed.engine) == ["clock_accepted"]
    installed.engine.dispose()


@pytest.mark.parametrize(
    ("start", "end", "felt"),
    [
        ("2021-10-11 09:00", "2021-10-11 09:15", True),
        ("2021-10-11 09:00", "2021-10-11 09:14", False),
        ("2021-10-11 16:45", "2021-10-12 08:00", True),
        ("2021-10-11 16:46", "2021-10-12 09:14", False),
        ("2021-10-11 17:00", "2021-10-12 09:15", True),
        # days of rest, and a Saturday that is worked
        ("2021-10-01 08:00", "2021-10-07 20:00", False),
        ("2021-10-08 18:00", "2021-10-09 12:00", True),
        ("2021-10-15 18:00", "2021-10-18 09:00", False),
    ],
)
def test_a_silence_is_felt_in_office_hours(start: str, end: str, felt: bool) -> None:
    silence = Silence(start=shanghai(start), end=shanghai(end))
    assert is_felt(silence, seed(), zone=ZONE) is felt


def test_the_summary_of_the_day_knows_of_the_interruption_once(engine: Engine) -> None:
    told = notice(stage(on("2021-10-29")))
    begin(engine, told, roster(unit("aa", "clerk")), at=shanghai("2021-09-24 10:00"))
    beaten(engine, "deliver", real=Reading(at=shanghai("2021-10-11 09:05")))
    beaten(engine, "deliver", real=Reading(at=shanghai("2021-10-11 11:30")))
    assert summarize(engine, now=shanghai("2021-10-11 16:30")) == 1
    with reading(engine) as session:
        (mail,) = (mail for mail in mails(session) if mail.kind == MailKind.SUMMARY)
        assert silences(session) == ()
    words = "自动办理曾中断：10月11日 9:05至10月11日 11:30，其间到期的提醒在恢复后办理。"
    assert json.loads(mail.detail) == {"interruptions": [words]}
    assert summarize(engine, now=shanghai("2021-10-12 16:30")) == 0
