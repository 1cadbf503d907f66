"""A chain of three levels for pages and stories: schools hand in, their city reviews, then the province."""

from typing import Any

from duban.domain.notice import Notice
from duban.domain.roster import Roster
from factories import deliverable, notice, on, roster, stage, unit

TITLE = "关于报送2021年全民终身学习活动周总结材料的通知"
REVIEW = [{"id": "city", "name": "市级审核", "by": "parent"}, {"id": "province", "name": "省级审核", "by": "issuer"}]
ELECTRONIC = {"medium": "electronic", "to": "office"}
PAPER = {"medium": "paper", "to": "office", "copies": 2, "sealed": True}


def _material(key: str, name: str, **more: Any) -> dict[str, Any]:
    return deliverable(key, who=["schools"], **more) | {"name": name}


def chain_notice(due: str = "2021-10-15", **more: object) -> Notice:
    """Summary and photos by ``due``, an award on paper as well; every material is reviewed twice."""
    summary = _material(
        "summary",
        "活动周年度工作总结",
        kind="summary",
        requirements=[{"kind": "words", "min": 1500, "text": "不少于1500字"}],
    )
    photos = _material(
        "photos",
        "活动照片",
        kind="photos",
        requirements=[{"kind": "pictures", "exactly": 2, "named": True, "text": "照片2张，并给每张照片命名"}],
    )
    award = _material(
        "award", "先进单位申报材料", kind="award", tracks=[ELECTRONIC, PAPER], items={"of": "unit", "ordered": True}
    )
    personal = _material("person", "先进个人申报材料", kind="award", personal=True)
    values = {
        "title": TITLE,
        "issuing_office": "省教育厅职成处",
        "classes": {"schools": {"name": "各学校", "kinds": ["school"]}},
        "offices": {"office": {"name": "省教育厅职成处", "email": "office@prov.example", "address": "省城学府路1号"}},
        "review": REVIEW,
    }
    return notice(stage(on(due), summary, photos, award, personal), **(values | more))


def chain_units() -> Roster:
    """Two cities, a school in each."""
    return roster(
        unit("city", "clerk", "chief", "leader", order=1),
        unit("town", "clerk", order=2),
        unit("school", "clerk", "chief", parent="city", kind="school", order=3),
        unit("other", "clerk", parent="town", kind="school", order=4),
    )
