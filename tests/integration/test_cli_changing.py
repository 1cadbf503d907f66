"""A notice changes in mid-season, by the command line."""

from pathlib import Path

import pytest

from commands import DEFINITION, UNITS, Duban

Files = tuple[Path, Path, Path]
AT = ("--at", "2021-10-11T10:00")


@pytest.fixture
def changed(duban: Duban, files: Files, tmp_path: Path) -> Path:
    """The notice is published; its definition with a later day, and one material more."""
    definition, units, _ = files
    assert duban("units", "import", units).code == 0
    assert duban("publish", definition, "--at", "2021-09-24T10:00").code == 0
    more = "      - {id: photos, name: 照片, kind: photos, who: [cities], tracks: [{medium: electronic, to: office}]}\n"
    file = tmp_path / "changed.yaml"
    file.write_text(DEFINITION.replace("2021-10-15, text: 10月15日前", "2021-10-22, text: 10月22日前") + more, "utf-8")
    return file


def test_a_changed_definition_is_told_to_be_a_supplement(duban: Duban, files: Files, changed: Path) -> None:
    said = duban("publish", changed, *AT)
    assert (said.code, said.err) == (1, "通知 small-2021-1 已经发布过；如有更改，请用补充通知（duban supplement）\n")


def test_a_supplement_is_foreseen_and_put_in_force(duban: Duban, changed: Path) -> None:
    first = duban("supplement", changed, "--plan", *AT)
    assert (first.code, first.out) == (
        0,
        "  环节“总结”的期限由“10月15日前”（2021年10月15日）改为“10月22日前”（2021年10月22日）\n"
        "  新增材料“照片”，由各市报送，期限为“10月22日前”（2021年10月22日）\n"
        "将影响 1 个单位：改期 1 项，新增 1 项，取消 0 项，不变 0 项\n"
        "将发更改邮件 1 封、通知邮件 2 封，待发提醒作废 0 条（未写入、未发送）\n",
    )
    assert duban("supplement", changed, *AT).err == "请用 --reason 写明更改的缘由，如补充通知的文号\n"
    said = duban("supplement", changed, "--reason", "测〔2021〕9号", "--json", *AT)
    assert {key: value for key, value in said.json.items() if key not in ("changes", "sent", "event")} == {
        "revision": 2,
        "moved": 1,
        "added": 1,
        "dropped": 0,
        "restored": 0,
    }
    again = duban("supplement", changed, "--reason", "x", *AT)
    assert (again.code, again.err) == (1, "定义没有改动\n")


def test_a_notice_is_closed_cancelled_and_opened_again(duban: Duban, changed: Path) -> None:
    assert duban("close", "small-2021-1", *AT, "--json").json == {
        "notice": "small-2021-1",
        "event": 2,
        "unfinished": 1,
        "in_review": 0,
        "units": 1,
        "sent": 0,
    }
    refused = duban("act", "submit", "small-2021-1", "aa", "report", *AT)
    assert (refused.code, refused.err) == (1, "通知已结束办理，请联系经办人重新打开\n")
    assert duban("reopen", "small-2021-1", "--reason", "补报", *AT).code == 0
    said = duban("cancel", "small-2021-1", "--reason", "活动取消", *AT)
    assert said.out == "small-2021-1 已撤销：1 个单位的 1 项未报，待审 0 项，已发出 0 封邮件\n"
    assert duban("cancel", "small-2021-1", "--reason", "x", *AT).err == "通知 small-2021-1 已撤销\n"
    assert duban("reopen", "small-2021-1", *AT).code == 2


def test_units_are_added_and_merged(duban: Duban, changed: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text(UNITS + "bb,乙市教育局,prov,city,subordinate,2,clerk,孙老师,clerk@bb.example,\n", "utf-8")
    assert duban("units", "import", more).code == 0
    assert duban("units", "add", "small-2021-1", "bb", *AT).out == "bb 应报 report\n"
    assert duban("units", "merge", "bb", "aa", *AT).out == "bb 已并入 aa：免报 1 项，转入联系人 0 人\n"


def test_the_people_of_a_unit_are_changed_as_on_its_page(duban: Duban, changed: Path) -> None:
    (clerk, *others) = duban("units", "people", "aa", "--json").json
    number = str(clerk["number"])
    wish = ("--role", clerk["role"], "--person", "李强", "--email", "li@aa.example")
    told = duban("units", "contact", "aa", *wish, "--number", number, "--json", *AT).json
    assert {key: told[key] for key in ("unit", "links", "tasks")} == {"unit": "aa", "links": 0, "tasks": 0}
    again = duban("units", "contact", "aa", *wish, *AT)
    assert (again.code, again.err) == (1, "li@aa.example 已是该单位的填报人（李强）\n")
    assert duban("units", "contact-remove", "aa", "--number", number, *AT).code == 0
    assert duban("units", "people", "aa", "--json").json == others
    gone = duban("units", "contact-remove", "aa", "--number", number, *AT)
    assert (gone.code, gone.err) == (2, "没有这位联系人，可能已被他人更改\n")
