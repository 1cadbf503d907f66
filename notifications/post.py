"""The one way out: yagmail as transport, one recipient a message, one attempt a call.

yagmail composes nothing here and repeats nothing: its ``send`` would log in for every mail and, when the answer
is lost, deliver up to three copies. We use its login and its connection, and judge the answer ourselves.
What it lets through are OSErrors; those that carry a server's answer have ``smtp_code`` and ``smtp_error``.
"""

import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from time import monotonic
from types import TracebackType
from typing import Any, Protocol, Self

import yagmail  # noqa: TID251 - this is the module that may

from duban.domain.errors import Temporary
from notifications.account import Account, AccountRefused, refusal
from notifications.clean import is_mailbox, one_line
from notifications.outcome import Deferred, Failed, Outcome, Sent, Unknown, answer_in, refused, token_in

__all__ = [
    "Account",
    "AccountRefused",
    "Carrier",
    "Deferred",
    "Failed",
    "Outcome",
    "Post",
    "Rehearsal",
    "Sent",
    "Unknown",
]

#: Seconds after which a connection is renewed, and for which a silent server is not asked again.
FRESH = 60


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
        self._account = account
        self._tls = tls
        self._line: _Line | None = None
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
        """Hand over one message for one recipient: at most one DATA, never a second copy.

        A connection that the server has dropped meanwhile is noticed before DATA, and renewed once.
        AccountRefused: the account does not work; nothing was delivered, and this batch asks no more.
        """
        if not is_mailbox(to):
            return Failed(reason=f"收件地址不正确：{one_line(to)}", permanent=True)
        raw = message if isinstance(message, bytes) else message.as_bytes(policy=SMTP)
        reused = self._line is not None and not self._line.is_worn
        outcome = self._attempt(raw, to)
        if outcome is None and reused:
            outcome = self._attempt(raw, to)
        return outcome or Deferred(reason="与邮件服务器的连接中断，邮件尚未发出")

    def probe(self) -> None:
        """Connect and log in; nothing is sent. AccountRefused; Temporary when the server is not there."""
        try:
            self._line = self._line or _Line(self._account, self._tls)
        except OSError as error:
            raise Temporary(self._unreachable(error).reason) from error

    def _attempt(self, raw: bytes, to: str) -> Outcome | None:
        """None: the connection was lost before DATA, nothing has happened."""
        if self._refusal is not None:
            raise self._refusal
        try:
            return self._hand_over(raw, to)
        except AccountRefused as error:
            self._refusal = error
            raise

    def _hand_over(self, raw: bytes, to: str) -> Outcome | None:
        if self._line is not None and self._line.is_worn:
            self._hang_up()
        if self._line is None and monotonic() < self._silent_until:
            return self._unreachable(OSError("刚才没有应答"))
        try:
            self._line = self._line or _Line(self._account, self._tls)
        except OSError as error:
            self._silent_until = monotonic() + FRESH
            return self._unreachable(error)
        outcome = self._line.hand_over(raw, to)
        if outcome is None or isinstance(outcome, Unknown):
            self._hang_up()
        return outcome

    def _unreachable(self, error: OSError) -> Deferred:
        """No connection, or one that the server turned down in its greeting."""
        code, words = answer_in(error)
        where = f"{self._account.host}:{self._account.port}"
        return Deferred(reason=f"邮件服务器暂时连接不上（{where}，{words}）", code=code, token=token_in(words))

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None


class _Line:
    """One connection, logged in."""

    def __init__(self, account: Account, tls: ssl.SSLContext | None) -> None:
        """Connect and log in. AccountRefused; OSError when the server is not there."""
        self._account = account
        self._opened = monotonic()
        self._handed = 0
        self._in_data = False
        self._yag = _client(account, tls)
        try:
            self._yag.login()
        except BaseException as error:
            found = refusal(error, account, self._yag.smtp)
            self.close()
            if found is not None:
                raise found from error
            raise
        self._watch_data()

    @property
    def is_worn(self) -> bool:
        """True when the next mail needs a new connection."""
        gone = self._yag.smtp.sock is None
        return gone or self._handed >= self._account.per_connection or monotonic() - self._opened > FRESH

    def hand_over(self, raw: bytes, to: str) -> Outcome | None:
        """One attempt. None: lost before DATA."""
        self._handed += 1
        self._in_data = False
        try:
            self._yag.smtp.sendmail(self._account.sender, [to], raw)
        except OSError as error:
            return self._judged(error, to)
        return Sent()

    def _judged(self, error: OSError, to: str) -> Outcome | None:
        """What an error says of the mail: refused by the recipient, by the sender, as a message; or a lost line."""
        code, words = answer_in(error)
        if hasattr(error, "recipients"):
            return refused(*error.recipients[to], at_recipient=True)
        if hasattr(error, "sender"):
            return self._sender_refused(code, words)
        if code:
            return refused(code, words, at_recipient=False)
        return Unknown(reason=f"发送后未收到应答（{words}），是否送达不明") if self._in_data else None

    def close(self) -> None:
        """Say goodbye, unless the line is dead; an error here undoes nothing."""
        smtp = self._yag.smtp
        self._yag.is_closed = True
        if smtp is None or smtp.sock is None:
            return
        with suppress(OSError):
            if self._in_data:
                smtp.close()
            else:
                smtp.quit()

    def _watch_data(self) -> None:
        """Note when DATA begins: what is lost from there on may have arrived."""
        plain = self._yag.smtp.data

        def data(raw: bytes) -> tuple[int, bytes]:
            self._in_data = True
            try:
                answer: tuple[int, bytes] = plain(raw)
            except OSError as error:
                self._in_data = not answer_in(error)[0]  # with an answer: the server did not want to begin
                raise
            self._in_data = False
            return answer

        self._yag.smtp.data = data

    def _sender_refused(self, code: int, words: str) -> Outcome:
        """5xx at MAIL speaks of our account, but for size (552) and what speaks of rates and contents (550, 554)."""
        outcome = refused(code, words, at_recipient=False)
        if isinstance(outcome, Failed) and code not in (550, 552, 554):
            sender = self._account.sender
            raise AccountRefused(
                f"邮件服务器不允许以 {sender} 发信（{code} {words}）。请把发件地址改为登录账号本身。",
                f"the server does not let us send as {sender}: make it the login address",
            )
        return outcome


def _client(account: Account, tls: ssl.SSLContext | None) -> Any:
    """yagmail, tamed: verified TLS, a timeout, no log handler, no guessing of names."""
    context = None if account.tls == "none" else tls or ssl.create_default_context()
    secured: dict[str, Any] = {"context": context} if account.tls == "ssl" else {}
    client = yagmail.SMTP(
        account.user or account.sender,
        account.secret,
        host=account.host,
        port=account.port,
        smtp_ssl=account.tls == "ssl",
        smtp_starttls={"context": context} if account.tls == "starttls" else False,
        smtp_skip_login=not account.user,
        soft_email_validation=False,
        timeout=account.timeout,
        # else the resolver is asked for our own name, which takes seconds on an office network
        local_hostname=account.sender.partition("@")[2],
        **secured,
    )
    # a login name without @ would become one at gmail.com
    client.user = account.user
    client.set_logging(None)
    return client
