"""A Word document (.docx) into text: paragraphs with their automatic numbers, rows of tables with tabs."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

#: what the parts that are read may come to, unpacked
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 5000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BROKEN = "Word 文件损坏，请用 Word、WPS 打开后另存|the Word file is broken"


def word_text(data: bytes) -> str:
    """The text; ValueError for what is no .docx, is broken, or would unfold beyond measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body, numbers = _part(archive, "word/document.xml"), _part(archive, "word/numbering.xml")
    except ValueError:
        raise
    except Exception:  # zipfile lets anything through on hostile bytes
        raise ValueError(_BROKEN) from None
    if body is None:
        raise ValueError("不是 .docx 文件，请另存为 .docx 或 .txt|not a .docx file")
    numbering = _Numbering.of(numbers)
    return "\n".join(_blocks(body, numbering))


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    """The tree of a part; None where the archive has none."""
    entries = archive.infolist()
    found = next((entry for entry in entries if entry.filename == name), None)
    if len(entries) > MOST_PARTS or (found and found.file_size > MOST_UNPACKED):
        raise ValueError("Word 文件过大，请只交正文|the Word file is too large")
    if found is None:
        return None
    with archive.open(found) as part:
        content = part.read(MOST_UNPACKED + 1)
    if len(content) > MOST_UNPACKED or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("Word 文件含有不允许的内容，请另存后再试|the Word file has entities or is too large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise ValueError(_BROKEN) from None


def _blocks(root: Any, numbering: "_Numbering") -> Iterator[str]:
    """Paragraphs and table rows in reading order; text boxes where they are anchored."""
    body = root.find(f"{_W}body")
    for block in body if body is not None else ():
        if block.tag == f"{_W}p":
            yield numbering.label(block) + _words(block)
        elif block.tag == f"{_W}tbl":
            yield from _rows(block)
        elif block.tag == f"{_W}sdt":
            for inner in block.iter(f"{_W}p"):
                yield numbering.label(inner) + _words(inner)


def _rows(table: Any) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        cells = ["".join(_words(p) for p in cell.iter(f"{_W}p")) for cell in row.iterchildren(f"{_W}tc")]
        yield "\t".join(cell.replace("\n", "") for cell in cells)


def _words(paragraph: Any) -> str:
    """The words of a paragraph; what was deleted under track changes is not among them."""
    out = []
    for element in paragraph.iter():
        if element.tag == f"{_W}t":
            out.append(element.text or "")
        elif element.tag in (f"{_W}br", f"{_W}cr"):
            out.append("\n")
        elif element.tag == f"{_W}tab" and element.getparent().tag == f"{_W}r":
            out.append(" ")
        elif element.tag == f"{_W}noBreakHyphen":
            out.append("-")
    return "".join(out)


@dataclass
class _Numbering:
    """Automatic numbers: of each list its levels' forms, and how far it has counted."""

    #: numId → level → (format, text)
    forms: dict[str, dict[int, tuple[str, str]]] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Any) -> "_Numbering":
        if root is None:
            return cls()
        abstract = {one.get(f"{_W}abstractNumId"): _levels(one) for one in root.iter(f"{_W}abstractNum")}
        forms = {}
        for number in root.iter(f"{_W}num"):
            link = number.find(f"{_W}abstractNumId")
            forms[number.get(f"{_W}numId")] = abstract.get(link.get(f"{_W}val"), {}) if link is not None else {}
        return cls(forms=forms)

    def label(self, paragraph: Any) -> str:
        """The number that Word shows before a paragraph; empty where it shows none."""
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is None:
            return ""
        number, level = (properties.find(f"{_W}{name}") for name in ("numId", "ilvl"))
        key = number.get(f"{_W}val") if number is not None else ""
        depth = _int(level.get(f"{_W}val")) if level is not None else 0
        form = self.forms.get(key, {}).get(depth)
        if form is None:
            return ""
        self.counts[key, depth] = self.counts.get((key, depth), 0) + 1
        for deeper in range(depth + 1, 9):
            self.counts.pop((key, deeper), None)
        return self._shown(key, form[1])

    def _shown(self, key: str, text: str) -> str:
        for depth in range(9):
            if f"%{depth + 1}" in text:
                form = self.forms[key].get(depth, ("decimal", ""))[0]
                text = text.replace(f"%{depth + 1}", _written(self.counts.get((key, depth), 1), form))
        return text if any(char.isalnum() for char in text) else ""


def _levels(abstract: Any) -> dict[int, tuple[str, str]]:
    found = {}
    for level in abstract.iter(f"{_W}lvl"):
        form, text = level.find(f"{_W}numFmt"), level.find(f"{_W}lvlText")
        if form is not None and text is not None:
            found[_int(level.get(f"{_W}ilvl"))] = (form.get(f"{_W}val") or "", text.get(f"{_W}val") or "")
    return found


def _int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0


def _written(count: int, form: str) -> str:
    """A number as its format shows it."""
    if "hinese" in form or "ideograph" in form or form == "japaneseCounting":
        tens, ones = divmod(count, 10)
        return (
            ("" if tens == 1 else _DIGITS[tens % 10]) * (tens > 0) + "十" * (tens > 0) + (_DIGITS[ones] if ones else "")
        )
    if "Circle" in form or "circle" in form:
        return _CIRCLED[min(count, 20) - 1]
    return "" if form in ("bullet", "none") else str(count)
