"""Candidates and quotas, sections, formats, what only a person can judge, faults of files, and the line above."""

from typing import Any

import pytest

from duban.domain.checks import Finding, Grade, Handed, Verdict, candidates, check, needs_remark, verdict
from duban.domain.checks.spoken import listed, quoted, shown
from duban.domain.content import Content, FileKind, Mark, Picture
from duban.domain.notice import Deliverable
from factories import deliverable, notice
from handed import archive, film, found, han, marked, paper, photo, photos, said, sheet, unread

MET, GAP, OVER, NEAR, UNKNOWN, WARNING = (
    Grade.MET, Grade.GAP, Grade.OVER, Grade.NEAR, Grade.UNKNOWN, Grade.WARNING,
)  # fmt: skip

FORMS = {
    "own": {"name": "附表2 申报表", "fields": ["单位全称", "通讯地址", "先进事迹"]},
    "summary": {"name": "附表3 汇总表", "columns": ["推荐序号", "先进单位全称"], "ordered": True},
}
NOTICE = notice(forms=FORMS)


def electing(**items: Any) -> Deliverable:
    """A deliverable that asks for candidates."""
    return Deliverable.model_validate(deliverable(items={"of": "unit", **items}))


def own(name: str, **more: Any) -> Handed:
    """A candidate's form."""
    table = [["单位全称", name, "通讯地址", "街"], ["先进事迹", "好", "好", "好"]]
    return paper(f"附表2-{name}.docx", tables=[table], **more)


def summary(*names: str, numbers: str = "123456789") -> Handed:
    rows = [[number, name] for number, name in zip(numbers, names, strict=False)]
    return sheet("附表3.xlsx", ["推荐序号", "先进单位全称"], *rows)


def of_items(asked: Deliverable, *handed: Handed, **more: Any) -> list[tuple[Grade, str]]:
    """What is said of candidates alone."""
    return said([finding for finding in found(NOTICE, asked, *handed, **more) if finding.kind == "items"])


FORMED = electing(form="own")


@pytest.mark.parametrize(
    ("count", "grade", "zh"),
    [
        (2, GAP, "推荐2/3个单位，还差1个单位"),
        (3, MET, "推荐3个单位，在3—5个单位之间"),
        (5, MET, "推荐5个单位，在3—5个单位之间"),
        (6, OVER, "推荐6个单位，超出限报1个单位"),
    ],
)
def test_a_quota_is_counted_over_the_candidates_forms(count: int, grade: Grade, zh: str) -> None:
    asked = electing(form="own", min=3, max=5)
    assert of_items(asked, *(own(f"{at}中") for at in range(count))) == [(grade, zh)]


@pytest.mark.parametrize(("is_complete", "grade"), [(True, GAP), (False, NEAR)])
def test_a_draft_is_short_by_a_hint(is_complete: bool, grade: Grade) -> None:
    asked = electing(of="person", form="own", min=2)
    assert of_items(asked, own("一中"), is_complete=is_complete) == [(grade, "推荐1/2名，还差1名")]


def test_or_by_the_candidates_that_files_are_marked_with() -> None:
    files = [paper(f"{at}.docx", item=name) for at, name in enumerate(("张三", "李四", "张三", "王五"))]
    [finding] = found(NOTICE, electing(of="person", max=2), *files)
    assert finding == Finding(
        kind="items",
        requirement="不超过2名",
        grade=OVER,
        zh="推荐3名，超出限报1名",
        gap="推荐超出限报1名",
        files=("0.docx", "1.docx", "2.docx", "3.docx"),
        measured=3,
        wanted=2,
    )


def test_or_by_the_rows_of_the_summary() -> None:
    assert of_items(electing(summary_form="summary", max=1), summary("一中", "二中")) == [
        (OVER, "推荐2个单位，超出限报1个单位")
    ]


def test_nothing_tells_the_candidates_apart() -> None:
    assert of_items(electing(max=1), paper("a.docx"), paper("b.docx")) == [
        (UNKNOWN, "未标明各份材料属于哪一候选对象，请人工核验数目")
    ]
    assert of_items(electing(), paper("a.docx"), paper("b.docx")) == []


@pytest.mark.parametrize("file", [unread("附表2.docx"), marked("附表2.pdf", Mark.SCAN, kind=FileKind.PDF)])
def test_a_file_that_may_be_a_further_candidate_leaves_the_quota_open(file: Handed) -> None:
    assert of_items(electing(form="own", min=2, max=3), own("一中"), file) == [
        (UNKNOWN, f"推荐1/2个单位，另有文件未能核验：{file.name}")
    ]


def test_without_a_quota_the_number_is_only_said() -> None:
    assert of_items(FORMED, own("一中"), own("二中")) == [(MET, "推荐2个单位")]
    assert of_items(FORMED, paper("a.docx")) == []


BOTH = electing(form="own", summary_form="summary", ordered=True)


@pytest.mark.parametrize(
    ("own_names", "listed_names", "grade", "zh", "gap"),
    [
        ("甲乙", "甲乙", MET, "附表3列2个单位，与附表2份数一致", ""),
        ("乙甲", "甲乙", MET, "附表3列2个单位，与附表2份数一致", ""),
        ("甲", "甲乙", GAP, "附表3列2个单位，附表2交1份，还差1份：乙校", "附表2还差1份"),
        ("丙", "甲乙", GAP, "附表3列2个单位，附表2交1份，还差1份", "附表2还差1份"),
        ("甲乙丙", "甲乙", GAP, "附表2交3份，附表3列2个单位，少列1个单位：丙校", "附表3少列1个单位"),
        ("甲丙", "甲乙", NEAR, "附表3所列乙校与附表2的丙校不一致，请核对", ""),
    ],
)
def test_the_summary_agrees_with_the_forms(own_names: str, listed_names: str, grade: Grade, zh: str, gap: str) -> None:
    files = *(own(f"{name}校") for name in own_names), summary(*(f"{name}校" for name in listed_names))
    last = [finding for finding in found(NOTICE, BOTH, *files) if finding.kind == "items"][-1]
    assert (last.grade, last.zh, last.gap) == (grade, zh, gap)
    assert (last.measured, last.wanted) == (len(own_names), len(listed_names))


def test_where_an_order_is_asked_for_files_are_named_as_they_came() -> None:
    files = own("乙校"), own("甲校")
    ordered, not_ordered = found(NOTICE, BOTH, *files)[0], found(NOTICE, FORMED, *files)[0]
    assert (ordered.files, not_ordered.files) == (
        ("附表2-乙校.docx", "附表2-甲校.docx"),
        ("附表2-乙校.docx", "附表2-甲校.docx"),
    )
    turned, sorted_ = found(NOTICE, BOTH, *reversed(files))[0], found(NOTICE, FORMED, *reversed(files))[0]
    assert (turned.files, sorted_.files) == (
        ("附表2-甲校.docx", "附表2-乙校.docx"),
        ("附表2-乙校.docx", "附表2-甲校.docx"),
    )


@pytest.mark.parametrize(
    ("asked", "handed", "names"),
    [
        (BOTH, (own("甲校"), summary("丙校", "甲校")), ("丙校", "甲校")),
        (BOTH, (own("甲校"), summary("丙校", "甲校", numbers="21")), ("甲校", "丙校")),
        (BOTH, (own("甲校"), summary("丙校", "甲校", numbers="2x")), ("丙校", "甲校")),
        (FORMED, (own("乙校"), own("甲校")), ("乙校", "甲校")),
        (FORMED, (own("甲校"), own("乙校")), ("甲校", "乙校")),
        (FORMED, (own("甲校", item="丙"), own("乙校")), ("丙",)),
        (electing(), (paper("a.docx", item="丙"), paper("b.docx", item="乙")), ("丙", "乙")),
        (electing(), (paper("a.docx"),), ()),
        (Deliverable.model_validate(deliverable()), (own("甲校"),), ()),
    ],
)
def test_candidates_in_the_order_recommended(asked: Deliverable, handed: Any, names: tuple[str, ...]) -> None:
    assert candidates(asked, NOTICE, handed) == names


def asking(*requirements: dict[str, Any]) -> Deliverable:
    return Deliverable.model_validate(deliverable(requirements=list(requirements)))


PARTS = asking({"kind": "sections", "titles": ["主要做法", "存在问题"]})


@pytest.mark.parametrize(
    ("lines", "grade", "zh"),
    [
        (["一、主要做法", "二、存在问题"], MET, "各部分齐全"),
        ([(2, "（一）主要 做法"), (2, "（二）存在的主要问题和困难"), "三、存在问题"], MET, "各部分齐全"),
        (["主要做法：广泛发动，" + han(90), "存在问题"], MET, "各部分齐全"),
        (["一、主要做法。" + han(90)], GAP, "缺少“存在问题”部分"),
        ([han(90) + "主要做法、存在问题"], GAP, "缺少“主要做法”“存在问题”部分"),
    ],
)
def test_sections(lines: list[Any], grade: Grade, zh: str) -> None:
    assert said(found(NOTICE, PARTS, paper("a.docx", *lines))) == [(grade, zh)]


def test_sections_may_be_in_a_file_that_cannot_be_read() -> None:
    assert said(found(NOTICE, PARTS, paper("a.docx", "一、主要做法"), unread("b.docx")))[0] == (
        UNKNOWN,
        "已核验的文件未见“存在问题”部分，另有文件未能核验：b.docx",
    )
    assert said(found(NOTICE, PARTS, unread("b.docx")))[0] == (UNKNOWN, "未能自动核验各部分是否齐全：b.docx")
    assert said(found(NOTICE, PARTS, photo("a.jpg"))) == [(GAP, "未见文字材料")]


def test_each_of_several_documents_has_all_sections() -> None:
    asked = asking(PARTS.requirements[0].model_dump(), {"kind": "count", "what": "案例", "exactly": 2})
    files = paper("甲.docx", "主要做法", "存在问题"), paper("乙.docx", "主要做法")
    assert said(found(NOTICE, asked, *files))[:2] == [
        (GAP, "乙.docx：缺少“存在问题”部分"),
        (MET, "甲.docx：各部分齐全"),
    ]


ALL = asking({"kind": "formats", "formats": ["文字", "视频", "图片", "教学资源"]})


@pytest.mark.parametrize(
    ("files", "findings"),
    [
        ([paper("a.docx"), film("b.mp4"), photo("c.jpg")], [(MET, "已有文字、视频、图片")]),
        ([archive("a.zip", "a.docx", "b.mp4", "c.jpg")], [(MET, "已有文字、视频、图片")]),
        ([paper("a.docx", pictures=(Picture(width=9, height=9),))], [(MET, "已有文字、图片"), (GAP, "未见视频")]),
        ([photo("c.jpg")], [(MET, "已有图片"), (GAP, "未见文字、视频")]),
        (
            [photo("c.jpg"), archive("a.rar")],
            [(MET, "已有图片"), (UNKNOWN, "未见文字、视频，另有文件未能核验：a.rar")],
        ),
    ],
)
def test_formats(files: list[Handed], findings: list[Any]) -> None:
    """What a kind of file cannot show is for a person."""
    assert said(found(NOTICE, ALL, *files)) == [*findings, (UNKNOWN, "请人工核验：教学资源")]


def test_none_of_the_formats() -> None:
    assert said(found(NOTICE, asking({"kind": "formats", "formats": ["PPT"]}), photo("a.jpg"))) == [(GAP, "未见PPT")]


def test_a_remark_is_never_a_gap() -> None:
    assert found(NOTICE, asking({"kind": "remark", "text": "突出特色"}), photo("a.jpg")) == [
        Finding(kind="remark", requirement="突出特色", grade=UNKNOWN, zh="请人工核验：突出特色")
    ]


@pytest.mark.parametrize(
    ("mark", "grade", "zh"),
    [
        (Mark.EMPTY, WARNING, "a.docx是空文件，请重新上传"),
        (Mark.ENCRYPTED, WARNING, "a.docx设有密码，请取消密码后重新上传"),
        (Mark.MACROS, WARNING, "a.docx含有宏，请另存为不含宏的文件后重新上传"),
        (Mark.MISNAMED, WARNING, "a.docx实为PDF，与扩展名不符，请改正扩展名后重新上传"),
        (Mark.SCAN, UNKNOWN, "a.docx是扫描件，没有可核验的文字，请人工核验"),
        (Mark.BOMB, WARNING, "a.docx展开后过大，未予核验，请拆分或压缩图片后重新上传"),
        (Mark.ENTITIES, WARNING, "a.docx含有外部引用，未予核验，请用办公软件另存后重新上传"),
        (Mark.BROKEN, WARNING, "a.docx已损坏，无法打开，请重新上传"),
        (Mark.UNREADABLE, UNKNOWN, "a.docx未能自动核验，请人工核验"),
        (Mark.BY_HAND, UNKNOWN, "a.docx的格式不能自动核验，请人工核验"),
    ],
)
def test_faults_of_files(mark: Mark, grade: Grade, zh: str) -> None:
    gap = zh if grade is WARNING else ""
    assert found(NOTICE, asking(), marked("a.docx", mark, kind=FileKind.PDF, trouble="详情")) == [
        Finding(kind="file", requirement="文件", grade=grade, zh=zh, gap=gap, files=("a.docx",))
    ]


def test_every_mark_has_its_sentence() -> None:
    assert [len(found(NOTICE, asking(), marked("a.docx", mark))) for mark in Mark] == [1] * len(Mark)


def test_a_trouble_without_a_mark_is_said() -> None:
    assert said(found(NOTICE, asking(), marked("a.docx", trouble="有3个文本框未能读取。"))) == [
        (UNKNOWN, "a.docx：有3个文本框未能读取")
    ]
    assert said(found(NOTICE, asking(), marked("a.docx", trouble="第一页\n\u2028　未读。"))) == [
        (UNKNOWN, "a.docx：第一页　未读")
    ]


def test_a_good_file_of_a_deliverable_that_asks_for_nothing() -> None:
    assert found(NOTICE, asking(), paper("方案.docx", "方案")) == []


@pytest.mark.parametrize(("is_complete", "grade"), [(True, GAP), (False, NEAR)])
def test_no_file_at_all(is_complete: bool, grade: Grade) -> None:
    zh = "尚未上传材料"
    assert found(NOTICE, PARTS, is_complete=is_complete) == [
        Finding(kind="file", requirement="report", grade=grade, zh=zh, gap=zh, measured=0)
    ]


def finding(grade: Grade, zh: str, gap: str = "", *, kind: Any = "words", files: tuple[str, ...] = ()) -> Finding:
    return Finding(kind=kind, requirement="x", grade=grade, zh=zh, gap=gap, files=files)


SHORT = finding(GAP, "1432/1500字，还差68字", "还差68字")
OPEN = finding(UNKNOWN, "请人工核验：突出特色", kind="remark")


@pytest.mark.parametrize(
    ("findings", "gaps", "hints", "unknowns", "zh", "is_needed"),
    [
        ([], 0, 0, 0, "自动核验未发现问题", False),
        ([finding(MET, "好")], 0, 0, 0, "自动核验未发现问题", False),
        ([finding(NEAR, "近")], 0, 1, 0, "自动核验未发现问题，有1项提示", False),
        ([OPEN], 0, 0, 1, "自动核验未发现问题；另有1项请人工核验", False),
        ([SHORT, OPEN], 1, 0, 1, "还差68字；另有1项请人工核验", True),
        (
            [OPEN, SHORT, finding(OVER, "题目26字，超出6字", "题目超出6字")],
            2,
            0,
            1,
            "还差68字等2处；另有1项请人工核验",
            True,
        ),
        ([finding(WARNING, "a.docx已损坏", kind="file")], 1, 0, 0, "a.docx已损坏", True),
        ([finding(OVER, "题目26字，超出6字", "题目超出6字")], 1, 0, 0, "题目超出6字", True),
    ],
)
def test_the_line_above(
    findings: list[Finding], gaps: int, hints: int, unknowns: int, zh: str, is_needed: bool
) -> None:
    assert verdict(findings) == Verdict(gaps=gaps, hints=hints, unknowns=unknowns, zh=zh)
    assert needs_remark(findings) == is_needed


def test_a_file_and_the_demand_that_it_leaves_open_are_one_thing_to_look_at() -> None:
    findings = found(NOTICE, PARTS, unread("b.docx"))
    assert (len(findings), verdict(findings).unknowns) == (2, 1)
    assert (
        verdict(found(NOTICE, PARTS, unread("b.docx"), marked("c.jpg", Mark.UNREADABLE, kind=FileKind.JPEG))).unknowns
        == 2
    )


def test_names_in_sentences() -> None:
    """No sign that turns a line around, no line break; the middle of a long name is left out, and the rest of many."""
    assert [shown("甲\u202e乙\r\n丙.docx"), shown("\u200b"), shown("长" * 36 + ".doc"), shown("长" * 37 + ".doc")] == [
        "甲乙丙.docx",
        "未命名文件",
        "长" * 36 + ".doc",
        "长" * 27 + "…" + "长" * 8 + ".doc",
    ]
    assert [listed(list("甲乙丙丁戊")), listed(list("甲乙丙丁戊己"))] == [
        "甲、乙、丙、丁、戊",
        "甲、乙、丙、丁、戊等6个",
    ]
    assert quoted("“智慧助老”", "其他") == "“‘智慧助老’”“其他”"


def test_every_grade_has_its_word() -> None:
    assert [grade.zh for grade in Grade] == ["符合", "未达", "超出", "提示", "无法自动核验", "文件问题"]


def test_findings_come_in_the_definitions_order() -> None:
    asked = Deliverable.model_validate(
        deliverable(
            requirements=[
                {"kind": "remark", "text": "甲"},
                {"kind": "words", "min": 1},
                {"kind": "form", "form": "summary"},
            ],
            items={"of": "unit", "form": "own", "summary_form": "summary"},
            forms=["own"],
        )
    )
    files = (
        own("甲校"),
        summary("甲校"),
        marked("x.docx", Mark.BROKEN),
        *(photo(n, size=5) for n in ("a.jpg", "a (1).jpg")),
    )
    kinds = [finding.kind for finding in check(asked, NOTICE, files)]
    assert kinds == ["remark", "words", "form", "items", "items", "form", "file", "pictures"]


def test_files_of_kinds_that_nothing_knows_go_by_their_ending() -> None:
    """A text, though nobody can count it; but what only calls itself a picture is none."""
    text = Handed(name="a.rtf", size=1, content=Content(kind=FileKind.OTHER))
    assert said(found(NOTICE, asking({"kind": "words", "min": 1}), text)) == [(UNKNOWN, "未能自动核验字数：a.rtf")]
    fake = Handed(name="a.jpg", size=1, content=Content(kind=FileKind.OTHER))
    assert said(found(NOTICE, asking({"kind": "pictures", "min": 1}), fake)) == [(GAP, "图片0/1张，还差1张")]
    assert said(found(NOTICE, asking({"kind": "pictures", "min": 1}), *photos(1))) == [(MET, "图片1/1张")]
