"""The notices as printed, where they lie beside the project: each says what the domain's table says."""

import os
from pathlib import Path

import pytest

from duban.drafting.facts import Facts
from duban.drafting.surveying import survey
from expected import term

FOLDER = Path(os.environ.get("DUBAN_NOTICES") or Path(__file__).resolve().parents[3] / "shared" / "notices")


def facts(name: str) -> list[Facts]:
    """The documents of a notice's text."""
    path = FOLDER / f"{name}.txt"
    assert path.exists(), f"DUBAN_NOTICES 应指向通知原文所在目录，此处没有 {path.name}"
    return survey(path.read_text(encoding="utf-8"))


def told(one: Facts) -> list[tuple[str, list[str], str | None, list[str]]]:
    """Term, materials, receiver and mailboxes of what has a day."""
    return [
        (term(o.deadline), list(o.deliverables), o.recipient, list(o.emails))
        for o in one.obligations
        if o.deadline.date
    ]


def test_jilin() -> None:
    (found,) = facts("jilin-2021-25")
    box = ["jlqmx@126.com"]
    assert (found.document_number, found.issuer, str(found.printed_on)) == (
        "吉教职成〔2021〕25号",
        "吉林省教育厅",
        "2021-09-24",
    )
    assert told(found) == [
        ("2021-09-28", ["2021年活动周工作方案"], None, box),
        (
            "2021-10-15",
            [
                "2021年“吉林省全民终身学习示范活动”汇总表",
                "吉林省全民终身学习成果展展板素材",
                "吉林省全民终身学习活动周工作先进单位",
                "先进个人纸质评选材料",
            ],
            None,
            box,
        ),
        (
            "2021-12-10",
            ["活动周年度工作总结", "反映本地区全民终身学习活动规模与特色的照片", "典型活动案例"],
            None,
            box,
        ),
    ]
    assert [(o.who, o.copies) for o in found.obligations] == [
        (("各市(州)教育行政部门",), None),
        (("各市(州)教育行政部门",), 2),
        (("各市(州)教育行政部门",), None),
    ]
    assert [o.requirements for o in found.obligations] == [
        (),
        ("20字内", "500字左右", "活动图片6张"),
        ("不少于1500字", "照片8张", "典型活动案例2个"),
    ]


def test_liaoning() -> None:
    (found,) = facts("liaoning-2021-337")
    assert (found.document_number, str(found.issued_on)) == ("辽教办〔2021〕337号", "2021-09-30")
    assert told(found) == [("2021-12-10", ["活动周工作总结", "典型案例"], "省教育厅职成处", ["lnsszzx@126.com"])]
    (dated,) = [o for o in found.obligations if o.deadline.date]
    assert (dated.who, dated.also) == (("各市", "各院校"), (("electronic", "省社区教育指导服务中心"),))


def test_shanxi_holds_two_documents() -> None:
    shanxi, ministry = facts("shanxi-2021-65-with-moe-2021-20")
    assert (shanxi.document_number, shanxi.issued_on) == ("晋教职成函〔2021〕65号", None)
    table = "2021年山西省全民终身学习活动周情况统计表（附件2）"
    assert [(o.who, *row[:3]) for o, row in zip(_dated(shanxi), told(shanxi), strict=True)] == [
        (("各市",), "2021-10-15", ["活动周实施方案"], "省教育厅职成处"),
        (("各市", "各院校"), "2021-12-10", ["活动周总结", table, "典型案例"], "山西开放大学"),
    ]
    office, box = "活动周工作领导小组办公室", ["caeabgs@126.com"]
    materials = ["本地活动周方案", "“百姓学习之星”", "“终身学习品牌项目”的材料"]
    assert (ministry.document_number, str(ministry.issued_on), str(ministry.printed_on)) == (
        "教职成厅函〔2021〕20号",
        "2021-09-08",
        "2021-09-09",
    )
    assert told(ministry) == [
        ("2021-09-10", materials, office, box),
        ("2021-12-20", ["本届活动周工作总结", "典型活动案例"], office, box),
    ]
    assert [o.requirements for o in _dated(ministry)] == [("3—5名", "3—5个"), ()]


def _dated(one: Facts) -> list[object]:
    return [o for o in one.obligations if o.deadline.date]


@pytest.mark.parametrize(
    ("name", "number"),
    [("suzhou-sip-2021-61", "苏园教〔2021〕61号"), ("liaoning-center-2021-4", "辽社指〔2021〕4号")],
)
def test_nobody_is_asked_for_anything_by_a_day(name: str, number: str) -> None:
    (found,) = facts(name)
    assert (found.document_number, told(found)) == (number, [])
