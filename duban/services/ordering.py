"""The facts of a 督办单 from the record, and the event of its draft. The machine never issues one."""

from datetime import datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.errors import ActRefused
from duban.domain.phrases import day_phrase
from duban.papers.order import Order, OrderLine
from duban.services.letters import office_to_ask
from duban.services.overseeing import Line, of_unit
from duban.services.records import Records
from models.event import record

#: The event of a draft.
DRAFTED = "order_drafted"


def order(session: Session, scope: Scope, *, notice: str, unit: str, office: str = "", now: datetime) -> Order:
    """A draft to a unit about what presses of a notice; ``office``: the id of the unit in whose name, else the issuer.

    NotFound; ActRefused where nothing presses.
    """
    records = Records(session)
    definition = records.notice(notice)
    part = of_unit(session, scope, unit, notice, now=now)
    if part is None:
        raise ActRefused(
            "该单位在这份通知中没有逾期、临近或待补正的材料，无需督办", "nothing of the unit presses in this notice"
        )
    ask = office_to_ask(records, definition)
    return Order(
        office=records.unit(office or definition.issuer).name,
        unit=records.unit(unit).name,
        stage=part.stage,
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
    """The same, and the record says that it was drafted."""
    drafted = order(session, scope, notice=notice, unit=unit, office=office, now=now)
    data = {"unit": unit, "stage": str(drafted.stage), "person": by}
    record(session, at=now, name=DRAFTED, by=by, data=data, notice=notice)
    return drafted


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
