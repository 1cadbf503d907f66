"""Thirty days, three hundred units, three free mailboxes whose providers have secret quotas below their profiles."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func
from sqlmodel import col, select

from carriers import Now, Provider, Virtual, pool
from duban.bootstrap import throw_away
from duban.domain.fitting import Overflow, overflows
from duban.domain.notice import Notice
from duban.domain.roster import Roster
from duban.reading.workdays import seed
from duban.services.delivering import Sender, deliver
from duban.services.foreseeing import mails_ahead, shortfall, told
from duban.services.installing import import_units
from duban.services.rehearsing import next_tick
from duban.services.replaying import begin
from duban.services.sweeping import sweep
from factories import ZONE, at, notice, on, roster, stage, unit
from models import MailRow, MailState
from models.outbox import mails
from models.session import reading, writing
from notifications.compose import Composed
from notifications.letter import Letter, Summary

START, END = at("2021-10-09 10:00"), at("2021-11-07 23:00")
DUE = date(2021, 11, 5)
NOTICE = notice(stage(on(DUE.isoformat())), issued_on="2021-10-09")
PERIOD = timedelta(minutes=10)
WAITING = (MailState.PENDING, MailState.DEFERRED)
#: in a quarter of an hour, a day, a connection: three providers
HIDDEN = ((40, 120, 8), (45, 140, 6), (36, 110, 10))


def units(count: int) -> Roster:
    return roster(*(unit(f"c{n:03}", "clerk", order=n) for n in range(1, count + 1)))


@dataclass(frozen=True, kw_only=True)
class Lived:
    """What thirty days have left."""

    providers: tuple[Provider, ...]
    mails: tuple[MailRow, ...]
    announced: tuple[Overflow, ...]

    @property
    def days(self) -> set[date]:
        return {overflow.day for overflow in self.announced}

    @property
    def quotas_hit(self) -> Counter[date]:
        return Counter(moment.astimezone(ZONE).date() for p in self.providers for moment, _ in p.refused)


def live(engine: Engine, count: int) -> Lived:
    """Foresee, publish, then a run every ten minutes as long as mail waits; nobody acts."""
    watch = Virtual()
    now = Now(watch)
    providers = tuple(Provider(now, per_window=w, per_day=d, per_connection=c) for w, d, c in HIDDEN)
    sender = pool(*providers, watch=watch)
    announced = foreseen(engine, sender, NOTICE, units(count))
    begin(engine, NOTICE, units(count), at=START)
    for moment in moments(engine):
        now.begin(moment)
        sweep(engine, sender, now=moment, real_now=moment)
    with reading(engine) as session:
        return Lived(providers=providers, mails=tuple(mails(session)), announced=announced)


def foreseen(engine: Engine, sender: Sender, told_of: Notice, units: Roster) -> tuple[Overflow, ...]:
    with throw_away() as (copy, _):
        with writing(copy) as session:
            import_units(session, units)
        wanted = mails_ahead(copy, told_of, now=START)
    return shortfall(engine, sender.outlets, wanted, now=START)


def moments(engine: Engine) -> Iterator[datetime]:
    """Every ten minutes while a mail waits, else its moment or the next rung."""
    moment = START
    while moment <= END:
        yield moment
        with reading(engine) as session:
            first = select(func.min(MailRow.not_before)).where(col(MailRow.state).in_(WAITING))
            waits = session.exec(first).one()
        ahead = [at for at in (waits, next_tick(engine, moment)) if at is not None]
        moment = max(moment + PERIOD, min(ahead, default=END))


def test_a_month_within_secret_quotas(engine_in_memory: Engine) -> None:
    lived = live(engine_in_memory, 300)
    # what the last day could not take waits for the next working day
    assert {mail.state for mail in lived.mails if mail.digest_day != DUE} <= {MailState.SENT, MailState.CANCELLED}
    assert {day: n for day, n in lived.quotas_hit.items() if day != START.date()} == {}
    assert lived.quotas_hit[START.date()] > 0, "the first day finds the quotas"
    late = Counter(mail.digest_day for mail in lived.mails if is_late(mail))
    assert set(late) - lived.days == set(), "what is late was announced"


def is_late(mail: MailRow) -> bool:
    """A reminder that left later than one working day before the deadline (or was dropped for that)."""
    last = seed().shift(DUE, -1)
    before = mail.digest_day is not None and mail.digest_day <= last and mail.kind == "reminder"
    return before and (mail.sent_at is None or mail.sent_at.astimezone(ZONE).date() > last)


def test_forty_units_fit_and_nothing_is_announced_nor_late(engine_in_memory: Engine) -> None:
    lived = live(engine_in_memory, 40)
    assert lived.announced == ()
    assert set(lived.quotas_hit) <= {START.date()}
    assert {mail.state for mail in lived.mails} == {MailState.SENT}
    assert sum(len(provider.taken) for provider in lived.providers) == len(lived.mails)
    assert not any(map(is_late, lived.mails))


@pytest.fixture
def engine_in_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Thirty days are many mails: they say little here, and what is proved does not differ by database."""
    monkeypatch.setattr("duban.services.drafts.compose", slip)
    with throw_away() as (engine, _):
        yield engine


def slip(letter: Letter | Summary, *, account: str, bare: bool = False) -> Composed:
    """A mail of one line, quickly composed."""
    return Composed(raw=b"", subject="一行", text="一行", html="一行")


# ---- the warning ------------------------------------------------------------------------------------------------


def test_what_is_left_goes_first_on_the_next_day() -> None:
    first = date(2021, 10, 11)
    wanted = {first: 120, first + timedelta(days=1): 60, first + timedelta(days=7): 100}
    assert overflows(wanted, lambda _: 100) == (Overflow(day=first, wanted=120, allowed=100),)
    assert overflows(wanted, lambda _: 75) == (
        Overflow(day=first, wanted=120, allowed=75),
        Overflow(day=first + timedelta(days=1), wanted=105, allowed=75),
        Overflow(day=first + timedelta(days=7), wanted=100, allowed=75),
    )
    assert overflows({}, lambda _: 0) == ()


def test_where_nothing_may_leave_it_ends_all_the_same() -> None:
    first = date(2021, 10, 11)
    found = overflows({first: 1}, lambda _: 0)
    assert (len(found), found[-1].day) == (61, first + timedelta(days=60))


def test_the_warning_says_when_how_many_and_what_helps(engine_in_memory: Engine) -> None:
    sender = pool(Provider(Now(Virtual()), per_window=50, per_day=150, per_connection=10))
    zh, en = told(foreseen(engine_in_memory, sender, NOTICE, units(100)))
    assert zh == (
        "发信额度不够：10月9日需发100封，约可发50封，其余顺延，这样的日子共13天。"
        "可增加发信账号，或改用企业邮箱、自有邮件服务器（profile: relay）。"
    )
    assert en == (
        "the quota does not suffice: 100 mails on 2021-10-09, about 50 can leave, the rest later (13 such days); "
        "add accounts, or use a company mailbox or an own server (profile: relay)"
    )


def test_a_relay_needs_no_counting(engine_in_memory: Engine) -> None:
    sender = pool(Provider(Now(Virtual()), per_window=50, per_day=150, per_connection=10), profile="relay")
    assert shortfall(engine_in_memory, sender.outlets, {date(2021, 10, 9): 10_000}, now=START) == ()


def test_a_run_that_nobody_waits_for_sends_nothing(engine_in_memory: Engine) -> None:
    sender = pool(Provider(Now(Virtual()), per_window=50, per_day=150, per_connection=10))
    assert deliver(engine_in_memory, sender, now=START, real_now=START) == 0
