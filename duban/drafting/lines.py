"""Lines of YAML with comments, and how a value is written so that YAML reads it as it is meant."""

import json
import re

from duban.drafting.facts import Quote

_SAFE = re.compile(r"[\u4e00-\u9fff（《“][\u4e00-\u9fff0-9A-Za-z（）《》“”〔〕、。；—·()\-_./+]*")
#: Characters of the notice that a comment repeats.
_QUOTED = 60


def scalar(text: str) -> str:
    """A text as a YAML scalar; in double quotes where it might be read as anything else."""
    clean = re.sub(r"\s+", " ", text).strip()
    if len(clean) < 500 and _SAFE.fullmatch(clean):
        return clean
    return json.dumps("".join(char for char in clean if char.isprintable())[:1000], ensure_ascii=False)


def comment(quote: Quote) -> str:
    """Where a value stands and the words there."""
    words = "".join(char for char in re.sub(r"\s+", "", quote.text) if char.isprintable())
    shown = words if len(words) <= _QUOTED else f"{words[:_QUOTED]}……"
    return f"第{quote.line}行第{quote.column}列：“{shown}”"


class Lines:
    """A YAML text that grows line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 0

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"

    def _put(self, indent: int, text: str, remark: str = "") -> None:
        self._lines.append(f"{'  ' * indent}{text}" + (f"  # {remark}" if remark else ""))

    def note(self, text: str) -> None:
        """A comment of its own."""
        self._put(self._depth, f"# {text}")

    def add(self, key: str, value: str, remark: str = "") -> None:
        """A key with a value, already written as YAML."""
        self._put(self._depth, f"{key}: {value}", remark)

    def open(self, key: str) -> None:
        """A key whose values follow, deeper."""
        self._put(self._depth, f"{key}:")
        self._depth += 1

    def close(self) -> None:
        """Ends the innermost key."""
        self._depth -= 1

    def item(self, text: str, remark: str = "") -> None:
        """An item of a list, or the first key of one."""
        self._put(self._depth, f"- {text}", remark)

    def more(self, text: str, remark: str = "") -> None:
        """A further key of the item."""
        self._put(self._depth, f"  {text}", remark)

    def deeper(self, text: str, remark: str = "", *, first: bool = False) -> None:
        """A key of an item inside the item."""
        self._put(self._depth + 2, f"{'- ' if first else '  '}{text}", remark)

    def deepest(self, text: str) -> None:
        """An item of a list inside that."""
        self._put(self._depth + 4, f"- {text}")
