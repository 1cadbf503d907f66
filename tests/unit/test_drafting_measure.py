"""Further invented notices, measured as a whole: how much is found, and that no day is invented."""

import re
from collections.abc import Iterator

from duban.drafting.surveying import survey
from expected import Sample, f1, lines, samples

SAMPLES = [one for letter in "ckmnpq" for one in samples(letter)]


def rows(facts: list[str]) -> list[list[str]]:
    """The obligations of a text, without those that nobody dated."""
    found = [fact.removeprefix("> ").split(" | ") for fact in facts if fact.startswith("> ")]
    return [row for row in found if row[1] != "none"]


def cells(sample: Sample, column: int, mark: str) -> tuple[list[str], list[str]]:
    """What was found in a column and what was wanted, each with its text's name."""
    (facts,) = survey(sample.text)
    found, wanted = rows(lines(facts)), rows(sample.facts)
    return [_named(sample, cell) for row in found for cell in row[column].split(mark) if cell != "-"], [
        _named(sample, cell) for row in wanted for cell in row[column].split(mark) if cell != "-"
    ]


def _named(sample: Sample, cell: str) -> str:
    return f"{sample.name}: {cell}"


def measured(column: int, mark: str) -> float:
    pairs = [cells(sample, column, mark) for sample in SAMPLES]
    return f1([cell for found, _ in pairs for cell in found], [cell for _, wanted in pairs for cell in wanted])


def test_terms() -> None:
    assert measured(1, "\0") >= 0.95


def test_materials() -> None:
    assert measured(2, "；") >= 0.90


def test_mailboxes() -> None:
    assert measured(5, ",") >= 0.90


def days(facts: list[str]) -> Iterator[str]:
    for row in rows(facts):
        yield from re.findall(r"\d{4}-\d{2}-\d{2}", row[1])


def test_no_day_is_invented() -> None:
    found = {f"{s.name}: {day}" for s in SAMPLES for facts in survey(s.text) for day in days(lines(facts))}
    wanted = {f"{s.name}: {day}" for s in SAMPLES for day in days(s.facts)}
    assert found - wanted == set()
