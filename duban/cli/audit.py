"""Commands on the record of events: is it as it was written?"""

from typing import Annotated

import typer

from duban.cli.app import JsonOption, app, installation, print_json, say, warn, word
from duban.domain.chain import Verdict, anchor_of
from duban.services.auditing import verify

audit = typer.Typer(help="事件记录", no_args_is_help=True)
app.add_typer(audit, name="audit")

#: The exit code of lost integrity.
LOST = 4


@audit.command("verify")
def check(
    anchor: Annotated[
        str, typer.Option(metavar="序号:校验值", help="此前印在每日小结或备份清单中的末条，用以发现整体替换")
    ] = "",
    json: JsonOption = False,
) -> None:
    """逐条核验事件记录是否被改动、删除、插入、调换或整体替换；不符则退出码为 4。"""
    duban, known = installation(), anchor_of(anchor) if anchor else None
    found = verify(duban.engine, now=duban.clock.now(), anchor=known)
    if json:
        print_json(_figures(found) | {"anchor": anchor or None})
    else:
        _tell(found, with_anchor=known is not None)
    if not found.is_whole:
        raise typer.Exit(LOST)


def _figures(found: Verdict) -> dict[str, object]:
    fault = found.fault and {"harm": str(found.fault.harm), "seq": found.fault.seq, "text": found.fault.zh}
    return {"whole": found.is_whole, "events": found.end.seq, "head": found.end.hash, "fault": fault}


def _tell(found: Verdict, *, with_anchor: bool) -> None:
    end = f"{found.end.seq}:{found.end.hash}"
    if found.fault:
        upto = word(f"此前 {found.end.seq} 条无误", f"the {found.end.seq} before are as written")
        warn(word(f"事件记录不完整：{found.fault.zh}（{upto}）", f"the record is broken: {found.fault.en} ({upto})"))
        return
    also = word("，与所给校验值一致", ", and fits the anchor") if with_anchor else ""
    say(f"事件记录完整{also}，共 {found.end.seq} 条；末条 {end}", f"the record is whole{also}; its end is {end}")
