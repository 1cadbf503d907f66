"""Kinds of units in the words of an office."""

import pytest

from duban.domain.kinds import kind_words


@pytest.mark.parametrize(
    ("kind", "words"),
    [("city", "市（州）"), ("College", "院校"), ("hospital", "医院"), ("", ""), ("moon-base", "moon-base")],
)
def test_a_known_kind_has_words_and_another_stays_as_it_is(kind: str, words: str) -> None:
    assert kind_words(kind) == words
