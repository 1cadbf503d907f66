"""The bytes of a message: headers, text and HTML, a calendar file.

By the standard library's plain MIME classes: its newer ones read each header back and weigh every word of it, which
takes four times as long as all the rest together.
"""

from base64 import encodebytes
from dataclasses import dataclass
from datetime import datetime
from email.charset import BASE64, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import Compat32
from email.utils import format_datetime, formataddr
from functools import lru_cache
from io import BytesIO

from notifications.clean import display_name


class _Folded(Compat32):
    """Headers come folded: they are written as they are."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode("ascii")


class _Writer(BytesGenerator):
    """Writes a part's text at once instead of line by line: it is base64, nothing in it needs a look."""

    def _write_lines(self, lines: str) -> None:
        self._fp.write(lines.encode("ascii").replace(b"\n", b"\r\n"))  # type: ignore[attr-defined]


#: Lines end as SMTP wants them.
_POLICY = _Folded(linesep="\r\n")
#: RFC 5322: lines of at most 78 characters.
_WIDTH = 76

_UTF8 = Charset("utf-8")
_UTF8.header_encoding = BASE64


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A calendar file, attached."""

    name: str
    content: bytes


def message_bytes(
    headers: list[tuple[str, str]], *, text: str, html: str, calendar: Calendar | None, boundary: str
) -> bytes:
    """The message; ``headers`` in this order, their values as ``address``, ``words`` and ``moment`` make them."""
    body = MIMEMultipart("alternative", f"{boundary}_{int(calendar is not None)}")
    body.attach(_part(text, "plain"))
    body.attach(_part(html, "html"))
    message = body
    if calendar is not None:
        message = MIMEMultipart("mixed", f"{boundary}_0")
        message.attach(body)
        message.attach(_attached(calendar))
    for name, value in headers:
        message[name] = value
    written = BytesIO()
    _Writer(written, mangle_from_=False, policy=_POLICY).flatten(message)
    return written.getvalue()


def _part(text: str, subtype: str) -> MIMENonMultipart:
    return _encoded(text.encode(), MIMENonMultipart("text", subtype, charset="utf-8"))


def _attached(calendar: Calendar) -> MIMENonMultipart:
    part = MIMENonMultipart("text", "calendar", method="PUBLISH", charset="utf-8")
    part.add_header("Content-Disposition", "attachment", filename=calendar.name)
    return _encoded(calendar.content, part)


def _encoded(content: bytes, part: MIMENonMultipart) -> MIMENonMultipart:
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(content).decode("ascii"))
    return part


def words(text: str, *, header: str) -> str:
    """Words of a header: encoded and folded (RFC 2047) unless they are ASCII."""
    return text if _is_plain(text) else _encoded_words(text, header)


def _encoded_words(text: str, header: str) -> str:
    return Header(text, _UTF8, maxlinelen=_WIDTH, header_name=header).encode(linesep="\r\n")


def _is_plain(text: str) -> bool:
    """ASCII that fits into a line: all else is encoded, as words without a blank cannot be folded."""
    return text.isascii() and len(text) < _WIDTH - len("Auto-Submitted: ")


@lru_cache(maxsize=1000)
def address(name: str, mailbox: str) -> str:
    """``name <mailbox>`` with the name quoted or encoded as it needs."""
    shown = display_name(name)
    if _is_plain(shown):
        return formataddr((shown, mailbox))
    return f"{_encoded_words(shown, 'Reply-To')} <{mailbox}>"


def moment(at: datetime) -> str:
    """A date and time with its offset."""
    return format_datetime(at)
