"""Long runs (``make soak``): the same promises over many more seasons, and every day against the published calendar."""

from datetime import date, timedelta
from random import Random

import chinese_calendar
import pytest
from hypothesis import HealthCheck, given, settings

from duban.reading.workdays import seed
from promises import check_promises, scripts
from stories import Did

pytestmark = pytest.mark.soak

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)


@given(scripts())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_over_many_seasons_the_promises_hold(script: list[Did]) -> None:
    check_promises(script)


def test_a_million_shifts_agree_with_the_published_calendar() -> None:
    """An independent count over chinese_calendar's own answers, day by day."""
    calendar, random = seed(), Random(2021)
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    worked = [day for day in days if chinese_calendar.is_workday(day)]
    place = {day: n for n, day in enumerate(worked)}
    before = {}
    latest = -1
    for day in days:
        before[day] = latest
        latest = place.get(day, latest)
    inner = days[60:-60]
    for _ in range(1_000_000):
        day, shift = random.choice(inner), random.choice([-10, -7, -3, -1, 1, 3, 5, 10])
        base = before[day] if shift > 0 and day not in place else place.get(day, before[day] + 1)
        assert calendar.shift(day, shift) == worked[base + shift], (day, shift)
