"""One act with what it needs, as a form: its values, and what was typed into it. Pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from duban.domain.errors import InputRefused
from duban.papers.texts import printable

#: Characters of a reason, and of a line.
MOST_WORDS, MOST_LINE = 2000, 100


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to fill in."""

    name: str
    label: str
    #: ``words`` (several lines), ``choice``, ``tick``, or the type of an input: ``text``, ``date``, ``number``
    kind: str = "text"
    required: bool = False
    #: what stands in it; of a tick, empty: not ticked
    value: str = ""
    hint: str = ""
    #: of a choice: value and words
    choices: tuple[tuple[str, str], ...] = ()
    #: the first day, or the least number
    least: str = ""

    @property
    def most(self) -> int:
        """Characters."""
        return MOST_WORDS if self.kind == "words" else MOST_LINE


@dataclass(frozen=True, kw_only=True)
class ActForm:
    """A page with one button."""

    title: str
    #: name and address of the pages above; the last has none
    trail: tuple[tuple[str, str], ...]
    #: what is to be known before one presses
    about: str
    #: where it is posted
    url: str
    fields: tuple[Field, ...] = ()
    button: str
    #: where one goes who does not want to
    back: str
    #: what it is about, where it is about several
    names: tuple[str, ...] = ()
    #: what is posted besides
    hidden: tuple[tuple[str, str], ...] = ()
    #: why it was refused
    problem: str = ""

    def again(self, typed: Mapping[str, str], problem: str) -> "ActForm":
        """The same with what was typed, and why it was refused."""
        fields = tuple(replace(field, value=typed.get(field.name, "")) for field in self.fields)
        return replace(self, fields=fields, problem=problem)


def words_typed(typed: Mapping[str, str], name: str, label: str, *, most: int = MOST_WORDS) -> str:
    """A text without what nobody can read; InputRefused where it is too long."""
    text = printable(typed.get(name, "")).strip()
    if len(text) > most:
        raise InputRefused(f"{label}请在{most}字以内", f"{label}: {most} characters at most")
    return text


def line_typed(typed: Mapping[str, str], name: str, label: str) -> str:
    """A text on one line; InputRefused where it is too long."""
    return " ".join(words_typed(typed, name, label, most=MOST_LINE).split())


def day_typed(typed: Mapping[str, str], name: str, label: str) -> date | None:
    """A day as a date field gives it; None: nothing typed; InputRefused."""
    text = unicodedata.normalize("NFKC", typed.get(name, "")).strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputRefused(f"{label}请写成 2021-10-15 的形式", f"{label}: write it as 2021-10-15") from error


def number_typed(typed: Mapping[str, str], name: str, label: str) -> int | None:
    """A small number; None: nothing typed; InputRefused."""
    return number_in(typed.get(name, ""), label)


def number_in(text: str, label: str) -> int | None:
    """The number that a text is."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) < 5):
        raise InputRefused(f"{label}请填数字", f"{label} is no number")
    return int(plain)
