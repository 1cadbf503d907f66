"""Ticks that come late, twice, together, or in the middle of something; on SQLite and on PostgreSQL."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from conftest import installed
from duban.bootstrap import throw_away
from duban.clock import real_now
from duban.domain.errors import DubanError
from duban.domain.roster import Contact
from duban.domain.terms import Act, Role
from duban.services.acting import Request, act
from duban.services.delivering import Sender
from duban.services.digesting import digest
from duban.services.planning import plan
from duban.services.publishing import publish
from duban.services.recovering import recover
from duban.services.replaying import begin
from duban.services.reporting import story, told
from duban.services.sweeping import sweep
from duban.services.waking import rebuild
from factories import at, notice, on, roster, stage, unit
from models import MailRow, MailState
from models.outbox import mails
from models.session import make_engine, reading, writing
from notifications.post import Deferred, Failed, Outcome, Rehearsal, Sent, Unknown
from promises import SEASON, UNITS, check_promises, scripts
from stories import Did, line, live


def lines(engine: Engine, since: str) -> list[str]:
    """The mails since a moment."""
    with reading(engine) as session:
        return [line(m) for m in told(session, "test-2021-1", start=at(since), until=at("2030-01-01 00:00"))]


def tick(engine: Engine, sender: Sender, moment: str) -> int:
    return sweep(engine, sender, now=at(moment), real_now=at(moment)).sent


def test_ten_days_of_silence_over_the_national_day_then_one_tick(engine: Engine, sender: Sender) -> None:
    live(engine, sender, SEASON, roster(), until="2021-09-28 12:00")
    assert tick(engine, sender, "2021-10-08 10:00") == 2
    # of late-1 and nothing later for the scheme; of due-7 (09-30) for the October materials: one digest each
    assert lines(engine, "2021-10-08 00:00") == [
        "2021-10-08 10:00 overdue chief@aa: aa/scheme late-1",
        "2021-10-08 10:00 overdue clerk@aa: aa/scheme late-1, aa/table due-7, aa/panel due-7",
    ]


def test_after_the_first_day_back_only_the_latest_rung_is_said(engine: Engine, sender: Sender) -> None:
    live(engine, sender, SEASON, roster(), until="2021-09-28 12:00")
    tick(engine, sender, "2021-10-12 09:30")
    assert lines(engine, "2021-10-12 00:00") == [
        "2021-10-12 09:30 escalation chief@prov: aa/scheme late-5",
        "2021-10-12 09:30 escalation clerk@aa: aa/scheme late-5, aa/table due-3, aa/panel due-3",
    ]


@pytest.mark.contract("Live, an unsaid rung is said by the first tick on a working day between 09:00 and 17:00")
def test_at_night_and_on_days_of_rest_nothing_is_said_and_nothing_is_lost(engine: Engine, sender: Sender) -> None:
    live(engine, sender, SEASON, roster(), until="2021-10-11 12:00")
    for moment in ("2021-10-12 08:59:59", "2021-10-12 17:00:01", "2021-10-12 23:00", "2021-10-16 10:00"):
        assert tick(engine, sender, moment) == 0
    assert tick(engine, sender, "2021-10-18 17:00") == 2


def test_who_had_a_digest_today_gets_the_next_one_tomorrow(engine: Engine, sender: Sender) -> None:
    live(engine, sender, SEASON, roster(), until="2021-10-11 12:00")
    other = SEASON.with_(id="test-2021-2", document_number="测〔2021〕2号")
    with writing(engine) as session:
        publish(session, other, now=at("2021-10-11 12:00"))
    # the second notice is planned an hour after the first one's digest has left
    plan(engine, now=at("2021-10-12 09:00"), notice="test-2021-1")
    assert digest(engine, now=at("2021-10-12 09:00")) == 1
    tick(engine, sender, "2021-10-12 10:00")
    with reading(engine) as session:
        days = [(mail.at, mail.state) for mail in mails(session) if mail.digest_day == at("2021-10-12 00:00").date()]
    assert days == [(at("2021-10-12 09:00"), MailState.SENT)]
    tick(engine, sender, "2021-10-13 09:00")
    with reading(engine) as session:
        later = told(session, "test-2021-2", start=at("2021-10-13 00:00"), until=at("2021-10-13 12:00"))
    assert [line(mail) for mail in later] == ["2021-10-13 09:00 reminder clerk@aa: aa/table due-3, aa/panel due-3"]


def test_what_was_handed_in_between_digest_and_sending_is_not_reminded(engine: Engine, sender: Sender) -> None:
    live(engine, sender, SEASON, roster(), until="2021-10-11 12:00")
    now = at("2021-10-12 09:00")
    plan(engine, now=now)
    assert digest(engine, now=now) == 1
    for name in ("table", "panel"):
        with writing(engine) as session:
            request = Request(notice="test-2021-1", unit="aa", deliverable=name, act=Act.SUBMIT)
            act(session, request, now=at("2021-10-12 09:00:30"))
    tick(engine, sender, "2021-10-12 09:01")
    with reading(engine) as session:
        states = {(mail.kind, mail.state) for mail in mails(session) if mail.at >= now}
    assert states == {("reminder", MailState.CANCELLED), ("received", MailState.SENT)}


def test_a_digest_that_waits_over_an_extension_states_no_superseded_day(engine: Engine, sender: Sender) -> None:
    live(engine, sender, SEASON, roster(), until="2021-10-11 12:00")
    now = at("2021-10-12 09:00")
    plan(engine, now=now)
    digest(engine, now=now)
    with writing(engine) as session:
        extend = Request(
            notice="test-2021-1", unit="aa", deliverable="table", act=Act.EXTEND, due=at("2021-10-22 00:00").date()
        )
        act(session, extend, now=now)
    tick(engine, sender, "2021-10-12 09:01")
    with reading(engine) as session:
        (reminder,) = [mail for mail in mails(session) if mail.kind == "reminder" and mail.at == now]
    assert reminder.state == MailState.SENT
    body = reminder.text.partition("其他")[0]
    assert ("panel" in body, "10月22日" in body) == (True, False)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_four_workers_at_once_are_one(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, sender: Sender
) -> None:
    """On SQLite in a file: in memory there is one connection only."""
    postgres = kind == "postgres"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path / 'duban.db'}"
    engine = installed(make_engine(url))
    _together(engine, sender, 4)
    engine.dispose()


def _together(engine: Engine, sender: Sender, workers: int) -> None:
    units = [unit(f"u{n:02}", "clerk", "chief", order=n) for n in range(1, 21)]
    begin(engine, SEASON, roster(*units), at=at("2021-09-24 10:00"))
    errors: list[BaseException] = []

    def work(number: int) -> None:
        mine = replace(sender, name=f"worker-{number}")
        try:
            for moment in ("2021-09-28 09:00", "2021-09-29 09:00", "2021-10-12 09:00"):
                # leases are of real time: a worker a virtual day behind is not dead
                sweep(engine, mine, now=at(moment), real_now=real_now())
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with reading(engine) as session:
        sent = mails(session)
    assert {mail.state for mail in sent} == {MailState.SENT}
    days = Counter((mail.to_email, mail.digest_day) for mail in sent if mail.digest_day)
    assert set(days.values()) == {1}
    assert {mail.attempts for mail in sent} == {1}


class Scripted(Rehearsal):
    """Answers with the outcomes of a script, then takes everything."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.taken: list[str] = []

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
        outcome = self.outcomes.pop(0) if self.outcomes else Sent()
        if isinstance(outcome, (Sent, Unknown)):
            self.taken.append(to)
        return outcome


def one_mail(engine: Engine, sender: Sender, *outcomes: Outcome, moments: list[str]) -> tuple[MailRow, list[str]]:
    """A unit with one person; the only mail meets these outcomes at ticks at these moments."""
    carrier = Scripted(*outcomes)
    mine = replace(sender, carrier=carrier)
    begin(engine, notice(stage(on("2021-12-10"))), roster(unit("aa", "clerk")), at=at("2021-09-24 10:00"))
    for moment in moments:
        tick(engine, mine, moment)
    with reading(engine) as session:
        (mail,) = [mail for mail in mails(session) if mail.kind == "notice"]
    return mail, carrier.taken


def test_a_deferred_mail_is_tried_again_after_half_an_hour(engine: Engine, sender: Sender) -> None:
    moments = ["2021-09-24 10:00", "2021-09-24 10:29", "2021-09-24 10:30"]
    mail, taken = one_mail(engine, sender, Deferred(reason="451"), moments=moments)
    assert (mail.state, mail.attempts, len(taken)) == (MailState.SENT, 2, 1)


def test_a_refused_mail_is_failed_and_stays_visible(engine: Engine, sender: Sender) -> None:
    refusal = Failed(reason="550 无此用户", permanent=True)
    mail, taken = one_mail(engine, sender, refusal, moments=["2021-09-24 10:00", "2021-09-25 10:00"])
    assert (mail.state, mail.reason, taken) == (MailState.FAILED, "550 无此用户", [])


def test_a_mail_in_doubt_is_sent_once_more_and_then_left_to_a_person(engine: Engine, sender: Sender) -> None:
    doubts = [Unknown(reason="断线")] * 3
    moments = ["2021-09-24 10:00", "2021-09-24 10:30", "2021-09-24 12:00", "2021-09-25 12:00"]
    mail, taken = one_mail(engine, sender, *doubts, moments=moments)
    assert (mail.state, len(taken)) == (MailState.UNKNOWN, 2)


def test_a_refused_connection_is_no_doubt(engine: Engine, sender: Sender) -> None:
    """Deferred, then lost once, then lost again: only the two losses count."""
    outcomes = [Deferred(reason="421"), Unknown(reason="断线"), Unknown(reason="断线")]
    moments = [f"2021-09-24 {hour}:30" for hour in range(10, 18)]
    mail, taken = one_mail(engine, sender, *outcomes, moments=moments)
    assert (mail.state, mail.attempts, mail.doubts, len(taken)) == (MailState.UNKNOWN, 3, 2, 2)


def test_a_pause_of_our_own_gives_no_mail_up(engine: Engine, sender: Sender) -> None:
    """First tried a week late, and refused for the moment: it is tried again."""
    moments = ["2021-10-08 09:00", "2021-10-08 10:00"]
    mail, taken = one_mail(engine, sender, Deferred(reason="451"), moments=moments)
    assert (mail.state, len(taken)) == (MailState.SENT, 1)


def test_a_mail_that_another_sender_has_taken_over_is_not_settled_twice(engine: Engine, sender: Sender) -> None:
    class Slow(Rehearsal):
        """So slow that its lease is over: the mail is taken for abandoned while it is under way."""

        def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
            recover(engine, real_now=at("2021-09-24 12:00"))
            return Sent()

    begin(engine, notice(stage(on("2021-12-10"))), roster(unit("aa", "clerk")), at=at("2021-09-24 10:00"))
    tick(engine, replace(sender, carrier=Slow()), "2021-09-24 10:00")
    with reading(engine) as session:
        (mail,) = mails(session)
    # the copy under way and one more: then it is left to a person
    assert (mail.state, mail.attempts, mail.doubts) == (MailState.UNKNOWN, 2, 2)


def test_what_a_dead_sender_left_is_sent_at_most_once_more(engine: Engine, sender: Sender) -> None:
    class Dying(Rehearsal):
        def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
            raise KeyboardInterrupt

    begin(engine, notice(stage(on("2021-12-10"))), roster(unit("aa", "clerk")), at=at("2021-09-24 10:00"))
    for moment in ("2021-09-24 10:00", "2021-09-24 11:00"):
        with pytest.raises(KeyboardInterrupt):
            tick(engine, replace(sender, carrier=Dying()), moment)
    tick(engine, sender, "2021-09-24 12:00")
    with reading(engine) as session:
        (mail,) = mails(session)
    assert (mail.state, mail.attempts) == (MailState.UNKNOWN, 2)


def test_a_poisoned_row_is_parked_and_the_others_leave(engine: Engine, sender: Sender) -> None:
    poisoned = replace(unit("aa", order=1), contacts=(Contact(role=Role.CLERK, person="x", email="no address"),))
    begin(engine, notice(), roster(poisoned, unit("bb", "clerk", order=2)), at=at("2021-09-24 10:00"))
    assert tick(engine, sender, "2021-09-24 10:00") == 1
    with reading(engine) as session:
        assert sorted(mail.state for mail in mails(session)) == [MailState.FAILED, MailState.SENT]


# ---- properties: any script, any ticks -------------------------------------------------------------------------


@given(scripts())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_done_the_promises_hold(script: list[Did]) -> None:
    check_promises(script)


@given(scripts(), st.lists(st.integers(0, 24 * 60), max_size=10))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_planning_twice_says_once_however_the_ticks_fall(script: list[Did], hours: list[int]) -> None:
    """Ticks at any hours, each twice, between the acts: no rung twice, no second digest on a day."""
    with throw_away() as (engine, sender):
        begin(engine, SEASON, UNITS, at=at("2021-09-24 10:00"))
        ticks = [(at("2021-09-25 00:00") + timedelta(hours=hour), None) for hour in hours]
        for moment, row in sorted([*ticks, *((r.at, r) for r in script)], key=lambda pair: pair[0]):
            if row is not None:
                _try(engine, row)
            else:
                sweep(engine, sender, now=moment, real_now=moment)
                again = sweep(engine, sender, now=moment, real_now=moment)
                assert (again.said, again.digests) == (0, 0)
        with reading(engine) as session:
            days = Counter((mail.to_email, mail.digest_day) for mail in mails(session) if mail.digest_day)
        assert all(count == 1 for count in days.values())
        assert rebuild(engine) == 0


def _try(engine: Engine, row: Did) -> None:
    try:
        with writing(engine) as session:
            request = Request(
                notice="test-2021-1",
                unit=row.unit,
                deliverable=row.deliverable,
                act=row.act,
                note=row.note,
                due=row.due,
            )
            act(session, request, now=row.at)
    except DubanError:
        return


def test_an_act_refused_leaves_no_half_change(engine: Engine, sender: Sender) -> None:
    before = live(engine, sender, SEASON, roster(), until="2021-10-11 12:00").story
    with pytest.raises(DubanError), writing(engine) as session:
        act(
            session,
            Request(notice="test-2021-1", unit="aa", deliverable="table", act=Act.APPROVE),
            now=at("2021-10-11 12:00"),
        )
    with reading(engine) as session:
        after = story(session, "test-2021-1", start=at("2021-09-24 10:00"), until=at("2021-10-11 12:00"))
    assert after == before
