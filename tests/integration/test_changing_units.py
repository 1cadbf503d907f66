"""Units that come and go in mid-season."""

import pytest
from sqlalchemy import Engine

from duban.domain.errors import DubanError
from duban.services.delivering import Sender
from duban.services.installing import import_units
from duban.services.merging import Merged, add_unit, merge_units
from duban.services.publishing import publish
from duban.services.waking import rebuild
from factories import at, deliverable, notice, on, roster, stage, unit
from models.obligation import of_notice
from models.session import reading, writing
from seasons_of_one import Season

FIRST = notice(stage(on("2021-10-08"), deliverable("scheme")), stage(on("2021-10-22"), deliverable(), name="two"))


def season(engine: Engine, sender: Sender) -> Season:
    """A city with a county, and another city, before anything is due."""
    units = roster(
        unit("aa", "clerk", "chief", order=1),
        unit("county", "clerk", parent="aa", kind="county", order=2),
        unit("bb", "clerk", order=3),
    )
    found = Season(engine=engine, sender=sender, notice=FIRST, units=units, start="2021-09-24 10:00")
    found.ticks("2021-09-24 10:05")
    return found


def stand(found: Season) -> list[str]:
    with reading(found.engine) as session:
        rows = of_notice(session, FIRST.id)
    return [f"{row.unit_id}/{row.deliverable} {row.status} {row.reason}".strip() for row in rows]


def test_a_new_unit_owes_what_is_still_ahead_and_is_told(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    with writing(engine) as session:
        import_units(session, roster(unit("cc", "clerk", order=4)))
    with writing(engine) as session:
        bound = add_unit(session, FIRST.id, "cc", now=at("2021-10-11 10:00"))
    assert (bound.owed, bound.passed) == (("report",), ("scheme",))
    found.ticks("2021-10-11 10:00")
    assert [line for line in found.lines("2021-10-11 00:00") if "cc" in line] == [
        "2021-10-11 10:00 notice clerk@cc: cc/report"
    ]
    assert [line for line in stand(found) if line.startswith("cc")] == ["cc/report pending"]
    assert rebuild(engine) == 0


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("aa", "没有可增加的事项：aa市，通知没有新的事项要求该单位报送"),
        ("county", "没有可增加的事项：county市，通知没有新的事项要求该单位报送"),
        ("nobody", "单位名册中没有 nobody"),
    ],
)
def test_who_owes_nothing_more_is_not_added(sender: Sender, engine: Engine, who: str, why: str) -> None:
    season(engine, sender)
    with pytest.raises(DubanError) as refused, writing(engine) as session:
        add_unit(session, FIRST.id, who, now=at("2021-10-05 10:00"))
    assert str(refused.value) == why


def test_a_unit_goes_into_another_with_its_people_and_its_counties(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    found.does("2021-09-26 10:00", "submit", deliverable="scheme")
    found.does("2021-09-26 11:00", "approve", deliverable="scheme")
    with writing(engine) as session:
        merged = merge_units(session, "aa", "bb", now=at("2021-10-11 08:00"))
    # the clerk of aa is no longer written to: bb has one; its chief goes over
    assert merged == Merged(waived=((FIRST.id, 1),), contacts=1)
    assert stand(found) == [
        "aa/scheme completed",
        "aa/report waived 并入bb市",
        "bb/scheme pending",
        "bb/report pending",
    ]
    found.ticks("2021-10-11 09:00")
    assert found.lines("2021-10-11 00:00") == [
        "2021-10-11 09:00 overdue chief@aa: bb/scheme late-1",
        "2021-10-11 09:00 overdue clerk@bb: bb/scheme late-1",
    ]
    assert rebuild(engine) == 0
    again = notice(id="test-2021-2", stages=[stage(on("2021-12-01"))])
    with writing(engine) as session:
        publish(session, again, now=at("2021-11-01 10:00"))
        assert [row.unit_id for row in of_notice(session, again.id)] == ["bb"]


@pytest.mark.parametrize(
    ("former", "into", "why"),
    [
        ("aa", "aa", "不能并入本单位自身"),
        ("prov", "aa", "prov市是通知 test-2021-1 的发文机关，不能并入其他单位"),
        ("aa", "county", "county市是aa市的下级单位，不能并入"),
        ("aa", "nobody", "单位名册中没有 nobody"),
    ],
)
def test_what_cannot_be_merged(engine: Engine, sender: Sender, former: str, into: str, why: str) -> None:
    found = season(engine, sender)
    before = stand(found)
    with pytest.raises(DubanError) as refused, writing(engine) as session:
        merge_units(session, former, into, now=at("2021-10-11 08:00"))
    assert (str(refused.value), stand(found)) == (why, before)


def test_nobody_goes_twice(engine: Engine, sender: Sender) -> None:
    season(engine, sender)
    with writing(engine) as session:
        merge_units(session, "aa", "bb", now=at("2021-10-11 08:00"))
    with pytest.raises(DubanError, match="aa市已并入其他单位"), writing(engine) as session:
        merge_units(session, "aa", "bb", now=at("2021-10-12 08:00"))
