"""What the local mail server has received, as its readers would see it: one Maildir, found by Message-ID."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesHeaderParser
from mailbox import Maildir
from pathlib import Path
from threading import Lock

_POLICY = policy.default


@dataclass(frozen=True, kw_only=True)
class Received:
    """A mail as it was received."""

    #: name and value as a reader sees them, in order
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    #: the calendar file; empty where there is none
    calendar: str
    #: bytes of the whole mail
    size: int
    #: how often it was received
    copies: int

    def header(self, name: str) -> str:
        """The first header of a name; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass
class Box:
    """A Maildir that only grows: each mail is opened once to learn its Message-ID. Safe among threads."""

    folder: Path
    _known: dict[str, str] = field(default_factory=dict)
    _by_id: dict[str, list[str]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def is_there(self) -> bool:
        """False when this installation has no local mail server, or nothing was ever received."""
        return (self.folder / "new").is_dir()

    def copies(self, message_id: str) -> int:
        """How often a mail was received."""
        return len(self._keys(message_id))

    def find(self, message_id: str) -> Received | None:
        """The mail with this Message-ID; None when it was never received, or its file is gone."""
        keys = self._keys(message_id)
        try:
            return read_mail(self._open().get_bytes(keys[0]), copies=len(keys)) if keys else None
        except KeyError:
            return None

    def _keys(self, message_id: str) -> list[str]:
        if not self.is_there:
            return []
        with self._lock:
            self._learn()
            return list(self._by_id.get(message_id.strip(), []))

    def _learn(self) -> None:
        box = self._open()
        for key in box.iterkeys():
            if key not in self._known:
                head = BytesHeaderParser(policy=_POLICY).parsebytes(box.get_bytes(key))
                message_id = str(head["Message-ID"] or "").strip()
                self._known[key] = message_id
                self._by_id.setdefault(message_id, []).append(key)

    def _open(self) -> Maildir:
        return Maildir(self.folder, create=False)


def read_mail(data: bytes, *, copies: int = 1) -> Received:
    """A mail from its bytes; a part that cannot be decoded is shown as far as it can."""
    message = message_from_bytes(data, policy=_POLICY)
    assert isinstance(message, EmailMessage)
    return Received(
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        calendar=next(_calendars(message), ""),
        size=len(data),
        copies=copies,
    )


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return "" if part is None else _content(part)


def _calendars(message: EmailMessage) -> Iterator[str]:
    return (_content(part) for part in message.walk() if part.get_content_type() == "text/calendar")


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content(errors="replace"))
    except LookupError:
        # a charset that nobody knows
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", errors="replace")
