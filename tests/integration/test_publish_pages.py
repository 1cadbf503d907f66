"""Publishing without a script: a program fills in the forms as a browser would, and what is hostile gets one line."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from docx import Document
from sqlalchemy import Engine
from sqlmodel import Session

from conftest import installed
from duban.bootstrap import Duban
from duban.domain.errors import ActRefused, InputRefused, NotFound
from duban.domain.terms import Hat
from duban.reading.units import read_units
from duban.services import defining
from duban.services.bound import bound, gap_file
from duban.services.from_paper import begin_drafts, read_paper
from duban.services.installing import import_units
from duban.services.issuing import examined, issue
from duban.services.publishing import publish
from duban.services.readings import readings
from duban.services.records import Records
from duban.web.publish.form import MOST, MOST_OF_FILE
from factories import at, deliverable, notice, on, roster, stage, unit
from models.event import EventRow, chain
from models.session import make_engine, reading, writing
from publish_season import BROKEN, NOW, OFFICE, TEXT, coordinator, office
from web_season import JILIN, Client, come_in, jilin, stranger_of

MOMENT = at(NOW)


@pytest.fixture
def duban(tmp_path: Path) -> Iterator[Duban]:
    engine = installed(make_engine("sqlite://"))
    yield office(engine, tmp_path)
    engine.dispose()


@pytest.fixture
def client(duban: Duban) -> Client:
    return coordinator(duban)


def post(client: Client, path: str, **options: Any) -> httpx.Response:
    """As one of our own pages posts."""
    return client.post(path, headers={"sec-fetch-site": "same-origin"}, **options)


def published(session: Session) -> list[EventRow]:
    """The publications on record."""
    return [event for event in chain(session) if event.name == "published"]


def begin(client: Client, text: str, path: str = "/publish") -> str:
    """A draft from a pasted text; answers where one comes to."""
    answer = post(client, path, files={"text": (None, text)})
    assert answer.status_code == 303, said(answer.text)
    return str(answer.headers["location"])


def bring(client: Client, data: bytes, path: str = "/publish", name: str = "file") -> tuple[int, str]:
    """A file by the form; answers the status and the one line that is said."""
    answer = post(client, path, files={"file": (name, data)})
    return answer.status_code, said(answer.text)


def said(page: str) -> str:
    """What a page says in its warning."""
    found = re.search(r'<p class="warning" role="alert">(.*?)</p>', page, re.DOTALL)
    return unescape(found[1]).strip() if found else ""


def test_the_way_from_a_definition_to_the_ledger(client: Client, duban: Duban) -> None:
    draft = begin(client, TEXT.replace("\n", "\r\n"))
    assert [client.get(draft + step).status_code for step in ("", "/units", "/contacts", "/days", "/confirm")] == [
        200
    ] * 5
    assert "11 个，3 个缺联系人" in client.get(f"{draft}/confirm").text
    assert "名册中的种类：省级（province） 1个，" in client.get(f"{draft}/units").text
    done = post(client, f"{draft}/confirm", data={"version": "1"})
    assert (done.status_code, done.headers["location"]) == (303, f"/notices/{JILIN}?show=all")
    with reading(duban.engine) as session:
        (event,) = published(session)
        assert defining.drafts(session, [OFFICE]) == []
    assert '"person": "jingban@me.example"' in event.data or '"person":"jingban@me.example"' in event.data
    assert client.get(draft).status_code == 403


def test_what_is_wrong_bars_the_later_steps_and_nothing_is_published(client: Client, duban: Duban) -> None:
    draft = begin(client, BROKEN)
    assert said(client.get(draft).text).startswith("有 2 处须修改")
    ways = {
        step: client.get(f"{draft}/{step}").headers.get("location") for step in ("units", "contacts", "days", "confirm")
    }
    assert ways == dict.fromkeys(ways, draft)
    refused = post(client, f"{draft}/confirm", data={"version": "1"})
    assert (refused.status_code, refused.headers["location"]) == (303, draft)
    with reading(duban.engine) as session:
        assert published(session) == []


def test_a_draft_that_was_changed_elsewhere_is_not_overwritten(client: Client, duban: Duban) -> None:
    draft = begin(client, TEXT)
    first = {"version": (None, "1"), "text": (None, TEXT + "# 甲\n")}
    assert post(client, draft, files=first).status_code == 303
    second = post(client, draft, files={"version": (None, "1"), "text": (None, TEXT + "# 乙\n")})
    assert (second.status_code, said(second.text)) == (
        400,
        "这份草稿已在另一个页面改动，未保存；请打开最新的草稿再改",
    )
    # what was typed is not lost
    assert "# 乙" in second.text
    stale = post(client, f"{draft}/confirm", data={"version": "1"})
    assert (stale.status_code, said(stale.text)[:9]) == (400, "这份草稿已在另一个")
    with reading(duban.engine) as session:
        assert (published(session), defining.draft(session, 1).text) == ([], TEXT + "# 甲\n")


def test_another_office_is_not_published_for(client: Client) -> None:
    draft = begin(client, TEXT.replace("issuer: jilin-edu", "issuer: changchun"))
    page = client.get(draft).text
    assert said(page) == "发文单位 issuer 写的是 changchun；本单位（吉林省教育厅）在名册中的编号是 jilin-edu，请改正。"
    assert client.get(f"{draft}/units").headers["location"] == draft


def test_units_that_the_roster_does_not_have_are_named(client: Client) -> None:
    draft = begin(client, TEXT.replace("kinds: [area]", "units: [atlantis]"))
    assert said(client.get(draft).text) == "单位名册中没有 atlantis，请核对编号，或先补入名册。"


def test_a_document_number_is_published_once(client: Client, duban: Duban) -> None:
    with writing(duban.engine) as session:
        publish(session, jilin(), now=MOMENT)
    draft = begin(client, TEXT.replace("id: jilin-2021-25", "id: jilin-again"))
    assert said(client.get(draft).text) == (
        "文号 吉教职成〔2021〕25号 已发布过（编号 jilin-2021-25）。要改动的，编号 id 写 jilin-2021-25，作补充通知办理。"
    )


def test_what_is_in_force_already_becomes_a_supplement(client: Client, duban: Duban) -> None:
    with writing(duban.engine) as session:
        publish(session, jilin(), now=MOMENT)
    draft = begin(client, TEXT)
    assert client.get(f"{draft}/units").headers["location"] == f"{draft}/supplement"
    page = client.get(f"{draft}/supplement")
    assert (page.status_code, "这份通知已发布，这份草稿将作为补充通知办理" in page.text) == (200, True)
    assert post(client, f"{draft}/confirm", data={"version": "1"}).headers["location"] == f"{draft}/supplement"


def test_a_supplement_is_shown_before_it_is_in_force(client: Client, duban: Duban) -> None:
    with writing(duban.engine) as session:
        publish(session, jilin(), now=MOMENT)
    assert said(client.get(f"{begin(client, TEXT)}/supplement").text) == "定义没有改动"
    draft = begin(client, TEXT.replace("2021-12-10", "2021-12-17").replace("12月10日", "12月17日"))
    page = client.get(f"{draft}/supplement").text
    assert "12月17日" in page
    assert re.findall(r"(\d+) 个单位的 (\d+) 项有变化", page) == [("11", "33")]
    seen = {"version": "1"}
    assert post(client, f"{draft}/supplement", data=seen | {"reason": " "}).status_code == 400
    done = post(client, f"{draft}/supplement", data=seen | {"reason": "吉教职成〔2021〕31号"})
    assert (done.status_code, done.headers["location"]) == (303, f"/notices/{jilin().id}/revisions")
    assert "吉教职成〔2021〕31号" in client.get(done.headers["location"]).text
    with reading(duban.engine) as session:
        assert Records(session).notice(jilin().id).find("summary")[0].deadline.text == "12月17日前"
    # it is done: the draft is gone
    assert post(client, f"{draft}/supplement", data=seen | {"reason": "再来一次"}).status_code == 403


def test_a_draft_is_deleted_after_a_question(client: Client, duban: Duban) -> None:
    draft = begin(client, TEXT)
    assert "删去后不能恢复" in client.get(f"{draft}/remove").text
    assert post(client, f"{draft}/remove").headers["location"] == "/publish"
    assert client.get(draft).status_code == 403


def test_a_doubtful_day_must_be_confirmed_and_stays_confirmed(client: Client, duban: Duban) -> None:
    """2 October is a holiday, and the notice says nothing of rolling."""
    draft = begin(client, TEXT.replace("date: 2021-10-15, text: 10月15日前", "date: 2021-10-02, text: 10月2日前"))
    page = client.get(f"{draft}/days").text
    assert "已核对：10月2日（周六）是节假日，原文没有写顺延，仍按当日计" in page
    passed_by = post(client, f"{draft}/confirm", data={"version": "1"})
    assert (passed_by.status_code, said(passed_by.text)) == (400, "还有期限没有确认，请回到“期限和邮件”一步")
    (box,) = re.findall(r'name="(sure-\w+)"', page)
    assert post(client, f"{draft}/days", data={"version": "1"}).status_code == 400
    going_on = post(client, f"{draft}/days", data={"version": "2", box: "yes"})
    assert going_on.headers["location"] == f"{draft}/confirm"
    assert " checked" in client.get(f"{draft}/days").text
    assert post(client, f"{draft}/confirm", data={"version": "3"}).headers["location"] == f"/notices/{JILIN}?show=all"


def test_days_that_the_account_cannot_send_say_so_and_what_helps(duban: Duban) -> None:
    """A free mailbox on its first day, and a thousand clerks."""
    free = {"smtp_host": "smtp.163.com", "smtp_user": "office@163.example"}
    limited = replace(duban, settings=duban.settings.model_copy(update=free))
    with writing(duban.engine) as session:
        import_units(session, roster(*(unit(f"u{n}", "clerk", order=n) for n in range(100))))
    client = stranger_of(limited)
    client.session = come_in(duban.engine, "a@prov.example", (Hat.COORDINATOR, "prov"))
    # what JSON says, YAML says too
    text = notice().model_dump_json(by_alias=True, exclude_defaults=True)
    page = unescape(client.get(f"{begin(client, text)}/days").text)
    assert "发信额度不够：9月24日需发100封，约可发50封，其余顺延" in page
    assert "可增加发信账号，或改用企业邮箱、自有邮件服务器" in page
    assert '<tr class="over"><th scope="row" class="nowrap">9月24日</th>' in page
    assert "剩 50 封顺延" in page
    assert client.get("/publish/1/days").text.count('class="left"') == page.count('<tr class="over">')


BOMB = "a: &a [x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(30))


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "定义没有内容"),
        (b"id: a\x00b\n", "定义第1行第6列有不可见的控制字符，请删去后再试"),
        (b"id: x\n" * 300_000, "文件超过1 MB：请只交通知正文或定义；扫描件没有文字，请用原稿，或直接粘贴正文"),
        (b"x" * (MOST + 1), "文件超过1 MB：请只交通知正文或定义；扫描件没有文字，请用原稿，或直接粘贴正文"),
        ("title: 关于报送总结的通知\n".encode("gb18030"), "file:1:8 文件是 GB18030（GBK）编码（建议：请另存为 UTF-8）"),
        ("title: 关于\n".encode("utf-16"), "file:1:1 文件是 UTF-16 编码（建议：请另存为 UTF-8）"),
        (bytes(range(128, 256)) * 9, "file:1:1 文件不是 UTF-8 编码（建议：请另存为 UTF-8）"),
    ],
    ids=["empty", "nul", "large", "larger than is held", "gbk", "utf-16", "noise"],
)
def test_a_hostile_definition_is_refused_in_one_line(client: Client, data: bytes, line: str) -> None:
    assert bring(client, data) == (400, line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BOMB, "不接受锚点和别名（& 与 *）"),
        ("a: " + "[" * 5000, "嵌套层次过深"),
        ("- " * 2000 + "x", "嵌套层次过深"),
        ("<script>alert(1)</script>", "定义应分项书写"),
        ("id: test\n" * 3_000, "id 重复，第 1 行已有"),
    ],
    ids=["aliases", "depth", "lists", "markup", "a thousand errors"],
)
def test_a_strange_definition_is_kept_and_explained(client: Client, text: str, line: str) -> None:
    page = client.get(begin(client, text)).text
    assert line in unescape(page)
    assert "<script>alert" not in page


def test_the_largest_definition_is_checked_and_no_larger_one(client: Client) -> None:
    text = TEXT + "#" * (defining.MOST_BYTES - len(TEXT.encode()))
    assert client.get(begin(client, text)).status_code == 200
    assert bring(client, text.encode() + b"#") == (400, "定义超过200 KB，请核对是否选错了文件；附件请另存")


def test_the_largest_original_is_read_and_no_larger_one(client: Client) -> None:
    page = "<html><body>" + "".join(f"<p>{line}</p>" for line in PRINTED.splitlines()) + "<!--{}--></body></html>"
    room = MOST_OF_FILE - len(page.encode()) + 2
    assert bring(client, page.format("x" * room).encode(), "/publish/draft") == (303, "")
    assert bring(client, page.format("x" * (room + 1)).encode(), "/publish/draft")[0] == 400


PRINTED = """关于报送工作总结的通知
吉教职成〔2021〕31号
各市教育局：
请各市教育局于10月15日前将工作总结（不少于1500字）报省教育厅职成处，邮箱：zck@edu.example。
吉林省教育厅
2021年9月22日
"""


#: A page of lines and no letter.
SCAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Size 4/Root 1 0 R>>\n%%EOF"
)


def word(text: str) -> bytes:
    made, document = io.BytesIO(), Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(made)
    return made.getvalue()


def test_a_word_file_is_drafted_confirmed_and_published(client: Client, duban: Duban) -> None:
    answer = post(client, "/publish/draft", files={"file": ("通知.docx", word(PRINTED))})
    paper = answer.headers["location"]
    page = unescape(client.get(paper).text)
    assert 'value="issuer: &#34;jilin-edu&#34;"' in client.get(paper).text
    assert "暂填本单位“吉林省教育厅”；原文为“吉林省教育厅”" in page
    assert re.search(r'<a class="fact deadline" id="f\d+" href="#y\d+"[^>]*>10月15日前</a>', page)
    fields = dict.fromkeys(re.findall(r'name="(sure-\d+)"', page), (None, "yes"))
    kinds = dict.fromkeys(re.findall(r'name="(value-\d+)" value="kinds:', page), (None, "kinds: [city]"))
    assert post(client, paper, files={"version": (None, "1"), **fields, **kinds}).headers["location"] == paper
    assert "定义写法正确" in client.get(paper).text
    done = post(client, f"{paper.removesuffix('/paper')}/confirm", data={"version": "2"})
    assert done.headers["location"] == "/notices/draft-2021-31?show=all"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (SCAN, "PDF 是扫描件，没有文字层，请用原稿或先作文字识别"),
        (b"PK\x03\x04 broken", "Word 文件损坏，请用 Word、WPS 打开后另存"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "是旧版 .doc（.wps）或加密的文件，请另存为 .docx 或 .txt"),
        (b" \n", "文件没有内容"),
        (b"x" * (MOST_OF_FILE + 1), "文件超过1 MB：请只交通知正文或定义；扫描件没有文字，请用原稿，或直接粘贴正文"),
        (("通知" * 120_000).encode(), "原文超过20万字，请只交通知正文"),
    ],
    ids=["scan", "broken", "old", "blank", "large", "long"],
)
def test_a_hostile_original_is_refused_in_one_line(client: Client, data: bytes, line: str) -> None:
    assert bring(client, data, "/publish/draft") == (400, line)


def test_a_file_that_encloses_another_notice_becomes_two_drafts(client: Client, duban: Duban) -> None:
    head, _, body = PRINTED.partition("\n吉教职成〔2021〕31号\n")
    first = f"吉林省教育厅文件\n吉教职成〔2021〕31号\n{head}\n{body}"
    enclosed = first.replace("吉林省教育厅", "平川市教育局").replace("吉教职成", "平教").replace("工作总结", "实施方案")
    assert begin(client, first + enclosed, "/publish/draft") == "/publish#drafts"
    with reading(duban.engine) as session:
        found = [defining.draft(session, number) for number in (1, 2)]
    assert [(it.name, it.document) for it in found] == [
        ("关于报送工作总结的通知", 0),
        ("关于报送实施方案的通知", 1),
    ]
    pages = [unescape(client.get(f"/publish/{number}/paper").text) for number in (1, 2)]
    assert [re.findall(r'<a class="fact material"[^>]*>(.*?)</a>', page) for page in pages] == [
        ["工作总结"],
        ["实施方案"],
    ]


def test_what_is_pasted_is_never_markup(client: Client) -> None:
    paper = begin(client, PRINTED.replace("工作总结", "<img src=x onerror=alert(1)>总结"), "/publish/draft")
    assert "<img" not in client.get(paper).text


UNITS = roster(
    unit("aa", "clerk", "chief", "leader", order=1),
    unit("bb", "chief", order=2),
    unit("mute", order=3),
    unit("school", "clerk", kind="college", order=4),
)


def known(engine: Engine) -> None:
    with writing(engine) as session:
        import_units(session, UNITS)


def test_whom_a_definition_binds_and_who_is_missing(engine: Engine) -> None:
    known(engine)
    classes = {
        "cities": {
            "name": "各市",
            "kinds": ["city"],
            "except_units": ["mute"],
            "set_by": "coordinator",
            "note": "经办认定",
        },
        "more": {"name": "其他", "units": ["mute"], "kinds": ["atoll"]},
        "idle": {"name": "高校", "kinds": ["college"]},
    }
    asked = notice(stage(on("2021-10-15"), deliverable("a"), deliverable("b", who=["cities", "more"])), classes=classes)
    with reading(engine) as session:
        found = bound(session, asked, now=MOMENT)
    assert [
        (it.name, [one.id for one in it.units], it.owes, it.is_set_by_coordinator, it.left_out, it.unknown_kinds)
        for it in found.classes
    ] == [
        ("各市", ["aa", "bb"], ("a", "b"), True, ("mute市",), ()),
        ("其他", ["mute"], ("b",), False, (), ("atoll",)),
        ("高校", ["school"], (), False, (), ()),
    ]
    assert [one.id for one in found.units] == ["aa", "bb", "mute"]
    assert (found.obligations, [one.id for one in found.owing_nothing]) == (5, ["school"])
    assert [(gap.unit.id, [str(role) for role in gap.missing]) for gap in found.gaps] == [
        ("bb", ["clerk", "leader"]),
        ("mute", ["clerk", "chief", "leader"]),
    ]
    assert ([gap.unit.id for gap in found.mute], found.has_no_coordinator) == (["mute"], False)


def test_the_table_of_gaps_can_be_filled_in_and_read_again(engine: Engine, tmp_path: Path) -> None:
    known(engine)
    with reading(engine) as session:
        made = gap_file(session, bound(session, notice(), now=MOMENT)).decode("utf-8-sig")
    filled = re.sub(r"(clerk|chief|leader),,,", r"\1,新人,\1@new.example,", made)
    path = tmp_path / "contacts.csv"
    path.write_text(filled, encoding="utf-8")
    found = read_units(path)
    assert [(one.id, sorted(c.email for c in one.contacts)) for one in found.units] == [
        ("prov", ["chief@prov.example", "clerk@prov.example", "leader@prov.example"]),
        ("bb", ["chief@bb.example", "clerk@new.example", "leader@new.example"]),
        ("mute", ["chief@new.example", "clerk@new.example", "leader@new.example"]),
    ]


def test_each_deadline_as_it_is_read(engine: Engine) -> None:
    known(engine)
    window = {
        "kind": "window",
        "from": "2021-10-11",
        "to": "2021-10-20",
        "picked": "2021-10-19",
        "text": "10月中旬",
        "note": "x",
    }
    stages = [
        stage(on("2021-10-15"), deliverable("plain"), name="a"),
        stage(on("2021-10-02", roll="next_workday"), deliverable("rolled"), name="b"),
        stage(window, deliverable("picked"), name="c"),
        stage({"kind": "none", "note": "原文未写"}, deliverable("none"), name="d"),
        stage(on("2021-11-05", set_by="coordinator"), deliverable("set"), name="e"),
        stage(on("2021-09-24", time="12:00"), deliverable("past"), name="f"),
        stage(on("2039-03-01"), deliverable("far"), name="g"),
    ]
    with reading(engine) as session:
        found = readings(session, notice(*stages), now=MOMENT)
        again = readings(session, notice(*stages), now=MOMENT)
    assert {it.stage: it.doubts for it in found} == {
        "a": (),
        "b": ("原定10月2日，遇节假日按原文移到10月8日",),
        "c": ("原文是一段时间，由经办选定10月19日（周二）",),
        "d": ("没有确定的日期：照常显示，不提醒，也不会逾期",),
        "e": ("原文没有写日期，由经办设定",),
        "f": ("9月24日（周五）已过：发布后即为逾期",),
        "g": ("3月1日（周二）所在年份的节假日安排还未公布，暂按周一至周五计",),
    }
    assert len({it.key for it in found}) == len(found)
    assert [it.key for it in again] == [it.key for it in found]


def test_drafts_are_kept_and_published_on_either_database(engine: Engine) -> None:
    known(engine)
    text = PRINTED.replace("市教育局", "市")
    with writing(engine) as session:
        (number,) = begin_drafts(session, "prov", read_paper(text), by="a@prov.example", now=MOMENT)
        draft = defining.draft(session, number)
        ready = draft.text.replace("待确认", "已核对").replace("kinds: [class-1]", "kinds: [city]")
        defining.change(session, number, 1, ready, by="b@prov.example", now=MOMENT)
        with pytest.raises(ActRefused):
            defining.change(session, number, 1, "", by="c@prov.example", now=MOMENT)
        (listed,) = defining.drafts(session, ["prov", "qq"])
    assert (listed.name, listed.unit_name, listed.changed_by) == ("关于报送工作总结的通知", "prov市", "b@prov.example")
    with writing(engine) as session:
        found = examined(session, number)
        assert (found.obstacles, found.problems, found.is_ready) == ((), (), True)
        assert issue(session, number, 2, by="b@prov.example", now=MOMENT) == "draft-2021-31"
        # who presses a second time finds it done
        with pytest.raises(NotFound):
            issue(session, number, 2, by="b@prov.example", now=MOMENT)
        assert defining.drafts(session, ["prov"]) == []


def test_an_office_has_only_so_many_drafts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    known(engine)
    monkeypatch.setattr(defining, "MOST_DRAFTS", 1)
    with writing(engine) as session:
        defining.begin(session, "prov", "a: 1\n", by="x", now=MOMENT)
        defining.begin(session, "aa", "a: 1\n", by="x", now=MOMENT)
        with pytest.raises(ActRefused, match="本单位已有1份草稿"):
            defining.begin(session, "prov", "a: 1\n", by="x", now=MOMENT)


def test_half_of_a_pair_is_no_character() -> None:
    with pytest.raises(InputRefused, match="第2行第3列有不可见的控制字符"):
        defining.typed("a\nbc\ud800")
