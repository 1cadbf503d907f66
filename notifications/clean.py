"""Texts that people typed, made fit for one line of a mail: nothing in them can start a new header or row."""

import re

#: Control characters, line and paragraph separators, invisible and direction-turning marks, lone surrogates.
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]+")
_BREAKS = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]+")
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
#: What would need quoting in a display name; Python 3.11 loses the quotes when it folds a long one.
_SPECIALS = str.maketrans('()<>[]:;@,"\\', "（）〈〉［］：；＠，＂＼")


def one_line(text: str) -> str:
    """``text`` with everything unfit replaced by a space, trimmed."""
    return re.sub(" {2,}", " ", _UNFIT.sub(" ", text)).strip()


def paragraphs(text: str) -> tuple[str, ...]:
    """The lines of a longer text, each clean, none empty."""
    return tuple(filter(None, map(one_line, _BREAKS.split(text))))


def display_name(text: str) -> str:
    """A name that an address header carries without quoting."""
    return cut(one_line(text).translate(_SPECIALS), 40)


def is_mailbox(address: str) -> bool:
    """True for a plain ASCII address that every relay takes."""
    return _MAILBOX.fullmatch(address) is not None and ".." not in address


def width(text: str) -> float:
    """How wide a text is, in Han characters; ASCII counts half."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def cut(text: str, room: float) -> str:
    """``text``, or as much of it as fits into ``room`` with ``…`` at its end."""
    if width(text) <= room:
        return text
    kept = ""
    for char in text:
        if width(kept + char) > room - 1:
            break
        kept += char
    return kept.rstrip() + "…"
