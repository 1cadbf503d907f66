"""XLSX into tables of text."""

import io
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import Workbook

from duban.domain.content import Content, FileKind, Table
from duban.reading.materials.limits import Limits
from material_files import held, relations, zipped


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_whole_workbook(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "汇总表"
    sheet["A1"] = "活动情况统计表"
    sheet.merge_cells("A1:C1")
    sheet.append(["单位", "场次", "人次"])
    sheet.append(["长春市", 3, 1500.0])
    sheet["A6"] = "合计"
    sheet.merge_cells("A6:B6")
    sheet["C6"] = 2.5
    hidden = book.create_sheet("底稿")
    hidden["B2"] = datetime(2021, 9, 28)
    hidden["C2"] = datetime(2021, 9, 28, 15, 30)
    hidden["D2"] = date(2021, 9, 28)
    hidden["E2"] = time(15)
    hidden["F2"] = True
    hidden.sheet_state = "hidden"
    book.create_sheet("空")
    assert held(tmp_path, saved(book), "附表.xlsx") == Content(
        kind=FileKind.XLSX,
        tables=(
            Table(
                sheet="汇总表",
                rows=(
                    ("活动情况统计表",) * 3,
                    ("单位", "场次", "人次"),
                    ("长春市", "3", "1500"),
                    ("合计", "合计", "2.5"),
                ),
            ),
            Table(sheet="底稿", rows=(("", "2021-09-28", "2021-09-28 15:30", "2021-09-28", "15:00:00", "TRUE"),)),
        ),
        words=7 + 6 + 3 + 2 + 2 + 1 + 1 + 2 + 1 + 1 + 1,
        notes=("含隐藏的工作表：底稿",),
    )


def test_formulas_give_what_the_office_program_left(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"], book.active["B1"] = "=1+1", "=A1"
    found = held(tmp_path, saved(book), "a.xlsx")
    assert found.tables == (Table(sheet="Sheet", rows=(("#CALC!", "#CALC!"),)),)
    assert found.notes == ("部分公式没有计算结果，请用 WPS 或 Excel 打开保存一次后重新上传",)
    computed = _with_sheet(saved(book), b"<c r='A1'><f>1+1</f><v>2</v></c><c r='B1'><v>3</v></c>")
    assert held(tmp_path, computed, "a.xlsx") == Content(
        kind=FileKind.XLSX, tables=(Table(sheet="Sheet", rows=(("2", "3"),)),), words=2
    )


def _with_sheet(data: bytes, cells: bytes, after: bytes = b"") -> bytes:
    """The same workbook with other cells in its first row."""
    import zipfile

    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts: dict[str, bytes | str] = {name: file.read(name) for name in file.namelist()}
    sheet = b"<worksheet xmlns='" + space + b"'><sheetData><row r='1'>" + cells + b"</row></sheetData>" + after
    return zipped({**parts, "xl/worksheets/sheet1.xml": sheet + b"</worksheet>"})


def test_the_bounds_of_cells_and_columns(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["一", "二", "三"])
    book.active.append(["四"])
    data = saved(book)
    whole = (("一", "二", "三"), ("四", "", ""))
    assert held(tmp_path, data, "a.xlsx", Limits(cells=4, columns=3)).tables == (Table(sheet="Sheet", rows=whole),)
    cut = held(tmp_path, data, "a.xlsx", Limits(cells=3, columns=3))
    assert (cut.tables, cut.notes) == (
        (Table(sheet="Sheet", rows=whole[:1]),),
        ("表格过大，只读取了前面的部分",),
    )
    narrow = held(tmp_path, data, "a.xlsx", Limits(columns=2))
    assert narrow.tables == (Table(sheet="Sheet", rows=(("一", "二"),)),)


def test_cells_and_merges_at_the_end_of_the_world(tmp_path: Path) -> None:
    """Far cells and giant merges cost nothing."""
    data = saved(Workbook())
    merged = b"<mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>"
    far = _with_sheet(data, b"<c r='A1' t='str'><v>x</v></c><c r='XFD1048576' t='str'><v>y</v></c>", merged)
    found = held(tmp_path, far, "a.xlsx")
    assert (found.tables, found.notes) == (
        (Table(sheet="Sheet", rows=(("x",),)),),
        ("表格过大，只读取了前面的部分",),
    )


def test_what_lies_outside_is_told(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "一"
    import zipfile

    with zipfile.ZipFile(io.BytesIO(saved(book))) as file:
        parts: dict[str, bytes | str] = {name: file.read(name) for name in file.namelist()}
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = relations(
        ("rId1", "externalLinkPath", "file://server/x.xlsx")
    )
    assert held(tmp_path, zipped(parts), "a.xlsx").notes == ("文件引用了外部内容，未打开",)
