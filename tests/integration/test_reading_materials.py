"""Materials read as the product reads them, in a child: every kind, whole values, previews, old formats."""

import io
import os
import stat
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image

from duban.domain.content import Content, FileKind, Mark, Paragraph, Picture, Table
from duban.reading.materials.limits import Limits
from duban.reading.materials.previews import show_inside, show_page, show_picture
from duban.reading.materials.reader import read_material
from material_files import docx, ole, p, pdf, picture, relations, shown, table, word_stream, zipped

EXIF_LYING = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"


def read(tmp_path: Path, data: bytes, name: str, limits: Limits | None = None) -> Content:
    path = tmp_path / "0f3a"
    path.write_bytes(data)
    return read_material(path, name, limits=limits or Limits())


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["单位", "人次"])
    book.save(out)
    return out.getvalue()


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 6), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def gbk_zip() -> bytes:
    """As Chinese Windows packs: names in GBK, not marked as UTF-8."""
    data = zipped({"aaaa/bbbb.jpg": b"x", "cc.txt": b"y"})
    return data.replace(b"aaaa", "照片".encode("gbk")).replace(b"bbbb", "一号".encode("gbk"))


def by_hand(kind: FileKind, trouble: str, *more: Mark) -> Content:
    return Content(kind=kind, marks=(*more, Mark.BY_HAND), trouble=f"无法自动核验，请人工核验：{trouble}")


DOC = ole(("WordDocument", word_stream()))

SAMPLES = [
    (docx(p("总结")), "总结.docx", Content(kind=FileKind.DOCX, paragraphs=(Paragraph(text="总结"),), words=2)),
    (
        workbook(),
        "表.xlsx",
        Content(kind=FileKind.XLSX, tables=(Table(sheet="Sheet", rows=(("单位", "人次"),)),), words=4),
    ),
    (
        pdf([(72, 700, 12, "总结")]),
        "总结.pdf",
        Content(kind=FileKind.PDF, paragraphs=(Paragraph(text="总结"),), pages=1, words=2),
    ),
    (
        "总\n\n 结 ".encode("gb18030"),
        "总结.txt",
        Content(kind=FileKind.TXT, paragraphs=(Paragraph(text="总"), Paragraph(text="结")), words=2),
    ),
    ("﻿总结".encode(), "总结.txt", Content(kind=FileKind.TXT, paragraphs=(Paragraph(text="总结"),), words=2)),
    (
        picture("PNG"),
        "活动 现场.png",
        Content(kind=FileKind.PNG, pictures=(Picture(width=64, height=48, name="活动 现场"),)),
    ),
    (
        picture("JPEG", exif=EXIF_LYING),
        "竖.JPG",
        Content(kind=FileKind.JPEG, pictures=(Picture(width=48, height=64, name="竖"),)),
    ),
    (picture("BMP"), "a.bmp", Content(kind=FileKind.BMP, pictures=(Picture(width=64, height=48, name="a"),))),
    (picture("TIFF"), "a.tif", Content(kind=FileKind.TIFF, pictures=(Picture(width=64, height=48, name="a"),))),
    (picture("WEBP"), "a.webp", Content(kind=FileKind.WEBP, pictures=(Picture(width=64, height=48, name="a"),))),
    (
        animated(),
        "a.gif",
        Content(kind=FileKind.GIF, pictures=(Picture(width=8, height=6, name="a"),), notes=("动图，按第一帧计",)),
    ),
    (gbk_zip(), "照片.zip", Content(kind=FileKind.ZIP, entries=("照片/一号.jpg", "cc.txt"))),
    (
        zipped({"一/": b"", "一/二.ZIP": zipped({"三": b""})}),
        "a.zip",
        Content(kind=FileKind.ZIP, entries=("一/二.ZIP",), notes=("压缩包内还有压缩包，未打开",)),
    ),
    (
        b"",
        "a.docx",
        Content(kind=FileKind.EMPTY, marks=(Mark.EMPTY,), trouble="无法自动核验：文件是空的（0 字节），请重新上传"),
    ),
    (
        picture("PNG"),
        "a.jpg",
        Content(kind=FileKind.PNG, marks=(Mark.MISNAMED,), pictures=(Picture(width=64, height=48, name="a"),)),
    ),
    (
        docx(p("总结")),
        "总结.doc",
        Content(kind=FileKind.DOCX, marks=(Mark.MISNAMED,), paragraphs=(Paragraph(text="总结"),), words=2),
    ),
    (b"\0\0\0\x18ftypmp42\0\0\0\0", "a.mp4", by_hand(FileKind.MP4, "视频")),
    (b"ID3\x03\0\0\0\0\0\0", "a.mp3", by_hand(FileKind.MEDIA, "视频或音频")),
    (b"7z\xbc\xaf\x27\x1c\0\0", "a.7z", by_hand(FileKind.OTHER, "文件类型无法识别")),
    (b"<svg onload='x'/>", "a.png", by_hand(FileKind.OTHER, "文件类型无法识别", Mark.MISNAMED)),
    (
        b"\0\0\0\x18ftypheic\0\0\0\0",
        "a.heic",
        Content(
            kind=FileKind.HEIC,
            marks=(Mark.BY_HAND,),
            trouble="无法自动核验：手机 HEIC 照片，请另存为 JPG 后重新上传",
        ),
    ),
    (
        b"Rar!\x1a\x07\x01\0",
        "a.rar",
        Content(kind=FileKind.RAR, marks=(Mark.BY_HAND,), trouble="无法自动核验：RAR 压缩包，请改用 ZIP 后重新上传"),
    ),
    (
        zipped({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<a/>"}),
        "a.pptx",
        by_hand(FileKind.PPTX, "演示文稿"),
    ),
    (DOC, "a.doc", by_hand(FileKind.DOC, "旧版 .doc 文档")),
    (DOC, "a.wps", by_hand(FileKind.WPS, "WPS 旧版 .wps 文档")),
    (ole(("Workbook", b"x")), "a.et", by_hand(FileKind.ET, "WPS 旧版 .et 表格")),
    (ole(("PowerPoint Document", b"x")), "a.ppt", by_hand(FileKind.OTHER, "文件类型无法识别")),
]


@pytest.fixture(autouse=True)
def _without_libreoffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


@pytest.mark.parametrize(("data", "name", "content"), SAMPLES, ids=[f"{n}-{s[1]}" for n, s in enumerate(SAMPLES)])
def test_every_kind(tmp_path: Path, data: bytes, name: str, content: Content) -> None:
    assert read(tmp_path, data, name) == content


def test_only_plain_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("密")
    (tmp_path / "link").symlink_to("real")
    os.mkfifo(tmp_path / "pipe")
    answers = {name: read_material(tmp_path / name, "a.txt") for name in ("real", "link", "pipe", "none", "bin")}
    trouble = "无法自动核验，请人工核验："
    unreadable = {"kind": FileKind.OTHER, "marks": (Mark.UNREADABLE,)}
    assert answers == {
        "real": Content(kind=FileKind.TXT, paragraphs=(Paragraph(text="密"),), words=1),
        "link": Content(**unreadable, trouble=f"{trouble}文件打不开"),
        "pipe": Content(**unreadable, trouble=f"{trouble}不是普通文件，或超过 128 MB"),
        "none": Content(**unreadable, trouble=f"{trouble}文件打不开"),
        "bin": Content(**unreadable, trouble=f"{trouble}不是普通文件，或超过 128 MB"),
    }


def test_the_bound_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, b"abcd", "a.txt", Limits(file_size=4)).words == 1
    assert read(tmp_path, b"abcde", "a.txt", Limits(file_size=4)).marks == (Mark.UNREADABLE,)


def test_pictures_are_shown_anew(tmp_path: Path) -> None:
    """Upright, small, and without what the camera wrote."""
    path = tmp_path / "a"
    path.write_bytes(picture("JPEG", (400, 300), exif=EXIF_LYING, comment=b"secret place"))
    seen = show_picture(path, size=100)
    assert seen is not None
    with Image.open(io.BytesIO(seen)) as image:
        assert (image.format, image.size, dict(image.getexif()), b"secret" in seen) == ("JPEG", (75, 100), {}, False)


def test_what_is_transparent_is_shown_on_white(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    (tmp_path / "a").write_bytes(out.getvalue())
    seen = show_picture(tmp_path / "a")
    assert seen is not None
    with Image.open(io.BytesIO(seen)) as image:
        assert (image.size, image.getpixel((4, 4))) == ((8, 8), (255, 255, 255))


def test_pages_are_shown(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(pdf([(72, 700, 12, "总结")], pictures=[(40, 30)]))
    seen = show_page(tmp_path / "a", 1, size=300)
    assert seen is not None
    with Image.open(io.BytesIO(seen)) as image:
        assert (image.format, max(image.size)) == ("PNG", 300)
    assert [show_page(tmp_path / "a", number) for number in (0, 2)] == [None, None]


def test_pictures_of_a_document_are_shown_in_its_order(tmp_path: Path) -> None:
    links = relations(("rId7", "image", "media/b.png"), ("rId8", "image", "media/a.jpg"), ("rId9", "image", "gone.png"))
    parts = {
        "word/_rels/document.xml.rels": links,
        "word/media/a.jpg": picture("JPEG", (400, 300)),
        "word/media/b.png": picture("PNG", (50, 80)),
    }
    body = p("开幕式", inside=shown("rId8")) + table([p("", inside=shown("rId7"))]) + p("", inside=shown("rId9"))
    (tmp_path / "a").write_bytes(docx(body, parts))
    sizes = []
    for number in (1, 2):
        found = show_inside(tmp_path / "a", number, size=100)
        assert found is not None
        with Image.open(io.BytesIO(found)) as image:
            sizes.append((image.format, image.size))
    assert sizes == [("JPEG", (100, 75)), ("JPEG", (50, 80))]
    assert [show_inside(tmp_path / "a", number) for number in (0, 3, 4)] == [None, None, None]


@pytest.mark.parametrize("data", [b"", b"x", docx(""), picture("PNG")[:60], b"%PDF-1.7"])
def test_what_cannot_be_shown(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    found = [show_picture(tmp_path / "a"), show_page(tmp_path / "a", 1), show_inside(tmp_path / "a", 1)]
    assert found == [None, None, None]


CAGED = """
import os, socket, sys
from duban.reading.materials import cage
assert cage.shut()
def refused(act, *given):
    try:
        act(*given)
    except PermissionError:
        return True
    return False
path = sys.argv[1]
print([refused(*act) for act in [
    (socket.socket,), (os.fork,), (os.execv, "/bin/true", ["true"]), (os.kill, os.getppid(), 0),
    (open, path, "w"), (open, path, "a"), (open, path + "2", "x"), (os.unlink, path), (os.rename, path, path + "3"),
    (os.mkdir, path + "4"), (os.chmod, path, 0o777), (os.symlink, path, path + "5"), (os.truncate, path, 0),
]], open(path).read())
"""


def test_the_cage(tmp_path: Path) -> None:
    """No network, no programs, no signals, no writing; reading and answering go on."""
    (tmp_path / "a").write_text("whole")
    command = [sys.executable, "-c", CAGED, str(tmp_path / "a")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"{[True] * 13} whole\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "bin"]


def soffice(tmp_path: Path, script: str) -> None:
    """A LibreOffice that does what the script says; $out, $profile and $given are what it was told."""
    path = tmp_path / "bin" / "soffice"
    take = (
        'while [ $# -gt 1 ]; do case "$1" in --outdir) out="$2"; shift;; '
        '-env*) profile="${1#*file://}";; esac; shift; done'
    )
    path.write_text(f'#!/bin/sh\nPATH=/bin:/usr/bin\n{take}\ngiven="$1"\n{script}\n')
    path.chmod(stat.S_IRWXU)


def test_old_documents_through_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "ready.docx").write_bytes(docx(p("旧文件")))
    told = tmp_path / "told"
    soffice(
        tmp_path,
        f'mkdir -p "$out" && cp {tmp_path}/ready.docx "$out/material.docx"\n'
        f'grep -c DisableMacrosExecution "$profile/user/registrymodifications.xcu" > {told}\n'
        f'head -c 4 "$given" | od -An -tx1 >> {told}; ls -d "$profile" >> {told}',
    )
    data = ole(("WordDocument", word_stream()), ("Macros", b""))
    assert read(tmp_path, data, "旧.wps") == Content(
        kind=FileKind.WPS, marks=(Mark.MACROS,), paragraphs=(Paragraph(text="旧文件"),), words=3
    )
    lines = told.read_text().split("\n")
    assert (lines[:2], Path(lines[2]).exists()) == (["1", " d0 cf 11 e0"], False)


def test_old_workbooks_through_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "ready.xlsx").write_bytes(workbook())
    soffice(tmp_path, f'mkdir -p "$out" && cp {tmp_path}/ready.xlsx "$out/material.xlsx"')
    assert read(tmp_path, ole(("Workbook", b"x")), "a.xls").tables == (Table(sheet="Sheet", rows=(("单位", "人次"),)),)


@pytest.mark.parametrize(
    "script", ["exit 1", "exit 0", "sleep 60 & sleep 60", 'mkdir -p "$out"; ln -s /etc/hostname "$out/material.docx"']
)
def test_a_libreoffice_that_fails_leaves_it_to_a_person(tmp_path: Path, script: str) -> None:
    soffice(tmp_path, f"{script}")
    assert read(tmp_path, DOC, "a.doc", Limits(office_seconds=1.0)) == by_hand(FileKind.DOC, "旧版 .doc 文档")


def test_what_libreoffice_makes_is_not_trusted(tmp_path: Path) -> None:
    soffice(tmp_path, 'mkdir -p "$out"; echo no document > "$out/material.docx"')
    assert read(tmp_path, DOC, "a.doc") == by_hand(FileKind.DOC, "旧版 .doc 文档")


def test_one_conversion_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "ready.docx").write_bytes(docx(p("旧")))
    soffice(
        tmp_path,
        f"echo begin >> {tmp_path}/log; sleep 0.2; echo end >> {tmp_path}/log\n"
        f'mkdir -p "$out" && cp {tmp_path}/ready.docx "$out/material.docx"',
    )
    (tmp_path / "old").write_bytes(DOC)
    threads = [threading.Thread(target=read_material, args=(tmp_path / "old", "a.doc")) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "log").read_text().split() == ["begin", "end"] * 3


def test_names_inside_archives_are_printed_and_never_paths(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in ("../../x", "/etc/y", "一\r\n二", "照片\u202egpj.exe", "长" * 300):
            file.writestr(name, b"")
    assert read(tmp_path, out.getvalue(), "a.zip").entries == (
        *("../../x", "/etc/y", "一 二", "照片gpj.exe"),
        "长" * 255,
    )
