"""Commands of the coordinator's desk: press, chase, hold, note; the pages call the same services."""

import secrets
from typing import Annotated, Any

import typer

from duban.cli.app import ZONE, JsonOption, app, installation, print_json, print_table, say, word
from duban.cli.mail import OPERATOR
from duban.cli.operating import AtOption, now_of
from duban.domain.errors import UsageError
from duban.services import holding, pressing
from duban.services.chasing import Chase
from duban.services.chasing import chase as foresee
from duban.services.choosing import Chosen
from duban.services.figures import Show
from duban.services.ledger import iso
from duban.services.noting import Call
from duban.services.noting import note as write_down
from duban.services.records import Records
from models.session import reading, writing

NoticeArgument = Annotated[str, typer.Argument(help="通知编号")]
UnitArgument = Annotated[str, typer.Argument(help="单位编号")]


@app.command()
def press(
    notice: NoticeArgument,
    units: Annotated[list[str] | None, typer.Argument(help="单位编号，或 单位/材料", metavar="UNIT...")] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部未报的单位")] = False,
    stage: Annotated[str, typer.Option("--stage", help="只限这个环节")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看发给谁、不发给谁，不发出")] = False,
    undo: Annotated[int | None, typer.Option("--undo", help="撤回第几次催办", min=1, max=2**31 - 1)] = None,
    at: AtOption = None,
    json: JsonOption = False,
) -> None:
    """人工催办：期限前为提醒，逾期后为催报；等候 60 秒后发出，其间可以撤回。"""
    if undo is not None:
        _undo(notice, undo, at, json=json)
        return
    if bool(units) == everything:
        raise UsageError("请写单位编号，或者写 --all", "give units, or --all")
    chosen = Chosen(notice=notice, ticked=frozenset(units or ()), everything=everything, stage=stage, show=Show.MISSING)
    duban = installation()
    now = now_of(duban, at)
    with reading(duban.engine) as session:
        records = Records(session)
        found = pressing.sort(records, chosen, now=now)
        value = _told(records, found)
    if not dry_run:
        with writing(duban.engine) as session:
            number = pressing.press(session, chosen, key=secrets.token_hex(8), by=OPERATOR, now=now)
        value["press"] = number
    if json:
        print_json(value)
        return
    _print(value)
    if not dry_run:
        say(f"第 {number} 次催办，撤回：duban press {notice} --undo {number}", f"press {number}; --undo {number}")


def _told(records: Records, found: pressing.Sorted) -> dict[str, Any]:
    return {
        "leaves_at": iso(found.leaves_at),
        "mails": [
            {
                "to": parcel.contact.email,
                "unit": parcel.unit_id,
                "kind": str(pressing.kind_of(parcel)),
                "items": [f"{item.obligation.unit_id}/{item.obligation.deliverable}" for item in parcel.items],
            }
            for parcel in found.parcels
        ],
        "left_out": [
            {"unit": one.row.unit_id, "deliverable": one.row.deliverable, "why": one.words} for one in found.left_out
        ],
    }


def _print(value: dict[str, Any]) -> None:
    columns = ["单位", "收件人", "种类", "材料"]
    rows = [[m["unit"], m["to"], m["kind"], "、".join(m["items"])] for m in value["mails"]]
    print_table(word("发给", "mails"), columns, rows)
    out = [[one["unit"], one["deliverable"], one["why"]] for one in value["left_out"]]
    print_table(word("不发", "left out"), ["单位", "材料", "原因"], out)


def _undo(notice: str, number: int, at: str | None, *, json: bool) -> None:
    duban = installation()
    with writing(duban.engine) as session:
        pressing.pressed(session, notice, number)
        done = pressing.undo(session, number, by=OPERATOR, now=now_of(duban, at))
    if json:
        print_json({"press": number, "taken_back": done.taken_back, "gone": done.gone})
    else:
        more = f"，{done.gone} 封已先发出" if done.gone else ""
        say(f"已撤回 {done.taken_back} 封{more}", f"{done.taken_back} mails taken back, {done.gone} gone")


@app.command()
def chase(at: AtOption = None, json: JsonOption = False) -> None:
    """次日催办名单：下一个工作日将写信给谁，哪些已标记勿催。"""
    duban = installation()
    with reading(duban.engine) as session:
        found = foresee(session, now=now_of(duban, at))
    if json:
        print_json(_chase_json(found))
        return
    say(f"{found.day} 将发 {found.mails} 封", f"{found.mails} mails on {found.day}")
    rows = [
        [notice.id, line.unit_id, line.deliverable, str(line.kind), line.held.reason if line.held else ""]
        for notice, lines in found.notices
        for line in lines
    ]
    print_table("", ["通知", "单位", "材料", "种类", "勿催"], rows)


def _chase_json(found: Chase) -> dict[str, Any]:
    lines = [line for _, of in found.notices for line in of]
    return {
        "day": found.day.isoformat(),
        "mails": found.mails,
        "lines": [
            {
                "notice": line.notice_id,
                "unit": line.unit_id,
                "deliverable": line.deliverable,
                "kind": str(line.kind),
                "to": [contact.email for _, contact in line.people],
                "held": line.held.reason if line.held else None,
            }
            for line in lines
        ],
    }


@app.command()
def hold(
    notice: NoticeArgument,
    unit: UnitArgument,
    deliverable: Annotated[str, typer.Argument(help="材料编号")],
    reason: Annotated[str, typer.Option("--reason", help="原因")] = "已收到",
    lift: Annotated[bool, typer.Option("--lift", help="恢复提醒")] = False,
    at: AtOption = None,
    json: JsonOption = False,
) -> None:
    """已收到，勿催：本期限、本轮次内不再提醒；--lift 恢复。"""
    duban = installation()
    wanted, now = [(unit, deliverable)], now_of(duban, at)
    with writing(duban.engine) as session:
        if lift:
            count = holding.lift(session, notice, wanted, by=OPERATOR, now=now)
        else:
            count = holding.hold(session, notice, wanted, reason=reason, by=OPERATOR, now=now)
    done = word("已恢复提醒", "lifted") if lift else word("已标记勿催", "held")
    before = word("原已如此，没有改动", "was so before")
    if json:
        print_json({"unit": unit, "deliverable": deliverable, "held": not lift, "changed": bool(count)})
    else:
        typer.echo(done if count else before)


@app.command()
def note(
    notice: NoticeArgument,
    unit: UnitArgument,
    person: Annotated[str, typer.Option("--with", help="与谁通话")],
    said: Annotated[str, typer.Option("--said", help="通话内容")],
    settle: Annotated[bool, typer.Option("--settle", help="电话联系的待办一并办结")] = False,
    at: AtOption = None,
    json: JsonOption = False,
) -> None:
    """登记一次通话，记入单位的经过。"""
    duban = installation()
    called = now_of(duban, at).astimezone(ZONE)
    call = Call(notice=notice, unit=unit, person=person.strip(), called_at=called, said=said.strip(), settles=settle)
    now = max(called, duban.clock.now())
    with writing(duban.engine) as session:
        write_down(session, call, key=secrets.token_hex(8), by=OPERATOR, now=now)
    if json:
        print_json({"unit": unit, "called_at": iso(called)})
    else:
        say("通话已登记", "the call is written down")
