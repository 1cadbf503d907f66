"""Where everything of a form stands: the forms of the six notices, and what a definition can say beyond them."""

from pathlib import Path

import pytest

from duban.domain.notice import Form, Notice
from duban.papers.layout import Blank, Column, GridRow, Layout, Seal, layout, titled, users
from duban.reading.definitions import read_definition
from factories import deliverable, notice, on, stage

NOTICES = Path(__file__).resolve().parents[2] / "flows" / "notices"


def of(notice_id: str, form: str) -> Layout:
    read = read_definition(NOTICES / f"{notice_id}.yaml")
    return layout(read.forms[form], read)


def test_jilin_1_the_table_of_activities() -> None:
    assert of("jilin-2021-25", "form-1") == Layout(
        label="附表1",
        title="2021年“吉林省全民终身学习示范活动”汇总表",
        above=(Blank(name="市（县）区"),),
        below=(Blank(name="填表联系人"), Blank(name="联系电话")),
        columns=(
            Column(head="序号", width=1.3, is_serial=True),
            Column(head="活动名称", width=3.88),
            Column(head="活动时间", width=2.72),
            Column(head="活动地点", width=3.88),
            Column(head="主办单位", width=3.88),
            Column(head="人数", width=1.5, is_number=True),
            Column(head="报名电话", width=2.72),
            Column(head="活动内容", width=5.82),
        ),
        heads=("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"),
        number_rows=frozenset(),
        grid=(),
        seals=(),
        notes=("活动不限10项，请根据实际情况填报。",),
        is_crosswise=False,
        is_wide=True,
    )


def test_jilin_2_a_candidate_unit() -> None:
    found = of("jilin-2021-25", "form-2")
    assert (found.label, found.title) == ("附表2", "2021年吉林省全民终身学习活动周工作先进单位申报表")
    assert found.grid == (
        GridRow(fields=("单位全称",)),
        GridRow(fields=("上级主管部门",)),
        GridRow(fields=("单位负责人", "负责人职务")),
        GridRow(fields=("通讯地址", "联系电话")),
        GridRow(fields=("先进事迹",), is_box=True),
    )
    assert found.seals == (
        Seal(name="单位"),
        Seal(name="市（州）教育行政部门"),
        Seal(name="吉林省教育厅", is_receiver=True),
    )
    assert [(seal.heading, seal.mark) for seal in found.seals] == [
        ("单位意见", "（盖章）"),
        ("市（州）教育行政部门意见", "（盖章）"),
        ("吉林省教育厅意见", "（由吉林省教育厅盖章）"),
    ]
    assert (found.above, found.below) == ((), (Blank(name="填表联系人"),))
    assert found.notes[1:] == ("先进事迹500字以内，可另附页。",)
    assert (found.columns, found.heads, found.is_wide) == ((), (), False)


def test_jilin_4_a_candidate_person() -> None:
    found = of("jilin-2021-25", "form-4")
    assert found.grid == (
        GridRow(fields=("姓名", "出生日期")),
        GridRow(fields=("性别", "民族")),
        GridRow(fields=("工作单位", "职务")),
        GridRow(fields=("电子邮箱", "电话")),
        GridRow(fields=("先进事迹简介",), is_box=True),
    )
    assert found.below == (Blank(name="填表联系人"), Blank(name="联系电话"))
    assert found.notes[1:] == ("先进事迹简介500字以内，可另附页。",)


@pytest.mark.parametrize(
    ("form", "below", "heads"),
    [
        ("form-3", (Blank(name="填表联系人"), Blank(name="联系电话")), ["推荐序号", "先进单位全称"]),
        ("form-5", (Blank(name="填表联系人"),), ["推荐序号", "姓名", "性别", "职务", "工作单位", "联系电话"]),
    ],
)
def test_jilin_3_and_5_the_summaries_in_order(form: str, below: tuple[Blank, ...], heads: list[str]) -> None:
    found = of("jilin-2021-25", form)
    assert found.above == (Blank(name="推荐单位", is_sealed=True), Blank(name="填表时间", is_dated=True))
    assert [blank.label for blank in found.above] == ["推荐单位（盖章）：", "填表时间："]
    assert (found.below, [column.head for column in found.columns]) == (below, heads)
    assert found.heads == ("1", "2", "3", "4", "5", "6", "7", "8")
    assert (found.notes, found.seals) == (("请按推荐顺序填写登记表。",), ())
    assert (found.is_wide, round(sum(column.width for column in found.columns), 1)) == (False, 16.6)


def test_shanxi_2_runs_across() -> None:
    found = of("shanxi-2021-65", "stat-table")
    assert (found.label, found.title) == ("附件2", "2021年山西省全民终身学习活动周情况统计表")
    assert found.above == (Blank(name="填报单位"), Blank(name="日期", is_dated=True))
    assert found.below == (Blank(name="负责人"), Blank(name="填报人"), Blank(name="联系电话"))
    assert [column.head for column in found.columns] == [
        "",
        "终身学习",
        "开放学习资源",
        "强化社区教育和老年教育资源共享",
        "全民阅读",
        "“百姓学习之星”“终身学习品牌项目”推荐宣传展示",
        "“智慧助老”",
        "乡村振兴",
        "学习型城市（乡村、社区）建设",
        "其他",
    ]
    assert found.heads == (
        "活动内容",
        "活动名称",
        "活动形式",
        "参与（或受益）人数（人次）",
        "志愿者人数（人次）",
        "新闻链接",
    )
    assert (found.number_rows, found.is_crosswise, found.is_wide) == (frozenset({3, 4}), True, True)


def test_no_other_notice_prints_a_form() -> None:
    forms = {path.stem: list(read_definition(path).forms) for path in sorted(NOTICES.glob("*.yaml"))}
    assert forms == {
        "jilin-2021-25": ["form-1", "form-2", "form-3", "form-4", "form-5"],
        "liaoning-2021-337": [],
        "liaoning-center-2021-4": [],
        "moe-2021-20": [],
        "shanxi-2021-65": ["stat-table"],
        "suzhou-sip-2021-61": [],
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("附表1 2021年汇总表", ("附表1", "2021年汇总表")),
        ("附件2：统计表", ("附件2", "统计表")),
        ("附件 3　统计表", ("附件 3", "统计表")),
        ("附件1-2 统计表", ("附件1-2", "统计表")),
        ("附表二、统计表", ("附表二", "统计表")),
        ("附件 统计表", ("附件", "统计表")),
        ("附表1", ("", "附表1")),
        ("附属学校统计表", ("", "附属学校统计表")),
        ("统计表", ("", "统计表")),
    ],
)
def test_a_name_begins_with_its_label(name: str, expected: tuple[str, str]) -> None:
    assert titled(name) == expected


PLAIN = notice()


@pytest.mark.parametrize(
    ("printed", "rows"), [(None, 10), (0, 10), (-5, 10), (1, 1), (200, 200), (201, 200), (10**12, 200)]
)
def test_rows_have_bounds(printed: int | None, rows: int) -> None:
    form = Form(name="表", columns=("序号", "名称"), printed_rows=printed)
    assert layout(form, PLAIN).heads == tuple(str(n) for n in range(1, rows + 1))


def test_only_a_first_column_of_numbers_is_numbered() -> None:
    assert layout(Form(name="表", columns=("名称", "序号"), printed_rows=2), PLAIN).heads == ("", "")


def test_seals_of_a_table_stand_at_their_field_or_below() -> None:
    form = Form(
        name="表", fields=("填报单位",), columns=("名称",), seals=("填报单位", "主管部门"), receiver_seal="省厅"
    )
    found = layout(form, PLAIN)
    assert found.above == (Blank(name="填报单位", is_sealed=True),)
    assert found.below == (Blank(name="主管部门", is_sealed=True),)


def test_fields_that_sign_stand_below_with_all_after_them() -> None:
    table = Form(name="表", fields=("单位", "负责人", "单位", "联系电话"), columns=("名称",))
    grid = Form(name="表", fields=("负责人", "联系电话", "填表人", "联系电话"))
    assert [blank.name for blank in layout(table, PLAIN).below] == ["负责人", "单位", "联系电话"]
    assert layout(grid, PLAIN).grid == (GridRow(fields=("负责人", "联系电话")),)
    assert [blank.name for blank in layout(grid, PLAIN).below] == ["填表人", "联系电话"]


def test_row_heads_without_columns_are_fields() -> None:
    found = layout(Form(name="表", fields=("单位全称",), row_heads=("主要做法",)), PLAIN)
    assert found.grid == (GridRow(fields=("单位全称",)), GridRow(fields=("主要做法",), is_box=True))


def asking(**more: object) -> Notice:
    words = {"kind": "words", "max": 300, "part": "特色", "text": "300字以内"}
    owed = deliverable("one", requirements=[words], **more)
    twin = deliverable("two", requirements=[words], **more)
    forms = {"a": {"name": "表", "fields": ["名称", "特色"]}, "b": {"name": "另一表", "fields": ["特色"]}}
    return notice(stage(on("2021-10-15"), owed, twin), forms=forms)


def test_a_count_makes_a_box_and_a_note_on_its_own_form_alone() -> None:
    asked = asking(forms=["a"])
    found = layout(asked.forms["a"], asked)
    assert found.grid == (GridRow(fields=("名称",)), GridRow(fields=("特色",), is_box=True))
    assert found.notes == ("特色300字以内。",)
    other = layout(asked.forms["b"], asked)
    assert (other.grid, other.notes) == ((GridRow(fields=("特色",)),), ())


@pytest.mark.parametrize("more", [{"forms": ["a"]}, {"items": {"of": "unit", "form": "a"}}])
def test_who_is_handed_in_on_a_form(more: dict[str, object]) -> None:
    asked = asking(**more)
    assert [found.id for found in users(asked.forms["a"], asked)] == ["one", "two"]
    assert list(users(asked.forms["b"], asked)) == []
