"""A supplement by the interface: looked at, put in force, refused; what the command line and the pages do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from conftest import installed
from duban.bootstrap import Duban
from factories import deliverable, on
from models.event import chain
from models.obligation import of_notice
from models.session import make_engine, reading
from programs import MINE, OTHERS, Program, office, programs, refused

HERE = f"/notices/{MINE.id}/supplement"


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = installed(make_engine("sqlite://"))
    yield made
    made.dispose()


@pytest.fixture
def duban(engine: Engine, tmp_path: Path) -> Duban:
    return office(engine, tmp_path)


@pytest.fixture
def who(duban: Duban) -> dict[str, Program]:
    return programs(duban)


def changed(**more: Any) -> bytes:
    """The definition with a later day of its first stage, and a material more."""
    definition = MINE.model_dump(mode="json", by_alias=True, exclude_defaults=True) | more
    first = definition["stages"][0]
    first["deadline"] = on("2021-10-22")
    first["deliverables"] = [*first["deliverables"], deliverable("photos")]
    return yaml.safe_dump(definition, allow_unicode=True).encode()


def days(engine: Engine) -> set[str]:
    with reading(engine) as session:
        return {str(row.due_day) for row in of_notice(session, MINE.id) if row.deliverable == "report"}


TOLD = [
    {"kind": "deadline", "text": "环节“one”的期限由“10-15前”（2021年10月15日）改为“10-22前”（2021年10月22日）"},
    {"kind": "deliverable", "text": "新增材料“photos”，由各市报送，期限为“10-22前”（2021年10月22日）"},
]


def test_a_supplement_is_foreseen_and_then_in_force(engine: Engine, who: dict[str, Program]) -> None:
    office_, before = who["coordinator"], days(engine)
    plan = office_.ask("POST", f"{HERE}/plan", content=changed())
    counts = {"moved": 6, "added": 2, "dropped": 0, "restored": 0}
    assert (plan.status_code, plan.json()) == (
        200,
        {
            "notice": MINE.id,
            "revision": 2,
            "changes": plan.json()["changes"],
            **counts,
            "unchanged": 3,
            "units": 2,
            "reminders": 0,
            "mails": 2,
            "notices": 3,
        },
    )
    assert [change["text"] for change in plan.json()["changes"]] == [change["text"] for change in TOLD]
    assert (days(engine), before) == ({"2021-10-15"}, {"2021-10-15"})
    done = office_.ask("POST", HERE, params={"reason": "测〔2021〕9号"}, content=changed())
    with reading(engine) as session:
        last = chain(session)[-1]
    told = {"notice": MINE.id, "revision": 2, "event": last.seq, "changes": plan.json()["changes"], **counts}
    assert (done.status_code, done.json(), last.name) == (200, told, "supplemented")
    assert days(engine) == {"2021-10-22"}
    assert '"person":"coordinator@me.example"' in last.data
    again = office_.ask("POST", HERE, params={"reason": "测〔2021〕9号"}, content=changed())
    assert refused(again) == (422, "input_refused")


@pytest.mark.parametrize(
    ("sent", "params", "code"),
    [
        (b"", {"reason": "x"}, (422, "input_refused")),
        (b"\xff\xfe", {"reason": "x"}, (422, "input_refused")),
        (b"id: [", {"reason": "x"}, (422, "input_refused")),
        (changed(), {}, (422, "input_refused")),
        (changed(), {"reason": " "}, (422, "input_refused")),
        (changed(id="other-2021-9"), {"reason": "x"}, (422, "input_refused")),
        (changed(issuer="qq"), {"reason": "x"}, (422, "input_refused")),
        (b" " * (200 * 1024 + 1), {"reason": "x"}, (413, "too_much")),
    ],
)
def test_what_is_no_supplement_changes_nothing(
    engine: Engine, who: dict[str, Program], sent: bytes, params: dict[str, str], code: tuple[int, str]
) -> None:
    with reading(engine) as session:
        events = len(chain(session))
    answer = who["coordinator"].ask("POST", HERE, params=params, content=sent)
    with reading(engine) as session:
        assert (refused(answer), len(chain(session)) - events) == (code, 0)


@pytest.mark.parametrize("name", ["administrator", "supervisor", "reviewer", "clerk", "stranger"])
def test_only_who_issues_may(engine: Engine, who: dict[str, Program], name: str) -> None:
    for at_door in (f"{HERE}/plan", HERE):
        answer = who[name].ask("POST", at_door, params={"reason": "x"}, content=changed())
        assert refused(answer) == (403, "denied")
    foreign = who["coordinator"].ask("POST", f"/notices/{OTHERS.id}/supplement/plan", content=changed())
    assert (refused(foreign), days(engine)) == ((403, "denied"), {"2021-10-15"})
