"""What a page says, in the language of its reader: whole Chinese sentences with named places, said anew in English.

The language of a request is set in one place (``Speaking``); pages that are made without one are Chinese.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any, Protocol

from markupsafe import Markup, escape
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from duban.domain.errors import DubanError
from duban.web.language.catalogue import catalogue

#: The cookie that keeps the choice.
COOKIE = "language"
#: No places.
NOTHING: Mapping[str, object] = {}


class Language(StrEnum):
    """What pages are read in; the value is that of ``<html lang>``."""

    CHINESE = "zh-CN"
    ENGLISH = "en"

    @property
    def own_name(self) -> str:
        """What it calls itself: so it stands on the switch, on pages of the other."""
        return {Language.CHINESE: "中文", Language.ENGLISH: "English"}[self]


_SPOKEN: ContextVar[Language] = ContextVar("language", default=Language.CHINESE)


def language() -> Language:
    """The language of this request."""
    return _SPOKEN.get()


def is_english() -> bool:
    """True where the page is read in English."""
    return language() is Language.ENGLISH


def speak(chosen: Language) -> None:
    """From here on this request is answered in that language."""
    _SPOKEN.set(chosen)


def chosen(request: HTTPConnection) -> Language:
    """What the reader chose; Chinese where he chose nothing, or something that we do not speak."""
    return known(request.cookies.get(COOKIE, ""))


def known(name: str) -> Language:
    """A language by its name; an unknown one is Chinese."""
    return Language.ENGLISH if name == Language.ENGLISH else Language.CHINESE


class Speaking:
    """Sets the language of a request before anything else sees it: each request is a task with a context of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            speak(chosen(HTTPConnection(scope)))
        await self.app(scope, receive, send)


def say(zh: str, /, **values: Any) -> str:
    """A sentence of a page: ``say("逾期{days}天", days=3)``. A number decides on the plural of the English."""
    words = english(zh, values) if is_english() else zh
    return words.format(**values) if values else words


def english(zh: str, values: Mapping[str, object] = NOTHING) -> str:
    """The English of a message; the Chinese where it has none yet."""
    found = catalogue().get(zh)
    return found.said_of(values) if found else zh


class Label(str):
    """A word of a table that is written down once and read in both languages: it is said when it is printed.

    To everything else it is the Chinese word.
    """

    #: its English; empty: as the catalogues have it
    en = ""

    @classmethod
    def of(cls, word: "Spoken") -> "Label":
        """A term of the domain in a table."""
        found = cls(word.zh)
        found.en = word.en
        return found

    def __str__(self) -> str:
        return (self.en or english(self[:])) if is_english() else self[:]

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __html__(self) -> Markup:
        return escape(str(self))


def label(zh: str, *, en: str = "") -> Label:
    """A word of a table: ``label("免报")``. ``en`` where the same Chinese word is another elsewhere."""
    found = Label(zh)
    found.en = en
    return found


class Spoken(Protocol):
    """A term of the domain, a warning or a refusal: it knows both of its readings."""

    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


def term(word: Spoken) -> str:
    """A term or a refusal in the language of the page."""
    return word.en if is_english() else word.zh


def heading(word: Spoken) -> str:
    """A term at the head of something."""
    return word.en[:1].upper() + word.en[1:] if is_english() else word.zh


def refusal(error: Exception) -> str:
    """The one line of a refusal in the language of the page."""
    return heading(error) if isinstance(error, DubanError) else str(error)


@contextmanager
def in_chinese() -> Iterator[None]:
    """What is made within is a paper of the office, for whoever reads the page: workbooks, drafts, words for units."""
    before = _SPOKEN.set(Language.CHINESE)
    try:
        yield
    finally:
        _SPOKEN.reset(before)
