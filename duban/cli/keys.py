"""Commands for what lets people and programs in: link login, send, revoke; token new, list, revoke; units word."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from duban.bootstrap import Duban
from duban.cli.app import ZONE, JsonOption, app, installation, print_json, print_table, say, word
from duban.cli.mail import OPERATOR
from duban.cli.people import Address
from duban.cli.writing import units
from duban.clock import real_now
from duban.domain.errors import InputRefused, NotFound, UsageError
from duban.domain.links import Mint, Purpose
from duban.services import entering, inviting, people, tokens
from duban.services.entering import Moment
from duban.services.records import Records
from duban.services.tokens import LONGEST_DAYS
from models.api_token import api_tokens
from models.entry_link import revoke_links
from models.event import record
from models.session import reading, writing

link = typer.Typer(help="链接：登录、重新发送、收回", no_args_is_help=True)
token = typer.Typer(help="程序接口的令牌", no_args_is_help=True)
app.add_typer(link, name="link")
app.add_typer(token, name="token")

UnitOption = Annotated[str, typer.Option("--unit", help="单位编号")]
NoticeOption = Annotated[str, typer.Option("--notice", help="通知编号")]


def _moment(duban: Duban) -> Moment:
    return Moment(now=duban.clock.now(), real=real_now())


def _mint(duban: Duban) -> Mint:
    if duban.mint is None:
        raise UsageError(
            "还不知道页面的网址：请设置 DUBAN_BASE_URL，如 https://duban.example.cn",
            "set DUBAN_BASE_URL to the address of the pages",
        )
    return duban.mint


@link.command("login")
def login(address: Address) -> None:
    """在终端给出一次性登录链接，30分钟内有效；不经邮件。"""
    duban = installation()
    mint = _mint(duban)
    with writing(duban.engine) as session:
        person = people.find(session, address)
        nonce = entering.login_link(session, mint, person, real_now=real_now())
    typer.echo(mint.url(Purpose.LOGIN, mint.login_token(person.id or 0, nonce)))


@link.command("send")
def send(
    address: Annotated[str, typer.Argument(help="账号：发给一次性登录链接")] = "",
    unit: UnitOption = "",
    notice: NoticeOption = "",
) -> None:
    """把链接放入发信队列：给账号发登录链接，或给单位的填报人重发通知的链接。"""
    duban = installation()
    mint, moment = _mint(duban), _moment(duban)
    if bool(address) == bool(unit and notice):
        raise UsageError("请写账号，或者同时写 --unit 和 --notice", "give an account, or --unit and --notice")
    with writing(duban.engine) as session:
        if address:
            count = int(inviting.send_login(session, mint, people.find(session, address), moment=moment))
        else:
            Records(session).unit(unit)
            count = inviting.send_again(session, Purpose.UNIT, unit, notice, moment=moment)
    if not count:
        raise InputRefused("没有可用的邮箱，没有发送", "there is no mailbox to send it to")
    say(f"{count} 封邮件已进入发信队列，下次发信时发出", f"{count} mails wait in the outbox")


@link.command("revoke")
def revoke(
    address: Annotated[str, typer.Option("--address", help="持有人的邮箱")] = "",
    unit: UnitOption = "",
    notice: NoticeOption = "",
) -> None:
    """收回已发出的链接，立即生效；以后的邮件中是新的链接。"""
    if not (address or unit or notice):
        raise UsageError("请用 --address、--unit 或 --notice 写明收回哪些", "say which: --address, --unit or --notice")
    duban = installation()
    with writing(duban.engine) as session:
        count = revoke_links(session, address=address, unit=unit, notice=notice, at=real_now())
        data = {"address": address.lower(), "unit": unit, "notice": notice, "count": count}
        if count:
            record(session, at=duban.clock.now(), name="links_revoked", by=OPERATOR, data=data)
    if not count:
        raise NotFound("没有这样的链接", "there is no such link")
    say(f"已收回 {count} 个链接", f"{count} links revoked")


@token.command("new")
def new(
    address: Address,
    name: Annotated[str, typer.Option("--name", help="用途")],
    days: Annotated[int, typer.Option("--days", help="有效天数", min=1, max=LONGEST_DAYS)] = 90,
) -> None:
    """新建令牌，以该账号的权限访问；只显示这一次。"""
    duban = installation()
    with writing(duban.engine) as session:
        made = tokens.new_token(session, address, name=name, days=days, by=OPERATOR, now=real_now())
    typer.echo(made)


@token.command("list")
def show(json: JsonOption = False) -> None:
    """全部令牌（不显示令牌本身）。"""
    with reading(installation().engine) as session:
        owners = {account.person.id: account.person.address for account in people.accounts(session)}
        found = api_tokens(session)
    rows = [
        {
            "id": row.id,
            "person": owners[row.person_id],
            "name": row.name,
            "until": _day(row.expires_at),
            "revoked": row.revoked_at is not None,
        }
        for row in found
    ]
    if json:
        print_json(rows)
        return
    names = (("编号", "id"), ("账号", "account"), ("用途", "for"), ("有效至", "until"), ("已收回", "revoked"))
    columns = [word(zh, en) for zh, en in names]
    print_table("", columns, [[str(value) for value in row.values()] for row in rows])


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d}"


@token.command("revoke")
def take(number: Annotated[int, typer.Argument(help="令牌编号", min=1, max=2**31 - 1)]) -> None:
    """收回令牌，立即生效。"""
    duban = installation()
    with writing(duban.engine) as session:
        tokens.revoke_token(session, number, by=OPERATOR, now=real_now())
    say(f"已收回第 {number} 号令牌", f"token {number} revoked")


@units.command("word")
def set_word(
    unit: Annotated[str, typer.Argument(help="单位编号")],
    file: Annotated[Path | None, typer.Option("--file", help="存放口令的文件（第一行）")] = None,
) -> None:
    """设置单位口令：含个人信息的材料，只凭链接时须另输口令。当场输入或取自文件。"""
    duban = installation()
    said = (
        (file.read_text(encoding="utf-8").splitlines() or [""])[0]
        if file
        else typer.prompt(word("口令（至少6个字符）", "word"), hide_input=True, confirmation_prompt=True)
    )
    with writing(duban.engine) as session:
        Records(session).unit(unit)
        entering.set_word(session, unit, said, by=OPERATOR, moment=_moment(duban))
    say(f"已设置 {unit} 的口令", f"the word of {unit} is set")
