"""Days that look like terms and are none, each beside its twin that is one."""

from datetime import date

import pytest

from duban.drafting.surveying import survey

FRAME = "关于报送材料的通知\n\n各单位：\n{}\n\n甲市教育局\n2024年3月1日\n"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("一、时间安排\n（一）自查阶段（4月1日至4月20日）。各校对照检查。", None),
        ("一、时间安排\n（一）申报阶段（4月1日至4月20日）。各校对照检查。", date(2024, 4, 20)),
        ("4月1日前未通过答辩的，可按硕士生学历申报。", None),
        ("4月1日前，按硕士生学历申报。", date(2024, 4, 1)),
        ("网上填报开放时间：4月1日9:00。", None),
        ("网上填报截止时间：4月1日9:00。", date(2024, 4, 1)),
        ("材料审核时间为4月1日至4月5日。", None),
        ("材料受理时间为4月1日至4月5日。", date(2024, 4, 5)),
        ("一、申报条件\n论文授权时间截至4月1日。", None),
        ("4月1日至4月30日，开展入户登记和数据录入。", None),
        ("4月1日至4月30日，报送登记表。", date(2024, 4, 30)),
        ("4月1日前完成备案并正式运营的养老机构。", None),
        ("4月1日前完成备案。", date(2024, 4, 1)),
        ("一、时间安排\n自查自纠（4月1日至4月20日）→市级抽查（4月25日）。", None),
        ("一、统计年报\n（一）报表期别：2024年1月1日—12月31日。", None),
        ("一、统计年报\n（一）报送时间：2024年4月1日前。", date(2024, 4, 1)),
        ("一、时间安排\n论文评阅：4月1日至4月20日。", None),
        ("一、时间安排\n论文提交：4月1日至4月20日。", date(2024, 4, 20)),
        ("根据《办法》第12条规定，经营者应当在4月1日前报告省局。", None),
        ("经营者应当在4月1日前报告省局。", date(2024, 4, 1)),
        ("决算初稿4月1日前提交会计师事务所。", date(2024, 4, 1)),
    ],
)
def test_a_day_is_a_term_only_where_something_is_handed_in_by_it(said: str, day: date | None) -> None:
    (facts,) = survey(FRAME.format(said))
    assert [one.deadline.date for one in facts.obligations if one.deadline.date] == ([day] if day else [])


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("一、材料报送\n1.《情况汇总表》（附件1），4月1日前。", [(date(2024, 4, 1), None, ("情况汇总表",))]),
        ("各校作品于4月1日至4月9日上传，4月9日17:00系统关闭。", [(date(2024, 4, 9), "17:00", ("作品",))]),
        (
            "自评报告于2024年4月1日前报市局。佐证材料请于同日12时前上传至平台。",
            [(date(2024, 4, 1), None, ("自评报告",)), (date(2024, 4, 1), "12:00", ("佐证材料",))],
        ),
        ("4月1日—4月5日：各校将总结、台账报市局。", [(date(2024, 4, 5), None, ("总结", "台账"))]),
        (
            "请将推荐函、申报材料于4月1日前报市局。\n申报材料：申请书、承诺书。",
            [(date(2024, 4, 1), None, ("推荐函", "申请书", "承诺书"))],
        ),
        ("4月1日前报送：①会议纪要；②整改方案；③照片。", [(date(2024, 4, 1), None, ("会议纪要", "整改方案", "照片"))]),
        ("填写推荐表，于4月1日前连同事迹材料（800字左右）报市局。", [(date(2024, 4, 1), None, ("推荐表", "事迹材料"))]),
        ("各校制定实施方案，明确目标任务、工作措施，于4月1日前报市局。", [(date(2024, 4, 1), None, ("实施方案",))]),
        ("未报送会议方案的单位，请于4月1日前补报。", [(date(2024, 4, 1), None, ("会议方案",))]),
        ("材料于4月1日前寄送（或直接送达）市局。报送材料：总结。", [(date(2024, 4, 1), None, ("总结",))]),
    ],
)
def test_what_is_due_is_named_however_it_is_said(
    said: str, found: list[tuple[date, str | None, tuple[str, ...]]]
) -> None:
    (facts,) = survey(FRAME.format(said))
    assert [(one.deadline.date, one.deadline.time, one.deliverables) for one in facts.obligations] == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("推荐表4月1日前报市局。\n推荐表电子版发送：a@b.example\n技术支持邮箱：c@d.example", [("a@b.example",)]),
        ("征文截止日期：4月1日。投稿邮箱：a@b.example。\n总结于4月9日前报送。", [("a@b.example",), ()]),
        (
            "台账、报告4月1日前报送。\n联系人：王老师，邮箱：a@b.example（台账）、c@d.example（总结）",
            [("a@b.example",)],
        ),
        ("总结4月1日前发至a@b.example。\n回执4月9日前报送。", [("a@b.example",), ("a@b.example",)]),
        ("总结4月1日前发至a@b.example。\n数据4月9日前在工作群上报。", [("a@b.example",), ()]),
    ],
)
def test_a_mailbox_goes_with_what_it_is_for(said: str, found: list[tuple[str, ...]]) -> None:
    (facts,) = survey(FRAME.format(said))
    assert [one.emails for one in facts.obligations] == found
