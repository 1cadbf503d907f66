"""Commands for a notice that changes in mid-season: supplement, close, cancel, reopen, units add and merge."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from duban.cli.app import JsonOption, app, installation, print_json, say, word
from duban.cli.operating import AtOption, deliver_now, now_of
from duban.cli.writing import units
from duban.domain.errors import UsageError
from duban.reading.definitions import read_definition
from duban.services import closing, merging, supplementing
from duban.services.closing import Ended
from duban.services.supplementing import Foreseen
from models.session import reading, writing

NoticeArgument = Annotated[str, typer.Argument(help="通知编号")]
ReasonOption = Annotated[str, typer.Option("--reason", help="理由；补充通知写明文号")]


@app.command()
def supplement(
    file: Annotated[Path, typer.Argument(help="改动后的通知定义（YAML）")],
    reason: ReasonOption = "",
    plan: Annotated[bool, typer.Option("--plan", help="只看改动和影响，不写入、不发送")] = False,
    at: AtOption = None,
    json: JsonOption = False,
) -> None:
    """补充通知：让已发布通知的改动生效，调整期限和事项，告知有关单位。"""
    notice = read_definition(file)
    duban = installation()
    now = now_of(duban, at)
    if plan:
        with reading(duban.engine) as session:
            _tell(supplementing.foresee(session, notice, now=now), json=json)
        return
    if not reason.strip():
        raise UsageError("请用 --reason 写明更改的缘由，如补充通知的文号", "say why with --reason")
    with writing(duban.engine) as session:
        made = supplementing.supplement(session, notice, now=now, reason=reason)
    sent = deliver_now(duban, now)
    if json:
        print_json({**vars(made), "changes": [change.text for change in made.changes], "sent": sent})
        return
    for change in made.changes:
        say(f"  {change.text}", f"  {change.kind}: {change.text}")
    say(
        f"第 {made.revision} 版已生效：改期 {made.moved} 项，新增 {made.added + made.restored} 项，"
        f"取消 {made.dropped} 项，已发出 {sent} 封邮件",
        f"revision {made.revision}: {made.moved} moved, {made.added} added, {made.restored} restored, "
        f"{made.dropped} dropped, {sent} mails sent",
    )


def _tell(found: Foreseen, *, json: bool) -> None:
    if json:
        print_json(found.as_json())
        return
    for change in found.changes:
        say(f"  {change.text}", f"  {change.kind}: {change.text}")
    say(
        f"将影响 {found.units} 个单位：改期 {found.moved} 项，新增 {found.added + found.restored} 项，"
        f"取消 {found.dropped} 项，不变 {found.unchanged} 项",
        f"{found.units} units: {found.moved} moved, {found.added} added, {found.restored} restored, "
        f"{found.dropped} dropped, {found.unchanged} unchanged",
    )
    say(
        f"将发更改邮件 {found.mails} 封、通知邮件 {found.notices} 封，"
        f"待发提醒作废 {found.reminders} 条（未写入、未发送）",
        f"{found.mails} mails of changes, {found.notices} notices, {found.reminders} reminders void (nothing written)",
    )


@app.command()
def close(notice: NoticeArgument, reason: ReasonOption = "", at: AtOption = None, json: JsonOption = False) -> None:
    """结束一份通知：不再催办，未报的照实留存，经办拟写汇总。"""
    _end(closing.close, notice, ("已结束", "closed"), reason=reason, at=at, json=json)


@app.command()
def cancel(notice: NoticeArgument, reason: ReasonOption, at: AtOption = None, json: JsonOption = False) -> None:
    """撤销一份通知：未办结的事项一律免报，告知已收到通知的人。"""
    _end(closing.cancel, notice, ("已撤销", "cancelled"), reason=reason, at=at, json=json)


@app.command()
def reopen(notice: NoticeArgument, reason: ReasonOption, at: AtOption = None, json: JsonOption = False) -> None:
    """重新打开已结束或撤销的通知。"""
    _end(closing.reopen_notice, notice, ("已重新打开", "open again"), reason=reason, at=at, json=json)


def _end(
    do: Callable[..., Ended], notice: str, done: tuple[str, str], *, reason: str, at: str | None, json: bool
) -> None:
    duban = installation()
    now = now_of(duban, at)
    with writing(duban.engine) as session:
        found = do(session, notice, now=now, reason=reason)
    sent = deliver_now(duban, now)
    if json:
        print_json({"notice": notice, **vars(found), "sent": sent})
        return
    say(
        f"{notice} {done[0]}：{found.units} 个单位的 {found.unfinished} 项未报，待审 {found.in_review} 项，"
        f"已发出 {sent} 封邮件",
        f"{notice} {done[1]}: {found.unfinished} unfinished of {found.units} units, {found.in_review} in review, "
        f"{sent} mails sent",
    )


@units.command("add")
def add_unit(
    notice: NoticeArgument,
    unit: Annotated[str, typer.Argument(help="单位编号，已在名册中")],
    at: AtOption = None,
    json: JsonOption = False,
) -> None:
    """让名册中新增的单位按已发布的通知报送，并发给它通知邮件。"""
    duban = installation()
    now = now_of(duban, at)
    with writing(duban.engine) as session:
        found = merging.add_unit(session, notice, unit, now=now)
    sent = deliver_now(duban, now)
    if json:
        print_json({"notice": notice, "unit": unit, **vars(found), "sent": sent})
        return
    passed = word(f"；期限已过、未列入：{'、'.join(found.passed)}", f"; past and left out: {', '.join(found.passed)}")
    say(
        f"{unit} 应报 {'、'.join(found.owed)}{passed if found.passed else ''}",
        f"{unit} owes {', '.join(found.owed)}{passed if found.passed else ''}",
    )


@units.command("merge")
def merge_units(
    former: Annotated[str, typer.Argument(help="并入其他单位的单位编号")],
    into: Annotated[str, typer.Argument(help="并入的单位编号")],
    at: AtOption = None,
    json: JsonOption = False,
) -> None:
    """一个单位并入另一个：原单位未办结的事项免报，联系人和下级单位转过去，记录保留。"""
    duban = installation()
    now: Any = now_of(duban, at)
    with writing(duban.engine) as session:
        found = merging.merge_units(session, former, into, now=now)
    if json:
        print_json({"former": former, "into": into, "waived": dict(found.waived), "contacts": found.contacts})
        return
    waived = sum(count for _, count in found.waived)
    say(
        f"{former} 已并入 {into}：免报 {waived} 项，转入联系人 {found.contacts} 人",
        f"{former} has gone into {into}: {waived} waived, {found.contacts} contacts moved",
    )
