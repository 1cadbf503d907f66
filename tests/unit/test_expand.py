"""Who owes what: classes by kind and by name, trees beside each other, receivers, and what nobody owes yet."""

import pytest

from duban.domain.errors import InputRefused
from duban.domain.expand import check_roster, expand, unassigned
from duban.domain.notice import Notice
from duban.domain.roster import Roster
from duban.reading.workdays import seed
from factories import at, deliverable, notice, on, roster, stage, unit


def owed(defined: Notice, units: Roster) -> list[str]:
    return [f"{o.unit.id} {o.deliverable}" for o in expand(defined, units, seed(), published_at=at("2021-09-24 10:00"))]


def test_a_kind_binds_the_units_below_the_issuer_and_peers_that_stand_alone() -> None:
    units = roster(
        unit("aa", order=1),
        unit("below", order=2, parent="aa"),
        unit("alone", order=3, parent=None),
        unit("other", order=4, parent=None, kind="province"),
        unit("foreign", order=5, parent="other"),
    )
    assert owed(notice(), units) == ["aa report", "below report", "alone report"]


def test_a_class_may_name_units_and_leave_some_out() -> None:
    classes = {"cities": {"name": "各市", "kinds": ["city"], "units": ["uni"], "except_units": ["bb"]}}
    units = roster(unit("aa", order=1), unit("bb", order=2), unit("uni", order=3, kind="college"))
    assert owed(notice(classes=classes), units) == ["aa report", "uni report"]


def test_the_issuer_is_bound_only_where_it_is_named() -> None:
    by_kind = {"cities": {"name": "省", "kinds": ["province", "city"]}}
    by_name = {"cities": {"name": "省", "kinds": ["city"], "units": ["prov"]}}
    assert owed(notice(classes=by_kind), roster(unit("aa"))) == ["aa report"]
    assert owed(notice(classes=by_name), roster(unit("aa"))) == ["prov report", "aa report"]


def test_a_unit_in_two_classes_owes_once() -> None:
    classes = {"cities": {"name": "各市", "kinds": ["city"]}, "named": {"name": "点名", "units": ["aa"]}}
    two = notice(stage(on("2021-10-15"), deliverable(who=["cities", "named"])), classes=classes)
    assert owed(two, roster(unit("aa"))) == ["aa report"]


def test_who_receives_on_every_track_owes_nothing_and_on_one_of_two_still_owes() -> None:
    offices = {"own": {"name": "开放大学", "unit": "aa"}, "office": {"name": "省厅"}}
    electronic, paper = {"medium": "electronic", "to": "own"}, {"medium": "paper", "to": "office"}
    one = notice(stage(on("2021-10-15"), deliverable(tracks=[electronic])), offices=offices)
    two = notice(stage(on("2021-10-15"), deliverable(tracks=[electronic, paper])), offices=offices)
    units = roster(unit("aa", order=1), unit("bb", order=2))
    assert (owed(one, units), owed(two, units)) == (["bb report"], ["aa report", "bb report"])


def test_a_receiving_office_need_not_be_in_the_roster() -> None:
    check_roster(notice(offices={"office": {"name": "协会", "unit": "nowhere"}}), roster())


def test_what_names_nobody_is_left_to_the_coordinator() -> None:
    item = deliverable("item", who=[], tracks=[])
    defined = notice(stage({"kind": "none"}, item))
    assert (owed(defined, roster()), [d.id for d in unassigned(defined)]) == ([], ["item"])


def test_a_reviewer_that_is_not_in_the_roster_is_refused_before_publishing() -> None:
    with pytest.raises(InputRefused) as refused:
        check_roster(notice(review=[{"id": "a", "by": "nobody"}]), roster())
    assert refused.value.zh == "单位名册中没有 nobody（通知 test-2021-1 提到了它）"
