"""From a notice's file or text to facts and draft definitions. No rows: nothing is kept."""

from dataclasses import dataclass
from pathlib import Path

from duban.drafting.facts import Facts
from duban.drafting.surveying import survey
from duban.drafting.writing import definition, missing
from duban.reading.originals.caged import read_caged, text_caged


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One document of a notice, and the definition drafted from it."""

    facts: Facts
    #: YAML with a comment behind each value
    definition: str
    #: what the notice does not print and a definition wants, in Chinese
    missing: tuple[str, ...]


def draft_file(path: Path) -> list[Draft]:
    """The documents of a file (.docx, .pdf, .txt, HTML) in their order, at least one; OriginalRefused."""
    return draft_text(read_caged(path))


def original_of(data: bytes) -> str:
    """The text of a notice's bytes as they came by a form, read in a caged child; OriginalRefused."""
    return text_caged(data)


def draft_text(text: str) -> list[Draft]:
    """As ``draft_file``, for pasted text."""
    return [Draft(facts=facts, definition=definition(facts), missing=missing(facts)) for facts in survey(text)]
