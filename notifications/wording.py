"""What a letter says in running words: state, headline, greeting, opening. Short, polite, exact.

Before the day nobody is pressed (提醒, never 催); upward it is a request; between peers nothing is sent back.
"""

import re
from collections.abc import Iterable
from enum import StrEnum, auto

from duban.domain.terms import ARRIVAL, REVIEW_PREFIX, Act, MailKind, Relation, Role, Status
from notifications.clean import cut, one_line
from notifications.days import day, day_and_weekday, ends_at, is_late, lateness, moment, urgency, weekday
from notifications.letter import Letter, Line, Person

#: No name in a headline is wider than this, in Han characters, so that the day stays in its first 50.
NAME_ROOM = 16
#: A longer hint on a day is told only beside the day in full.
_HINT_ROOM = 4


class Case(StrEnum):
    """Which letter it is, once kind, role and contents are weighed."""

    NOTICE = auto()
    REMIND = auto()
    LATE = auto()
    #: to a leader or a supervisor: one table, no instruction
    UPWARD = auto()
    RETURNED = auto()
    RECEIVED = auto()
    MOVED = auto()
    #: a request for a later day is refused
    STAYS = auto()
    #: a return is taken back
    RESTORED = auto()
    #: nothing is asked any more
    LIFTED = auto()
    #: to somebody who reviews and owes nothing himself
    REVIEW = auto()


_AT_ONCE = {
    MailKind.NOTICE: Case.NOTICE,
    MailKind.RETURNED: Case.RETURNED,
    MailKind.RECEIVED: Case.RECEIVED,
    MailKind.DATE_CHANGED: Case.MOVED,
}
_TOLD_BY_ACT = {Act.REFUSE: Case.STAYS, Act.TAKE_BACK: Case.RESTORED, Act.WAIVE: Case.LIFTED}
_DIGESTS = (Case.REMIND, Case.LATE, Case.UPWARD, Case.REVIEW)
_HIGH = (Role.LEADER, Role.SUPERVISOR)


def is_review(line: Line) -> bool:
    return line.owner.startswith(REVIEW_PREFIX)


def awaits_paper(lines: Iterable[Line]) -> bool:
    """All is approved, and only paper is waited for."""
    return all(line.owner == REVIEW_PREFIX + ARRIVAL for line in lines)


def said_lines(letter: Letter) -> list[Line]:
    """The lines that the letter is about, most urgent first: what the reader owes; else what he reviews.

    What is no longer asked stands behind what still is.
    """
    lines = sorted((line for section in letter.sections for line in section.lines), key=urgency)
    lines = [line for line in lines if not line.is_lifted] or lines
    return [line for line in lines if not is_review(line)] or lines


def review_lines(letter: Letter) -> list[Line]:
    return sorted((n for section in letter.sections for n in section.lines if is_review(n)), key=urgency)


def leading(letter: Letter) -> list[Line]:
    """The lines that subject and first sentence speak of: once something is late, only what is late."""
    lines = said_lines(letter)
    return [line for line in lines if is_late(line, letter.now)] or lines


def case_of(letter: Letter) -> Case:
    lines = said_lines(letter)
    if letter.kind in _AT_ONCE:
        told = lines[0].act if lines else None
        return _TOLD_BY_ACT[told] if told else _AT_ONCE[letter.kind]
    if lines and all(map(is_review, lines)):
        return Case.REVIEW
    if letter.role in _HIGH or (letter.kind is MailKind.ESCALATION and letter.role is not Role.CLERK):
        return Case.UPWARD
    return Case.LATE if any(is_late(line, letter.now) for line in lines) else Case.REMIND


def state_words(letter: Letter) -> str:
    """What stands in 【】: ``报送提醒·还有3个工作日``."""
    case, lines = case_of(letter), leading(letter)
    head = _head(case, letter, lines)
    if case not in _DIGESTS or not lines:
        return head
    if case is Case.REVIEW and not is_late(lines[0], letter.now) and lines[0].due_day != letter.now.date():
        return head
    stands = lateness(lines[0], letter.now)
    if letter.role is Role.SUPERVISOR and len(units_of(lines)) > 1:
        stands = stands.replace("已逾期", "最长逾期")
    return "·".join(filter(None, (head, stands)))


def _head(case: Case, letter: Letter, lines: list[Line]) -> str:
    if case is Case.RETURNED:
        return "请修改后再报" if is_peer(letter) else MailKind.RETURNED.zh
    if case is Case.UPWARD and not any(is_late(line, letter.now) for line in lines):
        return MailKind.REMINDER.zh
    return {
        Case.NOTICE: MailKind.NOTICE.zh,
        Case.REMIND: MailKind.REMINDER.zh,
        Case.LATE: MailKind.OVERDUE.zh,
        Case.UPWARD: MailKind.ESCALATION.zh,
        Case.RECEIVED: MailKind.RECEIVED.zh,
        Case.MOVED: MailKind.DATE_CHANGED.zh,
        Case.STAYS: "期限不变",
        Case.RESTORED: "修改意见已收回" if is_peer(letter) else "退回意见已收回",
        Case.LIFTED: "不再报送",
        Case.REVIEW: "请登记收到" if awaits_paper(lines) else "请审核",
    }[case]


def is_peer(letter: Letter) -> bool:
    return letter.relation is Relation.PARALLEL


def status_words(line: Line, letter: Letter) -> str:
    """The status as it is said to this reader: nothing of a peer is ``退回``."""
    if line.status is Status.RETURNED and is_peer(letter):
        return "请修改后再报"
    return line.status.zh


def called(person: Person) -> str:
    """The name without what an office notes behind it: ``张老师（职成处经办）`` is 张老师."""
    return re.sub(r"[（(].*", "", one_line(person.name)).strip()


def greeting(letter: Letter) -> str:
    name = called(letter.to)
    if letter.role is Role.CLERK or not name:
        return f"{name}，您好：" if name else "您好："
    return f"尊敬的{name}："


def names_and_count(lines: list[Line], room: float = NAME_ROOM) -> str:
    """``展板素材``, ``展板素材等4项材料``."""
    name = cut(one_line(lines[0].deliverable_name), room)
    return name if len(lines) == 1 else f"{name}等{len(lines)}项材料"


def units_of(lines: Iterable[Line]) -> list[str]:
    """The units in the order in which they come, each once."""
    return list(dict.fromkeys(one_line(line.unit_name) for line in lines))


def units_and_count(lines: list[Line], room: float = NAME_ROOM) -> str:
    """``朝阳区教育局``, ``朝阳区教育局等2个单位``."""
    units = units_of(lines)
    first = cut(units[0], room)
    return first if len(units) == 1 else f"{first}等{len(units)}个单位"


def subordinates(lines: list[Line]) -> str:
    """``朝阳区教育局``, or ``所辖2个单位``: of several none is put first."""
    units = units_of(lines)
    return cut(units[0], 12) if len(units) == 1 else f"所辖{len(units)}个单位"


def pleading(letter: Letter) -> str:
    """What is asked when something is late; a chief is asked to see to it, a peer is begged."""
    if letter.role is not Role.CLERK:
        return "请协调尽快报送"
    return "烦请尽快报送" if is_peer(letter) else "请尽快报送"


def days_of(lines: Iterable[Line]) -> int:
    """How many different days the lines name."""
    return len({line.due_day for line in lines if line.due_day})


def preview(letter: Letter) -> str:
    """The first sentence of the mail: its first 50 characters say what and when."""
    lines = leading(letter) if case_of(letter) in _DIGESTS else said_lines(letter)
    if not lines:
        return "请查收通知，本通知未要求贵单位按期报送材料。"
    first = lines[0]
    hint = first.due_hint if len(first.due_hint) <= _HINT_ROOM else ""
    when = day_and_weekday(first.due_day, letter.now, hint) if first.due_day else ""
    return _PREVIEWS[case_of(letter)](letter, lines, when)


def _preview_notice(letter: Letter, lines: list[Line], when: str) -> str:
    if not when:
        return f"请报送{names_and_count(lines)}，通知未规定截止日期。"
    if days_of(lines) == 1:
        return f"请于{when}前报送{names_and_count(lines)}。"
    return f"请按期报送{len(lines)}项材料，首批于{when}截止。"


def _preview_remind(letter: Letter, lines: list[Line], when: str) -> str:
    first, what = lines[0], names_and_count(lines)
    if first.due_day == letter.now.date():
        today = names_and_count([line for line in lines if line.due_day == first.due_day])
        return f"请于今日（{day(first.due_day, letter.now)} {weekday(first.due_day)}）{ends_at(first)}前报送{today}。"
    left = lateness(first, letter.now)
    asked = f"请于{when}前报送{what}" if days_of(lines) == 1 else f"首批于{when}截止，请报送{what}"
    return (asked if when else f"请报送{what}") + (f"，{left}。" if left else "。")


def _preview_late(letter: Letter, lines: list[Line], when: str) -> str:
    what, stands = names_and_count(lines), lateness(lines[0], letter.now)
    plea = pleading(letter)
    if days_of(lines) > 1:
        return f"{what}尚未收到，最早{when}截止，{stands}，{plea}。"
    return f"{when}截止的{what}尚未收到，{stands}，{plea}。"


def _preview_upward(letter: Letter, lines: list[Line], when: str) -> str:
    last = f"{'最早' if days_of(lines) > 1 else ''}{when}截止，{lateness(lines[0], letter.now)}。"
    if letter.role is Role.SUPERVISOR:
        return f"{subordinates(lines)}尚有{len(lines)}项材料未报，{last}"
    return f"{cut(one_line(letter.unit_name), 12)}{names_and_count(lines, 12)}尚未报送，{last}"


def _preview_returned(letter: Letter, lines: list[Line], when: str) -> str:
    what = names_and_count(lines)
    by = f"请于{when}前" if when else "请"
    return f"{by}将{what}修改后再报。" if is_peer(letter) else f"{by}补正并重新报送{what}。"


def _preview_received(letter: Letter, lines: list[Line], when: str) -> str:
    at, first = lines[0].submitted_at, lines[0]
    if first.tracks and first.tracks_done:
        return f"{names_and_count(lines)}{first.tracks_words or '已收到一部分'}，{_rest(letter, first, when)}。"
    return f"已收到{names_and_count(lines)}" + (f"，报送时间{moment(at, letter.now)}。" if at else "。")


def _rest(letter: Letter, line: Line, when: str) -> str:
    """What is asked of the ways that are still open."""
    if is_late(line, letter.now):
        return f"其余{lateness(line, letter.now)}，{pleading(letter)}"
    return f"其余请于{when}前报送" if when else "其余请继续报送"


def _preview_moved(letter: Letter, lines: list[Line], when: str) -> str:
    what, old = names_and_count(lines), lines[0].old_due_day
    if not when:
        return f"{what}的报送期限已调整，具体日期待定。"
    if days_of(lines) > 1:
        return f"报送期限已调整，首批于{when}截止：{what}。"
    was = f"由{day_and_weekday(old, letter.now)}" if old else ""
    return f"截止日{was}改为{when}：{what}。"


def _preview_stays(letter: Letter, lines: list[Line], when: str) -> str:
    what = names_and_count(lines)
    if not when:
        return f"{what}的报送期限不变。"
    late = f"，{lateness(lines[0], letter.now)}，{pleading(letter)}" if is_late(lines[0], letter.now) else ""
    return f"{what}的截止日不变，仍为{when}{late}。"


def _preview_restored(letter: Letter, lines: list[Line], when: str) -> str:
    return f"{names_and_count(lines)}的{'修改意见' if is_peer(letter) else '退回意见'}已收回，无须重新报送。"


def _preview_review(letter: Letter, lines: list[Line], when: str) -> str:
    if awaits_paper(lines):
        return _preview_paper(letter, lines)
    if is_late(lines[0], letter.now):
        return f"{when}应审结的{names_and_count(lines)}尚待审核，{lateness(lines[0], letter.now)}。"
    what = names_and_count(lines, 12) if len(lines) == 1 else f"{len(lines)}项材料"
    return f"{f'请于{when}前' if when else '请'}审核{units_and_count(lines, 12)}报送的{what}。"


def _preview_paper(letter: Letter, lines: list[Line]) -> str:
    what = names_and_count(lines, 12) if len(lines) == 1 else f"{len(lines)}项材料"
    if is_late(lines[0], letter.now):
        return f"{units_and_count(lines, 12)}寄出的{what}纸质件尚未登记收到，请核实。"
    return f"请登记{units_and_count(lines, 12)}寄出的{what}纸质件。"


_PREVIEWS = {
    Case.NOTICE: _preview_notice,
    Case.REMIND: _preview_remind,
    Case.LATE: _preview_late,
    Case.UPWARD: _preview_upward,
    Case.RETURNED: _preview_returned,
    Case.RECEIVED: _preview_received,
    Case.MOVED: _preview_moved,
    Case.STAYS: _preview_stays,
    Case.RESTORED: _preview_restored,
    Case.LIFTED: lambda letter, lines, when: f"{names_and_count(lines)}不再要求报送。",
    Case.REVIEW: _preview_review,
}
