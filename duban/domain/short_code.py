"""Short codes for what goes by post (短号): seven characters that a person can read, type and say on the telephone.

The first six write a number, the seventh is a check character. The alphabet leaves out what is mistaken for something
else (0 O 1 I L); its length is a prime, so that weights 1 to 7 find every single mistyped character and every swap of
two, wherever they stand.
"""

import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 7
_BASE = len(ALPHABET)
#: how many codes there are; numbers lie below
CODES = _BASE ** (LENGTH - 1)

#: Numbers that follow each other get codes that do not look alike. Never change these: they are printed on paper.
_STRIDE, _SHIFT = 548_501_117, 214_748_357
_BACK = pow(_STRIDE, -1, CODES)

#: characters; whoever types more has typed no code
_MOST_TYPED = 60
#: dashes, spaces and what cannot be seen
_BETWEEN = frozenset({"Pd", "Zs", "Cc", "Cf"})


def short_code(number: int) -> str:
    """The code of ``number``, ``T7K2M9Q``; the same number has the same code everywhere, for good.

    ValueError for a number below 0 or from ``CODES`` on (some 887 million).
    """
    if not 0 <= number < CODES:
        raise ValueError(f"no short code for {number}")
    mixed = (number * _STRIDE + _SHIFT) % CODES
    digits = [mixed // _BASE**place % _BASE for place in range(LENGTH - 1)]
    check = -_weighed(digits) * pow(LENGTH, -1, _BASE) % _BASE
    return "".join(ALPHABET[digit] for digit in (*digits, check))


def parse_code(text: str) -> int | None:
    """The number behind a typed code; None for what is none, or mistyped.

    Small letters, full-width characters, spaces and dashes are taken as they come.
    """
    if len(text) > _MOST_TYPED:
        return None
    typed = unicodedata.normalize("NFKC", text)
    code = "".join(char for char in typed if unicodedata.category(char) not in _BETWEEN).upper()
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    digits = [ALPHABET.index(char) for char in code]
    if _weighed(digits):
        return None
    mixed = sum(digit * _BASE**place for place, digit in enumerate(digits[:-1]))
    number: int = (mixed - _SHIFT) * _BACK % CODES
    return number


def grouped(code: str) -> str:
    """As it is printed: ``T7K-2M9Q``."""
    return f"{code[:3]}-{code[3:]}"


def _weighed(digits: list[int]) -> int:
    """The sum that is 0 for a whole code that was typed rightly."""
    return sum(weight * digit for weight, digit in enumerate(digits, start=1)) % _BASE
