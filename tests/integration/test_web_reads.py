"""What pages ask of the record, on each kind of database."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from duban.domain.roster import Unit
from duban.domain.terms import TaskKind
from duban.reading.maildir import Box
from duban.services.board import Board, Part, board, names, told
from duban.services.delivering import Sender
from duban.services.dossier import dossier
from duban.services.figures import Show
from duban.services.forwarding import sweep_through
from duban.services.mailbox import Wanted, post
from duban.services.overview import glances, minutes_unswept, today
from duban.services.replaying import begin, live_through
from duban.web.home_view import errand_panels
from factories import ZONE, at, deliverable, notice, on, roster, stage, unit
from models.session import reading
from models.views import MailFilter, mail_page
from stories import Did, did

TWO = notice(
    stage(on("2021-10-15"), deliverable("report"), deliverable("table"), name="one"),
    stage({"kind": "none"}, deliverable("diary"), name="two"),
)
START = at("2021-09-24 10:00")


def cities() -> tuple[Unit, ...]:
    return tuple(unit(name, "clerk", "chief", "leader", order=n) for n, name in enumerate(("aa", "bb", "cc"), 1))


def season(engine: Engine, sender: Sender, *script: Did, until: str) -> None:
    begin(engine, TWO, roster(*cities()), at=START)
    live_through(engine, TWO, script, sender, start=START, until=at(until))


ACTS = (
    did("2021-10-14 10:00", "aa", "report", "submit"),
    did("2021-10-14 11:00", "aa", "report", "approve"),
    did("2021-10-14 12:00", "aa", "table", "submit"),
    did("2021-10-14 13:00", "bb", "report", "extend", due="2021-10-29"),
    did("2021-10-14 14:00", "cc", "table", "waive", note="x"),
)


def test_the_first_page_and_the_ledger_count_the_same(engine: Engine, sender: Sender) -> None:
    season(engine, sender, *ACTS, until="2021-10-20 09:30")
    now = at("2021-10-20 09:30")
    with reading(engine) as session:
        (glance,) = glances(session, now=now)
        found = board(session, TWO.id, Part(show=Show.ALL), now=now)
    counted = {show: glance.figures[show] for show in Show}
    assert counted == {show: found.figures[show] for show in Show}
    assert counted == {
        Show.ALL: 9,
        Show.OWED: 5,
        Show.COMPLETED: 1,
        Show.REVIEW: 1,
        Show.MISSING: 3,
        Show.OVERDUE: 2,
        Show.NEAR: 0,
        Show.RETURNED: 0,
        Show.WAIVED: 1,
        Show.UNDATED: 3,
    }
    assert all((Show.OVERDUE in cell.shows) == cell.entry.overdue for cell in found.cells)


def test_today_lists_who_is_late_and_what_waits(engine: Engine, sender: Sender) -> None:
    season(engine, sender, *ACTS, until="2021-10-29 09:30")
    with reading(engine) as session:
        found = today(session, now=at("2021-10-29 09:30"))
    assert [(p.unit_id, p.deliverable_name) for p in found.overdue] == [("bb", "table"), ("cc", "report")]
    assert [(p.unit_id, p.deliverable_name) for p in found.near] == [("bb", "report")]
    assert [(p.unit_id, p.deliverable_name) for p in found.review] == [("aa", "table")]
    calls = [(e.unit_id, e.kind) for e in found.errands]
    assert calls == [("aa", TaskKind.TELEPHONE), ("bb", TaskKind.TELEPHONE), ("cc", TaskKind.TELEPHONE)]
    assert found.mails == ()


def test_a_call_is_off_the_list_when_the_material_has_come(engine: Engine, sender: Sender) -> None:
    late = did("2021-10-29 09:10", "cc", "report", "submit")
    moved = did("2021-10-29 09:20", "bb", "table", "extend", due="2021-11-05")
    season(engine, sender, *ACTS, late, moved, until="2021-10-29 09:30")
    with reading(engine) as session:
        found = today(session, now=at("2021-10-29 09:30"))
    assert [e.unit_id for e in found.errands] == ["aa"]


def test_the_last_mail_is_the_last_one_to_the_unit(engine: Engine, sender: Sender) -> None:
    season(engine, sender, *ACTS, until="2021-10-20 09:30")
    with reading(engine) as session:
        found = board(session, TWO.id, Part(show=Show.ALL), now=at("2021-10-20 09:30"))
        mails = told(session, found)
    last = {(c.entry.unit, c.entry.deliverable): mails[c.obligation] for c in found.cells if c.obligation in mails}
    # the reviewer was reminded later than the unit was thanked
    assert (last["aa", "table"].kind, last["aa", "table"].at) == ("received", at("2021-10-14 12:00"))
    assert (last["cc", "report"].kind, last["cc", "report"].at) == ("escalation", at("2021-10-20 09:00"))
    # a milder line in a graver digest stays what it is
    assert (last["bb", "report"].kind, last["bb", "report"].at) == ("reminder", at("2021-10-20 09:00"))
    assert last["aa", "diary"].kind == "notice"


def test_a_dossier_tells_events_and_mails_in_order(engine: Engine, sender: Sender) -> None:
    season(engine, sender, *ACTS, until="2021-10-20 09:30")
    with reading(engine) as session:
        found = dossier(session, TWO.id, "aa")
    told_of = [h.event or (h.mail and h.mail.kind + "*" * h.for_review) for h in found.happenings]
    assert told_of[:3] == ["published", "notice", "notice"]
    assert told_of[-6:] == ["received", "reminder*", "overdue*", "overdue*", "overdue*", "overdue*"]
    assert [h.at for h in found.happenings] == sorted(h.at for h in found.happenings)
    assert all(h.deliverables for h in found.happenings)


def test_words_are_searched_as_they_are(engine: Engine, sender: Sender) -> None:
    season(engine, sender, until="2021-09-24 10:00")
    with reading(engine) as session:
        assert len(mail_page(session, MailFilter(words="通知 测〔2021〕1号"), offset=0, limit=99)) == 6
        assert mail_page(session, MailFilter(words="100%"), offset=0, limit=99) == []
        assert mail_page(session, MailFilter(words="_"), offset=0, limit=99) == []
        (one,) = mail_page(session, MailFilter(person="CLERK@bb.example"), offset=0, limit=99)
    assert one.to_email == "clerk@bb.example"


def test_the_mailbox_is_paged_and_narrowed_by_day(engine: Engine, sender: Sender, tmp_path: Path) -> None:
    season(engine, sender, *ACTS, until="2021-10-20 09:30")
    box = Box(tmp_path)
    with reading(engine) as session:
        all_mails = post(session, box, Wanted(), zone=ZONE)
        day = post(session, box, Wanted(day=at("2021-10-15 00:00").date()), zone=ZONE)
        beyond = post(session, box, Wanted(page=99), zone=ZONE)
    assert all_mails.total == len(all_mails.mails)
    assert {listed.mail.at.astimezone(ZONE).date().isoformat() for listed in day.mails} == {"2021-10-15"}
    assert (beyond.mails, beyond.total) == ((), all_mails.total)


def test_a_stride_says_each_rung_on_its_own_day(engine: Engine, sender: Sender) -> None:
    season(engine, sender, until="2021-09-30 09:00")
    until = at("2021-10-16 12:00")
    sweep_through(engine, sender, start=at("2021-09-30 09:30"), until=until, real_now=until)
    with reading(engine) as session:
        mails = mail_page(session, MailFilter(person="clerk@aa.example", kind="reminder"), offset=0, limit=99)
    said = [mail.at.astimezone(ZONE).strftime("%m-%d %H:%M") for mail in mails]
    assert said == ["10-15 09:00", "10-14 09:00", "10-12 09:00", "09-30 09:00"]


def test_a_silent_sweep_is_noticed_in_office_hours_only(engine: Engine, sender: Sender) -> None:
    begin(engine, TWO, roster(*cities()), at=START)
    with reading(engine) as session:
        late = {
            moment: minutes_unswept(session, now=at(moment))
            for moment in ("2021-09-29 12:00", "2021-09-30 09:00", "2021-09-30 09:20", "2021-10-01 12:00")
        }
    assert late == {"2021-09-29 12:00": 0, "2021-09-30 09:00": 0, "2021-09-30 09:20": 20, "2021-10-01 12:00": 0}


def test_a_unit_that_owes_nothing_has_a_dossier_without_materials(engine: Engine, sender: Sender) -> None:
    begin(engine, TWO, roster(*cities(), unit("dd", "clerk", kind="college", order=9)), at=START)
    with reading(engine) as session:
        assert board(session, TWO.id, Part(unit="dd"), now=START).cells == ()
        assert [h.event for h in dossier(session, TWO.id, "dd").happenings] == ["published"]


def test_pages_together_are_the_whole_and_nothing_twice(engine: Engine, sender: Sender) -> None:
    season(engine, sender, *ACTS, until="2021-10-20 09:30")
    for show in Show:
        for by_unit in (True, False):
            whole, pages = turned(engine, show, by_unit=by_unit)
            shown = [cell.obligation for page in pages for cell in page.cells if show in cell.shows]
            assert shown == [cell.obligation for cell in whole.cells]
            assert len(shown) == whole.figures[show] == whole.total
            assert pages[-1].cells == ()


def turned(engine: Engine, show: Show, *, by_unit: bool) -> tuple[Board, list[Board]]:
    """The list of what is shown, and its pages of two, up to the first empty one."""
    now = at("2021-10-20 09:30")
    with reading(engine) as session:
        whole = board(session, TWO.id, Part(show=show, by_unit=False), now=now)
        part = Part(show=show, by_unit=by_unit, size=2)
        last = board(session, TWO.id, part, now=now).pages + 1
        return whole, [board(session, TWO.id, replace(part, page=page), now=now) for page in range(1, last + 1)]


def test_names_are_those_of_the_rows(engine: Engine, sender: Sender) -> None:
    season(engine, sender, *ACTS, until="2021-10-20 09:30")
    with reading(engine) as session:
        found = board(session, TWO.id, Part(), now=at("2021-10-20 09:30"))
        listed = {show: names(session, found, show) for show in (Show.MISSING, Show.OVERDUE, Show.NEAR)}
    assert found.show is Show.MISSING
    assert listed == {
        Show.MISSING: {"report": ["bb市", "cc市"], "table": ["bb市"]},
        Show.OVERDUE: {"report": ["cc市"], "table": ["bb市"]},
        Show.NEAR: {},
    }


def test_when_nobody_is_missing_all_is_shown(engine: Engine, sender: Sender) -> None:
    begin(engine, notice(stage({"kind": "none"})), roster(), at=START)
    with reading(engine) as session:
        found = board(session, "test-2021-1", Part(), now=START)
    assert (found.show, found.total) == (Show.ALL, 1)


def test_one_call_is_enough_for_all_that_a_unit_owes(engine: Engine, sender: Sender) -> None:
    season(engine, sender, until="2021-10-29 09:30")
    now = at("2021-10-29 09:30")
    with reading(engine) as session:
        found = today(session, now=now)
    (calls,) = errand_panels(found, now)
    assert (calls.name, calls.count) == ("电话联系", 3)
    assert [row.who for row in calls.groups[0].rows] == ["aa市", "bb市", "cc市"]
    assert calls.groups[0].rows[0].what.endswith("（通话后请登记结果）同时：table。")
    (cut,) = errand_panels(found, now, most=2)
    assert (cut.groups[0].rest, cut.groups[0].url) == (1, "/tasks")
