"""An SMTP server of our own on loopback: it keeps every mail in a Maildir and sends nothing on."""

import asyncio
import os
from contextlib import suppress
from mailbox import Maildir
from pathlib import Path
from threading import Event, Thread

from aiosmtpd.smtp import SMTP, Envelope, Session

from duban.domain.errors import Temporary

LOOPBACK = "127.0.0.1"
#: Bytes of a whole mail.
SIZE_LIMIT = 20 * 1024 * 1024
#: Seconds to wait for the port.
_PATIENCE = 10


class LocalServer:
    """``start()`` returns when it listens; ``port`` is then the true one.

    A mail is answered with 250 only when it is on the disk. ``X-Envelope-From`` and ``X-Envelope-To`` say
    whom the envelope named. One thread does everything, so that mails are kept one after the other.
    """

    def __init__(self, maildir: Path, port: int = 0) -> None:
        self.maildir = maildir
        self.port = port
        self._thread: Thread | None = None
        self._ready = Event()
        self._error: OSError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None

    def start(self) -> None:
        """Listen. Temporary when the port is taken or the folder cannot be made."""
        assert self._thread is None, "already started"
        self._ready.clear()
        self._error = None
        self._thread = Thread(target=self._run, name="local-smtp", daemon=True)
        self._thread.start()
        if not self._ready.wait(_PATIENCE) or self._error is not None:
            self._thread.join(0 if self._error is None else None)
            self._thread = None
            raise Temporary(f"本机邮件服务无法启动（{LOOPBACK}:{self.port}）：{self._error or '没有应答'}")

    def stop(self) -> None:
        """Close the port and every connection; may be called twice."""
        if self._thread is None or self._loop is None or self._over is None:
            return
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._thread = None

    def __enter__(self) -> "LocalServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            keeper = _Keeper(self.maildir)
            asyncio.run(self._serve(keeper))
        except OSError as error:
            self._error = error
        finally:
            self._ready.set()

    async def _serve(self, keeper: "_Keeper") -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        talks: set[_Talk] = set()
        server = await self._loop.create_server(lambda: _Talk(keeper, talks), LOOPBACK, self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        for talk in list(talks):
            talk.hang_up()
        await server.wait_closed()
        while talks:
            await asyncio.sleep(0)


class _Talk(SMTP):
    """One connection."""

    def __init__(self, keeper: "_Keeper", talks: "set[_Talk]") -> None:
        super().__init__(
            keeper,
            data_size_limit=SIZE_LIMIT,
            hostname="localhost",
            ident="Duban",
            loop=asyncio.get_running_loop(),
        )
        self._talks = talks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._talks.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._talks.discard(self)

    def hang_up(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


class _Keeper:
    """Keeps what arrives."""

    def __init__(self, folder: Path) -> None:
        # an empty folder that is there becomes a Maildir too; the standard library makes one only from nothing
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._box = Maildir(folder, create=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it
        """250 after the file and its folder are on the disk; 452 when they cannot be."""
        try:
            self._keep(envelope)
        except OSError:
            return "452 4.3.1 Insufficient system storage"
        return "250 2.0.0 OK: kept"

    async def handle_exception(self, error: Exception) -> str:
        """A client that breaks off or talks nonsense harms only itself."""
        return "451 4.3.0 Local error in processing"

    def _keep(self, envelope: Envelope) -> None:
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n"
        self._box.add(head.encode("utf-8", errors="replace") + (envelope.original_content or b""))
        _settle(self._folder / "new")


def _settle(folder: Path) -> None:
    """Write the folder's own entries to the disk; Windows has no such call."""
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
