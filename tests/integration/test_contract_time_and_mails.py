"""The contract on publication, time, rungs and mails; on SQLite and on PostgreSQL."""

import json

import pytest
from sqlalchemy import Engine

from duban.services.delivering import Sender
from factories import PARALLEL, deliverable, notice, on, roster, stage, unit
from stories import did, live

REPORT = notice(stage(on("2021-10-15")))


@pytest.mark.contract("replay publishes on that day at 10:00 unless `--from T`")
@pytest.mark.contract("One notice mail to the clerk and one to the chief of each bound unit")
@pytest.mark.contract("Addressees that owe nothing get no notice mail.")
def test_one_notice_mail_to_clerk_and_chief_of_each_unit_that_owes_something(engine: Engine, sender: Sender) -> None:
    units = roster(
        unit("aa", "clerk", "chief", "leader", order=1),
        unit("bb", "clerk", order=2),
        unit("uni", "clerk", "chief", kind="college", order=3),
    )
    assert live(engine, sender, REPORT, units, until="2021-09-24 12:00").lines == [
        "2021-09-24 10:00 notice chief@aa: aa/report",
        "2021-09-24 10:00 notice clerk@aa: aa/report",
        "2021-09-24 10:00 notice clerk@bb: bb/report",
    ]


@pytest.mark.contract("owes something dated or day-less")
@pytest.mark.contract("`due_at: null` while nothing fixes the day: no rungs, never overdue.")
def test_a_day_less_duty_is_told_once_and_never_chased(engine: Engine, sender: Sender) -> None:
    undated = notice(stage({"kind": "none"}, deliverable(tracks=[])))
    lived = live(engine, sender, undated, roster(), until="2022-12-31 12:00")
    assert lived.lines == [
        "2021-09-24 10:00 notice chief@aa: aa/report",
        "2021-09-24 10:00 notice clerk@aa: aa/report",
    ]
    assert [(row["due_at"], row["overdue"]) for row in lived.ledger] == [(None, False)]


@pytest.mark.contract("A weekend issue day is not moved.")
def test_a_notice_of_a_sunday_is_published_on_that_sunday(engine: Engine, sender: Sender) -> None:
    lived = live(engine, sender, notice(issued_on="2021-10-17"), roster(), until="2021-10-17 12:00")
    assert [mail["at"] for mail in lived.story["mails"]] == ["2021-10-17T10:00:00+08:00"] * 2


@pytest.mark.contract("All JSON times are ISO 8601 with `+08:00`.")
@pytest.mark.contract("overdue from `now >= due_at`")
@pytest.mark.contract("`overdue` = the unit holds the ball and `now >= due_at`.")
@pytest.mark.parametrize(("until", "overdue"), [("2021-09-28 23:59:59", False), ("2021-09-29 00:00:00", True)])
def test_it_is_overdue_from_the_first_instant_that_is_too_late(
    engine: Engine,
    sender: Sender,
    until: str,
    overdue: bool,
) -> None:
    lived = live(engine, sender, notice(stage(on("2021-09-28"))), roster(), until=until)
    assert [(row["due_at"], row["overdue"]) for row in lived.ledger] == [("2021-09-29T00:00:00+08:00", overdue)]


@pytest.mark.contract("A recurring duty makes one obligation per occurrence")
def test_a_monthly_duty_has_an_obligation_for_each_month_up_to_the_end(engine: Engine, sender: Sender) -> None:
    monthly = {"kind": "recurring", "every": "month", "day": 5, "text": "每月5日前", "exceptions": ["2021-11"]}
    lived = live(engine, sender, notice(stage(monthly), ends_on="2022-01-31"), roster(), until="2021-09-30 12:00")
    assert [(row["deliverable"], row["due_at"][:10]) for row in lived.ledger] == [
        ("report@2021-10-05", "2021-10-06"),
        ("report@2021-12-05", "2021-12-06"),
        ("report@2022-01-05", "2022-01-06"),
    ]


@pytest.mark.contract("At equal times acts of the script run before the tick, in file order.")
@pytest.mark.contract("Replay ticks at every rung moment, so a rung is said at 09:00:00.")
@pytest.mark.parametrize(
    ("moment", "digests"),
    [
        ("2021-10-14 08:59:59", ["2021-10-14 09:00 reminder clerk@prov: aa/report arrived"]),
        ("2021-10-14 09:00:00", []),
        ("2021-10-14 09:00:01", ["2021-10-14 09:00 reminder clerk@aa: aa/report due-1"]),
    ],
)
def test_who_hands_in_at_nine_is_not_reminded_at_nine(
    engine: Engine, sender: Sender, moment: str, digests: list[str]
) -> None:
    script = [did(moment, "aa", "report", "submit")]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-14 18:00", start="2021-10-13 10:00")
    assert lived.digests == digests


@pytest.mark.contract("`--until` is inclusive.")
@pytest.mark.parametrize(("until", "count"), [("2021-10-14 08:59:59", 0), ("2021-10-14 09:00:00", 1)])
def test_the_last_moment_is_included(engine: Engine, sender: Sender, until: str, count: int) -> None:
    lived = live(engine, sender, REPORT, roster(), until=until, start="2021-10-13 10:00")
    assert len(lived.digests) == count


def test_a_whole_ladder_between_units_in_a_line_of_command(engine: Engine, sender: Sender) -> None:
    lived = live(engine, sender, REPORT, roster(), until="2021-11-30 12:00")
    assert lived.digests == [
        "2021-09-30 09:00 reminder clerk@aa: aa/report due-7",
        "2021-10-12 09:00 reminder clerk@aa: aa/report due-3",
        "2021-10-14 09:00 reminder clerk@aa: aa/report due-1",
        "2021-10-15 09:00 reminder clerk@aa: aa/report due-0",
        "2021-10-18 09:00 overdue chief@aa: aa/report late-1",
        "2021-10-18 09:00 overdue clerk@aa: aa/report late-1",
        "2021-10-20 09:00 escalation clerk@aa: aa/report late-3",
        "2021-10-20 09:00 escalation leader@aa: aa/report late-3",
        "2021-10-22 09:00 escalation chief@prov: aa/report late-5",
        "2021-10-22 09:00 escalation clerk@aa: aa/report late-5",
    ]
    assert lived.tasks == [("2021-10-29T09:00", "telephone", "aa", "report")]


def test_outside_a_line_of_command_nothing_climbs(engine: Engine, sender: Sender) -> None:
    units = roster(unit("uni", "clerk", "chief", "leader", relation=PARALLEL))
    lived = live(engine, sender, REPORT, units, until="2021-11-30 12:00", start="2021-10-14 10:00")
    assert lived.digests == [
        "2021-10-15 09:00 reminder clerk@uni: uni/report due-0",
        "2021-10-18 09:00 overdue chief@uni: uni/report late-1",
        "2021-10-18 09:00 overdue clerk@uni: uni/report late-1",
    ]
    assert lived.tasks == [("2021-10-20T09:00", "telephone", "uni", "report")]


@pytest.mark.contract("If that move makes two rungs meet, the later one is said.")
def test_of_two_rungs_that_meet_the_later_one_is_said(engine: Engine, sender: Sender) -> None:
    ladder = {
        "rungs": [
            {"code": "late-1", "workdays": 1, "to": ["clerk"], "kind": "overdue"},
            {"code": "late-2", "workdays": 2, "to": ["clerk"], "kind": "overdue"},
        ]
    }
    # due on 09-30: late-1 would be 10-08, the first day back, and moves to 10-09, where late-2 is
    lived = live(engine, sender, notice(stage(on("2021-09-30")), ladder=ladder), roster(), until="2021-11-30 12:00")
    assert lived.digests == ["2021-10-09 09:00 overdue clerk@aa: aa/report late-2"]


@pytest.mark.contract("One message per person; `to` holds one address, `cc` is `[]`.")
@pytest.mark.contract("A digest bears the gravest kind of its items.")
@pytest.mark.contract("`items` holds the due actions that caused the mail")
@pytest.mark.contract("Mails are sorted by (`at`, `to`), items by unit order, then the notice's order.")
def test_one_digest_a_person_a_day_bears_the_gravest_kind(engine: Engine, sender: Sender) -> None:
    late = stage(on("2021-10-13"), deliverable("late"), name="first")
    soon = stage(on("2021-10-15"), deliverable("soon"), deliverable("next"), name="second")
    lived = live(engine, sender, notice(late, soon), roster(), until="2021-10-14 12:00", start="2021-10-13 10:00")
    (chief, clerk) = [mail for mail in lived.story["mails"] if mail["kind"] != "notice"]
    item = {"unit": "aa", "owner": "unit", "round": 1}
    assert chief == {
        "at": "2021-10-14T09:00:00+08:00",
        "to": ["chief@aa.example"],
        "cc": [],
        "kind": "overdue",
        "items": [
            item | {"deliverable": "late", "rung": "late-1", "due_at": "2021-10-14T00:00:00+08:00", "role": "chief"},
        ],
    }
    soon_due = "2021-10-16T00:00:00+08:00"
    assert clerk == {
        "at": "2021-10-14T09:00:00+08:00",
        "to": ["clerk@aa.example"],
        "cc": [],
        "kind": "overdue",
        "items": [
            item | {"deliverable": "late", "rung": "late-1", "due_at": "2021-10-14T00:00:00+08:00", "role": "clerk"},
            item | {"deliverable": "soon", "rung": "due-1", "due_at": soon_due, "role": "clerk"},
            item | {"deliverable": "next", "rung": "due-1", "due_at": soon_due, "role": "clerk"},
        ],
    }


@pytest.mark.contract("`notice`, `returned`, `received`, `date_changed` leave at the moment of their act, at any hour.")
@pytest.mark.contract("`kind` is one of `notice, reminder, overdue, escalation, returned, received, date_changed`.")
@pytest.mark.contract("`rung` is null in the four immediate kinds")
@pytest.mark.contract("`returned`, `received`, `date_changed` go to the unit's clerk.")
def test_the_immediate_mails_leave_at_night_too_and_only_to_the_clerk(engine: Engine, sender: Sender) -> None:
    script = [
        did("2021-10-10 22:30", "aa", "report", "submit"),
        did("2021-10-10 23:00", "aa", "report", "return", by="review:issuer", note="缺照片", due="2021-10-20"),
        did("2021-10-16 03:00", "aa", "report", "extend", by="issuer", note="同意", due="2021-10-29"),
    ]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-16 04:00", start="2021-10-10 10:00")
    immediate = [m for m in lived.story["mails"] if m["kind"] in ("returned", "received", "date_changed")]
    assert [(m["at"], m["to"], m["kind"]) for m in immediate] == [
        ("2021-10-10T22:30:00+08:00", ["clerk@aa.example"], "received"),
        ("2021-10-10T23:00:00+08:00", ["clerk@aa.example"], "returned"),
        ("2021-10-16T03:00:00+08:00", ["clerk@aa.example"], "date_changed"),
    ]
    assert [item["rung"] for mail in immediate for item in mail["items"]] == [None, None, None]


@pytest.mark.contract("The immediate kinds are not counted into the one digest a person a day.")
def test_a_digest_never_repeats_what_an_immediate_mail_said_on_the_same_day(engine: Engine, sender: Sender) -> None:
    two = notice(stage(on("2021-10-15"), deliverable("aaa"), deliverable("bbb")))
    script = [did("2021-10-14 08:30", "aa", "aaa", "extend", by="issuer", due="2021-10-18")]
    lived = live(engine, sender, two, roster(), script, until="2021-10-15 12:00", start="2021-10-13 10:00")
    # on 10-15 due-1 of aaa (10-18) comes with due-0 of bbb; on 10-14 only bbb, and the mail of 08:30 is no digest
    assert lived.digests == [
        "2021-10-14 09:00 reminder clerk@aa: aa/bbb due-1",
        "2021-10-15 09:00 reminder clerk@aa: aa/aaa due-1, aa/bbb due-0",
    ]


def test_a_return_for_today_is_not_repeated_by_the_digest_of_the_day(engine: Engine, sender: Sender) -> None:
    script = [
        did("2021-10-14 08:00", "aa", "report", "submit"),
        did("2021-10-14 08:30", "aa", "report", "return", note="缺章", due="2021-10-15"),
    ]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-15 12:00", start="2021-10-13 10:00")
    # due-1 of the new day would be at 09:00, half an hour after the mail that said it
    assert lived.digests == ["2021-10-15 09:00 reminder clerk@aa: aa/report due-0"]


@pytest.mark.contract("Roles fall within a unit: clerk → chief → leader")
@pytest.mark.contract("A person who would get the same item twice gets it once.")
def test_a_missing_role_falls_upward_and_nobody_gets_an_item_twice(engine: Engine, sender: Sender) -> None:
    units = roster(unit("aa", "chief", order=1), unit("bb", "clerk", "leader", order=2))
    lived = live(engine, sender, REPORT, units, until="2021-10-18 12:00", start="2021-10-15 10:00")
    assert lived.digests == [
        "2021-10-18 09:00 overdue chief@aa: aa/report late-1",
        "2021-10-18 09:00 overdue clerk@bb: bb/report late-1",
        "2021-10-18 09:00 overdue leader@bb: bb/report late-1",
    ]


@pytest.mark.contract("No address at all: no mail, a gap in `tasks`.")
def test_a_unit_without_any_address_is_a_gap_told_once(engine: Engine, sender: Sender) -> None:
    lived = live(engine, sender, REPORT, roster(unit("aa")), until="2021-10-15 12:00", start="2021-10-11 10:00")
    assert lived.lines == []
    assert lived.tasks == [("2021-10-11T10:00", "contact_gap", "aa", None)]


def test_the_supervisor_is_the_chief_of_the_unit_above_and_never_the_issuers_leader(
    engine: Engine, sender: Sender
) -> None:
    units = roster(
        unit("city", "clerk", "leader", order=1, kind="town"),
        unit("county", "clerk", "chief", "leader", order=2, parent="city"),
    )
    lived = live(engine, sender, REPORT, units, until="2021-10-22 12:00", start="2021-10-20 10:00")
    assert lived.digests == [
        "2021-10-22 09:00 escalation clerk@county: county/report late-5",
        "2021-10-22 09:00 escalation leader@city: county/report late-5",
    ]


def test_two_ticks_at_one_moment_say_once(engine: Engine, sender: Sender) -> None:
    from duban.services.sweeping import sweep
    from factories import at

    live(engine, sender, REPORT, roster(), until="2021-10-14 09:00", start="2021-10-13 10:00")
    again = sweep(engine, sender, now=at("2021-10-14 09:00"), real_now=at("2021-10-14 09:00"))
    assert (again.said, again.digests, again.sent) == (0, 0, 0)


@pytest.mark.contract("Two runs of a replay give the same bytes.")
def test_two_runs_give_the_same_bytes(sender: Sender) -> None:
    from duban.bootstrap import throw_away

    stories = []
    for _ in range(2):
        with throw_away() as (engine, _sender):
            stories.append(json.dumps(live(engine, sender, REPORT, roster(), until="2021-11-30 12:00").story))
    assert stories[0] == stories[1]
