"""Commands for mails: test, queue, retry, cancel, unknown, pause, resume."""

from datetime import datetime
from typing import Annotated, Any

import typer

from duban.cli.app import ZONE, JsonOption, app, context, installation, print_json, print_table, say, word
from duban.domain.errors import UsageError
from duban.domain.terms import MailKind
from duban.services import mailroom
from duban.services.ledger import iso
from duban.services.mailroom import STATE_WORDS, Choice, Queue
from models import AccountRow, MailRow, MailState
from models.session import reading, writing
from notifications.post import Sent

mail = typer.Typer(help="发信：试发、排队、重发、取消、送达不明、暂停和恢复", no_args_is_help=True)
app.add_typer(mail, name="mail")

#: Who acts by the command line.
OPERATOR = "operator"
Number = Annotated[int, typer.Argument(help="邮件编号", min=1, max=2**31 - 1)]


@mail.command("test")
def attempt(address: Annotated[str, typer.Argument(help="收件地址")], json: JsonOption = False) -> None:
    """用当前发信账号试发一封，并告知服务器如何应答。"""
    duban = installation()
    sender = duban.sender()
    outcome = mailroom.try_account(
        duban.engine, sender.carrier, to=address, account=sender.account, by=OPERATOR, now=duban.clock.now()
    )
    zh, en = mailroom.outcome_words(outcome)
    if json:
        print_json({"to": address, "sent": isinstance(outcome, Sent), "said": word(zh, en)})
    else:
        say(f"{sender.account} → {address}：{zh}", f"{sender.account} → {address}: {en}")
    if not isinstance(outcome, Sent):
        raise typer.Exit(1)


@mail.command("queue")
def queue(
    limit: Annotated[int, typer.Option("--limit", help="最多列出几封；0 为全部", min=0)] = 50, json: JsonOption = False
) -> None:
    """还有哪些邮件没有发出，为什么，从何时起；各状态的封数；各发信账号。"""
    with reading(installation().engine) as session:
        found = mailroom.queue(session, limit=limit or None)
    if json:
        print_json(_queue_json(found))
        return
    if found.paused:
        say(f"发信已暂停：{found.paused}", f"mail is paused: {found.paused}")
    counts = [(word(*STATE_WORDS[state]), count) for state, count in found.counts.items() if count]
    say("、".join(f"{name} {n}" for name, n in counts) or "没有邮件", str(dict(counts)))
    _print_mails(found.waiting)
    for account in found.accounts:
        say(f"账号 {account.address}：{_account(account)}", f"account {account.address}: {_account(account)}")


def _queue_json(found: Queue) -> dict[str, Any]:
    return {
        "paused": found.paused,
        "counts": {str(state): count for state, count in found.counts.items()},
        "waiting": [_mail_json(row) for row in found.waiting],
        "accounts": [
            {
                "address": account.address,
                "stopped": account.is_stopped,
                "held_until": _local(account.held_until),
                "reason": account.reason,
                "logins_refused": account.logins_refused,
                "day": account.day and account.day.isoformat(),
                "sent_today": account.sent_today,
            }
            for account in found.accounts
        ],
    }


def _mail_json(row: MailRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "kind": row.kind,
        "to": row.to_email,
        "unit": row.unit_id,
        "at": _local(row.at),
        "not_before": _local(row.not_before),
        "attempts": row.attempts,
        "account": row.account,
        "reason": row.reason,
    }


def _local(moment: datetime | None) -> str | None:
    return iso(moment.astimezone(ZONE)) if moment else None


def _print_mails(rows: tuple[MailRow, ...] | list[MailRow]) -> None:
    columns = ["编号", "状态", "种类", "收件人", "起自", "不早于", "原因"]
    if context.lang == "en":
        columns = ["id", "state", "kind", "to", "since", "not before", "reason"]
    if rows:
        print_table("", columns, [_cells(row) for row in rows])


def _cells(row: MailRow) -> list[str]:
    since, later = (f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}" for moment in (row.at, row.not_before))
    kind = MailKind(row.kind).said_in(context.lang)
    return [str(row.id), word(*STATE_WORDS[MailState(row.state)]), kind, row.to_email, since, later, row.reason]


def _account(account: AccountRow) -> str:
    """Its state in a few words."""
    if account.is_stopped:
        return word(f"已停用，{account.reason}", f"stopped, {account.reason}")
    if account.held_until:
        until = f"{account.held_until.astimezone(ZONE):%Y-%m-%d %H:%M}"
        return word(f"暂停至 {until}，{account.reason}", f"held until {until}, {account.reason}")
    return word(f"可用，当日已发 {account.sent_today} 封", f"in use, {account.sent_today} sent that day")


@mail.command("retry")
def retry(
    numbers: Annotated[list[int] | None, typer.Argument(help="邮件编号", metavar="ID...")] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部未送达和稍后重试的")] = False,
    json: JsonOption = False,
) -> None:
    """未送达或稍后重试的邮件，下次发信时再发。"""
    if bool(numbers) == everything:
        raise UsageError("请写邮件编号，或者写 --all", "give the ids of mails, or --all")
    duban = installation()
    now = duban.clock.now()
    with writing(duban.engine) as session:
        if numbers:
            count = mailroom.retry(session, numbers, by=OPERATOR, now=now)
        else:
            count = mailroom.retry_all(session, by=OPERATOR, now=now)
    _told({"retried": count}, f"{count} 封邮件将在下次发信时再发", f"{count} mails will be tried again", json=json)


@mail.command("cancel")
def cancel(number: Number, json: JsonOption = False) -> None:
    """取消一封尚未发出的邮件。"""
    duban = installation()
    with writing(duban.engine) as session:
        mailroom.cancel(session, number, by=OPERATOR, now=duban.clock.now())
    _told({"cancelled": number}, f"第 {number} 号邮件已取消", f"mail {number} is cancelled", json=json)


@mail.command("unknown")
def unknown(
    number: Annotated[int | None, typer.Argument(help="邮件编号；不写则列出", min=1, max=2**31 - 1)] = None,
    send_again: Annotated[bool, typer.Option("--send-again", help="再发一次")] = False,
    mark_sent: Annotated[bool, typer.Option("--mark-sent", help="已经送达")] = False,
    cancelled: Annotated[bool, typer.Option("--cancel", help="不再发送")] = False,
    json: JsonOption = False,
) -> None:
    """是否送达不明的邮件：列出，或逐封处理（再发一次、已经送达、不再发送，三选一）。"""
    flags = {Choice.SEND_AGAIN: send_again, Choice.MARK_SENT: mark_sent, Choice.CANCEL: cancelled}
    chosen = [choice for choice, is_on in flags.items() if is_on]
    if len(chosen) != (0 if number is None else 1):
        zh = "处理一封写：duban mail unknown 编号 加 --send-again、--mark-sent、--cancel 之一；只列出则都不写"
        raise UsageError(zh, "give an id with exactly one of --send-again, --mark-sent, --cancel; or none of them")
    duban = installation()
    if number is None:
        _print_doubtful(duban, json=json)
        return
    with writing(duban.engine) as session:
        mailroom.decide(session, number, chosen[0], by=OPERATOR, now=duban.clock.now())
    value = {"mail": number, "choice": str(chosen[0])}
    _told(value, f"第 {number} 号邮件已处理", f"mail {number}: {chosen[0]}", json=json)


def _print_doubtful(duban: Any, *, json: bool) -> None:
    with reading(duban.engine) as session:
        rows = mailroom.doubtful(session)
    if json:
        print_json([_mail_json(row) for row in rows])
    elif rows:
        _print_mails(rows)
    else:
        say("没有是否送达不明的邮件", "no mail is in doubt")


@mail.command("pause")
def pause(
    reason: Annotated[str, typer.Option("--reason", help="原因")] = "经办人暂停", json: JsonOption = False
) -> None:
    """暂停全部发信；邮件照常排队，恢复后再发。"""
    duban = installation()
    with writing(duban.engine) as session:
        paused = mailroom.pause(session, reason, by=OPERATOR, now=duban.clock.now())
    _told({"paused": paused}, f"发信已暂停：{paused}", f"mail is paused: {paused}", json=json)


@mail.command("resume")
def resume(json: JsonOption = False) -> None:
    """恢复发信；停用或暂停的账号一并启用。"""
    duban = installation()
    with writing(duban.engine) as session:
        freed = mailroom.resume(session, by=OPERATOR, now=duban.clock.now())
    told = f"发信已恢复，启用账号 {freed} 个" if freed else "发信已恢复"
    _told({"paused": "", "accounts": freed}, told, f"mail leaves again; {freed} accounts freed", json=json)


def _told(value: dict[str, Any], zh: str, en: str, *, json: bool) -> None:
    if json:
        print_json(value)
    else:
        say(zh, en)
