"""What pages are made of: figures, chips, days, addresses. No database, no server."""

from datetime import date, datetime

import pytest
from starlette.datastructures import Headers

from duban.domain.calendar import WorkCalendar
from duban.domain.state import TABLE as STATES
from duban.domain.state import Move
from duban.domain.terms import Decision, Status, TaskKind
from duban.reading.workdays import seed
from duban.services.advising import PAUSE_ADVISED, RECOMMENDED, SETTLED
from duban.services.board import Cell
from duban.services.dossier import Dossier, Happening
from duban.services.figures import Asked, Figures, Show, shows
from duban.services.ledger import Entry
from duban.services.ordering import DRAFTED
from duban.settings import Settings
from duban.web.chip import beside, chip_of
from duban.web.guard import is_ours, known_hosts
from duban.web.home_view import ACTIONS
from duban.web.ledger_query import Query
from duban.web.mail_view import rung_words
from duban.web.unit_view import EVENTS, timeline
from duban.web.words import named_day, stamp, zone_words
from factories import ZONE, at, unit

CALENDAR: WorkCalendar = seed()
#: a Wednesday
NOW = at("2021-10-20 09:30")
ASKED = Asked(now=NOW, calendar=CALENDAR)


def due(day: str) -> tuple[date, datetime]:
    """A day that ends at 24:00."""
    named = date.fromisoformat(day)
    return named, at(f"{day} 00:00").replace(day=named.day + 1)


@pytest.mark.parametrize(
    ("status", "day", "counted"),
    [
        (Status.PENDING, "2021-10-15", {Show.OWED, Show.MISSING, Show.OVERDUE}),
        (Status.PENDING, "2021-10-19", {Show.OWED, Show.MISSING, Show.OVERDUE}),
        (Status.PENDING, "2021-10-20", {Show.OWED, Show.MISSING, Show.NEAR}),
        # the third working day, and the Saturday and Sunday around it
        (Status.PENDING, "2021-10-25", {Show.OWED, Show.MISSING, Show.NEAR}),
        (Status.PENDING, "2021-10-26", {Show.OWED, Show.MISSING}),
        (Status.PENDING, None, {Show.UNDATED}),
        (Status.RETURNED, "2021-10-22", {Show.OWED, Show.MISSING, Show.NEAR, Show.RETURNED}),
        (Status.RETURNED, "2021-10-12", {Show.OWED, Show.MISSING, Show.OVERDUE, Show.RETURNED}),
        (Status.SUBMITTED, "2021-10-15", {Show.OWED, Show.REVIEW}),
        (Status.SUBMITTED, None, {Show.OWED, Show.REVIEW}),
        (Status.COMPLETED, "2021-10-15", {Show.OWED, Show.COMPLETED}),
        (Status.WAIVED, "2021-10-15", {Show.WAIVED}),
    ],
)
def test_what_an_obligation_is_counted_as(status: Status, day: str | None, counted: set[Show]) -> None:
    named, until = due(day) if day else (None, None)
    assert shows(status, named, until, ASKED) == counted | {Show.ALL}


def test_near_counts_working_days_over_a_weekend_and_a_working_saturday() -> None:
    friday = Asked(now=at("2021-10-22 09:30"), calendar=CALENDAR)
    before_working_saturday = Asked(now=at("2021-10-08 09:30"), calendar=CALENDAR)
    assert friday.near_day == date(2021, 10, 27)
    assert before_working_saturday.near_day == date(2021, 10, 12)


def test_figures_count_what_is_alike_at_once() -> None:
    figures = Figures.of([(frozenset({Show.ALL, Show.OWED}), 3), (frozenset({Show.ALL}), 2)])
    assert (figures[Show.ALL], figures[Show.OWED], figures[Show.REVIEW]) == (5, 3, 0)


def cell(status: Status, day: str | None = None, *, late: int = 0, **more: object) -> Cell:
    """One obligation as a page gets it."""
    named, until = due(day) if day else (None, None)
    entry = Entry(
        unit="aa",
        deliverable="report",
        stage="one",
        status=status,
        round=1,
        due_at=until,
        first_submitted_at=None,
        completed_at=None,
        overdue=late > 0,
        late_by_days=late,
    )
    values = {"is_set_by_coordinator": False, "is_acknowledged": False, "is_nil": False, "reason": ""} | more
    return Cell(
        obligation=1,
        entry=entry,
        shows=shows(status, named, until, ASKED),
        due_day=named,
        workdays_left=ASKED.workdays_left(named) if named else None,
        **values,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (cell(Status.PENDING, "2021-12-10"), "idle ○ 未开始"),
        (cell(Status.PENDING, "2021-12-10", is_acknowledged=True), "idle ○ 已签收"),
        (cell(Status.PENDING), "idle · 未定期限"),
        (cell(Status.PENDING, "2021-10-22"), "soon ◆ 临近 剩2个工作日"),
        (cell(Status.PENDING, "2021-10-20"), "soon ◆ 临近 今日截止"),
        (cell(Status.PENDING, "2021-10-15", late=5), "late ▲ 逾期5天"),
        (cell(Status.RETURNED, "2021-10-29"), "soon ↩ 退回补正"),
        (cell(Status.RETURNED, "2021-10-22"), "soon ↩ 退回补正 剩2个工作日"),
        (cell(Status.RETURNED, "2021-10-12", late=8), "late ▲ 逾期8天"),
        (cell(Status.SUBMITTED, "2021-10-15"), "sent ● 已报待审"),
        (cell(Status.SUBMITTED, "2021-10-15", late=3), "sent ● 已报待审 逾期3天报送"),
        (cell(Status.SUBMITTED, "2021-10-15", is_nil=True), "sent ● 零报告待审"),
        (cell(Status.COMPLETED, "2021-10-15"), "done ✓ 办结"),
        (cell(Status.COMPLETED, "2021-10-15", is_nil=True), "done ✓ 办结（零报告）"),
        (cell(Status.WAIVED, "2021-10-15"), "idle — 免报"),
    ],
)
def test_a_chip_has_a_colour_a_sign_and_a_word(shown: Cell, words: str) -> None:
    chip = chip_of(shown)
    assert " ".join([chip.tone, chip.sign, chip.words, *beside(shown, NOW)]) == words


def test_before_days_of_rest_the_last_working_day_is_said() -> None:
    friday = at("2021-10-22 09:30")
    asked = Asked(now=friday, calendar=CALENDAR)
    sunday, until = date(2021, 10, 24), at("2021-10-25 00:00")
    near = cell(Status.PENDING, "2021-10-24")
    on_friday = Cell(**(vars(near) | {"workdays_left": 0, "shows": shows(Status.PENDING, sunday, until, asked)}))
    assert beside(on_friday, friday) == ("最后一个工作日",)


def test_the_day_of_a_moment_that_is_too_late() -> None:
    assert named_day(at("2021-09-29 00:00"), ZONE) == date(2021, 9, 28)
    assert named_day(at("2021-09-28 15:00"), ZONE) == date(2021, 9, 28)


def test_a_stamp_says_year_weekday_and_zone() -> None:
    assert f"{stamp(NOW)}（{zone_words(NOW)}）" == "2021年10月20日 周三 09:30（北京时间）"


def test_an_address_keeps_what_a_link_does_not_change() -> None:
    query = Query.read("n", {"show": "overdue", "unit": "aa", "stage": "one", "view": "rows"}, page=3)
    assert query.url() == "/notices/n?show=overdue&unit=aa&stage=one&view=rows"
    assert query.url(page=4, unit="") == "/notices/n?show=overdue&stage=one&view=rows&page=4"
    assert Query.read("n", {"show": "nonsense", "view": "x"}, page=-1) == Query(notice="n")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("due-7", "到期前7个工作日"),
        ("due-0", "到期当日"),
        ("late-1", "逾期第1个工作日"),
        ("arrived", "收到送审"),
        ("call-a-friend", "call-a-friend"),
    ],
)
def test_rungs_in_words(code: str, words: str) -> None:
    assert rung_words(code) == words


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin", "host": "a:1"}, True),
        ({"sec-fetch-site": "none", "host": "a:1"}, True),
        ({"sec-fetch-site": "same-site", "host": "a:1", "origin": "http://a:1"}, False),
        ({"sec-fetch-site": "cross-site", "host": "a:1"}, False),
        ({"origin": "http://a:1", "host": "a:1"}, True),
        ({"origin": "http://a:2", "host": "a:1"}, False),
        ({"origin": "null", "host": "a:1"}, False),
        ({"host": "a:1"}, False),
    ],
)
def test_only_our_own_pages_may_post(headers: dict[str, str], ours: bool) -> None:
    assert is_ours(Headers(headers)) is ours


def test_the_names_under_which_pages_are_asked_for() -> None:
    plain = Settings(_env_file=None)
    public = Settings(_env_file=None, host="10.1.2.3", base_url="https://duban.edu.example/x")
    assert known_hosts(plain) == ["127.0.0.1", "localhost", "[::1]", "127.0.0.1"]
    assert known_hosts(public) == ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "duban.edu.example"]
    assert known_hosts(Settings(_env_file=None, host="0.0.0.0")) == ["*"]


def test_every_task_has_what_is_done_about_it() -> None:
    assert set(ACTIONS) == set(TaskKind)


def test_every_act_has_its_word_on_the_timeline() -> None:
    moves = (answer for answer in STATES.values() if isinstance(answer, Move))
    decisions = {str(decision) for decision in Decision}
    by_hand = {"opinion_given", "link_entered", "pressed", "press_undone", "held", "hold_lifted"}
    of_notices = {"published", "supplemented", "closed", "cancelled", "opened_again", "unit_added", "unit_merged"}
    supervised = {RECOMMENDED, PAUSE_ADVISED, SETTLED, DRAFTED}
    kept = {"unit_enlisted", "contact_added", "contact_changed", "contact_removed"}
    assert {move.audit for move in moves} | decisions | by_hand | of_notices | supervised | kept == set(EVENTS)


@pytest.mark.parametrize(
    ("event", "data", "note"),
    [
        ("sent", {"courier": "顺丰", "number": "SF1", "copies": 2, "note": "急件。"}, "顺丰 SF1；2份；急件"),
        ("received", {"copies": 1, "seal_seen": False}, "1份；未见盖章"),
        ("received", {"seal_seen": True}, "已盖章"),
        ("extension_requested", {"wanted": "2021-10-29", "note": "公示"}, "希望延至10月29日；公示"),
        ("extended", {"due_at": "2021-10-30T00:00:00+08:00", "note": ""}, "新期限10月29日"),
        ("approved", {"due_at": "2021-10-30T00:00:00+08:00"}, ""),
    ],
)
def test_the_timeline_says_what_was_posted_and_asked(event: str, data: dict[str, object], note: str) -> None:
    happening = Happening(at=at("2021-10-20 10:00"), event=event, by="unit", data=data)
    unit_dossier = Dossier(unit=unit("aa"), parent=None, happenings=(happening,))
    ((mark,),) = [day.marks for day in timeline(unit_dossier, at("2021-10-21 10:00"))]
    assert (mark.chip.words, mark.note) == (EVENTS[event][0], note)
