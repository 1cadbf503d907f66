"""From a fact's characters in the notice to its line in the definition, and back: by what the comments say. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from duban.drafting.facts import Facts, Quote
from duban.drafting.lines import comment, scalar

#: What kind of fact a stretch is: it gives the colour.
SORTS = ("clause", "head", "who", "deadline", "material", "receiver", "requirement", "contact")
_COMMENT = re.compile(r"第\d+行第\d+列：“.*”")


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A fact in the notice, and where the definition has it."""

    #: of the characters in the notice, from 0
    start: int
    end: int
    sort: str
    #: the lines of the definition that name it, from 1
    lines: tuple[int, ...]


def traces(facts: Facts, definition: str) -> list[Trace]:
    """The facts that the definition still names, in the order of the notice; a wider one before those within it."""
    text = definition.split("\n")
    lines: dict[str, list[int]] = {}
    for number, line in enumerate(text, 1):
        if found := _COMMENT.search(line):
            lines.setdefault(found[0], []).append(number)
    found_at: dict[tuple[int, int], Trace] = {}
    for sort, value, quote in _quotes(facts):
        named = lines.get(comment(quote)) or (_with_words(text, value) if sort == "requirement" else [])
        if named and (quote.start, quote.end) not in found_at:
            found_at[quote.start, quote.end] = Trace(start=quote.start, end=quote.end, sort=sort, lines=tuple(named))
    return sorted(found_at.values(), key=lambda it: (it.start, -it.end))


def _with_words(text: list[str], words: str) -> list[int]:
    """The lines of a requirement: they carry the printed words themselves."""
    wanted = f"text: {scalar(words)}}}"
    return [number for number, line in enumerate(text, 1) if wanted in line]


def _quotes(facts: Facts) -> Iterator[tuple[str, str, Quote]]:
    """Every quote with its sort and the value that it stands for."""
    yield from (("head", value, quote) for value, quote in facts.quotes.items())
    yield from (("head", basis.title, basis.quote) for basis in facts.basis)
    for one in facts.obligations:
        for value, quote in one.quotes.items():
            yield _sort(value, one.who, one.deliverables, one.requirements), value, quote
    yield from (("contact", value, quote) for one in facts.contacts for value, quote in one.quotes.items())


def _sort(value: str, who: tuple[str, ...], materials: tuple[str, ...], requirements: tuple[str, ...]) -> str:
    if value in ("clause", "deadline"):
        return value
    known = ((who, "who"), (materials, "material"), (requirements, "requirement"))
    return next((sort for values, sort in known if value in values), "receiver")
