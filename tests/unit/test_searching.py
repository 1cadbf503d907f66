"""What people type and mean the same by."""

import pytest

from duban.domain.searching import is_number_of, is_too_short, number_key, plain, spellings

NUMBER = "吉教职成〔2021〕25号"


@pytest.mark.parametrize(
    "asked",
    [
        NUMBER,
        "吉教职成[2021]25号",
        "吉教职成【2021】25",
        "吉教职成（2021）25号",
        "吉教职成(2021) 25 号",
        "吉教职成２０２１２５",
        "吉教职成〔21〕25号",
        "吉教职成2021年25号",
        "吉教职成 2021 第25号",
        "〔2021〕25",
        "2021-25",
        "25号",
        "吉教职成",
    ],
)
def test_a_document_number_in_many_forms(asked: str) -> None:
    assert is_number_of(asked, NUMBER)


@pytest.mark.parametrize("asked", ["", " ", "〔〕号", "吉教职成〔2022〕25号", "吉教职成〔2021〕26号", "辽教", "25吉"])
def test_another_number_is_not_meant(asked: str) -> None:
    assert not is_number_of(asked, NUMBER)


def test_words_are_the_same_in_either_width() -> None:
    assert plain("ＡＢ  c（１）") == plain("abC(1)") == "abc(1)"
    assert number_key("辽社指[2021]4号") == number_key("辽社指〔2021〕4号") == "辽社指20214"
    assert spellings("实验小学(9 校区)") == (
        "实验小学(9 校区)",
        "实验小学（9 校区）",
        "实验小学(9校区)",
    )


def test_too_little_is_not_looked_for() -> None:
    assert [is_too_short(text) for text in ("", " ", "长", " a ", "长春", "25")] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
