"""Names and lists inside sentences: short, and without signs that would turn a line around."""

import unicodedata
from collections.abc import Sequence

#: letters of a name that are shown, and things that are listed, before an ellipsis
LONGEST = 40
MOST = 5

_INNER = str.maketrans("“”", "‘’")


def shown(name: str) -> str:
    """A name from outside as it may stand in a sentence: on one line, the middle of a long one left out."""
    plain = in_line(name)
    if len(plain) <= LONGEST:
        return plain or "未命名文件"
    return f"{plain[: LONGEST - 13]}…{plain[-12:]}"


def in_line(text: str) -> str:
    """On one line, without control signs."""
    return "".join(letter for letter in text if not _turns_lines(unicodedata.category(letter))).strip()


def _turns_lines(category: str) -> bool:
    return category[0] == "C" or category in ("Zl", "Zp")


def listed(names: Sequence[str]) -> str:
    """``甲、乙、丙``; many are cut: ``甲、乙、丙、丁、戊等8个``."""
    few = "、".join(shown(name) for name in names[:MOST])
    return few if len(names) <= MOST else f"{few}等{len(names)}个"


def quoted(*words: str) -> str:
    """``“甲”“乙”``, as Chinese lists quoted words; quotation marks inside become single ones."""
    return "".join(f"“{shown(word).translate(_INNER)}”" for word in words)
