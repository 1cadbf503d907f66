"""Text files: UTF-8 with or without its mark, UTF-16, GB18030."""

import codecs
import re

from duban.domain.counting import words
from duban.domain.filekind import FileKind, Mark
from duban.reading.materials.found import Found, Line, Refused, fit
from duban.reading.materials.limits import Limits

#: control characters that no text has
_UNTYPED = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: a shorter file cannot show that it is UTF-16 without a mark
_WIDE = 8


def read_text(data: bytes, limits: Limits) -> Found:
    """Every line that is not blank, and the 字数."""
    text = fit(_decoded(data))
    if len(text) > limits.characters:
        raise Refused(Mark.UNREADABLE, f"文本超过 {limits.characters} 字")
    lines = tuple(Line(text=line.strip()) for line in text.split("\n") if line.strip())
    return Found(kind=FileKind.TXT, paragraphs=lines, words=words(text))


def looks_like_text(head: bytes) -> bool:
    """True when the beginning of a file decodes and has no control characters; its last bytes may be half a letter."""
    for end in range(len(head), max(0, len(head) - 4), -1):
        try:
            return not _UNTYPED.search(_decoded(head[:end]))
        except (UnicodeDecodeError, Refused):
            continue
    return False


def _decoded(data: bytes) -> str:
    for codec in _codecs(data):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise Refused(Mark.BROKEN, "文字编码无法识别，请另存为 UTF-8 后重新上传")


def _codecs(data: bytes) -> tuple[str, ...]:
    """What the file says it is; else both that offices write, and UTF-16 where only every second byte is ever empty."""
    for mark, codec in _MARKED:
        if data.startswith(mark):
            return (codec,)
    if len(data) >= _WIDE and (0 in data[::2]) != (0 in data[1::2]):
        return ("utf-16-le" if 0 in data[1::2] else "utf-16-be",)
    return ("utf-8", "gb18030")
