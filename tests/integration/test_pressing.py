"""Reminders by hand: whom they go to, when they may leave, and what happens to them in between."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from conftest import installed
from duban.domain.errors import ActRefused, InputRefused, NotFound
from duban.domain.terms import Act
from duban.services.acting import Request, act
from duban.services.chasing import chase
from duban.services.choosing import Chosen
from duban.services.delivering import Sender, deliver
from duban.services.digesting import digest
from duban.services.figures import Show
from duban.services.holding import hold, lift
from duban.services.noting import Call, note, open_calls
from duban.services.overview import today
from duban.services.planning import plan
from duban.services.pressing import GRACE, Undone, Why, kind_of, press, pressed, sort, undo
from duban.services.records import Records
from duban.services.rehearsing import run_ahead
from duban.services.replaying import begin
from duban.services.sweeping import sweep
from factories import PARALLEL, at, deliverable, notice, on, people, roster, stage, unit
from models import MailRow, NoticeRow
from models.event import chain, chain_is_whole
from models.obligation import of_notice
from models.outbox import items_of, mails
from models.said import waiting
from models.session import make_engine, reading, writing
from notifications.post import Outcome, Rehearsal, Sent

NOTICE = notice(
    stage(on("2021-10-15"), deliverable("report"), deliverable("photos")),
    stage({"kind": "none", "text": "另行通知"}, deliverable("later"), name="two"),
)
NOVEMBER = "2021-11-05 12:00"
BEFORE, AFTER = at("2021-10-13 10:00"), at("2021-10-18 10:00")
UNITS = roster(
    unit("aa", "clerk", "chief"),
    unit("bb", "chief", order=2),
    unit("cc", order=3),
    unit("dd", "clerk", order=4, relation=PARALLEL),
)
ALL = Chosen(notice=NOTICE.id, everything=True, show=Show.ALL)
AA = Chosen(notice=NOTICE.id, ticked=frozenset({"aa"}), show=Show.MISSING)


@pytest.fixture
def office(engine: Engine, sender: Sender) -> Engine:
    """Published on 24 September, the notice mails have left."""
    begin(engine, NOTICE, UNITS, at=at("2021-09-24 10:00"))
    deliver(engine, sender, now=at("2021-09-24 10:00"), real_now=at("2021-09-24 10:00"))
    return engine


def submits(engine: Engine, who: str, name: str, moment: Any = BEFORE) -> None:
    with writing(engine) as session:
        act(session, Request(notice=NOTICE.id, unit=who, deliverable=name, act=Act.SUBMIT), now=moment)


def presses(engine: Engine, chosen: Chosen = AA, moment: Any = BEFORE, key: str = "k") -> int:
    with writing(engine) as session:
        return press(session, chosen, key=key, by="zhang@prov.example", now=moment)


def plain(engine: Engine) -> list[str]:
    """Every mail since the notice: who, what, its state."""
    with reading(engine) as session:
        found = [mail for mail in mails(session) if mail.kind != "notice"]
        items = items_of(session, [mail.id or 0 for mail in found])
        return [_line(mail, len(items[mail.id or 0])) for mail in found]


def _line(mail: MailRow, count: int) -> str:
    return f"{mail.key.split(':')[0]} {mail.kind} {mail.to_email.removesuffix('.example')} {count} {mail.state}"


def sends(engine: Engine, sender: Sender, moment: Any) -> int:
    return deliver(engine, sender, now=moment, real_now=moment)


def test_who_is_written_to_and_who_is_left_out_and_why(office: Engine) -> None:
    submits(office, "aa", "photos")
    with writing(office) as session:
        hold(session, NOTICE.id, [("bb", "report")], reason="已收到", by="zhang", now=BEFORE)
    with reading(office) as session:
        found = sort(Records(session), ALL, now=BEFORE)
    told = [
        (p.contact.email, p.unit_id, kind_of(p), [i.obligation.deliverable for i in p.items]) for p in found.parcels
    ]
    assert told == [
        ("clerk@aa.example", "aa", "reminder", ["report"]),
        ("chief@bb.example", "bb", "reminder", ["photos"]),
        ("clerk@dd.example", "dd", "reminder", ["report", "photos"]),
    ]
    assert [(one.row.unit_id, one.row.deliverable, one.why) for one in found.left_out] == [
        ("aa", "photos", Why.REVIEW),
        ("aa", "later", Why.UNDATED),
        ("bb", "report", Why.HELD),
        ("bb", "later", Why.UNDATED),
        ("cc", "report", Why.NO_ADDRESS),
        ("cc", "photos", Why.NO_ADDRESS),
        ("cc", "later", Why.UNDATED),
        ("dd", "later", Why.UNDATED),
    ]
    assert (found.dated, found.leaves_at) == (BEFORE, BEFORE + GRACE)


@pytest.mark.parametrize(
    ("moment", "kind", "state"),
    [
        ("2021-10-15 16:58:59", "reminder", "【报送提醒·今日截止】"),
        ("2021-10-18 09:00", "overdue", "【逾期催报·已逾期1个工作日】"),
    ],
)
def test_before_the_day_nobody_is_pressed(office: Engine, sender: Sender, moment: str, kind: str, state: str) -> None:
    presses(office, moment=at(moment))
    sends(office, sender, at(moment) + GRACE)
    with reading(office) as session:
        last = mails(session)[-1]
    assert (last.kind, last.subject[: len(state)]) == (kind, state)
    assert ("催" in last.subject + last.text) == (kind == "overdue")


@pytest.mark.parametrize(
    ("moment", "dated", "leaves"),
    [
        ("2021-10-13 09:00", "2021-10-13 09:00", "2021-10-13 09:01"),
        ("2021-10-13 16:59", "2021-10-13 16:59", "2021-10-13 17:00"),
        ("2021-10-13 16:59:01", "2021-10-14 09:00", "2021-10-14 09:00"),
        ("2021-10-15 20:00", "2021-10-18 09:00", "2021-10-18 09:00"),
    ],
)
def test_nobody_is_reminded_out_of_office_hours(office: Engine, moment: str, dated: str, leaves: str) -> None:
    with reading(office) as session:
        found = sort(Records(session), AA, now=at(moment))
    assert (found.dated, found.leaves_at) == (at(dated), at(leaves))


@pytest.mark.parametrize(("seconds", "left"), [(59, 0), (60, 1)])
def test_a_mail_waits_for_sixty_seconds(office: Engine, sender: Sender, seconds: int, left: int) -> None:
    presses(office)
    assert sends(office, sender, BEFORE + timedelta(seconds=seconds)) == left


def test_taken_back_in_time_nothing_leaves_and_one_may_press_again(office: Engine, sender: Sender) -> None:
    number = presses(office)
    with writing(office) as session:
        assert undo(session, number, by="zhang", now=BEFORE + timedelta(seconds=59)) == Undone(taken_back=1, gone=0)
    assert sends(office, sender, BEFORE + GRACE) == 0
    with writing(office) as session, pytest.raises(ActRefused, match="这次催办已经撤回过"):
        undo(session, number, by="zhang", now=BEFORE)
    presses(office, key="again")
    assert sends(office, sender, BEFORE + GRACE) == 1
    assert plain(office) == ["press reminder clerk@aa 2 cancelled", "press reminder clerk@aa 2 sent"]


def test_what_has_left_cannot_be_taken_back(office: Engine, sender: Sender) -> None:
    number = presses(office)
    sends(office, sender, BEFORE + GRACE)
    with writing(office) as session, pytest.raises(ActRefused, match="邮件都已开始发出，不能撤回"):
        undo(session, number, by="zhang", now=BEFORE + GRACE)
    assert plain(office) == ["press reminder clerk@aa 2 sent"]


def test_a_second_click_is_the_same_press(office: Engine) -> None:
    assert presses(office) == presses(office)
    assert plain(office) == ["press reminder clerk@aa 2 pending"]
    with reading(office) as session:
        assert [event.name for event in chain(session)].count("pressed") == 1
        assert chain_is_whole(session)


def test_two_coordinators_write_to_nobody_twice_on_one_day(office: Engine) -> None:
    presses(office)
    with pytest.raises(ActRefused, match="所选单位都不需要发邮件"):
        presses(office, key="another")
    presses(office, ALL, key="all")
    assert plain(office) == [
        "press reminder chief@bb 2 pending",
        "press reminder clerk@aa 2 pending",
        "press reminder clerk@dd 2 pending",
    ]


def test_who_hands_in_meanwhile_is_not_reminded(office: Engine, sender: Sender) -> None:
    presses(office)
    submits(office, "aa", "report", BEFORE + timedelta(seconds=30))
    sends(office, sender, BEFORE + GRACE)
    with reading(office) as session:
        mail = next(mail for mail in mails(session) if mail.kind == "reminder")
    assert (
        "report" in mail.subject,
        mail.subject.startswith("【报送提醒·还有2个工作日】photos，10月15日前｜aa市"),
    ) == (False, True)
    presses(office, replace(AA, ticked=frozenset({"dd"})), key="dd")
    for name in ("report", "photos"):
        submits(office, "dd", name)
    sends(office, sender, BEFORE + 2 * GRACE)
    assert [line for line in plain(office) if line.startswith("press") and "@dd" in line] == [
        "press reminder clerk@dd 2 cancelled"
    ]


def test_who_is_held_meanwhile_is_not_reminded(office: Engine, sender: Sender) -> None:
    presses(office)
    with writing(office) as session:
        wanted = [("aa", "report"), ("aa", "photos")]
        assert hold(session, NOTICE.id, wanted, reason="已收到", by="zhang", now=BEFORE) == 2
    sends(office, sender, BEFORE + GRACE)
    assert plain(office) == ["press reminder clerk@aa 2 cancelled"]


def test_the_digest_of_the_day_does_not_say_it_again(office: Engine, sender: Sender) -> None:
    moment = at("2021-10-14 09:00")
    presses(office, moment=moment)
    assert (plan(office, now=moment), digest(office, now=moment)) == (8, 2)
    sends(office, sender, moment + GRACE)
    assert digest(office, now=moment + 2 * GRACE) == 0
    assert [line for line in plain(office) if "@aa" in line] == ["press reminder clerk@aa 2 sent"]
    with reading(office) as session:
        assert waiting(session) == []


def test_a_press_taken_back_loses_no_rung(office: Engine, sender: Sender) -> None:
    moment = at("2021-10-14 09:00")
    number = presses(office, moment=moment)
    plan(office, now=moment)
    digest(office, now=moment)
    with writing(office) as session:
        undo(session, number, by="zhang", now=moment)
    assert digest(office, now=moment + GRACE) == 1
    assert [line for line in plain(office) if "@aa" in line] == [
        "press reminder clerk@aa 2 cancelled",
        "digest reminder clerk@aa 2 pending",
    ]


def test_who_had_the_digest_today_is_left_out_and_tomorrow_is_not(office: Engine, sender: Sender) -> None:
    sweep(office, sender, now=at("2021-10-14 09:00"), real_now=at("2021-10-14 09:00"))
    with reading(office) as session:
        found = sort(Records(session), AA, now=at("2021-10-14 10:00"))
        assert [(one.why, one.words) for one in found.left_out] == [(Why.TOLD, "今日已发过邮件")] * 2
        assert len(sort(Records(session), AA, now=at("2021-10-15 08:59:30")).parcels) == 1


def test_it_is_said_when_todays_mail_was_about_something_else(office: Engine, sender: Sender) -> None:
    """The photos were reminded of this morning; the report, opened again since, waits until tomorrow."""
    submits(office, "aa", "report")
    sweep(office, sender, now=at("2021-10-14 09:00"), real_now=at("2021-10-14 09:00"))
    with writing(office) as session:
        again = Request(notice=NOTICE.id, unit="aa", deliverable="report", act=Act.WITHDRAW)
        act(session, again, now=at("2021-10-14 09:30"))
    with reading(office) as session:
        found = sort(Records(session), AA, now=at("2021-10-14 10:00"))
        said = {one.row.deliverable: (one.why, one.words) for one in found.left_out}
    assert said == {
        "report": (Why.TOLD, "今日已有一封邮件（关于photos）"),
        "photos": (Why.TOLD, "今日已发过邮件"),
    }


def test_a_closed_notice_and_an_empty_choice_are_refused(office: Engine) -> None:
    with pytest.raises(InputRefused, match="没有选中任何单位"):
        presses(office, Chosen(notice=NOTICE.id))
    with writing(office) as session:
        session.get_one(NoticeRow, NOTICE.id).closed_at = BEFORE
    with pytest.raises(ActRefused, match="已办结归档"):
        presses(office)


def test_one_material_alone(office: Engine) -> None:
    presses(office, Chosen(notice=NOTICE.id, ticked=frozenset({"aa/photos"}), show=Show.MISSING))
    assert plain(office) == ["press reminder clerk@aa 1 pending"]


def test_one_person_of_two_units_gets_one_mail(engine: Engine) -> None:
    shared = people("aa", "clerk")
    both = roster(replace(unit("aa"), contacts=shared), replace(unit("bb", order=2), contacts=shared))
    begin(engine, NOTICE, both, at=at("2021-09-24 10:00"))
    number = presses(engine, ALL, at("2021-10-12 10:00"))
    assert plain(engine) == ["press reminder clerk@aa 4 pending"]
    with reading(engine) as session:
        assert (pressed(session, NOTICE.id, number).waiting, len(pressed(session, NOTICE.id, number).mails)) == (1, 1)


class _Meanwhile(Rehearsal):
    """A server; while the first mail is on its way, something else happens."""

    def __init__(self, happens: Any) -> None:
        super().__init__()
        self.happens = happens

    def deliver(self, message: bytes, to: str) -> Outcome:
        if self.happens:
            happens, self.happens = self.happens, None
            happens()
        return Sent()


def test_taking_back_while_the_first_mail_is_on_its_way_stops_the_others(office: Engine) -> None:
    number = presses(office, ALL)
    done: list[Undone] = []

    def takes_back() -> None:
        with writing(office) as session:
            done.append(undo(session, number, by="zhang", now=BEFORE + GRACE))

    carrier = _Meanwhile(takes_back)
    sender = Sender(name="s", carrier=carrier, account="duban@duban.invalid")
    assert sends(office, sender, BEFORE + GRACE) == 1
    assert done == [Undone(taken_back=2, gone=1)]
    assert sorted(line.rsplit(" ", 1)[1] for line in plain(office)) == ["cancelled", "cancelled", "sent"]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_pressing_and_handing_in_and_sending_together_never_remind_in_vain(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, sender: Sender
) -> None:
    """Two clicks, then three deeds at once, over and over: each mail that left was due when it began."""
    at_file = f"sqlite:///{tmp_path / 'duban.db'}"
    office = installed(make_engine(at_file if kind == "sqlite" else request.getfixturevalue("postgres_url")))
    begin(office, NOTICE, UNITS, at=at("2021-09-24 10:00"))
    sends(office, sender, at("2021-09-24 10:00"))
    errors: list[BaseException] = []
    clicks: dict[str, list[int]] = {}

    def run(what: Any) -> None:
        try:
            what()
        except ActRefused:
            pass
        except BaseException as error:
            errors.append(error)

    def together(*deeds: Any) -> None:
        threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def click(who: str) -> None:
        chosen = replace(ALL, ticked=frozenset({who}), everything=False)
        clicks.setdefault(who, []).append(presses(office, chosen, key=who))

    def taken_back(number: int) -> None:
        with writing(office) as session:
            undo(session, number, by="li", now=BEFORE + GRACE)

    for who in ("aa", "bb", "dd"):
        together(partial(click, who), partial(click, who))
        together(
            partial(submits, office, who, "report"),
            partial(taken_back, clicks[who][0]),
            partial(sends, office, sender, BEFORE + GRACE),
        )
    assert [len(set(numbers)) for numbers in clicks.values()] == [1, 1, 1]
    assert [len(numbers) for numbers in clicks.values()] == [2, 2, 2]
    assert errors == []
    with reading(office) as session:
        found = [mail for mail in mails(session) if mail.key.startswith("press:")]
        assert {mail.state for mail in found} <= {"sent", "cancelled"}
        assert len(found) == 3
    office.dispose()


def test_a_hold_silences_the_ladder_until_it_is_lifted(office: Engine, sender: Sender) -> None:
    with writing(office) as session:
        hold(session, NOTICE.id, [("aa", "report"), ("aa", "photos")], reason="已收到", by="zhang", now=BEFORE)
    for day in ("14", "15", "18"):
        sweep(office, sender, now=at(f"2021-10-{day} 09:00"), real_now=at(f"2021-10-{day} 09:00"))
    assert [line for line in plain(office) if "@aa" in line] == []
    with writing(office) as session:
        assert lift(session, NOTICE.id, [("aa", "photos")], by="zhang", now=at("2021-10-18 10:00")) == 1
        assert lift(session, NOTICE.id, [("aa", "photos")], by="zhang", now=at("2021-10-18 10:00")) == 0
    # of the rungs that were silent only the latest is said
    sweep(office, sender, now=at("2021-10-19 09:00"), real_now=at("2021-10-19 09:00"))
    assert [line for line in plain(office) if "@aa" in line] == [
        "digest overdue chief@aa 1 sent",
        "digest overdue clerk@aa 1 sent",
    ]


def test_a_hold_ends_with_its_turn(office: Engine, sender: Sender) -> None:
    with writing(office) as session:
        hold(session, NOTICE.id, [("aa", "report")], reason="已收到", by="zhang", now=BEFORE)
    extend = Request(
        notice=NOTICE.id, unit="aa", deliverable="report", act=Act.EXTEND, due=at("2021-10-22 00:00").date()
    )
    with writing(office) as session:
        act(session, extend, now=BEFORE)
    sweep(office, sender, now=at("2021-10-21 09:00"), real_now=at("2021-10-21 09:00"))
    with reading(office) as session:
        last = [mail for mail in mails(session) if mail.to_email == "clerk@aa.example"][-1]
        said = [item.rung for item in items_of(session, [last.id or 0])[last.id or 0]]
    assert sorted(map(str, said)) == ["due-1", "late-3"]


def test_what_is_done_with_cannot_be_held(office: Engine) -> None:
    with writing(office) as session:
        waive = Request(notice=NOTICE.id, unit="aa", deliverable="report", act=Act.WAIVE)
        act(session, waive, now=BEFORE)
    with writing(office) as session, pytest.raises(ActRefused, match="aa市的“report”已了结"):
        hold(session, NOTICE.id, [("aa", "report")], reason="已收到", by="zhang", now=BEFORE)
    with writing(office) as session, pytest.raises(InputRefused, match="请写明勿催的原因"):
        hold(session, NOTICE.id, [("aa", "photos")], reason=" ", by="zhang", now=BEFORE)


def test_a_hold_through_a_whole_season(office: Engine, sender: Sender) -> None:
    """Ticked to the end of the ladder: nobody is told of what is held, and nobody is to be telephoned about it."""
    with writing(office) as session:
        hold(session, NOTICE.id, [("aa", "report")], reason="已收到", by="zhang", now=at("2021-09-24 11:00"))
    run_ahead(office, sender, now=at("2021-09-24 11:00"), until=at("2021-11-05 12:00"))
    with reading(office) as session:
        found = [mail for mail in mails(session) if mail.kind != "notice"]
        items = items_of(session, [mail.id or 0 for mail in found])
        told = {(item.obligation_id, item.rung) for group in items.values() for item in group}
        rows = {row.id: f"{row.unit_id}/{row.deliverable}" for row in of_notice(session, NOTICE.id)}
        about = {name: sorted(str(rung) for number, rung in told if rows[number] == name) for name in rows.values()}
        calls = {f"{errand.unit_id} {errand.deliverable_name}" for errand in today(session, now=at(NOVEMBER)).errands}
    everything = ["due-0", "due-1", "due-3", "due-7", "late-1", "late-3", "late-5"]
    assert {name: about[f"{name}"] for name in ("aa/report", "aa/photos", "bb/report")} == {
        "aa/report": [],
        "aa/photos": everything,
        "bb/report": everything,
    }
    assert {call for call in calls if call.startswith("aa")} == {"aa photos", "aa "}


def test_a_note_is_written_once_and_settles_the_call(office: Engine, sender: Sender) -> None:
    plan(office, now=at("2021-10-29 09:00"))
    call = Call(notice=NOTICE.id, unit="aa", person="李老师", called_at=AFTER, said="已寄", settles=True)
    with writing(office) as session:
        noted = [note(session, call, key="k", by="zhang", now=at(NOVEMBER)) for _ in range(2)]
    assert noted == [True, False]
    with reading(office) as session:
        (event,) = [event for event in chain(session) if event.name == "telephoned"]
        assert json.loads(event.data) == {
            "units": ["aa"],
            "with": "李老师",
            "called_at": "2021-10-18T10:00:00+08:00",
            "person": "zhang",
            "note": "已寄",
            "tasks": 2,
        }
        assert open_calls(session, NOTICE.id, "aa") == []
    with writing(office) as session, pytest.raises(NotFound):
        note(session, replace(call, unit="prov"), key="other", by="zhang", now=at(NOVEMBER))


def test_the_list_of_tomorrow_is_what_tomorrow_says(office: Engine, sender: Sender) -> None:
    with reading(office) as session:
        found = chase(session, now=at("2021-10-13 15:00"))
    foreseen = sorted({contact.email for _, lines in found.notices for line in lines for _, contact in line.people})
    assert (found.day, found.mails) == (at("2021-10-14 00:00").date(), len(foreseen))
    sweep(office, sender, now=at("2021-10-14 09:00"), real_now=at("2021-10-14 09:00"))
    with reading(office) as session:
        said = sorted(mail.to_email for mail in mails(session) if mail.kind != "notice")
    assert foreseen == said
