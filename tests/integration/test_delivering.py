"""One mail's way out: looked at once more, marked, transmitted once, settled; whatever happens in between."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from carriers import Answering, Virtual, said
from duban.domain.terms import Act, TaskKind
from duban.services import drafts, pausing
from duban.services.acting import Request, act
from duban.services.delivering import BUDGET, Sender, deliver
from duban.services.digesting import digest
from duban.services.installing import import_units
from duban.services.planning import plan
from duban.services.replaying import begin
from factories import at, notice, on, roster, stage, unit
from models import AccountRow, MailRow, MailState
from models.gate import refuse_address
from models.outbox import mails
from models.session import reading, writing
from models.setting import ROSTER, new_version, setting
from models.task import tasks_of
from models.unit import ContactRow
from notifications.answer import Step
from notifications.outcome import Brake
from notifications.post import Deferred, Failed, Outcome, Rehearsal, Sent, Unknown

TEN = at("2021-09-24 10:00")
NOTICE = notice(stage(on("2021-10-15")))


def begun(engine: Engine, count: int = 2) -> None:
    """So many cities, each with a clerk, and their notice mails in the outbox."""
    cities = (unit(f"c{n}", "clerk", order=n) for n in range(1, count + 1))
    begin(engine, NOTICE, roster(*cities), at=TEN)


def by(carrier: Rehearsal, **more: Any) -> Sender:
    return Sender(name="test", carrier=carrier, account="duban@duban.invalid", watch=Virtual(), **more)


def send(engine: Engine, carrier: Rehearsal, now: datetime = TEN, **more: Any) -> int:
    return deliver(engine, by(carrier, **more), now=now, real_now=now)


def outbox(engine: Engine) -> list[MailRow]:
    with reading(engine) as session:
        return sorted(mails(session), key=lambda mail: mail.id or 0)


def states(engine: Engine) -> list[str]:
    return [mail.state for mail in outbox(engine)]


# ---- the order of things ----------------------------------------------------------------------------------------


def test_at_any_moment_one_mail_is_under_way_and_the_former_is_settled(engine: Engine) -> None:
    begun(engine, 3)
    seen = []

    class Looking(Rehearsal):
        def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
            seen.append(states(engine))
            return Sent()

    assert send(engine, Looking()) == 3
    assert seen == [["data", "claimed", "claimed"], ["sent", "data", "claimed"], ["sent", "sent", "data"]]
    assert states(engine) == ["sent", "sent", "sent"]


@contextmanager
def counted(module: ModuleType, name: str) -> Iterator[list[object]]:
    """The calls of a function, as they come."""
    plain, calls = getattr(module, name), []

    def noted(*parts: object, **named: object) -> object:
        calls.append(parts)
        return plain(*parts, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, noted)
        yield calls


def commits(engine: Engine, count: int) -> int:
    """How often sending so many mails commits."""
    begun(engine, count)
    found: list[object] = []

    def note(connection: object) -> None:
        found.append(connection)

    event.listen(engine, "commit", note)
    send(engine, Rehearsal())
    event.remove(engine, "commit", note)
    return len(found)


def test_a_mail_costs_two_transactions_and_an_account_without_limits_is_not_written(engine: Engine) -> None:
    """One that marks it as under way, one that settles it; and a few for the whole run."""
    assert commits(engine, 3) == 2 * 3 + 4
    with reading(engine) as session:
        assert list(session.exec(select(AccountRow))) == []


def test_what_is_composed_ahead_is_what_leaves(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing goes wrong unnoticed while composing ahead, and nothing is composed twice."""
    begun(engine, 3)
    with caplog.at_level(logging.INFO, logger="duban.services.delivering"), counted(drafts, "compose") as composed:
        send(engine, Rehearsal())
    assert (caplog.messages, len(composed)) == ([], 3)


def test_an_interrupt_leaves_one_mail_under_way_and_gives_the_others_back(engine: Engine) -> None:
    begun(engine, 3)

    class Interrupted(Answering):
        def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
            if len(self.handed) == 1:
                raise KeyboardInterrupt
            return super().deliver(message, to)

    with pytest.raises(KeyboardInterrupt):
        send(engine, Interrupted())
    assert states(engine) == ["sent", "data", "pending"]


def test_a_carrier_that_breaks_leaves_its_mail_in_doubt_and_the_others_go_on(engine: Engine) -> None:
    begun(engine, 2)

    class Broken(Answering):
        def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
            if to == "clerk@c1.example":
                raise ValueError("no such codec")
            return super().deliver(message, to)

    assert send(engine, Broken()) == 1
    assert [(mail.state, mail.doubts, mail.reason) for mail in outbox(engine)] == [
        ("deferred", 1, "发送时出错，是否送达不明（ValueError no such codec）"),
        ("sent", 0, ""),
    ]


def test_a_poisoned_mail_of_any_kind_is_parked_with_its_reason(engine: Engine) -> None:
    begun(engine, 3)
    with writing(engine) as session:
        first, second, _ = sorted(mails(session), key=lambda mail: mail.id or 0)
        first.role, second.to_email = "no role", "no address"
        session.add_all([first, second])
        # as the unit file has it: else it would go to who is a contact now
        (contact,) = session.exec(select(ContactRow).where(ContactRow.unit_id == second.unit_id))
        contact.email = second.to_email
        session.add(contact)
        new_version(session, ROSTER)
    assert send(engine, Rehearsal()) == 1
    assert [(mail.state, mail.reason.partition("（")[0]) for mail in outbox(engine)] == [
        ("failed", "邮件成文出错，没有发送"),
        ("failed", "邮箱地址不正确：no address"),
        ("sent", ""),
    ]


# ---- the last moment --------------------------------------------------------------------------------------------


def test_what_is_handed_in_after_the_mail_was_composed_ahead_is_not_sent(engine: Engine) -> None:
    """Two digests are composed ahead; while the first is under way, the second unit hands in."""
    begun(engine, 2)
    send(engine, Rehearsal())
    nine = at("2021-10-12 09:00")
    plan(engine, now=nine)
    digest(engine, now=nine)

    class HandingIn(Answering):
        def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
            if not self.handed:
                request = Request(notice="test-2021-1", unit="c2", deliverable="report", act=Act.SUBMIT)
                with writing(engine) as session:
                    act(session, request, now=nine)
            return super().deliver(message, to)

    send(engine, HandingIn(), nine)
    kinds = [(mail.to_email, mail.kind, mail.state) for mail in outbox(engine) if mail.at == nine]
    assert kinds == [
        ("clerk@c1.example", "reminder", "sent"),
        ("clerk@c2.example", "reminder", "cancelled"),
        ("clerk@c2.example", "received", "sent"),
    ]


def test_a_mail_says_what_stands_when_it_leaves_not_when_it_was_composed(engine: Engine) -> None:
    begun(engine, 2)

    class Renaming(Answering):
        def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
            if not self.handed:
                with writing(engine) as session:
                    import_units(session, roster(replace(unit("c2", "clerk", order=2), name="新名市")))
            return super().deliver(message, to)

    send(engine, Renaming())
    assert ["新名市" in mail.subject for mail in outbox(engine)] == [False, True]


def test_paused_mail_does_not_leave_and_is_not_lost(engine: Engine) -> None:
    begun(engine, 1)
    with writing(engine) as session:
        pausing.pause(session, "核对名册", by="issuer", now=TEN)
    assert (send(engine, Rehearsal()), states(engine)) == (0, ["pending"])
    with writing(engine) as session:
        pausing.resume(session, by="issuer", now=TEN)
    assert (send(engine, Rehearsal()), states(engine)) == (1, ["sent"])


def test_a_reminder_that_could_not_leave_in_office_hours_waits_for_the_morning(engine: Engine) -> None:
    begun(engine, 1)
    send(engine, Rehearsal())
    evening, morning = at("2021-10-12 17:01"), at("2021-10-13 09:00")
    plan(engine, now=at("2021-10-12 16:50"))
    digest(engine, now=at("2021-10-12 16:50"))
    assert send(engine, Rehearsal(), evening) == 0
    (_, reminder) = outbox(engine)
    assert (reminder.state, reminder.not_before) == ("pending", morning)
    assert send(engine, Rehearsal(), morning) == 1


def test_a_reminder_of_yesterday_counts_its_days_from_today(engine: Engine) -> None:
    begun(engine, 1)
    send(engine, Rehearsal())
    plan(engine, now=at("2021-10-12 16:50"))
    digest(engine, now=at("2021-10-12 16:50"))
    send(engine, Rehearsal(), at("2021-10-13 09:00"))
    (_, reminder) = outbox(engine)
    assert "还有2个工作日" in reminder.subject


def test_a_reminder_of_yesterday_is_dropped_where_today_says_it_again(engine: Engine) -> None:
    begun(engine, 1)
    send(engine, Rehearsal())
    for moment in ("2021-10-12 16:50", "2021-10-14 09:00"):
        plan(engine, now=at(moment))
        digest(engine, now=at(moment))
    assert send(engine, Rehearsal(), at("2021-10-14 09:00")) == 1
    assert [(mail.digest_day, mail.state) for mail in outbox(engine)[1:]] == [
        (date(2021, 10, 12), "cancelled"),
        (date(2021, 10, 14), "sent"),
    ]


# ---- what becomes of it -----------------------------------------------------------------------------------------


def test_a_dead_address_is_written_to_no_more_and_looked_after(engine: Engine) -> None:
    begin(engine, NOTICE, roster(unit("aa", "clerk", "chief")), at=TEN)
    gone = Failed(reason="550 User not found", permanent=True)

    class Gone(Answering):
        def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
            super().deliver(message, to)
            return gone if to == "clerk@aa.example" else Sent()

    send(engine, Gone())
    nine = at("2021-10-12 09:00")
    plan(engine, now=nine)
    digest(engine, now=nine)
    later = Answering()
    send(engine, later, nine)
    assert later.readers == ["chief@aa.example"]
    with reading(engine) as session:
        contacts = {row.email: (row.refused_at, row.refusal) for row in session.exec(select(ContactRow))}
        tasks = [(task.kind, task.unit_id, task.text) for task in tasks_of(session, NOTICE.id)]
    assert contacts["clerk@aa.example"] == (TEN, "550 User not found")
    assert contacts["chief@aa.example"] == (None, "")
    text = (
        "请核实联系人：aa市填报人clerk的邮箱 clerk@aa.example 收不到邮件（550 User not found），请更正后重新导入名册。"
    )
    assert tasks == [(TaskKind.UNDELIVERED, "aa", text)]


def test_a_mail_that_waits_for_a_dead_address_is_not_sent(engine: Engine) -> None:
    begin(engine, NOTICE, roster(unit("aa", "clerk")), at=TEN)
    send(engine, Answering(Deferred(reason="450", code=450)))
    with writing(engine) as session:
        refuse_address(session, "clerk@aa.example", at=TEN, words="550 User not found")
    carrier = Answering()
    send(engine, carrier, TEN + timedelta(hours=1))
    assert carrier.readers == []
    assert [(mail.state, mail.reason) for mail in outbox(engine)] == [
        ("failed", "该邮箱收不到邮件：550 User not found")
    ]


def test_a_refusal_of_the_message_says_nothing_of_the_address(engine: Engine) -> None:
    begun(engine, 1)
    send(engine, Answering(Failed(reason="554 rejected", permanent=False)))
    with reading(engine) as session:
        assert [task.kind for task in tasks_of(session, NOTICE.id)] == []
        assert {row.refused_at for row in session.exec(select(ContactRow))} == {None}


def test_too_big_it_leaves_once_more_without_attachment(engine: Engine) -> None:
    begun(engine, 1)
    carrier = Answering(said(552, "exceeded mailsize", Step.DOT))
    assert send(engine, carrier) == 1
    first, second = carrier.messages
    assert second.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in second.iter_parts()] == ["text/plain", "text/html"]
    assert first["Message-ID"] == second["Message-ID"]
    (mail,) = outbox(engine)
    assert (mail.state, mail.bare, mail.attempts) == ("sent", True, 2)


def test_too_big_without_attachment_too_it_waits_like_any_other(engine: Engine) -> None:
    begun(engine, 1)
    big = said(552, "exceeded mailsize", Step.DOT)
    assert send(engine, Answering(big, big)) == 0
    (mail,) = outbox(engine)
    assert (mail.state, mail.bare, mail.attempts) == ("deferred", True, 2)


@pytest.mark.parametrize(("tries", "state"), [(2, "deferred"), (3, "failed")])
def test_greylisted_three_times_it_is_given_up(engine: Engine, tries: int, state: str) -> None:
    begun(engine, 1)
    grey = said(451, "DT:SPM please try again", Step.DOT)
    for number in range(tries):
        send(engine, Answering(grey), TEN + timedelta(minutes=3) * number)
    (mail,) = outbox(engine)
    assert (mail.state, mail.attempts) == (state, tries)


def test_pauses_that_the_answer_names_come_one_after_the_other(engine: Engine) -> None:
    begun(engine, 1)
    flooded = Deferred(reason="550", code=550, pause=timedelta(minutes=10), then=(timedelta(hours=1),))
    moment, pauses = TEN, []
    for _ in range(3):
        send(engine, Answering(flooded), moment)
        (mail,) = outbox(engine)
        pauses.append(mail.not_before - moment)
        moment = mail.not_before
    assert pauses == [timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)]


def test_the_usual_pauses_double_up_to_eight_hours_and_end_after_sixteen_tries(engine: Engine) -> None:
    begun(engine, 1)
    moment, hours = TEN, []
    for _ in range(16):
        send(engine, Answering(Deferred(reason="450 busy", code=450)), moment)
        (mail,) = outbox(engine)
        hours.append((mail.not_before - moment) / timedelta(hours=1))
        moment = mail.not_before
    assert hours[:7] == [0.5, 1, 2, 4, 8, 8, 8]
    assert (mail.state, mail.attempts) == ("failed", 16)


def test_lost_after_its_text_had_begun_it_leaves_once_more_under_the_same_number(engine: Engine) -> None:
    begun(engine, 1)
    carrier = Answering(Unknown(reason="断线"), Unknown(reason="断线"))
    send(engine, carrier)
    send(engine, carrier, TEN + timedelta(hours=1))
    send(engine, carrier, TEN + timedelta(hours=2))
    assert len(carrier.handed) == 2
    assert len({number for _, number, _ in carrier.handed}) == 1
    assert states(engine) == [MailState.UNKNOWN]


def test_taken_for_spam_all_mail_rests_and_none_is_lost(engine: Engine) -> None:
    begun(engine, 3)
    carrier = Answering(said(554, "DT:SPM", Step.DOT))
    assert send(engine, carrier) == 0
    assert (len(carrier.handed), states(engine)) == (1, ["deferred", "pending", "pending"])
    with reading(engine) as session:
        assert "垃圾邮件" in (setting(session, pausing.PAUSED) or "")
    assert send(engine, Rehearsal(), TEN + timedelta(hours=2)) == 0
    with writing(engine) as session:
        pausing.resume(session, by="issuer", now=TEN)
    assert send(engine, Rehearsal(), TEN + timedelta(hours=2)) == 3


# ---- runs -------------------------------------------------------------------------------------------------------


class Taking(Rehearsal):
    """Takes so many seconds for a mail."""

    def __init__(self, watch: Virtual, seconds: float) -> None:
        self.watch = watch
        self.seconds = seconds

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
        self.watch.passed += self.seconds
        return Sent()


@pytest.mark.parametrize(("seconds", "sent"), [(239, 3), (240, 2)])
def test_a_run_ends_before_the_next_one_begins(engine: Engine, seconds: int, sent: int) -> None:
    begun(engine, 4)
    assert timedelta(minutes=8) == BUDGET
    watch = Virtual()
    sender = replace(by(Taking(watch, seconds)), watch=watch)
    assert deliver(engine, sender, now=TEN, real_now=TEN) == sent
    assert states(engine) == ["sent"] * sent + ["pending"] * (4 - sent)


def test_without_a_budget_all_leaves(engine: Engine) -> None:
    begun(engine, 4)
    watch = Virtual()
    sender = replace(by(Taking(watch, 1000)), watch=watch, budget=None)
    assert deliver(engine, sender, now=TEN, real_now=TEN) == 4


def test_ten_thousand_mails_that_may_not_leave_yet_keep_none_back(engine: Engine) -> None:
    later = {
        "kind": "notice",
        "to_email": "a@b.example",
        "to_person": "",
        "unit_id": "prov",
        "role": "clerk",
        "at": TEN,
    }
    with writing(engine) as session:
        import_units(session, roster(unit("c1", "clerk")))
        session.add_all(
            MailRow(key=f"k{n}", message_id=f"<{n}@x.invalid>", code="", not_before=TEN + timedelta(days=1), **later)
            for n in range(10_000)
        )
    begun(engine, 1)
    carrier = Answering()
    assert send(engine, carrier) == 1
    assert carrier.readers == ["clerk@c1.example"]


def test_a_brake_without_end_lets_the_mail_wait(engine: Engine) -> None:
    """A server that always wants another connection is not asked for ever."""
    begun(engine, 1)
    again = Deferred(reason="450", code=450, brake=Brake(zh="慢", en="slow"))
    carrier = Answering(*[again] * 20)
    assert send(engine, carrier) == 0
    (mail,) = outbox(engine)
    assert (len(carrier.handed), mail.state, mail.attempts) == (7, "deferred", 0)
