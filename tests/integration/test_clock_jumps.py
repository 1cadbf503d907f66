"""Whole ticks under a clock that is moved: nothing twice, nothing early, nothing after 办结; a pause until accepted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from duban.bootstrap import throw_away
from duban.domain.errors import Temporary
from duban.domain.jumps import FORWARD, Reading
from duban.domain.terms import DIGEST_KINDS, Act
from duban.reading.workdays import seed
from duban.services.acting import Request, act
from duban.services.delivering import Sender
from duban.services.installing import seed_calendar
from duban.services.pulse import accept_clock, at_work
from duban.services.replaying import begin
from duban.services.sweeping import sweep
from factories import at, deliverable, notice, on, roster, stage, unit
from models import MailRow
from models.outbox import mails
from models.session import reading, writing

START = at("2021-10-08 08:00")
NOTICE = notice(stage(on("2021-10-15"), deliverable("report"), deliverable("photos")), issued_on="2021-10-08")
UNITS = roster(unit("aa", "clerk", "chief", "leader", order=1), unit("bb", "clerk", order=2))
TICK = timedelta(hours=3)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
#: Set back by more than this, the clock is doubted.
MOST_BACK = timedelta(minutes=5)
#: From a second to more than a year, both ways.
JUMPS = [SECOND, timedelta(minutes=4), timedelta(minutes=6), timedelta(hours=9), 2 * DAY, 40 * DAY, 400 * DAY]


@dataclass
class Machine:
    """A machine whose wall clock somebody may move; its own clock runs on, asleep or not."""

    engine: Engine
    sender: Sender
    true: datetime = START
    offset: timedelta = timedelta(0)
    #: how far the wall clock is moved while a tick is under way
    step_within: timedelta = timedelta(0)
    paused: int = 0
    #: what the true moment was when each mail left
    left: dict[int, datetime] = field(default_factory=dict)

    def look(self) -> Reading:
        return Reading(at=self.true + self.offset, boot="one", uptime=(self.true - START).total_seconds())

    def tick(self, zone: timezone | None = None) -> None:
        """What the flow does each time: ask, sweep, leave a sign of life."""
        try:
            with at_work(self.engine, "sweep", self.look):
                wall = self.look().at
                sweep(self.engine, self.sender, now=wall.astimezone(zone) if zone else wall, real_now=wall)
                self.offset += self.step_within
        except Temporary:
            self.paused += 1
        self.step_within = timedelta(0)
        for mail in self.sent():
            self.left.setdefault(mail.id or 0, self.true)

    def sent(self) -> list[MailRow]:
        with reading(self.engine) as session:
            return [mail for mail in mails(session) if mail.state == "sent"]

    def digests(self) -> list[tuple[str, str, str]]:
        """Day, address and kind of every digest."""
        return sorted((f"{m.at:%m-%d}", m.to_email, m.kind) for m in self.sent() if m.kind in DIGEST_KINDS)

    def until(self, end: datetime, every: timedelta = TICK) -> None:
        while self.true < end:
            self.true += every
            self.tick()

    def accept(self) -> None:
        with writing(self.engine) as session:
            accept_clock(session, self.look(), by="test")


def started(engine: Engine, sender: Sender) -> Machine:
    with writing(engine) as session:
        seed_calendar(session, seed())
    begin(engine, NOTICE, UNITS, at=START)
    machine = Machine(engine, sender)
    machine.tick()
    return machine


@pytest.fixture
def machine() -> Iterator[Machine]:
    with throw_away() as (engine, sender):
        yield started(engine, sender)


@cache
def undisturbed(end: datetime) -> list[tuple[str, str, str]]:
    with throw_away() as (engine, sender):
        machine = started(engine, sender)
        machine.until(end)
        return machine.digests()


END = at("2021-10-22 18:00")


@pytest.mark.parametrize("moved", JUMPS)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_clock_that_is_moved_and_set_right_again_changes_nothing(
    machine: Machine, moved: timedelta, sign: int
) -> None:
    """Moved on Friday night, set right on Sunday: what was paused is said when the clock agrees again.

    Where the wrong hour was believed, setting it right is itself a jump back that somebody must accept.
    """
    machine.until(at("2021-10-15 20:00"))
    machine.offset = sign * moved
    machine.until(at("2021-10-17 20:00"))
    was_doubted = machine.paused > 0
    machine.offset = timedelta(0)
    machine.accept()
    machine.until(END)
    assert machine.digests() == undisturbed(END)
    assert was_doubted == (moved > (FORWARD if sign > 0 else MOST_BACK))


@pytest.mark.parametrize("moved", [2 * DAY, 40 * DAY, 400 * DAY])
def test_nothing_is_said_while_the_clock_is_ahead(machine: Machine, moved: timedelta) -> None:
    machine.until(at("2021-10-11 20:00"))
    before = machine.digests()
    machine.offset = moved
    machine.until(at("2021-10-13 20:00"))
    assert (machine.digests(), machine.paused) == (before, 16)


def test_an_accepted_clock_says_only_the_latest_rung_once_a_person(machine: Machine) -> None:
    """A week forward, in earnest: one digest each, of today's truth."""
    machine.until(at("2021-10-11 20:00"))
    before = machine.digests()
    machine.offset = timedelta(days=7)
    machine.accept()
    machine.until(at("2021-10-12 20:00"))
    assert machine.digests() == [
        *before,
        ("10-19", "chief@aa.example", "overdue"),
        ("10-19", "clerk@aa.example", "overdue"),
        ("10-19", "clerk@bb.example", "overdue"),
    ]


@pytest.mark.parametrize("back", [SECOND, timedelta(minutes=3), timedelta(hours=3), 3 * DAY])
def test_a_step_back_in_the_middle_of_a_tick_says_nothing_twice(machine: Machine, back: timedelta) -> None:
    machine.until(at("2021-10-14 07:30"))
    machine.step_within = -back
    machine.until(at("2021-10-14 12:00"))
    machine.offset = timedelta(0)
    machine.accept()
    machine.until(END)
    assert machine.digests() == undisturbed(END)


def test_three_days_asleep_are_caught_up_by_one_digest_each(machine: Machine) -> None:
    """Asleep from the day before the due day until after it: one mail a person, of today's truth."""
    machine.until(at("2021-10-13 18:00"))
    before = len(machine.digests())
    machine.true = at("2021-10-18 09:30")
    machine.tick()
    assert machine.paused == 0
    assert machine.digests()[before:] == [
        ("10-18", "chief@aa.example", "overdue"),
        ("10-18", "clerk@aa.example", "overdue"),
        ("10-18", "clerk@bb.example", "overdue"),
    ]


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-8)), timezone(timedelta(hours=13))])
def test_the_zone_of_the_machine_does_not_matter(zone: timezone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    with throw_away() as (engine, sender):
        machine = started(engine, sender)
        while machine.true < END:
            machine.true += TICK
            machine.tick(zone)
        assert machine.digests() == undisturbed(END)


#: Ticks in two weeks.
LAST = 14 * 8


@settings(max_examples=5, deadline=None)
@given(
    moves=st.lists(
        st.tuples(st.integers(1, LAST), st.sampled_from(JUMPS), st.sampled_from([1, -1]), st.booleans()), max_size=5
    ),
    done=st.integers(1, LAST),
)
def test_whatever_is_done_to_the_clock(moves: list[tuple[int, timedelta, int, bool]], done: int) -> None:
    """At most one digest a person and day; none earlier than the tolerance; none about what is completed."""
    at_tick = {tick: (sign * moved, accepted) for tick, moved, sign, accepted in moves}
    with throw_away() as (engine, sender):
        machine = started(engine, sender)
        completed: datetime | None = None
        for tick in range(1, LAST):
            machine.true = START + tick * TICK
            if tick in at_tick:
                machine.offset, accepted = at_tick[tick]
                if accepted:
                    machine.accept()
            if tick == done:
                completed = _complete(machine)
            machine.tick()
        _check(machine, completed, was_accepted=any(accepted for *_, accepted in moves))


def _complete(machine: Machine) -> datetime:
    """``aa`` hands in everything, and it is approved."""
    for name in ("report", "photos"):
        for what in (Act.SUBMIT, Act.APPROVE):
            with writing(machine.engine) as session:
                request = Request(notice=NOTICE.id, unit="aa", deliverable=name, act=what)
                act(session, request, now=machine.look().at)
    return machine.true


def _check(machine: Machine, completed: datetime | None, *, was_accepted: bool) -> None:
    sent = [mail for mail in machine.sent() if mail.kind in DIGEST_KINDS]
    days = Counter((mail.to_email, mail.digest_day) for mail in sent)
    assert [day for day, count in days.items() if count > 1] == []
    if not was_accepted:
        assert [m.id for m in sent if m.at > machine.left[m.id or 0] + FORWARD] == []
    about_aa = [m for m in sent if m.to_email.endswith("@aa.example")]
    late = [m.id for m in about_aa if completed and machine.left[m.id or 0] >= completed]
    assert late == []
