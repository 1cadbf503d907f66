"""Materials as people hand them in, made byte by byte: documents, workbooks, PDFs, pictures, archives, old formats."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from PIL import Image

from duban.domain.content import Content
from duban.reading.materials.limits import LIMITS, Limits
from duban.reading.materials.telling import told

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
V = "urn:schemas-microsoft-com:vml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

TYPES = f"""<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""


def zipped(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive with these parts, in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in parts.items():
            file.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def relations(*rows: tuple[str, str, str]) -> str:
    """Rows of id, last word of the type, and target; a target with :// lies outside."""
    told = "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if "://" in target else "/>")
        for key, kind, target in rows
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'


def docx(body: str, parts: Mapping[str, bytes | str] | None = None) -> bytes:
    """A document with this body; ``parts`` go beside it, or in place of what is there."""
    spaces = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:a="{A}" xmlns:wp="{WP}" xmlns:mc="{MC}" xmlns:v="{V}"'
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document {spaces}><w:body>{body}</w:body></w:document>'
    whole: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": document,
    }
    return zipped({**whole, **(parts or {})})


def p(text: str, style: str = "", inside: str = "") -> str:
    """A paragraph."""
    settings = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{settings}{run(text) if text else ''}{inside}</w:p>"


def run(text: str, settings: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{settings}</w:rPr>" if settings else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: Iterable[str]) -> str:
    """A table of cells; a cell that does not begin with < is text."""
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(map(tc, row))}</w:tr>" for row in rows) + "</w:tbl>"


def tc(content: str, settings: str = "") -> str:
    if content.startswith("<w:tc"):
        return content
    inside = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{settings}</w:tcPr>{inside}</w:tc>"


def shown(key: str, alt: str = "", size: tuple[int, int] = (0, 0)) -> str:
    """A run with a picture."""
    extent = f'<wp:extent cx="{size[0] * 9525}" cy="{size[1] * 9525}"/>'
    return (
        f'<w:r><w:drawing><wp:inline>{extent}<wp:docPr id="1" name="图片 1" descr="{alt}"/>'
        f'<a:graphic><a:graphicData><a:blip r:embed="{key}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, form, **more)
    return out.getvalue()


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG whose header says so, whatever there is of it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


Placed = tuple[float, float, float, str]


def pdf(*pages: Iterable[Placed], encrypt: bool = False, pictures: Iterable[tuple[int, int]] = ()) -> bytes:
    """Pages of lines: x, y, size, text. Every character is as wide as the size; pictures are shown on every page."""
    sizes = list(pictures)
    font = 3
    first = 6 + len(sizes)
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    shows = "".join(f"/P{number} {6 + number} 0 R " for number in range(len(sizes)))
    resources = f"<< /Font << /F1 {font} 0 R >> /XObject << {shows}>> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /S /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /S /DW 1000 /CIDToGIDMap /Identity"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream("", _TO_UNICODE),
    ]
    for width, height in sizes:
        said = f"/Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8"
        objects.append(_stream(said, bytes(width * height)))
    for number, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {resources}"
            f" /Contents {first + 2 * number + 1} 0 R >>".encode()
        )
        draws = "".join(f"q 10 0 0 10 20 20 cm /P{shot} Do Q\n" for shot in range(len(sizes)))
        text = "".join(f"BT /F1 {size} Tf {x} {y} Td <{_hex(said)}> Tj ET\n" for x, y, size, said in lines)
        objects.append(_stream("", (draws + text).encode()))
    if encrypt:
        objects.append(b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>")
    return _assembled(objects, encrypt=encrypt)


_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap end end"""


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex()


def _stream(said: str, data: bytes) -> bytes:
    return f"<< {said} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _assembled(objects: list[bytes], *, encrypt: bool) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, data in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    locked = f" /Encrypt {len(objects)} 0 R /ID [<00> <00>]" if encrypt else ""
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R{locked} >>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + table + trailer.encode()


def ole(*streams: tuple[str, bytes]) -> bytes:
    """An OLE2 file with these streams; one without bytes is a storage."""
    kept = [(name, data.ljust(4096, b"\0") if data else b"") for name, data in streams]
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    sectors: list[bytes] = []
    table = [0xFFFFFFFD]
    depth = (len(kept) + 1 + 3) // 4
    table += [*range(2, depth + 1), 0xFFFFFFFE]
    for name, data in kept:
        parts = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        entries.append(_entry(name, 2 if data else 1, len(table) if data else 0, len(data)))
        table += [*range(len(table) + 1, len(table) + len(parts)), 0xFFFFFFFE] if parts else []
        sectors += parts
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0),
    )
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    allocation = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return header + allocation + b"".join(entries).ljust(512 * depth, b"\0") + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    head = (
        letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters), kind, 1) + struct.pack("<III", *[0xFFFFFFFF] * 3)
    )
    return head.ljust(116, b"\0") + struct.pack("<III", start, size, 0)


def word_stream(*, is_encrypted: bool = False) -> bytes:
    """The beginning of what Word 97 writes."""
    return struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, 0x0100 if is_encrypted else 0)


def held(folder: Path, data: bytes, name: str, limits: Limits = LIMITS) -> Content:
    """What ``data`` holds, read here and now, without a child: Refused and all that libraries raise."""
    path = folder / "material"
    path.write_bytes(data)
    with path.open("rb") as file:
        last = list(told(file, path, name, limits))[-1]
    return Content.model_validate_json(json.dumps(asdict(last)))
