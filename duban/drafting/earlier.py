"""What stands before a verb of handing in: 将…, 填写《…》, or the beginning of the sentence."""

import re

from duban.drafting.materials import Named, ends_as_material
from duban.drafting.offices import bound
from duban.drafting.reaching import Reach, Thing, clause_end

_TAKEN = re.compile(
    r"(?<!即)(?:将|把)(?!于|在(?!建|线|库|册|职|岗)|会(?!议|员|计|务|费)|要(?!点|求|件|素)|来(?!信|函|访|文)|继续|适时|根据|对|按|统一|启动|举行|实施(?!方案|意见|细则|办法|情况)|作为|从)"
)
PREPARED = re.compile(
    r"(?:填写(?:完整|好)?|填报|填好|填妥|形成|打印(?=[\u4e00-\u9fff《])|撰写|编写|制定|制订|修订|编制|制作|整理|准备|起草|拟定|"
    r"拟制|提出|完善|签订|签署|选出|遴选|推选|推荐(?!表|汇总|材料|名单|名额|单位)|确定|明确|"
    r"组织填写|上传|提供|做好|报送|提交)(?:好|出)?(?P<thing>(?!方式|时间|时限|要求|单位|日期|"
    r"说明|范围|对象|程序)(?:(?!形成|填写|撰写|编制|制定)[^,;。:]){2,80})"
)
_MIDDLE = re.compile(
    r"(?:按照?[^,;]{1,16}(?:部署|要求|规定|安排|程序|流程)|每(?:半?个?月|半年|半?年|周|旬|季度?|日|天|两周)|一并|一同|一起|统一|分别|及时|按时|集中|逐级|务必|同时|再|按要求|按程序|严格|于|在|以(?:电子邮件|"
    r"书面|正式文件|(?:本级|所在)?[市县区州省]?人民政府名义|传真|光盘|U盘|移动硬盘|刻录光盘|邮件|电子版|纸质|PDF|Word|电子文档)[^,;]{0,12}(?:形式|方式)?|"
    r"通过[^,;]{1,40}?|经[^,;]{1,40}?(?:签字|审核|审定|同意|盖章|把关|审签|签发)|"
    r"经[^,;]{1,30}?后|(?<![理自事])由[^,;]{1,24}?(?:统一|汇总|审核|把关|负责)?后?|加盖(?:单位)?公章后?|"
    r"盖章后|签字(?:盖章)?后|(?:书面|电话)|应|须|需|(?<!申)请|(?<![纪摘概提简])要|均|并|通过|(?:打包|压缩|专题){1,2}后?|直接|至迟|最迟|各|"
    r"可|仍按?|以后|今后|此后|实行(?:每?[日周月旬季]|零|双周|半月)(?:报告?|调度|通报)(?:制度)?|填写完整|填写好|填好|整理好|整理|打印|装订成册|装订|扫描|另|随[\u4e00-\u9fff]{1,6}一并|"
    r"汇总|梳理|审核|签字|盖章)$"
)
_ACTION = re.compile(
    r"^(?:请|要|应|须)?(?:按|根据|填写|对照|结合|认真|组织|做好|围绕|形成|制定|撰写|提出|开展|"
    r"完成|推进|遇|发生|出现)|制定|形成|撰写|填写|打印(?=[\u4e00-\u9fff《])|结合实际|认真总结"
)
#: ``编制实施方案，明确目标任务、工作措施，于…前报送``: what the plan says, not what is handed in.
_HOLDS = re.compile(
    r"(?:并)?(?:明确|细化|突出|落实|压实)[^,;。《》]*(?:目标|任务|措施|责任|内容|重点|分工|步骤|要求|保障)"
)
#: ``连同佐证材料，于…前报送``: what stands before goes too.
_ALONG = re.compile(r"(?:请)?(?:连同|随同|(?:并|随)?附上?(?!件|表|录|后))(?P<what>.{2,})")
_POINTS = re.compile(
    r"(?:上述|以上|所有|有关|相关|全部)(?:申报|报送|推荐|评审|纸质|电子|各项)?(?:材料|资料|表格|报表|信息|文件|内容)"
)
#: ``述职报告控制在3000字以内，于…前报送``
_SIZED = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{1,14}(?:表|报告|总结|材料|方案|案例|论文|征文|作品|稿|书))"
    r"(?:字数)?(?:应|须|要|需|原则上|一般)?(?:控制在|不超过|不少于|限)"
)
#: ``连同佐证材料一并报送``
_TOGETHER = re.compile(r"连同(?P<thing>[^,;。]{2,30}?)(?=一并|一同|一起|报|交|送|发|提)")
_AND_MORE = re.compile(r"以及|及|和|并附")


def before(reach: Reach) -> Thing:
    """What stands before the verb; what goes along (连同…) comes behind it."""
    taken = _before(reach)
    found = _TOGETHER.search(reach.text, reach.first, reach.verb.end)
    if found is None or not ends_as_material(found["thing"]):
        return taken
    names = reach.named(found.start("thing"), found.end("thing")).names
    return Thing(materials=taken.materials, refers=taken.refers).joined(Thing(materials=names))


def _before(reach: Reach) -> Thing:
    taken = list(_TAKEN.finditer(reach.text, reach.first, reach.verb.start))
    if taken:
        found = _taken(reach, taken[-1].end())
        if found.names:
            return Thing(materials=found.names, general=found.general)
        rest = _earlier(reach)
        return rest.joined(Thing(refers=found.refers and not rest.materials, general=found.general))
    return _earlier(reach)


#: ``将学习情况、意见建议形成书面报告``
_SHAPED = re.compile(r"形成(?P<what>[^,;。形]{2,24})$")


def _taken(reach: Reach, at: int) -> Named:
    """Between 将 and the verb, without the term and the words of manner."""
    text = reach.text
    stop = min([one.begin for one in reach.term if one.begin >= at] + [reach.verb.start])
    comma = clause_end(text, at, stop)
    while comma < stop and _AND_MORE.match(text, comma + 1, stop):
        comma = clause_end(text, comma + 1, stop)
    phrase = _trimmed(text[at : min(comma, stop)])
    if (shaped := _SHAPED.search(phrase)) and ends_as_material(shaped["what"]):
        made = reach.named(at + shaped.start("what"), at + len(phrase))
        if made.names:
            return made
        phrase = phrase[: shaped.start()]
    if not ends_as_material(phrase) and comma < stop:
        titles = re.search(r"《[^《》]+》(?:[、和及]?《[^《》]+》)*", phrase)
        return reach.named(at + titles.start(), at + titles.end()) if titles else Named()
    return reach.named(at, at + len(phrase))


def _trimmed(phrase: str) -> str:
    """Without the words of manner at its end."""
    while (shorter := _MIDDLE.sub("", phrase.rstrip(", "))) != phrase:
        phrase = shorter
    return phrase


def _earlier(reach: Reach) -> Thing:
    """What the parts of the sentence before the verb name, the nearest first.

    Either a part is about the material (``各院校工作总结和典型案例于12月10日前报送``), behind the units it names; or it
    says how the material comes about (``填写《统计表》``).
    """
    text, refers = reach.text, False
    general: tuple[str, ...] = ()
    prepared: tuple[str, ...] = ()
    stops = sorted([*(one.begin for one in reach.term), reach.verb.start])
    for start in reversed(_parts(reach)):
        stop = next((place for place in stops if place > start), reach.verb.start)
        end = clause_end(text, start, stop)
        phrase = _trimmed(text[start:end])
        lead = _past_units(phrase)
        body = phrase[lead:]
        refers = refers or bool(_POINTS.search(body))
        made = _prepared(reach, start, clause_end(text, start, reach.verb.start)) if _ACTION.search(body) else ()
        if _TAKEN.search(body) or _HOLDS.match(body):
            continue
        if along := _ALONG.fullmatch(body):
            first = start + lead + along.start("what")
            prepared = (*reach.named(first, first + len(along["what"])).names, *prepared)
            continue
        if made:
            prepared = (*made, *prepared)
        elif prepared:
            return Thing(materials=prepared)
        elif _ACTION.search(body):
            continue
        elif sized := _SIZED.match(body):
            found = reach.named(start + lead, start + lead + len(sized["what"]))
            if found.names:
                return Thing(materials=found.names)
        elif len(body) >= 2 and ends_as_material(body):
            found = reach.named(start + lead, start + len(phrase))
            if found.names:
                return Thing(materials=found.names)
            refers, general = refers or found.refers, (*general, *found.general)
    names = prepared or _prepared(reach, reach.first, reach.verb.start) or _headed(reach) or _missing(reach)
    return Thing(materials=names, refers=refers and not names, general=general or _little(reach))


#: ``申报材料装订成册，…前报送``
_LITTLE = re.compile(r"(?:申报|推荐|报名|评审|参评|参赛)材料")


def _little(reach: Reach) -> tuple[str, ...]:
    """A name that says little, for want of a better one."""
    return tuple(dict.fromkeys(_LITTLE.findall(reach.text[reach.first : reach.verb.start])))


#: ``采集表、年度总结：12月25日前发到…``
_HEAD = re.compile(r"^(?:\(?[一二三四五六七八九十\d]{1,2}[)、.])?(?P<thing>[^,;。:]{2,40}):")


#: ``未报送会议方案的单位，请于…前补报``
_LATE = re.compile(
    r"(?:未|没有|尚未)(?:按时|按要求)?(?:报送|上报|提交|填报|报)(?P<thing>[^,;。的]{2,24})的[^,;。]{0,8}(?:单位|部门|学校|企业|地方|县|区|市)"
)


def _missing(reach: Reach) -> tuple[str, ...]:
    """What those that are asked have not handed in yet."""
    found = _LATE.search(reach.text, reach.first, reach.verb.start)
    if found is None or not ends_as_material(found["thing"]):
        return ()
    return reach.named(found.start("thing"), found.end("thing")).names


_NOT_HANDED = re.compile(r"要求|方式|时间|内容|对象|范围|说明|情况$|材料$|资料$|信息报送|工作$|任务$|措施$|联系")


def not_handed(words: str) -> bool:
    """A label that speaks of the handing-in, not of a thing: 报送方式, 申报材料."""
    return _NOT_HANDED.search(words) is not None


def _headed(reach: Reach) -> tuple[str, ...]:
    """The label of a clause that is the material itself."""
    found = _HEAD.match(reach.text[reach.first : reach.verb.start])
    if found is None or not ends_as_material(found["thing"]) or not_handed(found["thing"]):
        return ()
    return reach.named(reach.first + found.start("thing"), reach.first + found.end("thing")).names


def _parts(reach: Reach) -> list[int]:
    """Where the parts of the sentence before the verb begin."""
    starts = [reach.first]
    while (following := clause_end(reach.text, starts[-1], reach.verb.start)) < reach.verb.start:
        starts.append(following + 1)
    return starts


def _prepared(reach: Reach, start: int, end: int) -> tuple[str, ...]:
    names: list[str] = []
    for one in PREPARED.finditer(reach.text, start, end):
        first, last = one.span("thing")
        stop = min((when.begin for when in reach.term if first < when.begin < last), default=last)
        thing = _trimmed(reach.text[first:stop])
        if ends_as_material(thing) or "《" in thing:
            names += reach.named(first, first + len(thing)).names
    return tuple(dict.fromkeys(names))


def _past_units(phrase: str) -> int:
    """How many characters of a phrase name the units that are bound, or are its label."""
    units = bound(phrase)
    end = phrase.find(units[-1]) + len(units[-1]) if units and units[-1] in phrase else 0
    if end and end < len(phrase):
        return end
    label = re.match(r"[^:]{2,14}:", phrase)
    return label.end() if label else 0
