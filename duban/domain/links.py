"""Links that let people in: how a token is made, what it opens, until when. Pure; only hashes of tokens are stored."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

#: A link of a notice is good so long after the notice's last due day.
AFTER_DUE = timedelta(days=90)
#: And so long after its last mail in any case.
AFTER_MAIL = timedelta(days=30)
#: A one-time login link.
ONCE = timedelta(minutes=30)


class Purpose(StrEnum):
    """What a link opens; also its first letter in the address."""

    #: a unit's page of one notice, for those who hand in
    UNIT = "u"
    #: what waits for the review of a unit, of one notice
    REVIEW = "r"
    #: a login, once
    LOGIN = "l"
    #: one question to a colleague about one material
    OPINION = "o"


@dataclass(frozen=True, kw_only=True)
class LinkKey:
    """What a link is for. The same key gives the same token: a mail may be composed twice."""

    purpose: Purpose
    #: small letters
    address: str
    unit: str
    notice: str
    #: grows when a link is taken away
    generation: int = 1


@dataclass(frozen=True, kw_only=True)
class Mint:
    """Makes tokens under the key of the installation."""

    #: 32 bytes, never in the database
    key: bytes = field(repr=False)
    #: the address of the pages, without a slash at its end
    base_url: str

    def token(self, link: LinkKey) -> str:
        """The token of a link: 256 bits, 43 letters."""
        said = "|".join((link.purpose, link.address, link.unit, link.notice, str(link.generation)))
        return self._signed(said)

    def login_token(self, person: int, nonce: str) -> str:
        """The token of a one-time login link; ``nonce`` is random and used once."""
        return self._signed(f"{Purpose.LOGIN}|{person}|{nonce}")

    def opinion_token(self, opinion: int, nonce: str) -> str:
        """The token of a question to a colleague; ``nonce`` is random."""
        return self._signed(f"{Purpose.OPINION}|{opinion}|{nonce}")

    def url(self, purpose: Purpose, token: str) -> str:
        """The whole address of a link."""
        return f"{self.base_url}/{purpose}/{token}"

    def _signed(self, said: str) -> str:
        return base64.urlsafe_b64encode(hmac.digest(self.key, said.encode(), "sha256")).decode().rstrip("=")


def hashed(token: str) -> str:
    """What is stored of a token: SHA-256, hex. A token has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def expiry(*, last_due: datetime | None, mailed_at: datetime) -> datetime:
    """Until when a link is good: 90 days after the last due day, and at least 30 days after the mail."""
    least = mailed_at + AFTER_MAIL
    return max(least, last_due + AFTER_DUE) if last_due else least


_WHOLE = re.compile(r"https?://[^\s\"'<>]+/[urlo]/[A-Za-z0-9_-]{20,}")
_IN_TEXT = re.compile(r"(/[urlo]/)[A-Za-z0-9_-]{20,}")


def masked(text: str) -> str:
    """The text with every token taken out: ``/u/***``."""
    return _IN_TEXT.sub(r"\1***", text)


def links_in(text: str) -> tuple[str, ...]:
    """The addresses in a text that carry a token, each once, in order."""
    return tuple(dict.fromkeys(found[0] for found in _WHOLE.finditer(text)))
