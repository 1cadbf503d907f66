"""From a letter to its page: which blocks it has, in which order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count, groupby
from math import inf

from duban.domain.errors import InputRefused
from duban.domain.terms import Role, Status
from notifications.clean import one_line
from notifications.days import day, due_phrase, full_date, is_late, lateness, urgency
from notifications.facts import facts, received_row, shared_facts
from notifications.letter import Addendum, Entrance, Letter, Line, Office, Section
from notifications.opening import opening
from notifications.view import Action, Chip, Group, Item, Listing, Page, Part, Row, Table, Tone, UnitRows
from notifications.wording import (
    Case,
    awaits_paper,
    called,
    case_of,
    greeting,
    is_peer,
    is_review,
    preview,
    said_lines,
    status_words,
    units_of,
)

#: Working days: up to here a day is near; beyond the other it needs no chip.
_NEAR, _FAR = 3, 10
_HANDING_IN = (Case.NOTICE, Case.REMIND, Case.LATE, Case.RETURNED, Case.MOVED, Case.STAYS)
_BUTTONS = {
    Case.UPWARD: "查看报送情况",
    Case.RECEIVED: "查看报送记录",
    Case.RESTORED: "查看报送记录",
    Case.LIFTED: "查看报送记录",
    Case.REVIEW: "打开审核页面",
}


def page_of(letter: Letter) -> Page:
    """The page. InputRefused when a leader would see another unit's lines: that is never sent."""
    _check_discretion(letter)
    case = case_of(letter)
    return Page(
        headline=preview(letter),
        greeting=greeting(letter),
        opening=opening(letter),
        tables=tuple(_tables(letter)) if case is Case.UPWARD else (),
        parts=tuple(_parts(letter, case)),
        listings=tuple(_addendum(letter.addendum)) if letter.addendum else (),
        action=_action(letter, case),
        ways=tuple(_ways(letter, case)),
        ask=asked(letter.ask),
        sender=one_line(letter.sender_name),
        date=full_date(letter.now.date()),
        foot=tuple(_foot(letter)),
    )


def _action(letter: Letter, case: Case) -> Action | None:
    """The one button; where there are several links, each stands with its notice."""
    if len(letter.entrances) == 1:
        return _entrance(letter.entrances[0], letter, case, named=False)
    if not letter.url or letter.entrances:
        return None
    label = _BUTTONS.get(case, "打开报送页面") if said_lines(letter) else "查看通知"
    return Action(label=label, url=one_line(letter.url))


def _actions(section: Section, letter: Letter, case: Case) -> Iterator[Action]:
    if len(letter.entrances) > 1:
        named = len(section.entrances) > 1
        yield from (_entrance(entrance, letter, case, named=named) for entrance in section.entrances)


def _entrance(entrance: Entrance, letter: Letter, case: Case, *, named: bool) -> Action:
    label = "打开报送页面" if said_lines(letter) else "查看通知"
    if case in (Case.RECEIVED, Case.LIFTED):
        label = _BUTTONS[case]
    if entrance.for_review:
        label = _BUTTONS[Case.REVIEW]
    return Action(label=label + (f"（{one_line(entrance.unit_name)}）" if named else ""), url=one_line(entrance.url))


def _check_discretion(letter: Letter) -> None:
    if letter.role is Role.LEADER:
        owing = (n for section in letter.sections for n in (*section.lines, *section.also_open) if not is_review(n))
        if any(line.unit_name != letter.unit_name for line in owing):
            raise InputRefused(
                "给分管领导的邮件中有其他单位的材料，不予发送",
                "a leader is shown only the own unit; the mail is withheld",
            )


def due_chip(line: Line, letter: Letter) -> Chip | None:
    """How the day stands; nothing while it is far."""
    words, left = lateness(line, letter.now), line.workdays_left or 0
    if not words or left > _FAR:
        return None
    if is_late(line, letter.now):
        return Chip(words=words, tone=Tone.LATE)
    return Chip(words=words, tone=Tone.SOON if left <= _NEAR else Tone.CALM)


def _parts(letter: Letter, case: Case) -> Iterator[Part]:
    for section in sorted(letter.sections, key=_most_urgent):
        lines = [line for line in section.lines if case is not Case.UPWARD or is_review(line)]
        listings = () if case is Case.UPWARD else tuple(_listings(section, letter))
        actions = tuple(_actions(section, letter, case))
        if lines or listings or actions:
            yield Part(
                title=one_line(section.notice_title).strip("《》"),
                number=one_line(section.document_number),
                groups=tuple(_groups(lines, letter, case)),
                listings=listings,
                actions=actions,
            )


def _most_urgent(section: Section) -> tuple[date, float]:
    return min(map(urgency, section.lines), default=(date.max, inf))


def _groups(lines: Sequence[Line], letter: Letter, case: Case) -> Iterator[Group]:
    """By day, most urgent first; reviews last. A receipt has no days to group by."""
    number = count(1)
    if case in (Case.RECEIVED, Case.RESTORED):
        yield _group("", "", lines, letter, number)
        return
    ordered = sorted((line for line in lines if not line.is_lifted), key=lambda line: (is_review(line), urgency(line)))
    for _, same in groupby(ordered, key=lambda line: (is_review(line), due_phrase(line, letter.now))):
        shared = list(same)
        yield _group(_label(shared[0], letter, case), due_phrase(shared[0], letter.now), shared, letter, number)
    lifted = [line for line in lines if line.is_lifted]
    if lifted:
        yield _group("", "", lifted, letter, number)


def _group(label: str, due: str, lines: Iterable[Line], letter: Letter, number: Iterator[int]) -> Group:
    lines = list(lines)
    items = [_item(line, letter, next(number)) for line in lines]
    common = shared_facts([item.facts for item in items])
    return Group(
        label=label,
        due=due,
        chip=due_chip(lines[0], letter) if due else None,
        facts=common,
        items=tuple(replace(item, facts=tuple(f for f in item.facts if f not in common)) for item in items),
    )


def _label(line: Line, letter: Letter, case: Case) -> str:
    if is_review(line):
        return "登记期限" if awaits_paper([line]) else "审核期限"
    if case is Case.RETURNED:
        return "再报期限" if is_peer(letter) else "补正期限"
    return "新的期限" if case is Case.MOVED else "截止"


def _item(line: Line, letter: Letter, number: int) -> Item:
    name, case, chip = one_line(line.deliverable_name), case_of(letter), None
    if is_review(line):
        name = f"{one_line(line.unit_name)}：{name}"
    if case in (Case.RECEIVED, Case.RESTORED):
        chip = Chip(words=(line.tracks and line.tracks_words) or status_words(line, letter), tone=_tone(line.status))
    if line.is_lifted:
        chip = Chip(words="不再报送", tone=Tone.CALM)
    return Item(number=number, name=name, chip=chip, facts=facts(line, letter, case))


def _tone(status: Status) -> Tone:
    return Tone.DONE if status is Status.COMPLETED else Tone.CALM


def _listings(section: Section, letter: Letter) -> Iterator[Listing]:
    if section.also_open:
        yield Listing(title="其他待报送材料", rows=tuple(_open_rows(section.also_open, letter)))
    if section.received:
        yield Listing(title="已收到的材料", rows=tuple(received_row(line, letter) for line in section.received))


def _open_rows(lines: Iterable[Line], letter: Letter) -> Iterator[str]:
    """One row a day."""
    for due, same in groupby(sorted(lines, key=urgency), key=lambda line: due_phrase(line, letter.now)):
        shared = list(same)
        state = f"，{lateness(shared[0], letter.now)}" if is_late(shared[0], letter.now) else ""
        yield f"{due}{state}：{'、'.join(one_line(line.deliverable_name) for line in shared)}"


def _tables(letter: Letter) -> Iterator[Table]:
    for section in letter.sections:
        owed = [line for line in section.lines if not is_review(line)]
        if owed:
            yield Table(
                title=one_line(section.notice_title).strip("《》"),
                number=one_line(section.document_number),
                units=tuple(_units(owed, letter)),
            )


def _units(lines: list[Line], letter: Letter) -> Iterator[UnitRows]:
    """Units in the order given (the official one), never by how late they are."""
    for unit in units_of(lines):
        own = sorted((line for line in lines if one_line(line.unit_name) == unit), key=urgency)
        name = unit if letter.role is Role.SUPERVISOR else ""
        yield UnitRows(unit=name, rows=tuple(_row(line, letter) for line in own))


def _row(line: Line, letter: Letter) -> Row:
    due = day(line.due_day, letter.now) if line.due_day else "未规定"
    chip = due_chip(line, letter) or Chip(words=status_words(line, letter), tone=Tone.CALM)
    return Row(name=one_line(line.deliverable_name), day=due, chip=chip)


def _addendum(more: Addendum) -> Iterator[Listing]:
    """Titles and rows of what only a notice carries; empty ones are left out."""
    blocks = {
        "材料接收": tuple(map(asked, more.receivers)),
        "活动安排": more.events,
        "其他事项（不需报送）": more.duties,
        "主题": (more.theme,) if more.theme else (),
        "依据": more.basis,
    }
    return (Listing(title=title, rows=tuple(map(one_line, rows))) for title, rows in blocks.items() if rows)


def asked(office: Office) -> str:
    """``吉林省教育厅职成处，电话0431-…，邮箱…，邮寄地址…（邮编130051），工作日…``."""
    post = (
        f"地址：{office.address}" + (f"（邮编{office.postcode}）" if office.postcode else "") if office.address else ""
    )
    phone, email = office.phone and f"电话：{office.phone}", office.email and f"邮箱：{office.email}"
    return "，".join(map(one_line, filter(None, (office.name, phone, email, post, office.hours))))


def _ways(letter: Letter, case: Case) -> Iterator[str]:
    lines = said_lines(letter)
    if case not in _HANDING_IN or not lines or is_review(lines[0]):
        return
    if letter.has_page:
        yield "打开报送页面上传，无须注册或登录。"
    yield f"直接回复本邮件并附材料，请勿改动主题中的编号 [{one_line(letter.code)}]。"
    if any(line.personal for line in lines):
        yield "标明“含个人信息”的材料请勿用邮件附件报送" + ("，请在报送页面上传。" if letter.has_page else "。")
    if case in (Case.NOTICE, Case.MOVED) and any(line.uid and line.due_day for line in lines):
        yield "附件 deadlines.ics 可将截止日加入日历。"


def _foot(letter: Letter) -> Iterator[str]:
    name = called(letter.reply_to)
    yield f"本邮件由系统代{one_line(letter.sender_name)}发送，直接回复即可联系经办人{name}。"
    if case_of(letter) in (Case.REMIND, Case.LATE):
        yield "材料报齐后不再发送提醒。"
