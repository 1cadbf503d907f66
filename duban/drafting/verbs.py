"""The verbs of handing in: which words are one, which only look like one, and by which way a material goes."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from duban.drafting.offices import receiver

_STRONG = (
    r"报送|呈报|呈送|上报|申报|填报|报备|反馈(?!意见表|机制|会)|寄送|邮寄|寄(?:至|到|往|回|交|达)|"
    r"发(?:送|至|到|往|回)(?!站)|传(?:送|至|到|真至|真到|回)|回传|"
    r"送(?:至|到|达|交|审|报)|提交|递交|上交|交(?:至|到|回|送)|移交(?!计划|清单|目录|进|手续|书|工作)|上传|回复|返回|函(?:告|复|报)|投稿|"
    r"报名|填报|推送(?:至|到)|投递|报回|提报|汇总报送?|集中报送?|统一报送?|(?<!上报)(?<!提交)(?<!报送)(?<!提供)(?<!形成)书面(?:告知|报(?:送|告)?|说明(?!书|材料))|"
    r"报(?:至|给|请|经)|报到(?=[\u4e00-\u9fff]{1,12}(?:局|厅|委|办|处|科|室|中心|部|会|院))|"
    r"录入|登记至|登录[^,。;]{0,60}?(?:填报|报送|上报|申报|提交|上传|填写|报名)|推荐至|推荐到|"
    r"报告(?=我|至|给|[省市县区州]|上级)|转报|逐级报|直报|(?:发|寄|"
    r"报)(?= ?[A-Za-z0-9._]{2,30}@)|补(?:交|报)(?!名)|发(?:电子)?邮件(?:到|至|给)|发我|寄我|送我|交我|报我"
)
#: Only together with a term before it.
_WEAK = (
    r"推荐|填写|填好|完成[^,;。]{0,4}(?:网络|系统|平台|网上)(?:报告|直报)|完成(?:(?!\d{1,2}[月日]|于\d)[^,。;]){0,16}(?:填报|申报|上报|报送|录入|推荐|备案|注册|登记|报名|上传|"
    r"提交)|汇报|汇总(?!形成|后|整理|审核|表)|提供|提出|备案|"
    r"报告|(?<=[雨汛险灾疫舆火警民墒苗虫病水工旱震社]情)报(?=[\u4e00-\u9fff])|"
    r"(?<![通情简快公预警捷喜海汇一两推])报(?![告名表道刊考到])(?=[\u4e00-\u9fff《\"])|"
    r"送(?=[\u4e00-\u9fff])|编报|推报|选送|选报|报出|确认参|"
    r"(?<![通情简快月周日年季零公预警捷喜海汇一两])报(?=[。;,)]|$)|交(?=[\u4e00-\u9fff])|发布至|"
    r"发(?![展挥动布生放现改言票电热明])(?=[\u4e00-\u9fff]{2,12}(?:办|局|科|室|处|中心|组|群|"
    r"邮箱|站|部|小程序))|填(?=[\u4e00-\u9fff《])"
)
_VERB = re.compile(rf"(?P<strong>{_STRONG})|(?P<weak>{_WEAK})")
#: Behind a verb, these make a noun of it: 申报材料, 报送时间.
_NOMINAL = re.compile(
    r"(?:有关|相关|安排|一览|审批|登记|汇总|推荐|时间|日期|时限|期限|期间|方式|方法|要求|内容|"
    r"单位|对象|条件|程序|流程|工作|范围|名额|数量|截止|渠道|途径|邮箱|地址|地点|系统|平台|格式|制度|"
    r"任务|质量|主体|类别|限额|指标|环节|阶段|通道|网址|网站|入口|表|书|人|者|项目|机制|口径|"
    r"资格|通知|事项|电话|指南|学校|企业|材料|资料|信息|数据|意见|情况|作品|奖项|名单|课题|专家|"
    r"学科|专业|费|期|量|率|会(?!计|员|同)|册|官|制|告|纸|头|馆|社|刊|考|批|案|酬|销|关|价|账|效|警|废|复|"
    r"答|相结合)"
)
_ASKS = re.compile(
    r"(?:[向给][\u4e00-\u9fff()]{2,20}|请|要|须|应|前|并|统一|集中|及时|,|一并|后|内|按时|负责|每月|每周|每季度|每日|每天|底|"
    r"末|日|时|;|。|:|分别|需|必须|组织|同时|再|再次|或|可|均|立即|第一时间|逐级|如实|行|"
    r"通过.{0,24}|认真|、)$"
)
#: ``将推荐函、申报材料及汇总表``: one of the things, not a verb.
_LISTED = re.compile(r"[将把][^,;。]{1,40}、$")
_OBJECTS = re.compile(r"(?:材料|资料|信息|数据|意见|情况|作品|名单|表|书|案例|项目|费|论文|课题|人选|方案)")
_NOT_VERB = re.compile(
    r"(?:报(?:名表|告会|刊|纸|道|酬|销|价|警|废|答|考|社|批|复|效|账|到处|国(?![资土税网库家])|晓|恩|关|"
    r"请.{0,4}审批)|送(?:达日|货|水|电|检|温暖|医|教|文化|科技|法|服务|培|岗|政策|训|书下|戏|餐|"
    r"养|别|走|清凉)|交(?:流|通|易|接|叉|办|由|付|纳|往|谈|界|替|汇|警|友|底|管|心)|填(?:补|充|"
    r"平|土|埋)|发(?:送给各|至各|送至各)|公示(?!表)|登记(?:的|注册)|注册(?:的|地|资|商|会|登))"
)
_CHANNELS = (
    (
        "email",
        re.compile(
            r"(?<!互联网)(?<!内网)(?<!专网)邮箱|电子邮件|[Ee]-?mail|信箱|邮件|@|电子(?:版|档|稿|文档|"
            r"材料|文本)[^,。;]{0,12}(?:发送|发至|发到|报送|(?<!上)传至|报)"
        ),
    ),
    (
        "paper",
        re.compile(r"纸质|书面(?!语)|一式|盖章|加盖(?:单位)?公章|原件|正式文件|正式公文|装订|打印|纸介质|复印件"),
    ),
    ("post", re.compile(r"邮寄|寄送|寄至|寄到|寄往|快递|挂号|EMS|邮政编码|邮编|寄出|寄回|寄交|顺丰")),
    (
        "platform",
        re.compile(
            r"系统(?!工程|性|治理|思维|梳理|总结|各单位|内|推进|学习)|平台(?!建设|经济)|网上(?:填报|"
            r"申报|报名|提交|注册|报送)|公众号[^,。;]{0,12}(?:填|报|提交|申|上传)|在线(?:填|报|提交|申)|登录|网址|网站(?:填|报|上传|提交|推荐报|注册)|小程序|(?<![A-Za-z])(?:APP|App|app)(?![A-Za-z])|"
            r"直报|二维码|扫码|链接|问卷星|[Ww]{3}\.|https?:|线上(?:填报|申报|提交|报名)|客户端|"
            r"单一窗口|网络(?:填报|报告|上报)"
        ),
    ),
    ("phone", re.compile(r"电话(?:报告|上报|报送|报名|反馈|告知|通知|确认|报|核实)|致电|拨打")),
    ("fax", re.compile(r"传真(?:至|到|件|报|发)|以传真")),
    ("disc", re.compile(r"光盘|U盘|优盘|刻盘|刻录|移动硬盘|存储介质")),
    (
        "oa",
        re.compile(
            r"(?<![A-Za-z])OA(?![A-Za-z])|OA系统|协同办公|办公自动化|公文交换|政务内网|公文系统|"
            r"内网邮箱|专网邮箱|公文传输|电子公文|浙政钉|粤政易|钉钉|政务微信|工作群|微信群|QQ群|"
            r"办公平台|金宏"
        ),
    ),
    (
        "in_person",
        re.compile(
            r"直接送|(?<![\u4e00-\u9fff])送(?:至|到|交)|现场(?:提交|报名|递交|交|报送|受理|确认)|"
            r"专人(?:送|报)|送达|当面|窗口(?:提交|办理|受理)|自行送"
        ),
    ),
)


#: Before 报告, these make a verb of it.
_REPORTS = re.compile(
    r"(?:书面|电话|及时|专题|口头|逐级|立即|随时|时间|如实|[前内时]|应当?|须|必须|[向给][\u4e00-\u9fff]{2,20}(?:\([^()]{1,40}\))?)$"
)
#: ``开展入户登记和数据录入`` is work, not a handing-in.
_WORK = re.compile(r"开展(?!情况|后)[^,;。将:]{0,14}(?<![后并])$")
#: What is said not to be done.
_NOT_ASKED = re.compile(r"(?:无需|不需要?|不必|不再|不得|毋需|禁止|严禁)[^,;。]{0,16}")


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A verb of handing in."""

    start: int
    end: int
    #: weak ones count only under a term
    strong: bool
    #: it reads as a noun (报送材料); an act only where nothing else is said
    nominal: bool = False


def verbs(text: str) -> Iterator[Verb]:
    """The verbs of a plain text in order; a weak one only where its part of the sentence has no strong one."""
    found = [verb for verb in map(partial(_verb, text), _VERB.finditer(text)) if verb]
    parts = _parts(text)
    strong = {bisect_right(parts, verb.start) for verb in found if verb.strong and not verb.nominal}
    for verb in found:
        if verb.strong or (not verb.nominal and bisect_right(parts, verb.start) not in strong):
            yield verb


def _verb(text: str, found: re.Match[str]) -> Verb | None:
    if _NOT_VERB.match(text, found.start()):
        return None
    if found[0] == "报告" and not _REPORTS.search(text[max(0, found.start() - 64) : found.start()]):
        return None
    if _WORK.search(text[max(0, found.start() - 20) : found.start()]) and not found[0].endswith(("至", "到")):
        return None
    strong = found["strong"] is not None
    if found[0] in ("报", "发") and not strong:
        strong = receiver(text[found.end() : found.end() + 60]) is not None
    return Verb(start=found.start(), end=found.end(), strong=strong, nominal=_is_nominal(text, found))


#: ``会后15日内报送：①…；②…``
_ENUMERATES = re.compile(r":(?:[①-⑳]|\(?[1一][.、)])")


def _is_nominal(text: str, found: re.Match[str]) -> bool:
    """It reads as a noun or a label: 申报材料, 材料报送和参会组织, 数据上报：…"""
    behind = text[found.end() : found.end() + 3]
    if behind.startswith(("邮箱", "信箱")) and re.search(r"[将把][^,;。]{1,40}$", text[: found.start()][-48:]):
        return False
    if found[0].endswith(("至", "到")) or (found[0].startswith("完成") and behind[:1] != "的"):
        return False
    if _ENUMERATES.match(behind) or (found[0] == "上传" and re.search(r"[将把][^,;。]*$", text[: found.start()][-48:])):
        return False
    if behind.startswith((":", "的", "者")) or re.match(r"(?:和|及|与|等)(?!各|上传|提交|报送)", behind):
        return True
    if _NOMINAL.match(text, found.end()):
        return not _asked(text[max(0, found.start() - 24) : found.start()], text, found.end())
    return False


def _parts(text: str) -> list[int]:
    """Where commas and colons part a sentence, brackets aside."""
    edges, depth = [], 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")" and depth > 0)
        if depth == 0 and char in ",;。:":
            edges.append(at)
    return edges


def _asked(before: str, text: str, end: int) -> bool:
    """``请于5月10日前报送材料`` asks; ``报送材料应当真实`` and ``报送时间`` do not."""
    return (
        bool(_ASKS.search(before))
        and not _LISTED.search(before)
        and bool(_OBJECTS.match(text, end))
        and bool(re.match(r"[^,。;:]{0,30}(?:[,。;(]|$|至|到|、|和|及|报|发)", text[end : end + 34]))
    )


def channels(text: str) -> tuple[str, ...]:
    """The ways that a plain text names, in a fixed order."""
    said = _NOT_ASKED.sub("", text)
    return tuple(name for name, form in _CHANNELS if form.search(said))
