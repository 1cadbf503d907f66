"""Commands for accounts: person add, list, grant, revoke, disable, password."""

from pathlib import Path
from typing import Annotated, Any

import typer

from duban.bootstrap import Duban
from duban.cli.app import JsonOption, app, installation, print_json, print_table, say, word
from duban.cli.mail import OPERATOR
from duban.clock import real_now
from duban.domain.errors import InputRefused, UsageError
from duban.domain.terms import Hat
from duban.services import people
from duban.services.people import Account
from models.session import reading, writing

person = typer.Typer(help="账号：新增、权限、停用、密码", no_args_is_help=True)
app.add_typer(person, name="person")

Address = Annotated[str, typer.Argument(help="邮箱地址，即账号")]
HatArgument = Annotated[Hat, typer.Argument(help="coordinator 经办、reviewer 审核、supervisor 督办、clerk 填报人")]
UnitArgument = Annotated[str, typer.Argument(help="单位编号")]
SecretFile = Annotated[Path | None, typer.Option("--password-file", help="存放初始密码的文件（第一行）")]


@person.command("add")
def add(
    address: Address,
    name: Annotated[str, typer.Option("--name", help="姓名")] = "",
    administrator: Annotated[bool, typer.Option("--administrator", help="系统管理员")] = False,
    password: Annotated[bool, typer.Option("--password", help="当场输入初始密码")] = False,
    password_file: SecretFile = None,
) -> None:
    """新增账号；首位系统管理员也这样建立。没有密码的账号用 duban link 登录。"""
    secret = _secret(password_file) if password or password_file else None
    duban, now = installation(), real_now()
    with writing(duban.engine) as session:
        made = people.add_person(
            session, address=address, name=name, is_administrator=administrator, by=OPERATOR, now=now
        )
        if secret is not None:
            people.set_password(session, made.address, secret, must_change=True, by=OPERATOR, now=now)
    say(f"已新增账号 {made.address}", f"account {made.address} added")
    if secret is None:
        say(
            f"没有密码：duban link login {made.address} 给出一次性登录链接",
            f"it has no password: duban link login {made.address}",
        )


def _secret(file: Path | None) -> str:
    """From a file, or typed twice and never shown; never from the command line."""
    if file is not None:
        if not file.is_file():
            raise UsageError(f"没有密码文件 {file}", f"no password file {file}")
        return (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    typed: str = typer.prompt(
        word("密码（至少10个字符）", "password"), hide_input=True, confirmation_prompt=word("再输一次", "again")
    )
    return typed


@person.command("password")
def password(address: Address, password_file: SecretFile = None) -> None:
    """设置初始密码：当场输入或取自文件；本人首次登录时须更换，已登录的全部退出。"""
    duban, secret = installation(), _secret(password_file)
    with writing(duban.engine) as session:
        people.set_password(session, address, secret, must_change=True, by=OPERATOR, now=real_now())
    say(f"已设置 {address} 的初始密码", f"the first password of {address} is set")


@person.command("list")
def show(json: JsonOption = False) -> None:
    """全部账号及其权限。"""
    with reading(installation().engine) as session:
        found = people.accounts(session)
    if json:
        print_json([_json(account) for account in found])
        return
    columns = [word(zh, en) for zh, en in (("账号", "account"), ("姓名", "name"), ("权限", "hats"), ("状态", "state"))]
    print_table("", columns, [_cells(account) for account in found])


def _json(account: Account) -> dict[str, Any]:
    row = account.person
    return {
        "address": row.address,
        "name": row.name,
        "administrator": row.is_administrator,
        "grants": [{"hat": str(hat), "unit": unit} for hat, unit in account.grants],
        "has_password": bool(row.password),
        "disabled": row.disabled_at is not None,
    }


def _cells(account: Account) -> list[str]:
    row = account.person
    hats = [f"{hat.zh} {unit}" for hat, unit in account.grants]
    state = word("停用", "disabled") if row.disabled_at else word("可用", "in use")
    return [row.address, row.name, "、".join([Hat.ADMINISTRATOR.zh] * row.is_administrator + hats), state]


@person.command("grant")
def grant(address: Address, hat: HatArgument, unit: UnitArgument) -> None:
    """给予一项权限；一人可以服务多个单位。"""
    duban = installation()
    with writing(duban.engine) as session:
        given = people.give(session, address, hat, unit, by=OPERATOR, now=real_now())
    if not given:
        raise InputRefused(f"{address} 已有这项权限", f"{address} has it already")
    say(f"已给予 {address}：{hat.zh} {unit}", f"{address} is {hat} of {unit}")


@person.command("revoke")
def revoke(address: Address, hat: HatArgument, unit: UnitArgument) -> None:
    """收回一项权限，立即生效。"""
    duban = installation()
    with writing(duban.engine) as session:
        people.take(session, address, hat, unit, by=OPERATOR, now=real_now())
    say(f"已收回 {address}：{hat.zh} {unit}", f"{address} is no longer {hat} of {unit}")


@person.command("disable")
def disable(address: Address) -> None:
    """停用账号：不能再登录，已登录的全部退出；记录保留。"""
    duban = installation()
    with writing(duban.engine) as session:
        people.disable(session, address, by=OPERATOR, now=real_now())
    say(f"已停用账号 {address}", f"account {address} is disabled")


@person.command("logout")
def log_out(address: Address) -> None:
    """让账号在各处的登录全部退出；未用的登录链接一并作废。"""
    duban = installation()
    with writing(duban.engine) as session:
        people.send_out(session, address, by=OPERATOR, now=real_now())
    say(f"{address} 已登录的全部退出", f"every session of {address} has ended")


def is_without_administrator(duban: Duban) -> bool:
    """Nobody keeps the installation yet."""
    with reading(duban.engine) as session:
        return not any(account.person.is_administrator for account in people.accounts(session))
