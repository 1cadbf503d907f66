"""Commands that keep an installation: backup, restore, migrate, clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from duban.cli.app import ZONE, JsonOption, app, installation, print_json, say
from duban.cli.mail import OPERATOR
from duban.clock import real_now, real_reading
from duban.domain.errors import InputRefused
from duban.domain.jumps import span
from duban.services.backing import backup, restore, verify
from duban.services.bundle import Manifest
from duban.services.pulse import accept_clock, beat_ages, doubt
from duban.settings import Settings
from models.migrating import migrate as move
from models.session import make_engine, reading, writing

clock = typer.Typer(help="系统时间", no_args_is_help=True)
app.add_typer(clock, name="clock")


@contextmanager
def _database() -> Iterator[Engine]:
    """The database as it is: opened without bringing its schema up."""
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.url)
    try:
        yield engine
    finally:
        engine.dispose()


@app.command("backup")
def back_up(
    target: Annotated[Path, typer.Argument(help="备份文件（.zip）或文件夹；已有的文件夹中则新建一个 .zip")],
    with_mailbox: Annotated[bool, typer.Option("--with-mailbox", help="连同本机邮箱收到的邮件")] = False,
    json: JsonOption = False,
) -> None:
    """运行中备份：数据库和上传的文件，附清单和校验值。"""
    duban, real = installation(), real_now()
    if target.is_dir():
        target /= f"duban-{real.astimezone(ZONE):%Y%m%d-%H%M%S}.zip"
    made = backup(duban.engine, target, folder=duban.settings.data_dir, with_mailbox=with_mailbox, real_now=real)
    if json:
        print_json({"file": str(target), **_figures(made)})
    else:
        say(f"已备份到 {target}：{_summary(made)}", f"backed up to {target}: {_figures(made)}")


@app.command("restore")
def bring_back(
    file: Annotated[Path, typer.Argument(help="备份文件或文件夹", exists=True)],
    only_verify: Annotated[bool, typer.Option("--verify", help="只检查备份是否完好，不恢复")] = False,
    json: JsonOption = False,
) -> None:
    """检查备份，或恢复到空的环境；恢复后不发邮件，直到 duban mail resume。"""
    if only_verify:
        _verify(file, json=json)
        return
    duban = installation()
    made = restore(duban.engine, file, folder=duban.settings.data_dir, by=OPERATOR, now=duban.clock.now())
    if json:
        print_json({"file": str(file), **_figures(made)})
        return
    say(f"已恢复：{_summary(made)}", f"restored: {_figures(made)}")
    say("发信已暂停，请用 duban mail queue 核对后运行 duban mail resume", "mail is paused until duban mail resume")


def _verify(file: Path, *, json: bool) -> None:
    room = Settings().data_dir
    room.mkdir(parents=True, exist_ok=True)
    made, found = verify(file, room=room)
    if json:
        print_json({"file": str(file), "whole": not found, "findings": [f.zh for f in found], **_figures(made)})
    for finding in () if json else found:
        say(finding.zh, finding.en)
    if found:
        raise typer.Exit(1)
    if not json:
        say(f"备份完好：{_summary(made)}", f"the backup is whole: {_figures(made)}")


def _figures(made: Manifest) -> dict[str, Any]:
    counts = {"rows": sum(made.counts.values()), "files": len(made.files), "events": made.events[0]}
    return {"made_at": made.made_at, "schema": made.schema, **counts, "head": made.events[1]}


def _summary(made: Manifest) -> str:
    at = datetime.fromisoformat(made.made_at).astimezone(ZONE)
    rows, files = sum(made.counts.values()), len(made.files)
    return f"{at:%Y-%m-%d %H:%M} 的数据，{rows} 行，{files} 个文件，事件 {made.events[0]} 个（{made.events[1][:12]}）"


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="版本；不写则为最新")] = "head", json: JsonOption = False
) -> None:
    """把数据库升到或退回某一版本；中断或失败则一切如旧，可重新运行。"""
    with _database() as engine:
        before, after = move(engine, revision)
    if json:
        print_json({"from": before, "to": after})
    elif before == after:
        say(f"数据库版本已是 {after}", f"the schema is at {after}")
    else:
        say(f"数据库版本：{before or '空'} → {after}", f"schema: {before or 'empty'} → {after}")


@clock.command("show")
def show(json: JsonOption = False) -> None:
    """系统时间是否可信；各项自动办理最近一次在何时。"""
    duban, real = installation(), real_reading()
    with reading(duban.engine) as session:
        why, ages = doubt(session, real), beat_ages(session, real)
    if json:
        at = real.at.astimezone(ZONE).replace(microsecond=0).isoformat()
        print_json({"at": at, "doubt": why, "beats": {work: round(age, 1) for work, age in ages.items()}})
        return
    say(why or "系统时间没有疑问", why or "the clock is not doubted")
    for work, age in ages.items():
        say(f"{work}：{span(timedelta(seconds=age))}之前", f"{work}: {age:.0f} s ago")


@clock.command("accept")
def accept(json: JsonOption = False) -> None:
    """确认现在的系统时间无误，继续提醒和发信。"""
    duban, real = installation(), real_reading()
    with writing(duban.engine) as session:
        if not accept_clock(session, real, by=OPERATOR):
            raise InputRefused("系统时间没有疑问，无需确认", "the clock is not doubted")
    local = real.at.astimezone(ZONE).replace(microsecond=0)
    if json:
        print_json({"at": local.isoformat()})
    else:
        say(f"已按现在的系统时间继续办理：{local:%Y-%m-%d %H:%M}", f"the clock is accepted: {local:%Y-%m-%d %H:%M}")
