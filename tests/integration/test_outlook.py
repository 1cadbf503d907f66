"""The days to come, foretold without living through them: the same figures as the ticks themselves."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from conftest import installed
from duban.domain.notice import Notice
from duban.domain.roster import Contact, Roster
from duban.domain.terms import MailKind, Role
from duban.services.circulating import circulate
from duban.services.digesting import digest
from duban.services.foreseeing import mails_ahead
from duban.services.installing import import_units
from duban.services.outlook import Outlook, outlook
from duban.services.planning import plan
from duban.services.publishing import publish
from factories import PARALLEL, at, deliverable, notice, on, roster, stage, unit
from models.session import make_engine, reading, writing

NOW = at("2021-09-24 10:00")
SHARED = Contact(role=Role.CLERK, person="兼办", email="Both@aa.example")
UNITS = roster(
    unit("aa", "clerk", "chief", "leader", order=1),
    unit("bb", "chief", order=2),
    unit("cc", "clerk", order=3, relation=PARALLEL),
    unit("mute", order=4),
    unit("county", "clerk", "leader", parent="aa", kind="county", order=5),
)


def known(engine: Engine, units: Roster = UNITS) -> Engine:
    with writing(engine) as session:
        import_units(session, units)
    return engine


def foretold(engine: Engine, asked: Notice, now: datetime = NOW) -> Outlook:
    with reading(engine) as session:
        return outlook(session, asked, now=now)


TWO = {"cities": {"name": "各市", "kinds": ["city"]}, "counties": {"name": "各县", "kinds": ["county"]}}
NOTICES = {
    "one day": notice(),
    "several": notice(
        stage(on("2021-09-28"), deliverable("scheme"), name="one"),
        stage(on("2021-10-15"), deliverable("a"), deliverable("b", who=["cities", "counties"]), name="two"),
        stage(on("2021-11-09", time="15:00"), deliverable("c", who=["counties"]), name="three"),
        classes=TWO,
    ),
    "no day": notice(stage({"kind": "none", "note": "原文未写"})),
    "weekly": notice(
        stage({"kind": "recurring", "every": "week", "weekday": 5, "until": "2021-11-12", "text": "每周五前"}),
    ),
    "a ladder of its own": notice(
        ladder={
            "rungs": [
                {"code": "due-5", "workdays": -5, "to": ["clerk", "leader"]},
                {"code": "late-2", "workdays": 2, "to": ["supervisor"], "kind": "escalation"},
            ]
        }
    ),
}
#: before and after the office opens, on a day of rest, when a rung is reached on the same day
MOMENTS = ["2021-09-24 08:00", "2021-09-24 10:00", "2021-10-02 12:00", "2021-09-27 07:00"]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", NOTICES)
def test_what_is_foretold_is_what_the_ticks_say(name: str, moment: str) -> None:
    engine = known(installed(make_engine("sqlite://")))
    told = foretold(engine, NOTICES[name], at(moment))
    lived = mails_ahead(engine, NOTICES[name], now=at(moment))
    until = max(lived, default=date.min)
    assert Counter({day: n for day, n in told.wanted.items() if day <= until}) == lived


def test_the_days_of_other_notices_are_counted_beside(engine: Engine) -> None:
    """A person who is written to about both gets one mail, as the ticks have it."""
    known(engine)
    other = notice(stage(on("2021-10-12")), id="other-2021-1", document_number="测〔2021〕2号")
    with writing(engine) as session:
        publish(session, other, now=at("2021-09-22 10:00"))
    circulate(engine)
    for moment in ("2021-09-23 09:00", "2021-09-24 09:00"):
        plan(engine, now=at(moment))
        digest(engine, now=at(moment))
    told = foretold(engine, notice())
    lived = mails_ahead(engine, notice(), now=NOW)
    until = max(lived)
    assert Counter({day: n for day, n in told.wanted.items() if day <= until}) == lived
    assert sum(day.others for day in told.days) > 0


def test_who_works_for_two_units_is_written_to_once(engine: Engine) -> None:
    shared = roster(*(replace(unit(name, order=n), contacts=(SHARED,)) for n, name in enumerate(("aa", "bb"), 1)))
    known(engine, shared)
    told = foretold(engine, notice())
    # beside the clerk, late-5 speaks to the chief of the unit above
    assert [day.mails for day in told.days] == [1, 1, 1, 1, 1, 1, 1, 2]
    assert told.days[0].kinds == {MailKind.NOTICE: 1}


def test_the_busiest_week_of_a_unit(engine: Engine) -> None:
    """Before 15 October: the notice and due-7 early, due-3 and due-1 and due-0 in the last week."""
    known(engine, roster(unit("aa", "clerk", order=1), unit("bb", "clerk", order=2)))
    told = foretold(engine, notice())
    assert (told.most_per_week, told.busiest_week, told.busiest_units) == (3, date(2021, 10, 11), 2)


def test_a_notice_that_binds_nobody_has_no_days(engine: Engine) -> None:
    known(engine)
    asked = notice(stage(on("2021-10-15"), deliverable(who=[])))
    assert foretold(engine, asked) == Outlook(days=())


@pytest.mark.soak
def test_many_units_with_ten_materials() -> None:
    """The days, against living through them."""
    engine = known(
        installed(make_engine("sqlite://")), roster(*(unit(f"u{n}", "clerk", "chief", order=n) for n in range(300)))
    )
    stages = [stage(on(day), *(deliverable(f"d{n}{day[-2:]}") for n in range(5)), name=day) for day in DAYS]
    told, lived = foretold(engine, notice(*stages)), mails_ahead(engine, notice(*stages), now=NOW)
    assert told.wanted == lived


DAYS = ("2021-09-28", "2021-10-15")
