"""Whether two labels (a column, a field, a heading) say the same, though people write them a little differently."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache

#: beyond so many letters a cell or a line is text, not a label
LONGEST_LABEL = 60
#: the share of letters in common from which two labels are one
ALIKE = 0.8

_BRACKETED = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_HAN_NUMBER = "一二三四五六七八九十百"
_NUMBERING = re.compile(
    rf"\s*(?:第[{_HAN_NUMBER}\d]+(?:部分|章|节|条)[、.:]?|[{_HAN_NUMBER}]+[、.]|\([{_HAN_NUMBER}\d]+\)[、.]?"
    r"|\d{1,2}(?:\.\d{1,2})+[.、]?|\d{1,2}(?:[.、)]|\s+))\s*"
)
#: words that forms use for each other; the first stands for both
SAME_WORDS = (
    ("填表", "填报"),
    ("全称", "名称"),
    ("出生日期", "出生年月"),
    ("邮箱", "邮件"),
    ("电话", "手机"),
)


class Likeness(IntEnum):
    """How two labels are alike, the surest first."""

    SAME = 0
    #: same but for remarks in brackets and words that forms use for each other
    NEARLY = 1
    #: one holds the other
    PART = 2
    SIMILAR = 3


def plain(text: str) -> str:
    """One way of writing: NFKC (full-width digits, Kangxi radicals from PDF)."""
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """Letters, digits and Han characters alone."""
    return letters_of(text)


def letters_of(text: str) -> str:
    """The same for a long text, which nobody asks for twice."""
    return "".join(letter for letter in plain(text).casefold() if letter.isalnum())


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Squeezed, without remarks in brackets and with one word for those that mean the same."""
    found = squeezed(_BRACKETED.sub("", plain(text)))
    for kept, other in SAME_WORDS:
        found = found.replace(other, kept)
    return found


def unnumbered(text: str) -> str:
    """A heading without ``一、``, ``（一）``, ``1.``, ``第一部分``."""
    found = plain(text).strip()
    while (numbering := _NUMBERING.match(found)) and numbering.end() < len(found):
        found = found[numbering.end() :]
    return found


def numbering_of(text: str) -> str:
    """The style of a line's number: ``一、``, ``(一)``, ``1.``, the same for every number; empty without one."""
    numbering = _NUMBERING.match(plain(text))
    return re.sub(rf"[{_HAN_NUMBER}]+", "一", re.sub(r"\d+", "1", numbering[0].strip())) if numbering else ""


def likeness(label: str, text: str) -> Likeness | None:
    """How far ``text`` says what ``label`` says; None where it does not."""
    if len(text) > LONGEST_LABEL + len(label):
        return None
    one, other = squeezed(label), squeezed(text)
    if not one or not other:
        return None
    return Likeness.SAME if one == other else _loosely(bare(label) or one, bare(text) or other)


def _loosely(one: str, other: str) -> Likeness | None:
    if one == other:
        return Likeness.NEARLY
    short, long = sorted((one, other), key=len)
    if len(short) >= 2 and short in long and len(long) <= 3 * len(short) + 4:
        return Likeness.PART
    # most of the letters must be shared: lengths alone rule most pairs out
    if len(short) < 4 or len(short) < ALIKE * len(long) - 1:
        return None
    return Likeness.SIMILAR if SequenceMatcher(None, one, other).ratio() >= ALIKE else None


def paired(labels: Sequence[str], texts: Sequence[str]) -> dict[str, tuple[int, Likeness]]:
    """For each label that is found, where and how surely; each place is taken once, the surest pairs first."""
    pairs = sorted(
        (like, row, column)
        for row, label in enumerate(labels)
        for column, text in enumerate(texts)
        if (like := likeness(label, text)) is not None
    )
    found: dict[str, tuple[int, Likeness]] = {}
    taken: set[int] = set()
    for like, row, column in pairs:
        if labels[row] not in found and column not in taken:
            found[labels[row]] = (column, like)
            taken.add(column)
    return found
