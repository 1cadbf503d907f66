"""The coordinator's desk by commands: the same services as its pages."""

from pathlib import Path

import pytest

from commands import Duban

#: two working days before the day
MOMENT = "2021-10-13T10:00"


@pytest.fixture
def office(duban: Duban, files: tuple[Path, Path, Path]) -> Duban:
    definition, units, _ = files
    assert duban("units", "import", units).code == 0
    assert duban("publish", definition, "--at", "2021-09-24T10:00").code == 0
    return duban


def test_press_and_take_back(office: Duban) -> None:
    wanted = {
        "leaves_at": "2021-10-13T10:01:00+08:00",
        "mails": [{"to": "clerk@aa.example", "unit": "aa", "kind": "reminder", "items": ["aa/report"]}],
        "left_out": [],
    }
    assert office("press", "small-2021-1", "aa", "--dry-run", "--at", MOMENT, "--json").json == wanted
    assert office("press", "small-2021-1", "--all", "--at", MOMENT, "--json").json == {**wanted, "press": 1}
    undone = office("press", "small-2021-1", "--undo", "1", "--at", MOMENT, "--json")
    assert undone.json == {"press": 1, "taken_back": 1, "gone": 0}
    again = office("press", "small-2021-1", "--undo", "1", "--at", MOMENT)
    assert (again.code, again.err) == (1, "这次催办已经撤回过\n")


def test_a_press_of_nobody_is_refused(office: Duban) -> None:
    said = office("press", "small-2021-1")
    assert (said.code, said.err) == (2, "请写单位编号，或者写 --all\n")
    assert office("press", "small-2021-1", "zz", "--at", MOMENT).err == "没有选中任何单位，请先勾选\n"


def test_hold_and_lift_and_the_list_of_tomorrow(office: Duban) -> None:
    line = {
        "notice": "small-2021-1",
        "unit": "aa",
        "deliverable": "report",
        "kind": "reminder",
        "to": ["clerk@aa.example"],
        "held": None,
    }
    listed = {"day": "2021-10-14", "mails": 1, "lines": [line]}
    assert office("chase", "--at", MOMENT, "--json").json == listed
    held = office("hold", "small-2021-1", "aa", "report", "--reason", "已寄到", "--at", MOMENT, "--json")
    assert held.json == {"unit": "aa", "deliverable": "report", "held": True, "changed": True}
    assert office("hold", "small-2021-1", "aa", "report", "--at", MOMENT).out == "原已如此，没有改动\n"
    assert office("chase", "--at", MOMENT, "--json").json == listed | {"mails": 0, "lines": [line | {"held": "已寄到"}]}
    assert office("hold", "small-2021-1", "aa", "report", "--lift", "--at", MOMENT).out == "已恢复提醒\n"
    assert office("chase", "--at", MOMENT, "--json").json == listed


def test_a_call(office: Duban) -> None:
    said = office("note", "small-2021-1", "aa", "--with", "李老师", "--said", "本周寄出", "--at", MOMENT, "--json")
    assert said.json == {"unit": "aa", "called_at": "2021-10-13T10:00:00+08:00"}
    assert office("note", "small-2021-1", "aa", "--with", " ", "--said", "好").err == "请填写通话人\n"
