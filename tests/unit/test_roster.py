"""Who is written to, how units hang together, what a new roster changes."""

import pytest

from duban.domain.roster import Contact, Difference, Roster, Unit, differences, recipients, tally
from duban.domain.terms import Role


def who(role, name, *, email=True):
    return Contact(role=role, person=name, email=f"{name}@a.example" if email else "", phone="010-1")


CLERK, CHIEF, LEADER = who(Role.CLERK, "clerk"), who(Role.CHIEF, "chief"), who(Role.LEADER, "leader")


def bureau(*contacts):
    """An issuer, a bureau under it with ``contacts``, and a school under the bureau."""
    return Roster.of(
        [
            Unit(id="school", name="学校", parent="bureau", order=2),
            Unit(id="bureau", name="市教育局", parent="province", order=1, contacts=contacts),
            Unit(id="province", name="省教育厅", contacts=(who(Role.LEADER, "boss"), who(Role.CHIEF, "head"))),
        ]
    )


def test_units_stand_in_their_order_then_as_they_come():
    units = [Unit(id=unit_id, name=unit_id, order=order) for unit_id, order in (("c", 2), ("b", 1), ("a", 2))]
    roster = Roster.of(units)
    assert list(roster) == [unit.id for unit in roster.units] == ["b", "c", "a"]
    assert (roster.get("b"), roster.get("x"), len(roster)) == (units[1], None, 3)


def test_a_unit_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        Roster.of([Unit(id="a", name="甲"), Unit(id="a", name="乙")])


def test_path_and_children_follow_the_parents():
    roster = bureau()
    assert roster.path("school") == ["school", "bureau", "province"]
    assert roster.path("province") == ["province"]
    assert roster.children("province") == (roster["bureau"],)
    assert roster.children("school") == ()


def test_a_stranger_is_a_key_error():
    for ask in (bureau().path, bureau().children):
        with pytest.raises(KeyError):
            ask("nobody")


def test_a_circle_of_parents_ends():
    circle = Roster.of([Unit(id="a", name="甲", parent="b"), Unit(id="b", name="乙", parent="a")])
    assert circle.path("a") == ["a", "b"]
    assert Roster.of([Unit(id="a", name="甲", parent="gone")]).path("a") == ["a"]


@pytest.mark.parametrize(
    ("present", "role", "expected"),
    [
        ((CLERK, CHIEF, LEADER), Role.CLERK, (CLERK,)),
        ((CHIEF, LEADER), Role.CLERK, (CHIEF,)),
        ((LEADER,), Role.CLERK, (LEADER,)),
        ((), Role.CLERK, ()),
        ((CLERK, CHIEF, LEADER), Role.CHIEF, (CHIEF,)),
        ((CLERK, LEADER), Role.CHIEF, (LEADER,)),
        ((CLERK,), Role.CHIEF, ()),
        ((CLERK, CHIEF, LEADER), Role.LEADER, (LEADER,)),
        ((CLERK, CHIEF), Role.LEADER, ()),
        ((who(Role.CLERK, "voice", email=False), CHIEF), Role.CLERK, (CHIEF,)),
        ((CLERK, who(Role.CLERK, "second")), Role.CLERK, (CLERK, who(Role.CLERK, "second"))),
    ],
)
def test_a_role_falls_to_the_next_one_upward_and_never_downward(present, role, expected):
    assert recipients(bureau(*present), "bureau", role, "province") == expected


def test_one_mailbox_in_two_spellings_is_written_to_once():
    again = Contact(role=Role.CLERK, person="clerk", email="CLERK@a.example")
    assert recipients(bureau(CLERK, again), "bureau", Role.CLERK, "province") == (CLERK,)


def test_the_supervisor_is_the_parents_chief_else_leader():
    assert recipients(bureau(CLERK, CHIEF, LEADER), "school", Role.SUPERVISOR, "province") == (CHIEF,)
    assert recipients(bureau(CLERK, LEADER), "school", Role.SUPERVISOR, "province") == (LEADER,)
    assert recipients(bureau(CLERK), "school", Role.SUPERVISOR, "province") == ()


def test_the_issuers_leaders_are_never_written_to():
    only_leader = Roster.of(
        [
            Unit(id="ministry", name="部", contacts=(CHIEF,)),
            Unit(id="province", name="厅", parent="ministry", contacts=(LEADER,)),
            Unit(id="city", name="局", parent="province"),
        ]
    )
    for role in Role:
        assert recipients(only_leader, "province", role, "province") == ()
    assert recipients(only_leader, "city", Role.SUPERVISOR, "province") == ()
    assert recipients(only_leader, "city", Role.SUPERVISOR, "ministry") == (LEADER,)
    assert recipients(only_leader, "province", Role.SUPERVISOR, "city") == (CHIEF,)


def test_the_issuers_chief_supervises_its_units():
    assert recipients(bureau(), "bureau", Role.SUPERVISOR, "province") == (who(Role.CHIEF, "head"),)


def test_nobody_is_found_for_a_root_or_a_stranger():
    assert recipients(bureau(), "province", Role.SUPERVISOR, "bureau") == ()
    assert recipients(bureau(), "nobody", Role.CLERK, "province") == ()
    assert recipients(bureau(), "nobody", Role.SUPERVISOR, "province") == ()


def test_differences_tell_every_unit_and_what_changes():
    same = Unit(id="same", name="甲", contacts=(CLERK, CHIEF))
    was = Unit(id="moved", name="乙", order=1, contacts=(CLERK, CHIEF))
    moved = Unit(id="moved", name="乙局", order=2, contacts=(CLERK, LEADER))
    fresh = Unit(id="fresh", name="丙", order=3, contacts=(CLERK,))
    gone = Unit(id="gone", name="丁", contacts=(CLERK,))
    turned = Unit(id="same", name="甲", contacts=(CHIEF, CLERK))
    found = differences(Roster.of([same, was, gone]), Roster.of([turned, moved, fresh]))
    assert found == [
        Difference(change="unchanged", unit=turned),
        Difference(
            change="changed",
            unit=moved,
            fields=("name", "order"),
            contacts_added=(LEADER,),
            contacts_removed=(CHIEF,),
        ),
        Difference(change="added", unit=fresh, contacts_added=(CLERK,)),
        Difference(change="removed", unit=gone, contacts_removed=(CLERK,)),
    ]
    assert tally(found) == {"added": 1, "changed": 1, "unchanged": 1, "removed": 1}
