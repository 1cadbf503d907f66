"""What a scanner or a person types at a desk, and forms that come back: no database, no server."""

from datetime import date

import pytest

from duban.domain.errors import InputRefused
from duban.domain.short_code import grouped, short_code
from duban.services.pressing import LeftOut, Why
from duban.web.act_form import ActForm, Field, day_typed, line_typed, number_in, words_typed
from duban.web.desk.press_view import why_of
from duban.web.extensions.extension_view import inbox, key_of, wanted_in
from duban.web.registry.registry_view import code_in, is_code
from factories import at

CODE = short_code(17)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (f" {CODE}\n", CODE),
        (f"https://duban.example/registry?code={CODE}", CODE),
        (f"http://duban.example/registry?x=1&CODE={CODE}#top", CODE),
        ("长春市", "长春市"),
    ],
)
def test_the_code_is_found_in_what_a_scanner_types(typed: str, code: str) -> None:
    assert code_in(typed) == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (CODE, True),
        (grouped(CODE).lower(), True),
        # mistyped, but a code was meant
        ("T7K2M9X", True),
        ("t7k-2m9x", True),
        ("changch", False),
        ("长春市教育局", False),
        ("65号", False),
        ("", False),
    ],
)
def test_a_code_is_told_from_words(typed: str, *, meant: bool) -> None:
    assert is_code(typed) is meant


def test_what_was_typed_comes_back_with_the_reason() -> None:
    fields = (Field(name="note", label="理由", kind="words"), Field(name="due", label="日期", kind="date", value="x"))
    form = ActForm(title="t", trail=(), about="", url="/", fields=fields, button="b", back="/")
    again = form.again({"note": "因故", "other": "1"}, "请定日期")
    assert ([field.value for field in again.fields], again.problem) == (["因故", ""], "请定日期")
    assert [field.value for field in form.fields] == ["", "x"]


@pytest.mark.parametrize(("text", "number"), [("", None), (" ２ ", 2), ("0", 0), ("9999", 9999)])
def test_numbers_as_people_type_them(text: str, number: int | None) -> None:
    assert number_in(text, "份数") == number


@pytest.mark.parametrize("text", ["-1", "1.5", "两", "10000", "1 2"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="份数请填数字"):
        number_in(text, "份数")


def test_days_and_words_as_people_type_them() -> None:
    typed = {"day": "２０２１-10-15 ", "note": " 一\r\n二\x00 ", "line": "a \n b", "long": "字" * 101}
    assert day_typed(typed, "day", "日期") == date(2021, 10, 15)
    assert day_typed({}, "day", "日期") is None
    assert words_typed(typed, "note", "说明") == "一\n二"
    assert line_typed(typed, "line", "单号") == "a b"
    assert words_typed(typed, "long", "说明", most=101) == "字" * 101
    with pytest.raises(InputRefused, match="单号请在100字以内"):
        line_typed(typed, "long", "单号")


def test_ticks_name_obligations() -> None:
    assert wanted_in([key_of("aa", "report@2021-10-08"), "bb/x", "bb/x"]) == [("aa", "report@2021-10-08"), ("bb", "x")]
    for wrong in ([], ["aa"], ["/x"], ["aa/"]):
        with pytest.raises(InputRefused):
            wanted_in(wrong)


def test_an_empty_inbox_says_so() -> None:
    view = inbox([], at("2021-10-20 09:30"))
    assert (view.groups, view.todo, view.count) == ((), "没有待答复的延期申请。", 0)


@pytest.mark.parametrize("why", Why)
@pytest.mark.parametrize("about", [(), ("照片",), ("照片", "总结", "附表")])
def test_page_and_command_give_one_reason(why: Why, about: tuple[str, ...]) -> None:
    one = LeftOut(row=None, why=why, about=about)  # type: ignore[arg-type]
    assert why_of(one) == one.words
