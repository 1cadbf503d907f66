"""A supervisor's weekly mail: one table a notice of what is overdue below, by unit, in the official order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from notifications.clean import cut, one_line
from notifications.days import day, full_date
from notifications.letter import Person
from notifications.view import Action, Chip, Page, Row, Table, Tone, UnitRows
from notifications.wording import called

#: A unit's name in a subject is cut to this.
_UNIT_ROOM = 12


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """One material."""

    notice_title: str
    document_number: str
    unit_name: str
    deliverable_name: str
    due_day: date
    days: int
    workdays: int


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """The mail; ``rows`` is not empty."""

    to: Person
    #: the unit below which it looks
    unit_name: str
    sender_name: str
    #: by notice, then the official order
    rows: tuple[Overdue, ...]
    #: units with something overdue, those beyond the table too
    units: int
    url: str | None = None
    message_id: str
    #: aware, local
    now: datetime


def weekly_subject(mail: Weekly) -> str:
    """``【每周督办】3个单位逾期7项｜吉林省教育厅``."""
    return f"【每周督办】{_count(mail)}｜{cut(one_line(mail.unit_name), _UNIT_ROOM)}"


def weekly_page(mail: Weekly) -> Page:
    """The page."""
    name = called(mail.to)
    return Page(
        headline=f"截至{day(mail.now.date(), mail.now)}，{one_line(mail.unit_name)}所辖{_count(mail)}。",
        greeting=f"{name}，您好：" if name else "您好：",
        opening=tuple(_opening(mail)),
        tables=tuple(_tables(mail)),
        action=Action(label="打开督办情况", url=one_line(mail.url)) if mail.url else None,
        sender=one_line(mail.sender_name),
        date=full_date(mail.now.date()),
        foot=("本邮件每周最多一封，没有逾期不发；可在“督办情况”页面取消。", "仅供内部掌握。"),
    )


def _count(mail: Weekly) -> str:
    shown = len({row.unit_name for row in mail.rows})
    return f"{mail.units}个单位逾期" + (f"{len(mail.rows)}项" if shown == mail.units else "")


def _opening(mail: Weekly) -> Iterator[str]:
    yield "按通知的单位次序列出，未到期的不列。"
    left = mail.units - len({row.unit_name for row in mail.rows})
    if left > 0:
        yield f"另有{left}个单位未列，请在页面上查看。"


def _tables(mail: Weekly) -> Iterator[Table]:
    notices = dict.fromkeys((row.notice_title, row.document_number) for row in mail.rows)
    for title, number in notices:
        mine = [row for row in mail.rows if (row.notice_title, row.document_number) == (title, number)]
        yield Table(
            title=one_line(title).strip("《》"),
            number=one_line(number),
            units=tuple(
                UnitRows(unit=one_line(unit), rows=tuple(_row(row, mail.now) for row in mine if row.unit_name == unit))
                for unit in dict.fromkeys(row.unit_name for row in mine)
            ),
        )


def _row(row: Overdue, now: datetime) -> Row:
    late = f"逾期{row.days}天（{row.workdays}个工作日）"
    return Row(name=one_line(row.deliverable_name), day=day(row.due_day, now), chip=Chip(words=late, tone=Tone.LATE))
