"""Short codes: what is mistyped is found out, what is typed otherwise is understood."""

from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from duban.domain.short_code import ALPHABET, CODES, LENGTH, grouped, parse_code, short_code

numbers = st.integers(0, CODES - 1)


def test_codes_are_for_good() -> None:
    """They are printed on paper: these never change."""
    first = [short_code(n) for n in (0, 1, 2, 17, CODES - 1)]
    assert first == ["DFHJH9P", "T86GPVH", "82TDUGX", "HUC98SJ", "YNVMCNE"]


def test_no_character_looks_like_another() -> None:
    assert (len(ALPHABET), set("0O1IL") & set(ALPHABET)) == (31, set())
    assert sorted(set(ALPHABET)) == sorted(ALPHABET)


@given(numbers)
def test_a_code_leads_back_to_its_number(number: int) -> None:
    code = short_code(number)
    assert (len(code), set(code) <= set(ALPHABET), parse_code(code)) == (LENGTH, True, number)


@given(numbers)
@example(0)
@example(CODES - 1)
def test_every_single_mistyped_character_is_found(number: int) -> None:
    code = short_code(number)
    wrong = [code[:at] + c + code[at + 1 :] for at in range(LENGTH) for c in ALPHABET if c != code[at]]
    assert (len(wrong), {parse_code(text) for text in wrong}) == (LENGTH * 30, {None})


@given(numbers)
def test_every_swap_is_found_wherever_the_two_stand(number: int) -> None:
    code = short_code(number)
    for one, other in combinations(range(LENGTH), 2):
        chars = list(code)
        chars[one], chars[other] = chars[other], chars[one]
        assert parse_code("".join(chars)) == (number if code[one] == code[other] else None)


@given(numbers, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_a_character_too_few_or_too_many_is_found(number: int, at: int, more: str) -> None:
    code = short_code(number)
    assert parse_code(code[:at] + code[at + 1 :]) is None
    assert parse_code(code[:at] + more + code[at:]) is None


@pytest.mark.parametrize(
    "typed",
    [
        "HUC98SJ",
        "HUC-98SJ",
        "huc98sj",
        " huc 98sj\n",
        "ＨＵＣ－９８ＳＪ",
        "h u c—9 8 s j",
        "HUC–98SJ",
        "HUC\u300098SJ",
        "HUC\u200b98SJ",
    ],
)
def test_it_is_understood_as_it_comes(typed: str) -> None:
    assert parse_code(typed) == 17


@pytest.mark.parametrize(
    "typed", ["", "HUC", "HUC98S", "HUC98S0", "HUC98SI", "HUC_98SJ", "短号HUC98SJ", "HUC98SJ/", "-" * 54 + "HUC98SJ"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert parse_code(typed) is None


def test_what_is_typed_around_it_has_a_bound() -> None:
    assert (parse_code("-" * 53 + "HUC98SJ"), parse_code("-" * 54 + "HUC98SJ")) == (17, None)


@given(st.text(max_size=70))
def test_whatever_is_typed_never_breaks_it(typed: str) -> None:
    number = parse_code(typed)
    assert number is None or parse_code(short_code(number)) == number


@pytest.mark.parametrize("number", [-1, CODES])
def test_numbers_beyond_the_codes_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no short code"):
        short_code(number)


def test_neighbours_do_not_look_alike() -> None:
    """Codes of papers that lie on one table differ in most of their characters."""
    for number in range(1000):
        one, next_ = short_code(number), short_code(number + 1)
        assert sum(a != b for a, b in zip(one, next_, strict=True)) >= 3


def test_it_is_printed_in_two_groups() -> None:
    assert grouped("HUC98SJ") == "HUC-98SJ"
