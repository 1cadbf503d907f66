"""File names as people give them, made harmless: kept readable, shown anywhere, saved on any system.

A name is for display and for archives only; where a file lies is its hash (``duban.store``).
"""

import re
import unicodedata
from collections.abc import Collection

#: Bytes of UTF-8 that a file name may have on common file systems.
LONGEST = 255
#: What is left without a name is called this.
UNNAMED = "未命名"
#: An ending of more bytes than this is no ending, and may be cut.
LONGEST_ENDING = 20
#: What Windows takes for something else, and the full-width marks that look alike.
_LOOK_ALIKE = str.maketrans('<>:"|?*', "＜＞：＂｜？＊")
#: Unseen: zero-width, or they turn the direction of what follows. U+200C and U+200D join letters, and stay.
_UNSEEN = frozenset("\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2060\ufeff\ufff9\ufffa\ufffb")
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x2070))))
#: Devices of Windows, with any ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


def clean(name: str) -> str:
    """A name fit to be shown and saved: the last part of a path, without unseen or turning characters.

    What Windows forbids becomes a full-width mark, a device (``CON.docx``) gets ``_`` before it, and a long name is
    cut to 255 bytes before its ending. Never empty. A clean name stays as it is.
    """
    last = re.split(r"[/\\]", name)[-1]
    # letters and their marks may meet only when what stood between them is gone
    seen = unicodedata.normalize("NFC", "".join(map(_seen, last))).translate(_LOOK_ALIKE)
    # Windows drops dots and spaces at the end
    bare = " ".join(seen.split()).rstrip(". ") or UNNAMED
    device = _DEVICES.fullmatch(bare.partition(".")[0].rstrip())
    return _cut(f"_{bare}" if device else bare, LONGEST)


def _seen(character: str) -> str:
    """Nothing for what is unseen; a space for whatever ends a line."""
    if character in "\t\n\v\f\r\x85\u2028\u2029":
        return " "
    hidden = character in _UNSEEN or character in _TURNING or unicodedata.category(character) in ("Cc", "Cs")
    return "" if hidden else character


def distinct(name: str, taken: Collection[str]) -> str:
    """``name`` (clean), or with （2）, （3） … before its ending where another file has it; A and a are the same."""
    others = {other.casefold() for other in taken}
    stem, ending = split(name)
    found, number = name, 1
    while found.casefold() in others:
        number += 1
        mark = f"（{number}）{ending}"
        found = _cut_bytes(stem, LONGEST - len(mark.encode())) + mark
    return found


def split(name: str) -> tuple[str, str]:
    """The name before its ending, and the ending with its dot; empty where there is none."""
    stem, dot, ending = name.rpartition(".")
    is_ending = stem and ending and len(ending.encode()) < LONGEST_ENDING and " " not in ending
    return (stem, dot + ending) if is_ending else (name, "")


def _cut(name: str, most: int) -> str:
    if len(name.encode()) <= most:
        return name
    stem, ending = split(name)
    return (_cut_bytes(stem, most - len(ending.encode())) + ending).rstrip(". ")


def _cut_bytes(text: str, most: int) -> str:
    """As much of a text as fits, whole characters."""
    return text.encode()[:most].decode(errors="ignore").rstrip()
