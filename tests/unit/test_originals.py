"""Notices as they come: Word, PDF, plain text in every coding, web pages; and files that are none or mean harm."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from duban.drafting.surveying import survey
from duban.reading.originals import OriginalRefused, original_text, read_original

NOTICE = "关于报送工作总结的通知\n各科室：\n请各科室于2024年12月20日前将工作总结报办公室。\n办公室\n2024年12月1日"


def word(*paragraphs: str, rows: list[list[str]] | None = None) -> bytes:
    """A Word file."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(at, column).text = text
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def pdf(text: str) -> bytes:
    """A PDF of one page with these letters, or without a text layer."""
    stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode() if text else b"0 0 100 100 re f"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + b"xref\n0 6\n0000000000 65535 f \n" + table + end


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_plain_text_in_every_coding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(NOTICE.encode(encoding))
    assert read_original(path) == NOTICE


def test_a_word_file_with_paragraphs_and_a_table_in_reading_order() -> None:
    data = word(*NOTICE.split("\n"), rows=[["材料名称", "报送时间"], ["工作总结", "12月20日前"]])
    assert original_text(data) == f"{NOTICE}\n材料名称\t报送时间\n工作总结\t12月20日前"


def test_automatic_numbers_are_written_out() -> None:
    document = Document()
    for text in ("报送工作总结", "报送统计表"):
        document.add_paragraph(text, style="List Number")
    style = document.styles["List Number"].element
    number = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}").get(qn("w:val"))
    for paragraph in document.paragraphs:
        properties = OxmlElement("w:numPr")
        for name, value in (("w:ilvl", "0"), ("w:numId", number)):
            element = OxmlElement(name)
            element.set(qn("w:val"), value)
            properties.append(element)
        paragraph._p.get_or_add_pPr().append(properties)
    kept = io.BytesIO()
    document.save(kept)
    assert original_text(kept.getvalue()) == "1.报送工作总结\n2.报送统计表"


def test_a_web_page_is_its_words_and_its_tables() -> None:
    page = """<html><head><title>x</title><script>alert(1)</script></head><body><div><p>请各单位于<b>5月10日</b>前
    报送<br>总结</p></div><table><tr><td>材料</td><td>时间</td></tr></table></body></html>"""
    assert original_text(page.encode()) == "请各单位于5月10日前 报送\n总结\n材料\t时间"


def test_a_pdf_has_its_letters() -> None:
    assert original_text(pdf("Please send the summary by email to office.")).strip() == (
        "Please send the summary by email to office."
    )


def test_radicals_of_a_pdf_are_read_as_the_characters_they_stand_for() -> None:
    """PDF files hold 截止⽇期 with a Kangxi radical."""
    (facts,) = survey("关于报送总结的通知\n各科室：\n报送截止⽇期：2024年5⽉10⽇。\n")
    assert [str(one.deadline.date) for one in facts.obligations] == ["2024-05-10"]


def bomb() -> bytes:
    """A Word file that unfolds to more than anybody writes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (61 * 1024 * 1024))
    return kept.getvalue()


def entities() -> bytes:
    """A Word file whose text would be read from the machine."""
    xml = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>'
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("word/document.xml", xml)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件没有内容"),
        (pdf(""), "PDF 是扫描件，没有文字层，请用原稿或先作文字识别"),
        (b"%PDF-1.4 broken", "PDF 文件损坏，请重新导出"),
        (b"PK\x03\x04 broken", "Word 文件损坏，请用 Word、WPS 打开后另存"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "是旧版 .doc（.wps）或加密的文件，请另存为 .docx 或 .txt"),
        (bytes(range(256)) * 20, "不是文字文件，请用 .docx、.pdf 或 .txt"),
        (bomb(), "Word 文件过大，请只交正文"),
        (entities(), "Word 文件含有不允许的内容，请另存后再试"),
    ],
    ids=["empty", "scan", "broken pdf", "broken zip", "ole", "binary", "bomb", "entities"],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(OriginalRefused) as refused:
        original_text(data)
    assert refused.value.zh == said


def test_a_page_nested_without_end_is_read() -> None:
    assert original_text(("<div><p><b>" + "<span>" * 1000 + "总结").encode()) == "总结"
