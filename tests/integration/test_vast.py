"""More than a page can hold: what is shown of it is the first in order, and the rest is counted, or said to be more."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from conftest import installed
from duban.domain.access import Grant, Subject
from duban.domain.terms import Hat
from duban.services.board import Part, board
from duban.services.describing import MOST_NAMED, described
from duban.services.figures import Show
from duban.services.replaying import begin
from duban.services.reviewing import MOST, MOST_COUNTED, inbox
from duban.web.about_view import AboutView
from duban.web.review.inbox_view import inbox_view
from factories import at, notice, roster, unit
from models.session import make_engine, reading, writing

NOTICE = notice()
NOW = at("2021-10-12 10:00")
REVIEWER = Subject(grants=(Grant(hat=Hat.REVIEWER, unit="prov", holder="wang@prov.example"),))


@pytest.fixture(scope="module")
def crowd() -> Iterator[Engine]:
    """A thousand cities and two; all but the last have handed in."""
    engine = installed(make_engine("sqlite://"))
    begin(
        engine, NOTICE, roster(*(unit(f"c{n:04}", order=n) for n in range(MOST_COUNTED + 2))), at=at("2021-09-24 10:00")
    )
    with writing(engine) as session:
        moved = "UPDATE obligation SET status = 'submitted', step = 'issuer' WHERE unit_id <> 'c1001'"
        session.connection().execute(text(moved))
    yield engine
    engine.dispose()


def test_a_reviewer_sees_the_first_hundred_and_that_there_are_more(crowd: Engine) -> None:
    with reading(crowd) as session:
        found = inbox(session, REVIEWER, now=NOW)
    assert [one.key.unit for one in found.waiting] == [f"c{n:04}" for n in range(MOST)]
    assert (found.more, found.is_cut) == (MOST_COUNTED - MOST, True)
    page = inbox_view(found, NOW)
    assert (page.todo.partition("，")[0].rstrip("。"), page.more) == (
        "有1000件以上材料等您审核",
        "另有900件以上未列，办理后依次显示。",
    )


def test_what_can_be_counted_is_counted(crowd: Engine) -> None:
    with writing(crowd) as session:
        back = "UPDATE obligation SET status = 'returned' WHERE unit_id = 'c0000'"
        session.connection().execute(text(back))
        found = inbox(session, REVIEWER, now=NOW)
        session.rollback()
    page = inbox_view(found, NOW)
    assert (found.more, found.is_cut, page.more) == (MOST_COUNTED - MOST, False, "另有900件未列，办理后依次显示。")
    assert page.todo.startswith("有1000件材料等您审核")


def test_a_class_of_many_is_named_as_far_as_it_can_be_read(crowd: Engine) -> None:
    with reading(crowd) as session:
        found = described(session, NOTICE.id)
    (cities,) = AboutView(found, NOW).classes
    assert (len(cities.members.named), cities.members.count) == (MOST_NAMED, MOST_COUNTED + 2)
    assert cities.names.endswith("等")


def test_two_units_at_one_place_stand_on_one_page(engine: Engine) -> None:
    """So it is for those that came in before and after the roster was put in another order."""
    begin(engine, NOTICE, roster(*(unit(name, order=n) for n, name in enumerate(("aa", "bb", "cc", "dd")))), at=NOW)
    with writing(engine) as session:
        same = "UPDATE obligation SET unit_position = (SELECT place FROM unit WHERE id = 'bb') WHERE unit_id = 'cc'"
        session.connection().execute(text(same))
    pages = []
    with reading(engine) as session:
        for number in (1, 2, 3):
            found = board(session, NOTICE.id, Part(show=Show.ALL, page=number, size=1), now=NOW)
            pages.append(([cell.entry.unit for cell in found.cells], found.has_more))
    assert pages == [(["aa"], True), (["bb", "cc"], True), (["dd"], False)]
