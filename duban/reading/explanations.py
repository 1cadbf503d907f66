"""What the schema refuses, in Chinese: for each kind of refusal what is wrong and what to do."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from duban.domain.names import Loc
from duban.domain.spelling import meant
from duban.reading.problems import in_one_line
from duban.reading.shapes import Spot, spot
from duban.reading.yaml_positions import Tree

#: what is wrong, what to do
Words = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A refusal in words, and the path in the file that it is about."""

    path: Loc
    at_key: bool
    zh: str
    hint: str


@dataclass(frozen=True, kw_only=True)
class _Refusal:
    """What is known of one refusal."""

    spot: Spot
    #: the value as written; empty where it is not one scalar
    written: str
    ctx: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.spot.name

    @property
    def shown(self) -> str:
        return in_one_line(self.written)


def explain(error: ErrorDetails, tree: Tree) -> Explained:
    """One refusal of pydantic's, made from JSON that ``tree`` has read."""
    kind, where = error["type"], spot(error["loc"])
    path = (*where.path, "kind") if kind == "union_tag_invalid" else where.path
    refusal = _Refusal(spot=where, written=tree.written.get(path, ""), ctx=error.get("ctx", {}))
    zh, hint = _EXPLANATIONS.get(kind, _anything_else)(refusal)
    if error["input"] is None and kind.endswith("_type"):
        zh, hint = f"{where.name} 没有写内容", "请填写；不需要的请删去这一项"
    return Explained(path=path, at_key=where.at_key or kind == "extra_forbidden", zh=zh, hint=hint)


def _anything_else(refusal: _Refusal) -> Words:
    return f"{refusal.name} 不合要求", "请核对内容"


def _missing(refusal: _Refusal) -> Words:
    return f"缺少{refusal.name}", "请补写这一项"


def _unknown_key(refusal: _Refusal) -> Words:
    key = in_one_line(str(refusal.spot.path[-1]))
    return f"此处没有 {key} 这一项", meant(key, refusal.spot.siblings)


def _kind_missing(refusal: _Refusal) -> Words:
    return f"{refusal.name} 缺少种类 kind", f"可写 {'、'.join(refusal.spot.kinds)}"


def _kind_unknown(refusal: _Refusal) -> Words:
    if not refusal.written:
        return _kind_missing(refusal)
    return f"{refusal.name} 没有 {refusal.shown} 这个种类", meant(refusal.shown, refusal.spot.kinds)


def _not_offered(refusal: _Refusal) -> Words:
    offered = re.findall(r"'([^']*)'", refusal.ctx["expected"])
    return f"{refusal.name} 不能写 {refusal.shown}", meant(refusal.shown, offered)


def _not_text(refusal: _Refusal) -> Words:
    hint = f'写作 "{refusal.shown}"' if refusal.written else "请直接写文字"
    return f"{refusal.name} 应为文字", f"请加引号，{hint}" if refusal.written else hint


def _not_a_number(refusal: _Refusal) -> Words:
    digits = re.fullmatch(r"\s*(\d{1,15})\D*", refusal.written)
    return f"{refusal.name} 应为整数", f"写作 {digits[1]}" if digits else "请只写数字，不加引号和单位"


_YES_NO = {"yes": "true", "是": "true", "on": "true", "no": "false", "否": "false", "off": "false"}


def _not_yes_or_no(refusal: _Refusal) -> Words:
    written = _YES_NO.get(refusal.written.lower())
    return f"{refusal.name} 应为 true 或 false", f"写作 {written}" if written else "是写 true，否写 false"


def _not_a_list(refusal: _Refusal) -> Words:
    return f"{refusal.name} 应为列表", f"写作 [{refusal.shown}]" if refusal.written else "请每项一行，以“- ”开头"


def _not_a_mapping(refusal: _Refusal) -> Words:
    if refusal.spot.kinds:
        return f"{refusal.name} 应分项书写", f"请写种类 kind：{'、'.join(refusal.spot.kinds)}"
    return f"{refusal.name} 应分项书写", "每行写作“名称: 内容”"


#: Pattern of the schema → what is wrong, what to do.
PATTERNS: dict[str, Words] = {
    r"^[a-z0-9][a-z0-9-]*$": ("只能用小写字母、数字和连字符", "如 cities-2021"),
    r"^(([01]\d|2[0-3]):[0-5]\d|24:00|closing)$": ("写法不对", "写作 15:00、24:00 或 closing（下班时）"),
    r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$": ("写法不对", "写作 17:30"),
    r"^(19|20|21)\d{2}-(0[1-9]|1[0-2])$": ("写法不对", "写作 2021-11"),
    r"^$|^[^@\s]+@[^@\s]+$": ("不是邮箱地址", "请照原文核对"),
    r"^$|^\d{6}$": ("不是邮编", "邮编为六位数字"),
    (r"^(\d{4}-\d{2}-\d{2}|\d{4}-(0[1-9]|1[0-2])|M(0[1-9]|1[0-2])|(\d{4}-)?Q[1-4])$"): (
        "写法不对",
        "写作 2021-10-05、2021-10、M10、2021-Q4 或 Q4",
    ),
}


def _ill_written(refusal: _Refusal) -> Words:
    zh, hint = PATTERNS.get(refusal.ctx["pattern"], ("写法不对", "请核对内容"))
    text = in_one_line(str(refusal.spot.path[-1])) if refusal.spot.at_key else refusal.shown
    return f"{refusal.name.partition(' ')[0]} {text} {zh}", hint


def _too_long(refusal: _Refusal) -> Words:
    return f"{refusal.name} 超过{refusal.ctx['max_length']}字", "请压缩文字"


def _too_short(refusal: _Refusal) -> Words:
    return f"{refusal.name} 不能为空", "请填写"


def _too_few(refusal: _Refusal) -> Words:
    return f"{refusal.name} 至少要有{refusal.ctx['min_length']}项", "请补写"


def _too_small(refusal: _Refusal) -> Words:
    bound = refusal.ctx["ge"]
    return f"{refusal.name} 不得{'小' if isinstance(bound, int) else '早'}于 {bound}", "请核对"


def _too_great(refusal: _Refusal) -> Words:
    bound = refusal.ctx["le"]
    return f"{refusal.name} 不得{'大' if isinstance(bound, int) else '晚'}于 {bound}", "请核对"


def _not_a_day(refusal: _Refusal) -> Words:
    numbers = re.fullmatch(r"\D*(\d{4})\D*?(\d{1,2})\D+(\d{1,2})\D*|(\d{4})(\d{2})(\d{2})", refusal.written)
    parts = [int(part) for part in numbers.groups() if part] if numbers else []
    proposed = f"{parts[0]}-{parts[1]:02}-{parts[2]:02}" if parts else "2021-09-28"
    return f"{refusal.name} 写法不对：{refusal.shown}", f"写作 {proposed}"


#: Our own codes (the text of the ValueError) → what is wrong, what to do.
CODES: dict[str, Callable[[_Refusal], Words]] = {
    "day_format": _not_a_day,
    "no_such_day": lambda refusal: (f"{refusal.name} 没有这一天：{refusal.shown}", "请核对日期"),
    "window_order": lambda refusal: ("起日 from 晚于止日 to", "请核对两个日期"),
    "picked_outside": lambda refusal: ("选定日 picked 不在起日 from 与止日 to 之间", "请在两日之间选定一日"),
    "one_measure": lambda refusal: ("起算的长短须写一项，且只写一项", "写 workdays、days、weeks、months 之一"),
    "event_named": lambda refusal: (
        "起算点 after 与活动 event 不相符",
        "自活动起算的写 after: event 并写 event；其余不写 event",
    ),
    "recurrence_incomplete": lambda refusal: (
        "没有写明每期的哪一天",
        "每周写 weekday，每月、每季写 day，每年写 month 和 day",
    ),
    "quarter_month": lambda refusal: ("季度内的月份 month 只能是 1、2、3", "3 表示季末月"),
    "bounds_order": lambda refusal: ("下限 min 大于上限 max", "请核对两个数"),
    "unknown_zone": lambda refusal: (f"没有 {refusal.shown} 这个时区", "写作 Asia/Shanghai"),
}


def _by_code(refusal: _Refusal) -> Words:
    return CODES.get(str(refusal.ctx["error"]), _anything_else)(refusal)


_EXPLANATIONS: dict[str, Callable[[_Refusal], Words]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "union_tag_not_found": _kind_missing,
    "union_tag_invalid": _kind_unknown,
    "literal_error": _not_offered,
    "enum": _not_offered,
    "string_type": _not_text,
    "string_pattern_mismatch": _ill_written,
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "int_type": _not_a_number,
    "bool_type": _not_yes_or_no,
    "date_type": _not_a_day,
    "tuple_type": _not_a_list,
    "dict_type": _not_a_mapping,
    "model_type": _not_a_mapping,
    "too_short": _too_few,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_great,
    "value_error": _by_code,
}
