"""What a drafted definition leaves to a person: the lines that are marked 待确认, and how they are settled. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: What stands in the place of the mark when a person has looked at it.
SETTLED = "已核对"
_MARK = "待确认"
_OPEN = re.compile(rf"{_MARK}(?=：|\s*(?:[\"'}}\]]\s*)*$)")


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """One line that a person must look at."""

    #: from 1
    line: int
    indent: str
    #: the line without indentation and comment; empty where it is a comment
    value: str
    #: why it is doubtful, or what the notice says, in words
    reason: str
    #: the value itself is a placeholder: it must be written, not only confirmed
    is_placeholder: bool


def doubts(text: str) -> list[Doubt]:
    """The doubtful lines in order."""
    return [found for number, line in enumerate(text.split("\n"), 1) if (found := _doubt(number, line))]


def _doubt(number: int, line: str) -> Doubt | None:
    indent, value, comment = parted(line)
    if not (_OPEN.search(value) or _OPEN.search(comment)):
        return None
    reason = (comment if _OPEN.search(comment) else value).partition(_MARK)[2].lstrip("：")
    is_placeholder = bool(re.fullmatch(rf"[\w-]+:\s*[\"']?{_MARK}[\"']?|(?:- )?name:\s*[\"']?{_MARK}[\"']?", value))
    return Doubt(
        line=number,
        indent=indent,
        value=value,
        reason=reason.strip().strip("\"'}") or "请核对",
        is_placeholder=is_placeholder,
    )


def parted(line: str) -> tuple[str, str, str]:
    """Indentation, value and comment (with its ``#``) of a line as drafts have them."""
    body = line.lstrip(" ")
    indent = line[: len(line) - len(body)]
    at = 0 if body.startswith("#") else body.find("  # ")
    if at < 0:
        return indent, body.rstrip(), ""
    return indent, body[:at].rstrip(), body[at:].strip()


def settled(text: str, *, sure: frozenset[int], values: Mapping[int, str]) -> str:
    """The text with doubts settled: lines in ``sure`` lose their mark, those in ``values`` get a new value.

    A placeholder stays one until a value is written. A value is one line; breaks in it become spaces.
    """
    return "\n".join(_settled(line, number, sure, values) for number, line in enumerate(text.split("\n"), 1))


def _settled(line: str, number: int, sure: frozenset[int], values: Mapping[int, str]) -> str:
    if number in values:
        indent, old, comment = parted(line)
        value = " ".join(values[number].split())
        if value and value != old:
            line = f"{indent}{value}" + (f"  {comment}" if comment else "")
    if number in sure:
        return _marked(line)
    return line


def _marked(line: str) -> str:
    indent, value, comment = parted(line)
    if _OPEN.search(comment):
        comment = _OPEN.sub(SETTLED, comment)
    elif not re.search(rf":\s*[\"']?{_MARK}[\"']?$", value):
        value = _OPEN.sub(SETTLED, value)
    return f"{indent}{value}" + (f"  {comment}" if comment and value else comment)
