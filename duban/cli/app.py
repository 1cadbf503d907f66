"""The Typer application and what all commands share: language, printing, moments."""

import json
import re
import sys
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from duban import __version__
from duban.bootstrap import Duban, open_duban
from duban.domain.errors import UsageError
from duban.settings import Settings

app = typer.Typer(
    name="duban",
    help="Duban 督办：从通知到办结",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

#: The zone of moments that are typed without one.
ZONE = ZoneInfo("Asia/Shanghai")

JsonOption = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]


@dataclass
class Context:
    """What the options before the command said, and what the command has opened."""

    lang: str = "zh"
    opened: list[Duban] = field(default_factory=list)


context = Context()


def installation(settings: Settings | None = None) -> Duban:
    """Open the installation for this call; ``close`` at its end."""
    duban = open_duban(settings)
    context.opened.append(duban)
    return duban


def close() -> None:
    """Let go of the databases that this call has opened."""
    while context.opened:
        context.opened.pop().engine.dispose()


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"duban {__version__}")
        raise typer.Exit


@app.callback()
def options(
    lang: Annotated[str, typer.Option(help="zh 或 en", envvar="DUBAN_LANG")] = "zh",
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="版本")] = False,
) -> None:
    """Duban 督办：从通知到办结"""
    if lang not in ("zh", "en"):
        raise UsageError(f"--lang 只能是 zh 或 en，不是 {lang}", f"--lang is zh or en, not {lang}")
    context.lang = lang


def say(zh: str, en: str) -> None:
    """One line for a person."""
    typer.echo(en if context.lang == "en" else zh)


def warn(line: str) -> None:
    """One line on standard error."""
    typer.echo(line, err=True)


def print_json(value: Any) -> None:
    """JSON for machines: UTF-8, two spaces, keys in the order of the contract."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """A table for people; plain when the output is not a terminal."""
    table = Table(*columns, title=title, title_justify="left", show_edge=False, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 160, highlight=False).print(table)


def word(zh: str, en: str) -> str:
    """A word in the language of this call."""
    return en if context.lang == "en" else zh


def moment(text: str, *, at: time, option: str) -> datetime:
    """A moment as typed (``2021-10-20``, ``2021-10-20T09:30``, with or without offset); a day alone is at ``at``.

    UsageError, in one line, for what is none.
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            text = datetime.combine(date.fromisoformat(text), at).isoformat()
        found = datetime.fromisoformat(text)
    except ValueError:
        zh = f"{option} 不是时间：{text}（写作 2021-10-20 或 2021-10-20T09:30）"
        raise UsageError(zh, f"{option} is no moment: {text} (write 2021-10-20 or 2021-10-20T09:30)") from None
    _check_year(found.year, text, option)
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def day(text: str, *, option: str) -> date:
    """A day as typed; UsageError."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} 不是日期：{text}（写作 2021-10-20）", f"{option} is no day: {text}") from None
    _check_year(found.year, text, option)
    return found


#: Years that a person can mean.
YEARS = range(1970, 2200)


def _check_year(year: int, text: str, option: str) -> None:
    if year not in YEARS:
        raise UsageError(f"{option} 的年份不在1970—2199年之内：{text}", f"{option}: the year is out of range: {text}")


#: The last second of a day: ``--until 2021-10-20`` includes that day and not the next.
DAY_END = time(23, 59, 59)
DAY_START = time(0)
