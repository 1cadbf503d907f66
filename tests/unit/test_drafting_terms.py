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
    ],
)
def test_a_day_is_a_term_only_where_something_is_handed_in_by_it(said: str, day: date | None) -> None:
    (facts,) = survey(FRAME.format(said))
    assert [one.deadline.date for one in facts.obligations if one.deadline.date] == ([day] if day else [])
