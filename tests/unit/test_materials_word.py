"""DOCX as Word counts it: what is on the page and what is not, tables, captions, headings."""

from pathlib import Path

import pytest

from duban.domain.content import Content, FileKind, Mark, Paragraph, Picture, Table
from duban.domain.counting import words
from duban.reading.materials.found import Refused
from duban.reading.materials.limits import Limits
from material_files import V, W, docx, held, p, picture, relations, run, shown, table, tc

STYLES = f"""<w:styles xmlns:w="{W}">
<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="a3"><w:name w:val="标题 2"/></w:style>
<w:style w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:styleId="own"><w:name w:val="公文小标题"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:styleId="rests"><w:name w:val="甲"/><w:basedOn w:val="own"/></w:style>
<w:style w:styleId="round"><w:name w:val="乙"/><w:basedOn w:val="round"/></w:style>
<w:style w:styleId="n"><w:name w:val="Normal"/></w:style></w:styles>"""


def told(tmp_path: Path, body: str, **parts: bytes | str) -> Content:
    return held(
        tmp_path, docx(body, {f"word/{name.replace('__', '/')}": data for name, data in parts.items()}), "a.docx"
    )


def lines(tmp_path: Path, body: str) -> list[str]:
    return [line.text for line in held(tmp_path, docx(body), "a.docx").paragraphs]


def test_a_whole_document(tmp_path: Path) -> None:
    body = (
        p("工作总结", "T")
        + p("一、基本情况", "1")
        + p("2021年9月28日前报送。")
        + table(["项目", "人次"], ["讲座", "1,500"])
        + p("", inside=shown("rId7"))
        + p("图1 活动现场")
    )
    parts: dict[str, bytes | str] = {
        "word/styles.xml": STYLES,
        "word/_rels/document.xml.rels": relations(("rId7", "image", "media/image1.jpeg")),
        "word/media/image1.jpeg": picture(size=(640, 480)),
    }
    assert held(tmp_path, docx(body, parts), "总结.docx") == Content(
        kind=FileKind.DOCX,
        paragraphs=(
            Paragraph(text="工作总结", level=1),
            Paragraph(text="一、基本情况", level=1),
            Paragraph(text="2021年9月28日前报送。"),
            Paragraph(text="图1 活动现场"),
        ),
        tables=(Table(rows=(("项目", "人次"), ("讲座", "1,500"))),),
        pictures=(Picture(width=640, height=480, name="图1 活动现场"),),
        words=4 + 6 + 10 + 7 + 6,
    )


def test_levels(tmp_path: Path) -> None:
    styles = ["T", "1", "a3", "own", "rests", "round", "n", "none"]
    body = "".join(p(style, style) for style in styles)
    body += '<w:p><w:pPr><w:pStyle w:val="1"/><w:outlineLvl w:val="9"/></w:pPr><w:r><w:t>own word</w:t></w:r></w:p>'
    assert [line.level for line in told(tmp_path, body, **{"styles.xml": STYLES}).paragraphs] == [
        *(1, 1, 2, 3, 3, 0, 0, 0),
        0,
    ]


def test_revisions(tmp_path: Path) -> None:
    """What was deleted is gone, what was inserted or moved here is there."""
    body = (
        f"<w:p>{run('甲')}<w:del><w:r><w:delText>乙</w:delText></w:r></w:del><w:ins>{run('丙')}</w:ins>"
        f"<w:moveFrom>{run('丁')}</w:moveFrom><w:moveTo>{run('戊')}</w:moveTo></w:p>"
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr>" + tc("己") + "</w:tr><w:tr>" + tc("庚") + "</w:tr></w:tbl>"
    )
    found = told(tmp_path, body)
    assert (lines(tmp_path, body), found.tables, found.words) == (["甲丙戊"], (Table(rows=(("庚",),)),), 4)


def test_what_is_not_on_the_page(tmp_path: Path) -> None:
    shown_again = '<w:vanish w:val="0"/>'
    body = (
        f"<w:p>{run('见')}<w:r><w:instrText>PAGEREF x</w:instrText></w:r>{run('第2页')}"
        f"{run('隐', '<w:vanish/>')}{run('不隐', shown_again)}"
        '<w:r><w:footnoteReference w:id="1"/></w:r></w:p><w:sectPr/>'
    )
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote>{p("脚注不计")}</w:footnote></w:footnotes>'
    header = f'<w:hdr xmlns:w="{W}">{p("页眉不计")}</w:hdr>'
    found = told(tmp_path, body, **{"footnotes.xml": notes, "header1.xml": header})
    assert found == Content(kind=FileKind.DOCX, paragraphs=(Paragraph(text="见第2页不隐"),), words=6)


def test_marks_inside_a_paragraph(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/>"
        '<w:sym w:font="Wingdings" w:char="F052"/></w:r>'
        "<w:hyperlink><w:r><w:t>丁</w:t></w:r></w:hyperlink>"
        "<w:ruby><w:rt><w:r><w:t>wu</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>戊</w:t></w:r></w:rubyBase></w:ruby></w:p>"
    )
    assert lines(tmp_path, body) == ["甲\t乙\n丙-□丁戊"]


def test_content_controls_and_text_boxes(tmp_path: Path) -> None:
    """A drawing tells its text twice; it is read once."""
    box = f"<w:txbxContent>{p('框里')}{p('两段')}</w:txbxContent>"
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('控件')}</w:sdtContent></w:sdt>"
        f"<w:p>{run('前')}<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>{run('后')}</w:p>"
    )
    found = told(tmp_path, body)
    assert ([line.text for line in found.paragraphs], found.words) == (["控件", "前后", "框里", "两段"], 8)


def test_tables(tmp_path: Path) -> None:
    """Merged cells repeat their text, counted once; a nested table comes after its own."""
    wide, first, goes_on = (
        '<w:gridSpan w:val="2"/>',
        '<w:vMerge w:val="restart"/>',
        "<w:vMerge/>",
    )
    body = table(
        [tc("标题", wide), "右"],
        [tc("市", first), "一", p("二甲") + p("二乙")],
        [tc("", goes_on), table(["内"]) + p("外"), ""],
        ["独"],
    )
    found = told(tmp_path, body)
    assert found == Content(
        kind=FileKind.DOCX,
        tables=(
            Table(
                rows=(
                    ("标题", "标题", "右"),
                    ("市", "一", "二甲\n二乙"),
                    ("市", "外", ""),
                    ("独", "", ""),
                )
            ),
            Table(rows=(("内",),)),
        ),
        words=2 + 1 + 1 + 1 + 4 + 1 + 1 + 1,
    )


MEDIA = {
    "word/_rels/document.xml.rels": relations(
        ("r1", "image", "media/1.jpeg"),
        ("r2", "image", "/word/media/2.png"),
        ("r3", "image", "media/3.emf"),
        ("r4", "image", "media/none.png"),
    ),
    "word/media/1.jpeg": picture(size=(40, 30)),
    "word/media/2.png": picture("PNG", (20, 10)),
    "word/media/3.emf": b"\1\0\0\0 no picture that Pillow may open",
}


def named(tmp_path: Path, body: str) -> list[str]:
    return [shot.name for shot in held(tmp_path, docx(body, MEDIA), "a.docx").pictures]


def test_sizes_of_pictures(tmp_path: Path) -> None:
    body = p("", inside=shown("r1") + shown("r2") + shown("r3", size=(300, 200)) + shown("r4") + shown("none"))
    body += (
        f'<w:p><w:r><w:pict><v:shape xmlns:v="{V}" alt="老图"><v:imagedata r:id="r2"/></v:shape></w:pict></w:r></w:p>'
    )
    body += f"<w:p><w:del>{shown('r1')}</w:del></w:p>"
    assert held(tmp_path, docx(body, MEDIA), "a.docx").pictures == (
        Picture(width=40, height=30),
        Picture(width=20, height=10),
        Picture(width=300, height=200),
        Picture(width=0, height=0),
        Picture(width=0, height=0),
        Picture(width=20, height=10, name="老图"),
    )


ONE, TWO = p("", inside=shown("r1")), p("", inside=shown("r2"))


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (ONE + p("开幕式") + TWO + p("展板"), ["开幕式", "展板"]),
        (p("开幕式") + ONE + p("展板") + TWO, ["开幕式", "展板"]),
        (p("开幕式", inside=shown("r1")), ["开幕式"]),
        (p("", inside=shown("r1") + shown("r2")) + p("两图"), ["两图", "两图"]),
        (ONE + p("这是一句话。还有一句。"), [""]),
        (ONE + p("二、工作成效"), [""]),
        (ONE + p("长" * 61), [""]),
        (ONE + p("长" * 60), ["长" * 60]),
        (ONE + TWO, ["", ""]),
        (p("", inside=shown("r1", "众人听课")), ["众人听课"]),
        (p("", inside=shown("r1", "图片包含 人员\n\n描述已自动生成")), [""]),
        (p("", inside=shown("r1", "图片 3")), [""]),
        (table([ONE, TWO], ["左图", "右图"]), ["左图", "右图"]),
        (table([ONE + p("格内"), TWO], ["左图", "右图"]), ["格内", "右图"]),
    ],
)
def test_names_of_pictures(tmp_path: Path, body: str, names: list[str]) -> None:
    assert named(tmp_path, body) == names


def test_what_is_easily_overlooked(tmp_path: Path) -> None:
    parts: dict[str, bytes | str] = {
        "word/_rels/document.xml.rels": relations(
            ("r1", "hyperlink", "https://example.test/"), ("r2", "image", "https://example.test/x.png")
        ),
        "word/embeddings/oleObject1.bin": b"x",
    }
    assert held(tmp_path, docx(p("甲"), parts), "a.docx") == Content(
        kind=FileKind.DOCX,
        paragraphs=(Paragraph(text="甲"),),
        words=1,
        notes=("文件引用了外部内容，未打开", "文件内嵌了其他文件，未打开"),
    )
    harmless = {"word/_rels/document.xml.rels": relations(("r1", "hyperlink", "https://example.test/"))}
    assert held(tmp_path, docx(p("甲"), harmless), "a.docx").notes == ()
    assert held(tmp_path, docx('<w:altChunk r:id="x"/>'), "a.docx").notes == ("文件内嵌了其他文件，未打开",)


def test_the_other_set_of_namespaces(tmp_path: Path) -> None:
    """Office can save under ISO's own names."""
    strict = docx(p("甲乙")).replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert strict == docx(p("甲乙"))  # packed: the name is not found as it stands
    document = f'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>{p("甲乙")}</w:body></w:document>'
    assert held(tmp_path, docx("", {"word/document.xml": document}), "a.docx").words == 2


def test_the_body_may_lie_elsewhere(tmp_path: Path) -> None:
    other = {
        "_rels/.rels": relations(("r1", "officeDocument", "/word/document2.xml")),
        "word/document2.xml": f'<w:document xmlns:w="{W}"><w:body>{p("甲")}</w:body></w:document>',
    }
    assert held(tmp_path, docx("", other), "a.docx").words == 1


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": "<w:document"},
        {"word/document.xml": "<a/>"},
        {"_rels/.rels": relations(("r1", "officeDocument", "word/none.xml"))},
        {"word/document.xml": "<a>" * 300 + "</a>" * 300},
    ],
)
def test_broken_bodies(tmp_path: Path, parts: dict[str, bytes | str]) -> None:
    with pytest.raises(Refused) as refused:
        held(tmp_path, docx("", parts), "a.docx")
    assert refused.value.mark is Mark.BROKEN


def test_the_bound_of_characters(tmp_path: Path) -> None:
    assert held(tmp_path, docx(p("甲" * 10)), "a.docx", Limits(characters=10)).words == 10
    with pytest.raises(Refused) as refused:
        held(tmp_path, docx(p("甲" * 11)), "a.docx", Limits(characters=10))
    assert (refused.value.mark, refused.value.trouble) == (Mark.UNREADABLE, "文本超过 10 字")


def test_the_words_are_those_of_the_text(tmp_path: Path) -> None:
    text = "“百姓学习之星”3—5名，不少于1500字……"
    assert told(tmp_path, p(text)).words == words(text)
