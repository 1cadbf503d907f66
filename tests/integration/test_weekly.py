"""A supervisor's weekly table: once a week, on its first working day, only to whom asked, only of what is overdue."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from conftest import installed
from duban.domain.terms import Hat, MailKind
from duban.reading.workdays import seed
from duban.services.delivering import deliver
from duban.services.people import disable, find
from duban.services.records import Records
from duban.services.weekly import begins, remind_supervisors, weekly, wish
from factories import at
from models import MailRow
from models.outbox import mails
from models.session import make_engine, reading, writing
from notifications.letter import Person
from notifications.weekly import Overdue, Weekly
from stories import did
from supervising_season import NOTICE, START, browser, live, office, sender, staff

CHIEF = "chief@aa.example"
FRIDAY, MONDAY = "2021-10-22 16:30", "2021-10-25 09:00"


@pytest.fixture
def quick() -> Iterator[Engine]:
    made = installed(make_engine("sqlite://"))
    yield made
    made.dispose()


def asked(engine: Engine, *, until: str = FRIDAY) -> Engine:
    """The supervisor of a city has asked for it; the other city's has not."""
    handed_in = [did("2021-10-14 10:00", name, "photos", "submit") for name in ("aa", "county")]
    live(engine, *handed_in, until=until)
    staff(
        engine,
        (CHIEF, "赵科长", ((Hat.SUPERVISOR, "aa"),)),
        ("chief@bb.example", "钱科长", ((Hat.SUPERVISOR, "bb"),)),
    )
    with writing(engine) as session:
        assert wish(session, find(session, CHIEF), now=START)
    return engine


def sent(engine: Engine) -> list[MailRow]:
    with reading(engine) as session:
        return [mail for mail in mails(session) if mail.kind == MailKind.WEEKLY]


def test_one_table_on_monday_at_nine(engine: Engine) -> None:
    asked(engine)
    assert remind_supervisors(engine, now=at(FRIDAY)) == 1
    (mail,) = sent(engine)
    assert (mail.key, mail.to_email, mail.not_before) == ("weekly:chief@aa.example:2021-W43", CHIEF, at(MONDAY))
    # said on Friday evening it does not leave before; run again it is not put twice
    assert deliver(engine, sender(), now=at("2021-10-25 08:59"), real_now=at("2021-10-25 08:59")) == 0
    assert [remind_supervisors(engine, now=at(moment)) for moment in (FRIDAY, "2021-10-24 12:00", MONDAY)] == [0, 0, 0]
    assert deliver(engine, sender(), now=at(MONDAY), real_now=at(MONDAY)) == 1
    (mail,) = sent(engine)
    assert mail.subject == "【每周督办】2个单位逾期2项｜aa市"
    assert "截至10月25日，aa市所辖2个单位逾期2项。" in mail.text
    assert "bb市" not in mail.text
    # and in the next week anew
    assert remind_supervisors(engine, now=at("2021-10-29 16:30")) == 1


def test_what_it_says(quick: Engine) -> None:
    asked(quick)
    remind_supervisors(quick, now=at(FRIDAY))
    (mail,) = sent(quick)
    with reading(quick) as session:
        found = weekly(Records(session), mail, base_url="https://duban.example")
    about = {"notice_title": NOTICE.title, "document_number": NOTICE.document_number, "deliverable_name": "工作总结"}
    late = {"due_day": date(2021, 10, 15), "days": 10, "workdays": 6}
    assert found == Weekly(
        to=Person(name="赵科长", email=CHIEF),
        unit_name="aa市",
        sender_name="prov市",
        rows=tuple(Overdue(**about, **late, unit_name=name) for name in ("aa市", "county市")),  # type: ignore[arg-type]
        units=2,
        url="https://duban.example/supervision",
        message_id=mail.message_id,
        now=at(MONDAY),
    )


def test_nothing_overdue_no_mail(quick: Engine) -> None:
    """Neither asked for nor, where it is handed in over the weekend, sent."""
    asked(quick, until="2021-10-08 16:30")
    assert remind_supervisors(quick, now=at("2021-10-08 16:30")) == 0
    assert remind_supervisors(quick, now=at("2021-10-15 16:30")) == 1
    with writing(quick) as session:
        disable(session, CHIEF, by="test", now=START)
    assert deliver(quick, sender(), now=at("2021-10-18 09:00"), real_now=at("2021-10-18 09:00")) == 0
    assert [mail.state for mail in sent(quick)] == ["cancelled"]


def test_who_has_asked_no_more_gets_none(quick: Engine) -> None:
    asked(quick)
    remind_supervisors(quick, now=at(FRIDAY))
    with writing(quick) as session:
        assert not wish(session, find(session, CHIEF), now=at(FRIDAY))
    assert deliver(quick, sender(), now=at(MONDAY), real_now=at(MONDAY)) == 0
    assert remind_supervisors(quick, now=at("2021-10-29 16:30")) == 0


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ("2021-10-22 16:30", "2021-10-25 09:00"),
        ("2021-10-23 10:00", "2021-10-25 09:00"),
        # missed, and made up for within the office hours of that day
        ("2021-10-25 08:00", "2021-10-25 09:00"),
        ("2021-10-25 16:30", "2021-10-25 16:30"),
        ("2021-10-25 17:01", None),
        ("2021-10-26 16:30", None),
        # the week of the holidays begins on Friday; the Saturday after it is worked and begins nothing
        ("2021-09-30 16:30", "2021-10-08 09:00"),
        ("2021-10-08 16:30", "2021-10-08 16:30"),
        ("2021-10-09 16:30", "2021-10-11 09:00"),
        # a Sunday that is worked ends its week
        ("2021-09-25 16:30", None),
        ("2021-09-26 16:30", "2021-09-27 09:00"),
    ],
)
def test_a_week_begins_on_its_first_working_day(moment: str, leaves: str | None) -> None:
    assert begins(seed(), at(moment)) == (leaves and at(leaves))


def test_the_box_on_the_page(quick: Engine, tmp_path: Path) -> None:
    duban = office(live(quick), tmp_path)
    chief = browser(duban, CHIEF, (Hat.SUPERVISOR, "aa"))
    assert "未开通" in chief.get("/supervision").text
    assert chief.post("/supervision/weekly").headers["location"] == "/supervision?done=weekly"
    assert "已开通" in chief.get("/supervision").text
    assert chief.post("/supervision/weekly").headers["location"] == "/supervision?done=unweekly"
    assert "未开通" in chief.get("/supervision").text
    assert (
        browser(duban, "office@prov.example", (Hat.COORDINATOR, "prov")).post("/supervision/weekly").status_code == 403
    )
