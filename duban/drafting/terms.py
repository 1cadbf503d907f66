"""Which time of a clause is the term of which verb, and which times and verbs are none."""

import re

from duban.drafting.dating import When
from duban.drafting.verbs import Verb

#: Said of others, of the past, or of what is not to be done.
_DENIED = re.compile(
    r"(?:未(?:按[^,;。]{0,6})?|不(?!少于|超过|低于|小于|大于|高于|多于|足|得少于|得超过|迟于|"
    r"晚于|得迟|得晚)|逾期(?:未|不)?|无需|毋需|不得|不予|不再|禁止|迟|漏|瞒|谎|免|没有|拒不|"
    r"已(?:经|按[^,;。]{0,8})?|曾|此前|前期(?:已)?|重复|切勿|勿|凡未|尚未)[^,;。:]{0,6}$"
)
_ISSUER_ACTS = re.compile(
    r"(?:(?:我|本)(?:局|厅|委|办|会|部|处|科|中心|司|院|公司|所|校|行|社|队)|组委会|评委会|省厅|"
    r"市局|区局|县局|主办方|主办单位|承办单位|领导小组办公室|评审(?:组|专家|"
    r"委员会))[^,;。请]{0,16}(?:将(?!《)|拟|会同|负责|统一|汇总后|审核后|择优|根据|对|"
    r"再)[^,;。]{0,30}$"
    r"|由(?:我|本|省|市|县|区|州|组委会)[^,;。各]{0,14}(?:统一|汇总|负责|审核|集中|择优)?[^,;。]{0,6}$"
    r"|(?<!请)(?<!务必)将(?:于|在|根据|组织|适时|统一|择优|按照?|视|不定期|另行|及时(?:反馈|"
    r"通报)|会同|会(?!议|员|计|务|费)|从|作为|进行|对)[^,;。]{0,50}$"
)
_TO_UNITS = re.compile(
    r"(?:给|至|到)(?:各(?!项|类|种|自)|申报单位|申请人|参赛|获奖|报送单位|推荐单位|当事人|基层|有关单位)"
    r"|各(?:市|县|区|地|单位|部门|乡镇|学校|参赛|成员单位)|申报单位|申请人|推荐单位|当事人"
)
#: Between a term and its verb, these take the term for themselves.
_TAKES = re.compile(
    r"出生|取得|注册(?!登录)|成立|获得|参加工作|发生|入职|建成|开工|投产|竣工|印发|发布|"
    r"实施(?!方案|意见|细则|办法|情况|计划)|施行|召开|举行|举办|公布|拨付|生效|启动|验收合格|"
    r"到位|缴清|退休|毕业|签订|发表|出版|授权|结题|立项|到期|开班|报到|抵达"
)
_BEFORE_NOT = re.compile(
    r"(?:(?<!请)将于|拟于|定于|拟定于|(?<![作度审施动])计划于|已于|曾于|预计|安排于|原定于|截至|"
    r"截止(?:到|至)?|统计到|自|从|以|不早于|早于|超过|晚于|迟于|(?<![学考师新医])生于|对|距|(?<![数依证])据|(?<!名)称|为期|经|近|"
    r"过去|最近|连续|满|累计|有效期|任期|试用期|公示期|工期|服务期|聘期)(?:\d{4}年)?$"
)
_STATISTICAL = re.compile(
    r"(?:的(?!\d|，|,)|数据|情况|全[市省县区国]|累计|共|以来|\)?印发|\)?会议|会上|发布的|下发的|"
    r"施行|实施|起施行|修订|通过(?=的|,|。|$|审议)|批准|出台|举行|召开|召集|"
    r"在[^,。;]{0,20}(?:举行|召开|举办))"
)
_LABEL_END = re.compile(
    r"(?:截止|截至|时间|日期|时限|期限|期|节点|最后|最迟|最晚|不迟于|不晚于|务必)(?:日期|时间|"
    r"期)?(?:定|设|一般|原则上)?(?:为|是|至|到|在|于|截至|截止至?|:|:于|延长至|延至|顺延至|"
    r"推迟至)?(?:\()?$"
)
_HAND_LABEL = re.compile(
    r"(?:报送|上报|申报|报名|提交|征集|投稿|反馈|填报|推荐|材料|回执|递交|受理|征稿|收稿|截稿|"
    r"征文|作品|报备|备案|征求意见|上传|寄送|交稿|录入|登记|申请|(?<!检测)(?<!查询)(?<!测试)(?<!选课)系统开放|参赛|汇总|回复|总结|"
    r"方案|表)[^,。;]{0,10}$"
)
_NEAR = 60


def refused(text: str, verb: Verb, issuer: str) -> bool:
    """True for a verb that binds no unit: denied, past, or the issuer's own."""
    before = text[max(0, verb.start - _NEAR) : verb.start]
    clause = re.split(r"[;。]", before)[-1]
    if _DENIED.search(clause) and not re.search(r"(?:如已|凡已|已(?:有|建|填|完成|整改|开展))[^,]{0,8}$", clause):
        return True
    if _ISSUER_ACTS.search(clause) and not re.search(r"请|各(?:市|县|区|单位|地|校|部门)", clause):
        return True
    if _RESULT.search(clause) and text[verb.end : verb.end + 1] in ",;。":
        return True
    if _is_issuer(clause, issuer) or _LAW.search(clause):
        return True
    behind = text[verb.end : verb.end + 12]
    return bool(_TO_UNITS.match(behind)) and not re.match(r"(?:至|到|给)?各(?:业务|相关|有关|对口|自)", behind)


#: ``评审结果于12月底前反馈。``
_RESULT = re.compile(r"(?:评审|评选|审核|核定|认定|评定|审查|查重|检测|遴选)(?:结果|意见)[^,;。]{0,24}$")
#: ``《办法》第12条规定，经营者应当在15日内报告``
_LAW = re.compile(r"第[一二三四五六七八九十百\d]{1,4}条(?:第[一二三四五六七八九十\d]{1,3}[款项])*(?:的)?规定,[^请]*$")


def _is_issuer(clause: str, issuer: str) -> bool:
    """``市民政局汇总后于…报省民政厅``: the issuer speaks of itself."""
    found = re.match(
        r"(?:最后|再)?由?([\u4e00-\u9fff]{3,20}?)(?:汇总|审核|初审|统一|复核|研究|组织|择优|将|于|负责|会同|根据)",
        re.split(r"[,:]", clause)[-1],
    )
    return bool(found and issuer.endswith(found[1]))


def closing(text: str, times: tuple[When, ...], verb: Verb, verbs: tuple[Verb, ...]) -> list[When]:
    """The term of a verb: the times before it that close it, several where they stand together; else one behind it."""
    before = [one for one in times if one.end <= verb.start + 1]
    while before:
        when = before[-1]
        if when.kind == "vague" and not _is_tight(text, when, verb):
            before.pop()
            continue
        if _closes(text, when, verb):
            return _group(before, when)
        if when.closes and when.kind != "vague" and not _TAKES.search(text[when.end : verb.start]):
            break
        before.pop()
    return _behind(text, times, verb, verbs)


def _group(before: list[When], last: When) -> list[When]:
    """All dates that stand under one 前, and all rules of one rhythm."""
    group = [last]
    for one in reversed(before[:-1]):
        nearer = group[0]
        same = one.start == nearer.start or (
            one.group >= 0 and (nearer.group == one.group or (one.group == one.start and nearer.start - one.end <= 2))
        )
        if not same:
            break
        group.insert(0, one)
    return group


def _is_tight(text: str, when: When, verb: Verb) -> bool:
    """及时报送; 11月中旬报送; not 及时开展…，并报送."""
    gap = text[when.end : verb.start]
    return len(gap) <= 30 and not re.search(r"[,;。]", gap) and (when.day is not None or len(gap) <= 16)


def _closes(text: str, when: When, verb: Verb) -> bool:
    """True where ``when`` is the term of ``verb`` behind it."""
    gap = text[when.end : verb.start]
    if when.begins or "。" in gap:
        return False
    if not verb.strong and _WHO_DID.match(text, when.end):
        return False
    if when.kind != "absolute":
        return _free(gap, when)
    lead = text[max(0, when.begin - 12) : when.begin]
    announced = when.closes and re.search(r"(?:截至|截止)$", lead)
    if (_BEFORE_NOT.search(lead) and not announced) or _STATISTICAL.match(gap):
        return False
    return _free(gap, when) if when.closes else _is_direct(gap, lead, when)


def _is_direct(gap: str, lead: str, when: When) -> bool:
    """``于6月30日报送``, ``5月1日至10日期间报送``: nothing closes the term, but the verb follows at once."""
    if when.ends_span:
        return len(gap) <= 100 and not re.search(r"[;。]|.,.*,", gap) and _free(gap, when)
    direct = re.search(r"(?:于|在|^|[,:;。]|定于|务必)$", lead)
    return bool(direct) and len(gap) <= 40 and not re.search(r"[,;。]", gap) and not _TAKES.search(gap)


#: ``2023年12月31日前在本市备案的企业``: who is meant, not when.
_ELIGIBLE = re.compile(
    r"[^,。;]{0,24}的(?:企业|单位|人员|机构|项目|职工|教师|学生|个人|公民|家庭|农户|组织|"
    r"社会组织|车辆|产品|[\u4e00-\u9fff]{1,4}(?:者|人|单位|企业))"
)


#: ``6月30日前完成备案并正式运营的养老机构。``
_WHO_DID = re.compile(
    r"(?![^。;]{0,60}[将把请])[^,。;]{2,40}(?:,[^,。;]{2,40})?的[\u4e00-\u9fff]{0,8}"
    r"(?:企业|单位|机构|人员|家庭|项目|组织|学校|职工|车辆|者|集体|个人|学生|青年|教师|对象)(?=[。;]|$)"
)
#: ``6月1日前未通过答辩的，可按…申报``: a condition, not a term.
_CONDITION = re.compile(r"(?![^,。;]{0,24}(?:填写|填好|整理|盖章))[^,。;]{1,24}(?<!目)的,")


def _free(gap: str, when: When) -> bool:
    """Nothing between takes the term for itself."""
    if (
        _STATISTICAL.match(gap)
        or _ELIGIBLE.match(gap)
        or _CONDITION.match(gap)
        or (when.ends_span and gap.count(")") > gap.count("("))
    ):
        return False
    taker = _TAKES.search(gap)
    if taker is None:
        return True
    if re.search(r"[将把]", gap[: taker.start()]):
        return True
    rest = gap[taker.end() :]
    return bool(re.search(r"[将把并]|,", rest)) and not re.match(r"的", rest) and "公布" not in taker[0]


def _behind(text: str, times: tuple[When, ...], verb: Verb, verbs: tuple[Verb, ...]) -> list[When]:
    """``报送市局（截止时间为5月10日）``; ``报名截止5月10日``."""
    limit = next((other.start for other in verbs if other.start > verb.start and not other.nominal), len(text))
    for at, when in enumerate(times):
        if when.start < verb.end or when.begins or when.kind == "vague":
            continue
        if when.start > limit:
            break
        if _BEGINNING.search(text[max(0, when.start - 16) : when.start]):
            continue
        if _is_behind(text, when, verb):
            return [when, *(one for one in times[at + 1 :] if one.group >= 0 and one.group == when.group)]
        break
    return []


def _is_behind(text: str, when: When, verb: Verb) -> bool:
    gap, lead = text[verb.end : when.start], text[max(0, when.start - 16) : when.start]
    if verb.strong and _LABEL_END.search(lead) and len(gap) <= 80 and not _SPEAKS_OF_EVENT.search(lead):
        return not re.search(r"活动|会议|培训|公示|评审|举办", gap[-14:])
    return (
        when.closes and verb.strong and not verb.nominal and bool(re.fullmatch(r"[^,;。]{0,24}\(?(?:于|在|限)?", gap))
    )


def labelled(text: str, when: When, sort: str, own: str, above: tuple[str, ...]) -> bool:
    """True for a time that no verb takes but a label of handing in: in the clause, before it, or above it.

    ``sort`` is that of the sentence's label, ``own`` the paragraph's heading, ``above`` the headings over it.
    """
    lead = text[max(0, when.begin - 30) : when.begin]
    if sort == "other" or _PERIOD.search(lead) or not _may_be_labelled(text, when, lead):
        return False
    if _OWN_LABEL.search(lead) or (_STAGE.fullmatch(text[: when.begin]) and text[when.end : when.end + 1] == ")"):
        return True
    hands = any(map(_hands_in, (own, *above[:2]))) and not any(map(_ELIGIBILITY.search, (own, *above[:1])))
    if _CUT_OFF.search(lead):
        return hands or sort == "time"
    under_time = sort == "time" or _is_time(own) or bool(above and _is_time(above[0]))
    return under_time and _stands_first(text, when) and (hands or _hands_in(text[: when.begin]))


#: ``报表期别：2021年1月1日—12月31日``: of what time the figures are.
_PERIOD = re.compile(r"(?:期别|报告期|所属期|税款属期|统计(?:时段|区间|范围)|调查时段|考核时段|评价时段)(?:为|是|:)?$")


def _may_be_labelled(text: str, when: When, lead: str) -> bool:
    """It ends a statement, and speaks neither of an event nor of figures."""
    if when.begins or (when.kind == "vague" and when.end - when.start < 3):
        return False
    if _BEFORE_NOT.search(lead) and not _CUT_OFF_NAMED.search(lead):
        return False
    if _SPEAKS_OF_EVENT.search(lead) or _STATISTICAL.match(text, when.end) or _is_stage(text, when):
        return False
    if _CHECKING.search(lead) or (not when.ends_span and _BEGINNING.search(lead)):
        return False
    return re.match(r"[,;。)(]|$|完成|报|逾期|期间|止", text[when.end :]) is not None


def _is_stage(text: str, when: When) -> bool:
    """``自查阶段（7月10日至8月5日）`` is a span of work; only ``申报阶段（…）`` is a term."""
    return _SPAN_OF_WORK.fullmatch(text[: when.begin]) is not None and not _STAGE.fullmatch(text[: when.begin])


def _stands_first(text: str, when: When) -> bool:
    """It is what the label says, not something said by the way; a bare rhythm (每日一报) is no term."""
    if when.kind == "recurring" and when.rule == {"freq": "daily"} and not when.time:
        return False
    firm = when.closes or when.ends_span or when.kind in ("recurring", "relative")
    direct = len(re.split(r"[,:。]", text[: when.begin])[-1]) <= 14
    return direct and (firm or len(text) - when.end <= 4)


_SPAN_OF_WORK = re.compile(
    r"[^,。;:]{0,16}(?:阶段|环节|自查|自纠|整改|整治|攻坚|排查|动员|部署|抽查|巩固|提升|总结|督查|检查|实施|审核|评审|公示|表彰)\("
)
#: Under these headings a day says who may take part.
_ELIGIBILITY = re.compile(r"(?:条件|范围|对象|资格)$")
#: ``材料审核时间为…``: others are at work then.
_CHECKING = re.compile(r"(?:审核|复核|初审|核查|抽查|答辩|查重|检测)(?:时间|日期)(?:为|是|:|于)?$")
_BEGINNING = re.compile(r"(?:开放|开始|开启|启动|起始|开通)(?:时间|日期)(?:为|是|:|于)?$")
#: ``团队申报（5月27日—6月5日）``
_STAGE = re.compile(r"[^,。;:]{0,6}(?:申报|报名|报送|征集|填报|推荐|投稿|提交)(?:阶段|环节|时间)?\(")
_OWN_LABEL = re.compile(rf"{_HAND_LABEL.pattern[:-1]}(?:时间|日期|时限|期限|截止|节点|期|时点)[^,。;]{{0,10}}$")
_CUT_OFF_NAMED = re.compile(r"(?:报名|报送|申报|提交|征集|投稿|征稿|反馈|时间|日期)截(?:至|止)$")
_SPEAKS_OF_EVENT = re.compile(
    r"(?:活动|培训|会议|举办|比赛|报到|施行|实施|公示|评审|展示|考试|竞赛|演出|检查|督查|统计|"
    r"服务|宣传|启动|开幕|有效|召开|开始|展出|放假|面试|笔试|结果|表彰|颁奖|年龄|工龄|资历|学历|"
    r"业绩|取得|资格|认定|注册|入库|户籍|计算|任职|数据|年限|发表|考核|"
    r"授权|生效)[^,。;报传填交]{0,6}(?:时间|日期|期)?(?:截止?(?:至|到)?|为|是|:|于)?$"
)
_CUT_OFF = re.compile(r"(?:截止|截稿)(?:时间|日期|期)?(?:为|是|到|至|于|:|在)*$|截至$")


def _hands_in(words: str) -> bool:
    from duban.drafting.labels import hands_in

    return hands_in(words)


def _is_time(words: str) -> bool:
    from duban.drafting.labels import sort as sort_of

    return sort_of(words) == "time"
