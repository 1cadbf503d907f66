"""Texts that come broken, and texts that mean harm: the same facts, no traceback, work in proportion to length."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.drafting import HOSTILE, hostile
from duban.drafting.joining import goes_on
from duban.drafting.mending import mend
from duban.drafting.surveying import survey
from duban.drafting.writing import definition
from expected import Sample, lines, samples

WRAPPED = [sample for sample in samples("a") if sample.name in ("a02-health", "a10-meeting", "a23-carry-over")]


def noisy(text: str, chance: random.Random) -> str:
    """Spaces beside Chinese characters, and page numbers between the lines."""
    out = []
    for line in text.split("\n"):
        out.append("".join(f"{char} " if char in "于前将报送，、" and chance.random() < 0.5 else char for char in line))
        if chance.random() < 0.2:
            out.append(f"— {chance.randrange(1, 9)} —")
    return "\n".join(out)


@pytest.mark.parametrize("sample", WRAPPED, ids=lambda sample: sample.name)
@pytest.mark.parametrize("seed", range(5))
def test_spaces_and_page_numbers_change_nothing(sample: Sample, seed: int) -> None:
    (facts,) = survey(noisy(sample.text, random.Random(seed)))
    assert lines(facts) == sample.facts


@given(text=st.text(max_size=400))
def test_any_text_is_mended_character_by_character(text: str) -> None:
    """What is shown stands in the original, in order; both forms have one length."""
    mended = mend(text)
    places = [mended.place(at) for at, char in enumerate(mended.shown) if char != "\n"]
    assert len(mended.shown) == len(mended.plain)
    assert places == sorted(set(places))


@given(
    text=st.text(
        alphabet="请各单位于前将报送至总结表、，。；：（）《》“”0123456789年月日时每周季一二三@.ab \n\t|", max_size=300
    )
)
def test_no_text_breaks_the_reading(text: str) -> None:
    for facts in survey(text):
        assert definition(facts).startswith("# ")


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_texts_are_read_without_a_traceback(name: str) -> None:
    assert [definition(facts)[:1] for facts in survey(hostile(name, 20_000))][:1] == ["#"]


def test_a_text_of_nothing_says_nothing() -> None:
    (facts,) = survey("")
    assert facts.as_json() == {
        "title": None,
        "document_number": None,
        "issuer": None,
        "issued_on": None,
        "addressees": [],
        "obligations": [],
        "contacts": [],
    }


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("请各单位认真填写汇总表，于2024年1", "1月12日前报送市局办公室。", True),
        ("为巩固义务教育控辍保学成果，确保", "适龄儿童少年应入尽入，现就有关事项通", True),
        ("关于做好2024年春季农业生产工作的通知", "各乡镇人民政府：", False),
        ("一、报送内容", "种子、化肥、农药等农资储备情况。", False),
        ("联系人：办公室，电话：0431-", "5550123", True),
        ("请各单位抓好落实。", "一、报送内容", False),
    ],
)
def test_lines_go_on_where_the_page_was_full(first: str, second: str, joined: bool) -> None:
    text = f"{first}\n{second}"
    before, line = [(0, len(first))], [(len(first) + 1, len(text))]
    assert goes_on(text, before, line, 18) is joined
