"""What became of one attempt to deliver one message."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Brake:
    """What an answer says of the account that sent, not of the mail: hold it, slow it down, or stop it."""

    #: what happened and what repairs it, for people
    zh: str
    en: str
    #: nothing leaves by this account for so long
    hold: timedelta | None = None
    #: how long after the second, the third such answer of one day; after the last of them, until tomorrow.
    #: Empty: always ``hold``
    then: tuple[timedelta, ...] = ()
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
    #: the pauses after its second, its third try; after the last of them, the next day. Empty: always ``pause``
    then: tuple[timedelta, ...] = ()
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
