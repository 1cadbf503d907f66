"""What files are, whatever they are called; what names promise and how they are printed."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.filekind import FileKind, Mark
from duban.reading.materials.naming import ending, is_misnamed, printed, stem
from duban.reading.materials.ole import Directory, read_directory
from duban.reading.materials.sniffing import kind_of, kind_of_archive, kind_of_ole, kind_of_torso
from material_files import docx, ole, pdf, picture, word_stream, zipped


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", FileKind.EMPTY),
        (pdf([(72, 700, 12, "通知")]), FileKind.PDF),
        (b"\n\n" + pdf([]), FileKind.PDF),
        (docx(""), FileKind.ZIP),
        (zipped({}), FileKind.ZIP),
        (ole(("WordDocument", b"x")), FileKind.OTHER),
        (picture("JPEG"), FileKind.JPEG),
        (picture("PNG"), FileKind.PNG),
        (picture("GIF"), FileKind.GIF),
        (picture("BMP"), FileKind.BMP),
        (picture("TIFF"), FileKind.TIFF),
        (picture("WEBP"), FileKind.WEBP),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", FileKind.HEIC),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", FileKind.HEIC),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", FileKind.MP4),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", FileKind.MP4),
        (b"\0\0\0\x14ftypM4A \0\0\0\0M4A ", FileKind.MEDIA),
        (b"RIFF\x24\0\0\0AVI LIST", FileKind.MEDIA),
        (b"RIFF\x24\0\0\0WAVEfmt ", FileKind.MEDIA),
        (b"ID3\x03\0\0\0\0\0\0", FileKind.MEDIA),
        (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), FileKind.MEDIA),
        (b"Rar!\x1a\x07\x01\0", FileKind.RAR),
        (b"7z\xbc\xaf\x27\x1c\0\0", FileKind.OTHER),
        (b"MZ\x90\0\3\0\0\0", FileKind.OTHER),
        (b"{\\rtf1\\ansi abc}", FileKind.OTHER),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileKind.OTHER),
        (b"<!DOCTYPE html><html></html>", FileKind.OTHER),
        (b"<?xml version='1.0'?><a/>", FileKind.OTHER),
        ("9月28日前报送".encode(), FileKind.TXT),
        (codecs.BOM_UTF8 + "通知".encode(), FileKind.TXT),
        ("各市教育局：".encode("gb18030"), FileKind.TXT),
        ("通知\n".encode("utf-16"), FileKind.TXT),
        ("notice of 2021".encode("utf-16-le"), FileKind.TXT),
        ("notice of 2021".encode("utf-16-be"), FileKind.TXT),
        (b"BM is a thing", FileKind.TXT),
        (b"GI", FileKind.TXT),
        ("学".encode() * 40_000, FileKind.TXT),
        (bytes(range(256)), FileKind.OTHER),
        (b"\0" * 100, FileKind.OTHER),
    ],
)
def test_by_content(data: bytes, kind: FileKind) -> None:
    assert kind_of(data[: 64 * 1024]) is kind


@given(st.binary(max_size=300))
def test_any_bytes_are_of_some_kind(data: bytes) -> None:
    assert isinstance(kind_of(data), FileKind)


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["[Content_Types].xml", "word/document.xml"], FileKind.DOCX),
        (["[Content_Types].xml", "xl/workbook.xml"], FileKind.XLSX),
        (["[Content_Types].xml", "ppt/presentation.xml"], FileKind.PPTX),
        (["[Content_Types].xml"], FileKind.ZIP),
        (["word/document.xml"], FileKind.ZIP),
        ([], FileKind.ZIP),
    ],
)
def test_archives_by_their_parts(names: list[str], kind: FileKind) -> None:
    assert kind_of_archive(names) is kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("word/document.xml", FileKind.DOCX),
        ("xl/workbook.xml", FileKind.XLSX),
        ("ppt/presentation.xml", FileKind.PPTX),
        ("一.txt", FileKind.ZIP),
    ],
)
def test_archives_whose_list_is_lost(name: str, kind: FileKind) -> None:
    assert kind_of_torso(zipped({name: b""})[:60]) is kind


def directory(*streams: tuple[str, bytes]) -> Directory:
    found = read_directory(ole(*streams))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("streams", "name", "kind", "marks"),
    [
        ([("WordDocument", word_stream())], "a.doc", FileKind.DOC, set()),
        ([("WordDocument", word_stream())], "a.wps", FileKind.WPS, set()),
        ([("WordDocument", word_stream())], "a.pdf", FileKind.DOC, set()),
        ([("WordDocument", word_stream(is_encrypted=True))], "a.doc", FileKind.DOC, {Mark.ENCRYPTED}),
        ([("WordDocument", word_stream()), ("Macros", b"")], "a.doc", FileKind.DOC, {Mark.MACROS}),
        ([("Workbook", b"\x09\x08\x10\0" + bytes(16))], "a.xls", FileKind.XLS, set()),
        ([("Workbook", b"\x09\x08\x10\0" + bytes(16))], "a.et", FileKind.ET, set()),
        ([("Book", b"\x09\x08\x10\0" + bytes(16))], "a.xls", FileKind.XLS, set()),
        ([("Workbook", b"\x09\x08\x10\0" + bytes(16) + b"\x2f\0\2\0xx")], "a.xls", FileKind.XLS, {Mark.ENCRYPTED}),
        ([("Workbook", b"\x09\x08\x10\0" + bytes(16)), ("VBA", b"")], "a.xls", FileKind.XLS, {Mark.MACROS}),
        ([("EncryptionInfo", b"x"), ("EncryptedPackage", b"x")], "a.docx", FileKind.DOCX, {Mark.ENCRYPTED}),
        ([("EncryptionInfo", b"x"), ("EncryptedPackage", b"x")], "a", FileKind.OTHER, {Mark.ENCRYPTED}),
        ([("PowerPoint Document", b"x")], "a.docx", FileKind.OTHER, set()),
    ],
)
def test_old_containers(streams: list[tuple[str, bytes]], name: str, kind: FileKind, marks: set[Mark]) -> None:
    found = directory(*streams)
    assert (kind_of_ole(found, name), found.marks()) == (kind, marks)


def test_old_containers_that_do_not_hold_together() -> None:
    whole = ole(("WordDocument", word_stream()))
    assert read_directory(whole[:100]) is None
    assert read_directory(whole[:30] + b"\x03\0" + whole[32:]) is None
    assert read_directory(whole[:600]) is None
    looped = whole[:516] + b"\1\0\0\0" + whole[520:]
    found = read_directory(looped)
    assert found is not None
    assert set(found.streams) == {"worddocument"}


@pytest.mark.parametrize(
    ("name", "shown", "its_stem", "its_ending"),
    [
        ("总结.docx", "总结.docx", "总结", "docx"),
        ("总结.DOCX", "总结.DOCX", "总结", "docx"),
        ("../../etc/总结.docx", "总结.docx", "总结", "docx"),
        ("C:\\甲\\乙.pdf", "乙.pdf", "乙", "pdf"),
        ("一\r\n二\0.txt", "一 二.txt", "一 二", "txt"),
        ("照片\u202egpj.exe", "照片gpj.exe", "照片gpj", "exe"),
        (".docx", ".docx", ".docx", ""),
        ("无", "无", "无", ""),
        ("甲.乙.jpg", "甲.乙.jpg", "甲.乙", "jpg"),
        ("", "", "", ""),
        ("长" * 300 + ".jpg", "长" * 255, "长" * 255, ""),
        ("\ud800.jpg", ".jpg", ".jpg", ""),
    ],
)
def test_names(name: str, shown: str, its_stem: str, its_ending: str) -> None:
    assert (printed(name), stem(name), ending(name)) == (shown, its_stem, its_ending)


@pytest.mark.parametrize(
    ("name", "kind", "misnamed"),
    [
        ("a.docx", FileKind.DOCX, False),
        ("a.wps", FileKind.DOCX, False),
        ("a.doc", FileKind.DOCX, True),
        ("a.docx", FileKind.DOC, True),
        ("a.jpg", FileKind.PNG, True),
        ("a.JPEG", FileKind.JPEG, False),
        ("a", FileKind.PDF, False),
        ("a.xyz", FileKind.PDF, True),
        ("a.xyz", FileKind.OTHER, False),
        ("a.pdf", FileKind.OTHER, True),
        ("a.pdf", FileKind.EMPTY, False),
        ("a.csv", FileKind.TXT, False),
    ],
)
def test_what_a_name_promises(name: str, kind: FileKind, misnamed: bool) -> None:
    assert is_misnamed(name, kind) is misnamed
