"""Electronic and paper, each on its own: in every order, returned, late, lost; on SQLite and on PostgreSQL."""

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine

from duban.domain.errors import NotFound
from duban.domain.terms import Status, TrackState
from duban.services.delivering import Sender
from duban.services.records import Records
from duban.services.tracking import Tracked, by_code, code_for, tracks_of
from factories import at, deliverable, notice, on, roster, stage, unit
from models.obligation import of_notice
from models.session import reading
from models.task import tasks_of
from seasons_of_one import Season

OFFICE = {"name": "省厅职成处", "email": "office@prov.example", "address": "北京大街62号", "postcode": "130051"}
ELECTRONIC = {"medium": "electronic", "to": "office"}
PAPER = {"medium": "paper", "to": "office", "copies": 2, "sealed": True}


def both(*tracks: dict[str, Any], **more: Any) -> dict[str, Any]:
    asked = deliverable(tracks=list(tracks) or [ELECTRONIC, PAPER])
    return {"notice": notice(stage(on("2021-10-15"), asked), offices={"office": OFFICE}, **more)}


@pytest.fixture(name="season")
def _season(engine: Engine, sender: Sender) -> Season:
    return Season(engine=engine, sender=sender, **both())


def tracked(season: Season) -> Tracked:
    with reading(season.engine) as session:
        rows = of_notice(session, season.notice.id)
        return tracks_of(Records(session), rows)[rows[0].id or 0]


def test_the_unit_keeps_the_ball_until_both_are_in(season: Season) -> None:
    assert season.does("2021-10-12 10:00", "submit", tracks=(0,)) == "pending round 1 due 2021-10-15 [h-]"
    assert season.row.submitted_at is None
    assert season.does("2021-10-13 10:00", "approve") == "不能审核通过：尚未报送"
    sent = season.does("2021-10-13 11:00", "send", courier="顺丰", number="SF1", copies=2)
    assert sent == "submitted@issuer round 1 due 2021-10-15 [hs]"
    assert (season.row.submitted_at, season.row.opened_at) == (at("2021-10-13 11:00"),) * 2
    # under way: the approval waits for it
    assert season.does("2021-10-14 10:00", "approve") == "submitted@arrival round 1 due 2021-10-15 [hs]"
    assert season.does("2021-10-14 11:00", "approve") == "不能审核通过：纸质件尚未收到，请登记收到"
    done = season.does("2021-10-15 10:00", "receive", copies=2, seal_seen=True)
    assert done == "completed round 1 due 2021-10-15 [hr]"
    assert season.entry("2021-11-01 10:00") == {
        "unit": "aa",
        "deliverable": "report",
        "stage": "one",
        "status": "completed",
        "round": 1,
        "due_at": "2021-10-16T00:00:00+08:00",
        "first_submitted_at": "2021-10-13T11:00:00+08:00",
        "completed_at": "2021-10-15T10:00:00+08:00",
        "overdue": False,
        "late_by_days": 0,
    }


@pytest.mark.parametrize(
    "order", [p for p in permutations(["e", "send", "receive", "approve"]) if p.index("send") < p.index("receive")]
)
def test_whatever_the_order_it_ends_with_both_and_a_review(season: Season, order: tuple[str, ...]) -> None:
    """What comes too early is refused, and done at the end."""
    acts = {
        "e": ("submit", {"tracks": (0,)}),
        "send": ("send", {}),
        "receive": ("receive", {}),
        "approve": ("approve", {}),
    }
    early = []
    for hour, name in enumerate(order, 9):
        what, more = acts[name]
        if season.does(f"2021-10-12 {hour:02}:30", what, **more).startswith("不能"):
            early.append(name)
    assert early == (["approve"] if order.index("approve") < max(order.index("e"), order.index("send")) else [])
    if early:
        season.does("2021-10-13 10:00", "approve")
    assert season.stands == "completed round 1 due 2021-10-15 [hr]"


@pytest.mark.contract("Where `submit` names tracks, the unit holds the ball until the last one is in")
def test_reminders_name_the_open_track_only(season: Season) -> None:
    season.does("2021-10-11 15:00", "submit", tracks=(0,))
    receipt = season.mail("received")
    assert "report只到电子版，其余请于10月15日（周五）前报送。" in receipt.text
    assert "电子版（10月11日收到）" in receipt.text
    season.ticks("2021-10-12 09:00")
    reminder = season.mail("reminder")
    assert "报送：纸质一式两份（盖章） → 省厅职成处 北京大街62号（邮编130051）" in reminder.text
    assert "已收到：电子版（10月11日收到）" in reminder.text
    assert "电子版 →" not in reminder.text
    season.does("2021-10-12 10:00", "send")
    season.ticks("2021-10-14 09:00")
    assert [line for line in season.lines("2021-10-12 10:00") if "clerk@aa" in line] == []


def test_a_partial_submission_covers_no_reminder(season: Season) -> None:
    season.does("2021-10-12 08:00", "submit", tracks=(0,))
    season.ticks("2021-10-12 09:00")
    assert season.lines("2021-10-12 09:00") == ["2021-10-12 09:00 reminder clerk@aa: aa/report due-3"]


@pytest.mark.contract("Paper that is posted by the day is in time, also when it is entered after it.")
@pytest.mark.parametrize(
    ("entered", "day", "late"),
    [
        ("2021-10-15 23:59", None, 0),
        # posted on the day and entered on Monday: in time
        ("2021-10-18 10:00", "2021-10-15", 0),
        ("2021-10-18 10:00", "2021-10-16", 1),
        ("2021-10-18 10:00", None, 3),
    ],
)
def test_posting_by_the_day_is_in_time(season: Season, entered: str, day: str | None, late: int) -> None:
    season.does("2021-10-11 10:30", "submit", tracks=(0,))
    more = {"day": day} if day else {}
    assert season.does(entered, "send", **more) == "submitted@issuer round 1 due 2021-10-15 [hs]"
    found = season.entry("2021-11-01 10:00")
    assert (found["late_by_days"], found["overdue"]) == (late, False)
    # how long it travels makes nobody late
    season.does("2021-10-29 10:00", "receive")
    assert season.entry("2021-11-01 10:00")["late_by_days"] == late


def test_a_late_electronic_copy_is_late_though_the_paper_was_not(season: Season) -> None:
    season.does("2021-10-11 10:30", "send")
    assert season.entry("2021-10-17 10:00")["overdue"] is True
    season.does("2021-10-18 10:00", "submit", tracks=(0,))
    assert season.entry("2021-11-01 10:00")["late_by_days"] == 3


def test_paper_may_come_unannounced_and_alone(season: Season) -> None:
    arrived = season.does("2021-10-13 10:00", "receive", copies=1, seal_seen=False, note="信封上无编号")
    assert arrived == "pending round 1 due 2021-10-15 [-r]"
    found = tracked(season)
    assert (found.words, [track.state for track in found.tracks]) == (
        "只到纸质件",
        [TrackState.OPEN, TrackState.RECEIVED],
    )
    paper = found.tracks[1]
    assert (paper.name, paper.copies_wanted, paper.is_sealed, paper.told) == (
        "纸质一式两份（盖章）",
        2,
        True,
        "10月13日收到，1份，未见盖章",
    )
    assert [m for m in season.lines("2021-10-13 10:00") if "received" in m] == [
        "2021-10-13 10:00 received clerk@aa: aa/report"
    ]
    assert season.does("2021-10-14 10:00", "submit") == "submitted@issuer round 1 due 2021-10-15 [hr]"
    assert season.does("2021-10-14 11:00", "approve") == "completed round 1 due 2021-10-15 [hr]"


@pytest.mark.contract("A return opens what was handed in here; paper that was posted or received stays")
def test_a_return_opens_the_electronic_copy_and_leaves_the_paper(season: Season) -> None:
    season.does("2021-10-11 11:00", "submit", tracks=(0,))
    season.does("2021-10-11 12:00", "send")
    back = season.does("2021-10-12 10:00", "return", note="缺照片", due="2021-10-20")
    assert back == "returned round 2 due 2021-10-20 [-s]"
    # it arrives while the unit mends the rest
    assert season.does("2021-10-13 10:00", "receive") == "returned round 2 due 2021-10-20 [-r]"
    again = season.does("2021-10-14 10:00", "submit", tracks=(0,))
    assert again == "submitted@issuer round 2 due 2021-10-20 [hr]"


def test_a_return_that_names_the_paper_opens_it_too(season: Season) -> None:
    season.does("2021-10-11 11:00", "submit", tracks=(0,))
    season.does("2021-10-11 12:00", "receive")
    back = season.does("2021-10-12 10:00", "return", note="缺章", due="2021-10-20", tracks=(1,))
    assert back == "returned round 2 due 2021-10-20 [--]"
    season.does("2021-10-13 10:00", "submit", tracks=(0,))
    assert season.does("2021-10-13 11:00", "receive") == "submitted@issuer round 2 due 2021-10-20 [hr]"
    # what was received in the first round stands no more
    assert [one.round for one in tracked(season).tracks[1].handovers] == [2]


def test_a_return_that_is_taken_back_gives_the_tracks_back(season: Season) -> None:
    season.does("2021-10-11 11:00", "submit", tracks=(0,))
    season.does("2021-10-11 12:00", "send", number="SF1")
    before = tracked(season)
    season.does("2021-10-12 10:00", "return", note="缺章", due="2021-10-20", tracks=(1,))
    assert season.does("2021-10-12 11:00", "take_back") == "submitted@issuer round 2 due 2021-10-15 [hs]"
    assert tracked(season) == before


@pytest.mark.contract("What is approved while paper is only under way waits as `review:arrival`")
def test_paper_that_never_arrives_goes_back_alone(season: Season) -> None:
    """The rest is approved; after the return only the paper is open."""
    season.does("2021-10-11 11:00", "submit", tracks=(0,))
    season.does("2021-10-11 12:00", "send")
    season.does("2021-10-11 13:00", "approve")
    for moment in ("2021-10-12 09:00", "2021-10-14 09:00", "2021-10-15 09:00", "2021-10-19 09:00"):
        season.ticks(moment)
    assert season.lines("2021-10-12 09:00") == [
        "2021-10-12 09:00 reminder clerk@prov: aa/report arrived",
        "2021-10-14 09:00 overdue chief@prov: aa/report due-0",
        "2021-10-14 09:00 overdue clerk@prov: aa/report due-0",
        "2021-10-15 09:00 overdue chief@prov: aa/report late-1",
        "2021-10-15 09:00 overdue clerk@prov: aa/report late-1",
    ]
    first = season.mail("reminder")
    assert first.subject.startswith("【请登记收到】aa市report，10月14日前")
    assert "请登记aa市寄出的report纸质件。" in first.text
    assert "下列材料已审核通过，纸质件尚在途中，收到后请登记。" in first.text
    with reading(season.engine) as session:
        (task,) = tasks_of(session, season.notice.id)
    assert task.text == "请与aa市核实“report”纸质件的寄送情况：电子版已审核通过，纸质件至今未登记收到。"
    lost = season.does("2021-10-19 10:00", "return", note="邮件丢失，请重寄", due="2021-10-25")
    assert lost == "returned round 2 due 2021-10-25 [h-]"
    assert season.does("2021-10-20 10:00", "send") == "submitted@issuer round 2 due 2021-10-25 [hs]"


def test_a_receipt_tells_what_has_come_and_what_is_late(season: Season) -> None:
    season.does("2021-10-18 10:00", "submit", tracks=(0,))
    assert "report只到电子版，其余已逾期1个工作日，请尽快报送。" in season.mail("received").text
    season.does("2021-10-18 11:00", "send", courier="顺丰", number="SF1", day="2021-10-15")
    season.does("2021-10-20 10:00", "receive", copies=2, seal_seen=True)
    text = season.mail("received").text
    assert "电子版（10月18日收到）" in text
    assert "纸质一式两份（10月15日寄出，顺丰 SF1；10月20日收到，2份，已盖章）" in text
    assert "待收" not in text


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        ("subordinate", ["【退回意见已收回】", "的退回意见已收回", "经研究，"]),
        ("parallel", ["【修改意见已收回】", "的修改意见已收回", "因工作安排，"]),
    ],
)
def test_to_a_peer_nothing_is_returned_nor_decided(
    engine: Engine, sender: Sender, relation: str, words: list[str]
) -> None:
    peer = roster(unit("aa", "clerk", relation=relation))
    season = Season(engine=engine, sender=sender, units=peer, **both())
    season.does("2021-10-12 10:00", "request", note="人手不足", due="2021-10-20")
    season.does("2021-10-12 11:00", "refuse", note="统一安排")
    season.does("2021-10-12 12:00", "submit")
    season.does("2021-10-12 13:00", "return", note="缺章", due="2021-10-20")
    season.does("2021-10-12 14:00", "take_back")
    told = season.mail("received")
    said = told.subject + told.text + season.mail("date_changed").text
    assert [word for word in words if word not in said] == []


def test_a_withdrawal_takes_the_electronic_copy_back_and_not_the_post(season: Season) -> None:
    season.does("2021-10-11 11:00", "send")
    season.does("2021-10-11 12:00", "submit")
    assert season.does("2021-10-11 13:00", "withdraw") == "pending round 1 due 2021-10-15 [-s]"


def test_a_nil_report_needs_no_paper(season: Season) -> None:
    season.does("2021-10-11 11:00", "send")
    season.does("2021-10-11 12:00", "nil")
    assert season.does("2021-10-11 13:00", "approve") == "completed round 1 due 2021-10-15 [hs]"


def test_a_script_covers_every_track(season: Season) -> None:
    assert season.does("2021-10-11 11:00", "submit") == "submitted@issuer round 1 due 2021-10-15 [hh]"
    assert season.does("2021-10-11 12:00", "approve") == "completed round 1 due 2021-10-15 [hh]"
    # the envelope that comes later is entered, and changes nothing else
    assert season.does("2021-10-14 12:00", "receive") == "completed round 1 due 2021-10-15 [hr]"
    assert season.lines("2021-10-14 12:00") == []


def test_paper_alone(engine: Engine, sender: Sender) -> None:
    season = Season(engine=engine, sender=sender, **both(PAPER))
    assert season.does("2021-10-12 10:00", "send") == "submitted@issuer round 1 due 2021-10-15 [s]"
    assert season.does("2021-10-12 11:00", "withdraw") == "pending round 1 due 2021-10-15 [-]"
    season.does("2021-10-12 12:00", "send", by="issuer", day="2021-10-11")
    assert season.does("2021-10-13 10:00", "receive") == "submitted@issuer round 1 due 2021-10-15 [r]"
    back = season.does("2021-10-13 11:00", "return", note="缺章", due="2021-10-20")
    assert back == "returned round 2 due 2021-10-20 [-]"
    season.does("2021-10-14 10:00", "receive")
    assert season.does("2021-10-14 11:00", "approve") == "completed round 2 due 2021-10-20 [r]"


def test_what_the_issuer_owes_itself_waits_for_its_paper_too(engine: Engine, sender: Sender) -> None:
    own = {"cities": {"name": "本级", "units": ["prov"]}}
    season = Season(engine=engine, sender=sender, units=roster(unit("aa", "clerk")), **both(classes=own))
    season.does("2021-10-12 10:00", "submit", unit="prov", tracks=(0,))
    assert season.does("2021-10-12 11:00", "send", unit="prov") == "submitted@arrival round 1 due 2021-10-15 [hs]"
    assert season.does("2021-10-12 12:00", "receive", unit="prov") == "completed round 1 due 2021-10-15 [hr]"


@pytest.mark.parametrize(
    ("what", "more", "reason"),
    [
        ("send", {"tracks": (0,)}, "该材料没有纸质件，无须寄送"),
        ("send", {"day": "2021-10-13"}, "日期 2021-10-13 还没有到"),
        ("send", {"copies": 0}, "份数应为1或以上"),
        ("send", {"tracks": (1,)}, "纸质件已登记收到"),
        ("send", {}, "纸质件已登记收到"),
        ("receive", {}, "纸质件已登记收到"),
        ("receive", {"by": "unit"}, "“登记收到”应由发文机关办理，不能由 unit 办理"),
        ("submit", {"tracks": (1,)}, "所选的报送方式已登记，无须再报"),
        ("submit", {"tracks": (5,)}, "该材料只有2种报送方式，没有第6种"),
    ],
)
def test_what_cannot_be_entered_is_told(season: Season, what: str, more: dict[str, Any], reason: str) -> None:
    season.does("2021-10-12 10:00", "receive")
    assert season.does("2021-10-12 11:00", what, **more) == reason
    # a correction names its track
    assert season.does("2021-10-12 12:00", "receive", tracks=(1,), copies=2) == "pending round 1 due 2021-10-15 [-r]"
    assert [one.copies for one in tracked(season).tracks[1].handovers] == [2]


def test_a_registry_desk_finds_it_by_its_code(season: Season) -> None:
    code = code_for(season.row.id or 0)
    with reading(season.engine) as session:
        found = by_code(session, f" {code.lower()} ")
        assert (found.unit_id, found.deliverable, found.status) == ("aa", "report", Status.PENDING)
        with pytest.raises(NotFound) as lost:
            by_code(session, "没有")
        with pytest.raises(NotFound):
            by_code(session, code_for(999))
    assert str(lost.value) == "没有编号为“没有”的材料，请核对编号"


def test_what_is_not_told_apart_needs_no_marks(engine: Engine, sender: Sender) -> None:
    season = Season(engine=engine, sender=sender)
    season.does("2021-10-12 10:00", "submit")
    found = tracked(season)
    assert (season.row.tracks, found.words, [t.state for t in found.tracks]) == ("", "", [TrackState.HANDED_IN])
