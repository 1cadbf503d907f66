"""Who owes what: classes by kind and by name, trees beside each other, receivers, and what nobody owes yet.

On both databases: the obligations of a class come from one statement.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from conftest import installed
from duban.domain.errors import InputRefused
from duban.domain.expand import unassigned
from duban.domain.notice import Notice
from duban.domain.roster import Roster, Unit
from duban.services.replaying import begin
from factories import at, deliverable, notice, on, roster, stage, unit
from models.obligation import of_notice
from models.session import make_engine, reading


def owed(engine: Engine, defined: Notice, units: Roster) -> list[str]:
    """What publishing makes, one line each: by unit order, then the notice's order."""
    begin(engine, defined, units, at=at("2021-09-24 10:00"))
    with reading(engine) as session:
        return [f"{row.unit_id} {row.deliverable}" for row in of_notice(session, defined.id)]


def test_a_kind_binds_the_units_below_the_issuer_and_peers_that_stand_alone(engine: Engine) -> None:
    units = roster(
        unit("aa", order=1),
        unit("below", order=2, parent="aa"),
        unit("alone", order=3, parent=None),
        unit("other", order=4, parent=None, kind="province"),
        unit("foreign", order=5, parent="other"),
    )
    assert owed(engine, notice(), units) == ["aa report", "below report", "alone report"]


def test_a_class_may_name_units_and_leave_some_out(engine: Engine) -> None:
    classes = {"cities": {"name": "各市", "kinds": ["city"], "units": ["uni"], "except_units": ["bb"]}}
    units = roster(unit("aa", order=1), unit("bb", order=2), unit("uni", order=3, kind="college"))
    assert owed(engine, notice(classes=classes), units) == ["aa report", "uni report"]


def test_the_issuer_is_bound_only_where_it_is_named(engine: Engine) -> None:
    by_kind = {"cities": {"name": "省", "kinds": ["province", "city"]}}
    by_name = {"cities": {"name": "省", "kinds": ["city"], "units": ["prov"]}}
    assert owed(engine, notice(classes=by_kind), roster(unit("aa"))) == ["aa report"]
    assert owed(engine, notice(classes=by_name, id="two"), roster(unit("aa"))) == ["prov report", "aa report"]


def test_a_unit_in_two_classes_owes_once(engine: Engine) -> None:
    classes = {"cities": {"name": "各市", "kinds": ["city"]}, "named": {"name": "点名", "units": ["aa"]}}
    two = notice(stage(on("2021-10-15"), deliverable(who=["cities", "named"])), classes=classes)
    assert owed(engine, two, roster(unit("aa"))) == ["aa report"]


def test_who_receives_on_every_track_owes_nothing_and_on_one_of_two_still_owes(engine: Engine) -> None:
    offices = {"own": {"name": "开放大学", "unit": "aa"}, "office": {"name": "省厅"}}
    electronic, paper = {"medium": "electronic", "to": "own"}, {"medium": "paper", "to": "office"}
    one = notice(stage(on("2021-10-15"), deliverable(tracks=[electronic])), offices=offices)
    two = notice(stage(on("2021-10-15"), deliverable(tracks=[electronic, paper])), offices=offices, id="two")
    units = roster(unit("aa", order=1), unit("bb", order=2))
    assert (owed(engine, one, units), owed(engine, two, units)) == (["bb report"], ["aa report", "bb report"])


def test_a_receiving_office_need_not_be_in_the_roster(engine: Engine) -> None:
    offices = {"office": {"name": "协会", "unit": "nowhere"}}
    assert owed(engine, notice(offices=offices), roster(unit("aa"))) == ["aa report"]


def test_a_city_that_issues_binds_its_own_counties_and_nobody_elses(engine: Engine) -> None:
    units = roster(
        unit("aa", order=1),
        unit("bb", order=2),
        unit("a-east", order=3, parent="aa", kind="county"),
        unit("b-east", order=4, parent="bb", kind="county"),
        unit("a-west", order=5, parent="aa", kind="county"),
    )
    classes = {"cities": {"name": "各县", "kinds": ["county", "city"]}}
    assert owed(engine, notice(issuer="aa", classes=classes), units) == ["a-east report", "a-west report"]


def test_what_names_nobody_is_left_to_the_coordinator(engine: Engine) -> None:
    item = deliverable("item", who=[], tracks=[])
    defined = notice(stage({"kind": "none"}, item))
    assert (owed(engine, defined, roster()), [d.id for d in unassigned(defined)]) == ([], ["item"])


def test_a_unit_or_a_reviewer_that_is_not_in_the_roster_is_refused_before_publishing(engine: Engine) -> None:
    reviewed = notice(review=[{"id": "a", "by": "nobody"}])
    named = notice(classes={"cities": {"name": "点名", "units": ["nowhere"]}})
    for defined, stranger in ((reviewed, "nobody"), (named, "nowhere")):
        with pytest.raises(InputRefused) as refused:
            owed(engine, defined, roster(unit("aa")))
        assert refused.value.zh == f"单位名册中没有 {stranger}（通知 test-2021-1 提到了它）"


NAMES = [f"u{n}" for n in range(9)]


@st.composite
def forests(draw: st.DrawFn) -> Roster:
    """The province and up to nine units anywhere: below it, below each other, alone, below a stranger's tree."""
    count = draw(st.integers(1, len(NAMES)))
    above = [
        draw(st.sampled_from([None, "prov", *NAMES[:n]])) if n else draw(st.sampled_from([None, "prov"]))
        for n in range(count)
    ]
    kinds = draw(st.lists(st.sampled_from(["city", "county"]), min_size=count, max_size=count))
    places = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    return roster(*(unit(NAMES[n], parent=above[n], kind=kinds[n], order=places[n]) for n in range(count)))


def bound(units: Roster, issuer: str) -> list[str]:
    """The rule in plain words: cities below the issuer, or without anybody above and below; never the issuer."""

    def belongs(candidate: Unit) -> bool:
        alone = candidate.parent is None and not units.children(candidate.id)
        return candidate.kind == "city" and candidate.id != issuer and (issuer in units.path(candidate.id) or alone)

    return [candidate.id for candidate in units.units if belongs(candidate)]


#: One for all examples: it knows our statements after the first.
_ENGINE = make_engine("sqlite://")


@given(forests())
def test_the_statement_binds_whom_the_rule_names(units: Roster) -> None:
    for issuer in ("prov", "u0"):
        expected = [f"{name} report" for name in bound(units, issuer)]
        assert owed(installed(_ENGINE), notice(issuer=issuer), units) == expected
