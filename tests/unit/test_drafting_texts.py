"""Sixty invented notices of many offices, each with all that it says."""

import re

import pytest

from duban.drafting.surveying import survey
from duban.drafting.writing import definition
from duban.reading.definitions import check_definition_text
from expected import Sample, lines, samples

SAMPLES = [*samples("a"), *samples("h")]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_notice_says_what_it_says(sample: Sample) -> None:
    (facts,) = survey(sample.text)
    assert lines(facts) == sample.facts


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_draft_is_a_definition_or_names_what_it_wants(sample: Sample) -> None:
    """Only what the notice does not print is missing: the end of a rhythm, the day of issue."""
    (facts,) = survey(sample.text)
    problems = check_definition_text(definition(facts), "draft.yaml")[1]
    wanted = {problem.zh for problem in problems if problem.severity == "error"}
    assert wanted <= {"定期报送没有写到何时为止", "没有发文日期"}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_quotation_is_where_it_is_said_to_be(sample: Sample) -> None:
    (facts,) = survey(sample.text)
    quotes = [*facts.quotes.values(), *(quote for one in facts.obligations for quote in one.quotes.values())]
    assert [quote.text for quote in quotes] == [sample.text[quote.start : quote.end] for quote in quotes]
    starts = [sample.text.split("\n")[quote.line - 1][quote.column - 1] for quote in quotes]
    assert starts == [quote.text[0] for quote in quotes]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_mailboxes_and_digits_are_only_as_printed(sample: Sample) -> None:
    """Nothing is invented: every mailbox, telephone and day of the month stands in the text."""
    (facts,) = survey(sample.text)
    bare = re.sub(
        r"\s", "", sample.text.translate({0xFF10 + n: str(n) for n in range(10)} | {0xFF20: "@", 0xFF0E: "."})
    )
    bare = bare.translate({code: code - 0xFEE0 for code in range(0xFF21, 0xFF5B)})
    boxes = {box for one in facts.obligations for box in one.emails} | {
        box for one in facts.contacts for box in one.emails
    }
    assert {box for box in boxes if box not in bare} == set()
