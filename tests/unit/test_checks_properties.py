"""What holds for whatever comes in: no error, no word about order, and more never makes a gap larger."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duban.domain.checks import Finding, Grade, Handed, candidates, check, needs_remark, verdict
from duban.domain.content import Content, FileKind, Mark, Paragraph, Picture, Table
from duban.domain.notice import Deliverable, Notice
from factories import deliverable, notice
from handed import NOTICES, definition, found, han, paper, photos

SHIPPED = [definition(path.stem) for path in sorted(NOTICES.glob("*-20*.yaml"))]
#: all kinds of demand at once
FULL = notice(
    forms={
        "list": {
            "name": "附表1",
            "columns": ["推荐序号", "姓名", "人数"],
            "numbers": ["人数"],
            "fields": ["市（县）区"],
        },
        "own": {"name": "附表2", "fields": ["姓名", "先进事迹"]},
        "across": {"name": "附表3", "columns": ["阅读", "助老"], "row_heads": ["名称", "人数"], "fields": ["负责人"]},
    }
)
EVERYTHING = Deliverable.model_validate(
    deliverable(
        requirements=[
            {"kind": "words", "min": 20, "max": 40},
            {"kind": "words", "about": 20, "part": "先进事迹"},
            {"kind": "title", "max": 4},
            {"kind": "count", "what": "照片", "unit": "张", "exactly": 2},
            {"kind": "count", "what": "案例", "unit": "个", "min": 2},
            {"kind": "count", "what": "视频", "unit": "个", "min": 1},
            {"kind": "pictures", "min": 2, "named": True, "min_pixels": 100},
            {"kind": "form", "form": "list"},
            {"kind": "form", "form": "across"},
            {"kind": "form", "form": "unknown-form"},
            {"kind": "sections", "titles": ["做法"]},
            {"kind": "formats", "formats": ["文字", "视频", "图片", "资源"]},
            {"kind": "remark", "text": "特色"},
        ],
        items={"of": "person", "min": 2, "max": 3, "form": "own", "summary_form": "list"},
    )
)
ASKED = [(FULL, EVERYTHING), *((shipped, d) for shipped in SHIPPED for _, d in shipped.placed())]

#: words that the checks look for, among any others
LABELS = [
    "推荐序号", "姓名", "人数", "阅读", "助老", "名称", "负责人", "先进事迹", "做法", "案例一", "案例二", "一、做法",
    "（一）", "合计", "注：无", "姓名：", "负责人：王", "1", "2", "3,000", "若干",
]  # fmt: skip
WORDS = st.one_of(st.sampled_from(LABELS), st.text(max_size=12))
PARAGRAPHS = st.builds(Paragraph, text=WORDS, level=st.integers(-1, 3))
TABLES = st.builds(Table, rows=st.lists(st.lists(WORDS, max_size=5).map(tuple), max_size=5).map(tuple))
PICTURES = st.builds(Picture, width=st.integers(-1, 200), height=st.integers(0, 200), name=WORDS)
NAMES = st.one_of(
    st.sampled_from(["a.docx", "a.pdf", "b.jpg", "IMG_1.jpg", "c.zip", "d", "e.mp4", "f.xlsx"]), st.text(max_size=9)
)


def several(what: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(what, max_size=4).map(tuple)


CONTENTS = st.builds(
    Content,
    kind=st.sampled_from(FileKind),
    marks=st.one_of(st.just(()), several(st.sampled_from(Mark))),
    trouble=WORDS,
    paragraphs=several(PARAGRAPHS),
    tables=several(TABLES),
    pictures=several(PICTURES),
    words=st.none() | st.integers(-1, 60),
    entries=several(NAMES),
)
FILES = st.lists(
    st.builds(
        Handed, name=NAMES, size=st.integers(0, 9), content=st.none() | CONTENTS, item=st.sampled_from(["", "甲", "乙"])
    ),
    max_size=5,
)


def check_all(files: list[Handed], asked: tuple[Notice, Deliverable], is_complete: bool) -> None:
    """No error; every finding has its sentence, and names only files that came; the order of files says nothing."""
    notice_, wanted = asked
    findings = check(wanted, notice_, files, is_complete=is_complete)
    names = {file.name for file in files}
    assert [one for one in findings if not one.zh or "\n" in one.zh or not names.issuperset(one.files)] == []
    assert needs_remark(findings) == (verdict(findings).gaps > 0)
    assert len(candidates(wanted, notice_, files)) <= 50
    if not (wanted.items and wanted.items.ordered):
        turned = random.Random(len(files)).sample(files, len(files))
        assert check(wanted, notice_, turned, is_complete=is_complete) == findings


@given(files=FILES, asked=st.sampled_from(ASKED), is_complete=st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_in_is_answered(
    files: list[Handed], asked: tuple[Notice, Deliverable], is_complete: bool
) -> None:
    check_all(files, asked, is_complete)


@given(files=FILES)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_in_for_all_kinds_of_demand_is_answered(files: list[Handed]) -> None:
    check_all(files, (FULL, EVERYTHING), True)


@pytest.mark.soak
@given(files=FILES, asked=st.sampled_from(ASKED), is_complete=st.booleans())
@settings(max_examples=5_000, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_in_is_answered_many_times(
    files: list[Handed], asked: tuple[Notice, Deliverable], is_complete: bool
) -> None:
    check_all(files, asked, is_complete)


def short(findings: list[Finding]) -> int:
    """How many are missing to the floor."""
    return sum((one.wanted or 0) - (one.measured or 0) for one in findings if one.gap.find("还差") >= 0)


BOUNDS = st.sampled_from(
    [{"min": 30}, {"min": 20, "max": 40}, {"about": 30}, {"exactly": 25}, {"min": 9, "part": "做法"}]
)


@given(count=st.integers(0, 60), asked=BOUNDS)
def test_one_character_more_never_makes_the_gap_larger(count: int, asked: dict[str, Any]) -> None:
    wanted = Deliverable.model_validate(deliverable(requirements=[{"kind": "words", **asked}]))
    less, more = (found(FULL, wanted, paper("a.docx", "做法", han(number))) for number in (count, count + 1))
    assert short(less) - short(more) in (0, 1)
    grades = [one.grade for findings in (less, more) for one in findings]
    assert grades != [Grade.OVER, Grade.GAP]


@given(count=st.integers(0, 12), least=st.integers(1, 10))
def test_one_photograph_more_never_makes_the_gap_larger(count: int, least: int) -> None:
    requirement = {"kind": "count", "what": "照片", "unit": "张", "min": least}
    wanted = Deliverable.model_validate(deliverable(requirements=[requirement]))
    text = paper("a.docx")
    less, more = (found(FULL, wanted, text, *photos(number)) for number in (count, count + 1))
    assert short(less) - short(more) == (1 if count < least else 0)


def test_a_long_list_and_a_long_text_are_answered_whole() -> None:
    """Ten thousand rows, and texts on which a careless pattern would never end."""
    rows = [["推荐序号", "姓名", "人数"], *([f"{at}", f"人{at}", "1" + "十" * 50] for at in range(1, 10_001))]
    nasty = ["姓名" + " " * 20_000, "(" * 20_000, "副本  " * 5_000, "一、" * 20_000, "1." * 20_000, "姓名：" * 5_000]
    files = [
        paper(
            "表.docx", *nasty, tables=[[*rows]], words=1, pictures=(Picture(width=9, height=9, name="副本  " * 5_000),)
        ),
        paper("qq截图" * 60 + "副本  " * 60 + ".docx"),
    ]
    findings = check(EVERYTHING, FULL, files)
    [(wrong, gap)] = [(one.zh, one.gap) for one in findings if "应填数字" in one.zh]
    assert (wrong.endswith("等10000处"), gap) == (True, "附表1有10000处应填数字")
