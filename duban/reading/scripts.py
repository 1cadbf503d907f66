"""The script of a replay (CSV): who does what, and when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from duban.domain.terms import ISSUER, REVIEW_PREFIX, UNIT, Act, review_owner
from duban.reading.tables import YEARS, Columns, Row, Table, TableRefused, day_of, read_table, shown

COLUMNS = Columns(names=("at", "unit", "deliverable", "act", "by", "note", "due"), aliases={})

#: Not for scripts: who is asked has no column.
_ELSEWHERE = Act.CONSULT
ACTS: Mapping[str, Act] = {word: act for act in Act if act is not _ELSEWHERE for word in (act.value, act.zh)}

MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:?[0-9]{2})?")
UNIT_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
#: one occurrence of a recurring duty has its day
DELIVERABLE = re.compile(r"[a-z0-9][a-z0-9-]*(@[0-9]{4}-[0-9]{2}-[0-9]{2})?")
BY = re.compile(rf"|{UNIT}|{ISSUER}|{REVIEW_PREFIX}[a-z0-9][a-z0-9-]*")


class ScriptRefused(TableRefused):
    """The script is wrong."""


@dataclass(frozen=True, kw_only=True)
class ScriptRow:
    """One act of a script."""

    #: the line of the file
    row: int
    #: aware
    at: datetime
    unit: str
    #: the id, or ID@YYYY-MM-DD for one occurrence
    deliverable: str
    act: Act
    #: unit, issuer, review:STEP; empty: whoever may do this
    by: str = ""
    note: str = ""
    #: the last day, itself included
    due: date | None = None


def read_script(path: Path, zone: ZoneInfo) -> list[ScriptRow]:
    """The acts of a script in the file's order, times without offset taken in ``zone``; ScriptRefused."""
    table = read_table(path, COLUMNS, ScriptRefused)
    rows = [_script_row(table, row, zone) for row in table.rows]
    table.stop()
    return [row for row in rows if row]


def _script_row(table: Table, row: Row, zone: ZoneInfo) -> ScriptRow | None:
    """The act of a row; None when a fault of it was noted."""
    at = _moment(row["at"], zone)
    act = _act(table, row)
    due = day_of(row["due"])
    if at is None:
        table.complain(row, "at", f"时间“{shown(row['at'])}”不合规定", _moment_hint(row["at"]))
    if row["due"] and due is None:
        table.complain(row, "due", f"日期“{shown(row['due'])}”不合规定", "写作 2021-10-15")
    _check_words(table, row)
    if at is None or act is None:
        return None
    return ScriptRow(
        row=row.number,
        at=at,
        unit=row["unit"],
        deliverable=row["deliverable"],
        act=act,
        by=row["by"],
        note=row["note"],
        due=due,
    )


def _act(table: Table, row: Row) -> Act | None:
    if row["act"] in (_ELSEWHERE.value, _ELSEWHERE.zh):
        hint = "该动作要写明问谁，请用 duban act consult 办理"
        table.complain(row, "act", f"脚本中不能写“{_ELSEWHERE.zh}”", hint)
        return None
    return table.word(row, "act", ACTS, "动作")


def _check_words(table: Table, row: Row) -> None:
    if not UNIT_ID.fullmatch(row["unit"]):
        table.complain(row, "unit", f"单位编号“{shown(row['unit'])}”不合规定", "填写单位表中的编号")
    if not DELIVERABLE.fullmatch(row["deliverable"]):
        text = f"材料编号“{shown(row['deliverable'])}”不合规定"
        table.complain(row, "deliverable", text, "填写定义中的编号；逐期材料写作 编号@2021-10-05")
    if not BY.fullmatch(row["by"]):
        text = f"办理人“{shown(row['by'])}”不认识"
        hint = f"填写 {UNIT}、{ISSUER}、review:步骤编号，或留空"
        table.complain_of_word(row, "by", text, (UNIT, ISSUER, review_owner(ISSUER)), hint)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """An aware moment in ``zone``; None for what is not one."""
    if not MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in YEARS else None


def _moment_hint(text: str) -> str:
    if day_of(text):
        return f"补上时间，写作 {text}T09:00"
    return "写作 2021-09-27T16:30"
