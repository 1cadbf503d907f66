"""The unit file (CSV, XLSX) into a roster; wrong in one place, nothing of it is taken."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from duban.domain.roster import UPWARD, Contact, Roster, Unit
from duban.domain.terms import Relation, Role
from duban.reading.tables import Columns, Row, Table, TableRefused, line, read_table, shown

COLUMNS = Columns(
    names=("id", "name", "parent", "kind", "relation", "order", "role", "person", "email", "phone"),
    aliases={
        "单位编号": "id",
        "单位名称": "name",
        "上级单位": "parent",
        "类别": "kind",
        "隶属关系": "relation",
        "排序": "order",
        "角色": "role",
        "姓名": "person",
        "邮箱": "email",
        "电话": "phone",
    },
)
#: the columns that describe the unit, and must be the same in all its rows
OF_THE_UNIT = {"name": "单位名称", "parent": "上级单位", "kind": "类别", "relation": "隶属关系", "order": "排序"}

RELATIONS: Mapping[str, Relation] = {word: relation for relation in Relation for word in (relation.value, relation.zh)}
ROLES: Mapping[str, Role] = {word: role for role in UPWARD for word in (role.value, role.zh)} | {
    "科(处)负责人": Role.CHIEF
}

ID = re.compile(r"[a-z0-9][a-z0-9-]*")
#: as ids of a definition
ID_CHARS = 60
ORDER = re.compile(r"-?[0-9]{1,9}")
#: RFC 5322 dot-atom: what goes through every mail server without quoting
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
#: RFC 5321 and 1035
LOCAL_CHARS, DOMAIN_BYTES = 64, 253
LABEL = re.compile(rb"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")


class UnitsRefused(TableRefused):
    """The unit file is wrong."""


def read_units(path: Path) -> Roster:
    """The roster that a unit file describes, one row per contact; UnitsRefused with every fault."""
    table = read_table(path, COLUMNS, UnitsRefused, sheets=True)
    by_unit: dict[str, list[Row]] = {}
    for row in table.rows:
        _check_row(table, row)
        by_unit.setdefault(row["id"], []).append(row)
    for rows in by_unit.values():
        _check_unit(table, rows)
    _check_parents(table, {unit_id: rows[0] for unit_id, rows in by_unit.items()})
    table.stop()
    if not table.rows:
        raise UnitsRefused([line(table.file, "没有单位", "每个联系人写一行")])
    return Roster.of(_unit(rows) for rows in by_unit.values())


def is_address(text: str) -> bool:
    """True for an e-mail address that can be put into an envelope: one @, a plain local part, a domain (IDN too)."""
    local, at, domain = text.partition("@")
    return bool(at) and len(local) <= LOCAL_CHARS and bool(LOCAL_PART.fullmatch(local)) and _is_domain(domain)


def _is_domain(text: str) -> bool:
    """ASCII, or words that IDNA knows; full-width letters and 。 are slips of the pen, not names."""
    if unicodedata.normalize("NFKC", text) != text or "。" in text:
        return False
    try:
        domain = text.encode("idna")
    except UnicodeError:
        return False
    return len(domain) <= DOMAIN_BYTES and all(map(LABEL.fullmatch, domain.split(b".")))


def _check_row(table: Table, row: Row) -> None:
    """What one row says by itself."""
    if not row["id"]:
        table.complain(row, "id", "单位编号为空", "每行都填单位编号，不用合并单元格")
    elif not ID.fullmatch(row["id"]) or len(row["id"]) > ID_CHARS:
        text = f"单位编号“{shown(row['id'])}”不合规定"
        table.complain(row, "id", text, f"只用小写字母、数字和连字符，不以连字符开头，{ID_CHARS} 字以内")
    if not row["name"]:
        table.complain(row, "name", "单位名称为空", "填写单位全称")
    if not ORDER.fullmatch(row["order"]):
        table.complain(row, "order", f"排序“{shown(row['order'])}”不是整数", "填写 1、2、3 这样的数字")
    table.word(row, "relation", RELATIONS, "隶属关系")
    _check_contact(table, row)


def _check_contact(table: Table, row: Row) -> None:
    ways = row["email"] or row["phone"]
    if row["role"]:
        table.word(row, "role", ROLES, "角色")
        if not ways and row.spoilt.isdisjoint({"email", "phone"}):
            table.complain(row, "email", "联系人没有邮箱，也没有电话", "至少填一项")
    elif row["person"] or ways:
        table.complain(row, "role", "有联系人，角色为空", "填写 clerk、chief 或 leader")
    if row["email"] and not is_address(row["email"]):
        table.complain(row, "email", f"邮箱“{shown(row['email'])}”不合规定", "只写一个地址，如 name@example.cn")


def _check_unit(table: Table, rows: list[Row]) -> None:
    """What the rows of one unit say together."""
    if not rows[0]["id"]:
        return
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        _check_agreement(table, rows[0], row)
        who = _who(row)
        if not row["role"] and len(rows) > 1:
            table.complain(row, "role", "单位有几行，这一行角色为空", "填写角色，或删去这一行")
        elif who in seen:
            table.complain(row, "email", f"与第 {seen[who]} 行重复", "删去其中一行")
        seen.setdefault(who, row.number)


def _check_agreement(table: Table, first: Row, row: Row) -> None:
    for column, called in OF_THE_UNIT.items():
        if column not in first.spoilt and _meant(column, row[column]) != _meant(column, first[column]):
            text = f"{called}“{shown(row[column])}”与第 {first.number} 行“{shown(first[column])}”不一致"
            table.complain(row, column, text, "同一单位各行填写一致")


def _meant(column: str, text: str) -> str | int:
    """What two spellings of the same have in common."""
    if column == "order" and ORDER.fullmatch(text):
        return int(text)
    return RELATIONS.get(text, text) if column == "relation" else text


def _who(row: Row) -> tuple[str, ...]:
    """The person of a row, as far as a second row would be the same one."""
    role = ROLES.get(row["role"], row["role"])
    return (role, row["email"].casefold()) if row["email"] else (role, "", row["person"], row["phone"])


def _check_parents(table: Table, first: Mapping[str, Row]) -> None:
    """Parents are units of the file, and nobody stands above himself."""
    for row in first.values():
        if row["parent"] and row["parent"] not in first:
            text = f"上级单位“{shown(row['parent'])}”不在表中"
            table.complain_of_word(row, "parent", text, filter(None, first), "先把上级单位写进本表，或留空")
    for circle in _circles({unit_id: row["parent"] for unit_id, row in first.items() if unit_id}):
        text = f"上级单位成环：{shown(' → '.join([*circle, circle[0]]), 200)}"
        table.complain(first[circle[0]], "parent", text, "改正其中一个上级单位")


def _circles(parents: Mapping[str, str]) -> list[list[str]]:
    """Every circle of parents once, begun by the unit that comes first in the file."""
    settled: set[str] = set()
    circles: list[list[str]] = []
    for unit_id in parents:
        way: dict[str, None] = {}
        here = unit_id
        while here in parents and here not in settled and here not in way:
            way[here] = None
            here = parents[here]
        if here in way:
            ids = list(way)
            circles.append(ids[ids.index(here) :])
        settled.update(way)
    return circles


def _unit(rows: list[Row]) -> Unit:
    row = rows[0]
    return Unit(
        id=row["id"],
        name=row["name"],
        parent=row["parent"] or None,
        kind=row["kind"],
        relation=RELATIONS[row["relation"]],
        order=int(row["order"]),
        contacts=tuple(_contact(row) for row in rows if row["role"]),
    )


def _contact(row: Row) -> Contact:
    return Contact(role=ROLES[row["role"]], person=row["person"], email=row["email"], phone=row["phone"])
