"""Blank forms as files: what stands in them, that typing is found again, and that nothing in a name does harm."""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from duban.domain.errors import NotFound
from duban.domain.notice import Form, Notice
from duban.papers.forms import Kind, blank, blank_docx, blank_xlsx, file_name, offers
from duban.reading.definitions import read_definition
from duban.reading.sheets import sheet_rows
from factories import notice

NOTICES = Path(__file__).resolve().parents[2] / "flows" / "notices"
JILIN = read_definition(NOTICES / "jilin-2021-25.yaml")
SHANXI = read_definition(NOTICES / "shanxi-2021-65.yaml")
FORMS = [(n, key) for n in (JILIN, SHANXI) for key in n.forms]
EVERY = [(n, key, kind) for n, key in FORMS for kind in offers(n.forms[key])]


def told(data: bytes) -> list[Any]:
    """The body of a document in order: a paragraph's text, or a table as rows of cells."""
    document = Document(io.BytesIO(data))
    return [
        item.text
        if hasattr(item, "text")
        else [["\n".join(p.text for p in cell.paragraphs) for cell in row_cells(row)] for row in item.rows]
        for item in document.iter_inner_content()
    ]


def row_cells(row: Any) -> list[Any]:
    """The cells of a row, a merged one once."""
    return list({id(cell._tc): cell for cell in row.cells}.values())


def lines(data: bytes) -> list[list[str]]:
    """The rows of a sheet that hold anything, without empty cells at their ends."""
    return [[*"\0".join(texts).rstrip("\0").split("\0")] for _, texts in sheet_rows(data)]


DAY = "      年    月    日"


def test_jilin_1_on_paper() -> None:
    header = ["序号", "活动名称", "活动时间", "活动地点", "主办单位", "人数", "报名电话", "活动内容"]
    assert told(blank_docx(JILIN.forms["form-1"], JILIN)) == [
        "附表1",
        "2021年“吉林省全民终身学习示范活动”汇总表",
        "市（县）区：",
        [header, *([str(n), *[""] * 7] for n in range(1, 11))],
        "注：活动不限10项，请根据实际情况填报。",
        "填表联系人：\t联系电话：",
    ]


def test_jilin_1_as_a_sheet() -> None:
    assert lines(blank_xlsx(JILIN.forms["form-1"], JILIN)) == [
        ["附表1"],
        ["2021年“吉林省全民终身学习示范活动”汇总表"],
        ["市（县）区："],
        ["序号", "活动名称", "活动时间", "活动地点", "主办单位", "人数", "报名电话", "活动内容"],
        *([str(n)] for n in range(1, 11)),
        ["注：活动不限10项，请根据实际情况填报。"],
        ["填表联系人："],
        ["联系电话："],
    ]


def test_jilin_2_on_paper() -> None:
    assert told(blank_docx(JILIN.forms["form-2"], JILIN)) == [
        "附表2",
        "2021年吉林省全民终身学习活动周工作先进单位申报表",
        [
            ["单位全称", ""],
            ["上级主管部门", ""],
            ["单位负责人", "", "负责人职务", ""],
            ["通讯地址", "", "联系电话", ""],
            ["先进事迹", ""],
            ["单位意见", "市（州）教育行政部门意见", "吉林省教育厅意见"],
            [f"（盖章）\n{DAY}", f"（盖章）\n{DAY}", f"（由吉林省教育厅盖章）\n{DAY}"],
        ],
        f"注：1．{JILIN.forms['form-2'].note}",
        "2．先进事迹500字以内，可另附页。",
        "填表联系人：",
    ]


def test_jilin_3_on_paper_and_as_a_sheet() -> None:
    form = JILIN.forms["form-3"]
    header, note = ["推荐序号", "先进单位全称"], "注：请按推荐顺序填写登记表。"
    title = "2021年吉林省全民终身学习活动周工作先进单位汇总表"
    assert told(blank_docx(form, JILIN)) == [
        "附表3",
        title,
        f"推荐单位（盖章）：\t填表时间：{DAY}",
        [header, *([str(n), ""] for n in range(1, 9))],
        note,
        "填表联系人：\t联系电话：",
    ]
    assert lines(blank_xlsx(form, JILIN)) == [
        ["附表3"],
        [title],
        ["推荐单位（盖章）："],
        ["填表时间："],
        header,
        *([str(n)] for n in range(1, 9)),
        [note],
        ["填表联系人："],
        ["联系电话："],
    ]


def test_jilin_4_on_paper() -> None:
    assert told(blank_docx(JILIN.forms["form-4"], JILIN))[2:3] == [
        [
            ["姓名", "", "出生日期", ""],
            ["性别", "", "民族", ""],
            ["工作单位", "", "职务", ""],
            ["电子邮箱", "", "电话", ""],
            ["先进事迹简介", ""],
            ["单位意见", "市（州）教育行政部门意见", "吉林省教育厅意见"],
            [f"（盖章）\n{DAY}", f"（盖章）\n{DAY}", f"（由吉林省教育厅盖章）\n{DAY}"],
        ]
    ]


def test_jilin_5_on_paper() -> None:
    header = ["推荐序号", "姓名", "性别", "职务", "工作单位", "联系电话"]
    assert told(blank_docx(JILIN.forms["form-5"], JILIN))[2:] == [
        f"推荐单位（盖章）：\t填表时间：{DAY}",
        [header, *([str(n), *[""] * 5] for n in range(1, 9))],
        "注：请按推荐顺序填写登记表。",
        "填表联系人：",
    ]


def test_shanxi_2_on_paper_and_as_a_sheet() -> None:
    form = SHANXI.forms["stat-table"]
    assert told(blank_docx(form, SHANXI))[2:] == [
        f"填报单位：\t日期：{DAY}",
        [["", *form.columns], *([head, *[""] * 9] for head in form.row_heads)],
        f"注：{form.note}",
        "负责人：\t填报人：\t联系电话：",
    ]
    assert lines(blank_xlsx(form, SHANXI))[2:] == [
        ["填报单位："],
        ["日期："],
        ["", *form.columns],
        *([head] for head in form.row_heads),
        [f"注：{form.note}"],
        ["负责人："],
        ["填报人："],
        ["联系电话："],
    ]


@pytest.mark.parametrize(("of", "key", "kind"), EVERY)
def test_the_same_definition_gives_the_same_bytes(of: Notice, key: str, kind: Kind) -> None:
    data = blank(of.forms[key], of, kind)
    assert data == blank(of.forms[key], of, kind)
    with ZipFile(io.BytesIO(data)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.testzip() is None


@pytest.mark.parametrize(("of", "key", "kind"), EVERY)
def test_a_file_names_the_office_alone_and_loads_nothing(of: Notice, key: str, kind: Kind) -> None:
    data = blank(of.forms[key], of, kind)
    with ZipFile(io.BytesIO(data)) as parts:
        whole = "\n".join(parts.read(name).decode(errors="ignore") for name in parts.namelist())
        assert [name for name in parts.namelist() if re.search("vba|thumbnail|macro|external", name, re.I)] == []
    assert re.findall("python-docx|openpyxl|TargetMode=.External", whole) == []
    opened: Any = Document(io.BytesIO(data)).core_properties if kind is Kind.DOCX else None
    if opened is None:
        properties = load_workbook(io.BytesIO(data)).properties
        signed = (properties.title, properties.creator, properties.lastModifiedBy, properties.created)
    else:
        signed = (opened.title, opened.author, opened.last_modified_by, opened.created.replace(tzinfo=None))
    assert signed == (of.forms[key].name, *[of.issuing_office] * 2, datetime.combine(of.dated_on, datetime.min.time()))


@pytest.mark.parametrize(
    ("of", "key", "size"),
    [(JILIN, "form-1", (29.7, 21.0)), (JILIN, "form-2", (21.0, 29.7)), (SHANXI, "stat-table", (29.7, 21.0))],
)
def test_a_document_is_fit_for_print(of: Notice, key: str, size: tuple[float, float]) -> None:
    document = Document(io.BytesIO(blank_docx(of.forms[key], of)))
    section, table = document.sections[0], document.tables[0]
    width, height = section.page_width, section.page_height
    assert width is not None
    assert height is not None
    assert (round(width.cm, 1), round(height.cm, 1)) == size
    assert "第1页 共1页" in "".join(t.text or "" for t in section.footer._element.iter(qn("w:t")))
    assert [f.get(qn("w:instr")) for f in section.footer._element.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    headers = [bool(row._tr.findall(f".//{qn('w:tblHeader')}")) for row in table.rows]
    assert headers == [bool(of.forms[key].columns), *[False] * (len(table.rows) - 1)]
    fonts = {f.get(qn("w:eastAsia")) for f in document.element.body.iter(qn("w:rFonts"))}
    assert fonts == {"宋体", "黑体", "仿宋"}


def test_a_sheet_is_fit_for_typing_and_print() -> None:
    sheet = load_workbook(io.BytesIO(blank_xlsx(JILIN.forms["form-1"], JILIN))).worksheets[0]
    assert (sheet.title, sheet.freeze_panes, sheet.print_title_rows) == ("附表1", "A5", "$4:$4")
    page = sheet.page_setup
    assert (page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight) == ("landscape", 9, 1, 0)
    assert (sheet.oddFooter.left.text, sheet.oddFooter.center.text) == ("吉林省教育厅", "第&P页 共&N页")
    assert [cell.number_format for cell in sheet[5]] == ["0", "@", "@", "@", "@", "#,##0", "@", "@"]
    assert [(str(rule.sqref), rule.type) for rule in sheet.data_validations.dataValidation] == [("F5:F14", "whole")]


def test_a_crosswise_sheet_keeps_its_row_heads_in_view() -> None:
    sheet = load_workbook(io.BytesIO(blank_xlsx(SHANXI.forms["stat-table"], SHANXI))).worksheets[0]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B6", "$5:$5")
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["B9:J9 B10:J10"]
    formats = [{cell.number_format for cell in row[1:]} for row in sheet["A6:J11"]]
    assert formats == [{"@"}, {"@"}, {"@"}, {"#,##0"}, {"#,##0"}, {"@"}]


TYPED = ["第二届社区读书节", "10月18日", "=1+1", "0431-5550100", "120", "  两行\n文字"]


def rooms(sheet: Any, header: int) -> Iterator[Any]:
    """The empty cells under a header, up to the notes."""
    for row in sheet.iter_rows(min_row=header + 1):
        if str(row[0].value or "").startswith("注："):
            return
        yield from (cell for cell in row if cell.value is None)


@pytest.mark.parametrize("of_key", [(n, k) for n, k in FORMS if n.forms[k].columns])
def test_what_is_typed_into_a_sheet_is_read_again(of_key: tuple[Notice, str]) -> None:
    of, form = of_key[0], of_key[0].forms[of_key[1]]
    book = load_workbook(io.BytesIO(blank_xlsx(form, of)))
    sheet = book.worksheets[0]
    header = next(row[0].row for row in sheet.iter_rows() if row[-1].value == form.columns[-1])
    for number, cell in enumerate(rooms(sheet, header)):
        cell.value = TYPED[number % len(TYPED)]
        cell.data_type = "s"
    for row in sheet.iter_rows():
        if str(row[0].value).endswith("："):
            beside = next(c for c in row[1:] if type(c).__name__ == "Cell")
            beside.value = f"{row[0].value}有"
    out = io.BytesIO()
    book.save(out)
    read = lines(out.getvalue())
    at = next(n for n, texts in enumerate(read) if texts[-len(form.columns) :] == list(form.columns))
    rows = list(form.row_heads) or [str(n) for n in range(1, (form.printed_rows or 10) + 1)]
    width = len(read[at]) - 1
    expected = [[head, *(TYPED[(n * width + c) % len(TYPED)] for c in range(width))] for n, head in enumerate(rows)]
    assert read[at + 1 : at + 1 + len(rows)] == expected
    fields = {texts[0].split("：")[0].removesuffix("（盖章）"): texts[-1] for texts in read if texts[0].endswith("：")}
    assert list(fields) == list(form.fields)
    assert all(value.endswith("：有") for value in fields.values())


@pytest.mark.parametrize(("of", "key"), FORMS)
def test_what_is_typed_into_a_document_is_read_again(of: Notice, key: str) -> None:
    form = of.forms[key]
    document = Document(io.BytesIO(blank_docx(form, of)))
    typed = []
    for row in document.tables[0].rows:
        for cell in row_cells(row):
            if not cell.text:
                cell.paragraphs[0].add_run(TYPED[len(typed) % len(TYPED)])
                typed.append(cell.text)
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("填表联系人：", "填表联系人：教育科")
    out = io.BytesIO()
    document.save(out)
    read = told(out.getvalue())
    cells = next(item for item in read if isinstance(item, list))
    original = next(item for item in told(blank_docx(form, of)) if isinstance(item, list))
    filled = iter(typed)
    assert cells == [[cell or next(filled) for cell in row] for row in original]
    assert any("填表联系人：教育科" in item for item in read) == ("填表联系人" in form.fields)


@pytest.mark.parametrize(
    ("form", "kinds"),
    [
        (Form(name="表"), ()),
        (Form(name="表", fields=("姓名",)), (Kind.DOCX,)),
        (Form(name="表", row_heads=("做法",)), (Kind.DOCX,)),
        (Form(name="表", columns=("名称",)), (Kind.XLSX, Kind.DOCX)),
        (Form(name="表", columns=("名称",), seals=("单位",)), (Kind.DOCX, Kind.XLSX)),
        (Form(name="表", columns=tuple(map(str, range(20)))), (Kind.XLSX, Kind.DOCX)),
        (Form(name="表", columns=tuple(map(str, range(21)))), (Kind.XLSX,)),
    ],
)
def test_in_which_files_a_form_is_given_out(form: Form, kinds: tuple[Kind, ...]) -> None:
    assert offers(form) == kinds
    for kind in Kind:
        if kind in kinds:
            assert blank(form, notice(), kind)[:4] == b"PK\x03\x04"
        else:
            with pytest.raises(NotFound, match=f"“表”没有 .{kind} 空白表"):
                blank(form, notice(), kind)


def test_names_of_files() -> None:
    assert file_name(SHANXI.forms["stat-table"], Kind.XLSX) == "附件2 2021年山西省全民终身学习活动周情况统计表.xlsx"
    assert file_name(Form(name="../a/b\r\n"), Kind.DOCX) == "a b.docx"


HOSTILE = (
    '=cmd|"/c calc"!A1',
    "</w:t><w:p/>",
    "<script>alert(1)</script>",
    "&amp; &P &Z",
    "a\x00b\x07c",
    "\u202egpj",
    "名" * 2000,
    "𠮷😀",
    "_x003D_1",
)


def test_hostile_names_stay_names() -> None:
    form = Form(
        name="附表1 " + HOSTILE[0],
        fields=HOSTILE,
        columns=HOSTILE,
        numbers=HOSTILE[:1],
        seals=HOSTILE[:2],
        note=HOSTILE[1],
    )
    by_kind = {kind: blank(form, notice(issuing_office="a&b&P" * 100), kind) for kind in Kind}
    book = load_workbook(io.BytesIO(by_kind[Kind.XLSX]))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert [cell.value for cell in cells if str(cell.value).startswith("=")] == []
    header = next(item for item in told(by_kind[Kind.DOCX]) if isinstance(item, list))[0]
    assert header == [
        '=cmd|"/c calc"!A1',
        "</w:t><w:p/>",
        "<script>alert(1)</script>",
        "&amp; &P &Z",
        "abc",
        "gpj",
        "名" * 2000,
        "𠮷😀",
        "_x003D_1",
    ]


names = st.text(min_size=1, max_size=12).filter(lambda text: text.strip() != "")
many = st.lists(names, max_size=5).map(tuple)


@given(name=names, fields=many, columns=many, row_heads=many, seals=many, office=st.text(max_size=20))
@settings(max_examples=25)
def test_whatever_a_definition_says_makes_a_file_that_opens(
    name: str,
    fields: tuple[str, ...],
    columns: tuple[str, ...],
    row_heads: tuple[str, ...],
    seals: tuple[str, ...],
    office: str,
) -> None:
    form = Form(name=name, fields=fields, columns=columns, row_heads=row_heads, seals=seals, numbers=columns[:1])
    of = notice(issuing_office=office, issued_on=date(2021, 9, 24))
    for kind in offers(form):
        data = blank(form, of, kind)
        if kind is Kind.XLSX:
            cells = [cell for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows() for cell in row]
            assert "f" not in {cell.data_type for cell in cells}
        else:
            assert told(data)
