"""A notice as it came (Word, PDF, plain text, a web page) into plain text: a line for each paragraph or table row."""

from pathlib import Path

from duban.domain.errors import InputRefused
from duban.reading.originals.encodings import decoded
from duban.reading.originals.pages import pdf_text
from duban.reading.originals.web import is_web, web_text
from duban.reading.originals.word import word_text

__all__ = ["OriginalRefused", "original_text", "read_original"]

#: bytes of a notice; scans are larger, but have no text
MOST_BYTES = 50 * 1024 * 1024
_ZIP, _PDF, _OLE = b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0"


class OriginalRefused(InputRefused):
    """The notice cannot be read as text."""


def read_original(path: Path) -> str:
    """The text of a notice's file; OriginalRefused, with what to do, where there is none to read."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        zh = f"打不开 {path}：请核对路径和权限"
        raise OriginalRefused(zh, f"cannot open {path}: {error.strerror}") from None
    try:
        return original_text(data)
    except OriginalRefused as refusal:
        raise OriginalRefused(f"{path}：{refusal.zh}", f"{path}: {refusal.en}") from None


def original_text(data: bytes) -> str:
    """The text of a notice's bytes, by what they are, whatever the file is called; OriginalRefused."""
    if len(data) > MOST_BYTES:
        raise OriginalRefused("文件超过50 MB，请只交正文", "the file is over 50 MB")
    if not data.strip():
        raise OriginalRefused("文件没有内容", "the file is empty")
    if data.startswith(_OLE):
        raise OriginalRefused(
            "是旧版 .doc（.wps）或加密的文件，请另存为 .docx 或 .txt", "an old .doc or an encrypted file: save as .docx"
        )
    try:
        return _text(data)
    except ValueError as fault:
        zh, _, en = str(fault).partition("|")
        raise OriginalRefused(zh, en or zh) from None


def _text(data: bytes) -> str:
    if data.startswith(_ZIP):
        return word_text(data)
    if _PDF in data[:1024]:
        return pdf_text(data)
    text = decoded(data)
    return web_text(text) if is_web(text) else text
