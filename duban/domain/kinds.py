"""The kinds of units that unit files name, as people read them. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

#: Words of unit files → words of an office; a kind that is not here is shown as the file has it.
KINDS: Mapping[str, str] = MappingProxyType({
    "ministry": "部委",
    "province": "省级",
    "planned-city": "计划单列市",
    "corps": "兵团",
    "prefecture": "地（州）",
    "area": "地区",
    "city": "市（州）",
    "county": "县",
    "district": "区",
    "town": "乡镇",
    "township": "乡镇",
    "street": "街道",
    "subdistrict": "街道",
    "village": "村",
    "community": "社区",
    "office": "机关",
    "agency": "机构",
    "department": "部门",
    "bureau": "局",
    "division": "处室",
    "committee": "委员会",
    "center": "中心",
    "province-center": "省级中心",
    "city-center": "市级中心",
    "county-center": "县级中心",
    "institute": "研究机构",
    "association": "协会",
    "society": "学会",
    "union": "工会",
    "league": "团组织",
    "school": "学校",
    "kindergarten": "幼儿园",
    "primary": "小学",
    "middle": "中学",
    "vocational": "职业学校",
    "college": "院校",
    "elder-college": "老年大学",
    "university": "高校",
    "hospital": "医院",
    "clinic": "卫生院",
    "company": "企业",
    "enterprise": "企业",
    "library": "图书馆",
    "museum": "博物馆",
})  # fmt: skip


def kind_words(kind: str) -> str:
    """``市（州）``; a word that nobody has translated stays as it is, and no word stays none."""
    return KINDS.get(kind.strip().lower(), kind)
