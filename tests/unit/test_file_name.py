"""File names from anywhere: readable, harmless, of a length that every file system takes."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.file_name import LONGEST, clean, distinct, split


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("总结.docx", "总结.docx"),
        ("2021年  总结 .docx", "2021年 总结 .docx"),
        ("👨\u200d👩\u200d👧 合影.jpg", "👨\u200d👩\u200d👧 合影.jpg"),
        ("e\u0301te\u0301.txt", "été.txt"),
        (r"C:\fakepath\总结.docx", "总结.docx"),
        ("../../etc/passwd", "passwd"),
        (r"..\..\总结.docx", "总结.docx"),
        ("..", "未命名"),
        ("", "未命名"),
        (" \t ", "未命名"),
        ("总结\x00.docx", "总结.docx"),
        ("总结\r\nSet-Cookie: a=b.docx", "总结 Set-Cookie： a=b.docx"),
        ("总结\u2028第二行.txt", "总结 第二行.txt"),
        ("总结\u202excod.exe", "总结xcod.exe"),
        ("\u200f\u2067总结\u2069.docx", "总结.docx"),
        ("\ufeff总\u200b结.docx", "总结.docx"),
        ("e\u200b\u0301.txt", "é.txt"),
        ("总结\ud800.docx", "总结.docx"),
        ('"><img src=x onerror=alert(1)>.docx', "＂＞＜img src=x onerror=alert(1)＞.docx"),
        ("什么?*|.txt", "什么？＊｜.txt"),
        ("总结.docx. .", "总结.docx"),
        ("CON.docx", "_CON.docx"),
        ("con", "_con"),
        ("Lpt1 .tar.gz", "_Lpt1 .tar.gz"),
        ("COM¹.txt", "_COM¹.txt"),
        ("CONTENT.docx", "CONTENT.docx"),
        (".gitignore", ".gitignore"),
        ("总" * 85, "总" * 85),
        ("总" * 86, "总" * 85),
        ("总" * 83 + ".docx", "总" * 83 + ".docx"),
        ("总" * 84 + ".docx", "总" * 83 + ".docx"),
        ("a" * 300 + ". " + "b" * 10, "a" * 255),
    ],
)
def test_a_name_is_made_harmless(given_name: str, expected: str) -> None:
    assert clean(given_name) == expected


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("总结.docx", [], "总结.docx"),
        ("总结.docx", ["方案.docx"], "总结.docx"),
        ("总结.docx", ["总结.docx"], "总结（2）.docx"),
        ("总结.docx", ["总结.docx", "总结（2）.docx"], "总结（3）.docx"),
        ("A.txt", ["a.TXT"], "A（2）.txt"),
        ("总结", ["总结"], "总结（2）"),
        ("总" * 83 + ".docx", ["总" * 83 + ".docx"], "总" * 81 + "（2）.docx"),
    ],
)
def test_of_two_alike_the_second_is_numbered(name: str, taken: list[str], expected: str) -> None:
    assert distinct(name, taken) == expected


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("总结.docx", ("总结", ".docx")),
        ("a.tar.gz", ("a.tar", ".gz")),
        ("总结", ("总结", "")),
        (".profile", (".profile", "")),
        ("1.关于报送总结材料的通知", ("1.关于报送总结材料的通知", "")),
        ("a." + "b" * 19, ("a", "." + "b" * 19)),
        ("a." + "b" * 20, ("a." + "b" * 20, "")),
    ],
)
def test_an_ending_is_short_and_follows_something(name: str, parts: tuple[str, str]) -> None:
    assert split(name) == parts


#: Among much else, what is hard about names.
NAMES = st.text(
    st.one_of(
        st.characters(codec=None, exclude_categories=()),
        st.sampled_from('./\\:*?"<>| \t\n\0\u202e\u2066\u200b\u0301éCON总（2）'),
    ),
    max_size=400,
)


@given(NAMES)
def test_any_name_is_clean_after_once(name: str) -> None:
    found = clean(name)
    assert clean(found) == found
    assert 0 < len(found.encode()) <= LONGEST
    assert unicodedata.is_normalized("NFC", found)
    assert re.search(r'[\x00-\x1f\x7f-\x9f/\\<>:"|?*\u202a-\u202e\u2066-\u2069\u200e\u200f]', found) is None
    assert found == found.strip()
    assert not found.endswith(".")


@given(NAMES, st.lists(NAMES, max_size=6))
def test_numbered_names_are_clean_and_new(name: str, others: list[str]) -> None:
    taken: list[str] = []
    for other in (*others, name, name):
        found = distinct(clean(other), taken)
        assert clean(found) == found
        assert found.casefold() not in {earlier.casefold() for earlier in taken}
        taken.append(found)
