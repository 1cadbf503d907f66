"""SMTP as yagmail's connection speaks it; but waiting has an end, a login is one attempt, and the step is known."""

import binascii
import socket
import ssl
from functools import cache
from typing import Any

from notifications.answer import Step, answer_of
from notifications.patience import Answers, Patience
from notifications.replies import says_more

#: Bytes handed to the socket at once: one TLS record, so that each waits within the patience.
_PIECE = 16 * 1024
#: RFC 5321 4.1.4: a server that does not know EHLO says one of these; then HELO is spoken.
_NO_EHLO = frozenset({500, 501, 502, 504, 550})
#: How we log in, the plainest first; the first that a server offers is the only one tried: each try counts there.
_LOGINS = ("PLAIN", "LOGIN", "CRAM-MD5")

#: yagmail's connection class comes in below, when it is known.
_Plain: Any = object


class TurnedAway(OSError):
    """An answer with which there is no going on; carries it as the connection's own errors do."""

    def __init__(self, code: int, said: bytes) -> None:
        super().__init__(said)
        self.smtp_code = code
        self.smtp_error = said


class Conversation(_Plain):  # type: ignore[misc] # a class that is known at run time only
    """One connection; ``step`` says how far it has come.

    It raises OSErrors, and UnicodeEncodeError for a login name or secret that is not ASCII.
    """

    file: Answers | None

    def __init__(self, *args: Any, patience: Patience, **more: Any) -> None:
        self.step = Step.CONNECT
        self._patience = patience
        super().__init__(*args, **more)

    def connect(self, host: str = "localhost", port: Any = 0, source_address: Any = None) -> Any:
        """The host's addresses in turn, within one patience; the certificate is checked for the host's name."""
        failure = OSError("no address")
        for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            # once for the connection, once for its encryption
            self.timeout = self._left() / 2
            try:
                return super().connect(address[0], port, source_address)
            except OSError as error:
                if not _out_of_reach(error):
                    raise
                failure = error
        raise failure

    def ehlo(self, name: str = "") -> Any:
        """HELO follows only where EHLO is not known: what turns us away is not asked again in other words."""
        self.step = Step.EHLO
        code, said = super().ehlo(name)
        if not 200 <= code < 300 and (code not in _NO_EHLO or says_more(answer_of(code, said), self.step)):
            raise TurnedAway(code, said)
        return code, said

    def starttls(self, *args: Any, **more: Any) -> Any:
        self.step = Step.STARTTLS
        return super().starttls(*args, **more)

    def login(self, user: str, password: str, *, initial_response_ok: bool = True) -> Any:
        """One attempt: a server counts each, and bans the address after a few."""
        self.ehlo_or_helo_if_needed()
        self.step = Step.AUTH
        offered = self.esmtp_features.get("auth", "").upper().split()
        if chosen := [name for name in _LOGINS if name in offered]:
            self.esmtp_features["auth"] = chosen[0]
        try:
            return super().login(user, password, initial_response_ok=initial_response_ok)
        except binascii.Error as error:
            self.close()
            raise ConnectionError("challenge that cannot be read") from error

    def mail(self, *args: Any) -> Any:
        self.step = Step.MAIL
        return super().mail(*args)

    def rcpt(self, *args: Any) -> Any:
        self.step = Step.RCPT
        return super().rcpt(*args)

    def data(self, msg: bytes) -> Any:
        self.step = Step.DATA
        return super().data(msg)

    def send(self, s: bytes | str) -> None:
        """Piece by piece, so that a server that reads slowly is given up too."""
        if len(s) <= _PIECE:
            super().send(s)
            return
        for start in range(0, len(s), _PIECE):
            self.sock.settimeout(self._left())
            super().send(s[start : start + _PIECE])

    def getreply(self) -> Any:
        if self.file is None:
            self.file = Answers(self.sock, self._patience)
        self.file.expect()
        code, said = super().getreply()
        if code == 354 and self.step is Step.DATA:
            self.step = Step.DOT
        if self.step is Step.STARTTLS:
            # what follows is encrypted by the socket itself
            self.sock.settimeout(self._left())
        return code, said

    def _left(self) -> float:
        return self._patience.left(self._patience.next_end())


def _out_of_reach(error: OSError) -> bool:
    """No connection came about: the host's next address may do."""
    return isinstance(error, TimeoutError) or (error.errno is not None and not isinstance(error, ssl.SSLError))


@cache
def conversing(plain: Any) -> Any:
    """yagmail's connection class, with our ways."""
    return type("Conversing", (Conversation, plain), {})
