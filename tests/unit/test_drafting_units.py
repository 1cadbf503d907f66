"""Units as printed: the brackets of a name stay those of the page."""

import pytest

from duban.drafting.surveying import survey


@pytest.mark.parametrize("unit", ["各市（州）教育行政部门", "各市(州)教育行政部门"], ids=["full width", "half width"])
@pytest.mark.parametrize(
    "sentences",
    ["{}要高度重视，认真组织。3月20日前，报送总结。", "{}要高度重视。3月20日前，报送总结。", "{}于3月20日前报送总结。"],
)
def test_brackets_stay_as_printed(unit: str, sentences: str) -> None:
    (facts,) = survey(sentences.format(unit))
    assert [one.who for one in facts.obligations] == [(unit,)]
