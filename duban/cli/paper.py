"""Commands around paper: receipt, forms, cover, paper."""

from pathlib import Path
from typing import Annotated, Any

import typer

from duban.cli.app import JsonOption, app, day, installation, print_json, print_table, say, word
from duban.cli.materials import DeliverableArgument, NoticeArgument, UnitArgument, notice_of
from duban.cli.operating import deliver_now
from duban.domain.caps import size_phrase
from duban.domain.errors import InputRefused, NotFound
from duban.domain.notice import Form
from duban.domain.phrases import submission_number
from duban.domain.short_code import grouped
from duban.domain.terms import ISSUER, Act
from duban.papers.cover import Styled, cover_sheet, slip
from duban.papers.forms import blank, file_name, offers
from duban.services.acting import Request, act
from duban.services.covering import cover_of
from duban.services.intake import Asked
from duban.services.ledger import iso
from duban.services.receipts import Receipt, receipt
from duban.services.tracking import by_code, code_for
from models.session import reading, writing


@app.command("receipt")
def confirm(number: Annotated[str, typer.Argument(help="回执编号，如 R000037")], json: JsonOption = False) -> None:
    """查看一份回执：谁、何时、报送了哪些文件及其校验值。"""
    submission = submission_number(number) or 0
    if not submission:
        raise NotFound(f"没有回执 {number}", f"no receipt {number}")
    with reading(installation().engine) as session:
        found = receipt(session, submission)
    if json:
        print_json(_json(found))
        return
    gone = word("，已撤回", ", withdrawn") if found.withdrawn_at else ""
    at = f"{found.at:%Y-%m-%d %H:%M}"
    say(
        f"{found.number}：{found.unit_name}“{found.deliverable_name}”，{at} 报送{gone}（{found.document_number}）",
        f"{found.number}: {found.unit_id} {found.deliverable}, {at}{gone}",
    )
    rows = [[one.name, size_phrase(one.size), one.sha256] for one in found.files]
    print_table("", [word("文件", "file"), word("大小", "size"), "SHA-256"], rows)


def _json(found: Receipt) -> dict[str, Any]:
    return {
        "receipt": found.number,
        "notice": found.notice_id,
        "unit": found.unit_id,
        "deliverable": found.deliverable,
        "round": found.round,
        "at": iso(found.at),
        "is_nil": found.is_nil,
        "note": found.note,
        "withdrawn_at": iso(found.withdrawn_at),
        "files": [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in found.files],
    }


@app.command("forms")
def forms(
    notice: Annotated[str, typer.Argument(help="通知编号，或通知定义（YAML）")],
    out: Annotated[Path, typer.Option("--out", help="存放的文件夹；不写则为当前文件夹")] = Path(),
    json: JsonOption = False,
) -> None:
    """生成通知所附的空白表（DOCX、XLSX），不覆盖已有的文件。"""
    asked = notice_of(notice)
    made = {file_name(form, kind): blank(form, asked, kind) for form in asked.forms.values() for kind in offers(form)}
    for name in made:
        _check_free(out / name)
    out.mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        (out / name).write_bytes(data)
    if json:
        print_json([str(out / name) for name in made])
        return
    for name in made:
        say(f"已生成 {out / name}", f"made {out / name}")
    for form in asked.forms.values():
        _say_unknown(form)


def _check_free(path: Path) -> None:
    if path.exists():
        raise InputRefused(f"已有 {path}，没有覆盖；请换一个文件夹", f"{path} is there: use another folder")


def _say_unknown(form: Form) -> None:
    if not offers(form):
        say(f"“{form.name}”只有名称，没有空白表", f"{form.name}: only its name is known")


@app.command("cover")
def cover(
    notice: NoticeArgument,
    unit: UnitArgument,
    deliverable: DeliverableArgument,
    out: Annotated[Path | None, typer.Option("--out", help="存放的文件（HTML）；不写则以编号命名")] = None,
    only_slip: Annotated[bool, typer.Option("--slip", help="信封上的标签")] = False,
    json: JsonOption = False,
) -> None:
    """生成纸质件的封面或信封标签（HTML，A4），供打印。"""
    duban = installation()
    asked = Asked(notice=notice, unit=unit, deliverable=deliverable)
    with reading(duban.engine) as session:
        made = cover_of(session, asked, base_url=duban.settings.base_url)
    path = out or Path(f"{'slip' if only_slip else 'cover'}-{made.code}.html")
    _check_free(path)
    path.write_bytes((slip if only_slip else cover_sheet)(made, Styled()))
    if json:
        print_json({"file": str(path), "code": made.code, "office": made.office, "url": made.url})
    else:
        say(f"已生成 {path}，编号 {grouped(made.code)}", f"made {path}, code {grouped(made.code)}")


@app.command("paper")
def paper(
    code: Annotated[str, typer.Argument(help="封面上的编号，如 T7K-2M9Q")],
    copies: Annotated[int | None, typer.Option("--copies", help="份数", min=1)] = None,
    on: Annotated[str | None, typer.Option("--day", help="收到的日期；不写则为今天")] = None,
    seal: Annotated[bool | None, typer.Option("--seal/--no-seal", help="是否盖章")] = None,
    note: Annotated[str, typer.Option("--note", help="说明")] = "",
    json: JsonOption = False,
) -> None:
    """收发登记：按封面上的编号登记收到纸质件。"""
    duban = installation()
    now, came_on = duban.clock.now(), day(on, option="--day") if on else None
    with writing(duban.engine) as session:
        row = by_code(session, code)
        request = Request(
            notice=row.notice_id,
            unit=row.unit_id,
            deliverable=row.deliverable,
            act=Act.RECEIVE,
            by=ISSUER,
            note=note,
            copies=copies,
            day=came_on,
            seal_seen=seal,
        )
        event = act(session, request, now=now)
    sent = deliver_now(duban, now)
    if json:
        about = {"notice": row.notice_id, "unit": row.unit_id, "deliverable": row.deliverable}
        print_json({"code": code_for(row.id or 0), **about, "event": event, "sent": sent})
    else:
        say(f"已登记收到：{row.unit_id} {row.deliverable}", f"received: {row.unit_id} {row.deliverable}")
