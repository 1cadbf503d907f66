"""Cover sheets and slips: what the definition prints, nothing more; pages without anything from outside."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import segno

from duban.domain.notice import Office
from duban.domain.short_code import short_code
from duban.papers.cover import (
    Cover,
    PaperMaterial,
    Styled,
    cover_sheet,
    material_of,
    paper_tracks,
    parcel,
    slip,
    stylesheet,
)
from duban.reading.definitions import read_definition
from factories import deliverable, notice, on, stage

NOTICES = Path(__file__).resolve().parents[2] / "flows" / "notices"
JILIN = read_definition(NOTICES / "jilin-2021-25.yaml")
LINKED = Styled(path="/static/papers.css")
COVER = parcel(
    JILIN,
    JILIN.offices["receiver"],
    paper_tracks(JILIN, "receiver"),
    unit="长春市教育局",
    code=short_code(17),
    url="http://duban.example/paper/HUC98SJ",
    due="10月15日前（系统按10月15日 周五 24时计）",
)


def texts(page: bytes) -> list[str]:
    """What a reader sees, in order."""
    body = re.sub(r"<style.*?</style>|<svg.*?</svg>|<head>.*?</head>", "", page.decode(), flags=re.S)
    return [text.strip() for text in re.split(r"<[^>]*>", body) if text.strip()]


def test_the_envelope_of_jilin() -> None:
    made = COVER
    assert made == Cover(
        office="材料接收处",
        address="吉林省长春市宽城区北京大街62号406室",
        postcode="130051",
        phone="0431-82857798",
        unit="长春市教育局",
        notice="关于举办2021年吉林省暨长春市全民终身学习活动周的通知",
        document_number="吉教职成〔2021〕25号",
        issuer="吉林省教育厅",
        due="10月15日前（系统按10月15日 周五 24时计）",
        materials=(
            PaperMaterial(
                name="先进单位申报材料",
                forms=("附表2", "附表3"),
                copies=2,
                reminders=(
                    "附表2：加盖单位、市（州）教育行政部门公章；吉林省教育厅的章由其加盖，报送时请留空",
                    "附表3：加盖推荐单位公章",
                ),
            ),
            PaperMaterial(
                name="先进个人申报材料",
                forms=("附表4", "附表5"),
                copies=2,
                reminders=(
                    "附表4：加盖单位、市（州）教育行政部门公章；吉林省教育厅的章由其加盖，报送时请留空",
                    "附表5：加盖推荐单位公章",
                ),
            ),
        ),
        code="HUC98SJ",
        url="http://duban.example/paper/HUC98SJ",
    )


def test_the_cover_sheet_says() -> None:
    assert texts(cover_sheet(COVER, LINKED)) == [
        "纸质材料随附单",
        "关于举办2021年吉林省暨长春市全民终身学习活动周的通知",
        "吉教职成〔2021〕25号",
        "HUC-98SJ",
        "短号，收文登记时输入或扫码",
        "报送单位",
        "长春市教育局",
        "接收单位",
        "材料接收处",
        "吉林省长春市宽城区北京大街62号406室（邮编130051）",
        "电话：0431-82857798",
        "截止时间",
        "10月15日前（系统按10月15日 周五 24时计）",
        "所附材料",
        *["序号", "材料", "份数", "寄出前请核对", "已放入"],
        *["1", "先进单位申报材料", "附表2、附表3", "一式两份", *COVER.materials[0].reminders],
        *["2", "先进个人申报材料", "附表4、附表5", "一式两份", *COVER.materials[1].reminders],
        "以下由接收单位填写",
        *["收到日期", "年　　月　　日", "收到份数", "盖章情况", "齐全", "缺：", "登记人"],
        "请将本单放在材料最上面一并寄出。",
        "吉林省教育厅",
    ]


def test_the_slip_says() -> None:
    assert texts(slip(COVER, LINKED)) == [
        "沿虚线剪下，贴在信封正面",
        *"130051",
        "吉林省长春市宽城区北京大街62号406室",
        *["材料接收处", "收"],
        "电话：0431-82857798",
        "长春市教育局",
        "内装：吉教职成〔2021〕25号 纸质材料",
        "先进单位申报材料，一式两份",
        "先进个人申报材料，一式两份",
        "HUC-98SJ",
    ]


BARE = Cover(
    office="省厅职成处",
    unit="aa市",
    notice="关于测试的通知",
    document_number="测〔2021〕1号",
    issuer="",
    materials=(PaperMaterial(name="总结"),),
    code=short_code(1),
)


def test_what_is_not_printed_is_not_said() -> None:
    said = texts(cover_sheet(BARE, LINKED))
    assert said[4:10] == ["短号，收文登记时输入或扫码", "报送单位", "aa市", "接收单位", "省厅职成处", "所附材料"]
    assert said[15:18] == ["1", "总结", "以下由接收单位填写"]
    assert texts(slip(BARE, LINKED))[1:] == [
        *["省厅职成处", "收", "aa市", "内装：测〔2021〕1号 纸质材料", "总结", "T86-GPVH"]
    ]


def with_track(**more: object) -> PaperMaterial:
    forms = {
        "plain": {"name": "附表1 无章表", "fields": ["姓名"]},
        "sealed": {"name": "附表2 有章表", "fields": ["姓名"], "seals": ["单位"]},
        "theirs": {"name": "接收方盖章表", "fields": ["姓名"], "receiver_seal": "省厅"},
    }
    chosen = more.pop("forms", [])
    owed = deliverable(forms=chosen, tracks=[{"medium": "paper", "to": "office", **more}])
    made = notice(stage(on("2021-10-15"), owed), forms=forms)
    ((found, track),) = paper_tracks(made, "office")
    return material_of(found, track, made)


@pytest.mark.parametrize(
    ("more", "reminders"),
    [
        ({}, ()),
        ({"sealed": True}, ("加盖公章",)),
        ({"forms": ["plain"]}, ()),
        ({"forms": ["plain"], "sealed": True}, ("加盖公章",)),
        ({"forms": ["plain", "sealed"], "sealed": True}, ("附表2：加盖单位公章",)),
        ({"forms": ["theirs"]}, ("接收方盖章表：省厅的章由其加盖，报送时请留空",)),
    ],
)
def test_reminders_of_seals(more: dict[str, object], reminders: tuple[str, ...]) -> None:
    assert with_track(**more).reminders == reminders


@pytest.mark.parametrize(
    ("copies", "phrase"), [(None, ""), (1, "一份"), (2, "一式两份"), (5, "一式五份"), (6, "一式6份")]
)
def test_copies_as_printed(copies: int | None, phrase: str) -> None:
    assert with_track(copies=copies).copies_phrase == phrase


def test_only_paper_to_this_office_goes_into_its_envelope() -> None:
    assert [d.id for d, _ in paper_tracks(JILIN, "receiver")] == ["advanced-unit", "advanced-person"]
    assert paper_tracks(JILIN, "edu") == ()


PAGES = [cover_sheet, slip]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_and_loads_nothing_from_outside(page: object) -> None:
    html = page(COVER, LINKED).decode()  # type: ignore[operator]
    assert re.findall(r'(?:src|href|action|url)\s*[=(]\s*"?([^"\s>)]+)', html) == ["/static/papers.css"]
    assert re.findall(r"<script|\son\w+=|style=|<style|https?:", html) == []
    assert html.startswith("<!DOCTYPE html>")
    assert html.rstrip().endswith("</html>")


@pytest.mark.parametrize("page", PAGES)
def test_the_style_comes_as_it_is_asked_for(page: object) -> None:
    inline = page(COVER, Styled(nonce="n0nce")).decode()  # type: ignore[operator]
    assert f'<style nonce="n0nce">\n{stylesheet()}</style>' in inline
    assert "<link" not in inline
    assert "<style>" in page(COVER, Styled()).decode()  # type: ignore[operator]
    assert re.findall(r"@import|url\(|https?:", stylesheet()) == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("url", "content"), [("", "HUC98SJ"), ("http://duban.example/p/1", "http://duban.example/p/1")]
)
def test_the_qr_code_holds_the_page_or_the_code(page: object, url: str, content: str) -> None:
    html = page(replace(COVER, url=url), LINKED).decode()  # type: ignore[operator]
    drawn = segno.make(content, error="m", micro=False).svg_inline(
        omitsize=True, border=4, light="#fff", lineclass=None
    )
    path = re.findall(r' d="[^"]+"', drawn)
    assert [part for part in path if part not in html] == []


@pytest.mark.parametrize("page", PAGES)
def test_hostile_names_stay_text(page: object) -> None:
    evil = '"><script>alert(1)</script>\x00\u202e'
    cover = replace(
        COVER,
        office=evil,
        address=evil,
        phone=evil,
        unit=evil,
        sender_address=evil,
        sender_phone=evil,
        notice=evil,
        document_number=evil,
        issuer=evil,
        due=evil,
        materials=(PaperMaterial(name=evil, forms=(evil,), reminders=(evil,)),),
    )
    html = page(cover, Styled(path='/x"><script>', nonce='"><script>')).decode()  # type: ignore[operator]
    assert re.findall("<script|\x00|\u202e", html) == []
    assert "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_same_cover_gives_the_same_page() -> None:
    assert [page(COVER, LINKED) for page in PAGES] == [page(COVER, LINKED) for page in PAGES]


def test_an_office_that_is_no_office_of_the_definition() -> None:
    """The unit above: its name and address come from the directory."""
    made = parcel(JILIN, Office(name="长春市教育局", address="某路1号"), (), unit="某县教育局", code=short_code(2))
    assert (made.office, made.address, made.postcode, made.materials) == ("长春市教育局", "某路1号", "", ())
