"""Numbers as offices write them: 15, 十五, 廿, 两, 半, 二○二一."""

import re

_DIGITS = {
    **{char: value for value, char in enumerate("〇一二三四五六七八九")},
    "零": 0,
    "两": 2,
    "O": 0,
    "o": 0,
    "○": 0,
}

#: A small number, in digits or Chinese.
NUMBER = r"(?:\d{1,4}|[一二两三四五六七八九十百]{1,5})"
#: A year of four digits, or of four Chinese ones.
YEAR = r"(?:(?:19|20)\d\d|[一二][〇零九Oo0][〇零一二三四五六七八九Oo0-9]{2})"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY = r"(?:[12]\d|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"


def number(text: str) -> int:
    """The value of ``NUMBER``, ``MONTH`` or ``DAY``."""
    if text.isdecimal() and text.isascii():
        return int(text)
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = 100 * (_DIGITS.get(hundreds, 1) if hundreds else 0)
    if ten:
        return value + 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    return value + _DIGITS.get(rest, 0)


def year(text: str) -> int:
    """The value of ``YEAR``."""
    digits = re.sub(r"\D", lambda found: str(_DIGITS.get(found[0], 0)), text)
    return int(digits)
