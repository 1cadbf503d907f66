"""Bytes into text: UTF-8 with or without mark, UTF-16, GB18030."""

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: So many bytes show whether every second one is often zero.
_SAMPLE = 4000
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decoded(data: bytes) -> str:
    """The text; ValueError where it is none."""
    text = _decoded(data)
    strange = text.count("\ufffd") + len(_CONTROLS.findall(text))
    if strange > len(text) // 100:
        raise ValueError("不是文字文件，请用 .docx、.pdf 或 .txt|not a text file: use .docx, .pdf or .txt")
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as(data, encoding)
    if encoding := _wide(data):
        return _as(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # one letter cut off or damaged must not keep a notice from being read
        return data.decode("gb18030", errors="replace")


def _as(data: bytes, encoding: str) -> str:
    return data.decode(encoding, errors="replace").lstrip("\ufeff")


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: line ends and digits leave zeros at every second place."""
    sample = data[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 100 < len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"
