"""A reviewer that a step names, neither above the unit nor the issuer; and what the rule decides in its place."""

import html
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from duban.bootstrap import Duban
from duban.domain.roster import Roster, Unit
from duban.domain.terms import Act, Hat
from duban.services.acting import Request, act
from duban.services.installing import import_units
from duban.services.lapsing import lapse
from duban.services.publishing import publish
from factories import at, deliverable, notice, on, people, roster, stage, unit
from models.session import writing
from web_season import Client, come_in, installation, stranger_of

STEPS = [{"id": "center", "name": "中心初审", "by": "center", "workdays": 2, "on_timeout": "approve"}]
NOTICE = notice(
    stage(
        on("2021-10-15"),
        deliverable("report", review=[*STEPS, {"id": "issuer", "name": "省级审核", "by": "issuer"}])
        | {"name": "工作总结"},
        deliverable("photos") | {"name": "活动照片"},
    )
)
OTHER = notice(id="test-2021-2", document_number="测〔2021〕2号")
NOW = "2021-10-12 10:00"


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Duban:
    """A center beside the tree of the province reviews the reports of its cities; ``aa`` has handed in both."""
    center = Unit(id="center", name="指导中心", kind="center", order=9, contacts=people("center", "clerk"))
    with writing(engine) as session:
        import_units(session, Roster.of([*roster(unit("aa", "clerk"), unit("bb", "clerk", order=2)).units, center]))
    for one in (NOTICE, OTHER):
        with writing(engine) as session:
            publish(session, one, now=at("2021-09-24 10:00"))
    for name in ("report", "photos"):
        with writing(engine) as session:
            act(session, Request(notice=NOTICE.id, unit="aa", deliverable=name, act=Act.SUBMIT), now=at(NOW))
    return installation(engine, tmp_path, now=NOW, is_demo=False)


def come(office: Duban, hat: Hat, where: str) -> Client:
    found = stranger_of(office)
    found.session = come_in(office.engine, f"li@{where}.example", (hat, where))
    return found


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def test_who_is_named_in_a_step_reviews_and_reads_what_it_is_about(office: Duban) -> None:
    center = come(office, Hat.REVIEWER, "center")
    inbox = words(center.get("/reviews").text)
    assert ("工作总结" in inbox, "活动照片" in inbox) == (True, False)
    about = center.get(f"/notices/{NOTICE.id}/about")
    assert (about.status_code, "工作总结" in about.text, "活动照片" in about.text) == (200, True, False)
    doors = (f"/reviews/aa/{NOTICE.id}/report", f"/units/aa/notices/{NOTICE.id}")
    assert [center.get(door).status_code for door in doors] == [200, 200]
    # another's review, a notice that names it in no step, and the ledger stay closed
    closed = (f"/reviews/aa/{NOTICE.id}/photos", f"/notices/{OTHER.id}/about", f"/notices/{NOTICE.id}")
    assert [center.get(door).status_code for door in closed] == [403, 403, 403]


def test_who_reviews_for_the_issuer_and_who_hands_in_read_all_that_is_theirs(office: Duban) -> None:
    for hat, where in ((Hat.REVIEWER, "prov"), (Hat.CLERK, "aa"), (Hat.COORDINATOR, "prov")):
        page = come(office, hat, where).get(f"/notices/{NOTICE.id}/about").text
        assert ("工作总结" in page, "活动照片" in page) == (True, True)


def test_what_passed_because_nobody_looked_is_marked_in_the_ledger(office: Duban) -> None:
    """The center has two working days; then the report goes on to the province, with a mark."""
    ledger = f"/notices/{NOTICE.id}?show=all"
    coordinator = come(office, Hat.COORDINATOR, "prov")
    assert "逾期未审视同通过" not in coordinator.get(ledger).text
    assert lapse(office.engine, now=at("2021-10-15 00:00")) == 1
    for page in (ledger, f"{ledger}&view=rows", f"/notices/{NOTICE.id}/units/aa"):
        assert "● 已报待审 逾期未审视同通过" in words(coordinator.get(page).text)
    with writing(office.engine) as session:
        back = {"act": Act.RETURN, "note": "缺数据", "due": at("2021-10-22 00:00").date()}
        act(session, Request(notice=NOTICE.id, unit="aa", deliverable="report", **back), now=at("2021-10-15 10:00"))
    assert "↩ 退回补正 逾期未审视同通过" not in words(coordinator.get(ledger).text)
