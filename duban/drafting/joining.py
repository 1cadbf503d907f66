"""Does a line go on from the line before it? Texts come with lines broken where the page was full."""

import re

Piece = tuple[int, int]

#: A line begins something: a number, a label, a form, a table row, a day alone.
_BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、．)）]|\d{1,2}\.(?!\d)|[①-⑳]"
    r"|第[一二三四五六七八九十百\d]+[章条节部]|附件|附表|附[:：]|附录|抄送|抄报|主送|主题词|"
    r"联系人|联系电话|联系方式|电话[:：]|电子邮箱|邮箱[:：]"
    r"|地址[:：]|传真|邮编|[(（]此件|[(（]联系|注[:：]|备注|说明[:：]|[^:：]{1,40}(?:联系人|联系电话|电话)[:：]"
    r"|(?:19|20)\d\d年\d{1,2}月\d{1,2}日$|二[〇○零0O].{2}年.{1,2}月.{1,3}日$|各.{2,60}[:：]$"
)
#: Nothing can end here.
_OPEN_END = re.compile(r"[,，、(（《“‘〈〔\[\-—:：@/+于将和与及或的在至]$")
_CLOSED = re.compile(r"[。！？!?；;：:]$|[。！？；：][”’」』)）]$")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff()（）A-Za-z]{2,24} ?[\[〔（(【［〈\"“„]? ?(?:19|"
    r"20)\d\d ?[\]〕）)】］〉\"”‟]? ?第? ?\d{1,5} ?号(?:.{0,3}签发人.{0,12})?"
)
_TITLE_ENDS = re.compile(
    r"(?:的|紧急)(?:通知|函|公告|通告|通报|意见|决定|请示|批复|倡议书?|提示|提醒|启事)(?:[(（][^()（）]{1,16}[)）])?$|文件$"
)
_SIGNS = re.compile(
    r"[^。，,；;：:、]{3,}(?:局|厅|委员会|办公室|办公厅|中心|总工会|政府|大学|学院|学校|公司|"
    r"协会|学会|联合会|指挥部|党委|党组|处|科|馆|院|部)(?:[(（](?:章|盖章|印章|公章)[)）])?$"
)
#: Widths of a full line: from here on a line may have been broken; a line this long always was.
_LEAST, _SURE = 14, 34
_OPENERS, _CLOSERS = "(（《“「『〔[【", ")）》”」』〕]】"


def usual_width(text: str, lines: list[list[Piece]]) -> int:
    """How long a full line is: the length that few lines exceed."""
    lengths = sorted(_length(line) for line in lines)
    return lengths[int(len(lengths) * 0.85)] if lengths else 0


def _length(line: list[Piece]) -> int:
    return sum(end - start for start, end in line)


def goes_on(text: str, before: list[Piece], line: list[Piece], width: int) -> bool:
    """True when ``line`` goes on from ``before``."""
    first = "".join(text[start:end] for start, end in before)
    second = "".join(text[start:end] for start, end in line)
    if "\t" in first or "\t" in second:
        return False
    if first[-1].isdigit() and re.match(r"[年月日号时点分个份名张字项篇]|\d{1,3}[年月日]", second):
        return not re.fullmatch(r"[(（]?\d{1,2}", first)
    if _is_cut_number(first, second):
        return True
    if _stands_alone(first, second, width) or _begins(first, second):
        return _ends_in_middle(first, second)
    return _is_open(first) or _is_full(first, second, width)


def _is_cut_number(first: str, second: str) -> bool:
    """A telephone number that was broken off."""
    cut = re.search(r"[:：\d]-?\d{0,8}$", first) and re.match(r"-?\d{3,8}(?!\d)", second)
    return bool(cut and re.search(r"电话|手机|传真|-\d*$", first[-30:]))


def _begins(first: str, second: str) -> bool:
    return bool(_BEGINS.match(second[:120])) or second.endswith("印发")


def _ends_in_middle(first: str, second: str) -> bool:
    """After 于 or an open bracket even what looks like a beginning goes on, unless it has a number of its own."""
    if _NUMBER.fullmatch(second) or _NUMBER.fullmatch(first):
        return False
    goes = re.search(r"[于在自至(（《,，、]$", first)
    return bool(goes) and not re.match(r"[一二三四五六七八九十(（\d①-⑳附]", second)


def _is_full(first: str, second: str, width: int) -> bool:
    """The line was as long as lines are, and nothing ended."""
    if re.match(r"[\u4e00-\u9fff]{2,12}[:：]", second) and (first[-1].isascii() or len(first) < 0.8 * width):
        return False
    if _CLOSED.search(first) or _is_heading(first):
        return False
    return len(first) >= max(_LEAST, min(_SURE, int(width * 0.75)))


def _stands_alone(first: str, second: str, width: int) -> bool:
    """A title ends, a number or a signature begins."""
    if _NUMBER.fullmatch(second) or _NUMBER.fullmatch(first) or (_TITLE_ENDS.search(first) and not _is_open(first)):
        return True
    if second.startswith("关于") and _SIGNS.search(first):
        return True
    return (
        len(second) < max(8, 0.8 * width) and len(second) < 30 and bool(_SIGNS.search(second)) and not _is_open(first)
    )


def _is_open(first: str) -> bool:
    """A bracket that was opened and not closed, or a mark after which something must come."""
    tail = first[-120:]
    opened = sum(tail.count(mark) for mark in _OPENERS) - sum(tail.count(mark) for mark in _CLOSERS)
    if opened > 0:
        return True
    if first.endswith(("：", ":")):
        return False
    return bool(_OPEN_END.search(first)) and len(first) > 4


def _is_heading(first: str) -> bool:
    return (
        bool(re.match(r"[一二三四五六七八九十]{1,3}、|第.{1,3}[章节]|[(（][一二三四五六七八九十]{1,3}[)）]", first))
        and len(first) < 18
        and not re.search(r"[，。；,;]", first)
    )
