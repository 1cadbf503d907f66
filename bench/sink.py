"""A mail server that takes everything at once and counts copies by Message-ID, in a process of its own."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """Asked from outside: how many copies of each mail have come in."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.port: int = pipe.recv()

    def copies(self) -> Counter[str]:
        """Message-ID → copies whose end has come in, answered or not."""
        self._pipe.send("copies")
        found: Counter[str] = self._pipe.recv()
        return found


@contextmanager
def sink() -> Iterator[Sink]:
    """A server on loopback."""
    ours, theirs = get_context("spawn").Pipe()
    server = get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    try:
        yield Sink(ours)
    finally:
        server.kill()
        server.join()


def _serve(pipe: Connection) -> None:
    asyncio.run(_Server(pipe).run())


class _Server:
    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self.copies: Counter[str] = Counter()

    async def run(self) -> None:
        server = await asyncio.start_server(self.converse, "127.0.0.1", 0, limit=2**20)
        self.pipe.send(server.sockets[0].getsockname()[1])
        asyncio.get_running_loop().add_reader(self.pipe.fileno(), self.answer)
        await server.serve_forever()

    def answer(self) -> None:
        try:
            self.pipe.recv()
        except EOFError:
            # whoever asked is dead; nobody will end us
            asyncio.get_running_loop().stop()
            return
        self.pipe.send(self.copies)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection; a client that is killed simply is no longer there."""
        try:
            writer.write(b"220 sink\r\n")
            while line := await reader.readline():
                await self.obey(line.upper(), reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def obey(self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if line.startswith(b"DATA"):
            writer.write(b"354 go on\r\n")
            self.take(await reader.readuntil(b"\r\n.\r\n"))
        writer.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 ok\r\n")

    def take(self, message: bytes) -> None:
        found = _ID.search(message)
        self.copies[found[1].decode() if found else "without"] += 1
