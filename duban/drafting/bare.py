"""Terms without a verb: 汇总表，10月18日前; in a list of what is to be handed in."""

import re

from duban.drafting.clauses import Clause
from duban.drafting.dating import When
from duban.drafting.labels import hands_in
from duban.drafting.materials import ends_as_material, named

_THING = re.compile(
    r"(?:^|[;。:])(?:\(?[一二三四五六七八九十\d]{1,2}[)、.]|[①-⑳])?(?P<thing>(?:[^,;。:()]|\([^()]{0,40}\)){2,40}?)[,:]?(?P<moved>提前至|延后至|延至|顺延至|推迟至|延长至|调整为)?(?:于|在)?$"
)
_ENDS = re.compile(r"(?:报送|提交|上报|报|交|完成)?[;。)]|$")
_ASKS = re.compile(r"(?:报送|上报|提交|报|交)[^,;。:]{0,12}(?:材料|资料|报表|内容|如下|要求)?[^,;。:]{0,6}:")
#: A label of the handing-in itself: 报送时间, 材料要求.
_LABEL = re.compile(r"(?:时间|日期|时限|期限|节点|截止|阶段|环节|工作|信息报送|材料|资料|要求|方式)$")


def bare(clause: Clause, when: When, above: tuple[str, ...]) -> tuple[str, ...]:
    """The materials before a term that no verb takes, where the clause or a heading above asks for them; else none."""
    if not when.closes or when.begins or when.kind not in ("absolute", "recurring"):
        return ()
    before = clause.text[: when.begin]
    found = _THING.search(before[-60:])
    if found is None or not (_ENDS.match(clause.text, when.end) or clause.text[: when.end].endswith("截止")):
        return ()
    thing = found["thing"]
    if not ends_as_material(thing) or _LABEL.search(thing) or not (found["moved"] or _is_asked(before, above)):
        return ()
    at = len(before) - len(before[-60:]) + found.start("thing")
    return named(thing, clause.shown[at : at + len(thing)]).names


def _is_asked(before: str, above: tuple[str, ...]) -> bool:
    return bool(_ASKS.search(before)) or any(map(hands_in, above[:2]))
