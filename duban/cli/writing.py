"""Commands around definitions and unit files: check, schema, units import, calendar import."""

from pathlib import Path
from typing import Annotated, Any

import typer

from duban.cli.app import JsonOption, app, installation, print_json, say
from duban.domain.roster import tally
from duban.reading.definitions import check_definition, json_schema
from duban.reading.problems import Problem
from duban.reading.units import read_units
from duban.reading.workdays import read_calendar_file
from duban.services.installing import import_calendar, import_units
from duban.services.waking import rebuild
from models.session import writing

units = typer.Typer(help="单位名册", no_args_is_help=True)
calendar = typer.Typer(help="工作日历", no_args_is_help=True)
app.add_typer(units, name="units")
app.add_typer(calendar, name="calendar")


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="通知定义（YAML）")], json: JsonOption = False) -> None:
    """检查通知定义，逐条指出 文件:行:列、问题和改法。"""
    checked = [(file, *check_definition(file)) for file in files]
    problems = [problem for _, _, found in checked for problem in found]
    if json:
        print_json([_as_json(problem) for problem in problems])
    else:
        for problem in problems:
            typer.echo(problem.quoted)
        for file, notice, _ in checked:
            if notice:
                say(f"{file}：可以使用", f"{file}: ok")
    if any(notice is None for _, notice, _ in checked):
        raise typer.Exit(1)


def _as_json(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "col": problem.col,
        "severity": problem.severity,
        "text": problem.zh,
        "hint": problem.hint,
    }


@app.command()
def schema() -> None:
    """输出通知定义的 JSON Schema，供编辑器补全和校验。"""
    print_json(json_schema())


@units.command("import")
def import_units_command(
    file: Annotated[Path, typer.Argument(help="单位名册（CSV 或 XLSX）")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看差异，不写入")] = False,
    json: JsonOption = False,
) -> None:
    """导入单位名册；名册中没有的单位保持不变。"""
    roster = read_units(file)
    with writing(installation().engine) as session:
        found = import_units(session, roster, dry_run=dry_run)
    counts = tally(found)
    if json:
        print_json({"file": str(file), "dry_run": dry_run, **{k: counts[k] for k in ("added", "changed", "unchanged")}})
        return
    for difference in found:
        if difference.change == "changed":
            say(f"  改动：{difference.unit.name}（{difference.unit.id}）", f"  changed: {difference.unit.id}")
    done = "将导入" if dry_run else "已导入"
    say(
        f"{done} {len(roster)} 个单位：新增 {counts['added']}，改动 {counts['changed']}，不变 {counts['unchanged']}",
        f"{len(roster)} units: {counts['added']} new, {counts['changed']} changed, {counts['unchanged']} unchanged"
        + (" (dry run)" if dry_run else ""),
    )


@calendar.command("import")
def import_calendar_command(
    file: Annotated[Path, typer.Argument(help="day,kind,name；kind 为 上班 或 放假")], json: JsonOption = False
) -> None:
    """导入本单位的工作日历，更正或补充公布的节假日安排。"""
    days = read_calendar_file(file)
    engine = installation().engine
    with writing(engine) as session:
        count = import_calendar(session, days)
    # the moments of rungs move with the working days
    rebuild(engine)
    if json:
        print_json({"file": str(file), "days": count})
    else:
        say(f"已导入 {count} 天", f"{count} days imported")
