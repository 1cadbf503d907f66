"""How long a mail server may take: for one answer, and for a whole conversation, byte by byte.

A socket's own timeout bounds one read only: a server that sends a byte a second would never be given up.
"""

from collections.abc import Callable
from time import monotonic
from typing import Protocol

#: A whole conversation, in times of one answer. With a goodbye before and after it stays within thrice an answer:
#: 90 seconds at the usual 30.
_WHOLE = 2.5
#: A goodbye, in times of one answer.
_GOODBYE = 1 / 6
#: Bytes of one answer; RFC 5321 has lines of 512, and no server needs a hundred.
MOST = 64 * 1024


class Patience:
    """One deadline for all that is waited for since ``begin``."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        """``seconds``: for one answer."""
        self.clock = clock
        self._seconds = seconds
        self.begin()

    def begin(self) -> None:
        """A conversation begins."""
        self._end = self.clock() + _WHOLE * self._seconds

    def bid_farewell(self) -> None:
        """What is said now undoes nothing, and is hardly waited for."""
        self._end = self.clock() + _GOODBYE * self._seconds

    def next_end(self) -> float:
        """By when the next answer must be complete, on ``clock``."""
        return min(self.clock() + self._seconds, self._end)

    def left(self, end: float) -> float:
        """Seconds until ``end``; TimeoutError when it has come."""
        left = end - self.clock()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


class Readable(Protocol):
    """What is asked of a socket here."""

    def settimeout(self, value: float, /) -> None: ...
    def recv(self, size: int, /) -> bytes: ...


class Answers:
    """The server's lines, each within the patience; stands in for a socket's file."""

    def __init__(self, sock: Readable, patience: Patience) -> None:
        self._sock = sock
        self._patience = patience
        self._kept = b""
        self.expect()

    def expect(self) -> None:
        """One answer begins, of any number of lines; what came before it was asked for answers nothing."""
        self._is_early = bool(self._kept)
        self._end = self._patience.next_end()
        self._taken = 0

    def readline(self, limit: int) -> bytes:
        """A whole line; empty when the server hung up, even if in the middle of one: half an answer is none.

        OSError when it does not end in time, is longer than any answer, or came before the question.
        """
        if self._is_early:
            raise OSError("answered before it was asked")
        while (end := self._kept.find(b"\n") + 1) == 0:
            if not (piece := self._read()):
                return b""
            self._kept += piece
        if end >= limit:
            raise OSError("answer too long")
        line, self._kept = self._kept[:end], self._kept[end:]
        return line

    def _read(self) -> bytes:
        self._sock.settimeout(self._patience.left(self._end))
        piece = self._sock.recv(4096)
        self._taken += len(piece)
        if self._taken > MOST:
            raise OSError("answer too long")
        return piece

    def close(self) -> None:
        """The socket closes itself."""
