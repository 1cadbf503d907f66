"""PDF: lines into paragraphs, radicals, pictures, scans."""

from pathlib import Path

import pytest

from duban.domain.content import Content, FileKind, Mark, Paragraph, Picture
from duban.reading.materials.limits import Limits
from duban.reading.materials.radicals import mended
from material_files import held, pdf


def test_a_whole_pdf(tmp_path: Path) -> None:
    """A line that reaches the margin goes on; an indent, a short line and another size begin anew."""
    data = pdf(
        [
            (200, 780, 22, "工作总结"),
            (96, 740, 12, "全民终身学习活动周于十一月中旬在长春市内"),
            (72, 720, 12, "举行，参加1500人次，详见附表，反响热烈，"),
            (72, 700, 12, "成效明显。"),
            (96, 680, 12, "下一步继续做好工作，巩固成果之后再"),
        ],
        [(96, 740, 12, "第二页")],
        pictures=[(40, 30)],
    )
    assert held(tmp_path, data, "总结.pdf") == Content(
        kind=FileKind.PDF,
        paragraphs=(
            Paragraph(text="工作总结"),
            Paragraph(
                text="全民终身学习活动周于十一月中旬在长春市内举行，参加1500人次，详见附表，反响热烈，成效明显。"
            ),
            Paragraph(text="下一步继续做好工作，巩固成果之后再"),
            Paragraph(text="第二页"),
        ),
        pictures=(Picture(width=40, height=30), Picture(width=40, height=30)),
        pages=2,
        words=4 + 44 + 17 + 3,
    )


def told(tmp_path: Path, *lines: tuple[float, float, float, str]) -> list[str]:
    return [line.text for line in held(tmp_path, pdf(lines), "a.pdf").paragraphs]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("学习型社会建设", "取得成效", ["学习型社会建设取得成效"]),
        ("lifelong-word", "learning", ["lifelong-word learning"]),
        ("参加人数达到共", "1500人", ["参加人数达到共1500人"]),
        ("abcdefg", "学习", ["abcdefg学习"]),
    ],
)
def test_lines_that_go_on(tmp_path: Path, first: str, second: str, joined: list[str]) -> None:
    assert told(tmp_path, (72, 700, 12, first), (72, 684, 12, second)) == joined


@pytest.mark.parametrize(
    ("left", "bottom", "size"),
    [
        (72 + 24, 684, 12),  # indented
        (72, 650, 12),  # far below
        (72, 684, 18),  # another size
    ],
)
def test_lines_that_begin_anew(tmp_path: Path, left: float, bottom: float, size: float) -> None:
    assert told(tmp_path, (72, 700, 12, "学习型社会建设"), (left, bottom, size, "成效")) == ["学习型社会建设", "成效"]


def test_radicals_are_mended_and_marks_stay_full_width(tmp_path: Path) -> None:
    assert told(tmp_path, (72, 700, 12, "截⽌⽇期：⻓春市，（⾦）！")) == ["截止日期：长春市，（金）！"]
    assert mended("⺠⻚ﬁ，：（）！１") == "民页fi，：（）！１"


def test_a_scan_has_no_words(tmp_path: Path) -> None:
    assert held(tmp_path, pdf([], pictures=[(1240, 1754)]), "扫描件.pdf") == Content(
        kind=FileKind.PDF,
        marks=(Mark.SCAN,),
        trouble="是扫描件或图片，没有文字层",
        pictures=(Picture(width=1240, height=1754),),
        pages=1,
    )


def test_pages_without_text_are_told(tmp_path: Path) -> None:
    found = held(tmp_path, pdf([(72, 700, 12, "一页")], [], [(72, 700, 12, "三页")], []), "a.pdf")
    assert (found.marks, found.words, found.notes) == ((), 4, ("第 2、4 页没有文字，未计入字数",))


def test_the_bounds_of_pages_and_pictures(tmp_path: Path) -> None:
    data = pdf([(72, 700, 12, "一页")], [(72, 700, 12, "二页")], pictures=[(4, 3), (2, 1)])
    whole = held(tmp_path, data, "a.pdf", Limits(pages=2, pictures=4))
    assert (whole.words, len(whole.pictures), whole.notes) == (4, 4, ())
    cut = held(tmp_path, data, "a.pdf", Limits(pages=1, pictures=1))
    assert (cut.pages, cut.words, len(cut.pictures), cut.notes) == (2, 2, 1, ("共 2 页，只读取了前 1 页",))
