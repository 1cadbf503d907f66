"""Commands for the people of units in mid-season: units people, contact, contact-remove."""

from typing import Annotated

import typer

from duban.cli.app import JsonOption, installation, print_json, print_table, say, word
from duban.cli.mail import OPERATOR
from duban.cli.operating import AtOption, now_of
from duban.cli.writing import units
from duban.clock import real_now
from duban.domain.errors import UsageError
from duban.domain.roster import UPWARD
from duban.domain.terms import Role
from duban.services.contacts import Changed, Desk, Wish, put_contact, remove_contact
from duban.services.entering import Moment
from duban.services.records import Records
from models import ContactRow
from models.contact import contacts_at
from models.session import reading, writing

UnitArgument = Annotated[str, typer.Argument(help="单位编号")]
NumberOption = Annotated[int | None, typer.Option("--number", help="联系人的编号，见 duban units people", min=1)]
_DESK = Desk(by=OPERATOR)


@units.command("people")
def show(unit: UnitArgument, json: JsonOption = False) -> None:
    """一个单位的联系人及其编号。"""
    with reading(installation().engine) as session:
        name, found = Records(session).unit(unit).name, contacts_at(session, unit)
    if json:
        print_json([_json(row) for row in found])
        return
    titles = (("编号", "number"), ("角色", "role"), ("姓名", "name"), ("邮箱", "address"), ("电话", "telephone"))
    print_table(name, [word(*title) for title in titles], [_cells(row) for row in found])


def _json(row: ContactRow) -> dict[str, object]:
    about = {"role": row.role, "person": row.person, "email": row.email, "phone": row.phone}
    return {"number": row.id, **about, "refused": row.refused_at is not None}


def _cells(row: ContactRow) -> list[str]:
    address = row.email + (word("（退信）", " (refused)") if row.refused_at else "")
    return [str(row.id), word(Role(row.role).zh, row.role), row.person, address, row.phone]


@units.command("contact")
def put(
    unit: UnitArgument,
    role: Annotated[Role, typer.Option("--role", help="clerk 填报人、chief 科（处）负责人、leader 分管领导")],
    person: Annotated[str, typer.Option("--person", help="姓名")],
    email: Annotated[str, typer.Option("--email", help="邮箱")] = "",
    phone: Annotated[str, typer.Option("--phone", help="电话")] = "",
    number: NumberOption = None,
    at: AtOption = None,
    json: JsonOption = False,
) -> None:
    """新增联系人；写明 --number 的，更改那一位。待发的邮件改发给现在的联系人。"""
    if role not in UPWARD:
        raise UsageError("--role 写 clerk、chief 或 leader", "--role is clerk, chief or leader")
    wish = Wish(role=role, person=person, email=email, phone=phone)
    duban = installation()
    moment = Moment(now=now_of(duban, at), real=real_now())
    with writing(duban.engine) as session:
        found = put_contact(session, unit, wish, number=number, desk=_DESK, moment=moment)
    _tell(unit, found, json=json)


@units.command("contact-remove")
def remove(unit: UnitArgument, number: NumberOption = None, at: AtOption = None, json: JsonOption = False) -> None:
    """移除联系人：其链接即时失效，记录保留。"""
    if number is None:
        raise UsageError("请用 --number 写明哪一位，见 duban units people", "say which one with --number")
    duban = installation()
    moment = Moment(now=now_of(duban, at), real=real_now())
    with writing(duban.engine) as session:
        found = remove_contact(session, unit, number, desk=_DESK, moment=moment)
    _tell(unit, found, json=json)


def _tell(unit: str, found: Changed, *, json: bool) -> None:
    if json:
        print_json({"unit": unit, **vars(found)})
        return
    say(
        f"{unit} 的联系人已更改：收回链接 {found.links} 个，办结补登事项 {found.tasks} 项",
        f"the contacts of {unit} are changed: {found.links} links revoked, {found.tasks} tasks done",
    )
