"""Materials: what is handed in, by name; what refers to materials named elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: What a name of a material ends with.
NOUN = (
    r"(?:表格?|报告|总结|方案|材料|名单|案例|照片|图片|视频|影像|清单|台[账帐]|信息|情况|数据库?|"
    r"意见|建议|计划|回执|书|论文|作品|[雨水汛险灾疫舆火警民墒苗虫病]情|简报|花名册|名册|登记册|"
    r"通讯录|证明|复印件|资料|报表|月报|季报|年报|日报|周报|旬报|半年报|快报|零报告|小结|预案|"
    r"规划|课件|教案|音频|稿件|文稿|征文|海报|幻灯片|PPT|联络员|联系人|联络人|人选|事迹|"
    r"题目|申请|函|承诺|声明|目录|档案|说明|扫描件|样品|样本|节目|素材|进展|进度|动态|成效|线索|结果|"
    r"自评|附件\d*|附表\d*|表\d+|草案|议案|评语|成果|账单|发票|[决选]票|票据|凭证|原件|证书|"
    r"卷宗|原作|图纸|成果图|分布图|示意图|平面图|问卷|试卷|答卷|答案|[A-Z]卷|日志|记录|纪要|笔记|"
    r"心得体会|心得|体会|稿|统计|汇总|概况|分析|评估|研判|[作活登证]件?照|简介|简历|经验|做法|"
    r"典型|问题|任务|措施|指标|项目|课题|课例|微课|"
    r"剧本|曲谱|乐谱|书法|绘画|书画|漫画|摄影|短视频|微视频|微电影|动漫|歌词|诗歌|散文|全文|成绩|标语|佐证|"
    r"文本|文件|协议|合同|决算|预算|决议|提案|诉求|需求|名额|推荐对象|对象|台本|脚本|标本|"
    r"亮点|要点|思路|打算|设想|理由|[近合]照|(?:建议|预测|控制|计划|需求|征订)数|手册|卡|单|版|压缩包|制度|档|名称|电话|方式|号码|品牌|故事|歌曲|标志|标识|口号|截图|链接|日程|议程|(?<!统一)(?<!照)安排|(?<!名)片)"
)
_ENDS_AS_NOUN = re.compile(rf"{NOUN}(?:等(?:相关|有关)?(?:材料|资料|文件|信息)?)?[\"'》]?$")
#: Words that name nothing by themselves.
_GENERAL = re.compile(
    r"(?:申报|推荐|报送|参评|参赛|评选|报名|申请|评审|推荐申报|正式推荐|征集|书面|完整|全套|"
    r"各项|各类|全部|其他|有关|相关|上述|以上|前述|该|此|此项|所有|以下|下列)*(?:的)?(?:材料|"
    r"资料|信息|版|档|情况|内容|附件)(?:的)?"
    r"|(?:上述|以上|前述|该|此|有关|相关|以下|下列)[\u4e00-\u9fff]{0,6}(?:表格?|报表|报告|总结|"
    r"方案|文件|文档|内容)|文件|文档|涉密.*|无|原件|申请|联系人|并|同时|材料(?:要求|报送)|如下"
    r"|(?:逐级|初步|统一)?(?:(?:审核|汇总|整理|初审|把关|审定|签字|盖章)(?:、|并|后)?)+"
)
#: Of these, those that name something all the same.
_NAMES_LITTLE = re.compile(r"(?:申报|推荐|报送|参评|参赛|评选|报名|申请|评审|推荐申报|正式推荐)+(?:材料|资料|信息)")
REFERS = re.compile(
    r"上述|以上|前述|该(?:材料|表|方案|报告)|此(?:表|项)|(?:有关|相关)(?:材料|资料)|所有材料|全部材料|全套材料"
)
_POINTING = re.compile(r"(?:将|把)?(?:上述|以上|前述)")
#: Behind 上述, shorter names are what it points with: 上述报表及报告.
LEAST = 3
_CARRIER = (
    r"(?:(?:均|同时|并|请|需|应|其|附|含)?(?:加盖公章(?:后)?的?|盖章(?:后)?的?|"
    r"签字盖章(?:后)?的?|签章(?:后)?的?)?(?:纸质|电子|书面|WORD|Word|word|PDF|pdf|Excel|EXCEL|"
    r"excel|扫描|盖章|签字|可编辑|原始|照片原|光盘|U盘|电子光盘)"
    r"(?:文字)?(?:材料|版本|版|档|件|文档|文本|稿|文件|表格|格式){1,2}(?:和|及|与|、)?)+"
)
_CARRIER_ONLY = re.compile(
    rf"{_CARRIER}(?:各?一?式?[一二两三四五\d]{{1,2}}份)?|(?:纸质|电子|书面)|(?:电子)?(?:扫描件)?(?:刻录|刻)?(?:成)?(?:电子)?(?:光盘|U盘)"
)
_CARRIER_TAIL = re.compile(rf"(?:的)?(?:\(?{_CARRIER}\)?)$")
_LEAD = re.compile(
    r"^(?:[①-⑳]|如有|[\u4e00-\u9fff]{2,16}(?:出具|开具)的(?=证明|鉴定)|(?:每个|各)?[\u4e00-\u9fff]{0,6}[需须应](?:提供|提交|报送)|(?:制作|拍摄|录制)(?!单位|方案|说明)|(?:打印|签字|签章|装订)(?:、|并|后)?|并加盖(?:单位)?公章后?的?|一次|\d{1,2}[.、](?=\d{1,2}月)|(?:面向|向)(?:全?社会|全[省市县区校国州])(?:公开)?征集|上传|选送[^、,]{1,6}的(?=[报申推登汇])|连同|(?:审核|汇总|审定|修改|完善|签字|盖章|填写|整理){1,3}后的|['、,:;]|请|均|应|须|需|要|"
    r"将|把|以及|和(?!谐|平)|及(?!格)|与|并|同时|另附|附(?!件|表|录)|含|一并|分别|按要求|按时|"
    r"如实|认真|及时|填写好的|填写完整的|填写的|填报的|填报|填写|填好的|填好|提出|形成|撰写|"
    r"加盖(?:单位)?公章(?:后)?的?|盖章(?:后)?的?|签字盖章(?:后)?的?|经?主要(?:负责人|"
    r"领导)(?:签字|审核|审定)(?:并加盖公章)?(?:后)?的?|"
    r"本(?:单位|地区|部门|系统|校|辖区|市|县|区|行业|企业|镇|街道)的?|各自|所在单位|(?:电子(?!照片|证书|证照)|"
    r"纸质|书面(?!说明|报告)|盖章|正式)(?:版|稿|件|档)?的?(?=[^、,]{2,})|"
    r"(?:一|两|二|三|四|五|[1-9]\d?)(?:份|篇|个|张|幅|件|部|套|条|名|项)(?!人|工|性|化|别|制|以上|以下|以内)|"
    r"[1-9]\d?-[1-9]\d?(?:份|篇|个|张|幅|件|部|套|条|名|项)|\d{1,2}(?:份|篇|个|张|幅|件|条|名|项)以上的?|(?:不少于|不超过|至少|各)\d+(?:份|"
    r"篇|个|张|幅|件|条|名|项)|\d+字(?:以内|左右|以上)的?|(?:以下|下列)(?:材料|资料|内容)?:?|"
    r"包括|如下|如下材料:?)+"
)
_TAIL = re.compile(
    r"(?:[,、:;。' ]|各?一式[一二两三四五六七八\d]{1,2}份|(?:各|共|共计|不少于|至少|"
    r"不超过)?(?:[一二两三四五六七八九十]|\d{1,3}(?:-\d{1,3})?)(?:份|篇|个|张|幅|件|部|套|条|名|"
    r"项)(?:以内|以上|左右)?|及时|按时|一并|统一|分别|同时|于|在|书面|并|均|集中|按要求|"
    r"以电子邮件形式|以书面形式|以正式文件形式|以正式文件|形式|通过.{0,20}|加盖公章后?|"
    r"经.{0,16}(?:审核|签字|盖章|同意|把关|汇总)[^,]{0,6}后?|盖章后|签字后|后|(?<!申)请|须|需|应|(?<![纪摘概提简])要|"
    r"各报送一次|(?:打包|压缩){1,2}(?:成?压缩包)?后?|(?:不超过|不少于|控制在|约)?\d{1,5}(?:-\d{1,5})?(?:字|分钟|秒|[Mm][Bb]?|兆)(?:以内|以上|左右|以下|内)|按[^,]{0,6}(?:顺序|要求)(?:装订|排列|整理)?(?:成册)?后?|装订(?:成册)?后?|"
    r"实行(?:每?[日周月旬季]|零|双周|半月)(?:报告?|调度|通报)(?:制度)?|(?:参加|用于)[\u4e00-\u9fff]{2,6})$"
)
#: ``漫画、征文等作品``
_AND_SO_ON = re.compile(r"(?<=.{2})等(?:各类|形式|相关|有关)?的?(?:作品|材料|资料|佐证材料|证明材料)$")
_BRACKET = re.compile(r"\((?![省市县区州旗镇乡街道、]{1,8}\)[^、,])(?:[^()]|\([^()]{0,40}\)){0,160}\)")
_AND = re.compile(
    r"、|以及|及其|及(?!时|格|第|其?复印件)|(?<!总)和(?!平|谐|睦|解|田|硕|林)|与(?!会|否)|[,;]|并(?=附)|"
    r"还有|或者?(?!者)|(?<=》)(?=《)|另附|(?<=》)[和及与、]?(?=《)"
)
_ENUMERATED = re.compile(
    r"(?:^|[,;。:、 ])"
    r"(?:\(?\d{1,2}[.、)]|\(?[①-⑳⑴-⒇]|[一二三四五六七八九]是|\([一二三四五六七八九十]\))(?!\d{1,2}(?!\d))"
)
_ATTACHED = re.compile(
    r"\((?:并?附(?!件|表|录)|另附)(?P<what>[^()]{3,60})\)"
    r"|\((?:[^(),]{0,12},)?(?:内?含|包含|包括)(?P<forms>[^()]{2,60}(?:表|清单|台账|名单|册|书))(?:,?见?附[件表]\d{0,2})?\)"
)
_COUNTED = re.compile(r"(?:\d{1,3}(?:-\d{1,3})?|[一二两三四五六七八九十]{1,2})(?:个|名|项|篇|份|件|张|幅|部|条)")
#: A piece of a sentence, not a name.
_NO_NAME = re.compile(
    r"^(?:以下|下列|如下|上述|以上)(?:材料|资料|表格|文件)|^或(?:直接|送|寄|当面)|^(?:不接受|不予|不再|不得|未按|谢绝)|前(?:将|报|,)|报送(?:至|到|给)?[\u4e00-\u9fff]{0,14}[局厅委办处科室]|(?:发送?|寄|报)(?:至|"
    r"到)|^(?:报送|报(?!名|表|告)|上报|提交|发送)|\d月\d|(?:请|于)\d|实行|^(?:是|为|由|因|在|"
    r"对)|截止|@|^(?:通信|通讯|邮寄|联系)?地址|^邮件|主题|(?:注明|命名|标注)|按(?:\d|年度|要求)"
)
#: Characters of a phrase that are looked at.
_LONGEST = 1200


@dataclass(frozen=True, kw_only=True)
class Named:
    """Names found in a phrase, as printed; ``refers`` where it points at materials named elsewhere (上述材料)."""

    names: tuple[str, ...] = ()
    refers: bool = False
    #: names that say little by themselves: 申报材料
    general: tuple[str, ...] = ()


def named(plain: str, shown: str) -> Named:
    """The materials of a phrase: ``总结(不少于1500字)、照片8张和案例2个``; both forms have the same length."""
    plain, shown = plain[:_LONGEST], shown[:_LONGEST]
    names, general, at = [], [], 0
    for piece in _split(plain):
        name = clean(piece)
        if _NAMES_LITTLE.fullmatch(name):
            general.append(name)
        if _CARRIER_ONLY.fullmatch(piece.strip()):
            continue
        if not name or _GENERAL.fullmatch(name) or _CARRIER_ONLY.fullmatch(name) or _NO_NAME.search(name):
            continue
        place = plain.find(name, at)
        at = place + len(name) if place >= 0 else at
        names.append(shown[place : place + len(name)] if place >= 0 else name)
    names += [name for name in _attached(plain, shown) if names and name not in names]
    if _POINTING.match(plain):
        names = [name for name in names if len(name) > LEAST]
    return Named(
        names=tuple(dict.fromkeys(names)),
        refers=bool(REFERS.search(plain)) or (not names and bool(plain)),
        general=tuple(general),
    )


def _attached(plain: str, shown: str) -> list[str]:
    """``总结(附问题清单、整改台账)``."""
    found: list[str] = []
    for match in _ATTACHED.finditer(plain):
        which = "what" if match["what"] else "forms"
        if all(ends_as_material(piece) for piece in _split(match[which])):
            found += named(match[which], shown[match.start(which) : match.end(which)]).names
    return found


def clean(piece: str) -> str:
    """The bare name of a material."""
    name = _BRACKET.sub("", piece).strip()
    for _ in range(5):
        before = name
        name = _CARRIER_TAIL.sub("", _TAIL.sub("", _LEAD.sub("", name))).strip() or name
        if name == before:
            break
    name = re.sub(r"(?<=[\u4e00-\u9fff]{3})等$", "", _AND_SO_ON.sub("", name))
    name = re.sub(r"^[(]|(?<!\))[)]$", "", name) if name.count("(") != name.count(")") else name
    name = name.strip('"') if name.count('"') == 1 else name
    name = re.sub(r"(?<=》)原件$", "", name)
    name = re.sub(r"^[^《》、]{0,8}(?:版|件|稿|档)(?:的)?(?=《[^《》]+》$)", "", name)
    whole = re.fullmatch(r"《([^《》]+)》", name)
    name = whole[1] if whole else name
    return name if 2 <= len(name) <= 80 else ""


def _split(text: str) -> list[str]:
    """At 、和及 outside brackets; a piece that does not end as a material goes with the next."""
    if len(_ENUMERATED.findall(text)) > 1:
        pieces = [piece for piece in _ENUMERATED.split(text) if piece.strip(" ,;。:")]
        return [name for piece in pieces for name in _joined(_pieces(_head(piece)))]
    return _joined(_pieces(text))


def _head(item: str) -> str:
    """What an item of a list names, before what it says of it."""
    head = re.split(r"[。:;]", item)[0]
    first = re.split(r",(?![^(]*\))", head)[0]
    return first if ends_as_material(first) else head


def _pieces(text: str) -> list[tuple[str, str]]:
    """Pieces, each with the mark behind it."""
    masked = _masked(text)
    found, at = [], 0
    for mark in _AND.finditer(masked):
        found.append((text[at : mark.start()], mark[0] or "、"))
        at = mark.end()
    return [*found, (text[at:], "")]


def _masked(text: str) -> str:
    """Brackets and titles blackened, so that nothing inside is split; their edges stay."""
    depth, out, quoted = 0, [], False
    for char in text:
        if char == '"':
            quoted = not quoted
        closes = char in ")》" and depth
        depth -= bool(closes)
        out.append(char if not depth and not quoted else "\0")
        depth += char in "(《"
    return "".join(out) if depth == 0 and not quoted else text


def _joined(pieces: list[tuple[str, str]]) -> list[str]:
    names, held = [], ""
    for at, (piece, mark) in enumerate(pieces):
        held += piece
        following = pieces[at + 1][0].strip() if at + 1 < len(pieces) else ""
        counted = _COUNTED.match(piece.strip()) and _COUNTED.match(following)
        formed = re.search(r"\((?:见|附|详见)[^()]*\)$", piece)
        if mark and mark not in ",;" and not counted and not formed and not ends_as_material(held):
            held += mark
            continue
        names.append(held)
        held = ""
    return [*names, held] if held else names


def ends_as_material(plain: str) -> bool:
    """True for what reads as the name of a material."""
    bare = _BRACKET.sub("", plain[-200:]).strip()
    return bool(_ENDS_AS_NOUN.search(_TAIL.sub("", bare).strip()) or _ENDS_AS_NOUN.search(bare))


_ORDINAL = re.compile(r"第?[一二三四上下前后]")


def spread(name: str) -> Iterator[str]:
    """``半年和全年总结``: the noun belongs to each."""
    heads = re.split(r"[、和及]", name)
    ordinal = _ORDINAL.match(heads[-1])
    found = re.search(rf"(?:工作)?{NOUN}$", heads[-1])
    noun = heads[-1][ordinal.end() :] if ordinal and _ORDINAL.fullmatch(heads[0]) else found[0] if found else ""
    for head in heads:
        yield head if noun and head.endswith(noun) else head + noun
