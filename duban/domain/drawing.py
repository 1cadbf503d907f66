"""Draws the state table for people: ``docs/states.md`` is made here, and a check compares it."""

import sys
from pathlib import Path

from duban.domain.acts import NEEDS_COLLEAGUE, NEEDS_DUE, NEEDS_NOTE
from duban.domain.permission import ALSO, WHOSE
from duban.domain.state import HOLDER, TABLE, Impossible, Move
from duban.domain.terms import Act, Status

_HEAD = """# The states of an obligation

Drawn from `duban/domain/state.py` by `python -m duban.domain.drawing docs/states.md`; do not edit by hand.
An act that has no arrow is refused with the reason that stands in its cell. Beyond the table: withdrawing and
replacing end when review has begun, replacing also with the due moment; a notice is acknowledged once; a decision is
taken back until somebody acts, and never one that the rule took; while a track is open, nothing is under review; while
paper is only under way, the last step waits for it (`arrival`) and is not approved but received.
"""
_WHOSE = {
    "unit": "unit",
    "issuer": "issuer",
    "review": "the step that holds the ball",
    "decided": "the step that decided last",
}
_NEEDS = {"note": NEEDS_NOTE, "due": NEEDS_DUE, "colleague": NEEDS_COLLEAGUE}


def drawn() -> str:
    """The whole page."""
    return "\n".join([_HEAD, _picture(), "", _acts(), "", _table(), ""])


def _picture() -> str:
    arrows = [
        f"    {status} --> {to}: {act}"
        for (status, act), move in TABLE.items()
        if isinstance(move, Move)
        for to in dict.fromkeys((move.to, move.to_next_step, move.to_later_round, move.to_while_open))
        if to
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> pending: published", *arrows, "```"])


def _acts() -> str:
    rows = ["| act | 动作 | by | needs | opens a turn | next round | mail at once |", "|---|---|---|---|---|---|---|"]
    for act in Act:
        moves = [m for (_, a), m in TABLE.items() if a is act and isinstance(m, Move)]
        needs = " ".join(name for name, table in _NEEDS.items() if act in table)
        mails = " ".join(dict.fromkeys(str(move.mail) for move in moves if move.mail))
        marks = ("yes" if moves[0].opens_turn else "", "yes" if moves[0].new_round else "", mails)
        rows.append(f"| `{act}` | {act.zh} | {_whose(act)} | {needs} | {' | '.join(marks)} |")
    return "\n".join(rows)


def _whose(act: Act) -> str:
    also = ALSO.get(act)
    return _WHOSE[WHOSE[act]] + (f" or {_WHOSE[also]}" if also else "")


def _table() -> str:
    rows = [
        "| status | 状态 | ball | " + " | ".join(f"`{act}`" for act in Act) + " |",
        "|---|---|---|" + "---|" * len(Act),
    ]
    for status in Status:
        cells = " | ".join(_cell(TABLE[status, act]) for act in Act)
        rows.append(f"| `{status}` | {status.zh} | {HOLDER[status] or 'nobody'} | {cells} |")
    return "\n".join(rows)


def _cell(entry: Move | Impossible) -> str:
    if isinstance(entry, Impossible):
        return f"（{entry.zh}）"
    others = [f"`{to}`" for to in (entry.to_next_step, entry.to_later_round, entry.to_while_open) if to]
    return " / ".join([f"→ `{entry.to}`", *others])


def main(arguments: list[str]) -> int:
    """``FILE`` writes the page; ``--check FILE`` answers 1 when it differs."""
    path = Path(arguments[-1])
    if "--check" not in arguments:
        path.write_text(drawn(), encoding="utf-8")
        return 0
    same = path.exists() and path.read_text(encoding="utf-8") == drawn()
    if not same:
        sys.stderr.write(f"{path} is not what the table says: python -m duban.domain.drawing {path}\n")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
