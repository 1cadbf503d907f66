"""Any history of a notice with tracks, requests, opinions, decisions taken back and time-outs; and what must hold."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from duban.bootstrap import throw_away
from duban.domain.access import EVERYTHING
from duban.domain.errors import DubanError
from duban.domain.state import HOLDER
from duban.domain.terms import Act, RequestState, Status, TaskKind
from duban.domain.tracks import HANDED_IN, MARKS, OPEN, RECEIVED, SENT
from duban.services.acting import Request, act
from duban.services.board import Part, board
from duban.services.breakdown import breakdown
from duban.services.figures import Asked as Asked_
from duban.services.figures import Show, shows
from duban.services.handing import media, states
from duban.services.overview import glances
from duban.services.records import Records
from duban.services.rehearsing import run_ahead
from duban.services.replaying import begin
from duban.services.tallying import recount
from duban.services.waking import rebuild
from factories import at, deliverable, notice, on, roster, stage, unit
from models import ExtensionRequestRow, HandoverRow, ObligationRow
from models.event import chain_is_whole
from models.obligation import of_notice
from models.session import reading, writing
from models.tally import is_counted
from models.task import tasks_of

ELECTRONIC, PAPER = {"medium": "electronic", "to": "office"}, {"medium": "paper", "to": "office"}
PROVINCE = {"id": "province", "by": "issuer"}
NOTICE = notice(
    stage(
        on("2021-10-15"),
        deliverable("table"),
        deliverable("panel", tracks=[ELECTRONIC, PAPER]),
        deliverable("form", tracks=[PAPER], review=[{"id": "city", "by": "parent", "on_timeout": "return"}]),
    ),
    review=[{"id": "city", "by": "parent", "workdays": 2, "on_timeout": "approve"}, PROVINCE],
    classes={"cities": {"name": "各县", "kinds": ["county"]}},
)
UNITS = roster(
    unit("city", "clerk", "chief", order=1, kind="town"),
    unit("aa", "clerk", "chief", order=2, kind="county", parent="city"),
)
START = at("2021-09-24 10:00")

#: Handing in and deciding come up more often, so that histories get far.
ACTS = st.sampled_from([*Act, Act.SUBMIT, Act.SUBMIT, Act.SEND, Act.RECEIVE, Act.APPROVE, Act.APPROVE, Act.RETURN])


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An act of a history."""

    at: datetime
    request: Request


@st.composite
def histories(draw: st.DrawFn) -> list[Asked]:
    """Acts over two months; what is impossible is refused and skipped."""
    moments = sorted(draw(st.lists(st.integers(0, 24 * 50), max_size=16)))
    return [_asked(draw, START + timedelta(hours=hours)) for hours in moments]


def _asked(draw: st.DrawFn, moment: datetime) -> Asked:
    what = draw(ACTS)
    more: dict[str, Any] = {"note": "说明"}
    if what in (Act.RETURN, Act.EXTEND, Act.REOPEN, Act.REQUEST):
        more["due"] = (moment + timedelta(days=draw(st.integers(0, 25)))).date()
    if what in (Act.SUBMIT, Act.SEND, Act.RECEIVE, Act.RETURN):
        more["tracks"] = draw(st.sampled_from([None, None, (0,), (1,), (0, 1)]))
    if what in (Act.SEND, Act.RECEIVE):
        more["day"] = (moment - timedelta(days=draw(st.integers(0, 5)))).date()
    if what is Act.CONSULT:
        more |= {"to_name": "李老师", "to_email": "li@prov.example"}
    name = draw(st.sampled_from(["table", "panel", "panel", "form"]))
    return Asked(at=moment, request=Request(notice=NOTICE.id, unit="aa", deliverable=name, act=what, **more))


def check_history(history: list[Asked]) -> set[str]:
    """Live through it with a tick at every moment of the index; answers the kinds of acts that were done."""
    done: set[str] = set()
    with throw_away() as (engine, sender):
        begin(engine, NOTICE, UNITS, at=START)
        now, rounds = START, dict.fromkeys(("table", "panel", "form"), 1)
        for asked in history:
            run_ahead(engine, sender, now=now, until=asked.at)
            now = asked.at
            if _does(engine, asked):
                done.add(str(asked.request.act))
            rounds = _check(engine, rounds)
        _check_figures(engine, now)
        run_ahead(engine, sender, now=now, until=now + timedelta(days=40))
        _check(engine, rounds)
        _check_figures(engine, now + timedelta(days=40))
        assert rebuild(engine) == 0, "wake_at is what the record says"
        assert recount(engine) == 0, "the counts are those of the record"
    return done


def _does(engine: Engine, asked: Asked) -> bool:
    try:
        with writing(engine) as session:
            act(session, asked.request, now=asked.at)
    except DubanError:
        return False
    return True


def _check(engine: Engine, rounds: dict[str, int]) -> dict[str, int]:
    """What holds at every moment; answers the rounds."""
    with reading(engine) as session:
        assert chain_is_whole(session)
        rows = of_notice(session, NOTICE.id)
        for row in rows:
            _check_tracks(session, row)
            assert row.round >= rounds[row.deliverable], "a round never goes down"
            assert (row.step is not None) == (row.status == Status.SUBMITTED)
            assert (row.completed_at is not None) == (row.status == Status.COMPLETED)
        _check_requests(session, rows)
        return {row.deliverable: row.round for row in rows}


def _check_figures(engine: Engine, now: datetime) -> None:
    """Every figure of every page is what its rows say, counted one by one."""
    with reading(engine) as session:
        assert is_counted(session, NOTICE.id)
        records = Records(session)
        asked = Asked_(now=now.astimezone(NOTICE.tz), calendar=records.calendar)
        judged: dict[tuple[str, str], frozenset[Show]] = {}
        for row in of_notice(session, NOTICE.id):
            judged[row.unit_id, row.deliverable] = shows(Status(row.status), row.due_day, row.due_at, asked)
        right = Counter(show for found in judged.values() for show in found)
        found = breakdown(session, NOTICE.id, EVERYTHING, now=now)
        (glance,) = glances(session, now=now)
        assert [{s: n for s, n in f.counts.items() if n} for f in (found.figures, glance.figures)] == [right, right]
        for share in found.by_material:
            of_one = Counter(s for (_, name), seen in judged.items() if name == share.key for s in seen)
            assert {show: n for show, n in share.figures.counts.items() if n} == of_one
        for show, count in right.items():
            page = board(session, NOTICE.id, Part(show=show, by_unit=False), now=now)
            assert (page.total, len(page.cells)) == (count, count), "a figure opens its rows"


def _check_tracks(session: Session, row: ObligationRow) -> None:
    found = states(row, media(Records(session), row))
    if row.status == Status.COMPLETED and not row.is_nil:
        assert set(found) <= {HANDED_IN, RECEIVED}, "nothing is completed that has not come"
    if row.status == Status.SUBMITTED and not row.is_nil:
        assert OPEN not in found, "nothing is reviewed that is not handed in"
    if HOLDER[Status(row.status)] == "unit":
        assert OPEN in found, "who holds the ball has something to do"
    if row.step == "arrival":
        assert SENT in found
    if row.tracks:
        assert row.tracks == _recomputed(session, row, len(found)), "the marks are those of the record"


def _recomputed(session: Session, row: ObligationRow, ways: int) -> str:
    query = select(HandoverRow).where(HandoverRow.obligation_id == row.id, col(HandoverRow.void_at).is_(None))
    last = {one.track: one.state for one in session.exec(query.order_by(col(HandoverRow.id)))}
    marks = {str(state): mark for state, mark in MARKS.items()}
    return "".join(marks[last.get(n, str(OPEN))] for n in range(ways))


def _check_requests(session: Session, rows: list[ObligationRow]) -> None:
    """An open request is a task, at most one each, and only while the unit holds the ball."""
    open_ones = list(session.exec(select(ExtensionRequestRow).where(ExtensionRequestRow.state == RequestState.OPEN)))
    tasks = [t for t in tasks_of(session, NOTICE.id) if t.kind == TaskKind.EXTENSION and t.done_at is None]
    assert sorted(f"extension:{one.id}" for one in open_ones) == sorted(task.key for task in tasks)
    assert len({one.obligation_id for one in open_ones}) == len(open_ones)
    held = {row.id for row in rows if HOLDER[Status(row.status)] == "unit"}
    assert {one.obligation_id for one in open_ones} <= held
