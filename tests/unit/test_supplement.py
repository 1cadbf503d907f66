"""What a supplement changes, in words: each kind of change once, and nothing unsaid."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.notice import Notice
from duban.domain.spoken_days import spoken
from duban.domain.supplement import changes
from factories import deliverable, notice, on, stage

FIRST = notice()


def words(second: Notice, first: Notice = FIRST) -> list[str]:
    return [change.text for change in changes(first, second)]


def asked(**more: Any) -> Notice:
    """The notice with another report."""
    return notice(stage(on("2021-10-15"), deliverable() | more))


CLASSES = {"cities": {"name": "各市", "kinds": ["city"], "units": ["uni"], "except_units": ["bb"]}}


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (FIRST, []),
        (FIRST.with_(title="关于测试"), ["标题由“关于测试的通知”改为“关于测试”"]),
        (
            notice(stage(on("2021-10-20"))),
            ["环节“one”的期限由“10-15前”（2021年10月15日）改为“10-20前”（2021年10月20日）"],
        ),
        (
            notice(stage(on("2021-10-15", time="15:00"))),
            ["环节“one”的期限由“10-15前”（2021年10月15日）改为“10-15前”（2021年10月15日15:00）"],
        ),
        (asked(name="总结"), ["材料“report”更名为“总结”"]),
        (asked(kind="case"), ["“report”的其他规定有调整"]),
        (
            asked(requirements=[{"kind": "words", "min": 1500}]),
            ["“report”增加要求“不少于1500字”"],
        ),
        (
            asked(tracks=[{"medium": "electronic", "to": "office", "copies": 2}]),
            [
                "“report”的报送方式由“电子版 → 省厅职成处 office@prov.example”"
                "改为“电子版一式两份 → 省厅职成处 office@prov.example”"
            ],
        ),
        (
            asked(review=[{"id": "r", "name": "复审"}]),
            ["“report”的审核由“发文机关审核（3个工作日）”改为“复审（3个工作日）”"],
        ),
        (notice(classes=CLASSES), ["“各市”增加甲学院", "“各市”除外bb"]),
        (
            notice(offices={"office": {"name": "省厅职成处", "email": "new@prov.example"}}),
            [
                "“report”的报送方式由“电子版 → 省厅职成处 office@prov.example”"
                "改为“电子版 → 省厅职成处 new@prov.example”",
                "接收或咨询单位由“省厅职成处，office@prov.example”改为“省厅职成处，new@prov.example”",
            ],
        ),
        (notice(events={"e": {"name": "开幕式"}}), ["新增活动“开幕式：时间另行通知”"]),
        (notice(forms={"f": {"name": "附表1"}}), ["新增附表“附表1”"]),
        (notice(duties=[{"id": "d", "text": "成立领导小组", "kind": "note"}]), ["新增不限期事项“成立领导小组”"]),
        (
            notice(ladder={"rungs": [{"code": "due-1", "workdays": -1, "to": ["clerk"], "kind": "reminder"}]}),
            ["提醒安排由“截止前7、3、1个工作日，截止当日，逾期1、3、5、10个工作日”改为“截止前1个工作日”"],
        ),
        (notice(review_ladder={"rungs": []}), ["提醒审核的安排有调整"]),
        (notice(note="补充说明"), ["通知的说明有调整"]),
        (notice(printed_as="测[2021]1号"), ["其他说明有调整"]),
    ],
)
def test_each_change_has_its_words(second: Notice, told: list[str]) -> None:
    assert [change.text for change in changes(FIRST, second, {"uni": "甲学院"})] == told


def test_a_material_that_goes_to_another_stage_has_another_day() -> None:
    first = notice(
        stage(on("2021-10-15"), deliverable(), deliverable("photos")),
        stage(on("2021-12-10"), deliverable("x"), name="two"),
    )
    second = notice(
        stage(on("2021-10-15"), deliverable()),
        stage(on("2021-12-10"), deliverable("x"), deliverable("photos"), name="two"),
    )
    assert words(second, first) == ["“photos”由环节“one”调整到“two”，期限为“12-10前”（2021年12月10日）"]


@pytest.mark.parametrize(
    ("deadline", "told"),
    [
        ({"kind": "date", "date": "2021-10-15"}, "2021年10月15日前"),
        ({"kind": "date", "date": "2021-10-15", "set_by": "coordinator"}, "2021年10月15日前（经办设定）"),
        ({"kind": "month_end", "month": "2021-11", "text": "11月底前"}, "“11月底前”（2021年11月底）"),
        ({"kind": "relative", "after": "issue", "workdays": 15}, "发文后15个工作日内"),
        ({"kind": "recurring", "every": "month", "day": 5}, "每月5日前"),
        ({"kind": "recurring", "every": "week", "weekday": 3}, "每周三前"),
        ({"kind": "none"}, "未规定期限"),
        ({"kind": "by_class", "classes": {"cities": {"kind": "none"}}}, "各市未规定期限"),
    ],
)
def test_a_deadline_in_words(deadline: dict[str, Any], told: str) -> None:
    defined = notice(stage(deadline))
    assert spoken(defined.stages[0].deadline, defined) == told


@given(
    st.sampled_from(["title", "theme", "addressees", "note", "printed_as", "issuing_office"]),
    st.text("甲乙丙", min_size=1),
)
def test_whatever_differs_is_said(name: str, value: str) -> None:
    second = FIRST.with_(**{name: value})
    assert bool(words(second)) == (second != FIRST)
