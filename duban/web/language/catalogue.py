"""The English of the pages, read once from the catalogues (``locale/en/*.po``); the Chinese sentence is the key."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[1] / "locale" / "en"


@dataclass(frozen=True)
class English:
    """One message. ``one`` and ``many`` are the same where English needs no plural."""

    one: str
    many: str

    def for_number(self, number: object) -> str:
        """The form for a number: the first place of the sentence."""
        return self.one if number in (1, "1") else self.many


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
