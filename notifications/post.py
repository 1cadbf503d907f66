"""The one way out: yagmail as transport, one recipient a message, one attempt a call.

yagmail composes nothing here and repeats nothing: its ``send`` would log in for every mail and, when the answer
is lost, deliver up to three copies. We use its login and its connection, and judge the answer ourselves.
What it lets through are OSErrors; those that carry a server's answer have ``smtp_code`` and ``smtp_error``.
"""

import ssl
from email.message import EmailMessage
from email.policy import SMTP
from time import monotonic
from types import TracebackType
from typing import Any, Protocol, Self

import yagmail  # noqa: TID251 - this is the module that may

from duban.domain.errors import Temporary
from notifications.account import Account, AccountRefused, unreachable
from notifications.clean import is_mailbox, one_line
from notifications.conversation import conversing
from notifications.line import FRESH, Line, NotOpened
from notifications.outcome import Brake, Deferred, Failed, Outcome, Sent, Unknown
from notifications.patience import Patience

__all__ = [
    "Account",
    "AccountRefused",
    "Brake",
    "Carrier",
    "Deferred",
    "Failed",
    "Outcome",
    "Post",
    "Rehearsal",
    "Sent",
    "Unknown",
]


class Carrier(Protocol):
    """What takes mails out: ``Post``, or ``Rehearsal``."""

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome: ...
    def probe(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Rehearsal:
    """Takes every mail, keeps none: for replays without a mail server."""

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
        return Sent()

    def probe(self) -> None:
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class Post:
    """A way out by one account; logs in at the first mail. Belongs to one thread.

    >>> with Post(account) as post:
    ...     post.deliver(message, "clerk@city.example")
    """

    def __init__(self, account: Account, *, tls: ssl.SSLContext | None = None) -> None:
        """``tls``: another context than the system's (a test's own authority)."""
        #: mails per connection; read at each mail, so that it may be shortened while a line is open
        self.per_connection: int = account.per_connection
        self._account = account
        self._tls = tls
        self._patience = Patience(account.timeout)
        self._line: Line | None = None
        self._silent_until = 0.0
        self._refusal: AccountRefused | None = None

    def __enter__(self) -> Self:
        """A new batch: an account that was refused may be asked once more."""
        self._refusal = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
        """Hand over one message for one recipient: at most one DATA that is answered, never a second copy.

        A connection that the server has dropped meanwhile is noticed before DATA, and renewed once.
        It ends within thrice the account's ``timeout``, whatever the server does.
        AccountRefused: the account does not work; nothing was delivered, and this batch asks no more.
        """
        if not is_mailbox(to):
            return Failed(reason=f"收件地址不正确：{one_line(to)}", permanent=True)
        raw = message if isinstance(message, bytes) else message.as_bytes(policy=SMTP)
        self._hang_up_if_worn()
        self._patience.begin()
        reused = self._line is not None
        outcome = self._attempt(raw, to)
        if outcome is None and reused:
            outcome = self._attempt(raw, to)
        return outcome or Deferred(reason="与邮件服务器的连接中断，邮件尚未发出")

    def probe(self) -> None:
        """Connect, log in, ask whether our sender is taken; nothing is sent.

        AccountRefused; Temporary when the server is not there, or holds us off.
        """
        self._patience.begin()
        try:
            outcome = self._open_line().try_sender()
        except NotOpened as failure:
            raise Temporary(failure.outcome.reason) from failure
        except OSError as error:
            self._hang_up()
            raise Temporary(unreachable(self._account, one_line(str(error))).reason) from error
        if isinstance(outcome, Failed):
            raise AccountRefused(outcome.reason)
        if outcome and outcome.brake and outcome.brake.stop:
            raise AccountRefused(f"{outcome.reason}。{outcome.brake.zh}", outcome.brake.en)
        if outcome:
            raise Temporary(outcome.reason)

    def _attempt(self, raw: bytes, to: str) -> Outcome | None:
        """None: the connection was lost before the text left, nothing has happened."""
        if self._refusal is not None:
            raise self._refusal
        if self._line is None and monotonic() < self._silent_until:
            return unreachable(self._account, "刚才没有应答")
        try:
            outcome = self._open_line().hand_over(raw, to)
        except NotOpened as failure:
            self._silent_until = monotonic() + FRESH
            return failure.outcome
        if _ends_the_line(outcome):
            self._hang_up()
        return outcome

    def _open_line(self) -> Line:
        """The line that is open, or a new one. AccountRefused, NotOpened."""
        if self._line is None:
            try:
                self._line = Line(_client(self._account, self._tls, self._patience), self._account, self._patience)
            except AccountRefused as refusal:
                self._refusal = refusal
                raise
        return self._line

    def _hang_up_if_worn(self) -> None:
        if self._line is not None and self._line.is_worn(self.per_connection):
            self._hang_up()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None


def _ends_the_line(outcome: Outcome | None) -> bool:
    """Lost, or an answer that is about us: what follows begins anew."""
    if isinstance(outcome, Deferred):
        return outcome.brake is not None
    return outcome is None or isinstance(outcome, Unknown)


class _Client(yagmail.SMTP):  # type: ignore[misc] # yagmail has no types
    """yagmail, tamed: verified TLS, an end to waiting, one login attempt, no log handler, no guessing of names."""

    @property
    def connection(self) -> Any:
        return conversing(super().connection)


def _client(account: Account, tls: ssl.SSLContext | None, patience: Patience) -> Any:
    context = None if account.tls == "none" else tls or ssl.create_default_context()
    secured: dict[str, Any] = {"context": context} if account.tls == "ssl" else {}
    client = _Client(
        account.user or account.sender,
        account.secret,
        host=account.host,
        port=account.port,
        smtp_ssl=account.tls == "ssl",
        smtp_starttls={"context": context} if account.tls == "starttls" else False,
        smtp_skip_login=not account.user,
        soft_email_validation=False,
        patience=patience,
        # else the resolver is asked for our own name, which takes seconds on an office network
        local_hostname=account.sender.partition("@")[2],
        **secured,
    )
    # a login name without @ would become one at gmail.com
    client.user = account.user
    client.set_logging(None)
    return client
