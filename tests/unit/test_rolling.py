"""Next year's draft: the same place in the year, then a working day, each with its reason."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.errors import UsageError
from duban.drafting.rolling import same_place, workday_near
from duban.reading.definitions import check_definition_text, read_definition_text
from duban.reading.workdays import seed
from duban.services.rolling import roll_forward

NOTICES = Path(__file__).resolve().parents[2] / "flows" / "notices"
DAYS = st.dates(date(2005, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize("path", sorted(NOTICES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_definition_rolls_into_a_sound_one(path: Path) -> None:
    rolled = roll_forward(path, year=2022)
    errors = [str(p) for p in check_definition_text(rolled.definition, "next.yaml")[1] if p.severity == "error"]
    assert errors == []


def test_jilin_of_2022() -> None:
    """15 October and 10 December 2022 are Saturdays; 28 September is a Wednesday."""
    rolled = roll_forward(NOTICES / "jilin-2021-25.yaml", year=2022)
    notice = read_definition_text(rolled.definition, "next.yaml")
    assert [(stage.deadline.date.isoformat(), stage.deadline.text) for stage in notice.stages] == [  # type: ignore[union-attr]
        ("2022-09-28", "9月28日前"),
        ("2022-10-17", "10月17日前"),
        ("2022-12-12", "12月12日前"),
    ]
    assert (notice.id, notice.document_number, notice.title) == (
        "jilin-2022-25",
        "待确认",
        "关于举办2022年吉林省暨长春市全民终身学习活动周的通知",
    )
    reasons = {move.new: move.reason for move in rolled.moves}
    assert reasons["2022-10-17"] == (
        "上次为2021-10-15（周五），同月同日为2022-10-15（周六），不是工作日，顺延到2022-10-17（周一）"
    )


def test_its_own_year_is_refused() -> None:
    with pytest.raises(UsageError):
        roll_forward(NOTICES / "jilin-2021-25.yaml", year=2021)


@given(day=DAYS, year=st.integers(2005, 2024))
def test_a_rolled_day_is_worked_and_in_the_same_month(day: date, year: int) -> None:
    calendar = seed()
    same = same_place(day, year)
    found = workday_near(same, calendar)
    assert (calendar.is_workday(found), found.year, found.month) == (True, year, day.month)


@given(first=DAYS, second=DAYS, year=st.integers(2005, 2024))
def test_the_order_of_days_is_kept(first: date, second: date, year: int) -> None:
    early, late = sorted(
        (first.replace(year=2023, day=min(first.day, 28)), second.replace(year=2023, day=min(second.day, 28)))
    )
    assert workday_near(same_place(early, year), seed()) <= workday_near(same_place(late, year), seed())
