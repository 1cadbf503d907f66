"""Templates in English: each Chinese run of a template's text is replaced by its English when the template is compiled.

A template is written in Chinese. Its text between tags, in the quotes of an attribute, and in the literals of an
expression is a message; the values within it are its places: ``<p>第 {{ view.page }} 页</p>`` is ``第 {page} 页``.
The Chinese templates are compiled as they are written, the English ones by an environment of their own.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jinja2 import Environment
from jinja2.ext import Extension

from duban.web.language.catalogue import English, catalogue

#: Han characters and the marks that go with them.
HAN = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
#: A statement, a comment, or the tag of an element up to its attributes' texts; what is between them is text.
_CODE = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
#: A paper of the office that stands on a page: it is Chinese in both languages.
_PAPER = re.compile(r"(\{# a paper, in Chinese #\}.*?\{# end of the paper #\})", re.DOTALL)
#: Text and values, up to a tag, a quote or a statement.
_RUN = re.compile(r'(?:\{\{.*?\}\}|[^<>"{]|\{(?![%#{]))+', re.DOTALL)
#: English written on the spot, where the same Chinese word is another elsewhere: ``退回补正{# en: Return #}``.
_SPOT = re.compile(r"[^<>\"{}]+\{# en: (.*?) #\}")
_PLACE = re.compile(r"\{\{-?(.*?)-?\}\}", re.DOTALL)
_LITERAL = re.compile(r'"([^"\\]*)"')
_TERM = re.compile(r"\.zh\b")
_IDENTIFIER = re.compile(r"[a-z_][a-z_0-9]*")
#: These say nothing of a value.
_DULL = ("date", "name", "it", "view", "frame", "text", "words")


@dataclass(frozen=True)
class Message:
    """A run of text as a message, with the expressions of its places."""

    zh: str
    places: dict[str, str]

    def said(self, words: English) -> str:
        """The run in English."""
        one, many = self._filled(words.one), self._filled(words.many)
        if not words.number:
            return many
        return f"{{% if ({self.places[words.number]}) == 1 %}}{one}{{% else %}}{many}{{% endif %}}"

    def _filled(self, words: str) -> str:
        for name, expression in self.places.items():
            words = words.replace(f"{{{name}}}", f"{{{{ {expression} }}}}")
        return words


def message_of(text: str) -> Message:
    """The message of a run of text and values."""
    places: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        expression = match[1].strip()
        if expression not in places.values():
            places[_free(_name(expression), places)] = expression
        return "{" + next(name for name, value in places.items() if value == expression) + "}"

    return Message(_PLACE.sub(named, text), places)


def _name(expression: str) -> str:
    """What a value is called: ``view.page`` is ``page``, ``card.at.date() | day(frame.now)`` is ``at``."""
    head = _LITERAL.sub("", expression.partition("|")[0])
    names = _IDENTIFIER.findall(re.sub(r"\(.*?\)|\[.*?\]", "", head))
    told = [name for name in names if name not in _DULL] or names or ["value"]
    return str(told[-1])


def _free(name: str, taken: dict[str, str]) -> str:
    number, found = 2, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def in_english(source: str) -> str:
    """A template's source with every message said in English; one without English stays as it is."""
    return _rewritten(_SPOT.sub(r"\1", source), _said, _word)


def _said(message: Message) -> str | None:
    found = catalogue().get(message.zh)
    return message.said(found) if found else None


def _word(zh: str) -> str:
    found = catalogue().get(zh)
    return found.many if found else zh


def messages(source: str) -> Iterator[str]:
    """Every message of a template, in its order, as often as it stands there."""
    found: list[str] = []

    def keep(message: Message) -> None:
        found.append(message.zh)

    def keep_word(zh: str) -> str:
        found.append(zh)
        return zh

    _rewritten(_SPOT.sub("", source), keep, keep_word)
    return iter(found)


def _rewritten(source: str, say: Callable[[Message], str | None], word: Callable[[str], str]) -> str:
    """A template with its runs of text and the literals of its expressions put through ``say`` and ``word``."""

    def expression(code: str) -> str:
        code = _LITERAL.sub(lambda m: f'"{word(m[1])}"' if HAN.search(m[1]) else m[0], code)
        return str(_TERM.sub(".en", code))

    def run(match: re.Match[str]) -> str:
        text = match[0]
        core = text.strip()
        if not HAN.search(_PLACE.sub("", core)):
            return _PLACE.sub(lambda m: expression(m[0]), text)
        message = message_of(core)
        message = Message(message.zh, {name: expression(value) for name, value in message.places.items()})
        before, after = text[: text.index(core)], text[text.index(core) + len(core) :]
        return before + (say(message) or core) + after

    def page(source: str) -> str:
        parts, at = [], 0
        for code in _CODE.finditer(source):
            parts += [_RUN.sub(run, source[at : code.start()]), expression(code[0]) if code[0][1] == "%" else code[0]]
            at = code.end()
        return "".join([*parts, _RUN.sub(run, source[at:])])

    # every other part is a paper
    return "".join(part if n % 2 else page(part) for n, part in enumerate(_PAPER.split(source)))


class InEnglish(Extension):
    """Puts every template of an environment into English before it is compiled."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return in_english(source)
