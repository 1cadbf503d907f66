"""A demand in numbers as a requirement of a definition, and of which material it is asked."""

import re

from duban.drafting.lines import scalar
from duban.drafting.numerals import number

_NUMBERS = re.compile(
    r"(?P<first>\d+|[一二两三四五六七八九十]+)(?:[-—–~～至](?P<second>\d+))?(?P<unit>万字|千字|"
    r"字|[\u4e00-\u9fff]|[A-Za-z]+)"
)
_FLOOR = re.compile(r"不少于|不得少于|不低于|不得低于|至少|以上|大于|不小于")
_CEILING = re.compile(r"不超过|不得超过|不高于|不多于|最多|以内|之内|内$|以下|限|控制在|小于|不大于")
_ABOUT = re.compile(r"左右")
_TEXTS = re.compile(r"总结|报告|事迹|材料|案例|方案|稿|论文|文|书|体会")
_SCALE = {"字": 1, "千字": 1000, "万字": 10000}
_PIECES = frozenset("张个名项篇份件幅部条家例人首支套")


def requirement_of(words: str, materials: tuple[str, ...], owner: str | None) -> tuple[str, str]:
    """The material that is asked (one of ``materials``), and the requirement as a line of YAML.

    ``owner`` is known from the text; else it is guessed from the words, and marked.
    """
    known = (owner,) if owner in materials else materials
    material, line = _requirement(words, known)
    return material, line if len(known) == 1 else f"{line}  # 待确认：属于哪一件材料"


def _requirement(words: str, materials: tuple[str, ...]) -> tuple[str, str]:
    found = _NUMBERS.search(words)
    if found is None:
        return materials[0], f"{{kind: remark, text: {scalar(words)}}}"
    unit = found["unit"]
    if unit in _SCALE:
        owner = next((name for name in materials if _TEXTS.search(name)), materials[0])
        return owner, f"{{kind: words, {_bounds(words, found, _SCALE[unit], about=True)}, text: {scalar(words)}}}"
    if unit[0] in _PIECES:
        what = _thing(words, found, materials)
        bounds = _bounds(words, found, 1, about=False)
        return what, f"{{kind: count, what: {scalar(what)}, unit: {unit[0]}, {bounds}, text: {scalar(words)}}}"
    return materials[0], f"{{kind: remark, text: {scalar(words)}}}"


def _thing(words: str, found: re.Match[str], materials: tuple[str, ...]) -> str:
    """The material whose name ends with the words before the number (照片8张); else the first."""
    before = re.sub(r"(?:不少于|不超过|至少|最多|限.?|各)$", "", words[: found.start()])
    return next((name for name in materials if before and name.endswith(before[-2:])), materials[0])


def _bounds(words: str, found: re.Match[str], scale: int, *, about: bool) -> str:
    first = number(found["first"]) * scale
    if found["second"]:
        return f"min: {first}, max: {number(found['second']) * scale}"
    if _FLOOR.search(words):
        return f"min: {first}"
    if _CEILING.search(words):
        return f"max: {first}"
    return f"about: {first}" if about and _ABOUT.search(words) else f"exactly: {first}"
