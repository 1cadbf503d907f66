"""Ledgers as workbooks: what is exported is what was given, and no cell is ever a formula."""

import io
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from duban.papers.ledger import LedgerTable, ledger_xlsx
from duban.papers.sheet import Value
from duban.papers.texts import formula_safe
from factories import at

TABLE = LedgerTable(
    title="2021年全民终身学习活动周材料报送台账",
    lines=("截至2021年10月18日9时", "筛选：未办结"),
    headers=("单位", "材料", "状态", "收到日期", "字数", "备注"),
    rows=(
        ("长春市教育局", "工作总结", "已报送", date(2021, 10, 12), 1500, ""),
        ("吉林市教育局", "工作总结", "逾期2个工作日", None, None, "+86 431 电话约定补报"),
    ),
    totals=("合计", "2件", "", None, 1500, ""),
    footer=("仅供内部", "制表：省厅职成处"),
    office="省厅职成处",
    day=date(2021, 10, 18),
    left=frozenset({0, 1, 5}),
)


def sheet_of(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def values(sheet: Any) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_a_ledger_as_it_is_read_again() -> None:
    sheet = sheet_of(ledger_xlsx(TABLE))
    none = (None,) * 5
    assert values(sheet) == [
        (TABLE.title, *none),
        (TABLE.lines[0], *none),
        (TABLE.lines[1], *none),
        TABLE.headers,
        ("长春市教育局", "工作总结", "已报送", datetime(2021, 10, 12), 1500, None),
        ("吉林市教育局", "工作总结", "逾期2个工作日", None, None, "'+86 431 电话约定补报"),
        ("合计", "2件", None, None, 1500, None),
        (TABLE.footer[0], *none),
        (TABLE.footer[1], *none),
    ]


def test_it_looks_like_the_ledger_they_keep() -> None:
    sheet = sheet_of(ledger_xlsx(TABLE))
    page = sheet.page_setup
    assert (page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight) == ("landscape", 9, 1, 0)
    assert (sheet.title, sheet.freeze_panes, sheet.print_title_rows) == ("台账", "C5", "$4:$4")
    assert sheet.auto_filter.ref == "A4:F6"
    assert [cell.number_format for cell in sheet[5]] == ["@", "@", "@", 'yyyy"年"m"月"d"日"', "#,##0", "@"]
    across = ["left", "left", "center", "center", "right", "left"]
    assert [cell.alignment.horizontal for cell in sheet[5]] == across
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEF"]
    assert all(wide > other for wide, other in zip(widths[:1], widths[4:5], strict=True))
    assert sheet.row_dimensions[5].height == 22.0


def test_a_long_text_gets_its_lines() -> None:
    long = replace(TABLE, rows=(("甲", "乙", "丙", None, 1, "字" * 100),))
    assert sheet_of(ledger_xlsx(long)).row_dimensions[5].height > 80


def test_the_same_table_gives_the_same_bytes() -> None:
    data = ledger_xlsx(TABLE)
    assert data == ledger_xlsx(TABLE)
    assert data != ledger_xlsx(replace(TABLE, day=date(2021, 10, 19)))
    with ZipFile(io.BytesIO(data)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"headers": ()}, "without columns"),
        ({"rows": (("甲",),)}, "not as long"),
        ({"totals": ("合计",)}, "not as long"),
        ({"rows": (("甲", "", "", at("2021-10-12 09:00"), 1, ""),)}, "a moment is said as text"),
    ],
)
def test_what_is_no_table_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ledger_xlsx(replace(TABLE, **changes))


def test_a_table_without_rows_or_totals() -> None:
    sheet = sheet_of(ledger_xlsx(replace(TABLE, lines=(), rows=(), totals=None, footer=())))
    assert values(sheet) == [(TABLE.title, *(None,) * 5), TABLE.headers]
    assert sheet.auto_filter.ref == "A2:F2"


STARTS = ("=", "+", "-", "@", "\t", "\0", "\r", "\n", "\r\n", "＝", "\x0b=", "\u202e=", " =", "'=", "", "{=", "#")
TAILS = (
    "1+1",
    'cmd|"/c calc"!A1',
    'HYPERLINK("http://x.example","y")',
    "SUM(A1:A9)",
    "N/A",
    "DDE()",
    "字",
    "",
    "VALUE!",
)
CELLS = (
    "{start}{tail}",
    "{start}{start}{tail}",
    "{start} {tail}{number}",
    "{start}{tail}\n={tail}",
    "{start}\x07{tail}",
)


def payloads(count: int) -> list[str]:
    """So many different ones."""
    every = [
        cell.format(start=start, tail=tail, number=number)
        for number in range(10)
        for cell in CELLS
        for start in STARTS
        for tail in TAILS
    ]
    return every[:count]


def test_five_thousand_payloads_and_no_formula() -> None:
    texts = payloads(5000)
    assert len(texts) == 5000
    table = replace(TABLE, headers=tuple("abcde"), rows=[texts[n : n + 5] for n in range(0, 5000, 5)], totals=None)
    sheet = sheet_of(ledger_xlsx(replace(table, left=frozenset())))
    cells = [cell for row in sheet.iter_rows(min_row=5, max_row=1004) for cell in row]
    assert [cell.value or "" for cell in cells] == [formula_safe(text) for text in texts]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert [c.value for c in cells if c.value and c.value[0] in "=+-@\t\r\n\0＝＋－＠"] == []


@given(st.lists(st.one_of(st.none(), st.text(max_size=30), st.integers(-(2**53), 2**53), st.dates(date(1900, 3, 1)))))
@settings(max_examples=60)
def test_values_come_back(given_values: list[Value]) -> None:
    table = replace(TABLE, headers=("甲",), rows=[(value,) for value in given_values], totals=None, footer=())
    rows = values(sheet_of(ledger_xlsx(replace(table, left=frozenset()))))[4:]
    back = [row[0].date() if isinstance(row[0], datetime) else row[0] for row in rows]
    expected = [(formula_safe(v) or None) if isinstance(v, str) else v for v in given_values]
    assert back + [None] * (len(expected) - len(back)) == expected


@pytest.mark.parametrize("office", ["教育局&P", "&", "1&2", "局" * 300])
def test_an_office_is_no_command_at_the_foot(office: str) -> None:
    sheet = sheet_of(ledger_xlsx(replace(TABLE, office=office)))
    assert sheet.oddFooter.center.text == "第&P页 共&N页"
    assert sheet.oddFooter.left.text == office[:80].replace("&", "＆")
