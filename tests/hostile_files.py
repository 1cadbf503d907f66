"""Files that mean harm or cannot be helped, each with what must be said of it: kind, marks, and why it was not read."""

import io
import random
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl import Workbook
from PIL import Image

from duban.domain.content import FileKind, Mark
from material_files import W, docx, ole, p, pdf, picture, png, word_stream, zipped

BOMB = "无法自动核验，请人工核验：文件展开后过大，可能是压缩炸弹，请勿打开"
BROKEN = "无法自动核验：文件已损坏或上传不完整，请重新上传"
PDF_BROKEN = "无法自动核验：PDF 已损坏或上传不完整，请重新上传"
PICTURE_BROKEN = "无法自动核验：图片已损坏或上传不完整，请重新上传"
PIXELS = "无法自动核验：图片超过 5000 万像素，请缩小后重新上传"
ENTITIES = "无法自动核验：文件含外部实体声明，可能有害，请用 WPS 或 Word 另存后重新上传"
LOCKED = "无法自动核验：文件有密码，请去掉密码后重新上传"
TOO_MUCH = "无法自动核验，请人工核验：文件过大或过于复杂，超出读取的限度"

ZEROS = bytes(16 * 1024 * 1024)


@dataclass(frozen=True, kw_only=True)
class Hostile:
    name: str
    data: bytes
    kind: FileKind
    marks: tuple[Mark, ...]
    trouble: str


def case(name: str, data: bytes, kind: FileKind, mark: Mark, trouble: str) -> Hostile:
    return Hostile(name=name, data=data, kind=kind, marks=(mark,), trouble=trouble)


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def xlsx(more: dict[str, bytes | str] | None = None) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["甲", "乙"])
    book.save(out)
    return zipped({**parts_of(out.getvalue()), **(more or {})})


def lying(data: bytes, size: int) -> bytes:
    """An archive of one part whose headers name another unpacked size."""
    real = struct.pack("<I", zipfile.ZipFile(io.BytesIO(data)).infolist()[0].file_size)
    return data.replace(real, struct.pack("<I", size))


def overlapping() -> bytes:
    """Two names for the same bytes."""
    whole = zipped({"a": b"x" * 1000})
    at = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    twice = whole[at:end] * 2
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(twice), at, 0)
    return whole[:at] + twice + tail


def locked_zip() -> bytes:
    """An archive that says it has a password."""
    data = zipped({"甲.txt": b"x"})
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    flags = struct.pack("<H", 0x801)
    return data[: local + 6] + flags + data[local + 8 : central + 8] + flags + data[central + 10 :]


def real_picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def xml_bombs() -> Iterator[tuple[str, str]]:
    """Documents that declare something, by what they declare."""
    body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>'
    laughs = "".join(f'<!ENTITY {to} "{f"&{of};" * 10}">' for of, to in zip("bcdefghijk", "cdefghijkl", strict=True))
    yield "file", f'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>{body}'
    yield "web", f'<!DOCTYPE a [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>{body}'
    yield "parameter", f'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]>{body}'
    yield "laughs", f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">{laughs}]>{body.replace("&a;", "&l;")}'
    yield "bare", f"<!-- first --><!DOCTYPE a>{body.replace('&a;', '')}"


def forms(depth: int) -> bytes:
    """A PDF whose forms show the next one ten times each."""
    whole = pdf([(72, 700, 12, "总结")], pictures=[(1, 1)])
    shows = "q /X Do Q " * 10
    last = 100 + depth
    told = b"".join(
        b"%d 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
        b" /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (n, min(n + 1, last), len(shows), shows.encode())
        for n in range(100, last)
    )
    told += (
        b"%d 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 9 >>\n"
        b"stream\n0 0 9 9 re\nendstream\nendobj\n" % last
    )
    # a table of places that is wrong makes pdfium look for the objects itself
    return whole.replace(b"/P0 6 0 R", b"/P0 100 0 R").replace(b"xref\n0", told + b"xref\nx")


def hostile() -> list[Hostile]:
    garbage = random.Random(7).randbytes(3000)
    ole_magic = bytes.fromhex("d0cf11e0a1b11ae1")
    document = dict[str, bytes | str](parts_of(docx(p("甲"))))
    found = [
        case("炸弹.zip", zipped({"a": ZEROS}), FileKind.ZIP, Mark.BOMB, BOMB),
        case("少说.zip", lying(zipped({"a": ZEROS}), 10), FileKind.ZIP, Mark.BROKEN, BROKEN),
        case("多说.zip", lying(zipped({"a": b"x" * 999}), 4_000_000_000), FileKind.ZIP, Mark.BOMB, BOMB),
        case("重叠.zip", overlapping(), FileKind.ZIP, Mark.BOMB, "无法自动核验，请人工核验：压缩包内的文件互相重叠"),
        case(
            "太多.zip",
            zipped({str(n): b"" for n in range(2001)}),
            FileKind.ZIP,
            Mark.BOMB,
            "无法自动核验，请人工核验：压缩包内的文件超过 2000 个",
        ),
        case("炸弹.docx", docx(p("甲"), {"word/x.xml": ZEROS}), FileKind.DOCX, Mark.BOMB, BOMB),
        case("炸弹.xlsx", xlsx({"xl/media/x.png": ZEROS}), FileKind.XLSX, Mark.BOMB, BOMB),
        case("太碎.docx", docx("<w:p/>" * 100_001), FileKind.DOCX, Mark.UNREADABLE, TOO_MUCH),
        case("假头.png", png(20_000, 20_000), FileKind.PNG, Mark.BOMB, PIXELS),
        case("巨幅.png", real_picture(10_000, 10_000), FileKind.PNG, Mark.BOMB, PIXELS),
        case("刚过.png", real_picture(10_000, 5_001), FileKind.PNG, Mark.BOMB, PIXELS),
        case("空.png", png(64, 48), FileKind.PNG, Mark.BROKEN, PICTURE_BROKEN),
        case(
            "锁.pdf",
            pdf([(72, 700, 12, "总结")], encrypt=True),
            FileKind.PDF,
            Mark.ENCRYPTED,
            "无法自动核验：PDF 有密码，请去掉密码后重新上传",
        ),
        case("锁.doc", ole(("WordDocument", word_stream(is_encrypted=True))), FileKind.DOC, Mark.ENCRYPTED, LOCKED),
        case("锁.docx", ole(("EncryptedPackage", b"x")), FileKind.DOCX, Mark.ENCRYPTED, LOCKED),
        case("无页.pdf", pdf(), FileKind.PDF, Mark.BROKEN, PDF_BROKEN),
        case("残.ole", ole_magic + garbage, FileKind.OTHER, Mark.BROKEN, BROKEN),
        case("短.ole", ole_magic, FileKind.OTHER, Mark.BROKEN, BROKEN),
        case("残.pdf", b"%PDF-1.7\n" + garbage, FileKind.PDF, Mark.BROKEN, PDF_BROKEN),
        case("残.zip", b"PK\x03\x04" + garbage, FileKind.ZIP, Mark.BROKEN, BROKEN),
        case("残.jpg", b"\xff\xd8\xff\xe0" + garbage, FileKind.JPEG, Mark.BROKEN, PICTURE_BROKEN),
        case("残.gif", b"GIF89a" + garbage, FileKind.GIF, Mark.BROKEN, PICTURE_BROKEN),
        case("半.docx", docx(p("甲") * 900)[:900], FileKind.DOCX, Mark.BROKEN, BROKEN),
        case("半.xlsx", xlsx()[:-900], FileKind.XLSX, Mark.BROKEN, BROKEN),
        case("半.pdf", pdf([(72, 700, 12, "总结")])[:300], FileKind.PDF, Mark.BROKEN, PDF_BROKEN),
        case("半.jpg", picture("JPEG")[:-300], FileKind.JPEG, Mark.BROKEN, PICTURE_BROKEN),
        case("半.png", picture("PNG", (640, 480))[:200], FileKind.PNG, Mark.BROKEN, PICTURE_BROKEN),
        case("半.doc", ole(("WordDocument", word_stream()))[:600], FileKind.DOC, Mark.BROKEN, BROKEN),
    ]
    for what, declaring in xml_bombs():
        data = zipped({**document, "word/document.xml": declaring})
        found.append(case(f"{what}.docx", data, FileKind.DOCX, Mark.ENTITIES, ENTITIES))
        if what not in ("file", "laughs"):
            continue
        for part in ("word/styles.xml", "word/unused.xml"):
            data = zipped({**document, part: declaring})
            found.append(case(f"{what}-{part[5:-4]}.docx", data, FileKind.DOCX, Mark.ENTITIES, ENTITIES))
        wide = zipped({**document, "word/document.xml": declaring.encode("utf-16")})
        found.append(case(f"{what}-宽.docx", wide, FileKind.DOCX, Mark.ENTITIES, ENTITIES))
        data = xlsx({"xl/sharedStrings.xml": declaring})
        found.append(case(f"{what}.xlsx", data, FileKind.XLSX, Mark.ENTITIES, ENTITIES))
    return found
