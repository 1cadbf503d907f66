"""What a verb of handing in takes: its materials and its receiver, before or behind it."""

import re

from duban.drafting.earlier import before
from duban.drafting.materials import ends_as_material
from duban.drafting.offices import receiver
from duban.drafting.reaching import Reach, Thing, clause_end, is_inside

_TO = re.compile(r"(?:至|到|给|往|于)")
_TOWARDS = re.compile(r"(?:至|到(?!位|会)|给|发至|报至|报到)(?=[\u4e00-\u9fffA-Za-z(@])")
_TO_WHOM = re.compile(
    r"(?:向|给)(?P<office>[\u4e00-\u9fff()、]{2,30}?)"
    r"(?=书面|专题|及时|如实|电话|集中|统一|报|上报|申报|提交|反馈|报送|报告|申请|备案|递交|提出|提供|寄|发)"
)
_ME = frozenset({"发我", "寄我", "送我", "交我", "报我"})
_WITH = re.compile(r"\((?:含|附|包括|内含|并附)(?P<what>[^()]{2,80})\)")
_INCLUDES = re.compile(r"[,(:](?:具体|主要)?(?:包括|包含|内含|含|分别为|即|附)[:]?")
_ENCLOSED = re.compile(r"(?:并|同时|另)附(?:上|送)?(?P<thing>[^,;。]{2,40})")
_LISTS = re.compile(
    r"(?<=[报送交供附]):(?=[①-⑳]|\(?[1一][.、)])|(?:以下|下列|如下)(?!途径|方式|渠道|方法|要求|地址|邮箱|程序|步骤|平台|网址|链接|时间|条件|标准)[^:,;。]{0,40}:"
)


def things(reach: Reach) -> Thing:
    """What the verb takes, from ``first`` to ``last``; what is enclosed with it (并附…) too."""
    taken = _taken(reach)
    found = _ENCLOSED.search(reach.text, reach.verb.end, reach.last)
    if found is None or not ends_as_material(found["thing"]):
        return taken
    names = reach.named(found.start("thing"), found.end("thing")).names
    return taken.joined(Thing(materials=names))


def _taken(reach: Reach) -> Thing:
    behind = Thing(materials=names) if (names := _completed(reach)) else _behind(reach)
    receiver_ = behind.receiver or _to_whom(reach)
    said = reach.text[max(reach.first, reach.verb.start - 30) : reach.verb.start]
    form = "electronic" if re.search(r"电子|扫描", said) else "paper" if re.search(r"纸质|书面|原件", said) else ""
    if behind.materials and not behind.refers:
        return Thing(materials=behind.materials, receiver=receiver_, form=form)
    earlier = before(reach)
    return Thing(
        materials=earlier.materials or behind.materials,
        receiver=receiver_,
        refers=(earlier.refers or behind.refers) and not earlier.materials,
        general=(*earlier.general, *behind.general),
        form=form,
    )


def _to_whom(reach: Reach) -> str | None:
    """``向市教育局报送``."""
    start = max(reach.first, reach.verb.start - 40)
    found = _TO_WHOM.search(reach.text, start, reach.verb.end + 1)
    return receiver(found["office"]) if found else None


#: ``完成清查数据网上报送``
_DONE = re.compile(
    r"完成(?P<thing>[^,。;]{2,16}?)(?:的)?(?:审核|汇总|整理)?(?:网上|线上|在线|系统|集中|补充)?(?:填报|申报|上报|报送|录入|备案|上传|提交)"
)


def _completed(reach: Reach) -> tuple[str, ...]:
    """What stands inside the verb."""
    found = _DONE.fullmatch(reach.text, reach.verb.start, reach.verb.end)
    if found is None or not ends_as_material(found["thing"]):
        return ()
    return reach.named(found.start("thing"), found.end("thing")).names


def _behind(reach: Reach) -> Thing:
    text, at = reach.text, _past_other_way(reach)
    end = clause_end(text, at, reach.last)
    lists = _LISTS.search(text, max(reach.first, at - 16), reach.last)
    if lists and lists.end() > at:
        found = reach.named(lists.end(), reach.last)
        return Thing(
            materials=found.names,
            refers=not found.names,
            receiver=receiver(text[at : max(lists.start(), at)] or text[at : lists.end() - 1]),
        )
    own = text[reach.verb.start : at]
    if own[-1] in "至到给往" or _TO.match(text, at, end) or own in _ME:
        return _with(reach, receiver(text[at - (own in _ME) : end]), at, end)
    split = _towards(text, at, end)
    head_end = split.start() if split else end
    head = text[at:head_end]
    office = receiver(head)
    if office and not ends_as_material(re.sub(r"(?:备案|汇总|审核|审批|审定|存档|联系人)$", "", head)):
        return _with(reach, office, at, end)
    return _object(reach, at, head_end, receiver(text[split.start() : end]) if split else None)


def _towards(text: str, at: int, end: int) -> re.Match[str] | None:
    """Where the object ends and its way begins; a bracket (电子版同时发送至邮箱) is no part of it."""
    found = (one for one in _TOWARDS.finditer(text, at, end) if not is_inside(text, at, one.start()))
    return next(found, None)


#: ``寄送（或直接送达）市教研院``
_OTHER_WAY = re.compile(r"\((?:或|也可|可|含)[^()]{1,16}\)")


def _past_other_way(reach: Reach) -> int:
    found = _OTHER_WAY.match(reach.text, reach.verb.end, reach.last)
    return found.end() if found else reach.verb.end


def _with(reach: Reach, office: str | None, at: int, end: int) -> Thing:
    """A receiver, with what stands in a bracket behind it (含…、…)."""
    found = _WITH.search(reach.text, at, end)
    names = reach.named(found.start("what"), found.end("what")).names if found else ()
    return Thing(materials=names, receiver=office)


#: ``补报三季度数据并说明原因``
_AND_DOES = re.compile(r"(?<=[\u4e00-\u9fff)》])并(?=说明|注明|写明|做好|抄送|反馈|确保|保证|加强)")


def _object(reach: Reach, at: int, head_end: int, towards: str | None) -> Thing:
    aside = _AND_DOES.search(reach.text, at, head_end)
    head_end = aside.start() if aside else head_end
    head = re.sub(r"\([^()]*\)?$", "", reach.text[at:head_end])
    whole = head_end if towards else _object_end(reach, head_end)
    found = reach.named(at, whole)
    named_so = (
        ends_as_material(reach.text[at:whole]) or _looks_named(head) or (reach.verb.strong and _may_be_named(head))
    )
    if not found.names or not named_so:
        names = _included(reach, whole) if found.general else ()
        return Thing(materials=names, receiver=towards, refers=found.refers and bool(head), general=found.general)
    return Thing(materials=found.names, receiver=towards, refers=found.refers)


def _included(reach: Reach, at: int) -> tuple[str, ...]:
    """``报送推荐材料，包括审批表、汇总表``."""
    found = _INCLUDES.match(reach.text, at, reach.last)
    if found is None:
        return ()
    end = clause_end(reach.text, found.end(), reach.last)
    return reach.named(found.end(), end).names


def _object_end(reach: Reach, end: int) -> int:
    """A list of materials may have commas: it goes on while what follows reads as a material alone."""
    for _ in range(8):
        if end >= reach.last or reach.text[end] != ",":
            return end
        following = clause_end(reach.text, end + 1, reach.last)
        piece = reach.text[end + 1 : following]
        if not (2 <= len(piece) <= 30 and ends_as_material(piece)) or re.search(
            r"[报送填请要须应于由并将无]|电子版|纸质|联系|发至|确保|做好|\d月", piece
        ):
            return end
        end = following
    return end


def _may_be_named(head: str) -> bool:
    """Whatever a strong verb takes, when it is short and nothing else: ``报送一周市场分析``."""
    return 3 <= len(head) <= 20 and not re.search(r"[\d@请要须应需前后并各为于]|邮箱|系统|平台|工作$|备案$", head)


def _looks_named(head: str) -> bool:
    return "《" in head or bool(
        re.search(r"\d(?:份|篇|张|个|件|名|项|条|部|幅)|[\u4e00-\u9fff]{2,}(?:名单|表|报告|方案|情况)", head)
    )


def receiver_of_way(text: str) -> str | None:
    """The receiver that the value of 报送方式 names."""
    found = re.search(r"(?:报送|发送|提交|寄送|邮寄|报|寄|送|发|交|传)(?:至|到|给)", text)
    return receiver(text[found.end() :]) if found else None
