"""字数 as Word and WPS count it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.counting import words

EXAMPLES = [
    ("", 0),
    (" \n\t　", 0),
    ("你好", 2),
    ("你好，世界。", 6),
    ("2021年9月28日前报送", 9),
    ("晋教职成函〔2021〕65号", 10),
    # a run of letters and digits is one, with the half-width marks inside it
    ("hello world", 2),
    ("e-mail", 1),
    ("1,500", 1),
    ("3.5", 1),
    ("lnsszzx@126.com", 1),
    ("http://a.cn/b?c=d", 1),
    ("A/B", 1),
    ("(2021)", 1),
    ("let's", 1),
    ("naïve", 1),
    ("e\u0301te\u0301", 1),
    ("Привет мир", 2),
    # half-width marks alone are none
    (",", 0),
    ("你好,世界", 4),
    ("你好 , 世界!", 4),
    ("- - -", 0),
    # full-width ones are one each, also those that Unicode leaves open
    ("“全民终身学习”", 8),
    ("……", 2),
    ("——", 2),
    ("3—5名", 4),
    ("阿不都·买买提", 7),
    ("①②", 2),
    ("20℃", 2),
    ("３０％", 3),
    ("ＡＢＣ", 3),
    ("Hello、World。", 4),
    ("「こんにちは」", 7),
    ("カタカナ", 4),
    ("안녕", 2),
    # beyond the first plane; radicals of bad fonts; what is not seen
    ("𠮷野家", 3),
    ("⽇期", 2),
    ("全\u200b民", 2),
    ("foo\u200bbar", 1),
    ("你好👍👍", 3),
    # as Word shows it
    ("Let's say “你好” 100 times per day, 勤勉", 12),
]


@pytest.mark.parametrize(("text", "count"), EXAMPLES)
def test_examples(text: str, count: int) -> None:
    assert words(text) == count


@given(st.text(), st.text())
def test_lines_add_up(one: str, other: str) -> None:
    assert words(f"{one}\n{other}") == words(one) + words(other)


@given(st.text(), st.text())
def test_a_han_character_counts_one_wherever_it_stands(before: str, after: str) -> None:
    assert words(f"{before}字{after}") == words(before) + 1 + words(after)


@given(st.text(), st.characters(), st.text())
def test_one_more_character_never_counts_less_and_at_most_one_more_than_before(one: str, more: str, other: str) -> None:
    """A character in the middle of a word may part it in two and count itself."""
    assert words(one + other) <= words(one + more + other) <= words(one + other) + 2


@given(st.text(alphabet="全民终身学习，。“”", max_size=200))
def test_pure_chinese_is_as_long_as_it_is(text: str) -> None:
    assert words(text) == len(text)
