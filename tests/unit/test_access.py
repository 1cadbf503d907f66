"""Who may do what: the table is total, each reach ends where it should, and what no table says."""

from pathlib import Path

import pytest

from duban.domain.access import (
    EVERYTHING,
    Grant,
    Scope,
    Subject,
    Thing,
    authorize,
    check_somewhere,
    may,
    may_somewhere,
    scope_of,
)
from duban.domain.access_drawing import drawn
from duban.domain.deeds import HATS, REVIEWING, TABLE, TOUCHING, Deed, Reach
from duban.domain.errors import Denied
from duban.domain.terms import Act, Hat

HOUSE = Path(__file__).resolve().parents[2]
#: Changchun's scheme for the province's notice; Changchun lies under the province, the county under Changchun.
THING = Thing(
    notice="n1",
    issuer="prov",
    unit="city",
    above=frozenset({"city", "prov"}),
    reviewers=frozenset({"prov"}),
)


def somebody(*grants: Grant) -> Subject:
    return Subject(grants=grants)


def wearing(hat: Hat, unit: str, **more: object) -> Subject:
    return somebody(Grant(hat=hat, unit=unit, holder="me@x.example", **more))  # type: ignore[arg-type]


def test_the_table_is_total_and_every_act_is_a_deed() -> None:
    assert set(TABLE) == {(hat, deed) for hat in Hat for deed in Deed}
    assert set(HATS) == set(Hat)
    assert {act.value for act in Act} <= {deed.value for deed in Deed}
    assert all(deed.zh for deed in Deed)


def test_the_drawing_of_the_table_is_the_table() -> None:
    assert (HOUSE / "docs" / "access.md").read_text(encoding="utf-8") == drawn()


#: For each reach, units for which it gets at the thing, and units for which it does not.
REACHES = {
    Reach.NONE: ((), ("city", "prov", "")),
    Reach.OWN: (("city",), ("prov", "other", "")),
    Reach.BELOW: (("city", "prov"), ("county", "other", "")),
    Reach.ISSUED: (("prov",), ("city", "other", "")),
    Reach.REVIEWED: (("prov",), ("city", "other", "")),
    Reach.ALL: (("", "other"), ()),
}


@pytest.mark.parametrize("hat", HATS)
@pytest.mark.parametrize("deed", Deed)
def test_each_hat_reaches_as_far_as_the_table_says(hat: Hat, deed: Deed) -> None:
    near, far = REACHES[TABLE[hat, deed]]
    assert {unit: may(wearing(hat, unit), deed, THING) for unit in (*near, *far)} == (
        dict.fromkeys(near, True) | dict.fromkeys(far, False)
    )


@pytest.mark.parametrize("deed", Deed)
def test_nobody_may_do_anything_without_a_grant(deed: Deed) -> None:
    for subject in (somebody(), wearing(Hat.CLERK, "", notice="n1"), wearing(Hat.SUPERVISOR, "")):
        assert not may(subject, deed, Thing())
        with pytest.raises(Denied, match="不在您的权限之内"):
            authorize(somebody(), deed, THING)
    assert not may_somewhere(somebody(), deed)
    with pytest.raises(Denied):
        check_somewhere(somebody(), deed)


def test_a_link_is_for_its_notice_alone() -> None:
    link = wearing(Hat.CLERK, "city", notice="n1", by_link=True)
    assert may(link, Deed.SUBMIT, THING)
    assert not may(link, Deed.SUBMIT, Thing(notice="n2", issuer="prov", unit="city", above=THING.above))
    assert not may(wearing(Hat.REVIEWER, "prov", notice="n2", by_link=True), Deed.APPROVE, THING)


def test_a_supervisor_changes_nothing() -> None:
    changing = {Deed(act.value) for act in Act} | {Deed.UPLOAD, Deed.DECIDE_MAIL, Deed.PRESS, Deed.ISSUE, Deed.HAND_ON}
    assert {deed for deed in changing if may(wearing(Hat.SUPERVISOR, "prov"), deed, THING)} == set()


@pytest.mark.parametrize("deed", sorted(REVIEWING))
def test_nobody_reviews_what_he_has_handed_in_himself(deed: Deed) -> None:
    mine = Thing(**{**vars(THING), "handed_in_by": frozenset({"me@x.example", "other@x.example"})})
    theirs = Thing(**{**vars(THING), "handed_in_by": frozenset({"you@x.example"})})
    with pytest.raises(Denied, match="不能由本人审核"):
        authorize(wearing(Hat.REVIEWER, "prov"), deed, mine)
    assert may(wearing(Hat.REVIEWER, "prov"), deed, theirs)
    twice = somebody(
        Grant(hat=Hat.COORDINATOR, unit="prov", holder="office@x.example"),
        Grant(hat=Hat.CLERK, unit="city", notice="n1", holder="me@x.example", by_link=True),
    )
    assert not may(twice, deed, mine)


@pytest.mark.parametrize("deed", sorted(TOUCHING))
def test_personal_data_need_more_than_the_bare_link(deed: Deed) -> None:
    personal = Thing(**{**vars(THING), "personal": True})
    reviews = TABLE[Hat.REVIEWER, deed] is Reach.REVIEWED and TABLE[Hat.CLERK, deed] is Reach.NONE
    hat, unit = (Hat.REVIEWER, "prov") if reviews else (Hat.CLERK, "city")
    bare = wearing(hat, unit, notice="n1", by_link=True)
    with pytest.raises(Denied, match="请先登录，或输入本单位口令"):
        authorize(bare, deed, personal)
    assert may(bare, deed, THING)
    assert may(wearing(hat, unit, notice="n1", by_link=True, is_cleared=True), deed, personal)
    assert may(wearing(hat, unit), deed, personal)
    assert not may(wearing(Hat.SUPERVISOR, "prov"), deed, personal)


def test_what_is_not_there_is_only_reached_by_who_sees_all() -> None:
    nothing = Thing(notice="n9")
    reaching = {hat for hat in HATS if may(wearing(hat, "prov"), Deed.SEE_OWED, nothing)}
    assert reaching == {Hat.ADMINISTRATOR}


def test_the_scope_of_a_list_is_the_union_of_the_grants() -> None:
    several = somebody(
        Grant(hat=Hat.COORDINATOR, unit="prov"),
        Grant(hat=Hat.SUPERVISOR, unit="city"),
        Grant(hat=Hat.CLERK, unit="county"),
        Grant(hat=Hat.CLERK, unit="town", notice="n1", by_link=True),
    )
    assert scope_of(several, Deed.SEE_OWED) == Scope(
        issuers=frozenset({"prov"}),
        trees=frozenset({"city"}),
        units=frozenset({("county", None), ("town", "n1")}),
    )
    assert scope_of(several, Deed.REVIEW_INBOX) == Scope(reviewers=frozenset({("prov", None)}))
    assert scope_of(several, Deed.MANAGE_ACCOUNTS) == Scope()
    assert scope_of(wearing(Hat.ADMINISTRATOR, ""), Deed.SEE_LEDGER) == EVERYTHING
