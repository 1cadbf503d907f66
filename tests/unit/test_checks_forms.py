"""Forms: found by their heads however they are written, read row by row, across, or field by field."""

from typing import Any

import pytest

from duban.domain.checks import Finding, Grade
from duban.domain.checks.fields import field_values, written
from duban.domain.checks.labels import Likeness, likeness, numbering_of, paired, unnumbered
from duban.domain.checks.tables import is_number
from duban.domain.content import FileKind, Mark, Table
from duban.domain.notice import Deliverable
from factories import deliverable, notice
from handed import Rows, archive, found, marked, paper, photo, said, sheet, unread

MET, GAP, OVER, NEAR, UNKNOWN = Grade.MET, Grade.GAP, Grade.OVER, Grade.NEAR, Grade.UNKNOWN

FORMS = {
    "list": {"name": "附表1 活动汇总表", "columns": ["序号", "活动名称", "活动时间", "人数"], "numbers": ["人数"]},
    "open": {"name": "活动汇总表", "columns": ["活动名称", "活动时间", "人数"], "open_columns": True},
    "ranked": {"name": "附表3", "columns": ["推荐序号", "姓名", "单位"], "ordered": True},
    "fields": {"name": "附表2", "fields": ["单位全称", "通讯地址", "先进事迹"]},
    "around": {"name": "附表4", "fields": ["填表联系人", "联系电话"], "columns": ["活动名称", "活动时间"]},
    "across": {
        "name": "附件2",
        "columns": ["阅读", "助老", "其他"],
        "row_heads": ["活动名称", "人数"],
        "numbers": ["人数"],
    },
    "name": {"name": "附表9"},
}
NOTICE = notice(forms=FORMS)
HEAD = ["序号", "活动名称", "活动时间", "人数"]
ROW = ["1", "讲座", "10月8日", "300"]


def form(name: str) -> Deliverable:
    """A deliverable that asks for this form."""
    return Deliverable.model_validate(deliverable(requirements=[{"kind": "form", "form": name}]))


def of_list(*rows: Any, name: str = "list") -> list[tuple[Grade, str]]:
    return said(found(NOTICE, form(name), sheet("表.xlsx", *rows)))


def test_a_form_that_is_filled() -> None:
    assert found(NOTICE, form("list"), sheet("表.xlsx", ["活动汇总表"] * 4, HEAD, ROW)) == [
        Finding(
            kind="form",
            requirement="填写附表1 活动汇总表",
            grade=MET,
            zh="附表1已填1行",
            files=("表.xlsx",),
            measured=1,
        )
    ]


@pytest.mark.parametrize(
    "head",
    [
        ["序 号", "活 动\n名称", "活动时间（年月日）", "人数(人次)"],
        ["编号", "名称", "时间", "参加人数"],
        ["序号", "活动名称", "活动的时间", "人数"],
        ["⼈数", "活动时间", "活动名称", "备考"],
    ],
)
def test_heads_may_be_written_a_little_differently(head: list[str]) -> None:
    row = ["300", "10月8日", "讲座", "1"] if head[0] == "⼈数" else ROW
    assert of_list(head, row)[0] == (MET, "附表1已填1行")


def test_missing_columns_are_named() -> None:
    findings = of_list(["序号", "活动名称", "活动时间"], ["1", "讲座", "10月8日"])
    assert findings == [(GAP, "附表1缺少“人数”列")]


def test_the_number_of_the_rows_is_not_missed() -> None:
    assert of_list(HEAD[1:], ROW[1:]) == [(MET, "附表1已填1行")]


def test_further_columns_are_named() -> None:
    assert of_list([*HEAD, "备注"], [*ROW, "无"]) == [(MET, "附表1已填1行"), (NEAR, "附表1多出“备注”列，请核对")]


def test_further_columns_are_kept_where_the_form_is_open() -> None:
    assert of_list([*HEAD, "备注"], [*ROW, "无"], name="open") == [(MET, "《活动汇总表》已填1行")]


@pytest.mark.parametrize(
    "row",
    [
        ["2", "", "", ""],
        ["", "", "", ""],
        ["合计", "", "", "300"],
        ["", "总 计", "", "300"],
        ["注：活动不限10项"] * 4,
        ["备注：", "如有请附", "", ""],
        ["以下空白"] * 4,
        HEAD,
    ],
)
def test_rows_that_do_not_count(row: list[str]) -> None:
    assert of_list(HEAD, ROW, row) == [(MET, "附表1已填1行")]
    assert of_list(HEAD, row) == [(GAP, "附表1尚未填写")]


def test_a_table_that_goes_on_under_the_same_head_is_one() -> None:
    file = paper("表.docx", tables=[[HEAD, ROW], [HEAD, ROW, ROW], [["另一张", "表"], ["甲", "乙"]]])
    assert said(found(NOTICE, form("list"), file)) == [(MET, "附表1已填3行")]


@pytest.mark.parametrize(
    "text",
    ["300", "3,000", "３，０００", "约300人次", "1.2万余人", "300余人", "200多", " 1 200 ", "", "无", "—", "/"],
)
def test_what_is_a_number(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["若干", "线上300线下200", "3-5", "三百", "很多人", "1" + "十" * 40, "3000?"])
def test_what_is_none(text: str) -> None:
    assert not is_number(text)


def test_numbers_that_are_none_are_named() -> None:
    rows = [["1", "讲座", "10月8日", "若干"], ["2", "朗诵", "10月9日", "20"], ["3", "展览", "10月9日", "多"]]
    [finding] = found(NOTICE, form("list"), sheet("表.xlsx", HEAD, *rows))
    assert (finding.grade, finding.zh, finding.gap) == (
        GAP,
        "附表1应填数字：第1行“人数”现为“若干”，第3行“人数”现为“多”",
        "附表1有2处应填数字",
    )


def test_of_many_three_are_named() -> None:
    rows = [[f"{at}", "讲座", "10月8日", "多"] for at in range(1, 6)]
    [(_, zh)] = of_list(HEAD, *rows)
    assert zh == "附表1应填数字：第1行“人数”现为“多”，第2行“人数”现为“多”，第3行“人数”现为“多”等5处"


def test_blank_cells_are_hinted_at() -> None:
    """The notice does not say that every cell must be filled."""
    rows = [["1", "讲座", "", ""], ["", "朗诵", "10月9日", "20"], ["3", "展览"]]
    assert of_list(HEAD, *rows) == [
        (MET, "附表1已填3行"),
        (NEAR, "附表1有未填之处：第1行活动时间、人数；第3行活动时间、人数"),
    ]


@pytest.mark.parametrize(
    ("numbers", "is_kept"),
    [(["1", "2", "3"], True), (["１", " 2 ", "3"], True), (["2", "1", "3"], False), (["1", "1", "2"], False),
     (["1", "", "3"], False), (["1", "二", "3"], False), (["1", "2", "4"], False)],
)  # fmt: skip
def test_the_order_asked_for(numbers: list[str], is_kept: bool) -> None:
    rows = [[number, f"人{at}", "一中"] for at, number in enumerate(numbers)]
    hint = [] if is_kept else [(NEAR, "附表3“推荐序号”未按1至3排列，请核对先后顺序")]
    assert of_list(["推荐序号", "姓名", "单位"], *rows, name="ranked") == [(MET, "附表3已填3行"), *hint]


def test_the_best_of_several_files_is_the_form() -> None:
    files = sheet("旧.xlsx", HEAD), sheet("新.xlsx", HEAD, ROW), sheet("别.xlsx", ["甲", "乙"])
    [finding] = found(NOTICE, form("list"), *files)
    assert (finding.zh, finding.files) == ("附表1已填1行", ("新.xlsx",))


@pytest.mark.parametrize(
    "file",
    [
        unread("表.xlsx"),
        unread("表"),
        marked("表.et", Mark.BY_HAND, kind=FileKind.ET),
        marked("表.pdf", Mark.SCAN, kind=FileKind.PDF),
        archive("表.zip", "表.xlsx"),
        photo("表.jpg"),
        paper("表.pdf", "序号 活动名称 活动时间 人数", "1 讲座 10月8日 300", kind=FileKind.PDF),
    ],
    ids=lambda file: f"{file.name}",
)
def test_a_form_that_may_be_hidden_in_a_file_is_unknown(file: Any) -> None:
    assert said(found(NOTICE, form("list"), file))[0] == (UNKNOWN, f"未能自动核验附表1：{file.name}")


@pytest.mark.parametrize(
    "file", [paper("总结.docx", "活动名称很多"), sheet("别.xlsx", ["活动名称", "甲"], ["乙", "丙"])]
)
def test_a_form_that_is_nowhere(file: Any) -> None:
    [finding] = found(NOTICE, form("list"), file)
    assert (finding.grade, finding.zh, finding.gap) == (GAP, "未见附表1", "未见附表1")
    assert said(found(NOTICE, form("list"), file, is_complete=False)) == [(NEAR, "未见附表1")]


def test_a_photograph_is_no_form_where_photographs_are_asked_for() -> None:
    asked = form("list").requirements[0], {"kind": "pictures", "min": 1}
    both = Deliverable.model_validate(deliverable(requirements=list(asked)))
    assert said(found(NOTICE, both, photo("合影.jpg"))) == [(GAP, "未见附表1"), (MET, "图片1/1张")]


def test_a_form_of_which_only_the_name_is_known() -> None:
    assert said(found(NOTICE, form("name"), sheet("表.xlsx", HEAD))) == [(UNKNOWN, "请人工核验附表9")]


@pytest.mark.parametrize("where", ["cells", "paragraphs"])
def test_fields_around_a_table(where: str) -> None:
    table = [["活动名称", "活动时间"], ["讲座", "10月8日"]]
    line = "填报联系人：张三　联 系 电 话:0431"
    tables, lines = ([[*table, [line, ""]]], []) if where == "cells" else ([table], [line])
    assert said(found(NOTICE, form("around"), paper("表.docx", *lines, tables=tables))) == [(MET, "附表4已填1行")]


def test_fields_around_a_table_that_are_blank_or_not_there() -> None:
    file = paper("表.docx", "填表联系人：    年  月  日", tables=[[["活动名称", "活动时间"], ["讲座", "10月8日"]]])
    assert said(found(NOTICE, form("around"), file)) == [
        (GAP, "附表4未填：填表联系人"),
        (NEAR, "附表4未见“联系电话”栏，请核对"),
    ]


def entry(*rows: Any) -> list[tuple[Grade, str]]:
    return said(found(NOTICE, form("fields"), paper("表.docx", tables=[rows])))


def test_a_form_of_fields() -> None:
    rows = ["单位全称", "一中", "通讯地址", "人民大街"], ["先进事迹", "先进事迹", "很好", "很好"]
    assert entry(*rows) == [(MET, "附表2已填1份")]


def test_a_form_of_fields_left_blank() -> None:
    rows = ["单位全称", "（以公章为准）", "通讯地址", ""], ["先进事迹", "先进事迹", "(500字以内)", "(500字以内)"]
    assert entry(*rows) == [(GAP, "附表2未填：单位全称、通讯地址、先进事迹")]


def test_several_such_forms_in_one_file() -> None:
    tables: list[Rows] = [
        [["单位全称", name], ["通讯地址", "街"], ["先进事迹", text]] for name, text in (("甲", ""), ("乙", "好"))
    ]
    assert said(found(NOTICE, form("fields"), paper("表.docx", tables=tables))) == [(GAP, "附表2（甲）未填：先进事迹")]


TOP = ["主题", "阅读", "助老", "其他"]
NAMES = ["活动名称", "朗诵", "讲座", "展览"]
NUMBERS = ["人数", "30", "1,200", "约50"]


def of_grid(*rows: Any) -> list[tuple[Grade, str]]:
    return said(found(NOTICE, form("across"), sheet("表.xlsx", *rows)))


def test_a_form_that_runs_across() -> None:
    assert of_grid(["统计表"] * 4, TOP, NAMES, NUMBERS) == [(MET, "附件2已填3列")]


def test_and_turned_round() -> None:
    assert of_grid(*zip(TOP, NAMES, NUMBERS, strict=True)) == [(MET, "附件2已填3列")]


def test_columns_and_rows_that_are_missing() -> None:
    assert of_grid(TOP[:3], NAMES[:3], NUMBERS[:3]) == [(GAP, "附件2缺少“其他”列")]
    wide = FORMS["across"] | {"row_heads": ["活动名称", "活动形式", "人数"]}
    file = sheet("表.xlsx", TOP, NAMES, NUMBERS)
    assert said(found(notice(forms=FORMS | {"across": wide}), form("across"), file)) == [(GAP, "附件2缺少“活动形式”行")]


def test_columns_and_rows_that_are_more() -> None:
    rows = [*TOP, "乡村"], [*NAMES, "x"], [*NUMBERS, "1"], ["备注", "", "", "", ""]
    more = [(NEAR, "附件2多出“乡村”列，请核对"), (NEAR, "附件2多出“备注”行，请核对")]
    assert of_grid(*rows) == [(MET, "附件2已填3列"), *more]
    open_ = FORMS["across"] | {"open_rows": True, "open_columns": True}
    kept = found(notice(forms=FORMS | {"across": open_}), form("across"), sheet("表.xlsx", *rows))
    assert said(kept) == [(MET, "附件2已填3列")]


def test_a_theme_may_have_several_columns_and_rows() -> None:
    rows = [*TOP, "其他"], [*NAMES[:3], "", "展览"], [*NUMBERS[:3], "", "50"], ["人数", "", "", "", ""]
    assert of_grid(*rows) == [(MET, "附件2已填3列")]


def test_crossings_that_are_blank_or_no_numbers() -> None:
    assert of_grid(TOP, ["活动名称", "朗诵", "讲座", ""], ["人数", "", "若干", ""]) == [
        (GAP, "附件2应填数字：“助老”的人数现为“若干”"),
        (NEAR, "附件2“其他”列未填，请核对"),
        (NEAR, "附件2有未填之处：“阅读”列人数"),
    ]


def test_a_grid_with_nothing_in_it() -> None:
    assert of_grid(TOP, ["活动名称", "", "", ""], ["人数", "", "", ""]) == [(GAP, "附件2尚未填写")]


def test_a_grid_that_is_nowhere() -> None:
    assert of_grid(["阅读", "助老", "其他"], ["甲", "乙", "丙"]) == [(GAP, "未见附件2")]


@pytest.mark.parametrize(
    ("label", "text", "like"),
    [
        ("活动名称", "活 动 名 称", Likeness.SAME),
        ("人数", "⼈数", Likeness.SAME),
        ("人数（人次）", "人数", Likeness.NEARLY),
        ("填表联系人", "填报联系人", Likeness.NEARLY),
        ("单位全称", "单位名称", Likeness.NEARLY),
        ("活动名称", "名称", Likeness.PART),
        ("先进事迹简介", "先进事迹的简介", Likeness.SIMILAR),
        ("活动名称", "活动时间", None),
        ("主办单位", "承办单位", None),
        ("名", "名称", None),
        ("活动名称", "", None),
        ("", "", None),
        ("活动名称", "活动名称" * 20, None),
    ],
)
def test_how_far_two_labels_say_the_same(label: str, text: str, like: Likeness | None) -> None:
    assert likeness(label, text) == like


def test_the_surest_pairs_come_first() -> None:
    assert paired(["电话", "联系电话"], ["联系电话", "手机"]) == {
        "联系电话": (0, Likeness.SAME),
        "电话": (1, Likeness.NEARLY),
    }


@pytest.mark.parametrize(
    ("text", "rest", "number"),
    [
        ("一、主要做法", "主要做法", "一、"),
        ("十二、主要做法", "主要做法", "一、"),
        ("（三）主要做法", "主要做法", "(一)"),
        ("（3）主要做法", "主要做法", "(1)"),
        ("1.主要做法", "主要做法", "1."),
        ("1.2 主要做法", "主要做法", "1.1"),
        ("①主要做法", "①主要做法", ""),
        ("第二部分 主要做法", "主要做法", "第一部分"),
        ("一、（一）主要做法", "主要做法", "一、"),
        ("2021年工作", "2021年工作", ""),
        ("一、", "一、", "一、"),
    ],
)
def test_headings_without_their_numbers(text: str, rest: str, number: str) -> None:
    assert (unnumbered(text), numbering_of(text)) == (rest.replace("①", "1"), number)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("（500字以内，可另附页）", ""),
        ("(以公章为准)一中", "一中"),
        ("  年  月  日", ""),
        ("2021年10月8日", "2021年10月8日"),
        ("____", ""),
        ("无", "无"),
        ("（吉林）", ""),
        ("一中（吉林）", "一中（吉林）"),
    ],
)
def test_what_was_written_into_a_field(text: str, left: str) -> None:
    assert written(text) == left


@pytest.mark.parametrize(
    ("rows", "lines", "values"),
    [
        ([["负责人", "王", "电话", "1"]], (), {"负责人": "王", "电话": "1"}),
        ([["负责人", "负责人", "王"]], (), {"负责人": "王"}),
        ([["负责人", "电话"]], (), {"负责人": "", "电话": ""}),
        ([["负责人"], ["王"]], (), {"负责人": "王"}),
        ([["负责人"]], (), {"负责人": ""}),
        ([], ("负责人：王  电话：", "电话(手机)：1"), {"负责人": "王", "电话": "1"}),
        ([], ("负责人：  地址：街",), {"负责人": ""}),
        ([], ("单位负责人：李", "负责人："), {"负责人": ""}),
        ([], ("单位负责人：李",), {"负责人": "李"}),
        ([], ("负责人王",), {}),
    ],
)
def test_values_of_fields(rows: Any, lines: tuple[str, ...], values: dict[str, str]) -> None:
    assert field_values(["负责人", "电话"], [Table(rows=tuple(map(tuple, rows)))], lines) == values


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("吉林省 长春市（县） 朝阳区", {"市（县）区": "长春朝阳"}),
        ("吉林省 市（县） 区", {"市（县）区": ""}),
        ("各市（县）区要高度重视，认真组织。", {}),
        ("长春市", {}),
    ],
)
def test_the_frame_of_a_place(line: str, values: dict[str, str]) -> None:
    assert field_values(["市（县）区"], (), [line]) == values
