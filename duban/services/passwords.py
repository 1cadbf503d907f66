"""Passwords and 口令: argon2id. The same work is done whether there is something to compare with or not."""

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher


def hash_password(password: str) -> str:
    """What is stored."""
    return _hasher().hash(password)


def fits(password: str, stored: str) -> tuple[bool, str]:
    """Whether it is the one; and, where it is and deserves a stronger hash now, that (else empty).

    ``stored`` empty: there is none, which takes as long to find out.
    """
    is_it, anew = _hasher().verify_and_update(password, stored or _nobodys())
    return is_it and bool(stored), (anew or "") if is_it and stored else ""


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobodys() -> str:
    """The hash of a password that nobody has."""
    return hash_password("—")
