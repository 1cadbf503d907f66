"""What a run shows of a notice: stages, units × stages, the share 办结; the figures of the ledger, counted in SQL."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from duban.domain.terms import Act
from duban.services.acting import Request, act
from duban.services.figures import Figures, Show
from duban.services.ledger import ledger
from duban.services.progress import Progress, cell, due, line, progress, waiting
from duban.services.replaying import begin
from factories import at, deliverable, notice, on, roster, stage, unit
from flows.parts import dealt
from flows.showing import left_out, table
from models.session import reading, writing

ISSUED = at("2021-09-24 10:00")
ID = "test-2021-1"


@pytest.fixture
def season(engine: Engine) -> Engine:
    """Three cities, two stages; on 10-20 the first stage is past: aa is done, bb handed in, cc has done nothing."""
    stages = stage(on("2021-10-15"), name="one"), stage(on("2021-12-10"), deliverable("last"), name="two")
    begin(engine, notice(*stages), roster(*(unit(name, "clerk") for name in ("aa", "bb", "cc"))), at=ISSUED)
    do(engine, "aa", "report", Act.SUBMIT, "unit")
    do(engine, "aa", "report", Act.APPROVE, "review:issuer")
    do(engine, "bb", "report", Act.SUBMIT, "unit")
    return engine


def do(engine: Engine, who: str, what: str, which: Act, by: str, **more: Any) -> None:
    with writing(engine) as session:
        request = Request(notice=ID, unit=who, deliverable=what, act=which, by=by, **more)
        act(session, request, now=at("2021-10-11 10:00"))


def asked(engine: Engine, when: str = "2021-10-20 09:00", **more: Any) -> Progress:
    with reading(engine) as session:
        return progress(session, ID, now=at(when), **more)


def test_stages_have_their_day_and_their_figures(season: Engine) -> None:
    assert [(s.title, line(s.figures)) for s in asked(season).stages] == [
        ("one（10月15日）", "应报3项，办结1项，待审核1项，逾期1项"),
        ("two（12月10日）", "应报3项，办结0项，待审核0项，逾期0项"),
    ]


def test_the_late_units_come_first(season: Engine) -> None:
    assert table(asked(season)) == [
        {"单位": "cc市", "one（10月15日）": "逾期1", "two（12月10日）": "未报1"},
        {"单位": "aa市", "one（10月15日）": "办结", "two（12月10日）": "未报1"},
        {"单位": "bb市", "one（10月15日）": "待审核1", "two（12月10日）": "未报1"},
    ]


def test_nobody_is_late_before_the_day_is_over(season: Engine) -> None:
    (before, *_), (after, *_) = asked(season, "2021-10-15 23:59").units, asked(season, "2021-10-16 00:00").units
    assert (before.name, after.name) == ("aa市", "cc市")


def test_the_table_ends_and_says_so(season: Engine) -> None:
    two, three = asked(season, most=2), asked(season, most=3)
    assert [unit.name for unit in two.units] == ["cc市", "aa市"]
    above = "测〔2021〕1号 各单位报送情况（逾期的在前）"
    assert (left_out(two), left_out(three)) == (f"{above}；只列2个单位，另有1个未列，见台账", above)
    assert two.figures == three.figures, "the figures count all"


def test_the_share_is_of_what_is_asked_for(season: Engine) -> None:
    assert round(asked(season).share, 2) == 16.67
    for name in ("aa", "bb", "cc"):
        do(season, name, "last", Act.WAIVE, "issuer", note="不涉及")
    assert round(asked(season).share, 2) == 33.33
    do(season, "bb", "report", Act.APPROVE, "review:issuer")
    do(season, "cc", "report", Act.WAIVE, "issuer", note="不涉及")
    found = asked(season)
    assert (found.share, found.figures[Show.OWED]) == (100.0, 2)


def test_where_nothing_is_asked_for_nothing_is_open(engine: Engine) -> None:
    begin(engine, notice(stage({"kind": "none"})), roster(), at=ISSUED)
    found = asked(engine)
    assert (found.share, [s.title for s in found.stages]) == (100.0, ["one（未定日期）"])
    assert table(found) == [{"单位": "aa市", "one（未定日期）": "未定日期1"}]


def test_days_that_differ_are_a_span_and_equal_titles_are_told_apart(engine: Engine) -> None:
    same = stage(on("2021-10-15"), name="one"), stage(on("2021-10-15"), deliverable("last"), name="two")
    begin(engine, notice(*({**s, "name": "总结"} for s in same)), roster(unit("aa"), unit("bb")), at=ISSUED)
    extended = {"note": "同意", "due": date(2021, 10, 20)}
    do(engine, "bb", "last", Act.EXTEND, "issuer", **extended)
    assert [s.title for s in asked(engine).stages] == ["总结（10月15日）", "总结（10月15日—10月20日）"]
    do(engine, "aa", "last", Act.EXTEND, "issuer", **extended)
    do(engine, "aa", "report", Act.EXTEND, "issuer", **extended)
    do(engine, "bb", "report", Act.EXTEND, "issuer", **extended)
    assert list(table(asked(engine))[0]) == ["单位", "1. 总结（10月20日）", "2. 总结（10月20日）"]


def test_the_figures_are_those_of_the_ledger(season: Engine) -> None:
    now = at("2021-10-20 09:00")
    with reading(season) as session:
        rows = Counter(str(row.status) for row in ledger(session, ID, now=now))
        late = sum(row.overdue for row in ledger(session, ID, now=now))
    found = asked(season).figures
    assert (found[Show.COMPLETED], found[Show.REVIEW], found[Show.OVERDUE]) == (
        rows["completed"],
        rows["submitted"],
        late,
    )


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, ""),
        ({Show.COMPLETED: 2}, "办结"),
        ({Show.WAIVED: 1}, "免报"),
        ({Show.COMPLETED: 2, Show.WAIVED: 1}, "办结2、免报1"),
        ({Show.MISSING: 3, Show.OVERDUE: 1, Show.REVIEW: 1}, "逾期1、未报2、待审核1"),
        ({Show.MISSING: 1, Show.OVERDUE: 1, Show.RETURNED: 1}, "逾期1"),
    ],
)
def test_a_cell_names_each_obligation_once_the_gravest_first(counts: dict[Show, int], words: str) -> None:
    assert cell(Figures(counts=counts)) == words


def test_what_is_due_and_what_waits_is_counted(season: Engine) -> None:
    """due-7 of the first stage is 09-30; the notice mails wait from the first moment."""
    with reading(season) as session:
        assert due(session, now=at("2021-09-30 08:59"), notice=ID) == 0
        assert due(session, now=at("2021-10-12 09:00"), notice="another") == 0
        assert due(session, now=at("2021-10-12 09:00"), notice=ID) == due(session, now=at("2021-10-12 09:00")) > 0
        assert (waiting(session, now=ISSUED), waiting(session, now=at("2021-09-24 09:59"))) == (3, 0)


@pytest.mark.parametrize(
    ("found", "hands", "shares"),
    [([], 2, []), ([1], 2, [[1]]), ([1, 2], 2, [[1], [2]]), ([1, 2, 3, 4, 5], 3, [[1, 2], [3, 4], [5]])],
)
def test_parts_are_dealt_in_order_and_nobody_gets_nothing(
    found: list[int], hands: int, shares: list[list[int]]
) -> None:
    assert dealt(found, hands) == shares
