"""Words that are looked for, as people type them: full or half width, any brackets, with or without 号. Pure."""

import re
import unicodedata

#: So many characters are looked for at least.
LEAST = 2
_BLANK = re.compile(r"\s+")
_BRACKETED_YEAR = re.compile(r"[〔\[（(【〈<{](\d\d)[〕\]）)】〉>}]")
#: What stands between the parts of a document number, and is often left out or written otherwise.
_BETWEEN = re.compile(r"[^\w]|_|号|第|年")


def plain(text: str) -> str:
    """``text`` in half width and small letters, without blanks: two that people take for the same are equal."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text).casefold())


def number_key(text: str) -> str:
    """``吉教职成〔2021〕25号``, ``吉教职成[2021] 25`` and ``吉教职成2021年25号``: ``吉教职成202125``."""
    found = _BLANK.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _BETWEEN.sub("", _BRACKETED_YEAR.sub(r"20\1", found))


def is_number_of(asked: str, document_number: str) -> bool:
    """True when ``asked`` may mean a document number, or a part of it."""
    key = number_key(asked)
    return bool(key) and key in number_key(document_number)


def is_too_short(asked: str) -> bool:
    """Too little is typed to look for."""
    return len(plain(asked)) < LEAST


def spellings(asked: str) -> tuple[str, ...]:
    """The forms in which a database is asked for a part of a name: as typed, and in half and full width."""
    typed = " ".join(asked.split())
    half = unicodedata.normalize("NFKC", typed)
    wide = half.replace("(", "（").replace(")", "）")
    return tuple(dict.fromkeys((typed, half, wide, plain(typed))))
