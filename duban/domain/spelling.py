"""What a misspelt name was probably meant to be."""

from collections.abc import Collection
from difflib import get_close_matches

#: names among which the meant one is looked for, and which are listed where none is near
MOST_GUESSES = 500
MOST_LISTED = 16


def meant(name: str, known: Collection[str]) -> str:
    """One hint: the name that is near, else the names that there are; empty where there are none."""
    names = list(known)[:MOST_GUESSES]
    close = get_close_matches(name[:60], names, n=1)
    if close:
        return f"是否为 {close[0]}？"
    more = " 等" if len(names) > MOST_LISTED else ""
    return f"可写 {'、'.join(names[:MOST_LISTED])}{more}" if names else ""
