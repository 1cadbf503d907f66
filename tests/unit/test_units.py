"""The unit file: what is read, and the one line for each thing that is wrong."""

import codecs
import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from duban.domain.roster import Contact, Unit
from duban.domain.terms import Relation, Role
from duban.reading import sheets, tables
from duban.reading.units import COLUMNS, UnitsRefused, is_address, read_units

SAMPLES = Path(__file__).parents[2] / "flows" / "notices"
HEADER = ",".join(COLUMNS.names)
CHINESE = ["单位编号", "单位名称", "上级单位", "类别", "隶属关系", "排序", "角色", "姓名", "邮箱", "电话"]
ROOT = "edu,省教育厅,,province,subordinate,0,clerk,张老师,z@edu.example,010-1"
CITY = "city,市教育局,edu,city,subordinate,1,clerk,石老师,s@city.example,010-2"
CHIEF = "city,市教育局,edu,city,subordinate,1,chief,武科长,w@city.example,010-3"
TWO = [
    Unit(
        id="edu",
        name="省教育厅",
        kind="province",
        contacts=(Contact(role=Role.CLERK, person="张老师", email="z@edu.example", phone="010-1"),),
    ),
    Unit(
        id="city",
        name="市教育局",
        parent="edu",
        kind="city",
        order=1,
        contacts=(Contact(role=Role.CLERK, person="石老师", email="s@city.example", phone="010-2"),),
    ),
]


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory):
    return tmp_path_factory.mktemp("units")


def read(folder, data, name="u.csv"):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_units(path).units)


def rows(*lines):
    return "\n".join((HEADER, *lines)) + "\n"


def refused(folder, data, name="u.csv"):
    with pytest.raises(UnitsRefused) as caught:
        read(folder, data, name)
    return caught.value.problems


def workbook(*lines):
    book = Workbook()
    for values in lines:
        book.active.append(values)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(data, change):
    """An XLSX with each part passed through ``change(name, bytes)``."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


def fields(line):
    return [text or None for text in line.split(",")]


@pytest.mark.parametrize(
    ("notice", "units", "contacts", "kinds"),
    [
        ("moe-2021-20", 39, 98, {"ministry": 1, "province": 31, "planned-city": 5, "corps": 1, "association": 1}),
        ("shanxi-2021-65", 22, 53, {"province": 1, "city": 11, "college": 7, "school": 2, "association": 1}),
        ("liaoning-2021-337", 25, 62, {"province": 1, "city": 14, "county": 4, "college": 5, "province-center": 1}),
        ("jilin-2021-25", 18, 45, {"province": 1, "city": 9, "area": 2, "college": 6}),
        ("suzhou-sip-2021-61", 10, 27, {"area": 1, "street": 4, "committee": 4, "college": 1}),
        (
            "liaoning-center-2021-4",
            24,
            60,
            {
                "province-center": 1,
                "city-center": 14,
                "county-center": 5,
                "elder-college": 1,
                "association": 2,
                "agency": 1,
            },
        ),
    ],
)
def test_the_six_sample_files_read_cleanly(notice, units, contacts, kinds):
    roster = read_units(SAMPLES / f"{notice}.units.csv")
    assert (len(roster), sum(len(unit.contacts) for unit in roster.units)) == (units, contacts)
    assert Counter(unit.kind for unit in roster.units) == kinds


@pytest.mark.parametrize(
    "data",
    [
        rows(ROOT, CITY).encode(),
        codecs.BOM_UTF8 + rows(ROOT, CITY).encode(),
        rows(ROOT, CITY).encode("gb18030"),
        rows(ROOT, CITY).replace("\n", "\r\n").encode(),
        rows(ROOT, CITY).replace("\n", "\r").encode(),
        rows(CITY, "", ",,,,,,,,,", ROOT).rstrip().encode(),
        rows(ROOT, CITY).replace(",", " , ").encode(),
        rows(ROOT, CITY.replace("石老师", '"石老师"')).encode(),
    ],
)
def test_encodings_line_ends_blank_rows_and_blanks_do_not_matter(folder, data):
    assert read(folder, data) == TWO


def test_columns_come_in_any_order_and_in_chinese(folder):
    order = [3, 0, 9, 1, 2, 8, 7, 6, 5, 4]
    turned = [[line.split(",")[n] for n in order] for line in (",".join(CHINESE), ROOT, CITY)]
    chinese = [[{"subordinate": "隶属", "clerk": "填报人"}.get(text, text) for text in line] for line in turned]
    assert read(folder, "\n".join(map(",".join, chinese))) == TWO


def test_xlsx_reads_as_csv_does(folder):
    first, second = fields(ROOT), fields(CITY)
    first[5], second[5] = 0, 1.0
    first[4], second[6] = "隶属", "填报人"
    assert read(folder, workbook(CHINESE, first, [None], second), "u.xlsx") == TWO
    assert read(folder, workbook(CHINESE, first, second), "named.csv") == TWO


def test_all_words_of_relation_and_role(folder):
    found = read(
        folder,
        rows(
            "a,甲,,,parallel,1,chief,,c@a.example,",
            "b,乙,,,不相隶属,-2,科（处）负责人,,c@b.example,",
            "b,乙,,,parallel,-02,分管领导,,,010-1",
        ),
    )
    assert [(unit.id, unit.relation, [contact.role for contact in unit.contacts]) for unit in found] == [
        ("b", Relation.PARALLEL, [Role.CHIEF, Role.LEADER]),
        ("a", Relation.PARALLEL, [Role.CHIEF]),
    ]


def test_a_unit_without_contacts_is_one_row_with_empty_role(folder):
    assert read(folder, rows("a,甲,,,parallel,1,,,,")) == [Unit(id="a", name="甲", relation=Relation.PARALLEL, order=1)]
    assert read(folder, rows("a,甲,,,parallel,1")) == [Unit(id="a", name="甲", relation=Relation.PARALLEL, order=1)]


def changed(column, text, line=CITY):
    values = line.split(",")
    values[COLUMNS.names.index(column)] = text
    return ",".join(values)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (changed("id", ""), "u.csv:3:id 单位编号为空（建议：每行都填单位编号，不用合并单元格）"),
        (
            changed("id", "City"),
            "u.csv:3:id 单位编号“City”不合规定（建议：只用小写字母、数字和连字符，不以连字符开头，60 字以内）",
        ),
        (changed("name", "　"), "u.csv:3:name 单位名称为空（建议：填写单位全称）"),
        (changed("parent", "edo"), "u.csv:3:parent 上级单位“edo”不在表中（建议：是否为 edu）"),
        (changed("parent", "moe"), "u.csv:3:parent 上级单位“moe”不在表中（建议：先把上级单位写进本表，或留空）"),
        (changed("parent", "city"), "u.csv:3:parent 上级单位成环：city → city（建议：改正其中一个上级单位）"),
        (
            changed("relation", "subordinat"),
            "u.csv:3:relation 隶属关系“subordinat”不认识（建议：是否为 subordinate）",
        ),
        (
            changed("relation", ""),
            "u.csv:3:relation 隶属关系为空（建议：填写 subordinate/隶属、parallel/不相隶属 之一）",
        ),
        (changed("role", "clark"), "u.csv:3:role 角色“clark”不认识（建议：是否为 clerk）"),
        (
            changed("role", "supervisor"),
            "u.csv:3:role 角色“supervisor”不认识"
            "（建议：填写 clerk/填报人、chief/科（处）负责人、leader/分管领导 之一）",
        ),
        (changed("order", "1.5"), "u.csv:3:order 排序“1.5”不是整数（建议：填写 1、2、3 这样的数字）"),
        (changed("order", "１"), "u.csv:3:order 排序“１”不是整数（建议：填写 1、2、3 这样的数字）"),
        (changed("email", "s@@c.cn"), "u.csv:3:email 邮箱“s@@c.cn”不合规定（建议：只写一个地址，如 name@example.cn）"),
        (changed("role", ""), "u.csv:3:role 有联系人，角色为空（建议：填写 clerk、chief 或 leader）"),
        (
            "city,市教育局,edu,city,subordinate,1,clerk,石老师,,",
            "u.csv:3:email 联系人没有邮箱，也没有电话（建议：至少填一项）",
        ),
        (changed("person", '"石\n老师"'), "u.csv:3:person 含控制字符 U+000A（建议：删去单元格里的换行或不可见字符）"),
        (changed("phone", "\u202e1"), "u.csv:3:phone 含控制字符 U+202E（建议：删去单元格里的换行或不可见字符）"),
        (
            changed("name", "#N/A"),
            "u.csv:3:name 公式没有结果（#N/A）（建议：改为文字；或用 Excel、WPS 打开并保存一次）",
        ),
        (CITY + ",x", "u.csv:3:第11列 表头没有这一列（建议：含逗号的内容用英文双引号括起来）"),
    ],
)
def test_each_fault_is_one_line(folder, line, problem):
    assert refused(folder, rows(ROOT, line)) == [problem]


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        (
            changed("name", "市局", CHIEF),
            "u.csv:4:name 单位名称“市局”与第 3 行“市教育局”不一致（建议：同一单位各行填写一致）",
        ),
        (changed("parent", "", CHIEF), "u.csv:4:parent 上级单位“”与第 3 行“edu”不一致（建议：同一单位各行填写一致）"),
        (changed("order", "2", CHIEF), "u.csv:4:order 排序“2”与第 3 行“1”不一致（建议：同一单位各行填写一致）"),
        (changed("email", "S@city.example"), "u.csv:4:email 与第 3 行重复（建议：删去其中一行）"),
        (
            "city,市教育局,edu,city,subordinate,1,,,,",
            "u.csv:4:role 单位有几行，这一行角色为空（建议：填写角色，或删去这一行）",
        ),
    ],
)
def test_the_rows_of_a_unit_agree(folder, second, problem):
    assert refused(folder, rows(ROOT, CITY, second)) == [problem]


def test_the_same_person_may_have_two_roles_and_a_role_two_persons(folder):
    third = changed("person", "王老师", changed("email", ""))
    found = read(folder, rows(ROOT, CITY, changed("role", "chief"), third, changed("phone", "010-9", third)))
    assert [contact.role for contact in found[1].contacts] == [Role.CLERK, Role.CHIEF, Role.CLERK, Role.CLERK]
    assert refused(folder, rows(ROOT, CITY, third, third)) == ["u.csv:5:email 与第 4 行重复（建议：删去其中一行）"]


def test_a_circle_is_told_once(folder):
    lines = [f"{me},甲,{parent},,parallel,1,,,," for me, parent in ("xa", "ab", "bc", "ca")]
    assert refused(folder, rows(*lines)) == ["u.csv:3:parent 上级单位成环：a → b → c → a（建议：改正其中一个上级单位）"]


def test_all_faults_are_told_at_once_in_the_files_order(folder):
    data = rows(changed("relation", "x"), changed("name", "", ROOT), "é,甲,,,parallel,a,,,,")
    problems = refused(folder, data)
    assert [problem.split()[0] for problem in problems] == [
        "u.csv:2:relation",
        "u.csv:3:name",
        "u.csv:4:id",
        "u.csv:4:order",
    ]
    with pytest.raises(UnitsRefused) as caught:
        read(folder, data)
    assert str(caught.value) == f"{problems[0]}；另有 3 处问题"


def test_faults_beyond_the_limit_are_counted(folder):
    data = rows(*("u,甲,,,parallel,x,clerk,,," for _ in range(tables.MOST_FAULTS)))
    problems = refused(folder, data)
    assert len(problems) == tables.MOST_FAULTS + 1
    assert problems[-1] == "u.csv 另有 1999 处问题未列出（建议：先改正以上各处）"


def test_the_header_has_exactly_the_columns(folder):
    wrong = rows(ROOT).replace("email", "emial").replace("phone", "name").replace("kind", "zzz")
    assert refused(folder, wrong) == [
        "u.csv:1:zzz 不认识的列“zzz”（建议：删去这一列）",
        "u.csv:1:emial 不认识的列“emial”（建议：是否为 email）",
        "u.csv:1:name “name”列不止一列（建议：只留一列）",
        "u.csv:1:kind 缺少“kind”列（建议：在表头补上 kind）",
        "u.csv:1:email 缺少“email”列（建议：在表头补上 email）",
        "u.csv:1:phone 缺少“phone”列（建议：在表头补上 phone）",
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "u.csv 文件是空的（建议：第一行写表头）"),
        (rows(), "u.csv 没有单位（建议：每个联系人写一行）"),
        (rows(ROOT).encode("utf-16"), "u.csv 不是文本文件（含 NUL 字节）（建议：另存为 CSV UTF-8）"),
        (
            rows(ROOT).encode("gb18030") + b"\xff",
            "u.csv:3 编码不是 UTF-8，也不是 GB18030（建议：另存为 CSV UTF-8）",
        ),
        (
            rows(ROOT, CITY).encode().partition("石".encode())[0] + b"\xe7\x9f",
            "u.csv:3 UTF-8 编码损坏（建议：重新导出）",
        ),
        (
            rows(ROOT, '"city').encode(),
            "u.csv:3 英文双引号不成对，或一格过长（建议：成对使用双引号；格内的双引号写两个）",
        ),
        (b"\xd0\xcf\x11\xe0", "u.csv 是旧版 .xls 或加密的文件（建议：去掉密码，另存为 .xlsx 或 CSV UTF-8）"),
        (b"PK\x03\x04", "u.csv 文件损坏或不是 .xlsx（建议：用 Excel、WPS 打开，另存为 .xlsx）"),
        (rows("," * 60 + "x"), "u.csv:2 超过 60 列（建议：只留需要的列）"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(folder, data, problem):
    assert refused(folder, data) == [problem]


def test_a_missing_file_is_one_line(folder):
    with pytest.raises(UnitsRefused, match=r"^none\.csv 文件打不开（建议：检查路径和权限）$"):
        read_units(folder / "none.csv")


def test_text_up_to_the_limit_is_read_and_beyond_it_refused(folder):
    assert read(folder, rows(changed("name", "名" * 500, ROOT)))[0].name == "名" * 500
    assert refused(folder, rows(changed("name", "名" * 501, ROOT))) == [
        "u.csv:2:name 共 501 字，超过 500 字（建议：缩短后再导入）"
    ]
    assert read(folder, rows(changed("id", "a" * 60, ROOT)))[0].id == "a" * 60
    assert len(refused(folder, rows(changed("id", "a" * 61, ROOT)))) == 1


def test_rows_up_to_the_limit_are_read_and_beyond_it_refused(folder, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    assert read(folder, rows(ROOT, CITY)) == TWO
    assert refused(folder, rows(ROOT, CITY, CITY)) == ["u.csv:4 超过 2 行（建议：分成几个文件）"]


def test_bytes_up_to_the_limit_are_read_and_beyond_it_refused(folder, monkeypatch):
    data = rows(ROOT, CITY).encode()
    monkeypatch.setattr(tables, "MOST_BYTES", len(data))
    assert read(folder, data) == TWO
    assert refused(folder, data + b"\n") == ["u.csv 文件超过 0 MB（建议：分成几个文件）"]


@pytest.mark.parametrize(
    "text",
    [
        *("a@b.example", "A.b-c+d_e@x.y.cn", "1@163.com", "z@教育.中国", "a@localhost", "o'hara@b.cn"),
        *("a" * 64 + "@b.cn", "a@" + "b" * 63, "a@" + "b." * 125 + "cnn"),
    ],
)
def test_addresses_that_are_taken(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "@b.cn", "a@", "a@b@c.cn", "a b@c.cn", "a@b c.cn", "a,b@c.cn", "<a@b.cn>", "a@b.cn>", "a;b@c.cn"),
        *("张@b.cn", "a@b..cn", "a@.cn", "a@b.cn.", "a@-b.cn", "a@b-.cn", "a@b_c.cn", ".a@b.cn", "a..b@c.cn"),
        *("a@ｂ.cn", "a＠b.cn", "a@b。cn", "mailto:a@b.cn", "a@b.cn\n", "a\0@b.cn"),
        *("a" * 65 + "@b.cn", "a@" + "b" * 64, "a@" + "b." * 125 + "cnnn"),
    ],
)
def test_addresses_that_are_refused(text):
    assert not is_address(text)


def test_xlsx_faults_name_the_cell(folder):
    wrong = fields(CITY)
    wrong[1], wrong[8] = None, "s@"
    assert refused(folder, workbook(COLUMNS.names, fields(ROOT), wrong, [None] * 11 + ["x"]), "u.xlsx") == [
        "u.xlsx:B3 单位名称为空（建议：填写单位全称）",
        "u.xlsx:I3 邮箱“s@”不合规定（建议：只写一个地址，如 name@example.cn）",
        "u.xlsx:A4 单位编号为空（建议：每行都填单位编号，不用合并单元格）",
        "u.xlsx:B4 单位名称为空（建议：填写单位全称）",
        "u.xlsx:E4 隶属关系为空（建议：填写 subordinate/隶属、parallel/不相隶属 之一）",
        "u.xlsx:F4 排序“”不是整数（建议：填写 1、2、3 这样的数字）",
        "u.xlsx:L4 表头没有这一列（建议：删去这一格）",
    ]
    assert refused(folder, workbook(COLUMNS.names[:-1]), "u.xlsx") == [
        "u.xlsx:J1 缺少“phone”列（建议：在表头补上 phone）"
    ]


def test_a_formula_gives_its_value_and_without_one_is_refused(folder):
    line = fields(ROOT)
    line[1] = '="省"&"厅"'
    data = workbook(COLUMNS.names, line)
    assert refused(folder, data, "u.xlsx") == [
        "u.xlsx:B2 公式没有结果（#CALC!）（建议：改为文字；或用 Excel、WPS 打开并保存一次）"
    ]
    saved = repacked(data, lambda _, part: computed(part, "省厅"))
    assert read(folder, saved, "u.xlsx")[0].name == "省厅"


def computed(part, value):
    """A sheet as an office program leaves it: the formula in B2 with its value."""
    return part.replace(b'<c r="B2">', b'<c r="B2" t="str">').replace(b"<v></v>", f"<v>{value}</v>".encode())


def test_text_that_begins_with_an_equals_sign_is_text(folder):
    book = Workbook()
    book.active.append(COLUMNS.names)
    book.active.append(fields(ROOT))
    book.active["B2"].value = "=1+1"
    book.active["B2"].data_type = "s"
    target = io.BytesIO()
    book.save(target)
    assert read(folder, target.getvalue(), "u.xlsx")[0].name == "=1+1"
    assert read(folder, rows(changed("name", "=1+1", ROOT)))[0].name == "=1+1"


def test_a_zip_that_unpacks_to_too_much_is_refused_unread(folder, monkeypatch):
    too_much = ["u.xlsx 文件解压后过大（建议：删去多余的工作表和图片，另存为 .xlsx）"]
    data = workbook(COLUMNS.names, fields(ROOT), fields(CITY))
    bomb = repacked(data, lambda name, part: b" " * 10_000_000 if "sheet1" in name else part)
    assert refused(folder, bomb, "u.xlsx") == too_much
    parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    monkeypatch.setattr(sheets, "MOST_UNPACKED", sum(part.file_size for part in parts))
    monkeypatch.setattr(sheets, "MOST_PARTS", len(parts))
    assert len(read(folder, data, "u.xlsx")) == 2
    monkeypatch.setattr(sheets, "MOST_PARTS", len(parts) - 1)
    assert refused(folder, data, "u.xlsx") == too_much
    monkeypatch.setattr(sheets, "MOST_PARTS", len(parts))
    monkeypatch.setattr(sheets, "MOST_UNPACKED", sheets.MOST_UNPACKED - 1)
    assert refused(folder, data, "u.xlsx") == too_much


def test_entities_in_a_sheet_are_refused(folder):
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet'
    data = workbook(COLUMNS.names, fields(ROOT))
    hostile = repacked(data, lambda name, part: part.replace(b"<worksheet", entity) if "sheet1" in name else part)
    assert refused(folder, hostile, "u.xlsx") == [
        "u.xlsx 文件损坏或不是 .xlsx（建议：用 Excel、WPS 打开，另存为 .xlsx）"
    ]


def outcome(folder, data, name):
    """A list of units, or problems of one line each; anything else fails the test."""
    try:
        return read(folder, data, name)
    except UnitsRefused as refusal:
        problems = refusal.problems
    assert problems
    assert [line.splitlines() for line in problems] == [[line] for line in problems]
    return problems


@given(
    data=st.binary(max_size=300), name=st.sampled_from(["f.csv", "f.xlsx"]), magic=st.sampled_from([b"", b"PK\x03\x04"])
)
def test_random_bytes_never_end_in_a_traceback(folder, data, name, magic):
    outcome(folder, magic + data, name)


PLACES = st.lists(st.tuples(st.integers(min_value=0), st.binary(min_size=0, max_size=4)), min_size=1, max_size=6)


def mutated(data, places):
    for place, replacement in places:
        at = place % len(data)
        data = data[:at] + replacement + data[at + 1 :]
    return data


@given(places=PLACES, encoding=st.sampled_from(["utf-8", "gb18030"]))
def test_a_mutated_csv_never_ends_in_a_traceback(folder, places, encoding):
    outcome(folder, mutated(rows(ROOT, CITY).encode(encoding), places), "m.csv")


@given(texts=st.lists(st.text(max_size=8), min_size=10, max_size=10))
def test_any_text_in_the_cells_is_taken_or_told(folder, texts):
    quoted = ",".join('"' + text.replace('"', '""').replace("\0", "") + '"' for text in texts)
    outcome(folder, rows(ROOT, quoted).encode("utf-8", "replace"), "t.csv")


@given(places=PLACES, part=st.sampled_from(["sheet1.xml", "workbook.xml", "styles.xml", "Content_Types"]))
def test_a_mutated_xlsx_never_ends_in_a_traceback(folder, places, part):
    good = workbook(COLUMNS.names, fields(ROOT), fields(CITY))
    outcome(folder, mutated(good, places), "m.xlsx")
    outcome(folder, repacked(good, lambda name, old: mutated(old, places) if part in name else old), "m.xlsx")
