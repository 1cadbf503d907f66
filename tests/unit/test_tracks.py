"""Tracks as pure rules: what handing in, posting and returning do to each, and what counts as in time."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.due import Due
from duban.domain.errors import ActRefused
from duban.domain.short_code import parse_code, short_code
from duban.domain.terms import TrackState
from duban.domain.tracks import (
    HANDED_IN,
    MARKS,
    OPEN,
    RECEIVED,
    SENT,
    counts_at,
    given_back,
    handed_in,
    marks_of,
    posted,
    put,
    states_of,
    words,
)
from factories import ZONE, at

BOTH = ("electronic", "paper")
MEDIA = st.lists(st.sampled_from(["electronic", "paper", "platform", "unstated"]), min_size=1, max_size=4).map(tuple)


@given(MEDIA, st.data())
def test_marks_are_read_as_they_were_written(media: tuple[str, ...], data: st.DataObject) -> None:
    states = tuple(data.draw(st.sampled_from(TrackState)) for _ in media)
    marks = marks_of(states, media)
    assert states_of(marks, media, is_in=states[0] is not OPEN) == states


@given(MEDIA, st.text("-hsr", max_size=6), st.booleans())
def test_a_definition_that_has_changed_is_no_crash(media: tuple[str, ...], marks: str, is_in: bool) -> None:
    found = states_of(marks, media, is_in=is_in)
    assert len(found) == len(media)
    assert [MARKS[state] for state in found][: len(marks)] == list(marks)[: len(media)]


@pytest.mark.parametrize(
    ("states", "named", "expected"),
    [
        ((OPEN, OPEN), None, (0, 1)),
        ((OPEN, OPEN), (0,), (0,)),
        ((OPEN, SENT), None, (0,)),
        ((HANDED_IN, RECEIVED), None, (0,)),
        ((OPEN, SENT), (1,), ()),
    ],
)
def test_handing_in_covers_what_is_open_or_was_handed_in(
    states: tuple[TrackState, ...], named: tuple[int, ...] | None, expected: tuple[int, ...]
) -> None:
    assert handed_in(states, named) == expected


@pytest.mark.parametrize(
    ("states", "named", "at_arrival", "expected"),
    [
        ((HANDED_IN, RECEIVED), None, False, (0,)),
        ((HANDED_IN, RECEIVED), (1,), False, (0, 1)),
        ((HANDED_IN, SENT), None, False, (0,)),
        ((HANDED_IN, SENT), None, True, (1,)),
        ((HANDED_IN, SENT), (0,), True, (0,)),
        ((RECEIVED,), None, False, (0,)),
        ((SENT, RECEIVED), None, False, (0, 1)),
        ((OPEN, RECEIVED), None, False, ()),
    ],
)
def test_a_return_opens_something_and_leaves_paper_alone(
    states: tuple[TrackState, ...], named: tuple[int, ...] | None, at_arrival: bool, expected: tuple[int, ...]
) -> None:
    assert given_back(states, named, at_arrival=at_arrival) == expected


@given(MEDIA, st.data())
def test_after_a_return_something_is_open(media: tuple[str, ...], data: st.DataObject) -> None:
    states = tuple(data.draw(st.sampled_from(TrackState)) for _ in media)
    named = data.draw(st.none() | st.sets(st.integers(0, len(media) - 1)).map(tuple))
    back = given_back(states, named, at_arrival=data.draw(st.booleans()))
    assert OPEN in put(states, back, OPEN)


@pytest.mark.parametrize(
    ("media", "named", "expected"),
    [
        (BOTH, None, (1,)),
        (("unstated", "electronic"), None, (0,)),
        (("paper", "paper"), (1,), (1,)),
        (("electronic",), None, "该材料没有纸质件，无须寄送"),
        (BOTH, (0,), "该材料没有纸质件，无须寄送"),
        (BOTH, (2,), "该材料只有2种报送方式，没有第3种"),
    ],
)
def test_an_envelope_is_about_paper(
    media: tuple[str, ...], named: tuple[int, ...] | None, expected: tuple[int, ...] | str
) -> None:
    states = (OPEN,) * len(media)
    if isinstance(expected, tuple):
        assert posted(named, states, media, settled=(RECEIVED,)) == expected
        return
    with pytest.raises(ActRefused) as refused:
        posted(named, states, media, settled=(RECEIVED,))
    assert str(refused.value) == expected


FRIDAY_AT_THREE = Due(day=date(2021, 10, 15), at=at("2021-10-15 15:00"))


@pytest.mark.parametrize(
    ("entered", "day", "due", "expected"),
    [
        # entered in time: the moment itself
        ("2021-10-14 10:00", "2021-10-13", FRIDAY_AT_THREE, "2021-10-14 10:00"),
        # posted on the day, entered three days later: in time
        ("2021-10-18 10:00", "2021-10-15", FRIDAY_AT_THREE, "2021-10-15 00:00"),
        # posted on the day after its hour: still in time
        ("2021-10-15 16:00", "2021-10-15", FRIDAY_AT_THREE, "2021-10-15 00:00"),
        # posted a day late, entered three days late: a day late
        ("2021-10-18 10:00", "2021-10-16", FRIDAY_AT_THREE, "2021-10-16 00:00"),
        # nobody said when
        ("2021-10-18 10:00", None, FRIDAY_AT_THREE, "2021-10-18 10:00"),
        ("2021-10-18 10:00", "2021-10-15", None, "2021-10-18 10:00"),
    ],
)
def test_posting_by_the_day_is_in_time(entered: str, day: str | None, due: Due | None, expected: str) -> None:
    posting = date.fromisoformat(day) if day else None
    assert counts_at(at(entered), posting, due, ZONE) == at(expected)


@pytest.mark.parametrize(
    ("states", "media", "expected"),
    [
        ((OPEN, OPEN), BOTH, ""),
        ((HANDED_IN, OPEN), BOTH, "只到电子版"),
        ((OPEN, RECEIVED), BOTH, "只到纸质件"),
        ((OPEN, SENT), BOTH, "只寄出纸质件"),
        ((HANDED_IN, SENT), BOTH, "纸质件待收"),
        ((HANDED_IN, RECEIVED), BOTH, "纸质件已收到"),
        ((HANDED_IN, HANDED_IN), BOTH, ""),
        ((HANDED_IN, OPEN), ("unstated", "electronic"), "尚未报齐"),
    ],
)
def test_what_has_come_in_words(states: tuple[TrackState, ...], media: tuple[str, ...], expected: str) -> None:
    assert words(states, media) == expected


@given(st.integers(0, 10**8))
def test_a_short_code_leads_back(number: int) -> None:
    assert parse_code(f" {short_code(number).lower()} ") == number


def test_what_is_no_code_leads_nowhere() -> None:
    assert [parse_code(text) for text in ("", "A", "吉林", "0O1I0O1I")] == [None] * 4
