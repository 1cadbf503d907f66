"""Labels before their values: 报送时间：…, 申报材料：…, 报名方式：…; on one line, or as a heading above."""

import re
from dataclasses import dataclass
from typing import Literal

from duban.drafting.layout import Paragraph

Sort = Literal["time", "material", "way", "other", ""]

_HAND = (
    r"(?:报送|上报|申报|报名|提交|征集|投稿|反馈|填报|推荐|递交|受理|征稿|收稿|截稿|交稿|报备|"
    r"备案|征求意见|上传|寄送|录入|登记|汇总|回复|回执|作品|材料|稿件|参赛报名|数据|报表|资料|"
    r"提名|推选|遴选|推报|信息|月报|季报|论文|申请|总结|方案|自查)"
)
_TIME = re.compile(
    rf"{_HAND}[^,。;:活会培]{{0,8}}(?:时间|日期|时限|期限|截止|节点|时点|期)(?:(?:及|和|与|"
    rf"、)[^,。;:]{{1,10}})?$|(?:截止|截稿|交稿|收稿)(?:时间|日期|期限)$|^系统(?:开放|申报|填报|"
    rf"报名|关闭)时间$|{_HAND}.{{0,4}}截止(?:时间|日期)?$"
)
_PLAIN_TIME = re.compile(
    r"^(?:时间|时间要求|时限|时限要求|时间节点|时间安排|完成时限|期限|有关时间|具体时间|"
    r"时间(?:及|和|与)(?:方式|要求|地点|材料|渠道))$|(?:时间|时限|期限)(?:及|和|与)?(?:要求|"
    r"方式|安排)?$"
)
_MATERIAL = re.compile(
    r"^(?:报送|上报|申报|申请|提交|推荐|报名|征集|所需|应交|上交|投稿|需|应|需要|反馈|填报|参评|参选|"
    r"备案|推报|选报|遴选|参展|参赛|入库|项目|表彰|年审|复审|审核|审查|评审|评定|认定|考核|办理|验收|登记|资助|补贴|主要|相关|具体|书面|纸质|电子)*(?:提交|报送)?(?:的)?(?:材料|内容|资料|文件|表格|"
    r"报表)(?:要求|清单|目录|内容|名称|包括|如下|及要求|和要求|报送)?$|^(?:作品|(?:报送|提交|上报)?成果)(?:内容|清单|"
    r"提交)$"
)
#: ``参赛选手须提交：``
_MUST_HAND = re.compile(
    r"(?:须|需|应|应当|还要|必须|企业|单位|学校|人员|个人|机构|团队|集体)(?:同时|另)?(?:提交|报送|提供|上报)(?:以下|下列)?(?:材料|资料)?$"
)
_WAY = re.compile(r"(?:方式|方法|渠道|途径|地址|邮箱|要求|形式|数量|份数)$")
_EVENT = re.compile(
    r"表彰|颁奖|公布|年龄|活动|培训|会议|举办|比赛|报到(?!名)|施行|实施|公示|评审|评选(?!材料)|"
    r"展示|考试|竞赛|演出|检查|督查|统计时|服务|宣传|启动|开幕|决赛|初赛|有效|参会|开会|召开|"
    r"评阅|答辩|检测|查重|集中|展出|演练|调查|普查|监测|作业|种植|工作时间|办公|开放|放假|值班|讲座|听取"
)
_LABEL = re.compile(r"(?P<label>[^,。;:、\d(][^,。;:(]{1,19})(?:\([^()]{0,20}\))?[:]")
#: ``【报送内容】①作品…``
_BOXED = re.compile(r"\[(?P<label>[^\[\]]{2,12})\]:?")
_SPOKEN = re.compile(r"(?P<label>[^,。;:、\d(][^,。;:(]{1,13})。(?=.)")


@dataclass(frozen=True, kw_only=True)
class Label:
    """A label and where its value begins, counted from the beginning of the words that were asked."""

    text: str
    sort: Sort
    value: int


def label(text: str, start: int = 0) -> Label | None:
    """The label at the beginning of a sentence or paragraph; ``start`` is behind its number."""
    found = _BOXED.match(text, start) or _LABEL.match(text, start) or _SPOKEN.match(text, start)
    if found is None:
        return None
    return Label(text=found["label"], sort=sort(found["label"]), value=found.end())


_BRACKETS = re.compile(r"\([^()]{0,60}\)")


def heading(paragraph: Paragraph) -> str:
    """The words of a paragraph that is a heading: its label, or all of it when it is short; else empty."""
    body = _BRACKETS.sub("", paragraph.text[paragraph.body :]).strip()
    found = label(body)
    if found:
        return found.text
    return body.rstrip("。:") if len(body) <= 24 and paragraph.level < 9 else ""


def sort(words: str) -> Sort:
    """What the value of a label is."""
    words = words.strip()
    return "material" if _MUST_HAND.search(words) else _sort(words)


def _sort(words: str) -> Sort:
    if _EVENT.search(words) and not re.search(r"报名|报送|申报|上报|提交|材料|回执|截止|系统开放", words):
        return "other"
    if _TIME.search(words):
        return "time"
    if _PLAIN_TIME.search(words):
        return "time" if re.search(_HAND, words) else "other" if not _PLAIN_TIME.match(words) else "time"
    if re.search(r"(?:时间|日期|阶段)$", words) and not re.search(_HAND, words):
        return "other"
    if _MATERIAL.match(words):
        return "material"
    return "way" if _WAY.search(words) and re.search(_HAND, words) else ""


def hands_in(words: str) -> bool:
    """True for a heading under which things are handed in."""
    return bool(re.search(_HAND, words)) and not re.search(r"宣传材料|学习材料", words)
