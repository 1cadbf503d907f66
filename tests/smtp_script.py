"""A scripted SMTP server on loopback: every byte, every silence and every break of a conversation under control."""

import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from select import POLLRDHUP, poll
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

#: What the server does when it is spoken to: says a line (or bytes as they are), or does worse.
Turn = str | bytes | Callable[[socket.socket], None]
#: Seconds between two bytes of a slow server.
SLOW = 0.02


class Over(Exception):
    """The server ends the conversation here."""


def drop(line: socket.socket) -> None:
    """Hang up."""
    raise Over


def reset(line: socket.socket) -> None:
    """Hang up as a machine does that has lost the connection."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Over


def silence(line: socket.socket) -> None:
    """Read on, say nothing."""
    while line.recv(4096):
        pass
    raise Over


def stall(line: socket.socket) -> None:
    """Neither read nor say anything, until the other side hangs up; it cannot say so while we do not read."""
    watch = poll()
    watch.register(line.fileno(), POLLRDHUP)
    watch.poll(6_000)
    raise Over


def stalling(words: bytes) -> Turn:
    """Say this, then neither read nor say anything."""

    def turn(line: socket.socket) -> None:
        line.sendall(words)
        stall(line)

    return turn


def slowly(words: bytes, *, forever: bool = False) -> Turn:
    """Byte by byte; ``forever``: over and over again."""

    def turn(line: socket.socket) -> None:
        while True:
            for byte in words:
                line.sendall(bytes([byte]))
                time.sleep(SLOW)
            if not forever:
                return

    return turn


def endlessly(piece: bytes) -> Turn:
    """The same bytes without pause and without end."""

    def turn(line: socket.socket) -> None:
        while True:
            line.sendall(piece * 500)

    return turn


def half(words: bytes) -> Turn:
    """The beginning of a line, then nothing."""

    def turn(line: socket.socket) -> None:
        line.sendall(words)
        raise Over

    return turn


def beneath_tls(line: socket.socket) -> None:
    """Bytes that are no TLS, where TLS is spoken."""
    with socket.socket(fileno=socket.dup(line.fileno())) as bare:
        bare.sendall(b"250 this is not a record\r\n")
    silence(line)


#: What is said where the script says nothing.
USUAL: Mapping[str, str] = {
    "CONNECT": "220 test",
    "STARTTLS": "220 begin",
    "AUTH": "235 in",
    "CONTINUE": "235 in",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What reached the server, counted; a copy is a whole text with its final dot."""

    connections: int = 1
    auth: int = 0
    data: int = 0
    copies: int = 0


@dataclass
class Script:
    """What the server does at each verb, in turn, and what it has seen. After the last turn it does as usual.

    Beside the verbs: ``CONNECT`` the greeting, ``CONTINUE`` an answer to 334, ``.`` the end of a text.
    ``tls``: for the whole connection (``wrap``), or offered as STARTTLS.
    """

    turns: Mapping[str, Sequence[Turn]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    tls: ssl.SSLContext | None = None
    wrap: bool = False
    commands: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._waiting = {verb: list(turns) for verb, turns in self.turns.items()}

    def turn(self, verb: str) -> Turn:
        waiting = self._waiting.get(verb)
        return waiting.pop(0) if waiting else self._usual(verb)

    def _usual(self, verb: str) -> str:
        if verb == "EHLO":
            return "".join(f"250-{words}\r\n" for words in ("test", *self.extensions)) + "250 HELP"
        return USUAL.get(verb, "250 ok")

    @property
    def seen(self) -> Seen:
        verbs = [command.split()[0].upper() for command in self.commands if command]
        return Seen(
            connections=self.connections, auth=verbs.count("AUTH"), data=verbs.count("DATA"), copies=len(self.mails)
        )


class Server:
    """Plays a script: one thread, one connection after the other."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._is_open = True
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._is_open = False
        with socket.create_connection(("127.0.0.1", self.port)):
            pass
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            plain, _ = self._listener.accept()
            if not self._is_open:
                plain.close()
                return
            plain.settimeout(10)
            self.script.connections += 1
            # what is not SMTP at all, and a client that has gone, end the talk
            with suppress(Over, OSError, ValueError, IndexError), plain:
                _Talk(self.script, plain).go()


class _Talk:
    """One connection."""

    def __init__(self, script: Script, plain: socket.socket) -> None:
        self._script = script
        self._line = plain

    def go(self) -> None:
        if self._script.wrap:
            self._encrypt()
        try:
            self._take("CONNECT")
            while line := self._lines.readline():
                self._answer(line)
        finally:
            self._lines.close()
            self._line.close()

    @property
    def _lines(self) -> Any:
        if getattr(self, "_read_from", None) is not self._line:
            self._read_from, self._reader = self._line, self._line.makefile("rb")
        return self._reader

    def _encrypt(self) -> None:
        assert self._script.tls is not None
        self._line = self._script.tls.wrap_socket(self._line, server_side=True)

    def _answer(self, line: bytes) -> None:
        self._script.commands.append(line.decode().strip())
        verb = line.split(b":")[0].split()[0].decode().upper()
        said = self._take(verb)
        while said.startswith(b"334"):
            self._lines.readline()
            said = self._take("CONTINUE")
        if said.startswith(b"354"):
            self._script.mails.append(self._text())
            said = self._take(".")
        if verb == "STARTTLS" and said.startswith(b"220"):
            self._encrypt()
        if verb == "QUIT" or said.startswith(b"421"):
            raise Over

    def _take(self, verb: str) -> bytes:
        """Take the script's turn; answers what was said."""
        turn = self._script.turn(verb)
        if callable(turn):
            turn(self._line)
            return b""
        said = turn if isinstance(turn, bytes) else turn.encode() + b"\r\n"
        self._line.sendall(said)
        return said

    def _text(self) -> bytes:
        kept = []
        while (line := self._lines.readline()) != b".\r\n":
            if not line:
                raise Over
            kept.append(line)
        return b"".join(kept)


@contextmanager
def serving(script: Script) -> Iterator[int]:
    """The port at which the script is played."""
    server = Server(script)
    try:
        yield server.port
    finally:
        server.stop()


@contextmanager
def full() -> Iterator[int]:
    """A port where a connection never comes about: its queue is full and nobody takes from it."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        yield port


@contextmanager
def nobody() -> Iterator[int]:
    """A port at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@dataclass(frozen=True)
class Authority:
    """A certificate authority of our own, and servers that it vouches for."""

    #: its certificate, for clients
    file: Path
    #: a server named localhost
    localhost: ssl.SSLContext
    #: one of another name
    other: ssl.SSLContext
    #: one named localhost, until yesterday
    expired: ssl.SSLContext

    @property
    def trusted(self) -> ssl.SSLContext:
        """A client that knows the authority."""
        return ssl.create_default_context(cafile=str(self.file))


def authority(folder: Path) -> Authority:
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("Test Authority")
    itself = _certificate(name, key.public_key(), name, 1, ca=True).sign(key, hashes.SHA256())
    file = folder / "authority.pem"
    file.write_bytes(itself.public_bytes(serialization.Encoding.PEM))

    def server(host: str, until: int) -> ssl.SSLContext:
        own = ec.generate_private_key(ec.SECP256R1())
        made = (
            _certificate(_name(host), own.public_key(), name, until, ca=False)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        return _context(folder / f"{host}{until}.pem", own, made)

    return Authority(file, server("localhost", 1), server("mail.example", 1), server("localhost", -1))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _certificate(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name, until: int, *, ca: bool
) -> x509.CertificateBuilder:
    """Valid since the day before yesterday, until so many days from now."""
    now = datetime.now(UTC)  # noqa: TID251 - TLS compares with the true time
    return (
        x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=until))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )


def _context(file: Path, key: ec.EllipticCurvePrivateKey, made: x509.Certificate) -> ssl.SSLContext:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context
