"""A definition as numbered lines, each with what is wrong in it and with what a person must look at. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from duban.drafting.doubts import SETTLED, Doubt, doubts, parted
from duban.drafting.tracing import Trace
from duban.reading.definitions import Problem

#: A longer text is shown only around the lines that something is said about.
MOST_LINES = 1500
#: Errors that are listed above the text.
MOST_LISTED = 20
#: Lines before and after.
AROUND = 3
#: Characters of a line that are shown, and that may be typed into it.
LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said under a line."""

    words: str
    hint: str
    is_error: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line; ``number`` 0 stands for lines that are left out."""

    number: int
    value: str = ""
    comment: str = ""
    indent: str = ""
    said: tuple[Said, ...] = ()
    doubt: Doubt | None = None
    #: the fact of the notice that it comes from; empty: none
    fact: str = ""
    #: the whole line may be typed anew here
    may_edit: bool = False

    @property
    def text(self) -> str:
        """As it stands."""
        gap = "  " if self.value and self.comment else ""
        return f"{self.indent}{self.value}{gap}{self.comment}"

    @property
    def tone(self) -> str:
        """``error``, ``warning``, ``open`` (待确认), ``settled`` (已核对) or empty."""
        if any(one.is_error for one in self.said):
            return "error"
        if self.said or self.doubt:
            return "warning" if self.said else "open"
        return "settled" if SETTLED in self.comment else ""


@dataclass(frozen=True, kw_only=True)
class SourceView:
    """The text with all that is said of it."""

    lines: tuple[Line, ...]
    errors: int
    warnings: int
    open: int
    #: the first line to look at; 0: none
    first: int
    #: the errors, each with its line, as far as a list of them can be read
    listed: tuple[tuple[int, str], ...]

    @property
    def can_change(self) -> bool:
        """There is something to mend or to confirm in place."""
        return any(line.may_edit or line.doubt for line in self.lines)


def source_view(text: str, problems: Sequence[Problem], traces: Sequence[Trace] = ()) -> SourceView:
    """``problems`` and ``traces`` are those of ``text``."""
    said: dict[int, list[Said]] = {}
    for problem in problems:
        one = Said(words=problem.zh, hint=problem.hint, is_error=problem.severity == "error")
        said.setdefault(problem.line, []).append(one)
    asked = {doubt.line: doubt for doubt in doubts(text)}
    facts = {line: f"f{at}" for at, trace in reversed(list(enumerate(traces, 1))) for line in trace.lines}
    lines = tuple(_lines(text.split("\n"), said, asked, facts))
    looked_at = [line.number for line in lines if line.tone in ("error", "open")]
    mistaken = [line.number for line in lines if line.tone == "error"]
    return SourceView(
        lines=lines,
        errors=sum(problem.severity == "error" for problem in problems),
        warnings=sum(problem.severity != "error" for problem in problems),
        open=len(asked),
        first=(mistaken or looked_at or [0])[0],
        listed=tuple((line.number, one.words) for line in lines for one in line.said if one.is_error)[:MOST_LISTED],
    )


def _lines(
    text: Sequence[str], said: Mapping[int, list[Said]], asked: Mapping[int, Doubt], facts: Mapping[int, str]
) -> Iterator[Line]:
    near = {n + step for n in {*said, *asked} for step in range(-AROUND, AROUND + 1)}
    is_short, was_shown = len(text) <= MOST_LINES, True
    for number, line in enumerate(text, 1):
        shown = is_short or number in near or number <= AROUND
        if not shown and was_shown:
            yield Line(number=0)
        was_shown = shown
        if shown:
            indent, value, comment = parted(line[:LONGEST])
            has_error = any(one.is_error for one in said.get(number, ()))
            yield Line(
                number=number,
                indent=indent,
                value=value,
                comment=comment,
                said=tuple(said.get(number, ())),
                doubt=None if has_error else asked.get(number),
                fact=facts.get(number, ""),
                may_edit=has_error and len(line) <= LONGEST,
            )


def with_lines(text: str, typed: Mapping[int, str]) -> str:
    """The text with some lines typed anew; a line that is typed empty stays as an empty one."""
    lines = text.split("\n")
    for number, line in typed.items():
        if 0 < number <= len(lines):
            lines[number - 1] = " ".join(line.splitlines())
    return "\n".join(lines)
