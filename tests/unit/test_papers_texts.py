"""Texts from outside, made fit for documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.papers.texts import file_stem, formula_safe, one_line, printable, sheet_title, width


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠a", "'＠a"),
        ("\t=1", "'\t=1"),
        ("\0=1", "'=1"),
        ("\x07=1", "'=1"),
        ("\u202e=1", "'=1"),
        ("\r=1", "'\n=1"),
        ("\n=1", "'\n=1"),
        ("\r\nx", "'\nx"),
        ("_x003D_1", "_x005F_x003D_1"),
        ("1=1", "1=1"),
        (" =1", " =1"),
        ("", ""),
        ("长春市教育局", "长春市教育局"),
        ("—", "—"),
        ("a\x00b\x0bc\ud800d\uffffe", "abcde"),
        ("一\r\n二\r三", "一\n二\n三"),
    ],
)
def test_nothing_begins_like_a_formula(text: str, safe: str) -> None:
    assert formula_safe(text) == safe


@pytest.mark.parametrize(("length", "kept"), [(32_767, 32_767), (32_768, 32_767)])
def test_a_cell_holds_so_much(length: int, kept: int) -> None:
    assert formula_safe("字" * length) == "字" * kept


def test_one_line_and_printable() -> None:
    text = " 附表1\u202e\x00\t示范\r\n活动 "
    assert (printable(text), one_line(text)) == (" 附表1\t示范\n活动 ", "附表1 示范 活动")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("附表1 2021年“示范活动”汇总表", "附表1 2021年“示范活动”汇总表"),
        ("../../etc/passwd", "etc passwd"),
        ("..", "未命名"),
        ("", "未命名"),
        ('a\\b/c:d*e?f"g<h>i|j', "a b c d e f g h i j"),
        ("a\r\nX: b", "a X b"),
        ("nul", "_nul"),
        ("COM1.x", "_COM1.x"),
        ("console", "console"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("表" * 53 + "x", "表" * 53 + "x"),
        ("表" * 54, "表" * 53),
    ],
)
def test_names_of_files(name: str, stem: str) -> None:
    assert file_stem(name) == stem


@given(st.text())
def test_a_name_never_leaves_its_folder(name: str) -> None:
    stem = file_stem(name)
    assert stem
    assert not set(stem) & set('\\/:*?"<>|\0\r\n')
    assert stem.strip(". ") == stem
    assert len(stem.encode()) <= 161


@pytest.mark.parametrize(
    ("name", "title"),
    [("附表1", "附表1"), ("a[b]:c*d?e/f\\g", "a b c d e f g"), ("'x'", "x"), ("", "表"), ("字" * 32, "字" * 31)],
)
def test_titles_of_sheets(name: str, title: str) -> None:
    assert sheet_title(name) == title


def test_width_is_counted_in_han_characters() -> None:
    assert (width("2021年（人次）"), width(""), width("ab")) == (7.0, 0, 1.0)
