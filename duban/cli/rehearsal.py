"""Commands that rehearse: replay a notice from publishing to a day, and plan what is to come. Nothing real is sent."""

from collections import Counter
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from duban.bootstrap import Duban, throw_away
from duban.cli.app import (
    DAY_END,
    DAY_START,
    JsonOption,
    app,
    context,
    installation,
    moment,
    print_json,
    print_table,
    say,
    warn,
    word,
)
from duban.cli.telling import print_story
from duban.domain.errors import NotFound, UsageError
from duban.domain.notice import Notice
from duban.domain.pace import local_day
from duban.reading.definitions import read_definition
from duban.reading.scripts import read_script
from duban.reading.units import read_units
from duban.services.foreseeing import shortfall
from duban.services.foreseeing import told as told_shortfall
from duban.services.rehearsing import copy, run_ahead
from duban.services.replaying import begin, live_through, publication
from duban.services.reporting import story, told
from duban.settings import Settings
from models.notice import notices
from models.session import reading

#: A day given alone for ``--from`` is the hour of publication.
PUBLISHING = time(10, 0)


@app.command()
def replay(
    definition: Annotated[Path, typer.Argument(help="通知定义（YAML）")],
    until: Annotated[str, typer.Option("--until", help="到何时为止（含），如 2021-10-20T09:30")],
    units: Annotated[Path | None, typer.Option("--units", help="单位名册；不写则用定义旁边的 ID.units.csv")] = None,
    script: Annotated[Path | None, typer.Option("--script", help="各单位办了什么：at,unit,deliverable,act,…")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="发布时间；不写则为成文日期 10:00")] = None,
    mail_dir: Annotated[Path | None, typer.Option("--mail-dir", help="邮件经真实 SMTP 存入此 Maildir")] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="脚本中被拒的动作只提示，不停止")] = False,
    json: JsonOption = False,
) -> None:
    """在临时数据库和虚拟时钟上把一个通知从发布走到某一天。"""
    notice = read_definition(definition)
    roster = read_units(units or _beside(definition, notice))
    start = moment(from_, at=PUBLISHING, option="--from") if from_ else publication(notice)
    end = moment(until, at=DAY_END, option="--until")
    if end < start:
        raise UsageError(f"--until 早于发布时间 {start:%Y-%m-%d %H:%M}", f"--until is before publishing at {start}")
    rows = read_script(script, notice.tz) if script else []
    with throw_away(mail_dir) as (engine, sender), _Bar(start, end) as progress:
        begin(engine, notice, roster, at=start)
        lived = live_through(
            engine, notice, rows, sender, start=start, until=end, keep_going=keep_going, progress=progress
        )
        with reading(engine) as session:
            told_story = story(session, notice.id, start=start, until=end)
            names = _names(notice, {unit.id: unit.name for unit in roster.units})
    for line in lived.refused:
        warn(f"{script}：{line}")
    if json:
        print_json(told_story)
    else:
        print_story(told_story, names)


def _beside(definition: Path, notice: Notice) -> Path:
    return definition.with_name(f"{notice.id}.units.csv")


def _names(notice: Notice, units: dict[str, str]) -> dict[str, str]:
    """What ids are called, for people."""
    return units | {deliverable.id: deliverable.name for _, deliverable in notice.placed()}


class _Bar:
    """Progress on a terminal, silence elsewhere."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.span = start, max((end - start).total_seconds(), 1)
        self.progress = Progress(transient=True, console=Console(stderr=True))
        self.task = self.progress.add_task(word("推演", "replay"), total=1.0)

    def __enter__(self) -> "_Bar":
        if self.progress.console.is_terminal:
            self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.progress.console.is_terminal:
            self.progress.stop()

    def __call__(self, now: datetime) -> None:
        self.progress.update(self.task, completed=(now - self.start).total_seconds() / self.span)


@app.command()
def plan(
    notice: Annotated[str, typer.Argument(help="通知编号；未发布的，写定义文件")],
    from_: Annotated[str, typer.Option("--from", help="从何时")],
    to: Annotated[str, typer.Option("--to", help="到何时（含）")],
    units: Annotated[Path | None, typer.Option("--units", help="未发布时所用的单位名册")] = None,
    json: JsonOption = False,
) -> None:
    """列出这段时间谁会在何时收到哪封邮件（若无人办理）；不发送任何邮件。"""
    start = moment(from_, at=DAY_START, option="--from")
    end = moment(to, at=DAY_END, option="--to")
    if end < start:
        raise UsageError("--to 早于 --from", "--to is before --from")
    duban = installation()
    notice_id, mails = _planned(duban, notice, units, start, end)
    days = Counter(local_day(datetime.fromisoformat(mail["at"])) for mail in mails)
    if found := shortfall(duban.engine, duban.sender().outlets, days, now=start):
        warn(word(*told_shortfall(found)))
    value = {"notice": notice_id, "from": start.isoformat(), "to": end.isoformat(), "mails": mails}
    if json:
        print_json(value)
        return
    columns = ["时间", "收件人", "类别", "事项"] if context.lang == "zh" else ["at", "to", "kind", "items"]
    rows = [[mail["at"][:16].replace("T", " "), mail["to"][0], mail["kind"], _items(mail)] for mail in mails]
    print_table(word(f"{notice_id} 的邮件计划", f"mails of {notice_id}"), columns, rows)
    say(f"共 {len(mails)} 封", f"{len(mails)} mails")


def _items(mail: dict[str, Any]) -> str:
    names = [f"{item['deliverable']} {item['rung'] or ''}".strip() for item in mail["items"]]
    return "、".join(names[:4]) + ("…" if len(names) > 4 else "")


def _planned(
    duban: Duban, notice: str, units: Path | None, start: datetime, end: datetime
) -> tuple[str, list[dict[str, Any]]]:
    """A published notice is run ahead on a copy; one that is not yet is replayed from its publication."""
    with reading(duban.engine) as session:
        published = notice in {row.id for row in notices(session)}
    with throw_away() as (engine, sender):
        if published:
            copy(duban.engine, engine, notice=notice)
            run_ahead(engine, sender, now=duban.clock.now(), until=end)
            notice_id = notice
        else:
            notice_id = _replayed(notice, units, engine, sender, end)
        with reading(engine) as session:
            return notice_id, told(session, notice_id, start=start, until=end)


def _replayed(notice: str, units: Path | None, engine: Any, sender: Any, end: datetime) -> str:
    path = Path(notice) if Path(notice).exists() else Settings().definitions_dir / f"{notice}.yaml"
    if not path.exists():
        raise NotFound(f"没有发布过通知 {notice}，也没有定义文件 {path}", f"no notice {notice}, and no file {path}")
    defined = read_definition(path)
    start = publication(defined)
    begin(engine, defined, read_units(units or _beside(path, defined)), at=start)
    live_through(engine, defined, [], sender, start=start, until=end)
    return defined.id
