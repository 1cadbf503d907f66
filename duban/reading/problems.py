"""Problems of a text that people write: where, what, what to do, and the line as it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from duban.domain.errors import InputRefused
from duban.domain.soundness import Severity
from duban.reading.tables import line as fault_line
from duban.reading.tables import shown

#: characters of a source line that are quoted
QUOTED = 160
#: characters of an explanation; a name in it may be long
SAID = 400
#: What YAML takes for the end of a line.
_LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """A place in a text: line and column, both from 1; a column is a character, whatever its width."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One problem; ``str(problem)`` is its one line."""

    file: str
    line: int
    col: int
    zh: str
    #: what to do; may be empty
    hint: str = ""
    severity: Severity = "error"
    #: the source line, without control characters, a tab as →; a long one is cut around the place
    source: str = ""

    def __str__(self) -> str:
        text = self.zh if self.severity == "error" else f"提示：{self.zh}"
        return fault_line(f"{self.file}:{self.line}:{self.col}", text, self.hint)

    @property
    def quoted(self) -> str:
        """The problem with the source line under it."""
        return f"{self}\n    {self.source}" if self.source.strip() else str(self)


class DefinitionRefused(InputRefused):
    """A definition is wrong: ``problems`` has all of them in the file's order, warnings too."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        errors = [problem for problem in problems if problem.severity == "error"]
        more = f"；另有 {len(errors) - 1} 处须修改" if len(errors) > 1 else ""
        super().__init__(f"{errors[0]}{more}", f"{len(errors)} problem(s) in the definition; the first: {errors[0]}")
        self.problems = list(problems)


def in_one_line(text: str) -> str:
    """A value or a name fit to be repeated in an explanation: one line, not long, no control characters."""
    return shown(" ".join(text.split()))


class Source:
    """A text and its name, as problems quote them."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._lines = _LINE_ENDS.split(text)

    def problem(self, place: Place, zh: str, hint: str = "", severity: Severity = "error") -> Problem:
        """A problem at ``place``; a place behind the end is moved to the last line, words are kept to one line."""
        at = min(place.line, len(self._lines))
        zh, hint = (shown(words.replace("\n", " "), SAID) for words in (zh, hint))
        source = self._quote(self._lines[at - 1], place.column)
        return Problem(file=self.name, line=at, col=place.column, zh=zh, hint=hint, severity=severity, source=source)

    def lines_up_to(self, number: int) -> list[str]:
        """The lines from the first to ``number``."""
        return self._lines[:number]

    def place_of(self, offset: int) -> Place:
        """The place of a character, counted from 0."""
        before = _LINE_ENDS.split(self.text[:offset])
        return Place(line=len(before), column=len(before[-1]) + 1)

    @staticmethod
    def _quote(source: str, column: int) -> str:
        start = max(0, column - QUOTED // 2) if len(source) > QUOTED else 0
        return shown(source[start:].rstrip().replace("\t", "→"), QUOTED)
