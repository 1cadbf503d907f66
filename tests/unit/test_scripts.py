"""The script of a replay: what is read, and the one line for each thing that is wrong."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.terms import Act
from duban.reading.scripts import COLUMNS, ScriptRefused, ScriptRow, read_script

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADER = ",".join(COLUMNS.names)
GOOD = "2021-09-27T16:30,changchun,plan,return,review:issuer,请补盖公章,2021-10-12"


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory):
    return tmp_path_factory.mktemp("scripts")


def read(folder, data, name="s.csv"):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_script(path, SHANGHAI)


def rows(*lines):
    return "\n".join((HEADER, *lines)) + "\n"


def refused(folder, data):
    with pytest.raises(ScriptRefused) as caught:
        read(folder, data)
    return caught.value.problems


def changed(column, text, line=GOOD):
    values = line.split(",")
    values[COLUMNS.names.index(column)] = text
    return ",".join(values)


def test_a_row_is_read_whole(folder):
    whole = ScriptRow(
        row=2,
        at=datetime(2021, 9, 27, 16, 30, tzinfo=SHANGHAI),
        unit="changchun",
        deliverable="plan",
        act=Act.RETURN,
        by="review:issuer",
        note="请补盖公章",
        due=date(2021, 10, 12),
    )
    assert read(folder, rows(GOOD)) == [whole]
    assert read(folder, rows(GOOD).encode("gb18030")) == [whole]
    assert read(folder, rows(GOOD.replace("return", "退回"))) == [whole]


def test_what_may_be_empty_may_be_left_out(folder):
    least = "2021-09-27T16:30,a,plan@2021-10-05,submit"
    assert (
        read(folder, rows("", least))
        == read(folder, rows("", least + ",,,"))
        == [
            ScriptRow(
                row=3,
                at=datetime(2021, 9, 27, 16, 30, tzinfo=SHANGHAI),
                unit="a",
                deliverable="plan@2021-10-05",
                act=Act.SUBMIT,
            )
        ]
    )


def test_a_script_without_rows_is_empty(folder):
    assert read(folder, rows()) == []


def test_rows_keep_the_files_order_and_their_line(folder):
    note = changed("note", '"一,二"')
    early = changed("at", "2021-01-01T08:00")
    assert [(row.row, row.at.month) for row in read(folder, rows(note, "", early, GOOD))] == [(2, 9), (4, 1), (5, 9)]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-09-27 16:30", datetime(2021, 9, 27, 16, 30, tzinfo=SHANGHAI)),
        ("2021-09-27 16:30:05", datetime(2021, 9, 27, 16, 30, 5, tzinfo=SHANGHAI)),
        ("2021-09-27T16:30+08:00", datetime(2021, 9, 27, 16, 30, tzinfo=SHANGHAI)),
        ("2021-09-27T08:30Z", datetime(2021, 9, 27, 8, 30, tzinfo=UTC)),
        ("2021-09-27T03:30:00-0500", datetime(2021, 9, 27, 3, 30, tzinfo=timezone(timedelta(hours=-5)))),
        ("1970-01-01T00:00", datetime(1970, 1, 1, tzinfo=SHANGHAI)),
        ("2999-12-31T23:59", datetime(2999, 12, 31, 23, 59, tzinfo=SHANGHAI)),
    ],
)
def test_forms_of_a_moment(folder, text, moment):
    [row] = read(folder, rows(changed("at", text)))
    assert (row.at, row.at.tzinfo) == (moment, SHANGHAI)


@pytest.mark.parametrize(
    "text",
    [
        *("", "16:30", "2021-9-27T16:30", "2021-09-27T24:00", "2021-02-29T09:00", "2021-09-27T16", "20210927T1630"),
        *("2021-W39-1T16:30", "1969-12-31T23:59", "3000-01-01T00:00", "0001-01-01T00:00+14:00", "２０２１-09-27T16:30"),
        "2021-09-27T16:30+99:00",
    ],
)
def test_what_is_no_moment_is_refused(folder, text):
    assert refused(folder, rows(changed("at", text))) == [
        f"s.csv:2:at 时间“{text}”不合规定（建议：写作 2021-09-27T16:30）"
    ]


def test_a_day_without_a_time_is_refused_with_a_hint(folder):
    assert refused(folder, rows(changed("at", "2021-09-27"))) == [
        "s.csv:2:at 时间“2021-09-27”不合规定（建议：补上时间，写作 2021-09-27T09:00）"
    ]


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.CONSULT])
def test_every_act_is_known(folder, act):
    assert read(folder, rows(changed("act", act.value)))[0].act is act


def test_a_question_to_a_colleague_is_not_for_a_script(folder):
    said = "s.csv:2:act 脚本中不能写“征求意见”（建议：该动作要写明问谁，请用 duban act consult 办理）"
    assert refused(folder, rows(changed("act", "consult"))) == [said]


@pytest.mark.parametrize("by", ["", "unit", "issuer", "review:issuer", "review:step-2"])
def test_who_may_act(folder, by):
    assert read(folder, rows(changed("by", by)))[0].by == by


@pytest.mark.parametrize(
    ("column", "text", "problem"),
    [
        ("act", "submitt", "act 动作“submitt”不认识（建议：是否为 submit）"),
        ("unit", "", "unit 单位编号“”不合规定（建议：填写单位表中的编号）"),
        ("unit", "长春", "unit 单位编号“长春”不合规定（建议：填写单位表中的编号）"),
        (
            "deliverable",
            "plan@1005",
            "deliverable 材料编号“plan@1005”不合规定（建议：填写定义中的编号；逐期材料写作 编号@2021-10-05）",
        ),
        ("by", "isuer", "by 办理人“isuer”不认识（建议：是否为 issuer）"),
        ("by", "我", "by 办理人“我”不认识（建议：填写 unit、issuer、review:步骤编号，或留空）"),
        ("by", "review:", "by 办理人“review:”不认识（建议：是否为 review:issuer）"),
        ("due", "10-12", "due 日期“10-12”不合规定（建议：写作 2021-10-15）"),
        ("due", "2021-02-29", "due 日期“2021-02-29”不合规定（建议：写作 2021-10-15）"),
        ("note", "a\tb", "note 含控制字符 U+0009（建议：删去单元格里的换行或不可见字符）"),
    ],
)
def test_each_fault_is_one_line(folder, column, text, problem):
    assert refused(folder, rows(changed(column, text))) == [f"s.csv:2:{problem}"]


def test_all_faults_are_told_at_once(folder):
    assert refused(folder, rows(changed("due", "x", changed("at", "")), GOOD, changed("act", ""))) == [
        "s.csv:2:at 时间“”不合规定（建议：写作 2021-09-27T16:30）",
        "s.csv:2:due 日期“x”不合规定（建议：写作 2021-10-15）",
        "s.csv:4:act 动作为空（建议：填写 acknowledge/签收、submit/报送、nil/零报告、withdraw/撤回、"
        "return/退回、approve/审核通过、extend/延期、waive/免报、reopen/重新打开、send/登记寄出、receive/登记收到、"
        "request/申请延期、refuse/不予延期、take_back/收回审核意见 之一）",
    ]


def test_a_wrong_header_is_refused(folder):
    assert refused(folder, "at,unit,deliverable,act,by,note\n") == ["s.csv:1:due 缺少“due”列（建议：在表头补上 due）"]


def outcome(folder, data):
    try:
        return read(folder, data, "f.csv")
    except ScriptRefused as refusal:
        problems = refusal.problems
    assert [line.splitlines() for line in problems] == [[line] for line in problems]
    return problems


@given(data=st.binary(max_size=200))
def test_random_bytes_never_end_in_a_traceback(folder, data):
    assert outcome(folder, data)


@given(place=st.integers(min_value=0), replacement=st.binary(max_size=5))
def test_a_mutated_script_never_ends_in_a_traceback(folder, place, replacement):
    good = rows(GOOD, GOOD).encode()
    at = place % len(good)
    outcome(folder, good[:at] + replacement + good[at + 1 :])


@given(texts=st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=7, max_size=7))
def test_any_text_in_the_cells_is_taken_or_told(folder, texts):
    outcome(folder, rows(",".join('"' + text.replace('"', '""') + '"' for text in texts)))
