"""Commands that run the office: publish, act, sweep, status, init, doctor, run."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from duban.bootstrap import Duban, throw_away
from duban.cli.app import (
    ZONE,
    JsonOption,
    app,
    context,
    day,
    installation,
    moment,
    print_json,
    print_table,
    say,
    warn,
    word,
)
from duban.clock import real_now, real_reading
from duban.domain.notice import Notice
from duban.domain.terms import Act
from duban.reading.definitions import read_definition
from duban.services.acting import Request
from duban.services.acting import act as do
from duban.services.delivering import deliver
from duban.services.foreseeing import is_limited, mails_ahead, shortfall
from duban.services.foreseeing import told as told_shortfall
from duban.services.ledger import Entry, ledger
from duban.services.publishing import publish as put_in_force
from duban.services.pulse import Work, at_work
from duban.services.records import Records
from duban.services.rehearsing import copy
from duban.services.reporting import told
from duban.services.submitting import check_explained
from duban.services.sweeping import sweep as tick
from duban.settings import Settings
from models.notice import notices
from models.session import reading, writing
from models.told import what_waits
from notifications.post import AccountRefused

AtOption = Annotated[str | None, typer.Option("--at", help="按此时刻办理，如 2021-10-20T09:30；不写则为现在")]

#: So long a person waits for mails to leave; the rest leaves by the next run.
PATIENCE = timedelta(seconds=60)
#: A day given alone for ``--at``.
MORNING = time(9, 0)


def now_of(duban: Duban, at: str | None) -> Any:
    """The moment of a command: as typed, or the domain's present."""
    return moment(at, at=MORNING, option="--at") if at else duban.clock.now().astimezone(ZONE)


@app.command()
def publish(
    file: Annotated[Path, typer.Argument(help="通知定义（YAML）")], at: AtOption = None, json: JsonOption = False
) -> None:
    """发布通知：生成各单位的报送事项，并发出通知邮件。"""
    notice = read_definition(file)
    duban = installation()
    now = now_of(duban, at)
    _warn_of_quotas(duban, notice, now)
    with writing(duban.engine) as session:
        count = put_in_force(session, notice, now=now)
    sent = deliver_now(duban, now)
    if json:
        print_json({"notice": notice.id, "obligations": count, "sent": sent})
    else:
        say(
            f"已发布 {notice.document_number}：{count} 项报送事项，已发出 {sent} 封邮件",
            f"published {notice.id}: {count} obligations, {sent} mails sent",
        )


def _warn_of_quotas(duban: Duban, notice: Notice, now: Any) -> None:
    """Before anything is sent: do the days to come fit what the accounts may send? Publishing goes on."""
    outlets = duban.sender().outlets
    if not is_limited(outlets):
        return
    with throw_away() as (engine, _):
        copy(duban.engine, engine)
        wanted = mails_ahead(engine, notice, now=now)
    if found := shortfall(duban.engine, outlets, wanted, now=now):
        warn(word(*told_shortfall(found)))


def deliver_now(duban: Duban, now: Any) -> int:
    """Immediate mails leave at the moment of their act; what cannot leave now waits in the outbox."""
    sent = 0
    try:
        sent = deliver(duban.engine, replace(duban.sender(), budget=PATIENCE), now=now, real_now=real_now())
    except AccountRefused as refusal:
        warn(refusal.said_in(context.lang))
    _say_what_waits(duban)
    return sent


def _say_what_waits(duban: Duban) -> None:
    """Mail that could not leave is never lost, and never silent."""
    with reading(duban.engine) as session:
        count, why = what_waits(session)
    if count:
        warn(word(f"有 {count} 封邮件尚未发出，稍后再试：{why}", f"{count} mails wait: {why}"))


@app.command()
def act(
    act: Annotated[Act, typer.Argument(help="动作")],
    notice: Annotated[str, typer.Argument(help="通知编号")],
    unit: Annotated[str, typer.Argument(help="单位编号")],
    deliverable: Annotated[str, typer.Argument(help="材料编号；周期性材料写 编号@日期")],
    by: Annotated[str, typer.Option("--by", help="unit、issuer 或 review:环节")] = "",
    note: Annotated[str, typer.Option("--note", help="理由或说明")] = "",
    due: Annotated[str | None, typer.Option("--due", help="新的截止日，或申请延至的日期（含当日）")] = None,
    track: Annotated[list[int] | None, typer.Option("--track", help="第几种报送方式，从1起；可写多次")] = None,
    courier: Annotated[str, typer.Option("--courier", help="寄送单位，如 顺丰")] = "",
    number: Annotated[str, typer.Option("--number", help="寄件单号")] = "",
    copies: Annotated[int | None, typer.Option("--copies", help="份数")] = None,
    on: Annotated[str | None, typer.Option("--day", help="寄出或收到的日期；不写则为今天")] = None,
    seal: Annotated[bool | None, typer.Option("--seal/--no-seal", help="是否盖章")] = None,
    to_name: Annotated[str, typer.Option("--to-name", help="征求谁的意见")] = "",
    to_email: Annotated[str, typer.Option("--to-email", help="其邮箱")] = "",
    at: AtOption = None,
    json: JsonOption = False,
) -> None:
    """登记一个动作：报送、寄出、收到、审核、退回、延期、免报等。"""
    duban = installation()
    now = now_of(duban, at)
    request = Request(
        notice=notice,
        unit=unit,
        deliverable=deliverable,
        act=act,
        by=by,
        note=note,
        due=day(due, option="--due") if due else None,
        tracks=tuple(n - 1 for n in track) if track else None,
        courier=courier,
        number=number,
        copies=copies,
        day=day(on, option="--day") if on else None,
        seal_seen=seal,
        to_name=to_name,
        to_email=to_email,
    )
    with writing(duban.engine) as session:
        check_explained(session, request)
        event = do(session, request, now=now)
    sent = deliver_now(duban, now)
    if json:
        print_json({"event": event, "sent": sent})
    else:
        say(f"已登记：{unit} {deliverable} {act.zh}（第 {event} 号事件）", f"done: {unit} {deliverable} {act.en}")


@app.command()
def sweep(
    at: AtOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会发什么，不写入、不发送")] = False,
    json: JsonOption = False,
) -> None:
    """走一遍：该说而未说的，记下、汇总、发出。重复运行无害。"""
    duban = installation()
    now = now_of(duban, at)
    if dry_run:
        _rehearse(duban, now, json=json)
        return
    with at_work(duban.engine, Work.SWEEP, real_reading):
        swept = tick(duban.engine, duban.sender(), now=now, real_now=real_now())
    _say_what_waits(duban)
    if json:
        print_json({"at": now.isoformat(), "said": swept.said, "digests": swept.digests, "sent": swept.sent})
    else:
        say(f"提醒 {swept.said} 项，汇总 {swept.digests} 封，发出 {swept.sent} 封", f"{swept}")


def _rehearse(duban: Duban, now: Any, *, json: bool) -> None:
    with throw_away() as (engine, sender):
        copy(duban.engine, engine)
        swept = tick(engine, sender, now=now, real_now=real_now())
        with reading(engine) as session:
            ahead = [mail for row in notices(session) for mail in told(session, row.id, start=now, until=now)]
    if json:
        print_json({"at": now.isoformat(), "dry_run": True, "said": swept.said, "mails": ahead})
        return
    for mail in ahead:
        say(f"{mail['to'][0]}  {mail['kind']}  {len(mail['items'])} 项", f"{mail['to'][0]} {mail['kind']}")
    say(f"将发出 {len(ahead)} 封（未写入、未发送）", f"{len(ahead)} mails would leave (nothing written or sent)")


@app.command()
def status(
    notice: Annotated[str | None, typer.Argument(help="通知编号；不写则列出各通知")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="只看一个单位")] = None,
    json: JsonOption = False,
) -> None:
    """台账：谁交了，谁没交，逾期几天。"""
    duban = installation()
    now = duban.clock.now().astimezone(ZONE)
    with reading(duban.engine) as session:
        if unit:
            Records(session).unit(unit)
        rows = [row for row in notices(session) if notice in (None, row.id)]
        books = (
            {row.id: ledger(session, row.id, now=now) for row in rows}
            if not notice
            else {notice: ledger(session, notice, now=now)}
        )
    kept = {name: [e for e in entries if unit in (None, e.unit)] for name, entries in books.items()}
    if notice or unit:
        _print_rows(kept, now, json=json)
    else:
        _print_figures(kept, now, json=json)


def _print_rows(books: dict[str, list[Entry]], now: Any, *, json: bool) -> None:
    if json:
        at = now.replace(microsecond=0).isoformat()
        print_json([{"notice": name, "at": at, "ledger": [e.as_json() for e in es]} for name, es in books.items()])
        return
    columns = [word("单位", "unit"), word("材料", "material"), word("截止", "due"), word("状态", "state")]
    for name, entries in books.items():
        rows = [[e.unit, e.deliverable, _day(e), _state(e)] for e in entries]
        print_table(name, columns, rows)


def _day(entry: Entry) -> str:
    return f"{entry.due_at:%Y-%m-%d %H:%M}" if entry.due_at else "—"


def _state(entry: Entry) -> str:
    late = word(f"（逾期{entry.late_by_days}天）", f" ({entry.late_by_days} days late)") if entry.overdue else ""
    return entry.status.said_in(context.lang) + late


def _print_figures(books: dict[str, list[Entry]], now: Any, *, json: bool) -> None:
    figures = [
        {
            "notice": name,
            "obligations": len(entries),
            **{str(s): sum(e.status == s for e in entries) for s in dict.fromkeys(e.status for e in entries)},
            "overdue": sum(e.overdue for e in entries),
        }
        for name, entries in books.items()
    ]
    if json:
        print_json({"at": now.replace(microsecond=0).isoformat(), "notices": figures})
        return
    for row in figures:
        say(
            f"{row['notice']}：{row['obligations']} 项，办结 {row.get('completed', 0)}，逾期 {row['overdue']}",
            f"{row['notice']}: {row['obligations']} obligations, {row['overdue']} overdue",
        )
    if not figures:
        say("还没有发布通知", "no notice has been published")


@app.command()
def run() -> None:
    """启动：页面、Prefect、邮件，全部在本机；Ctrl-C 一起停止。"""
    from duban.cli.running import run as start

    raise typer.Exit(start(Settings(), say=typer.echo))
