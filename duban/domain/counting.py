"""字数 as Word and WPS count it, in a Chinese document.

Each Han character counts 1, each full-width mark 1, each run of other letters and digits 1, whatever half-width marks
stand inside the run: ``1,500``, ``3.5``, ``e-mail`` and ``http://a.cn/b`` are one each. Spaces count nothing, the
full-width one neither.

Two things that a program must choose:
- Marks that Unicode leaves open (``“ ” ‘ ’ … — · × ① ℃``) are full-width here, as Chinese fonts draw them and as Word
  counts them in Chinese text: ``……`` and ``——`` are 2 each, ``3—5`` is 3.
- Half-width marks that stand alone (``你好 , 世界``) count nothing, as offices count; Word takes a run of them for a
  word.

So a text never counts less for having one more character.
"""

import re
import unicodedata

#: open ones below U+2000 that Chinese fonts draw as wide as a Han character
_OPEN = frozenset("·×÷±§")
#: where emoji begin: wide, but Word counts a run of them as one word
_EMOJI = range(0x1F000, 0x20000)
_RUN = re.compile(r"[lm]+")


def words(text: str) -> int:
    """The 字数 of ``text``; never negative, and the sum over lines is that of the whole."""
    kinds = text.translate(_KINDS)
    return kinds.count("w") + sum("l" in run for run in _RUN.findall(kinds))


class _Kinds(dict[int, str]):
    """A letter for each character: w counts 1, l makes a word, m only belongs to one, blank parts, empty is nothing."""

    def __missing__(self, code: int) -> str:
        kind = self[code] = _kind(chr(code))
        return kind


def _kind(character: str) -> str:
    category, width = unicodedata.category(character), unicodedata.east_asian_width(character)
    if character.isspace() or category == "Cc":
        return " "
    if category in ("Cf", "Mn", "Me"):  # unseen, or part of the character before
        return ""
    if ord(character) in _EMOJI:
        return "l"
    if width in "WFH" or character in _OPEN or (width == "A" and ord(character) >= 0x2000 and category[0] in "PSN"):
        return "w"
    return "l" if category[0] in "LNM" or category == "So" else "m"


_KINDS = _Kinds()
