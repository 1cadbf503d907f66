"""A replayed season told to a person: day by day what was said, then the ledger, then what was left to do."""

from collections import Counter
from itertools import groupby
from typing import Any

from duban.cli.app import context, print_table, say, word
from duban.domain.terms import MailKind, Status


def print_story(story: dict[str, Any], names: dict[str, str]) -> None:
    """Print the story of a replay."""
    _days(story)
    _ledger(story, names)
    if story["tasks"]:
        rows = [[task["at"][:10], task["text"]] for task in story["tasks"]]
        print_table(word("经办待办", "tasks"), [word("日期", "day"), word("事项", "what")], rows)
    say(
        f"邮件 {len(story['mails'])} 封，台账 {len(story['ledger'])} 行，事件 {story['events']} 件",
        f"{len(story['mails'])} mails, {len(story['ledger'])} rows, {story['events']} events",
    )


def _days(story: dict[str, Any]) -> None:
    rows = []
    for moment, group in groupby(story["mails"], key=lambda mail: mail["at"]):
        mails = list(group)
        kinds = Counter(mail["kind"] for mail in mails)
        rungs = sorted({item["rung"] for mail in mails for item in mail["items"] if item["rung"]})
        told = "，".join(f"{MailKind(kind).said_in(context.lang)} {count}" for kind, count in kinds.items())
        rows.append([moment[:16].replace("T", " "), told, " ".join(rungs)])
    print_table(word("逐日", "day by day"), [word("时间", "at"), word("邮件", "mails"), word("梯级", "rungs")], rows)


def _ledger(story: dict[str, Any], names: dict[str, str]) -> None:
    columns = [word(zh, en) for zh, en in (("单位", "unit"), ("材料", "material"), ("截止", "due"), ("状态", "state"))]
    rows = [
        [
            names.get(row["unit"], row["unit"]),
            names.get(row["deliverable"].partition("@")[0], row["deliverable"]),
            (row["due_at"] or "—")[:16].replace("T", " "),
            _state(row),
        ]
        for row in story["ledger"]
    ]
    print_table(word("台账", "ledger"), columns, rows)


def _state(row: dict[str, Any]) -> str:
    state = Status(row["status"]).said_in(context.lang)
    if row["overdue"]:
        return word(f"{state}（逾期{row['late_by_days']}天）", f"{state} ({row['late_by_days']} days late)")
    late = row["late_by_days"]
    return word(f"{state}（逾期{late}天报送）", f"{state} (came {late} days late)") if late else state
