"""Broken YAML in the words of an office: what is wrong, where, and what to do."""

import re
from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from duban.reading.problems import Place, Problem, Source
from duban.reading.yaml_positions import Unreadable, place_of

#: What ruamel.yaml says → what is wrong, what to do; the first that fits. ``True``: it stands where the thing begins.
_SAYINGS: tuple[tuple[str, str, str, bool], ...] = (
    (r"character '\\t'", "此处用了制表符（Tab）", "请改用空格", False),
    (r"found character '(.)'", "内容不能以 {0} 开头", "请给整段内容加引号", False),
    (r"mapping values are not allowed", "此处不应有冒号", "请核对本行与上一行的缩进；内容中有冒号的请加引号", False),
    (r"mapping keys are not allowed", "此处不应有“? ”", "以此开头的文字请加引号", False),
    (r"could not find expected ':'", "本行缺少冒号", "写作“名称: 内容”，冒号用半角，其后空一格", True),
    (r"quoted scalar.*unexpected", "引号没有配对", "请补上结尾的引号", True),
    (r"double-quoted scalar.*(escape|hexdecimal)", "双引号内的反斜杠写法有误", "请改用单引号", False),
    (r"expected ',' or '(.)'", "括号没有配对，或者缺少逗号", "请补上 {0} 或半角逗号", True),
    (r"expected (<block end>|'<document start>')", "缩进不齐，或者少了“- ”", "同一层的各项请左对齐", False),
    (r"expected the node content", "此处缺少内容", "请核对括号、逗号和冒号", False),
    (r"sequence entries are not allowed", "此处不应有“- ”", "列表请另起一行", False),
    (r"block scalar", "“|”或“>”之后应换行", "以此开头的文字请加引号", False),
    (r"directive", "不接受以 % 开头的指令", "请删去这一行", False),
    (r"alias|anchor", "不接受锚点和别名（& 与 *）", "请把内容写全；是文字的请加引号", False),
    (r"another document", "一个文件只能有一份定义", "请删去多余的“---”或“...”，其余内容另存为文件", False),
    (r"tag", "不接受标签（!）", "请删去标签；是文字的请加引号", False),
)
_ANYTHING_ELSE = ("YAML 写法有误", "请核对此处的缩进、冒号和引号", False)

#: ``title：某通知``: a full-width colon after a key, the commonest slip in a Chinese input method.
_WIDE_COLON = re.compile(r"^\s*(?:- +)*[A-Za-z_][\w-]*\s*(：)")


def syntax_problem(fault: Exception, source: Source) -> Problem:
    """The one problem that stopped the parser."""
    if isinstance(fault, Unreadable):
        return source.problem(fault.place, fault.zh, fault.hint)
    if isinstance(fault, ReaderError):
        place = source.place_of(int(fault.position))
        return source.problem(place, "有不可见的控制字符", "请删去此处的字符后重新录入")
    if isinstance(fault, MarkedYAMLError):
        return _marked(fault, source)
    return source.problem(Place(), "文件读不下去，写法有误", "请照样例核对")


def _marked(fault: Any, source: Source) -> Problem:
    mark = fault.problem_mark or fault.context_mark
    found = wide_colon(source, mark.line + 1)
    if found:
        return found
    zh, hint, at_start = _in_words(f"{fault.context or ''} {fault.problem or ''}")
    if at_start and fault.context_mark:
        mark = fault.context_mark
    return source.problem(place_of(mark), zh, hint)


def _in_words(saying: str) -> tuple[str, str, bool]:
    for pattern, zh, hint, at_start in _SAYINGS:
        match = re.search(pattern, saying, re.DOTALL)
        if match:
            return zh.format(*match.groups()), hint.format(*match.groups()), at_start
    return _ANYTHING_ELSE


def wide_colon(source: Source, line: int) -> Problem | None:
    """The full-width colon that is to blame for a fault in ``line``: on it, or on the line with text before it."""
    lines = source.lines_up_to(line)
    with_text = [number for number, text in enumerate(lines, 1) if text.strip()][-2:]
    for number in reversed(with_text):
        match = _WIDE_COLON.match(lines[number - 1])
        if match:
            place = Place(line=number, column=match.start(1) + 1)
            return source.problem(place, "冒号用了全角“：”", "请改为半角冒号加空格“: ”")
    return None


def layout_problems(source: Source) -> list[Problem]:
    """What is refused before parsing: tabs in the indentation, and directives, which change how values are read."""
    found = []
    began = False
    for number, text in enumerate(source.lines_up_to(len(source.text) + 1), 1):
        blank = text[: len(text) - len(text.lstrip())]
        if "\t" in blank and text.strip():
            place = Place(line=number, column=blank.index("\t") + 1)
            found.append(source.problem(place, "缩进用了制表符（Tab）", "请改用空格"))
        if text.startswith("%") and not began:
            found.append(source.problem(Place(line=number), "不接受以 % 开头的指令", "请删去这一行"))
        began = began or (bool(text.strip()) and not text.startswith(("#", "%")))
    return found
