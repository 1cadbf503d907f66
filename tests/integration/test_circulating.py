"""Notice mails: owed by the publication, made person by person, each whole and once."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

import duban.services.circulating as circulating
from duban.domain.notice import Notice
from duban.domain.roster import Contact, Roster
from duban.domain.terms import Role
from duban.services.circulating import circulate
from duban.services.installing import import_units
from duban.services.publishing import publish
from factories import at, notice, roster, unit
from models import MailRow
from models.outbox import items_of, mails
from models.session import reading, writing
from models.task import tasks_of

PUBLISHED = at("2021-09-24 10:00")


def published(engine: Engine, units: Roster, defined: Notice | None = None) -> None:
    """Units and publication; the notice mails are owed."""
    with writing(engine) as session:
        import_units(session, units)
    with writing(engine) as session:
        publish(session, defined or notice(), now=PUBLISHED)


def told(engine: Engine) -> list[tuple[str, str, int]]:
    """Address, role and number of items of every mail, by address."""
    with reading(engine) as session:
        return [(mail.to_email, mail.role, items(session, mail)) for mail in mails(session)]


def items(session: Session, mail: MailRow) -> int:
    assert mail.id is not None
    return len(items_of(session, [mail.id])[mail.id])


def test_publishing_owes_the_mails_and_circulating_makes_each_once(engine: Engine) -> None:
    published(engine, roster(unit("aa", "clerk", "chief", order=1), unit("bb", "clerk", order=2)))
    assert told(engine) == []
    assert (circulate(engine), circulate(engine)) == (3, 0)
    assert told(engine) == [
        ("chief@aa.example", "chief", 1),
        ("clerk@aa.example", "clerk", 1),
        ("clerk@bb.example", "clerk", 1),
    ]


def test_who_is_in_several_units_gets_one_mail_whatever_the_batch_and_the_case_of_letters(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circulating, "BATCH", 1)
    same = [Contact(role=Role.CLERK, person="both", email=email) for email in ("Both@x.example", "both@X.example")]
    units = roster(
        unit("aa", "chief", order=1),
        replace(unit("bb", order=2), contacts=(same[0],)),
        replace(unit("cc", order=3), contacts=(same[1],)),
    )
    published(engine, units)
    assert circulate(engine) == 2
    assert told(engine) == [("Both@x.example", "clerk", 2), ("chief@aa.example", "clerk", 1)]


def test_broken_off_it_goes_on_with_the_next_person(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(circulating, "BATCH", 1)
    published(engine, roster(unit("aa", "clerk", order=1), unit("bb", "clerk", order=2), unit("cc", "clerk", order=3)))
    plain, calls = circulating.mail_of, []

    def breaks_off(*parts: object, **named: object) -> dict[str, object]:
        calls.append(named["key"])
        if len(calls) == 2:
            raise RuntimeError("the power is gone")
        return plain(*parts, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(circulating, "mail_of", breaks_off)
    with pytest.raises(RuntimeError):
        circulate(engine)
    assert [email for email, *_ in told(engine)] == ["clerk@aa.example"]
    assert circulate(engine) == 2
    assert [email for email, *_ in told(engine)] == [f"clerk@{name}.example" for name in ("aa", "bb", "cc")]


def test_units_in_which_nobody_can_be_written_to_are_gaps_once(engine: Engine) -> None:
    published(engine, roster(unit("aa", "clerk", order=1), unit("bb", order=2)))
    circulate(engine)
    with reading(engine) as session:
        found = [(task.kind, task.unit_id, task.text) for task in tasks_of(session, "test-2021-1")]
    assert found == [("contact_gap", "bb", "bb市没有可用的填报人邮箱，邮件无法送达，请补登联系人。")]
