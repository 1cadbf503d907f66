"""Definition files: every class of problem with its place and its whole text, and no traceback whatever comes in."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.domain import deadline, notice, requirement, strict
from duban.domain.canonical import canonical_json, revision_hash
from duban.domain.notice import Notice
from duban.reading import field_names
from duban.reading.definitions import (
    MOST_BYTES,
    DefinitionRefused,
    check_definition,
    check_definition_text,
    json_schema,
    read_definition,
    read_definition_text,
)
from duban.reading.explanations import CODES, PATTERNS
from duban.reading.problems import Problem

HEAD = """\
id: demo
document_number: 某教函〔2021〕1号
title: 某通知
issuer: province
issued_on: 2021-09-08
classes:
  cities:
    name: 各市
    kinds: [city]
offices:
  desk:
    name: 职成处
"""
#: The deadline of the stage stands on line 16, its value at column 13.
STAGE = """\
stages:
- id: s1
  name: 第一环节
  deadline: DEADLINE
  deliverables:
  - id: scheme
    name: 方案
    kind: scheme
    who: [cities]
    tracks: [{medium: electronic, to: desk}]
"""
SOUND = HEAD + STAGE.replace("DEADLINE", "{kind: date, date: 2021-09-28}")


def problems(text: str) -> list[str]:
    return [str(problem) for problem in check_definition_text(text, "n.yaml")[1]]


def of_deadline(text: str) -> list[str]:
    return problems(HEAD + STAGE.replace("DEADLINE", text))


def test_a_sound_file_becomes_the_notice_that_it_says(tmp_path: Path) -> None:
    path = tmp_path / "n.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert read_definition(path) == Notice.model_validate(
        {
            "id": "demo",
            "document_number": "某教函〔2021〕1号",
            "title": "某通知",
            "issuer": "province",
            "issued_on": "2021-09-08",
            "classes": {"cities": {"name": "各市", "kinds": ["city"]}},
            "offices": {"desk": {"name": "职成处"}},
            "stages": [
                {
                    "id": "s1",
                    "name": "第一环节",
                    "deadline": {"kind": "date", "date": "2021-09-28"},
                    "deliverables": [
                        {
                            "id": "scheme",
                            "name": "方案",
                            "kind": "scheme",
                            "who": ["cities"],
                            "tracks": [{"medium": "electronic", "to": "desk"}],
                        }
                    ],
                }
            ],
        }
    )


def test_times_days_and_yes_are_what_yaml_1_2_says() -> None:
    read = read_definition_text(SOUND + 'closing: 17:30\ntheme: yes\nprinted_on: "2021-09-09"\n', "n.yaml")
    assert (read.closing, read.theme, str(read.printed_on)) == ("17:30", "yes", "2021-09-09")


def test_a_byte_order_mark_and_windows_lines_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "n.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode())
    assert read_definition(path) == read_definition_text(SOUND, "n.yaml")


SHARED = "text、time、inclusive、roll、set_by、note、kind"
KINDS = "by_class、date、month_end、none、recurring、relative、window"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{kind: date, date: 2021-02-30}", "16:32 日期 date 没有这一天：2021-02-30（建议：请核对日期）"),
        ("{kind: date, date: 2021/9/28}", "16:32 日期 date 写法不对：2021/9/28（建议：写作 2021-09-28）"),
        ("{kind: date, date: 2021年9月8日}", "16:32 日期 date 写法不对：2021年9月8日（建议：写作 2021-09-08）"),
        ("{kind: date, date: 20210928}", "16:32 日期 date 写法不对：20210928（建议：写作 2021-09-28）"),
        ("{kind: date, date: '86400'}", "16:32 日期 date 写法不对：86400（建议：写作 2021-09-28）"),
        ("{kind: date, date: 2021-09-28T15:00}", "16:32 日期 date 写法不对：2021-09-28T15:00（建议：写作 2021-09-28）"),
        ("{kind: date, date: 1021-09-28}", "16:32 日期 date 不得早于 1900-01-01（建议：请核对）"),
        ("{kind: date, date: 9021-09-28}", "16:32 日期 date 不得晚于 2199-12-31（建议：请核对）"),
        ("{kind: date, date: }", "16:26 日期 date 没有写内容（建议：请填写；不需要的请删去这一项）"),
        ("{kind: date}", "16:13 缺少日期 date（建议：请补写这一项）"),
        ("{kind: dat, date: 2021-09-28}", "16:20 期限 deadline 没有 dat 这个种类（建议：是否为 date？）"),
        ("{kind: 5}", f"16:20 期限 deadline 没有 5 这个种类（建议：可写 {KINDS}）"),
        ("{kind: , date: 2021-09-28}", f"16:14 期限 deadline 缺少种类 kind（建议：可写 {KINDS}）"),
        ("{date: 2021-09-28}", f"16:13 期限 deadline 缺少种类 kind（建议：可写 {KINDS}）"),
        ("9月28日前", f"16:13 期限 deadline 应分项书写（建议：请写种类 kind：{KINDS}）"),
        ("", "16:3 期限 deadline 没有写内容（建议：请填写；不需要的请删去这一项）"),
        (
            "{kind: none, dead: 1}",
            "16:26 此处没有 dead 这一项（建议：可写 text、time、inclusive、roll、set_by、note、kind）",
        ),
        ("{kind: none, tme: 1}", "16:26 此处没有 tme 这一项（建议：是否为 time？）"),
        ("{kind: none, time: 15:0}", "16:32 时刻 15:0 写法不对（建议：写作 15:00、24:00 或 closing（下班时））"),
        ("{kind: none, time: 930}", '16:32 时刻 time 应为文字（建议：请加引号，写作 "930"）'),
        ("{kind: none, inclusive: 否}", "16:37 含当日 inclusive 应为 true 或 false（建议：写作 false）"),
        ("{kind: none, inclusive: 1}", "16:37 含当日 inclusive 应为 true 或 false（建议：是写 true，否写 false）"),
        ("{kind: none, roll: workday}", "16:32 遇休息日 roll 不能写 workday（建议：是否为 next_workday？）"),
        ("{kind: none, set_by: 我}", "16:34 由谁设定 set_by 不能写 我（建议：可写 notice、coordinator）"),
        ("{kind: none, text: [a]}", "16:32 原文 text 应为文字（建议：请直接写文字）"),
        (f"{{kind: none, text: {'字' * 201}}}", "16:32 原文 text 超过200字（建议：请压缩文字）"),
        ("{kind: month_end, month: 2021-13}", "16:38 月份 2021-13 写法不对（建议：写作 2021-11）"),
        (
            "{kind: window, from: 2021-09-28, to: 2021-09-11, picked: 2021-09-15, note: 取中}",
            "16:13 起日 from 晚于止日 to（建议：请核对两个日期）",
        ),
        (
            "{kind: window, from: 2021-09-11, to: 2021-09-20, picked: 2021-09-21, note: 取中}",
            "16:13 选定日 picked 不在起日 from 与止日 to 之间（建议：请在两日之间选定一日）",
        ),
        (
            "{kind: relative, after: issue, days: 3, weeks: 1}",
            "16:13 起算的长短须写一项，且只写一项（建议：写 workdays、days、weeks、months 之一）",
        ),
        (
            "{kind: relative, after: event, days: 3}",
            "16:13 起算点 after 与活动 event 不相符（建议：自活动起算的写 after: event 并写 event；其余不写 event）",
        ),
        ("{kind: relative, after: issue, days: 3天}", "16:50 天数 days 应为整数（建议：写作 3）"),
        ("{kind: relative, after: issue, days: 1.5}", "16:50 天数 days 应为整数（建议：请只写数字，不加引号和单位）"),
        ("{kind: relative, after: issue, days: 0}", "16:50 天数 days 不得小于 1（建议：请核对）"),
        ("{kind: relative, after: issue, days: 801}", "16:50 天数 days 不得大于 800（建议：请核对）"),
        (
            "{kind: recurring, every: week}",
            "16:13 没有写明每期的哪一天（建议：每周写 weekday，每月、每季写 day，每年写 month 和 day）",
        ),
        (
            "{kind: recurring, every: quarter, day: 25, month: 12}",
            "16:13 季度内的月份 month 只能是 1、2、3（建议：3 表示季末月）",
        ),
        (
            "{kind: recurring, every: month, day: 5, exceptions: [M10, 四季度]}",
            "16:71 免报 四季度 写法不对（建议：写作 2021-10-05、2021-10、M10、2021-Q4 或 Q4）",
        ),
        (
            "{kind: recurring, every: month, day: 5, exceptions: Q4}",
            "16:65 免报 exceptions 应为列表（建议：写作 [Q4]）",
        ),
        (
            "{kind: recurring, every: month, day: 5, exceptions: {}}",
            "16:65 免报 exceptions 应为列表（建议：请每项一行，以“- ”开头）",
        ),
        (
            "{kind: by_class, classes: {cities: {kind: by_class}}}",
            "16:55 各类单位的期限 cities 没有 by_class 这个种类"
            "（建议：可写 date、month_end、none、recurring、relative、window）",
        ),
        (
            "{kind: by_class, classes: {cities: {kind: date, date: 2021-02-30}}}",
            "16:67 日期 date 没有这一天：2021-02-30（建议：请核对日期）",
        ),
        ("{kind: by_class, classes: 各市}", "16:39 各类单位的期限 classes 应分项书写（建议：每行写作“名称: 内容”）"),
        (
            "{kind: by_class, classes: {各市: {kind: none}}}",
            "16:40 各类单位的期限 各市 只能用小写字母、数字和连字符（建议：如 cities-2021）",
        ),
        (
            "{kind: by_class, classes: {}}",
            "16:30 环节“第一环节”没有写单位类别 cities 的期限"
            "（建议：请在 classes 中补写 cities；没有期限的写 kind: none）",
        ),
        ("{kind: date, date: 2020-09-28}", "16:32 期限 2020-09-28 早于发文日期 2021-09-08（建议：请核对年份和日期）"),
        ("&day {kind: none}", "16:13 不接受锚点和别名（& 与 *）（建议：请把内容写全；是文字的请加引号）"),
        ("*day", "16:13 不接受锚点和别名（& 与 *）（建议：请把内容写全；是文字的请加引号）"),
        ("!day {kind: none}", "16:13 不接受标签（!）（建议：请删去标签；是文字的请加引号）"),
        ("{kind: none", "16:13 括号没有配对，或者缺少逗号（建议：请补上 }} 或半角逗号）"),
    ],
)
def test_a_wrong_deadline_is_explained_at_its_place(text: str, expected: str) -> None:
    assert of_deadline(text) == [f"n.yaml:{expected.replace('}}', '}')}"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("tittle: 某\n", "13:1 此处没有 tittle 这一项（建议：是否为 title？）"),
        ("title: 另一通知\n", "13:1 title 重复，第 3 行已有（建议：请合并，或删去一处）"),
        ("zone: Asia/Beijing\n", "13:7 没有 Asia/Beijing 这个时区（建议：写作 Asia/Shanghai）"),
        ("closing: closing\n", "13:10 下班时间 closing 写法不对（建议：写作 17:30）"),
        ("contact: dask\n", "13:10 没有定义办公室 dask（建议：是否为 desk？）"),
        ("printed_on: 2021-09-07\n", "13:13 印发日期 2021-09-07 早于发文日期 2021-09-08（建议：请核对年份和日期）"),
        ("stages: [5]\n", "13:10 环节 stages 第1项 应分项书写（建议：每行写作“名称: 内容”）"),
        ("stages: 5\n", "13:9 环节 stages 应为列表（建议：写作 [5]）"),
        ("forms:\n  f1:\n", "14:3 附表 f1 没有写内容（建议：请填写；不需要的请删去这一项）"),
        ("forms:\n  f1:\n    name:\n", "15:5 名称 name 没有写内容（建议：请填写；不需要的请删去这一项）"),
        ("forms:\n  f1: {name: ' '}\n", "14:14 名称 name 不能为空（建议：请填写）"),
        ("forms:\n  1: {name: 附表1, rows: 5}\n", "14:18 此处没有 rows 这一项（建议：是否为 row_heads？）"),
        ("forms:\n  [a]: {name: 附表1}\n", "14:3 此处应为一个名称（建议：写作“名称: 内容”）"),
        ("forms:\n  &a f1: {name: 附表1}\n", "14:3 名称前不接受锚点和别名（& 与 *）（建议：写作“名称: 内容”）"),
        ("<<: {theme: 某}\n", "13:1 此处没有 << 这一项"),
        ("review_ladder: {rungs: [{code: a, workdays: 1, to: [boss]}]}\n", "13:53 收件人角色 to 第1项 不能写 boss"),
        ("theme: 123456789012345678\n", "13:8 数字过长（建议：是编号的请加引号）"),
        ("theme: .inf\n", "13:8 读不懂 .inf（建议：是文字的请加引号）"),
        ("theme: !!int |\n  五\n  六\n", "13:8 读不懂 五 六（建议：是文字的请加引号）"),
        ('"a\\nb": 1\n', "13:1 此处没有 a b 这一项"),
        ("theme: ? 某\n", "13:8 此处不应有“? ”（建议：以此开头的文字请加引号）"),
        ("theme: !!int 五\n", "13:8 读不懂 五（建议：是文字的请加引号）"),
        ("theme: !!set {a}\n", "13:8 不接受标签（!）（建议：请删去标签；是文字的请加引号）"),
        ("theme: !!python/name:os.system x\n", "13:8 不接受标签（!）（建议：请删去标签；是文字的请加引号）"),
        ('theme: "\\ud800"\n', "13:8 文字中有无效字符（建议：请重新录入）"),
        ('theme: "\\UFFFFFFFF"\n', "13:11 此处读不下去，写法有误（建议：请核对引号和反斜杠；文字请用单引号）"),
        ('theme: "C:\\教育"\n', "13:12 双引号内的反斜杠写法有误（建议：请改用单引号）"),
        ("theme: \u0007\n", "13:8 有不可见的控制字符（建议：请删去此处的字符后重新录入）"),
        ("theme: *重要*\n", "13:8 不接受锚点和别名（& 与 *）（建议：请把内容写全；是文字的请加引号）"),
        ("theme: @某\n", "13:8 内容不能以 @ 开头（建议：请给整段内容加引号）"),
        ("theme: 全民: 学习\n", "13:10 此处不应有冒号（建议：请核对本行与上一行的缩进；内容中有冒号的请加引号）"),
        ("theme: '某\n", "13:8 引号没有配对（建议：请补上结尾的引号）"),
        ("theme\n", "13:1 本行缺少冒号（建议：写作“名称: 内容”，冒号用半角，其后空一格）"),
        ("theme: |某\n", "13:9 “|”或“>”之后应换行（建议：以此开头的文字请加引号）"),
        ('"\\UFFFFFFFF": 某\n', "13:4 此处读不下去，写法有误（建议：请核对引号和反斜杠；文字请用单引号）"),
        ("...\n%某\n", "14:2 不接受以 % 开头的指令（建议：请删去这一行）"),
        ("theme：某\n", "13:6 冒号用了全角“：”（建议：请改为半角冒号加空格“: ”）"),
        ("theme：某\ncontact: desk\n", "13:6 冒号用了全角“：”（建议：请改为半角冒号加空格“: ”）"),
        ("  theme: 某\n", "13:10 办公室 theme 应分项书写（建议：每行写作“名称: 内容”）"),
        ("- 某\n", "13:1 缩进不齐，或者少了“- ”（建议：同一层的各项请左对齐）"),
        ("theme: - 某\n", "13:8 此处不应有“- ”（建议：列表请另起一行）"),
        ("theme: [某, ]]\n", "13:13 缩进不齐，或者少了“- ”（建议：同一层的各项请左对齐）"),
        ("\ttheme: 某\n", "13:1 缩进用了制表符（Tab）（建议：请改用空格）"),
        ("theme:\t某\n\n  \ttext: 某\n", "15:3 缩进用了制表符（Tab）（建议：请改用空格）"),
        ("theme\t: 某\n", "13:6 此处用了制表符（Tab）（建议：请改用空格）"),
        ("---\nid: second\n", "13:1 一个文件只能有一份定义（建议：请删去多余的“---”或“...”，其余内容另存为文件）"),
        (f"theme: {'[' * 50}\n", "13:47 嵌套层次过深（建议：请核对括号和缩进）"),
    ],
)
def test_a_wrong_line_is_explained_at_its_place(more: str, expected: str) -> None:
    found = problems(HEAD + more)
    assert [line.partition("（建议：可写")[0] for line in found] == [f"n.yaml:{expected}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "文件没有内容（建议：请照样例填写）"),
        ("# 只有说明\n\n", "文件没有内容（建议：请照样例填写）"),
        ("- id: demo\n", "定义应分项书写（建议：每行写作“名称: 内容”）"),
        ("某通知", "定义应分项书写（建议：每行写作“名称: 内容”）"),
        ("%YAML 1.1\n---\nid: demo\n", "不接受以 % 开头的指令（建议：请删去这一行）"),
        ("&all {id: demo}\n", "不接受锚点和别名（& 与 *）（建议：请把内容写全；是文字的请加引号）"),
    ],
)
def test_what_is_no_definition_at_all_is_refused_at_the_first_line(text: str, expected: str) -> None:
    assert problems(text) == [f"n.yaml:1:1 {expected}"]


def test_a_lonely_line_with_a_wide_colon_says_so() -> None:
    assert problems("title：某通知") == ["n.yaml:1:6 冒号用了全角“：”（建议：请改为半角冒号加空格“: ”）"]


def test_a_file_in_another_encoding_is_asked_to_be_saved_as_utf8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gb.yaml").write_bytes(SOUND.encode("gb18030"))
    Path("utf16.yaml").write_bytes(SOUND.encode("utf-16"))
    Path("torn.yaml").write_bytes(SOUND.encode()[:40] + b"\xff\xff\n")
    found = [str(check_definition(Path(name))[1][0]) for name in ("gb.yaml", "utf16.yaml", "torn.yaml")]
    assert found == [
        "gb.yaml:2:19 文件是 GB18030（GBK）编码（建议：请另存为 UTF-8）",
        "utf16.yaml:1:1 文件是 UTF-16 编码（建议：请另存为 UTF-8）",
        "torn.yaml:2:24 文件不是 UTF-8 编码（建议：请另存为 UTF-8）",
    ]


def test_a_file_over_one_megabyte_is_refused_and_one_of_exactly_that_is_read(tmp_path: Path) -> None:
    full = SOUND + "#" * (MOST_BYTES - len(SOUND.encode()))
    assert read_definition_text(full, "n.yaml").id == "demo"
    assert problems(full + "#") == ["n.yaml:1:1 文件超过1 MB（建议：定义只写事实，附件请另存）"]


def test_a_file_that_is_not_there_is_a_problem_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DefinitionRefused) as refusal:
        read_definition(Path("missing.yaml"))
    assert str(refusal.value) == "missing.yaml:1:1 打不开文件（建议：请核对路径和权限）"


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)]
    found = problems("a0: &a0 [x]\n" + "".join(levels))
    assert found[0] == "n.yaml:1:1 缺少标识 id（建议：请补写这一项）"
    assert "n.yaml:1:5 不接受锚点和别名（& 与 *）（建议：请把内容写全；是文字的请加引号）" in found


def test_all_problems_of_a_file_come_at_once_in_its_order() -> None:
    text = """\
document_number: 5
issued_on: 2021-02-30
tittle: 某通知
classes:
  Cities: {name: 各市}
offices:
  desk:
    name: 职成处
    email: desk
    postcode: 13005
    phone: &p 1
issuer: province
issuer: province
stages:
- id: s1
  name: 第一环节
  deadline: {kind: date}
  deliverables: []
- id: s2
  deliverables:
  - {id: a, name: 案例, kind: caze, who: cities, requirements: [{kind: count, what: 案例, min: 3, max: 2}]}
"""
    assert problems(text) == [
        "n.yaml:1:1 缺少标识 id（建议：请补写这一项）",
        "n.yaml:1:1 缺少标题 title（建议：请补写这一项）",
        'n.yaml:1:18 文号 document_number 应为文字（建议：请加引号，写作 "5"）',
        "n.yaml:2:12 发文日期 issued_on 没有这一天：2021-02-30（建议：请核对日期）",
        "n.yaml:3:1 此处没有 tittle 这一项（建议：是否为 title？）",
        "n.yaml:5:3 单位类别 Cities 只能用小写字母、数字和连字符（建议：如 cities-2021）",
        "n.yaml:9:12 邮箱 desk 不是邮箱地址（建议：请照原文核对）",
        'n.yaml:10:15 邮编 postcode 应为文字（建议：请加引号，写作 "13005"）',
        "n.yaml:11:12 不接受锚点和别名（& 与 *）（建议：请把内容写全；是文字的请加引号）",
        "n.yaml:13:1 issuer 重复，第 12 行已有（建议：请合并，或删去一处）",
        "n.yaml:17:13 缺少日期 date（建议：请补写这一项）",
        "n.yaml:18:17 材料 deliverables 至少要有1项（建议：请补写）",
        "n.yaml:19:3 缺少名称 name（建议：请补写这一项）",
        "n.yaml:19:3 缺少期限 deadline（建议：请补写这一项）",
        "n.yaml:21:29 种类 kind 不能写 caze（建议：是否为 case？）",
        "n.yaml:21:40 责任单位类别 who 应为列表（建议：写作 [cities]）",
        "n.yaml:21:63 下限 min 大于上限 max（建议：请核对两个数）",
    ]


def test_unsound_definitions_are_told_by_line_too() -> None:
    text = SOUND.replace("issued_on: 2021-09-08\n", "").replace("[cities]", "[cites]").replace("[city]", "[]")
    assert problems(text) == [
        "n.yaml:1:1 没有发文日期（建议：请写 issued_on；原文未印的，由经办设定 publish_on 并说明理由）",
        "n.yaml:6:3 单位类别 cities 没有写 kinds 或 units，约束不到任何单位（建议：请写明单位种类 kinds 或单位 units）",
        "n.yaml:20:11 没有定义单位类别 cites（建议：是否为 cities？）",
    ]


def test_a_problem_quotes_its_line() -> None:
    found = check_definition_text(HEAD + "theme: [5, \t]\n", "n.yaml")[1]
    assert found == [
        Problem(
            file="n.yaml",
            line=13,
            col=8,
            zh="主题 theme 应为文字",
            hint="请直接写文字",
            severity="error",
            source="theme: [5, →]",
        )
    ]
    assert found[0].quoted == "n.yaml:13:8 主题 theme 应为文字（建议：请直接写文字）\n    theme: [5, →]"


def test_a_name_of_two_lines_is_told_in_one() -> None:
    text = HEAD + 'events:\n  opening: {name: "开幕\\n式", around: opening}\n'
    assert problems(text) == ["n.yaml:14:36 活动“开幕 式”不能以自身为准（建议：请写另一项活动）"]


def test_a_long_line_is_quoted_around_the_place() -> None:
    found = check_definition_text(HEAD + f"offices: {{{'a' * 300}: 5}}\n", "n.yaml")[1]
    assert [len(problem.source) for problem in found] == [160]


def test_warnings_are_told_and_do_not_refuse() -> None:
    events = "events:\n  opening: {name: 开幕式, text: 11月中旬, tentative: true}\n"
    after = "{kind: relative, after: event, event: opening, weeks: 1}"
    read, found = check_definition_text(HEAD + STAGE.replace("DEADLINE", after) + events, "n.yaml")
    assert read is not None
    assert [(str(problem), problem.severity) for problem in found] == [
        (
            "n.yaml:16:51 提示：活动“开幕式”的日期未定，在其确定之前，据此计算的期限也未定"
            "（建议：活动日期确定后请发补充通知，并改写定义）",
            "warning",
        )
    ]
    assert read_definition_text(HEAD + STAGE.replace("DEADLINE", after) + events, "n.yaml") == read


def test_a_refusal_says_the_first_problem_and_how_many_there_are() -> None:
    with pytest.raises(DefinitionRefused) as refusal:
        read_definition_text(HEAD + "zone: x\ntheme: 5\n", "n.yaml")
    assert refusal.value.zh == "n.yaml:13:7 没有 x 这个时区（建议：写作 Asia/Shanghai）；另有 1 处须修改"
    assert [problem.line for problem in refusal.value.problems] == [13, 14]


def test_of_very_many_problems_the_first_are_listed_and_the_rest_is_counted() -> None:
    found = problems(HEAD + "".join(f"key-{n}: 1\n" for n in range(250)))
    assert len(found) == 201
    assert found[-1] == "n.yaml:213:1 自此起另有 50 处问题未列"


def test_the_canonical_form_reads_back_and_does_not_depend_on_the_order_of_keys() -> None:
    one = read_definition_text(SOUND, "n.yaml")
    lines = HEAD.splitlines(keepends=True)
    other = read_definition_text(STAGE.replace("DEADLINE", "{date: 2021-09-28, kind: date}") + "".join(lines), "m.yaml")
    assert canonical_json(one) == canonical_json(other)
    assert Notice.model_validate_json(canonical_json(one)) == one
    assert re.fullmatch("[0-9a-f]{64}", revision_hash(one))
    assert revision_hash(one) != revision_hash(one.with_(title="另一通知"))


def test_the_canonical_form_is_compact_sorted_and_writes_all_defaults_by_their_names_in_the_file() -> None:
    window = "{kind: window, from: 2021-09-11, to: 2021-09-20, picked: 2021-09-15, note: 取中}"
    written = canonical_json(read_definition_text(HEAD + STAGE.replace("DEADLINE", window), "n.yaml"))
    assert written.startswith('{"addressees":"各有关单位","based_on":[],"classes":{"cities":{"except_units":[],')
    assert (
        '"deadline":{"from":"2021-09-11","inclusive":true,"kind":"window","note":"取中","picked":"2021-09-15",'
        '"roll":"none","set_by":"notice","text":"","time":"24:00","to":"2021-09-20"}'
    ) in written


def test_the_schema_for_editors_names_every_part_and_key_in_chinese() -> None:
    schema = json_schema()
    parts = {"Notice": schema, **schema["$defs"]}
    assert {part: node["title"] for part, node in parts.items()} == field_names.MODELS
    titles = {(part, key, value["title"]) for part, node in parts.items() for key, value in node_properties(node)}
    assert [title for title in sorted(titles) if title[2].isascii()] == []
    assert schema["properties"]["issued_on"]["title"] == "发文日期"
    assert parts["Window"]["properties"]["to"]["title"] == "止日"


def test_no_chinese_name_is_left_of_a_key_that_is_gone() -> None:
    parts = {"Notice": json_schema(), **json_schema()["$defs"]}
    keys = {key for node in parts.values() for key, _ in node_properties(node)}
    full = {f"{part}.{key}" for part, node in parts.items() for key, _ in node_properties(node)}
    assert set(field_names.KEYS) - keys - full == set()


def node_properties(node: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return list(node.get("properties", {}).items())


def test_every_pattern_and_every_code_of_the_schema_is_explained() -> None:
    patterns = set(re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(json_schema())))
    patterns |= set(re.findall(r'"patternProperties": {"((?:[^"\\]|\\.)*)"', json.dumps(json_schema())))
    assert {json.loads(f'"{pattern}"') for pattern in patterns} | {PATTERN_OF_CLOSING} == set(PATTERNS)
    sources = "".join(inspect.getsource(module) for module in (deadline, notice, requirement, strict))
    assert set(re.findall(r'raise ValueError\("(\w+)"\)', sources)) == set(CODES)


PATTERN_OF_CLOSING = r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"

#: A definition with many forms in it, to be spoilt by the tests below.
RICH = (
    HEAD
    + STAGE.replace("DEADLINE", "{kind: by_class, classes: {cities: {kind: month_end, month: 2021-11}}}")
    + """\
- id: s2
  name: 第二环节
  deadline: {kind: recurring, every: quarter, day: 25, exceptions: [Q4], until: 2022-12-31}
  deliverables:
  - id: table
    name: 汇总表
    kind: form
    who: [cities]
    built_from: [scheme]
    forms: [form-1]
    items: {of: person, min: 3, max: 5, form: form-1}
    requirements:
    - {kind: words, min: 1500, text: 不少于1500字}
    - {kind: pictures, exactly: 8, named: true}
    review: [{id: city, by: parent, workdays: 3}]
    tracks:
    - medium: paper
      to: parent
      copies: 2
- id: s3
  name: 第三环节
  deadline: {kind: relative, after: event, event: opening, weeks: 1, time: closing}
  deliverables:
  - {id: case, name: 案例, kind: case, who: [], tracks: [{medium: unstated, to: desk}]}
events:
  opening: {name: 开幕式, date: 2021-11-12, until: 2021-11-13, roles: {承办: 某区}}
  local: {name: 各地活动, around: opening, within_months: 1}
forms:
  form-1: {name: 附表1, columns: [单位, 人次], numbers: [人次]}
duties:
- {id: news, text: 报送新闻, kind: log, who: [cities], to: [desk]}
ladder: {rungs: [{code: due-1, workdays: -1, to: [clerk]}]}
"""
)


def test_the_rich_definition_is_sound() -> None:
    assert problems(RICH) == []


def agree(checked: tuple[Notice | None, list[Problem]]) -> None:
    """A notice without errors, or no notice and errors; each problem with a place and words of its own."""
    read, found = checked
    assert (read is None) == any(problem.severity == "error" for problem in found)
    for problem in found:
        assert problem.line >= 1
        assert problem.col >= 1
        assert problem.zh
        assert "不合要求" not in problem.zh
        assert "\n" not in str(problem)


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300))
def test_no_bytes_end_in_a_traceback(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(data)
    agree(check_definition(path))


YAMLISH = st.text(st.sampled_from("ab：:- \n\t[]{}#&*!|>'\"%@`,?~0123.\\\x00\x85\u2028\ufeff\ud800字<=_"), max_size=80)


@settings(max_examples=400, deadline=None)
@given(text=YAMLISH)
def test_no_text_of_yaml_marks_ends_in_a_traceback(text: str) -> None:
    agree(check_definition_text(text, "n.yaml"))


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(RICH)), cut=st.integers(0, 60), put=YAMLISH)
def test_no_spoilt_definition_ends_in_a_traceback(at: int, cut: int, put: str) -> None:
    agree(check_definition_text(RICH[:at] + put + RICH[at + cut :], "n.yaml"))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values inside ``value``."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in places(one, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy of ``value`` with ``new`` at ``path``."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


PLAIN = json.loads(read_definition_text(RICH, "n.yaml").model_dump_json(by_alias=True, exclude_unset=True))
ODD: list[Any] = [None, True, 0, -1, 10**9, 1.5, "", " ", "x", "day", "24:00", "parent", "cities", "Q4", "字" * 2001]
ODD += [[], {}, [None], [[]], {"kind": "x"}, {"kind": "date"}, {"kind": "none"}, {"kind": []}, {"x": 1}]
ODD += ["2021-02-30", "0001-01-01", "9999-12-31", "1900-01-01", "2199-12-31", "2199-12"]


@settings(max_examples=200, deadline=None)
@given(path=st.sampled_from(places(PLAIN)), new=st.sampled_from(ODD))
def test_every_value_may_be_replaced_by_an_odd_one_and_the_answer_is_in_words(path: tuple[Any, ...], new: Any) -> None:
    agree(check_definition_text(json.dumps(put(PLAIN, path, new), ensure_ascii=False, indent=1), "n.yaml"))
