"""Counts held against their bounds: 字数, titles, pieces, pictures; below, at, above, and where no machine can tell."""

from typing import Any

import pytest

from duban.domain.checks import Finding, Grade
from duban.domain.checks.measure import Bounds
from duban.domain.checks.parts import parts_of, title_of
from duban.domain.checks.pictures import is_name
from duban.domain.content import FileKind, Mark, Picture
from duban.domain.notice import Deliverable
from factories import deliverable, notice
from handed import archive, film, found, han, marked, paper, photo, photos, said, unread

NOTICE = notice()
MET, GAP, OVER, NEAR, UNKNOWN = Grade.MET, Grade.GAP, Grade.OVER, Grade.NEAR, Grade.UNKNOWN


def asking(*requirements: dict[str, Any], **more: Any) -> Deliverable:
    """A deliverable that asks for this."""
    return Deliverable.model_validate(deliverable(requirements=list(requirements), **more))


def words(**more: Any) -> Deliverable:
    return asking({"kind": "words", **more})


@pytest.mark.parametrize(
    ("count", "grade", "zh"),
    [
        (1432, GAP, "1432/1500字，还差68字"),
        (1454, GAP, "1454/1500字，还差46字"),
        (1455, NEAR, "1455/1500字，还差45字，相差3%以内"),
        (1499, NEAR, "1499/1500字，还差1字，相差3%以内"),
        (1500, MET, "1500/1500字"),
        (9000, MET, "9000/1500字"),
    ],
)
def test_a_floor(count: int, grade: Grade, zh: str) -> None:
    """Within three percent is a hint."""
    findings = found(NOTICE, words(min=1500), paper("总结.docx", han(count)))
    assert said(findings) == [(grade, zh)]


def test_a_finding_holds_its_numbers() -> None:
    assert found(NOTICE, words(min=1500, text="不少于1500字"), paper("总结.docx", han(1432))) == [
        Finding(
            kind="words",
            requirement="不少于1500字",
            grade=GAP,
            zh="1432/1500字，还差68字",
            gap="还差68字",
            files=("总结.docx",),
            measured=1432,
            wanted=1500,
        )
    ]


@pytest.mark.parametrize(
    ("asked", "count", "grade", "zh"),
    [
        ({"max": 500}, 500, MET, "500/500字"),
        ({"max": 500}, 501, OVER, "501字，超出1字"),
        ({"max": 500, "extra_pages": True}, 500, MET, "500/500字"),
        ({"max": 500, "extra_pages": True}, 563, NEAR, "563字，超出63字，可另附页"),
        ({"min": 300, "max": 500}, 250, GAP, "250/300字，还差50字"),
        ({"min": 300, "max": 500}, 300, MET, "300字，在300—500字之间"),
        ({"min": 300, "max": 500}, 500, MET, "500字，在300—500字之间"),
        ({"min": 300, "max": 500}, 501, OVER, "501字，超出1字"),
        ({"exactly": 100}, 90, GAP, "90/100字，还差10字"),
        ({"exactly": 100}, 100, MET, "100/100字"),
        ({"exactly": 100}, 101, OVER, "101字，超出1字"),
        ({}, 7, MET, "7字"),
    ],
)
def test_other_bounds(asked: dict[str, Any], count: int, grade: Grade, zh: str) -> None:
    assert said(found(NOTICE, words(**asked), paper("a.docx", han(count)))) == [(grade, zh)]


@pytest.mark.parametrize(
    ("more", "count", "grade", "zh", "wanted"),
    [
        ({}, 449, GAP, "约500字：现449字，距450字还差1字", 450),
        ({}, 450, NEAR, "约500字：现450字，在±10%以内", 500),
        ({}, 480, NEAR, "约500字：现480字，在±10%以内", 500),
        ({}, 500, MET, "约500字：现500字", 500),
        ({}, 550, NEAR, "约500字：现550字，在±10%以内", 500),
        ({}, 551, OVER, "约500字：现551字，比550字多1字", 550),
        ({"tolerance_percent": 0}, 499, GAP, "约500字：现499字，距500字还差1字", 500),
        ({"tolerance_percent": 20}, 551, NEAR, "约500字：现551字，在±20%以内", 500),
        ({"extra_pages": True}, 600, NEAR, "约500字：现600字，比550字多50字，可另附页", 550),
    ],
)
def test_about(more: dict[str, Any], count: int, grade: Grade, zh: str, wanted: int) -> None:
    """The tolerance is the coordinator's, so that only just so many is met without a hint."""
    [finding] = found(NOTICE, words(about=500, **more), paper("a.docx", han(count)))
    assert (finding.grade, finding.zh, finding.measured, finding.wanted) == (grade, zh, count, wanted)


def test_of_several_documents_the_longest_is_meant() -> None:
    files = paper("a.docx", han(200)), paper("b.docx", han(1600))
    assert said(found(NOTICE, words(min=1500), *files)) == [(MET, "1600/1500字")]


def test_where_several_are_asked_for_each_is_judged() -> None:
    asked = asking({"kind": "words", "min": 800}, {"kind": "count", "what": "案例", "unit": "个", "exactly": 2})
    files = paper("甲.docx", han(700)), paper("乙.docx", han(900))
    assert said(found(NOTICE, asked, *files)) == [
        (MET, "乙.docx：900/800字"),
        (GAP, "甲.docx：700/800字，还差100字"),
        (MET, "案例2/2个"),
    ]


def test_a_sealed_scan_beside_a_document_is_its_copy() -> None:
    files = paper("总结.docx", han(1432)), marked("总结.pdf", Mark.SCAN, kind=FileKind.PDF)
    assert said(found(NOTICE, words(min=1500), *files))[0] == (GAP, "1432/1500字，还差68字")


def test_alone_it_leaves_the_count_open() -> None:
    file = marked("总结.pdf", Mark.SCAN, kind=FileKind.PDF)
    assert said(found(NOTICE, words(min=1500), file)) == [
        (UNKNOWN, "未能自动核验字数：总结.pdf"),
        (UNKNOWN, "总结.pdf是扫描件，没有可核验的文字，请人工核验"),
    ]


def test_an_unread_document_leaves_a_shortage_open() -> None:
    findings = found(NOTICE, words(min=1500), paper("a.docx", han(200)), unread("总结.docx"))
    assert said(findings) == [(UNKNOWN, "200/1500字，另有文件未能核验：总结.docx"), (UNKNOWN, "正在核验：总结.docx")]


def test_an_unread_document_does_not_undo_what_is_enough() -> None:
    findings = found(NOTICE, words(min=1500), paper("a.docx", han(1500)), unread("b.docx"))
    assert said(findings)[0] == (MET, "1500/1500字")


def test_an_unread_document_does_not_undo_what_is_too_much() -> None:
    findings = found(NOTICE, words(about=500), paper("a.docx", han(600)), unread("b.docx"))
    assert said(findings)[0] == (OVER, "约500字：现600字，比550字多50字")


def test_an_unread_document_leaves_about_open() -> None:
    findings = found(NOTICE, words(about=500), paper("a.docx", han(500)), unread("b.docx"))
    assert said(findings)[0] == (UNKNOWN, "500字，在450—550字之间，另有文件未能核验：b.docx")


def test_an_unread_photograph_says_nothing_of_words() -> None:
    findings = found(NOTICE, words(min=1500), paper("a.docx", han(1432)), unread("b.jpg"))
    assert said(findings)[0] == (GAP, "1432/1500字，还差68字")


@pytest.mark.parametrize(("is_complete", "grade"), [(True, GAP), (False, NEAR)])
def test_no_text_at_all(is_complete: bool, grade: Grade) -> None:
    """While more is to come it is a hint."""
    findings = found(NOTICE, words(min=1500), photo("合影.jpg"), is_complete=is_complete)
    assert said(findings) == [(grade, "未见文字材料")]


PART = {"kind": "words", "max": 10, "part": "先进事迹"}


def test_a_part_beside_its_label() -> None:
    """A merged label and a merged text are one each; the printed remark is not counted."""
    table = [
        ["单位全称", "一中", "一中"],
        ["先进事迹（500字以内）", "先进事迹（500字以内）", "(500字以内, 可另附页)" + han(9)],
    ]
    assert said(found(NOTICE, asking(PART), paper("表.docx", han(90), tables=[table]))) == [(MET, "先进事迹9/10字")]


def test_a_part_under_its_heading_ends_at_the_next() -> None:
    lines = "一、先进事迹", han(11), "（一）小节", "二、其他", han(50)
    assert said(found(NOTICE, asking(PART), paper("a.docx", *lines))) == [(OVER, "先进事迹16字，超出6字")]


def test_a_part_with_nothing_in_it() -> None:
    table = [["先进事迹", "（500字以内，可另附页）"]]
    [finding] = found(NOTICE, asking(PART), paper("表.docx", tables=[table]))
    assert (finding.grade, finding.zh, finding.gap) == (GAP, "先进事迹未填写", "先进事迹未填写")


def test_a_part_with_nothing_in_it_is_short_by_all_of_its_floor() -> None:
    asked = asking({"kind": "words", "min": 300, "part": "先进事迹"})
    assert said(found(NOTICE, asked, paper("表.docx", tables=[[["先进事迹", ""]]]))) == [
        (GAP, "先进事迹0/300字，还差300字")
    ]


def test_a_part_that_is_nowhere_leaves_the_whole() -> None:
    findings = found(NOTICE, asking(PART), paper("a.docx", han(11)))
    assert said(findings) == [(OVER, "先进事迹11字，超出1字（未见“先进事迹”一栏，按全文计）")]


def test_the_whole_without_title_and_names_of_pictures() -> None:
    asked = asking({"kind": "words", "max": 10, "part": "内容"}, {"kind": "title"}, {"kind": "pictures", "named": True})
    file = paper("a.docx", (1, "题目"), han(10), "大讲堂", pictures=(Picture(width=9, height=9, name="大讲堂"),))
    assert said(found(NOTICE, asked, file)) == [
        (MET, "内容10/10字（未见“内容”一栏，按全文计，题目、图名除外）"),
        (MET, "题目2字"),
        (MET, "图片1张"),
        (MET, "图片均已命名"),
    ]


def test_a_part_in_several_papers_is_judged_in_each() -> None:
    files = [paper(f"{name}.docx", tables=[[["先进事迹", han(count)]]]) for name, count in (("甲", 9), ("乙", 11))]
    assert said(found(NOTICE, asking(PART), *files)) == [
        (OVER, "乙.docx：先进事迹11字，超出1字"),
        (MET, "甲.docx：先进事迹9/10字"),
    ]


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        (("内容：甲", "乙"), ["甲\n乙"]),
        (("题目：丙", "内容：甲", "图片：丁"), ["甲"]),
        (((2, "（一）内容"), "甲", (3, "小节"), "乙", (2, "（二）其他")), ["\n甲\n小节\n乙"]),
        (((2, "内容"), "甲", (1, "以上")), ["\n甲"]),
        (("内 容", "甲", (1, "以上")), ["\n甲"]),
        (("内容丰富多彩。",), []),
        ((), []),
    ],
)
def test_where_a_section_begins_and_ends(lines: tuple[Any, ...], texts: list[str]) -> None:
    content = paper("a.docx", *lines).content
    assert content is not None
    assert parts_of(content, "内容") == texts


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (((1, "书香春城"), "正文"), "书香春城"),
        (("前言", (1, " 书香春城 ")), "书香春城"),
        (("附件1", "书香春城", "正文"), "书香春城"),
        (("书香春城", "正文"), "书香春城"),
        ((han(60),), han(60)),
        ((han(61),), None),
        (("今年以来，我市深入推进全民终身学习。",), None),
        (("各单位：",), None),
        (("　", "书香春城"), "书香春城"),
        ((), None),
    ],
)
def test_what_a_title_is(lines: tuple[Any, ...], title: str | None) -> None:
    content = paper("a.docx", *lines).content
    assert content is not None
    assert title_of(content) == title


@pytest.mark.parametrize(
    ("title", "grade", "zh"),
    [
        ((1, han(20)), MET, "题目20/20字"),
        ((1, han(26)), OVER, "题目26字，超出6字"),
        (han(61), UNKNOWN, "a.docx：未找到题目，请人工核验"),
    ],
)
def test_the_length_of_a_title(title: Any, grade: Grade, zh: str) -> None:
    assert said(found(NOTICE, asking({"kind": "title", "max": 20}), paper("a.docx", title))) == [(grade, zh)]


def test_a_title_that_is_too_short() -> None:
    findings = found(NOTICE, asking({"kind": "title", "min": 5}), paper("a.docx", (1, han(4))))
    assert said(findings) == [(GAP, "题目4/5字，还差1字")]


def test_no_document_no_title() -> None:
    assert said(found(NOTICE, asking({"kind": "title", "max": 20}), photo("合影.jpg"))) == [(GAP, "未见文字材料")]
    assert said(found(NOTICE, asking({"kind": "title", "max": 20}), unread("a.docx")))[0] == (
        UNKNOWN,
        "未能自动核验字数：a.docx",
    )


EIGHT = asking({"kind": "count", "what": "照片", "unit": "张", "exactly": 8})


@pytest.mark.parametrize(
    ("count", "grade", "zh"),
    [(6, GAP, "照片6/8张，还差2张"), (8, MET, "照片8/8张"), (9, OVER, "照片9张，超出1张")],
)
def test_photographs_are_picture_files(count: int, grade: Grade, zh: str) -> None:
    """A text beside them, pictures in it and all, is none."""
    text = paper("说明.docx", pictures=(Picture(width=9, height=9),))
    assert said(found(NOTICE, EIGHT, text, *photos(count))) == [(grade, zh)]


def test_pictures_in_a_document_count_where_there_are_no_files() -> None:
    text = paper("照片.docx", pictures=(Picture(width=9, height=9),) * 8)
    assert said(found(NOTICE, EIGHT, text)) == [(MET, "照片8/8张")]


def test_an_archive_counts_by_its_list() -> None:
    zipped = archive("照片.zip", *(f"图/{at}.JPG" for at in range(5)), "说明.txt", "__MACOSX/图/._1.jpg")
    assert said(found(NOTICE, EIGHT, zipped, *photos(2))) == [(GAP, "照片7/8张，还差1张")]


@pytest.mark.parametrize("mark", [Mark.EMPTY, Mark.BROKEN, Mark.BOMB])
def test_a_spoilt_picture_does_not_count(mark: Mark) -> None:
    findings = found(NOTICE, EIGHT, *photos(7), marked("坏.jpg", mark, kind=FileKind.JPEG))
    assert said(findings)[0] == (GAP, "照片7/8张，还差1张")


def test_one_that_nothing_here_reads_counts() -> None:
    findings = found(NOTICE, EIGHT, *photos(7), marked("合影.heic", Mark.BY_HAND, kind=FileKind.HEIC))
    assert said(findings)[0] == (MET, "照片8/8张")


@pytest.mark.parametrize("name", ["合影.jpg", "合影", "照片.zip"])
def test_what_is_still_being_read_leaves_the_number_open(name: str) -> None:
    findings = found(NOTICE, EIGHT, *photos(7), unread(name))
    assert said(findings)[0] == (UNKNOWN, f"照片7/8张，另有文件未能核验：{name}")


def test_an_unread_text_beside_pictures_does_not() -> None:
    assert said(found(NOTICE, EIGHT, *photos(7), unread("说明.docx")))[0] == (GAP, "照片7/8张，还差1张")


def test_a_draft_is_short_by_a_hint() -> None:
    assert said(found(NOTICE, EIGHT, *photos(6), is_complete=False)) == [(NEAR, "照片6/8张，还差2张")]


CASES = asking({"kind": "count", "what": "典型案例", "unit": "个", "exactly": 2})


@pytest.mark.parametrize(
    ("files", "grade", "zh"),
    [
        ([paper("甲.docx")], GAP, "典型案例1/2个，还差1个"),
        ([paper("甲.docx"), paper("甲.pdf", kind=FileKind.PDF)], GAP, "典型案例1/2个，还差1个"),
        ([paper("甲.docx"), paper("乙.pdf", kind=FileKind.PDF), photo("合影.jpg")], MET, "典型案例2/2个"),
        ([paper("甲.docx"), paper("乙.docx"), paper("丙.docx")], OVER, "典型案例3个，超出1个"),
        ([archive("案例.zip", "甲.docx", "乙.docx")], MET, "典型案例2/2个"),
        ([archive("案例.rar")], UNKNOWN, "典型案例0/2个，另有文件未能核验：案例.rar"),
        ([paper("甲.docx"), unread("乙.docx")], UNKNOWN, "典型案例1/2个，另有文件未能核验：乙.docx"),
        ([paper("案例.docx", "案例一：书香", han(9), "案例二 助老", "如案例一所述")], MET, "典型案例2/2个"),
        ([paper("案例.docx", *(f"典型案例{n}" for n in "123"))], OVER, "典型案例3个，超出1个"),
        ([paper("案例.docx", (1, "书香"), han(9), (1, "助老"))], MET, "典型案例2/2个"),
        (
            [paper("案例.docx", (1, "背景"), (1, "做法"), (1, "成效"))],
            UNKNOWN,
            "只有1个文件，内有一级标题3个，请人工核验典型案例的数目",
        ),
        ([photo("合影.jpg")], GAP, "典型案例0/2个，还差2个"),
    ],
)
def test_cases_are_documents(files: Any, grade: Grade, zh: str) -> None:
    assert said(found(NOTICE, CASES, *files))[0] == (grade, zh)


def test_marked_files_are_counted_by_candidate() -> None:
    asked = asking({"kind": "count", "what": "学习之星", "unit": "名", "min": 3, "max": 5})
    files = [paper(f"{name}.docx", item=item) for name, item in (("a", "张三"), ("b", "张 三"), ("c", "李四"))]
    assert said(found(NOTICE, asked, *files)) == [(GAP, "学习之星2/3名，还差1名")]


def test_films() -> None:
    asked = asking({"kind": "count", "what": "视频", "unit": "个", "min": 2})
    assert said(found(NOTICE, asked, film("a.mp4"), photo("b.jpg"))) == [(GAP, "视频1/2个，还差1个")]
    assert said(found(NOTICE, asked, film("a.mp4"), archive("b.zip", "c.mov"))) == [(MET, "视频2/2个")]
    assert said(found(NOTICE, asked, film("a.mp4"), unread("b.mov")))[0] == (
        UNKNOWN,
        "视频1/2个，另有文件未能核验：b.mov",
    )


NAMED = asking({"kind": "pictures", "exactly": 2, "named": True})


def test_pictures_with_names() -> None:
    assert said(found(NOTICE, NAMED, *photos(2))) == [(MET, "图片2/2张"), (MET, "图片均已命名")]


def test_pictures_without_names() -> None:
    files = photo("IMG_0001.jpg"), photo("开幕式.jpg")
    assert said(found(NOTICE, NAMED, *files)) == [(MET, "图片2/2张"), (GAP, "1张图片未命名：IMG_0001.jpg")]


def test_pictures_in_a_document_bear_captions() -> None:
    pictures = Picture(width=9, height=9, name="开幕式"), Picture(width=9, height=9)
    assert said(found(NOTICE, NAMED, paper("a.docx", pictures=pictures))) == [
        (MET, "图片2/2张"),
        (GAP, "1张图片未命名：文中第2张"),
    ]


def test_no_pictures_no_word_about_names() -> None:
    assert said(found(NOTICE, NAMED, paper("a.docx"))) == [(GAP, "图片0/2张，还差2张")]


@pytest.mark.parametrize(
    "name",
    [
        "IMG_0001",
        "IMG_E0001 (2)",
        "DSC00012",
        "P1010234",
        "微信图片_20211008103022",
        "mmexport1633659123456",
        "QQ截图20211008",
        "新建 BMP 图像",
        "新建文件夹",
        "屏幕截图 2021-10-08",
        "图片1",
        "照片（3）",
        "20211008_103022",
        "未标题-1",
        "5f2b9c0a7e1d4b3c8a6f0e9d1c2b3a4f",
        "a1",
        "１２３",
        "",
        "  ",
        "qq截图" * 60 + "1",
    ],
)
def test_what_a_camera_or_a_program_calls_a_picture_is_no_name(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(
    "name", ["开幕式", "1.开幕式", "图1 社区大讲堂", "IMG_0001开幕式", "照片-书香春城", "opening", "茶"]
)
def test_what_somebody_gave_is_a_name(name: str) -> None:
    assert is_name(name)


SHARP = asking({"kind": "pictures", "min": 1, "min_pixels": 1080})


@pytest.mark.parametrize(
    ("file", "grade", "zh"),
    [
        (photo("甲.jpg", 1080, 1920), MET, "图片短边均不少于1080像素"),
        (photo("甲.jpg", 1920, 1079), GAP, "1张图片短边不足1080像素：甲.jpg（1079像素）"),
        (marked("甲.heic", Mark.BY_HAND, kind=FileKind.HEIC), UNKNOWN, "1张图片的尺寸未能自动核验：甲.heic"),
    ],
)
def test_the_shorter_side(file: Any, grade: Grade, zh: str) -> None:
    assert said(found(NOTICE, SHARP, file))[:2] == [(MET, "图片1/1张"), (grade, zh)]


def test_pictures_that_look_the_same_are_hinted_at() -> None:
    files = (
        photo("a.jpg", size=5),
        photo("A (1).jpg", size=5),
        photo("a - 副本 (2).jpg", size=5),
        photo("b.jpg", size=5),
    )
    assert said(found(NOTICE, asking(), *files)) == [(NEAR, "图片疑似重复：A (1).jpg、a - 副本 (2).jpg、a.jpg")]


@pytest.mark.parametrize("other", [photo("a (1).jpg", size=6), photo("a (1).jpg", width=4001, size=5)])
def test_pictures_that_differ_are_not(other: Any) -> None:
    assert found(NOTICE, asking(), photo("a.jpg", size=5), other) == []


def test_bounds_that_nothing_can_change_are_settled() -> None:
    bounds = Bounds(low=3, high=5), Bounds(low=3), Bounds(high=5), Bounds()
    assert [[one.is_settled(count) for count in (2, 3, 5, 6)] for one in bounds] == [
        [False, False, False, True],
        [False, True, True, True],
        [False, False, False, True],
        [True, True, True, True],
    ]
