"""Commands that begin and examine an installation: init, doctor, rebuild."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from duban.bootstrap import Duban, mark_production
from duban.cli.app import ZONE, JsonOption, app, context, installation, print_json, say
from duban.domain.errors import Temporary, UsageError
from duban.domain.roster import Roster, recipients
from duban.domain.terms import Role
from duban.reading.units import read_units
from duban.services.examining import Examined, examine
from duban.services.installing import import_units
from duban.services.pooling import Outlet
from duban.services.tallying import recount
from duban.services.waking import rebuild as rebuild_wakes
from duban.settings import Settings
from models.notice import notices
from models.session import reading, writing
from notifications.post import AccountRefused

#: Settings that ``init`` writes; read by every later call from the same folder.
ENV_FILE = Path("duban.env")
#: What ``init`` writes there; other lines stay.
OURS = ("DUBAN_SMTP_HOST=", "DUBAN_SMTP_PORT=", "DUBAN_SMTP_USER=", "DUBAN_SMTP_SECRET_FILE=")


@app.command()
def init(
    units: Annotated[Path | None, typer.Option("--units", help="第一份单位名册（CSV 或 XLSX）")] = None,
    smtp_host: Annotated[str, typer.Option("--smtp-host", help="发信服务器，如 smtp.126.com")] = "",
    smtp_port: Annotated[int, typer.Option("--smtp-port")] = 465,
    smtp_user: Annotated[str, typer.Option("--smtp-user", help="发信账号")] = "",
    smtp_secret_file: Annotated[Path | None, typer.Option("--smtp-secret-file", help="存放授权码的文件")] = None,
) -> None:
    """建立一个空的正式环境：数据库、单位名册、发信账号；不装示例数据。"""
    roster = read_units(units) if units else None
    if smtp_host and not (smtp_user and smtp_secret_file):
        raise UsageError(
            "发信账号需要同时给出 --smtp-host、--smtp-user 和 --smtp-secret-file（授权码存于文件，不写在命令里）",
            "an account needs --smtp-host, --smtp-user and --smtp-secret-file",
        )
    if smtp_secret_file and not smtp_secret_file.is_file():
        raise UsageError(f"没有授权码文件 {smtp_secret_file}", f"no secret file {smtp_secret_file}")
    if any(not text.isprintable() or " " in text for text in (smtp_host, smtp_user)):
        raise UsageError("发信服务器和账号中不能有空格或换行", "the host and the account hold no spaces or line breaks")
    duban = installation(Settings(smtp_host="")) if not smtp_host else installation(Settings(smtp_host=smtp_host))
    _check_untouched(duban)
    mark_production(duban)
    if roster:
        with writing(duban.engine) as session:
            import_units(session, roster)
        say(f"已导入 {len(roster)} 个单位", f"{len(roster)} units imported")
        _name_coordinators(roster)
    if smtp_host:
        _write_settings(smtp_host, smtp_port, smtp_user, smtp_secret_file)
        say(f"发信设置已写入 {ENV_FILE}", f"mail settings are in {ENV_FILE}")
    say(f"正式环境已建立：{duban.settings.data_dir}", f"production installation in {duban.settings.data_dir}")
    say(
        "下一步：duban doctor 检查，duban publish 发布通知，make run 启动",
        "next: duban doctor, duban publish, make run",
    )


def _check_untouched(duban: Duban) -> None:
    with reading(duban.engine) as session:
        if duban.is_demo or notices(session):
            raise UsageError(
                f"{duban.settings.data_dir} 中已有数据，请另设 DUBAN_DATA_DIR",
                f"{duban.settings.data_dir} holds data already: set another DUBAN_DATA_DIR",
            )


def _name_coordinators(roster: Roster) -> None:
    """The clerk of an office at the top of the tree answers to the units: its coordinator."""
    for unit in roster.units:
        if unit.parent is None and roster.children(unit.id):
            clerks = recipients(roster, unit.id, Role.CLERK, unit.id)
            who = "、".join(f"{clerk.person} <{clerk.email}>" for clerk in clerks)
            say(
                f"{unit.name} 的经办：{who or '尚未登记，请在名册中补一行 clerk'}",
                f"coordinator of {unit.id}: {who or 'none yet: add a clerk row to the unit file'}",
            )


def _write_settings(host: str, port: int, user: str, secret_file: Path | None) -> None:
    """The account, without its secret; readable by the owner alone."""
    kept = ENV_FILE.read_text(encoding="utf-8").splitlines() if ENV_FILE.exists() else []
    lines = [
        *(line for line in kept if not line.startswith(OURS)),
        f"DUBAN_SMTP_HOST={host}",
        f"DUBAN_SMTP_PORT={port}",
        f"DUBAN_SMTP_USER={user}",
        f"DUBAN_SMTP_SECRET_FILE={secret_file.absolute() if secret_file else ''}",
    ]
    ENV_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ENV_FILE.chmod(0o600)


@app.command()
def doctor(json: JsonOption = False) -> None:
    """检查缺什么：数据目录、发信账号、工作日历、名册、经办人、未送达邮件、事件记录。"""
    duban = installation()
    with reading(duban.engine) as session:
        found = examine(session, today=duban.clock.now().astimezone(ZONE).date())
    found = [_folder(duban), *_mails(duban), *found]
    if json:
        print_json([{"name": e.name, "ok": e.ok, "text": e.zh} for e in found])
    else:
        for answer in found:
            mark = "✓" if answer.ok else "✗"
            say(f"{mark} {answer.zh}", f"{mark} {answer.en}")
    if not all(answer.ok for answer in found):
        raise typer.Exit(1)


def _folder(duban: Duban) -> Examined:
    folder = duban.settings.data_dir.absolute()
    ok = os.access(folder, os.W_OK)
    return Examined(name="data", ok=ok, zh=f"数据目录 {folder}" + ("" if ok else " 不可写"), en=f"data folder {folder}")


def _mails(duban: Duban) -> Iterator[Examined]:
    """Can each account connect and log in? Nothing is sent."""
    for outlet in duban.sender().outlets:
        where = outlet.address if duban.settings.sends_out else f"本机 127.0.0.1:{duban.settings.mail_port}"
        yield _mail(outlet, where, hint="" if duban.settings.sends_out else "；本机邮件服务随 make run 启动")


def _mail(outlet: Outlet, where: str, *, hint: str) -> Examined:
    try:
        with outlet.carrier as carrier:
            carrier.probe()
    except (AccountRefused, Temporary, OSError) as error:
        reason = error.said_in(context.lang) if isinstance(error, (AccountRefused, Temporary)) else "连接不上"
        return Examined(name="mail", ok=False, zh=f"发信 {where}：{reason}{hint}", en=f"mail {where}: {reason}")
    return Examined(name="mail", ok=True, zh=f"发信 {where} 可用", en=f"mail {where} ok")


@app.command()
def rebuild(json: JsonOption = False) -> None:
    """按记录重新计算每项何时再看、各项有多少（更正工作日历后自动进行，平时不必）。"""
    engine = installation().engine
    changed, counts = rebuild_wakes(engine), recount(engine)
    if json:
        print_json({"changed": changed, "counts": counts})
    else:
        zh = f"已核对，更正 {changed} 项" + (f"，更正计数 {counts} 处" if counts else "")
        say(zh, f"checked; {changed} corrected, {counts} counts corrected")
