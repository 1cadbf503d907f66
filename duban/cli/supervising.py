"""Commands for supervisors: what presses, the draft of a 督办单, delegation during leave."""

from pathlib import Path
from typing import Annotated, Any

import typer

from duban.cli.app import JsonOption, app, day, installation, print_json, print_table, say, word
from duban.cli.mail import OPERATOR
from duban.domain.access import EVERYTHING, Scope
from duban.domain.rungs import rung_phrase
from duban.domain.terms import Hat
from duban.papers.order import order_docx
from duban.services import delegating
from duban.services.delegating import Delegated, Wanted
from duban.services.ordering import draft_order
from duban.services.overseeing import WHOLE, Line, Part, monday
from models.session import reading, writing

delegate = typer.Typer(help="休假委托：新增、清单、结束", no_args_is_help=True)
app.add_typer(delegate, name="delegate")

HatArgument = Annotated[Hat, typer.Argument(help="coordinator 经办、reviewer 审核、supervisor 督办")]


@app.command("supervision")
def supervision(
    unit: Annotated[str, typer.Option("--unit", help="只看该单位及所辖单位")] = "",
    late: Annotated[bool, typer.Option("--late", help="只列逾期")] = False,
    json: JsonOption = False,
) -> None:
    """督办情况：逾期、临近期限、待补正的材料，按单位次序，跨通知。"""
    duban = installation()
    scope = Scope(trees=frozenset({unit})) if unit else EVERYTHING
    with reading(duban.engine) as session:
        found = monday(session, scope, now=duban.clock.now(), size=WHOLE, only_late=late)
    rows = [(part, line) for part in found.parts for line in part.lines]
    if json:
        print_json([_json(*row) for row in rows])
        return
    pairs = (("单位", "unit"), ("材料", "material"), ("督办单", "stage"), ("期限", "due"), ("逾期天数", "days late"))
    columns = [word(zh, en) for zh, en in (*pairs, ("提醒进度", "rung"))]
    print_table("", columns, [_cells(*row) for row in rows])


def _json(part: Part, line: Line) -> dict[str, Any]:
    told, ladder = line.told, line.ladder
    return {
        "unit": part.unit.id,
        "notice": line.notice_id,
        "deliverable": line.deliverable,
        "stage": str(line.stage),
        "due_day": line.due_day.isoformat(),
        "late_days": line.late_days,
        "late_workdays": line.late_workdays,
        "told_at": told.at.isoformat() if told else None,
        "told_kind": str(told.kind) if told else None,
        "mail_failed": line.failed is not None,
        "rung": ladder.reached.code if ladder.reached else None,
        "next_rung": ladder.next.code if ladder.next else None,
        "next_at": ladder.next_at.isoformat() if ladder.next_at else None,
    }


def _cells(part: Part, line: Line) -> list[str]:
    rung = rung_phrase(line.ladder.reached) if line.ladder.reached else "—"
    days = str(line.late_days or "—")
    return [part.unit.name, line.deliverable_name, line.stage.zh, line.due_day.isoformat(), days, rung]


@app.command("draft-order")
def draft(
    notice: Annotated[str, typer.Argument(help="通知编号")],
    unit: Annotated[str, typer.Argument(help="单位编号")],
    out: Annotated[Path, typer.Option("--out", help="写入的文件（.docx）")],
    office: Annotated[str, typer.Option("--office", help="以哪个单位的名义，默认为发文机关")] = "",
) -> None:
    """起草督办单（稿）：按记录填写，编号、日期、签发和用印留给人办理。"""
    duban = installation()
    with writing(duban.engine) as session:
        about = {"notice": notice, "unit": unit, "office": office, "by": OPERATOR}
        found = draft_order(session, EVERYTHING, **about, now=duban.clock.now())
    out.write_bytes(order_docx(found))
    say(f"已写入 {out}：{found.unit}，{found.stage.zh}（稿）", f"{out}: {found.unit}, {found.stage.en} (draft)")


@delegate.command("add")
def add(
    giver: Annotated[str, typer.Argument(help="休假人的账号")],
    taker: Annotated[str, typer.Argument(help="代行同事的账号")],
    hat: HatArgument,
    unit: Annotated[str, typer.Argument(help="单位编号")],
    first: Annotated[str, typer.Option("--from", help="开始日期，含当日")],
    last: Annotated[str, typer.Option("--to", help="结束日期，含当日")],
    reason: Annotated[str, typer.Option("--reason", help="事由")] = "",
) -> None:
    """休假期间由同事代行一项权限；到期自动结束，并发邮件告知同事。"""
    duban = installation()
    wanted = Wanted(
        giver=giver,
        taker=taker,
        hat=hat,
        unit=unit,
        first_day=day(first, option="--from"),
        last_day=day(last, option="--to"),
        reason=reason,
    )
    with writing(duban.engine) as session:
        number = delegating.delegate(session, wanted, by=OPERATOR, now=duban.clock.now())
    say(f"已委托（第{number}号）：{taker} 代 {giver}", f"delegation {number}: {taker} for {giver}")


@delegate.command("list")
def show(json: JsonOption = False) -> None:
    """全部委托，新的在前。"""
    duban = installation()
    with reading(duban.engine) as session:
        found = delegating.delegations(session, None, now=duban.clock.now())
    if json:
        print_json([_delegated(one) for one in found])
        return
    pairs = (("编号", "number"), ("委托人", "absent"), ("受托人", "colleague"), ("权限", "hat"), ("日期", "days"))
    columns = [word(zh, en) for zh, en in (*pairs, ("情况", "state"))]
    print_table("", columns, [_row(one) for one in found])


def _delegated(one: Delegated) -> dict[str, Any]:
    return {
        "number": one.number,
        "giver": one.giver,
        "taker": one.taker,
        "hat": str(one.hat),
        "unit": one.unit_id,
        "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(),
        "in_force": one.is_on,
        "ended": one.is_ended,
    }


def _row(one: Delegated) -> list[str]:
    days = f"{one.first_day.isoformat()}—{one.last_day.isoformat()}"
    over = word("已结束", "over") if one.is_ended or one.is_past else word("未开始", "to come")
    state = word("委托中", "in force") if one.is_on else over
    return [str(one.number), one.giver, one.taker, f"{one.hat.zh} {one.unit_id}", days, state]


@delegate.command("end")
def end(number: Annotated[int, typer.Argument(help="委托的编号")]) -> None:
    """提前结束一项委托，立即生效。"""
    duban = installation()
    with writing(duban.engine) as session:
        delegating.end(session, number, person=None, by=OPERATOR, now=duban.clock.now())
    say(f"第{number}号委托已结束", f"delegation {number} has ended")
