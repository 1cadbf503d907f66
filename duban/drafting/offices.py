"""Who receives and who is bound, as words of a clause."""

import re

_SUFFIX = (
    r"(?:部门|(?:主管|归口|所属|属地|接种|推荐|承办|主办|组织|牵头|对口|管理|上级)单位|海关|局|厅|委|办(?!理|好|结|法)|处|科|室|中心|部|会|司|院|所|站|队|组|大学|学校|学院|公司|银行|政府|"
    r"机关|股|馆|团|厂|基地|署|社|政务服务大厅|总工会|党校|党组|党委|支部|集团|窗口|妇联|残联|文联|科协|工商联|侨联|社科联|作协|工会|联社|医院|园区|社区|"
    r"专班|工作组)"
)
_OFFICE = re.compile(rf".*{_SUFFIX}(?:\([^()]{{1,20}}\))?")
#: What may stand behind the receiver: it receives for this.
_PURPOSE = re.compile(
    r"(?:备案|汇总|审核|审批|审定|审查|存档|备查|研究|统一|统计|初审|复核|联系人|邮箱|电子邮箱|"
    r"信箱|指定邮箱|工作邮箱|公共邮箱|公务邮箱|政务邮箱|并|由|以便|后|的).*$"
)
_NOT_RECEIVER = re.compile(
    r"(?:表|报告|总结|方案|材料|名单|案例|照片|清单|信息|情况|数据|台账|意见|建议|计划|书|回执|"
    r"稿|图片|视频|资料|小结|函|简报|报表|进展|作品|论文|版)$"
)
#: A bracket inside a name: places, or an office of the office.
_INSIDE = re.compile(rf"\((?:[省市县区州旗镇乡街道园、教委开发新管会]{{1,12}}|[\u4e00-\u9fff]{{1,14}}{_SUFFIX})\)")
_STOP = re.compile(r"[,;\"。:\n(]|@|\s|、?并(?!购|轨)|(?<!.)以")

#: Words that name units that are bound.
_UNITS = (
    r"(?:局|指|妇联|残联|科协|侨联|侨办|工商联|文联|社科联|厅|委|办|处|科|室|中心|部|会|司|院|"
    r"所|站|队|组|大学|学校|院校|高校|中小学|幼儿园|学院|公司|企业|银行|政府|机关|街道|乡镇|镇|"
    r"乡|村|社区|"
    r"单位|部门|机构|团体|组织(?!开展|实施|\d)|县|市|区|州|旗|盟|省|地|校|者|人|方|团|团委|工会|协会|学会|支队|大队|总队|"
    r"医院|园|场|厂|站点|党委|党组织|支部|主体|合作社|基地|集团|农场|林场|牵头单位|课题组|团队|"
    r"选手|学员|代表|老师|教师|同志|社|户|地区|班|系|级|行业)"
)
_NUMBER = r"(?:[一二三四五六七八九十]{1,3}[、.,是]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、)] ?|[①-⑳])"
_LEAD = re.compile(
    rf"^(?:{_NUMBER}|[\"'(,]|请|望|希望|敦请|要求|凡|由|对|为此|其中|同时|另外|此外|另|且|并|"
    rf"以及|如|即日起|原则上)+(?:[,])?"
)
#: Behind these words a clause says what its subject does.
_DOES = (
    r"请|要|应|须|需|于|在|将|把|对|向|按|根据|务必|认真|并|可|均|每|自|从|统一|分别|,|:|组织|结合|"
    r"负责|填|上报|报|提|及时|要求|通过|以|必|收到|接到|做|由|直接|"
    r"\d|《|初审|审核|汇总|择优|自查|自愿|联合|会同|对照|围绕|严格|尽快|立即|确定|明确|指定|"
    r"梳理|总结|撰写|制定|开展|完成|经(?!营|济|办|理|费|验|信)|加强|做好|高度|抓紧|迅速|全面|参照|用好|扎实|$"
)
_STARTS = (
    r"各|全|有关|相关|市直|省直|县直|区直|州直|局属|直属|厅属|委属|校属|所属|驻|凡|申报|参赛|"
    r"参会|参训|推荐|获奖|责任|牵头|承办|试点|入选|拟|上述|以上|每|所有|未|已|被|"
    r"县级|市级|乡级|区级|省级|基层|本市|联系|帮扶|申请|投标|项目|评价|培训|报名|承担|新|用人|"
    r"供|监测|定点|重点|二级|下列"
)
_WHO = re.compile(
    rf"(?P<who>(?:{_STARTS})(?:(?!于|前|向|报送|统一报|资料|材料|\d月|\d日|将|"
    rf"上报)[^,;:。\n]){{0,60}}?{_UNITS}(?:\([^()]{{1,20}}\))?)(?={_DOES})"
)
#: Any other subject, where the clause says that it must: 任课教师应…, 学校于…
_MUST = re.compile(
    rf"(?P<who>(?:(?!于|前|向|报送|\d月|\d日|将|上报|我|本|按|据|为|对|如|经|须|应|工作|"
    rf"由)[^,;:。\n\d《》\"]){{0,30}}{_UNITS}(?:\([^()]{{1,20}}\))?)"
    r"(?=应(?:当|该|于|在|按|将)|须(?:在|于|按|将)|必须|需(?:在|于|按|将)|请(?:在|于|将|按)|"
    r"务必|于\d|在\d|直接(?:于|将)|应|要(?:在|于|将|按)|对照|对|(?:初审|审核|汇总|择优|遴选|"
    r"把关|审查|复核)[^,;。]{0,12}(?:后|,))"
)

#: Units in one word; what they hand in may stand directly behind them.
_SHORT = re.compile(
    r"(?:各(?:市|地|县|区|校|院校|单位|部门|县区|乡镇|街道|科室|学院|支部|企业|县\(市、区\)|"
    r"市\(州\)|地区|省|处室|中心|医院|工会|学校|团委|直属单位|有关单位|市州|区县|旗县|代表队)"
    r"[、和及]?(?!(?!各)[\u4e00-\u9fff]{0,3}(?:局|厅|委|办|会|院|部门|单位|学校|联)))+"
)


def receiver(text: str) -> str | None:
    """The office at the beginning of ``text`` (what stands behind 报送, 报, 至); None where there is none."""
    lead = re.match(r"(?:至|到|给|往|于|经|请)?\"?", text)
    rest = text[lead.end() if lead else 0 :][:60]
    head = _head(rest)
    if rest.startswith(")") or re.search(r"[@.]", head) or _NOT_RECEIVER.search(head):
        return None
    name = _name(head)
    return name if name and 2 <= len(name) <= 40 else None


def _head(rest: str) -> str:
    """Up to the mark that ends the name; brackets that belong to a name stay: 县(市、区)教育局, 市局(办公室)."""
    masked = _INSIDE.sub(lambda found: "\0" * len(found[0]), rest)
    stop = _STOP.search(masked)
    return rest[: stop.start()] if stop else rest


def _name(head: str) -> str | None:
    """Without an address before it, a room or a purpose behind it."""
    head = re.sub(r"^.*(?:\d号|\d栋|大厦)(?=[\u4e00-\u9fff]{3})", "", head)
    found = None
    for given in (_PURPOSE.sub("", head), head):
        candidate = re.sub(r"(?<=[局厅委办处科室会院心部司厦])\(?\d.*$|[A-Z]?\d+[楼室房层号].*$", "", given)
        found = _OFFICE.match(candidate)
        if found:
            break
    name = re.sub(r"^(?:本级|同级)?(?:至|到|给)", "", found[0]) if found else ""
    return name + ")" * (name.count("(") - name.count(")")) if name else None


def bound(text: str) -> tuple[str, ...]:
    """The units that the beginning of a clause names, in order; empty where it names none."""
    clean = _LEAD.sub("", text.strip())
    found = _WHO.match(clean) or _MUST.match(clean)
    short = _SHORT.match(clean)
    if found and not (short and re.search(r"[于将报送前]", found["who"])):
        return parts(found["who"])
    return parts(short[0]) if short else ()


#: Characters of a list of units that are read.
MOST = 400
_BETWEEN = re.compile(r"[、,;]|(?<=各[市县区校地])(?=各)|(?<=[局厅委办处科室会院校位门])(?:和|及|以及|与)")


def parts(text: str) -> tuple[str, ...]:
    """``各市、各院校`` are two; ``各市、县(区)教育局`` is one name."""
    text = text[:MOST]
    masked = re.sub(r"[(（][^()（）]*[)）]", lambda found: "\0" * len(found[0]), text.strip("、,;: "))
    edges = [(found.start(), found.end()) for found in _BETWEEN.finditer(masked)]
    whole = text.strip("、,;: ")
    bounds = zip([0, *(end for _, end in edges)], [*(start for start, _ in edges), len(whole)], strict=True)
    pieces = [whole[first:last] for first, last in bounds]
    names: list[str] = []
    held = ""
    for at, piece in enumerate(pieces):
        if not piece:
            continue
        held += ("、" if held else "") + piece
        following = pieces[at + 1] if at + 1 < len(pieces) else "各"
        apart = following.startswith(("各", "有关", "相关", "市直", "省直", "县直", "区直"))
        if _is_open(piece) and not apart:
            continue
        names.append(held)
        held = ""
    return tuple([*names, held] if held else names)


def _is_open(piece: str) -> bool:
    """A place alone, of which the office comes later."""
    if piece.count("(") + piece.count("（") > piece.count(")") + piece.count("）"):
        return True
    bare = re.sub(r"[(（][^()（）]*[)）]$", "", piece)
    place = re.search(
        r"(?:^各?(?:省|市|县|区|州|旗|盟|乡|镇|自治区|直辖市|自治州|市州|县市区)|各(?:县|市|区)|街道)$", bare
    )
    return bool(place) or not re.search(rf"{_UNITS}$", bare)
