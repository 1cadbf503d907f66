"""Commands for materials: upload, files, check-material."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from duban.bootstrap import Duban
from duban.cli.app import ZONE, JsonOption, app, installation, print_json, print_table, say, word
from duban.cli.mail import OPERATOR
from duban.domain.caps import size_phrase
from duban.domain.checks import Finding, Handed, check, needs_remark, verdict
from duban.domain.errors import NotFound, UsageError
from duban.domain.notice import Deliverable, Notice
from duban.domain.phrases import receipt_number
from duban.reading.definitions import read_definition
from duban.reading.materials.reader import read_material
from duban.services.inspecting import handed_of
from duban.services.intake import Asked, owing
from duban.services.ledger import iso
from duban.services.materials import Version, drafts, versions
from duban.services.records import Records
from duban.services.uploading import add
from models.material import Material
from models.session import reading

NoticeArgument = Annotated[str, typer.Argument(help="通知编号")]
UnitArgument = Annotated[str, typer.Argument(help="单位编号")]
DeliverableArgument = Annotated[str, typer.Argument(help="材料编号；周期性材料写 编号@日期")]
#: Bytes read at once.
CHUNK = 1 << 20


@app.command("upload")
def upload(
    notice: NoticeArgument,
    unit: UnitArgument,
    deliverable: DeliverableArgument,
    files: Annotated[list[Path], typer.Argument(help="要上传的文件")],
    item: Annotated[str, typer.Option("--item", help="属于哪一个推荐对象")] = "",
    json: JsonOption = False,
) -> None:
    """上传材料，列入待报文件；报送另用 duban act submit。"""
    for file in files:
        _check_file(file)
    duban = installation()
    asked = Asked(notice=notice, unit=unit, deliverable=deliverable)
    kept = [_keep(duban, asked, file, item) for file in files]
    if json:
        print_json([_file(one) for one in kept])
        return
    for one in kept:
        say(f"已上传 {one.name}（{size_phrase(one.size)}）", f"uploaded {one.name} ({one.size} bytes)")


def _check_file(file: Path) -> None:
    if not file.is_file():
        raise UsageError(f"没有文件 {file}", f"no file {file}")


def _keep(duban: Duban, asked: Asked, file: Path, item: str) -> Material:
    return add(
        duban.engine,
        duban.store,
        asked,
        name=file.name,
        chunks=_chunks(file),
        item=item,
        by=OPERATOR,
        now=duban.clock.now(),
    )


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            yield chunk


@app.command("files")
def show(
    notice: NoticeArgument, unit: UnitArgument, deliverable: DeliverableArgument, json: JsonOption = False
) -> None:
    """一项材料的待报文件、核对结果和历次报送。"""
    duban = installation()
    asked = Asked(notice=notice, unit=unit, deliverable=deliverable)
    with reading(duban.engine) as session:
        mine, handed_in = drafts(session, asked), versions(session, asked)
        found = _findings(session, duban, asked, mine) if mine else ()
    if json:
        print_json(
            {
                "drafts": [_file(one) for one in mine],
                "verdict": verdict(found).zh if mine else "",
                "findings": [finding.model_dump(mode="json") for finding in found],
                "submissions": [_version(version) for version in handed_in],
            }
        )
        return
    _print_files(word("待报文件", "draft"), mine)
    if mine:
        _print_findings(found)
    for version in handed_in:
        _print_files(_title(version), version.files)


def _findings(session: Session, duban: Duban, asked: Asked, mine: list[Material]) -> tuple[Finding, ...]:
    """What a check finds in a draft; what nobody has read yet is read now."""
    records, row = Records(session), owing(session, asked)
    handed = [
        one if one.content else _read(one, duban.store.find(material.sha256))
        for one, material in zip(handed_of(session, mine), mine, strict=True)
    ]
    return check(records.deliverable(row), records.notice(asked.notice), handed)


def _read(one: Handed, path: Path) -> Handed:
    """The same file with what is in it."""
    return one.model_copy(update={"content": read_material(path, one.name)})


def _file(one: Material) -> dict[str, Any]:
    return {
        "file": one.id,
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256,
        "item": one.item,
        "added_at": iso(one.added_at.astimezone(ZONE)),
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "receipt": receipt_number(version.submission),
        "round": version.round,
        "at": iso(version.at.astimezone(ZONE)),
        "is_nil": version.is_nil,
        "note": version.note,
        "withdrawn_at": iso(version.withdrawn_at and version.withdrawn_at.astimezone(ZONE)),
        "files": [_file(one) for one in version.files],
    }


def _title(version: Version) -> str:
    at = f"{version.at.astimezone(ZONE):%Y-%m-%d %H:%M}"
    gone = word("，已撤回", ", withdrawn") if version.withdrawn_at else ""
    return word(
        f"{receipt_number(version.submission)}：第{version.round}轮，{at} 报送{gone}",
        f"{receipt_number(version.submission)}: round {version.round}, {at}{gone}",
    )


def _print_files(title: str, files: Sequence[Material]) -> None:
    if not files:
        say(f"{title}：没有文件", f"{title}: no files")
        return
    columns = [word("编号", "number"), word("文件", "file"), word("大小", "size"), "SHA-256"]
    print_table(title, columns, [[str(f.id), f.name, size_phrase(f.size), f.sha256[:12]] for f in files])


@app.command("check-material")
def check_material(
    notice: Annotated[str, typer.Argument(help="通知编号，或通知定义（YAML）")],
    deliverable: DeliverableArgument,
    files: Annotated[list[Path], typer.Argument(help="要核对的文件")],
    json: JsonOption = False,
) -> None:
    """按通知要求核对本机上的文件，逐条指出差多少；不写入任何数据。"""
    for file in files:
        _check_file(file)
    asked = notice_of(notice)
    wanted = _deliverable(asked, deliverable)
    handed = [_read(Handed(name=file.name, size=file.stat().st_size), file) for file in files]
    found = check(wanted, asked, handed)
    if json:
        told = [finding.model_dump(mode="json") for finding in found]
        print_json({"notice": asked.id, "deliverable": wanted.id, "verdict": verdict(found).zh, "findings": told})
    else:
        _print_findings(found)
    if needs_remark(found):
        raise typer.Exit(1)


def notice_of(named: str) -> Notice:
    """The definition of a file, else the one in force under this id; NotFound."""
    if Path(named).is_file():
        return read_definition(Path(named))
    with reading(installation().engine) as session:
        return Records(session).notice(named)


def _deliverable(notice: Notice, named: str) -> Deliverable:
    try:
        return notice.find(named)[1]
    except KeyError:
        zh = f"{notice.document_number} 没有材料 {named}"
        raise NotFound(zh, f"{notice.id} asks for no {named}") from None


def _print_findings(found: Sequence[Finding]) -> None:
    columns = [word("结果", "grade"), word("要求", "demand"), word("核对", "found"), word("文件", "files")]
    rows = [[word(f.grade.zh, f.grade), f.requirement, f.zh, "、".join(f.files)] for f in found]
    print_table(word("核对结果", "findings"), columns, rows)
    typer.echo(verdict(found).zh)
