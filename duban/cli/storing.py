"""Commands for the files that were handed in: store verify, store tidy."""

import typer

from duban.cli.app import JsonOption, app, installation, print_json, say, word
from duban.clock import real_now
from duban.services.storing import missing_or_changed, tidy
from models.session import reading

store = typer.Typer(help="已上传的文件：核对、清理", no_args_is_help=True)
app.add_typer(store, name="store")


@store.command("verify")
def verify(json: JsonOption = False) -> None:
    """核对记录在案的每个文件是否都在、是否与报送时一致。"""
    duban = installation()
    with reading(duban.engine) as session:
        amiss = list(missing_or_changed(session, duban.store))
    if json:
        print_json([{"name": one.name, "sha256": one.sha256, "problem": word(one.zh, one.en)} for one in amiss])
    else:
        for one in amiss:
            say(one.zh, one.en)
        if not amiss:
            say("记录在案的文件都在，与报送时一致", "every file on record is there, as it was handed in")
    if amiss:
        raise typer.Exit(1)


@store.command("tidy")
def clear(json: JsonOption = False) -> None:
    """清理一天以上无人需要的文件：中断的上传、移除的待报文件、无记录的文件。"""
    duban = installation()
    found = tidy(duban.engine, duban.store, now=duban.clock.now(), real_now=real_now())
    if json:
        print_json(vars(found))
        return
    say(
        f"已清理文件 {found.files} 个、中断的上传 {found.uploads} 个、临时文件 {found.temporary} 个",
        f"removed {found.files} files, {found.uploads} uploads, {found.temporary} temporary files",
    )
