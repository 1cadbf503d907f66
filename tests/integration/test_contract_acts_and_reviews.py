"""The contract on acts, rounds, reviews and the ledger; on SQLite and on PostgreSQL."""

from typing import Any

import pytest
from sqlalchemy import Engine

from duban.domain.errors import InputRefused
from duban.services.delivering import Sender
from factories import deliverable, notice, on, roster, stage, unit
from stories import Did, Replayed, did, live

REPORT = notice(stage(on("2021-10-15")))


def row(lived: Replayed, *names: str) -> dict[str, Any]:
    """Some columns of the only ledger row."""
    (entry,) = lived.ledger
    return {name: entry[name] for name in names}


@pytest.mark.contract("Without steps in the definition there is exactly one, `review:issuer`")
@pytest.mark.contract("A submission opens the reviewer's turn without a mail at once.")
@pytest.mark.contract("After that the review ladder is `arrived`")
@pytest.mark.contract("The reviewer's day is the third working day after the submission; after `late-1` it is a task.")
@pytest.mark.contract("`owner` is `review:STEP`")
@pytest.mark.contract("Review rungs carry the round reviewed.")
def test_a_slow_reviewer_is_reminded_by_the_same_rule(engine: Engine, sender: Sender) -> None:
    script = [did("2021-10-11 15:00", "aa", "report", "submit")]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-11-30 12:00", start="2021-10-11 10:00")
    assert lived.lines[2:] == [
        "2021-10-11 15:00 received clerk@aa: aa/report",
        "2021-10-12 09:00 reminder clerk@prov: aa/report arrived",
        "2021-10-14 09:00 overdue chief@prov: aa/report due-0",
        "2021-10-14 09:00 overdue clerk@prov: aa/report due-0",
        "2021-10-15 09:00 overdue chief@prov: aa/report late-1",
        "2021-10-15 09:00 overdue clerk@prov: aa/report late-1",
    ]
    review = [item for mail in lived.story["mails"] for item in mail["items"] if item["owner"] != "unit"]
    assert {(i["owner"], i["round"], i["due_at"]) for i in review} == {
        ("review:issuer", 1, "2021-10-15T00:00:00+08:00")
    }
    assert lived.tasks == [("2021-10-19T09:00", "telephone", "aa", "report")]


@pytest.mark.contract("In the ledger `due_at` is the unit's day in force, never the reviewer's.")
@pytest.mark.contract("`status` is one of `pending, submitted, returned, completed, waived`.")
def test_a_unit_that_handed_in_on_time_is_never_overdue_however_slow_the_review(engine: Engine, sender: Sender) -> None:
    script = [did("2021-10-11 15:00", "aa", "report", "submit")]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-11-30 12:00")
    assert lived.ledger == [
        {
            "unit": "aa",
            "deliverable": "report",
            "stage": "one",
            "status": "submitted",
            "round": 1,
            "due_at": "2021-10-16T00:00:00+08:00",
            "first_submitted_at": "2021-10-11T15:00:00+08:00",
            "completed_at": None,
            "overdue": False,
            "late_by_days": 0,
        }
    ]


@pytest.mark.contract("with several steps each opens the next one's turn.")
def test_city_then_province(engine: Engine, sender: Sender) -> None:
    steps = [{"id": "city", "by": "parent"}, {"id": "province", "by": "issuer"}]
    two = notice(
        stage(on("2021-10-15"), deliverable(who=["counties"])),
        review=steps,
        classes={"counties": {"name": "各县", "kinds": ["county"]}},
    )
    units = roster(
        unit("city", "clerk", "chief", order=1, kind="city"),
        unit("county", "clerk", order=2, kind="county", parent="city"),
    )
    script = [
        did("2021-10-11 15:00", "county", "report", "submit"),
        did("2021-10-12 15:00", "county", "report", "approve", by="review:city"),
        did("2021-10-13 15:00", "county", "report", "approve", by="review:province"),
    ]
    lived = live(engine, sender, two, units, script, until="2021-10-30 12:00", start="2021-10-11 10:00")
    assert lived.lines[1:] == [
        "2021-10-11 15:00 received clerk@county: county/report",
        "2021-10-12 09:00 reminder clerk@city: county/report arrived",
        "2021-10-13 09:00 reminder clerk@prov: county/report arrived",
    ]
    assert row(lived, "status", "completed_at", "round") == {
        "status": "completed",
        "completed_at": "2021-10-13T15:00:00+08:00",
        "round": 1,
    }


def test_a_step_out_of_its_turn_is_refused(engine: Engine, sender: Sender) -> None:
    steps = [{"id": "first", "by": "issuer"}, {"id": "second", "by": "issuer"}]
    script = [
        did("2021-10-11 15:00", "aa", "report", "submit"),
        did("2021-10-11 16:00", "aa", "report", "approve", by="review:second", row=3),
    ]
    with pytest.raises(InputRefused) as refused:
        live(engine, sender, notice(review=steps), roster(), script, until="2021-10-30 12:00")
    assert str(refused.value) == "第3行（aa report）：“审核通过”应由当前审核环节办理，不能由 review:second 办理"


@pytest.mark.contract("`return` needs `note` and `due` (a day, included, today or later; same time of day")
@pytest.mark.contract("The round is 1 at first; +1 by `return` and `reopen`; not by withdraw, extend or replacing.")
def test_a_return_opens_a_round_with_a_new_day_at_the_same_hour(engine: Engine, sender: Sender) -> None:
    at_three = notice(stage(on("2021-10-15", time="15:00")))
    script = [
        did("2021-10-14 15:00", "aa", "report", "submit"),
        did("2021-10-15 10:00", "aa", "report", "return", note="还差68字", due="2021-10-20"),
    ]
    lived = live(engine, sender, at_three, roster(), script, until="2021-10-21 12:00", start="2021-10-14 10:00")
    assert lived.lines[2:] == [
        "2021-10-14 15:00 received clerk@aa: aa/report",
        "2021-10-15 09:00 reminder clerk@prov: aa/report arrived",
        "2021-10-15 10:00 returned clerk@aa: aa/report",
        "2021-10-19 09:00 reminder clerk@aa: aa/report due-1",
        "2021-10-20 09:00 reminder clerk@aa: aa/report due-0",
        "2021-10-21 09:00 overdue chief@aa: aa/report late-1",
        "2021-10-21 09:00 overdue clerk@aa: aa/report late-1",
    ]
    assert row(lived, "status", "round", "due_at", "overdue", "late_by_days") == {
        "status": "returned",
        "round": 2,
        "due_at": "2021-10-20T15:00:00+08:00",
        "overdue": True,
        "late_by_days": 1,
    }


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"due": "2021-10-20"}, "请写明退回理由"),
        ({"note": "缺章"}, "请定补正截止日"),
        ({"note": "缺章", "due": "2021-10-13"}, "新的截止日 2021-10-13 已过"),
    ],
)
def test_a_return_without_reason_or_day_is_refused(
    engine: Engine, sender: Sender, more: dict[str, str], reason: str
) -> None:
    script = [
        did("2021-10-14 15:00", "aa", "report", "submit"),
        did("2021-10-14 16:00", "aa", "report", "return", row=3, **more),
    ]
    with pytest.raises(InputRefused) as refused:
        live(engine, sender, REPORT, roster(), script, until="2021-10-30 12:00")
    assert str(refused.value) == f"第3行（aa report）：{reason}"


def test_a_return_for_today_is_allowed(engine: Engine, sender: Sender) -> None:
    script = [
        did("2021-10-14 15:00", "aa", "report", "submit"),
        did("2021-10-14 16:00", "aa", "report", "return", note="缺章", due="2021-10-14"),
    ]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-14 23:00")
    assert row(lived, "due_at", "overdue") == {"due_at": "2021-10-15T00:00:00+08:00", "overdue": False}


@pytest.mark.contract("`extend` is the issuer's grant, needs a `due` later than the day in force, keeps the round.")
def test_an_extension_re_arms_the_ladder_for_the_new_day_only(engine: Engine, sender: Sender) -> None:
    script = [did("2021-10-18 15:00", "aa", "report", "extend", by="issuer", note="疫情", due="2021-10-22")]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-22 12:00", start="2021-10-15 10:00")
    assert lived.lines[2:] == [
        "2021-10-18 09:00 overdue chief@aa: aa/report late-1",
        "2021-10-18 09:00 overdue clerk@aa: aa/report late-1",
        "2021-10-18 15:00 date_changed clerk@aa: aa/report",
        "2021-10-19 09:00 reminder clerk@aa: aa/report due-3",
        "2021-10-21 09:00 reminder clerk@aa: aa/report due-1",
        "2021-10-22 09:00 reminder clerk@aa: aa/report due-0",
    ]
    assert row(lived, "round", "due_at", "overdue") == {
        "round": 1,
        "due_at": "2021-10-23T00:00:00+08:00",
        "overdue": False,
    }


@pytest.mark.parametrize(("due", "allowed"), [("2021-10-15", False), ("2021-10-16", True)])
def test_an_extension_must_be_later_than_the_day_in_force(
    engine: Engine,
    sender: Sender,
    due: str,
    allowed: bool,
) -> None:
    script = [did("2021-10-11 15:00", "aa", "report", "extend", by="issuer", due=due)]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-11 18:00", keep_going=True)
    refusal = "第2行（aa report）：延期后的截止日 2021-10-15 应晚于现行截止日 2021-10-15"
    assert lived.lived.refused == ([] if allowed else [refusal])


def test_only_the_issuer_grants_an_extension(engine: Engine, sender: Sender) -> None:
    script = [did("2021-10-11 15:00", "aa", "report", "extend", by="unit", due="2021-10-20")]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-11 18:00", keep_going=True)
    assert lived.lived.refused == ["第2行（aa report）：“延期”应由发文机关办理，不能由 unit 办理"]


@pytest.mark.contract("`nil` goes to review like a submission.")
@pytest.mark.contract("`reopen` is the issuer's correction of a wrong approve, waive or nil")
def test_a_wrong_nil_is_put_right_with_reopen(engine: Engine, sender: Sender) -> None:
    script = [
        did("2021-10-11 15:00", "aa", "report", "nil"),
        did("2021-10-11 16:00", "aa", "report", "approve", by="review:issuer"),
        did("2021-10-12 10:00", "aa", "report", "reopen", by="issuer", note="并非零报告", due="2021-10-20"),
    ]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-12 12:00", start="2021-10-11 10:00")
    assert lived.lines[2:] == [
        "2021-10-11 15:00 received clerk@aa: aa/report",
        "2021-10-12 10:00 returned clerk@aa: aa/report",
    ]
    assert row(lived, "status", "round", "completed_at", "due_at") == {
        "status": "returned",
        "round": 2,
        "completed_at": None,
        "due_at": "2021-10-21T00:00:00+08:00",
    }


@pytest.mark.contract("`first_submitted_at` survives a withdrawal; waived has no `completed_at`.")
def test_what_a_withdrawal_and_a_waiver_leave(engine: Engine, sender: Sender) -> None:
    script = [
        did("2021-10-11 15:00", "aa", "report", "submit"),
        did("2021-10-11 16:00", "aa", "report", "withdraw"),
        did("2021-10-12 15:00", "aa", "report", "waive", note="无此项工作"),
    ]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-11-30 12:00", start="2021-10-11 10:00")
    assert row(lived, "status", "round", "first_submitted_at", "completed_at", "overdue", "late_by_days") == {
        "status": "waived",
        "round": 1,
        "first_submitted_at": "2021-10-11T15:00:00+08:00",
        "completed_at": None,
        "overdue": False,
        "late_by_days": 0,
    }
    assert lived.digests == ["2021-10-12 09:00 reminder clerk@aa: aa/report due-3"]


def test_after_a_withdrawal_what_was_said_is_not_said_again(engine: Engine, sender: Sender) -> None:
    script = [
        did("2021-10-12 10:00", "aa", "report", "submit"),
        did("2021-10-12 11:00", "aa", "report", "withdraw"),
    ]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-14 12:00", start="2021-10-11 10:00")
    assert lived.digests == [
        "2021-10-12 09:00 reminder clerk@aa: aa/report due-3",
        "2021-10-14 09:00 reminder clerk@aa: aa/report due-1",
    ]


def test_a_submission_is_replaced_until_the_day_and_withdrawn_until_review_begins(
    engine: Engine, sender: Sender
) -> None:
    script = [
        did("2021-10-15 15:00", "aa", "report", "submit"),
        did("2021-10-15 23:59", "aa", "report", "submit"),
        did("2021-10-16 00:00", "aa", "report", "submit", row=4),
        did("2021-10-16 00:01", "aa", "report", "withdraw"),
        did("2021-10-16 00:02", "aa", "report", "submit"),
    ]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-16 12:00", keep_going=True)
    assert lived.lived.refused == ["第4行（aa report）：不能替换：截止时间已过，请先撤回再报送"]
    assert row(lived, "status", "late_by_days", "first_submitted_at") == {
        "status": "submitted",
        "late_by_days": 1,
        "first_submitted_at": "2021-10-15T15:00:00+08:00",
    }


@pytest.mark.contract("An act that the table does not allow is refused in one line with its row number")
@pytest.mark.contract("`by` is `unit`, `review:STEP` or `issuer`; the acts are")
def test_an_impossible_act_stops_the_replay_and_leaves_no_half_change(engine: Engine, sender: Sender) -> None:
    script = [did("2021-10-11 15:00", "aa", "report", "approve", by="review:issuer", row=7)]
    with pytest.raises(InputRefused) as refused:
        live(engine, sender, REPORT, roster(), script, until="2021-10-11 18:00")
    assert (str(refused.value), refused.value.exit_code) == ("第7行（aa report）：不能审核通过：尚未报送", 1)


def test_keep_going_refuses_the_row_and_goes_on(engine: Engine, sender: Sender) -> None:
    script = [
        did("2021-10-11 15:00", "aa", "report", "approve", row=2),
        did("2021-10-11 15:00", "zz", "report", "submit", row=3),
        did("2021-10-11 16:00", "aa", "report", "submit", row=4),
    ]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-11 18:00", keep_going=True)
    assert lived.lived.refused == [
        "第2行（aa report）：不能审核通过：尚未报送",
        "第3行（zz report）：zz 没有材料 report（通知 test-2021-1）",
    ]
    assert row(lived, "status") == {"status": "submitted"}


@pytest.mark.contract("`submit` in a script covers every track.")
def test_one_submit_closes_electronic_and_paper_alike(engine: Engine, sender: Sender) -> None:
    tracks = [{"medium": "electronic", "to": "office"}, {"medium": "paper", "to": "office", "copies": 2}]
    script = [did("2021-10-11 15:00", "aa", "report", "submit")]
    both = notice(stage(on("2021-10-15"), deliverable(tracks=tracks)))
    lived = live(engine, sender, both, roster(), script, until="2021-10-14 12:00", start="2021-10-11 10:00")
    assert [d for d in lived.digests if "clerk@aa" in d] == []


@pytest.mark.contract("A seal is evidence on a form, a review is an act here.")
def test_three_printed_seals_make_one_review(engine: Engine, sender: Sender) -> None:
    form = {"name": "申报表", "seals": ["单位", "市（州）"], "receiver_seal": "省"}
    sealed = notice(stage(on("2021-10-15"), deliverable(forms=["form-2"])), forms={"form-2": form})
    script = [
        did("2021-10-11 15:00", "aa", "report", "submit"),
        did("2021-10-11 16:00", "aa", "report", "approve", by="review:issuer"),
    ]
    lived = live(engine, sender, sealed, roster(), script, until="2021-10-11 18:00")
    assert row(lived, "status") == {"status": "completed"}


def test_acknowledging_fixes_a_day_that_counts_from_it(engine: Engine, sender: Sender) -> None:
    five = {"kind": "relative", "after": "acknowledgement", "workdays": 5, "text": "收到通知后5个工作日内"}
    script = [did("2021-10-11 15:00", "aa", "report", "acknowledge")]
    lived = live(engine, sender, notice(stage(five)), roster(), script, until="2021-10-15 12:00")
    assert lived.digests == [
        "2021-10-13 09:00 reminder clerk@aa: aa/report due-3",
        "2021-10-15 09:00 reminder clerk@aa: aa/report due-1",
    ]
    assert row(lived, "due_at") == {"due_at": "2021-10-19T00:00:00+08:00"}


def test_acknowledging_covers_no_reminder_of_a_printed_day(engine: Engine, sender: Sender) -> None:
    script = [did("2021-10-12 09:00", "aa", "report", "acknowledge")]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-12 12:00", start="2021-10-11 10:00")
    assert lived.digests == ["2021-10-12 09:00 reminder clerk@aa: aa/report due-3"]


def test_a_receiver_never_hands_in_to_itself(engine: Engine, sender: Sender) -> None:
    own = notice(offices={"office": {"name": "开放大学", "unit": "aa"}})
    units = roster(unit("aa", "clerk", order=1), unit("bb", "clerk", order=2))
    lived = live(engine, sender, own, units, until="2021-09-24 12:00")
    assert [entry["unit"] for entry in lived.ledger] == ["bb"]


@pytest.mark.contract("Publishing writes one event (revision hash, count, digest of the unit list)")
def test_publishing_is_one_event_and_every_act_one_more(engine: Engine, sender: Sender) -> None:
    from models.event import chain, chain_is_whole
    from models.session import reading

    script = [
        did("2021-10-11 15:00", "aa", "report", "submit"),
        did("2021-10-11 16:00", "aa", "report", "approve"),
    ]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-12 12:00")
    with reading(engine) as session:
        events = chain(session)
        assert chain_is_whole(session)
    assert [(e.seq, e.name, e.by) for e in events] == [
        (1, "published", "issuer"),
        (2, "submitted", "unit"),
        (3, "approved", "review:issuer"),
    ]
    assert lived.story["events"] == 3
    assert [e.prev for e in events[1:]] == [e.hash for e in events[:-1]]


@pytest.mark.parametrize(
    ("later", "kinds"),
    [
        (did("2021-10-12 10:00", "aa", "report", "submit"), ["returned", "received"]),
        (did("2021-10-12 10:00", "aa", "report", "waive"), ["returned"]),
    ],
)
def test_an_immediate_mail_leaves_before_the_next_act_of_the_same_instant(
    engine: Engine, sender: Sender, later: Did, kinds: list[str]
) -> None:
    script = [
        did("2021-10-11 15:00", "aa", "report", "submit"),
        did("2021-10-12 10:00", "aa", "report", "return", note="缺章", due="2021-10-20"),
        later,
    ]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-10-12 12:00")
    assert [m["kind"] for m in lived.story["mails"] if m["at"] == "2021-10-12T10:00:00+08:00"] == kinds


def test_a_submission_at_the_instant_of_publishing_does_not_swallow_the_notice(engine: Engine, sender: Sender) -> None:
    script = [did("2021-09-24 10:00", "aa", "report", "submit")]
    lived = live(engine, sender, REPORT, roster(), script, until="2021-09-24 12:00")
    assert sorted(mail["kind"] for mail in lived.story["mails"]) == ["notice", "notice", "received"]


def test_a_step_of_the_unit_itself_falls_to_the_issuer(engine: Engine, sender: Sender) -> None:
    own = notice(review=[{"id": "self", "by": "aa"}])
    script = [did("2021-10-11 15:00", "aa", "report", "submit")]
    lived = live(engine, sender, own, roster(), script, until="2021-10-12 12:00")
    assert row(lived, "status") == {"status": "submitted"}
    assert lived.digests[-1] == "2021-10-12 09:00 reminder clerk@prov: aa/report arrived"
