"""Where the calendar of working days comes from: the published table, and an office's own file (CSV)."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from chinese_calendar.constants import holidays, workdays

from duban.domain.calendar import WorkCalendar
from duban.reading.tables import Columns, Row, Table, TableRefused, day_of, read_table, shown

COLUMNS = Columns(names=("day", "kind", "name"), aliases={"日期": "day", "类别": "kind", "名称": "name"})

#: What a kind of day says: worked or not.
KINDS: Mapping[str, bool] = {"workday": True, "上班": True, "holiday": False, "放假": False}


class CalendarRefused(TableRefused):
    """The calendar file is wrong."""


@cache
def seed() -> WorkCalendar:
    """The published calendar of China (State Council notices since 2004), known until the end of its last year."""
    exceptions = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
    return WorkCalendar(exceptions=MappingProxyType(exceptions), known_until=date(max(holidays).year, 12, 31))


def read_calendar_file(path: Path) -> dict[date, bool]:
    """Days of an office's file: True is worked, False is rest; CalendarRefused with every fault."""
    table = read_table(path, COLUMNS, CalendarRefused)
    first: dict[date, Row] = {}
    for row in table.rows:
        day = _day(table, row)
        table.word(row, "kind", KINDS, "类别")
        if day in first:
            table.complain(row, "day", f"与第 {first[day].number} 行日期重复", "每天只写一行")
        elif day:
            first[day] = row
    table.stop()
    return {day: KINDS[row["kind"]] for day, row in first.items()}


def _day(table: Table, row: Row) -> date | None:
    day = day_of(row["day"])
    if day is None:
        table.complain(row, "day", f"日期“{shown(row['day'])}”不合规定", "写作 2027-02-06")
    return day
