"""What became of one attempt to deliver one message, and how a server's answer is read."""

import re
from dataclasses import dataclass
from datetime import timedelta

from notifications.clean import cut, one_line

#: NetEase and others begin their answers with such a token: ``MI:DMC``, ``DT:SPM``.
_TOKEN = re.compile(r"\b[A-Z]{2}:[A-Z]{3}\b")


@dataclass(frozen=True, kw_only=True)
class Brake:
    """What an answer says of the account that sent, not of the mail: hold it, slow it down, or stop it."""

    #: what happened and what repairs it, for people
    zh: str
    en: str
    #: nothing leaves by this account for so long
    hold: timedelta | None = None
    #: nothing leaves by it before 00:30 of the next day in Shanghai (a daily quota)
    until_tomorrow: bool = False
    #: from now on half its pace
    halve: bool = False
    #: from now on half as many mails per connection
    shorten: bool = False
    #: nothing leaves by it until a person has looked
    stop: bool = False
    #: nothing leaves by any account until a person has looked: the text is taken for spam, and would be by all
    stop_all: bool = False


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The server has taken it."""


@dataclass(frozen=True, kw_only=True)
class Deferred:
    """Not delivered; trying again later may help."""

    reason: str
    #: the SMTP code; 0: no answer at all
    code: int = 0
    #: the provider's token in the answer, e.g. ``MI:DMC``
    token: str = ""
    #: what it means for the account; then the mail itself has used up no try, and may leave by another account
    brake: Brake | None = None
    #: when to try this mail again; None: after the usual pauses
    pause: timedelta | None = None
    #: so many tries in all, where they are fewer than usual
    most: int | None = None
    #: try without the attachment: too big, or of a kind that is not taken
    bare: bool = False


@dataclass(frozen=True, kw_only=True)
class Failed:
    """Not delivered; the same again does not help."""

    reason: str
    #: True: the address itself is refused, write to it no more; False: this message is
    permanent: bool
    code: int = 0
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Lost after DATA began: perhaps delivered. At most one more try, then a human."""

    reason: str


Outcome = Sent | Deferred | Failed | Unknown


def answer_words(answer: bytes | str) -> str:
    """A server's answer as one line; UTF-8, or GB18030 as some send it."""
    if isinstance(answer, str):
        return cut(one_line(answer), 100)
    try:
        return cut(one_line(answer.decode()), 100)
    except UnicodeDecodeError:
        return cut(one_line(answer.decode("gb18030", errors="replace")), 100)


def answer_in(error: BaseException) -> tuple[int, str]:
    """The server's code and words in an error; 0 and the system's words where no server spoke."""
    code: int = getattr(error, "smtp_code", 0)
    return code, answer_words(getattr(error, "smtp_error", "") if code else str(error))


def token_in(words: str) -> str:
    found = _TOKEN.search(words)
    return found.group() if found else ""


def refused(code: int, answer: bytes | str, *, at_recipient: bool) -> Outcome:
    """4xx may pass; 5xx stands: for the address where it was given to the recipient, else for the message.

    Any other code means that client and server have lost each other's thread: nobody knows.
    """
    words = answer_words(answer)
    token = token_in(words)
    if 400 <= code < 500:
        return Deferred(reason=f"对方服务器暂不接收（{code} {words}）", code=code, token=token)
    if 500 <= code < 600:
        address = at_recipient and not token  # a token speaks of our rates or contents, never of an address
        whom = "收件地址被拒" if address else "邮件被拒"
        return Failed(reason=f"{whom}（{code} {words}）", permanent=address, code=code, token=token)
    return Unknown(reason=f"服务器应答无法识别（{code} {words}），是否送达不明")
