"""Commands that draft definitions: draft (from a notice's text), roll-forward (from last year's)."""

from pathlib import Path
from typing import Annotated, Any

import typer

from duban.cli.app import JsonOption, app, print_json, say, warn, word
from duban.domain.errors import Temporary
from duban.reading.definitions import check_definition_text
from duban.services.drafting import Draft, draft_file
from duban.services.rolling import roll_forward

OutOption = Annotated[Path | None, typer.Option("--out", "-o", help="写入此文件；不写则输出到屏幕")]


@app.command()
def draft(
    file: Annotated[Path, typer.Argument(help="通知原文（.docx、.pdf、.txt、网页）")],
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """由通知原文起草定义：每项注明原话和位置，存疑处标“待确认”，由人核对。"""
    drafts = draft_file(file)
    if json:
        print_json(as_json(drafts))
        return
    for number, one in enumerate(drafts):
        name = _write(one, number, out)
        for problem in check_definition_text(one.definition, name)[1]:
            warn(problem.quoted)


def as_json(drafts: list[Draft]) -> dict[str, Any]:
    """The facts of the first document; those of others in the same file stand under ``enclosed``."""
    first, *others = [one.facts.as_json() for one in drafts]
    return {**first, "enclosed": others} if others else first


def _write(one: Draft, number: int, out: Path | None) -> str:
    """The draft on the screen or in its file; a second document gets a file of its own. Answers its name."""
    if out is None:
        typer.echo(("---\n" if number else "") + one.definition, nl=False)
        return "定义草稿" if not number else f"定义草稿{number + 1}"
    path = out if not number else out.with_stem(f"{out.stem}-{number + 1}")
    _save(path, one.definition)
    title = one.facts.title or word("（无标题）", "(no title)")
    say(
        f"已起草 {path}：{title}，{len(one.facts.obligations)} 项报送",
        f"drafted {path}: {len(one.facts.obligations)} obligations",
    )
    return str(path)


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Temporary(f"写不了 {path}：{error.strerror}", f"cannot write {path}: {error.strerror}") from None


@app.command("roll-forward")
def roll_forward_command(
    definition: Annotated[Path, typer.Argument(help="上一年的通知定义（YAML）")],
    year: Annotated[int, typer.Option("--year", min=2000, max=2199, help="起草哪一年的定义")],
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """由上一年的定义起草新一年的：日期取同月同日，再移到工作日，逐项注明理由，由人核对。"""
    rolled = roll_forward(definition, year=year)
    if json:
        keys = ("old", "new", "reason")
        print_json(
            [
                {"path": ".".join(map(str, move.loc)), **{key: getattr(move, key) for key in keys}}
                for move in rolled.moves
            ]
        )
    elif out is None:
        typer.echo(rolled.definition, nl=False)
    else:
        _save(out, rolled.definition)
        say(f"已起草 {out}：改动 {len(rolled.moves)} 处，请逐项核对", f"drafted {out}: {len(rolled.moves)} changes")
