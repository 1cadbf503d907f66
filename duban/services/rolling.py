"""Next year's draft of a definition file, for a person to confirm. No rows: nothing is kept."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from duban.domain.errors import UsageError
from duban.drafting.rolling import Move, moves
from duban.reading.definitions import read_definition
from duban.reading.workdays import seed
from duban.reading.yaml_positions import Tree, read_tree

_NOTE = "# 由 {name} 起草的 {year} 年定义：日期先取同月同日，再移到工作日，理由写在行尾。逐项核对，以新通知为准。\n"


@dataclass(frozen=True, kw_only=True)
class Rolled:
    """Next year's draft and how it came about."""

    #: YAML; each changed line ends with the reason
    definition: str
    moves: tuple[Move, ...]


def roll_forward(path: Path, *, year: int) -> Rolled:
    """The draft of ``year``; DefinitionRefused for a definition that is not sound, UsageError for its own year."""
    notice = read_definition(path)
    if year == notice.dated_on.year:
        raise UsageError(f"--year 是定义自己的年份：{year}", f"--year is the definition's own year: {year}")
    text = path.read_text(encoding="utf-8-sig")
    tree = read_tree(text)
    found = moves(notice, dict(tree.written), year=year, calendar=seed())
    return Rolled(
        definition=_NOTE.format(name=path.name, year=year) + _rewritten(text, tree, found), moves=tuple(found)
    )


def _rewritten(text: str, tree: Tree, found: list[Move]) -> str:
    """The lines with their new values, from the last column to the first, each with its reasons at the end."""
    lines = text.splitlines()
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    placed = [(tree.places[move.loc], move) for move in found if move.loc in tree.places]
    for place, move in sorted(placed, key=lambda one: one[0], reverse=True):
        line = lines[place.line - 1]
        at = line.find(move.old, place.column - 1)
        if at < 0:
            reasons[place.line].insert(0, f"待确认：{move.old} 应为 {move.new}")
            continue
        lines[place.line - 1] = line[:at] + move.new + line[at + len(move.old) :]
        reasons[place.line].insert(0, move.reason)
    for number, said in reasons.items():
        lines[number - 1] += f"  # 待确认：{'；'.join(dict.fromkeys(said))}"
    return "\n".join(lines) + "\n"
