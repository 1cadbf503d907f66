"""A server's answer, at a step of the conversation: code, words, token."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from notifications.clean import cut, one_line

#: NetEase begins its answers with such a token, and others have taken it over: ``MI:DMC``, ``DT:SPM``.
_TOKEN = re.compile(r"\b(HL|MI|RP|DT)[:：]\s?([A-Z]{3})\b", re.IGNORECASE)

#: Where in its source the TLS library was: of no use to a person.
_SOURCE = re.compile(r"\(?_ssl\.c:\d+\)?:? ?")

#: What the standard library puts before the system's words.
_CLOSED = "Connection unexpectedly closed: "


class Step(Enum):
    """Where a conversation stands, in its order."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    #: the server has not yet said that it takes the text: nothing has left
    DATA = "data"
    #: it has: what is lost from here on may have arrived
    DOT = "dot"


#: The line is not yet ours: what is said here is never said of a mail.
OPENING = frozenset({Step.CONNECT, Step.EHLO, Step.STARTTLS, Step.AUTH})
#: What is said here may be said of a mail.
MAILING = frozenset(Step) - OPENING


@dataclass(frozen=True)
class Answer:
    """What a server said; code 0 and the system's words where none spoke, -1 where it spoke no SMTP."""

    code: int
    #: all it said, as one line
    words: str

    @property
    def is_refusal(self) -> bool:
        return 400 <= self.code < 600

    @cached_property
    def token(self) -> str:
        """The provider's token, e.g. ``MI:DMC``; empty without one."""
        found = _TOKEN.search(self.words)
        return f"{found[1]}:{found[2]}".upper() if found else ""

    @property
    def short(self) -> str:
        """Words that fit into one line of a table."""
        return cut(self.words, 100)

    def __str__(self) -> str:
        return f"{self.code} {self.short}".strip()


def answer_of(code: int, said: bytes | str) -> Answer:
    """UTF-8, or GB18030 as some send it."""
    if isinstance(said, str):
        return Answer(code, one_line(said))
    try:
        return Answer(code, one_line(said.decode()))
    except UnicodeDecodeError:
        return Answer(code, one_line(said.decode("gb18030", errors="replace")))


def answer_in(error: Any) -> Answer:
    """The server's answer in an error; a mail has one recipient, so there is one."""
    for code, said in getattr(error, "recipients", {}).values():
        return answer_of(code, said)
    code = getattr(error, "smtp_code", 0)
    # a line that is reset breaks while it is opened or while it is read: that is chance, and said alike
    return answer_of(code, error.smtp_error if code else _SOURCE.sub("", str(error)).removeprefix(_CLOSED))
