"""What is sent to one unit by hand, by WeChat or on the telephone: its own items, and nothing of anybody else."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from duban.domain.notice import Notice
from duban.domain.phrases import day_phrase, weekday_phrase
from duban.domain.roster import Unit
from duban.domain.terms import UNIT, Relation, Role
from duban.services.letters import office_to_ask
from duban.services.lines import deliverable_name
from duban.services.records import Owing, Records


def spoken(records: Records, notice: str, rows: Iterable[Owing], *, now: datetime) -> dict[str, str]:
    """Unit → the text, for each unit that is to hand something in by a day; in the order of the rows."""
    definition = records.notice(notice)
    owed: dict[str, list[Owing]] = {}
    for row in rows:
        ball = records.ball(row)
        if ball is not None and ball.owner == UNIT and ball.due is not None:
            owed.setdefault(row.unit_id, []).append(row)
    return {unit: _text(records, definition, records.unit(unit), mine, now) for unit, mine in owed.items()}


def _text(records: Records, notice: Notice, unit: Unit, rows: Sequence[Owing], now: datetime) -> str:
    ask = office_to_ask(records, notice)
    late = any(row.due_at and now >= row.due_at for row in rows)
    title = notice.title.strip("《》")
    lines = [
        f"{_called(unit)}，您好：",
        f"《{title}》（{notice.document_number}）中，贵单位下列材料{'尚未收到' if late else '尚待报送，特此提醒'}：",
        *(f"{n}. {_line(records, row, now)}" for n, row in enumerate(rows, start=1)),
        f"{_plea(unit, late=late)}如已寄出，请告知；有困难，请与我们联系。",
        f"{ask.name}{f'，电话{ask.phone}' if ask.phone else ''}",
    ]
    return "\n".join(lines)


def _called(unit: Unit) -> str:
    """``长春市教育局 李老师``."""
    clerk = next((contact.person for contact in unit.contacts if contact.role is Role.CLERK and contact.person), "")
    return f"{unit.name} {clerk}".strip()


def _plea(unit: Unit, *, late: bool) -> str:
    if not late:
        return "请按期报送。" if unit.relation is Relation.SUBORDINATE else "烦请按期报送。"
    return "请尽快报送。" if unit.relation is Relation.SUBORDINATE else "烦请尽快报送。"


def _line(records: Records, row: Owing, now: datetime) -> str:
    """``工作方案：9月28日（周二）截止，已逾期``."""
    name = deliverable_name(records.deliverable(row).name, row.deliverable)
    if row.due_day is None:
        return name
    day = f"{day_phrase(row.due_day)}（{weekday_phrase(row.due_day)}）"
    passed = row.due_at is not None and now >= row.due_at
    return f"{name}：{day}{'已到期' if passed else '前'}"
