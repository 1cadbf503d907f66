"""The catalogues hold what the pages say, all of it and nothing else; days and times in English name their zone."""

import ast
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from duban.domain.errors import InputRefused
from duban.domain.ladder import Rung
from duban.domain.terms import MailKind, Role, Status
from duban.web import words
from duban.web.facts import rung_words
from duban.web.language import days
from duban.web.language.catalogue import FOLDER, PLACE, English, catalogue, read
from duban.web.language.data import in_its_language
from duban.web.language.extracting import WEB, main, spoken, used
from duban.web.language.saying import Label, Language, in_chinese, known, label, refusal, say, speak, term
from duban.web.language.templates import HAN, InEnglish, message_of, messages

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2021, 12, 20, 17, 0, tzinfo=SHANGHAI)


@pytest.fixture
def in_english():
    """The page of this test is read in English."""
    speak(Language.ENGLISH)
    yield
    speak(Language.CHINESE)


def test_every_message_has_english_and_every_entry_is_said() -> None:
    said, held = set(used()), set(catalogue())
    assert (sorted(said - held), sorted(held - said)) == ([], [])


def test_no_entry_is_empty_or_chinese_or_in_two_catalogues() -> None:
    found = Counter(zh for path in FOLDER.glob("*.po") for zh in read(path))
    assert [zh for zh, times in found.items() if times > 1] == []
    # the mark that drafts of definitions carry is a word of the definition
    shown = {zh: english.many.replace("待确认", "") for zh, english in catalogue().items()}
    assert [zh for zh, english in shown.items() if HAN.search(english) or english == ""] == []


def places(text: str) -> set[str]:
    return {match[0] for match in PLACE.finditer(text)}


def test_both_sides_have_the_same_places() -> None:
    wrong = [
        zh
        for zh, english in catalogue().items()
        if places(zh) != places(english.many) or not places(english.one) <= places(zh)
    ]
    assert wrong == []


def test_a_plural_has_a_number_that_decides() -> None:
    assert [zh for zh, english in catalogue().items() if english.one != english.many and not english.number] == []


#: Modules that make papers, answers for programs and both readings: what they write is Chinese where it must be.
CHINESE = ("api/", "desk/export_view.py", "supervision/monday_sheet.py", "audit/", "language/", "facts.py", "words.py")
#: Chinese that is no word of a page: what the record keeps, names of papers, marks within data.
KEPT = {"已收到", "文件", "涉及", "：", " 代 ", "；", "。", "。；"}


#: What says a Chinese sentence, or refuses with one in both languages.
SAYING = ("say", "label", "InputRefused", "ActRefused")


def bare(source: str) -> set[str]:
    """The Chinese of a module that is neither said, nor a refusal, nor a docstring."""
    tree = ast.parse(source)
    said = {inner for node in ast.walk(tree) if is_said(node) for inner in ast.walk(node)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in said)
    return {node.value for node in texts if isinstance(node.value, str) and HAN.search(node.value)}


def is_said(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in SAYING
    return isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def test_whoever_writes_chinese_into_a_page_says_it() -> None:
    paths = {path.relative_to(WEB).as_posix(): path for path in sorted(WEB.rglob("*.py"))}
    found = {
        name: left
        for name, path in paths.items()
        if not name.startswith(CHINESE) and (left := bare(path.read_text(encoding="utf-8")) - KEPT)
    }
    assert found == {
        "app.py": {"Duban 督办"},
        "desk/take_away.py": {" 台账 "},
        "supervision/acts.py": {"督办单（稿） "},
        "supervision/doors.py": {"督办情况 "},
    }


def test_a_sentence_is_said_in_both_languages(in_english: None) -> None:
    assert [say("剩{workdays_left}个工作日", workdays_left=n) for n in (1, 2)] == [
        "1 working day left",
        "2 working days left",
    ]
    with in_chinese():
        assert say("剩{workdays_left}个工作日", workdays_left=1) == "剩1个工作日"
    assert say("没有这一句") == "没有这一句"


def test_a_label_is_chinese_to_everything_and_english_to_readers(in_english: None) -> None:
    waived = label("免报")
    assert waived == "免报"
    assert (str(waived), f"{waived}", Markup("{}").format(waived)) == ("Waived", "Waived", "Waived")
    assert str(label("免报", en="Waive")) == "Waive"
    assert str(Label.of(Status.RETURNED)) == "returned"
    with in_chinese():
        assert (str(waived), f"{waived}") == ("免报", "免报")


def test_terms_and_refusals_know_both_readings(in_english: None) -> None:
    error = InputRefused("请勾选", "tick something")
    assert (term(Status.WAIVED), refusal(error), refusal(ValueError("x"))) == ("waived", "Tick something", "x")
    with in_chinese():
        assert (term(Status.WAIVED), refusal(error)) == ("免报", "请勾选")


@pytest.mark.parametrize(("name", "language"), [("en", "en"), ("zh-CN", "zh-CN"), ("", "zh-CN"), ("de", "zh-CN")])
def test_an_unknown_language_is_chinese(name: str, language: str) -> None:
    assert known(name) == language


@pytest.mark.parametrize(
    ("text", "zh", "expected"),
    [
        ("第 {{ view.page }} 页", "第 {page} 页", {"page": "view.page"}),
        ("{{ a.name }}和{{ b.name }}", "{a}和{b}", {"a": "a.name", "b": "b.name"}),
        ("{{ x | day(now) }}至{{ x | day(now) }}", "{x}至{x}", {"x": "x | day(now)"}),
        ("{{ a.count }}／{{ b.count }}", "{count}／{count_2}", {"count": "a.count", "count_2": "b.count"}),
        ("全部", "全部", {}),
    ],
)
def test_a_run_of_a_template_is_a_message(text: str, zh: str, expected: dict[str, str]) -> None:
    found = message_of(text)
    assert (found.zh, found.places) == (zh, expected)


def test_messages_stand_in_text_in_quotes_and_in_expressions() -> None:
    source = (
        '<p title="搜索">{# 说明 #}首页 <b>{{ n }}</b>{% if x %}全部{% endif %}'
        '{{ "未开通" if y else "" }}免报{# en: Waive #}</p>{# a paper, in Chinese #}印章{# end of the paper #}'
    )
    assert list(messages(source)) == ["搜索", "首页", "全部", "未开通"]


def rendered(source: str, **values: object) -> str:
    """A template as its English reader gets it."""
    found = Environment(
        loader=DictLoader({"x": source}), autoescape=True, undefined=StrictUndefined, extensions=[InEnglish]
    )
    return found.get_template("x").render(**values)


def test_a_template_is_put_into_english_when_it_is_compiled() -> None:
    assert rendered('<p title="搜索">首页</p>') == '<p title="Search">Home</p>'
    assert rendered("<i>截至 {{ now }}</i>", now="<b>") == "<i>As of &lt;b&gt;</i>"
    assert rendered("{{ it.zh }}", it=Status.WAIVED) == "waived"
    assert rendered("<b>免报{# en: Waive #}</b>") == "<b>Waive</b>"
    assert rendered("{# a paper, in Chinese #}首页{# end of the paper #}首页") == "首页Home"
    assert [rendered("{{ group.count }} 件", group={"count": n}) for n in (1, 2)] == ["1 item", "2 items"]


def test_what_modules_say_is_found() -> None:
    source = 'a = label("免报")\nb = say("第{n}页", n=1)\nc = label("报送", en="Handed in")\nd = "首页"\n'
    assert list(spoken(source)) == ["免报", "第{n}页"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("<p>长春市教育局</p>", '<p lang="zh">长春市教育局</p>'),
        ("<p>By 长春市教育局, late</p>", '<p>By <span lang="zh">长春市教育局</span>, late</p>'),
        ("<p>“教育局”2021年第3件 [65X]</p>", '<p lang="zh">“教育局”2021年第3件 [65X]</p>'),
        ("<p>9月28日前 (read as Tue)</p>", '<p><span lang="zh">9月28日前</span> (read as Tue)</p>'),
        ('<option value="x">Unit 长春</option>', '<option lang="zh" value="x">Unit 长春</option>'),
        ('<p lang="zh-CN">长春</p>', '<p lang="zh-CN">长春</p>'),
        ("<p>Ledger</p>", "<p>Ledger</p>"),
        ("<p>Mail 教育局 [65 IQ] of</p>", '<p>Mail <span lang="zh">教育局</span> [65 IQ] of</p>'),
    ],
)
def test_data_are_marked_as_chinese(text: str, marked: str) -> None:
    assert in_its_language(f"<body>{text}</body>") == f"<body>{marked}</body>"


@pytest.mark.parametrize(
    ("when", "stamp", "moment"),
    [
        (NOW, "Mon 20 Dec 2021, 17:00 (Asia/Shanghai, UTC+8)", "20 Dec, 17:00 UTC+8"),
        (
            datetime(2020, 9, 1, 8, 5, tzinfo=ZoneInfo("America/St_Johns")),
            "Tue 1 Sep 2020, 08:05 (America/St_Johns, UTC-2:30)",
            "1 Sep 2020, 18:35 UTC+8",
        ),
        (datetime(2021, 12, 20, 9, 0, tzinfo=UTC), "Mon 20 Dec 2021, 09:00 (UTC+0)", "20 Dec, 17:00 UTC+8"),
    ],
)
def test_times_in_english_name_their_zone(in_english: None, when: datetime, stamp: str, moment: str) -> None:
    assert (words.stamp(when), words.moment(when, NOW)) == (stamp, moment)


def test_days_in_english(in_english: None) -> None:
    day = date(2021, 9, 28)
    assert [
        words.day(day, NOW),
        words.day(date(2020, 9, 28), NOW),
        words.day_and_weekday(day, NOW),
        words.month_day_weekday(day),
        words.weekday(day),
        words.ends_at(day, datetime(2021, 9, 29, tzinfo=SHANGHAI)),
        words.ends_at(day, datetime(2021, 9, 28, 17, 30, tzinfo=SHANGHAI)),
        words.clock(NOW),
        words.stamp_with_zone(NOW),
    ] == [
        "28 Sep",
        "28 Sep 2020",
        "Tue 28 Sep",
        "Tue 28 Sep",
        "Tue",
        "24:00 UTC+8",
        "17:30 UTC+8",
        "17:00:00 UTC+8",
        "Mon 20 Dec 2021, 17:00 (Asia/Shanghai, UTC+8)",
    ]


def test_the_same_in_chinese() -> None:
    assert words.stamp_with_zone(NOW) == "2021年12月20日 周一 17:00（北京时间）"
    assert (words.moment(NOW, NOW), words.clock(NOW)) == ("12月20日 17:00", "17:00:00")
    assert days.day(date(2021, 9, 28), NOW) == "28 Sep"


def test_rungs_in_english(in_english: None) -> None:
    late = Rung(code="late-3", workdays=3, to=(Role.CLERK, Role.LEADER), kind=MailKind.ESCALATION)
    soon = Rung(code="due-1", workdays=-1, to=(Role.CLERK,), kind=MailKind.REMINDER)
    assert [rung_words(late), rung_words(soon)] == [
        "3 working days overdue: escalated to the leader",
        "1 working day before: reminder to clerk",
    ]


def test_a_catalogue_is_read_with_its_plurals(tmp_path: Path) -> None:
    many = 'msgid "{n} 件"\nmsgid_plural "{n} 件"\nmsgstr[0] "{n} item"\nmsgstr[1] "{n} items"\n'
    (tmp_path / "a.po").write_text(f'msgid "首页"\nmsgstr "Home"\n\n{many}', encoding="utf-8")
    assert read(tmp_path / "a.po") == {"首页": English("Home", "Home"), "{n} 件": English("{n} item", "{n} items")}


def test_what_is_missing_is_printed_as_entries(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main()
    assert capsys.readouterr().out == ""
    monkeypatch.setattr("duban.web.language.extracting.catalogue", lambda: {"没有人说": English("", "")})
    main()
    printed = capsys.readouterr().out
    assert ('msgid "跳到正文"\nmsgstr ""\n' in printed, printed.endswith("# dead: 没有人说\n")) == (True, True)
