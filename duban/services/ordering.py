"""The facts of a 督办单 from the record, and the event of its draft. The machine never issues one."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.errors import ActRefused
from duban.domain.phrases import day_phrase
from duban.domain.terms import OrderStage
from duban.papers.order import PUT_OFF, SENT_BACK, Order, OrderLine
from duban.services.letters import office_to_ask
from duban.services.overseeing import Line, Part, of_unit
from duban.services.records import Records
from models.event import record

#: The event of a draft.
DRAFTED = "order_drafted"


def order(session: Session, scope: Scope, *, notice: str, unit: str, office: str = "", now: datetime) -> Order:
    """A draft to a unit about what presses of a notice; ``office``: the id of the unit in whose name, else the issuer.

    NotFound; ActRefused where nothing presses.
    """
    part = _pressing(session, scope, notice=notice, unit=unit, now=now)
    return _drafted(Records(session), part, notice=notice, unit=unit, office=office, now=now)


def _pressing(session: Session, scope: Scope, *, notice: str, unit: str, now: datetime) -> Part:
    Records(session).notice(notice)
    part = of_unit(session, scope, unit, notice, now=now)
    if part is None:
        raise ActRefused(
            "该单位在这份通知中没有逾期、临近或待补正的材料，无需督办", "nothing of the unit presses in this notice"
        )
    return part


def _drafted(records: Records, part: Part, *, notice: str, unit: str, office: str, now: datetime) -> Order:
    definition = records.notice(notice)
    ask = office_to_ask(records, definition)
    return Order(
        office=records.unit(office or definition.issuer).name,
        unit=records.unit(unit).name,
        stage=part.stage,
        cases=tuple(_cases(part)),
        notice_title=definition.title,
        document_number=definition.document_number,
        lines=tuple(_line(line) for line in part.lines),
        calls=tuple(
            f"{day_phrase(call.called_at.astimezone(definition.tz).date())}与{call.person}通话，{call.said.rstrip('。；')}"
            for call in part.calls.values()
        ),
        contact=f"{ask.name} {ask.phone}".strip(),
        day=now.astimezone(definition.tz).date(),
    )


def draft_order(
    session: Session, scope: Scope, *, notice: str, unit: str, office: str = "", by: str, now: datetime
) -> Order:
    """The same, and the record says that it was drafted, and about which materials."""
    part = _pressing(session, scope, notice=notice, unit=unit, now=now)
    drafted = _drafted(Records(session), part, notice=notice, unit=unit, office=office, now=now)
    about = [line.deliverable for line in part.lines]
    data = {"unit": unit, "stage": str(drafted.stage), "person": by, "deliverables": about}
    record(session, at=now, name=DRAFTED, by=by, data=data, notice=notice)
    return drafted


def _cases(part: Part) -> Iterator[str]:
    """What makes it yellow."""
    lines = part.lines if part.stage is OrderStage.YELLOW else ()
    if any(line.is_returned for line in lines):
        yield SENT_BACK
    if any(line.was_put_off for line in lines):
        yield PUT_OFF


def _line(line: Line) -> OrderLine:
    late = f"逾期{line.late_days}天（{line.late_workdays}个工作日）" if line.late_days else ""
    near = f"剩{line.workdays_left}个工作日" if line.workdays_left > 0 else "今日截止"
    told = line.told
    return OrderLine(
        name=line.deliverable_name,
        due=f"{line.due_day.month}月{line.due_day.day}日",
        late=late or ("退回补正，" if line.is_returned else "") + near,
        told=f"{day_phrase(told.at.date())}{told.kind.zh}" if told else "未发过邮件",
    )
