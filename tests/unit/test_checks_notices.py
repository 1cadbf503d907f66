"""Every material of the six shipped notices, well made and badly made: the findings whole."""

from collections.abc import Sequence
from functools import cache

import pytest

from duban.domain.checks import Checked, Finding, Grade, Handed, verdict
from duban.domain.content import FileKind, Mark
from duban.domain.notice import Notice
from handed import NOTICES, Rows, definition, film, found, han, marked, paper, photo, photos, sheet

MET, GAP, OVER, NEAR, UNKNOWN, WARNING = (
    Grade.MET, Grade.GAP, Grade.OVER, Grade.NEAR, Grade.UNKNOWN, Grade.WARNING,
)  # fmt: skip
IDS = sorted(path.stem for path in NOTICES.glob("*-20*.yaml"))
notice_of = cache(definition)


def f(
    kind: Checked,
    requirement: str,
    grade: Grade,
    zh: str,
    files: str | Sequence[str] = (),
    numbers: tuple[int | None, int | None] = (None, None),
    *,
    gap: str | None = None,
) -> Finding:
    """A finding in one line; the gap of a fault is the sentence itself, unless told otherwise."""
    gap = (zh if grade in (GAP, WARNING) else "") if gap is None else gap
    names = (files,) if isinstance(files, str) else tuple(files)
    measured, wanted = numbers
    return Finding(
        kind=kind, requirement=requirement, grade=grade, zh=zh, gap=gap, files=names, measured=measured, wanted=wanted
    )


DEMO_HEAD = ["序号", "活动名称", "活动时间", "活动地点", "主办单位", "人数", "报名电话", "活动内容"]
DEMO = [
    ["吉林省 长春市（县） 朝阳区"] * 8,
    DEMO_HEAD,
    ["1", "社区大讲堂", "10月12日", "市图书馆", "市教育局", "1,200", "0431-12345678", "智慧助老讲座"],
    ["2", "书香春城", "11月2日", "市文化馆", "市教育局", "约300", "0431-12345678", "好书诵读"],
    ["3"] + [""] * 7,
    ["注：活动不限 10 项，请根据实际情况填报。"] * 8,
    ["填表联系人：张同志"] * 4 + ["联系电话：0431-12345678"] * 4,
]
BAD_DEMO = [
    ["吉林省 市（县） 区"] * 6,
    ["序号", "活动名称", "活动时间", "活动地点", "人数", "活动内容"],
    ["1", "社区大讲堂", "10月12日", "", "若干", "讲座"],
    ["填表联系人："] * 3 + ["联系电话："] * 3,
]


def unit_form(name: str, deeds: str, phone: str = "0431-1") -> Handed:
    """附表2, as Word gives it back."""
    table = [
        ["单位全称", name, name, name],
        ["上级主管部门", "长春市教育局", "长春市教育局", "长春市教育局"],
        ["单位负责人", "王同志", "负责人职务", "校长"],
        ["通讯地址", "人民大街1号", "联系电话", phone],
        ["先进事迹", *[deeds or "(500 字以内, 可另附页)"] * 3],
        ["单位意见", "市(州)教育行政部门意见", "吉林省教育厅意见", "吉林省教育厅意见"],
        ["(盖章) 年 月 日"] * 4,
    ]
    return paper(f"附表2 {name}.docx", "填表联系人：李同志", "", tables=[table])


def unit_list(*rows: tuple[str, str]) -> Handed:
    """附表3."""
    lines = "推荐单位：长春市教育局", "填表时间：2021年10月8日", "填表联系人：李同志", "联系电话：0431-2"
    return paper("附表3.docx", *lines, tables=[[["推荐序号", "先进单位全称"], *rows, ["8", ""]]])


def person_form(name: str, deeds: str, born: str = "1970年1月") -> Handed:
    """附表4."""
    table: Rows = [
        ["姓名", name, "出生年月", born],
        ["性别", "女", "民族", "汉族"],
        ["工作单位", "长春一中", "职务", "教师"],
        ["电子邮箱", "a@b.example", "电话", "0431-3"],
        ["先进事迹简介", deeds, deeds, deeds],
    ]
    return paper(f"附表4 {name}.docx", "填表联系人：李同志", "联系电话：0431-2", tables=[table])


def person_list(*rows: tuple[str, ...]) -> Handed:
    """附表5."""
    head = "推荐序号", "姓名", "性别", "职务", "工作单位", "联系电话"
    lines = "推荐单位：长春市教育局", "填表时间：2021年10月8日", "填表联系人：李同志"
    return paper("附表5.docx", *lines, tables=[[head, *rows]])


THEMES = [
    "终身学习",
    "开放学习资源",
    "强化社区教育和老年教育资源共享",
    "全民阅读",
    "“百姓学习之星”\n“终身学习品牌项目”推荐宣传展示",
    "“智慧助老”",
    "乡村振兴",
    "学习型城市(乡村、社区)建设",
    "其他",
]
HEADS = ["活动内容", "活动名称", "活动形式", "参与（或受益）人数（人次）", "志愿者人数（人次）", "新闻链接"]
ABOVE = "填报单位：太原市教育局    日期：2021年12月1日", "负责人：王同志  填报人：李同志  联系电话：0351-1"


def statistics(answers: Sequence[str], themes: Sequence[str] = THEMES, lines: Sequence[str] = ABOVE) -> Handed:
    """附件2 of Shanxi: each question answered alike for every theme."""
    rows = [[head, *[answer] * len(themes)] for head, answer in zip(HEADS, answers, strict=False)]
    return paper("附件2.docx", *lines, tables=[[["活动主题", *themes], *rows]])


DEMO_FORM = "填写附表1 2021年“吉林省全民终身学习示范活动”汇总表"
FORM_2 = "附表2 2021年吉林省全民终身学习活动周工作先进单位申报表"
FORM_3 = "附表3 2021年吉林省全民终身学习活动周工作先进单位汇总表"
FORM_4 = "附表4 2021年吉林省全民终身学习活动周工作先进个人申报表"
FORM_5 = "附表5 2021年吉林省全民终身学习活动周工作先进个人汇总表"
STATISTICS = "填写附件2 2021年山西省全民终身学习活动周情况统计表"
ORDER = "请按推荐顺序填写登记表"
PAGES = "500字以内，可另附页"
PICTURES = "清晰且分辨率高的活动图片6张，并给每张图片命名"
CONTENT = "内容（500字左右）"
TITLE = "文稿题目（20字内）醒目突出"
SPECIAL = "介绍本地区全民学习、终身学习最具特色的做法和经验，取得的主要成果"
MEDIA = "文字、视频、图片、教学资源"
WHOLE = "（未见“内容”一栏，按全文计，题目、图名除外）"
BY_PERSON = f("remark", SPECIAL, UNKNOWN, f"请人工核验：{SPECIAL}")
SHOWN = [f"展览{at}.jpg" for at in range(1, 7)]
EIGHT = [f"开幕式现场{at}.jpg" for at in range(1, 9)]

Case = tuple[str, list[Handed], list[Finding], str]

JILIN: list[Case] = [
    (
        "demo-table",
        [sheet("附表1.xlsx", *DEMO)],
        [f("form", DEMO_FORM, MET, "附表1已填2行", "附表1.xlsx", (2, None))],
        "自动核验未发现问题",
    ),
    (
        "demo-table",
        [sheet("附表1.xlsx", *BAD_DEMO)],
        [
            f("form", DEMO_FORM, GAP, "附表1缺少“主办单位”“报名电话”列", "附表1.xlsx"),
            f("form", DEMO_FORM, GAP, "附表1应填数字：第1行“人数”现为“若干”", "附表1.xlsx", gap="附表1有1处应填数字"),
            f("form", DEMO_FORM, NEAR, "附表1有未填之处：第1行活动地点", "附表1.xlsx"),
            f("form", DEMO_FORM, GAP, "附表1未填：市（县）区、填表联系人、联系电话", "附表1.xlsx"),
        ],
        "附表1缺少“主办单位”“报名电话”列等3处",
    ),
    (
        "panel",
        [paper("展板.docx", (1, han(20)), han(500)), *(photo(name) for name in SHOWN)],
        [
            f("title", TITLE, MET, "题目20/20字", "展板.docx", (20, 20)),
            f("words", CONTENT, MET, f"内容约500字：现500字{WHOLE}", "展板.docx", (500, 500)),
            f("pictures", PICTURES, MET, "图片6/6张", SHOWN, (6, 6)),
            f("pictures", PICTURES, MET, "图片均已命名", SHOWN),
            BY_PERSON,
        ],
        "自动核验未发现问题；另有1项请人工核验",
    ),
    (
        "panel",
        [paper("展板.docx", (1, han(26)), (2, "内容"), han(600)), *photos(3), photo("IMG_2.jpg", size=7)],
        [
            f("title", TITLE, OVER, "题目26字，超出6字", "展板.docx", (26, 20), gap="题目超出6字"),
            f(
                "words", CONTENT, OVER, "内容约500字：现600字，比550字多50字", "展板.docx", (600, 550),
                gap="内容超出50字",
            ),
            f("pictures", PICTURES, GAP, "图片4/6张，还差2张", ["IMG_2.jpg", *EIGHT[:3]], (4, 6), gap="图片还差2张"),
            f("pictures", PICTURES, GAP, "1张图片未命名：IMG_2.jpg", "IMG_2.jpg", gap="1张图片未命名"),
            BY_PERSON,
        ],
        "题目超出6字等4处；另有1项请人工核验",
    ),
    (
        "advanced-unit",
        [
            unit_list(("1", "长春一中"), ("2", "长春二中")),
            unit_form("长春二中", han(563)),
            unit_form("长春一中", han(500)),
        ],
        [
            f("words", PAGES, MET, "附表2 长春一中.docx：先进事迹500/500字", "附表2 长春一中.docx", (500, 500)),
            f(
                "words", PAGES, NEAR, "附表2 长春二中.docx：先进事迹563字，超出63字，可另附页", "附表2 长春二中.docx",
                (563, 500), gap="附表2 长春二中.docx：先进事迹超出63字",
            ),
            f("items", ORDER, MET, "推荐2个单位", ["附表2 长春二中.docx", "附表2 长春一中.docx"], (2, None)),
            f("items", ORDER, MET, "附表3列2个单位，与附表2份数一致", "附表3.docx", (2, 2)),
            f("form", FORM_2, MET, "附表2已填2份", ["附表2 长春一中.docx", "附表2 长春二中.docx"], (2, None)),
            f("form", FORM_3, MET, "附表3已填2行", "附表3.docx", (2, None)),
        ],
        "自动核验未发现问题，有1项提示",
    ),
    (
        "advanced-unit",
        [unit_list(("2", "长春一中"), ("1", "长春二中")), unit_form("长春一中", "", phone="")],
        [
            f("words", PAGES, GAP, "先进事迹未填写", "附表2 长春一中.docx", (0, 500)),
            f("items", ORDER, MET, "推荐1个单位", "附表2 长春一中.docx", (1, None)),
            f(
                "items", ORDER, GAP, "附表3列2个单位，附表2交1份，还差1份：长春二中", "附表3.docx", (1, 2),
                gap="附表2还差1份",
            ),
            f("form", FORM_2, GAP, "附表2未填：联系电话", "附表2 长春一中.docx"),
            f("form", FORM_3, MET, "附表3已填2行", "附表3.docx", (2, None)),
            f("form", FORM_3, NEAR, "附表3“推荐序号”未按1至2排列，请核对先后顺序", "附表3.docx"),
        ],
        "先进事迹未填写等3处",
    ),
    (
        "advanced-person",
        [person_form("赵同志", han(400)), person_list(("1", "赵同志", "女", "教师", "长春一中", "0431-3"))],
        [
            f("words", PAGES, MET, "先进事迹简介400/500字", "附表4 赵同志.docx", (400, 500)),
            f("items", ORDER, MET, "推荐1名", "附表4 赵同志.docx", (1, None)),
            f("items", ORDER, MET, "附表5列1名，与附表4份数一致", "附表5.docx", (1, 1)),
            f("form", FORM_4, MET, "附表4已填1份", "附表4 赵同志.docx", (1, None)),
            f("form", FORM_5, MET, "附表5已填1行", "附表5.docx", (1, None)),
        ],
        "自动核验未发现问题",
    ),
    (
        "advanced-person",
        [person_form("赵同志", han(400), born=""), marked("附表5.pdf", Mark.SCAN, kind=FileKind.PDF)],
        [
            f("words", PAGES, MET, "先进事迹简介400/500字", "附表4 赵同志.docx", (400, 500)),
            f("items", ORDER, MET, "推荐1名", "附表4 赵同志.docx", (1, None)),
            f("form", FORM_4, GAP, "附表4未填：出生日期", "附表4 赵同志.docx"),
            f("form", FORM_5, UNKNOWN, "未能自动核验附表5：附表5.pdf", "附表5.pdf"),
            f("file", "文件", UNKNOWN, "附表5.pdf是扫描件，没有可核验的文字，请人工核验", "附表5.pdf"),
        ],
        "附表4未填：出生日期；另有1项请人工核验",
    ),
    (
        "summary",
        [paper("总结.docx", han(1500))],
        [f("words", "不少于1500字", MET, "1500/1500字", "总结.docx", (1500, 1500))],
        "自动核验未发现问题",
    ),
    (
        "summary",
        [paper("总结.docx", han(1432))],
        [f("words", "不少于1500字", GAP, "1432/1500字，还差68字", "总结.docx", (1432, 1500), gap="还差68字")],
        "还差68字",
    ),
    (
        "photos",
        photos(8),
        [f("count", "照片8张", MET, "照片8/8张", EIGHT, (8, 8))],
        "自动核验未发现问题",
    ),
    (
        "photos",
        [*photos(6), marked("坏.jpg", Mark.BROKEN, kind=FileKind.JPEG)],
        [
            f("count", "照片8张", GAP, "照片6/8张，还差2张", EIGHT[:6], (6, 8), gap="照片还差2张"),
            f("file", "文件", WARNING, "坏.jpg已损坏，无法打开，请重新上传", "坏.jpg"),
        ],
        "照片还差2张等2处",
    ),
    (
        "cases",
        [paper("书香.docx", han(900)), paper("助老.docx", han(900))],
        [f("count", "典型活动案例2个", MET, "典型活动案例2/2个", ["书香.docx", "助老.docx"], (2, 2))],
        "自动核验未发现问题",
    ),
    (
        "cases",
        [paper("书香.docx", han(900))],
        [
            f(
                "count", "典型活动案例2个", GAP, "典型活动案例1/2个，还差1个", "书香.docx", (1, 2),
                gap="典型活动案例还差1个",
            )
        ],
        "典型活动案例还差1个",
    ),
]  # fmt: skip


def award(deliverable: str, phrase: str, unit: str) -> list[Case]:
    """百姓学习之星 and 终身学习品牌项目 ask alike."""
    papers = [paper(f"{at}.docx", han(300), item=f"候选{at}") for at in range(6)]
    rest = [film("宣传片.mp4"), photo("合影.jpg")]
    names = [f"{at}.docx" for at in range(6)]
    by_person = f("formats", MEDIA, UNKNOWN, "请人工核验：教学资源")
    return [
        (
            deliverable,
            [*papers[:4], *rest],
            [
                f("formats", MEDIA, MET, "已有文字、视频、图片"),
                by_person,
                f("items", phrase, MET, f"推荐4{unit}，在3—5{unit}之间", names[:4], (4, 5)),
            ],
            "自动核验未发现问题；另有1项请人工核验",
        ),
        (
            deliverable,
            papers,
            [
                f("formats", MEDIA, MET, "已有文字"),
                f("formats", MEDIA, GAP, "未见视频、图片"),
                by_person,
                f("items", phrase, OVER, f"推荐6{unit}，超出限报1{unit}", names, (6, 5), gap=f"推荐超出限报1{unit}"),
            ],
            "未见视频、图片等2处；另有1项请人工核验",
        ),
        (
            deliverable,
            [*papers[:2], *rest],
            [
                f("formats", MEDIA, MET, "已有文字、视频、图片"),
                by_person,
                f("items", phrase, GAP, f"推荐2/3{unit}，还差1{unit}", names[:2], (2, 3), gap=f"推荐还差1{unit}"),
            ],
            f"推荐还差1{unit}；另有1项请人工核验",
        ),
    ]


MOE: list[Case] = [
    *award("stars", "3—5名“百姓学习之星”", "名"),
    *award("brands", "3—5个“终身学习品牌项目”", "个"),
    (
        "cases",
        [paper("案例.docx", *(f"案例{at}：书香" for at in "一二三四"))],
        [f("count", "4个典型活动案例", MET, "典型活动案例4/4个", "案例.docx", (4, 4))],
        "自动核验未发现问题",
    ),
    (
        "cases",
        [paper("案例.docx", *(f"案例{at}：书香" for at in "一二三四五"))],
        [
            f(
                "count", "4个典型活动案例", OVER, "典型活动案例5个，超出1个", "案例.docx", (5, 4),
                gap="典型活动案例超出1个",
            )
        ],
        "典型活动案例超出1个",
    ),
]  # fmt: skip

SHANXI: list[Case] = [
    (
        "stat-table",
        [statistics(["讲座", "社区大讲堂", "线上", "1,200", "30", "http://news.example/1"], [*THEMES, "红色学习"])],
        [f("form", STATISTICS, MET, "附件2已填9列", "附件2.docx", (9, None))],
        "自动核验未发现问题",
    ),
    (
        "stat-table",
        [statistics(["讲座", "社区大讲堂", "", "很多", "30"], THEMES[:8], ["填报单位：    日期：  年  月  日"])],
        [
            f("form", STATISTICS, GAP, "附件2缺少“其他”列", "附件2.docx"),
            f("form", STATISTICS, GAP, "附件2缺少“新闻链接”行", "附件2.docx"),
            f(
                "form", STATISTICS, GAP,
                "附件2应填数字：“终身学习”的参与（或受益）人数（人次）现为“很多”，“开放学习资源”的参与（或受益）人数（人次）"
                "现为“很多”，“强化社区教育和老年教育资源共享”的参与（或受益）人数（人次）现为“很多”等8处",
                "附件2.docx", gap="附件2有8处应填数字",
            ),
            f(
                "form", STATISTICS, NEAR,
                "附件2有未填之处：“终身学习”列活动形式；“开放学习资源”列活动形式；“强化社区教育和老年教育资源共享”列活动形式"
                "等8列",
                "附件2.docx",
            ),
            f("form", STATISTICS, GAP, "附件2未填：填报单位、日期", "附件2.docx"),
            f("form", STATISTICS, NEAR, "附件2未见“负责人”“填报人”“联系电话”栏，请核对", "附件2.docx"),
        ],
        "附件2缺少“其他”列等4处",
    ),
]  # fmt: skip


def remarks(*texts: str) -> list[Finding]:
    return [f("remark", text, UNKNOWN, f"请人工核验：{text}") for text in texts]


CENTER: list[Case] = [
    (
        "w1-2",
        [paper("评选办法.docx", han(90))],
        remarks("20个社区教育示范基地", "20个老年大学示范校"),
        "自动核验未发现问题；另有2项请人工核验",
    ),
    (
        "w4-1",
        [paper("方案.docx", han(90))],
        remarks("《2021年全民终身学习活动周方案》", "《全民终身学习活动周开幕式方案》"),
        "自动核验未发现问题；另有2项请人工核验",
    ),
]
CASES = {"jilin-2021-25": JILIN, "moe-2021-20": MOE, "shanxi-2021-65": SHANXI, "liaoning-center-2021-4": CENTER}
EACH = [(name, *case) for name, cases in CASES.items() for case in cases]


@pytest.mark.parametrize(
    ("name", "deliverable", "handed", "findings", "zh"), EACH, ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_findings(name: str, deliverable: str, handed: list[Handed], findings: list[Finding], zh: str) -> None:
    result = found(notice_of(name), deliverable, *handed)
    assert result == findings
    assert verdict(result).zh == zh


def demanding(notice: Notice) -> set[str]:
    """The materials of which the definition asks something that can be looked at."""
    return {d.id for _, d in notice.placed() if d.requirements or d.items or d.forms}


def test_every_material_that_demands_something_was_looked_at_twice() -> None:
    looked = {name: sorted(case[0] for case in cases) for name, cases in CASES.items()}
    wanted = {name: demanding(notice_of(name)) for name in IDS}
    assert {name: set(ids) for name, ids in looked.items()} == {name: ids for name, ids in wanted.items() if ids}
    once = {deliverable for ids in looked.values() for deliverable in ids if ids.count(deliverable) == 1}
    # a remark is told in one way only
    assert once == {"w1-2", "w4-1"}


@pytest.mark.parametrize("name", IDS)
def test_of_the_others_nothing_is_asked(name: str) -> None:
    """What the notice does not print is not demanded: any file will do, but a file there must be."""
    notice = notice_of(name)
    silent = [d for _, d in notice.placed() if d.id not in demanding(notice)]
    assert [found(notice, d, paper("材料.docx", han(9))) for d in silent] == [[] for _ in silent]
    assert [[one.zh for one in found(notice, d)] for d in silent] == [["尚未上传材料"] for _ in silent]
