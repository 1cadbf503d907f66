"""The coordinator's summary: what it foresees is what will be sent, once a day, only when there is something to say."""

from dataclasses import replace
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine

from duban.domain.terms import Act, MailKind, Role, TaskKind
from duban.services.acting import Request, act
from duban.services.delivering import Sender, deliver
from duban.services.digesting import digest
from duban.services.publishing import publish
from duban.services.records import Records
from duban.services.replaying import begin, live_through
from duban.services.summarizing import summarize, summary
from duban.services.sweeping import sweep
from factories import at, deliverable, notice, on, roster, stage, unit
from models import MailRow, MailState
from models.outbox import mails
from models.session import reading, writing
from notifications.letter import Planned, Summary
from notifications.post import Failed, Outcome, Rehearsal

MONDAY_EVENING = at("2021-10-11 16:30")


def began(engine: Engine, sender: Sender, *, until: str) -> None:
    """Two cities owe two things by 10-15; nobody acts until a moment."""
    told = notice(stage(on("2021-10-15"), deliverable("report"), deliverable("photos")))
    cities = (unit("aa", "clerk", "chief"), unit("bb", "clerk", order=2))
    start = at("2021-09-24 10:00")
    begin(engine, told, roster(*cities), at=start)
    live_through(engine, told, [], sender, start=start, until=at(until))


def said(engine: Engine) -> Summary:
    """The one summary in the outbox, as it stands now."""
    with reading(engine) as session:
        (mail,) = summaries(engine)
        found = summary(Records(session), mail)
    assert found is not None
    return found


def summaries(engine: Engine) -> list[MailRow]:
    with reading(engine) as session:
        return [mail for mail in mails(session) if mail.kind == MailKind.SUMMARY]


def test_it_foresees_the_next_digests_and_leaves_as_a_mail(engine: Engine, sender: Sender) -> None:
    began(engine, sender, until="2021-10-11 16:00")
    assert summarize(engine, now=MONDAY_EVENING) == 1
    foreseen = said(engine)
    assert foreseen.planned == tuple(
        Planned(
            unit_name=f"{name}市",
            person_name="clerk",
            role=Role.CLERK,
            kind=MailKind.REMINDER,
            items=("report", "photos"),
        )
        for name in ("aa", "bb")
    )
    assert foreseen.figures == (("应报", 4), ("未报", 4), ("逾期", 0), ("待审", 0), ("办结", 0))

    assert deliver(engine, sender, now=MONDAY_EVENING, real_now=MONDAY_EVENING) == 1
    (mail,) = summaries(engine)
    assert (mail.to_email, mail.state) == ("clerk@prov.example", MailState.SENT)
    assert mail.subject == "【每日小结】10月12日将发邮件2封，待办0项，未送达0封｜prov市"

    sweep(engine, sender, now=at("2021-10-12 09:00"), real_now=at("2021-10-12 09:00"))
    with reading(engine) as session:
        next_day = [mail.to_email for mail in mails(session) if mail.at == at("2021-10-12 09:00")]
    assert next_day == ["clerk@aa.example", "clerk@bb.example"]


def test_once_a_day(engine: Engine, sender: Sender) -> None:
    began(engine, sender, until="2021-10-11 16:00")
    assert summarize(engine, now=MONDAY_EVENING) == 1
    assert summarize(engine, now=at("2021-10-11 17:30")) == 0
    sweep(engine, sender, now=at("2021-10-12 09:00"), real_now=at("2021-10-12 09:00"))
    assert summarize(engine, now=at("2021-10-12 16:30")) == 0, "nothing to say on the next day"
    assert summarize(engine, now=at("2021-10-13 16:30")) == 1


@pytest.mark.parametrize("rest", ["2021-10-10 16:30", "2021-10-16 16:30"])
def test_silent_on_days_of_rest(engine: Engine, sender: Sender, rest: str) -> None:
    began(engine, sender, until="2021-10-08 16:00")
    assert summarize(engine, now=at(rest)) == 0


def test_what_is_handed_in_is_foreseen_for_the_reviewer(engine: Engine, sender: Sender) -> None:
    began(engine, sender, until="2021-10-11 16:00")
    with writing(engine) as session:
        for name in ("report", "photos"):
            request = Request(notice="test-2021-1", unit="aa", deliverable=name, act=Act.SUBMIT)
            act(session, request, now=at("2021-10-11 16:10"))
    summarize(engine, now=MONDAY_EVENING)
    assert [(mail.unit_name, mail.items) for mail in said(engine).planned] == [
        ("prov市", ("aa市report", "aa市photos")),
        ("bb市", ("report", "photos")),
    ]


class Refusing(Rehearsal):
    """Refuses one address."""

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
        return Failed(reason="地址不存在", permanent=True) if to == "clerk@bb.example" else super().deliver(message, to)


def test_it_tells_what_failed_and_what_is_left_to_do(engine: Engine, sender: Sender) -> None:
    began(engine, replace(sender, carrier=Refusing()), until="2021-10-21 16:00")
    summarize(engine, now=at("2021-10-21 16:30"))
    found = said(engine)
    assert {(mail.unit_name, mail.reason) for mail in found.undelivered} == {("bb市", "地址不存在")}
    assert {(todo.kind, todo.unit_name) for todo in found.todos} == {
        (TaskKind.CONTACT_GAP, "aa市"),
        (TaskKind.CONTACT_GAP, "bb市"),
        (TaskKind.UNDELIVERED, "bb市"),
    }


def test_what_waits_for_the_next_digest_is_foreseen_too(engine: Engine, sender: Sender) -> None:
    """A rung said after the person's digest of the day leaves with the next one."""
    began(engine, sender, until="2021-10-12 16:00")
    other = notice(stage(on("2021-10-15"), deliverable("plan")), id="test-2021-2", document_number="测〔2021〕2号")
    with writing(engine) as session:
        publish(session, other, now=at("2021-10-11 15:00"))
    sweep(engine, sender, now=at("2021-10-12 16:10"), real_now=at("2021-10-12 16:10"))
    assert digest(engine, now=at("2021-10-12 16:20")) == 0
    summarize(engine, now=at("2021-10-12 16:30"))
    assert [mail.items for mail in said(engine).planned] == [("plan",), ("plan",)]
