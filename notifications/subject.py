"""Subjects: state first, then what and when, then whose; never wider than 40 Han characters, the code not counted."""

from duban.domain.terms import DIGEST_KINDS, Role
from notifications.clean import cut, one_line, width
from notifications.days import day, is_late
from notifications.letter import Letter, Line, Summary
from notifications.wording import (
    Case,
    case_of,
    days_of,
    is_peer,
    leading,
    said_lines,
    state_words,
    subordinates,
    units_of,
)

#: Han characters; ASCII counts half.
ROOM = 40
#: A unit's name is cut to this; before a material's name is cut below the other, the day is left out.
_UNIT_ROOM = 12
_NAME_ROOM = 8


def subject(letter: Letter) -> str:
    """``【报送提醒·还有3个工作日】示范活动汇总表等4项材料，10月15日前｜长春市教育局``."""
    state, unit = f"【{state_words(letter)}】", "｜" + cut(one_line(letter.unit_name), _UNIT_ROOM)
    name, count = _what(letter)
    needed = min(width(name), _NAME_ROOM)
    when = next(when for when in _whens(letter) if not when or width(state + count + when + unit) + needed <= ROOM)
    return state + cut(name, ROOM - width(state + count + when + unit)) + count + when + unit


def coded(words: str, code: str) -> str:
    """The subject with the code that brings a reply home."""
    return f"{words} [{one_line(code)}]"


def summary_subject(summary: Summary) -> str:
    """``【每日小结】下一工作日将发3封，待办2项，未送达1封｜吉林省教育厅``."""
    counts = [
        f"{day(summary.next_workday, summary.now)}将发邮件{len(summary.planned)}封",
        f"待办{len(summary.todos)}项",
        f"未送达{len(summary.undelivered)}封",
    ]
    return f"【每日小结】{'，'.join(counts)}｜" + cut(one_line(summary.unit_name), _UNIT_ROOM)


def _what(letter: Letter) -> tuple[str, str]:
    """What may be cut, and the count behind it, which may not."""
    lines = _lines(letter)
    if case_of(letter) is Case.NOTICE:
        return _short_title(letter), ""
    name, count = one_line(lines[0].deliverable_name), len(lines)
    if letter.role is Role.SUPERVISOR:
        return subordinates(lines), f"{count}项材料"
    if case_of(letter) is Case.REVIEW:
        units = units_of(lines)
        several = f"等{len(units)}个单位" if len(units) > 1 else ""
        first = cut(units[0], _UNIT_ROOM)
        return (first + name, "") if count == 1 else (first, f"{several}{count}项材料")
    return name, "" if count == 1 else f"等{count}项材料"


def _lines(letter: Letter) -> list[Line]:
    return leading(letter) if letter.kind in DIGEST_KINDS else said_lines(letter)


def _short_title(letter: Letter) -> str:
    """The title without ``关于`` and ``的通知``, which the state says already."""
    title = one_line(letter.sections[0].notice_title).strip("《》")
    return title.removeprefix("关于").removesuffix("的通知")


def _whens(letter: Letter) -> tuple[str, ...]:
    """Ways to say the day, longest first; the last is silence."""
    lines, case = _lines(letter), case_of(letter)
    due = lines[0].due_day if lines else None
    if due is None or case in (Case.RECEIVED, Case.RESTORED, Case.LIFTED):
        return ("",)
    short = _phrase(case, letter, lines[0], day(due, letter.now))
    first = "最早" if is_late(lines[0], letter.now) else "首批"
    return (f"，{first}{short}", f"，{short}", "") if days_of(lines) > 1 else (f"，{short}", "")


def _phrase(case: Case, letter: Letter, line: Line, named: str) -> str:
    if is_late(line, letter.now):
        return f"{named}截止"
    if case is Case.RETURNED and not is_peer(letter):
        return f"{named}前补正"
    if case is Case.STAYS:
        return f"仍为{named}前"
    return f"改为{named}前" if case is Case.MOVED else f"{named}前"
