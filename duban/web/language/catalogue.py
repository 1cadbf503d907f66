"""The English of the pages, read once from the catalogues (``locale/en/*.po``); the Chinese sentence is the key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

#: A place in a message: ``{days}``.
PLACE = re.compile(r"\{(\w+)[^}]*\}")
FOLDER = Path(__file__).parents[1] / "locale" / "en"


@dataclass(frozen=True)
class English:
    """One message. ``one`` and ``many`` are the same where English needs no plural; their first place decides."""

    one: str
    many: str

    @property
    def number(self) -> str:
        """The name of the place that decides between one and many; empty where there is nothing to decide."""
        found = PLACE.search(self.one) if self.one != self.many else None
        return found[1] if found else ""

    def said_of(self, values: Mapping[str, object]) -> str:
        """The form that fits the values."""
        return self.one if self.number and values.get(self.number) in (1, "1") else self.many


@cache
def catalogue() -> dict[str, English]:
    """Every message with its English; ValueError for one that is there twice."""
    found: dict[str, English] = {}
    for path in sorted(FOLDER.glob("*.po")):
        for zh, english in read(path).items():
            if zh in found:
                raise ValueError(f"{path.name}: {zh!r} is in another catalogue too")
            found[zh] = english
    return found


def read(path: Path) -> dict[str, English]:
    """The messages of one file."""
    with path.open("rb") as file:
        found = read_po(file, locale="en", abort_invalid=True)
    return {_key(message.id): _english(message.string) for message in found if message.id}


def _key(zh: str | list[str] | tuple[str, ...]) -> str:
    return zh if isinstance(zh, str) else zh[0]


def _english(said: str | list[str] | tuple[str, ...] | None) -> English:
    if isinstance(said, list | tuple):
        return English(said[0], said[-1])
    return English(said or "", said or "")
