"""Pages as a reader gets them: the right facts, filters that count right, strict headers, nothing unescaped."""

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from conftest import installed
from duban.bootstrap import Duban, open_duban
from duban.domain.roster import Contact
from duban.domain.terms import Role
from duban.reading.units import read_units
from duban.services.delivering import Sender
from duban.services.ledger import ledger
from duban.services.replaying import begin, live_through
from duban.settings import Settings
from factories import at, deliverable, notice, on, roster, stage, unit
from models.session import make_engine, reading
from notifications.post import Rehearsal
from records import fingerprint
from stories import did
from web_season import JILIN, NOTICES, NOW, Client, Stopped, client_of, installation, live_season, stranger_of

LEDGER = f"/notices/{JILIN}"


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Duban]:
    """Jilin's autumn, lived through once."""
    engine = installed(make_engine("sqlite://"))
    live_season(engine, Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid"))
    yield installation(engine, tmp_path_factory.mktemp("web"))
    engine.dispose()


@pytest.fixture(scope="module")
def client(season: Duban) -> Client:
    found = client_of(season)
    # nobody reads a stream to its end here: it is refused
    found.app.state.watch.end()
    return found


def text_of(page: str) -> str:
    """What a reader reads: no tags, blanks as one."""
    bare = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare))).strip()


def rows_of(page: str) -> list[str]:
    """The rows of the first table's body, in words."""
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    return [text_of(row) for row in re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL)] if body else []


def test_the_first_page_says_what_to_do_today(client: Client) -> None:
    words = text_of(client.get("/").text)
    assert "演示时钟 2021年10月20日 周三 09:30" in words
    assert "今日需处理 截至 2021年10月20日 周三 09:30（北京时间）" in words
    assert "逾期 39 临近 1 待审 3 补登联系人 1 电话联系 1" in words
    assert "白城市教育局 2021年活动周工作方案等5项 最早9月28日，最近发信10月20日 ▲ 逾期22天" in words
    assert "应报 87 已办结 10 待审 3 未报 74 逾期 39 临近 1 · 退回补正 1" in words


def test_every_figure_of_the_first_page_leads_to_as_many_rows(client: Client) -> None:
    page = client.get("/").text
    figures = re.findall(r'<dt>(.*?)</dt><dd><a href="([^"]+)">(\d+)</a>', page)
    assert [name for name, _, _ in figures] == ["应报", "已办结", "待审", "未报", "逾期"]
    for name, url, count in figures:
        assert (name, len(rows_of(client.get(html.unescape(url)).text))) == (name, int(count))


def test_the_ledger_opens_on_who_is_missing(client: Client) -> None:
    page = client.get(LEDGER).text
    words = text_of(page)
    assert (
        "工作方案 9月28日前（系统按9月28日 周二 24时计） 示范活动及评优材料 10月15日前（系统按10月15日 周五 24时计）"
        in words
    )
    assert (
        '<a href="/notices/jilin-2021-25?show=missing" class="filter missing" aria-current="true">未报 <b>74</b></a>'
        in page
    )
    assert rows_of(page)[3] == (
        "辽源市教育局 未报 7 逾期 3 ✓ 办结 9月27日 已收到 ▲ 逾期5天 10月20日 提请督促 "
        "↩ 退回补正 补正限10月22日，剩2个工作日 "
        "10月19日 报送提醒 ▲ 逾期5天 10月20日 提请督促 ▲ 逾期5天 10月20日 提请督促 "
        "○ 未开始 9月24日 通知 ○ 未开始 9月24日 通知 ○ 未开始 9月24日 通知"
    )


def test_an_extended_day_and_a_late_submission_are_said_in_the_cell(client: Client) -> None:
    rows = rows_of(client.get(f"{LEDGER}?show=all").text)
    assert "○ 未开始 延至10月29日 10月20日 报送提醒" in rows[8]
    assert "● 已报待审 逾期3天报送 10月18日 已收到" in rows[1]
    assert "✓ 办结 逾期1天报送 9月29日 已收到" in rows[6]
    assert rows[10].startswith("梅河口市教育局 未报 7 逾期 4 — 免报")
    assert "● 零报告待审" in rows[9]


def test_the_names_of_the_missing_can_be_copied_and_are_internal(client: Client) -> None:
    page = client.get(f"{LEDGER}?show=overdue").text
    lists = re.findall(r"<textarea[^>]* readonly>(.*?)</textarea>", page)
    assert lists[0] == "白城市教育局"
    assert lists[2] == (
        "四平市教育局、通化市教育局、白山市教育局、松原市教育局、白城市教育局、延边朝鲜族自治州教育局、"
        "长白山管委会教育科技局、梅河口市教育局"
    )
    assert "谁没交：逾期单位名单 仅供内部" in text_of(page)


SHOWN = ("owed", "completed", "review", "missing", "overdue", "near", "returned", "waived", "undated", "all")


@pytest.mark.parametrize("within", ["", "&stage=october", "&unit=liaoyuan", "&unit=liaoyuan&stage=october"])
def test_what_a_filter_counts_it_shows(client: Client, within: str) -> None:
    counts = {}
    for show in SHOWN:
        page = client.get(f"{LEDGER}?view=rows&show={show}{within}").text
        on = re.search(r'class="filter (\w+)" aria-current="true">\S+ <b>(\d+)</b>', page)
        assert on
        assert (on[1], len(rows_of(page))) == (show, int(on[2]))
        counts[show] = int(on[2])
        matrix = client.get(f"{LEDGER}?show={show}{within}").text
        assert len(re.findall(r"<td>\s*<span class=\"chip", matrix)) == int(on[2])
    assert counts["owed"] == counts["completed"] + counts["review"] + counts["missing"]
    assert counts["all"] == counts["owed"] + counts["waived"] + counts["undated"]


def test_the_list_and_the_record_agree(client: Client, season: Duban) -> None:
    with reading(season.engine) as session:
        entries = ledger(session, JILIN, now=at(NOW))
    shown = Counter(row.split()[0] for row in rows_of(client.get(f"{LEDGER}?view=rows&show=overdue").text))
    names = {u.id: u.name for u in read_units(NOTICES / f"{JILIN}.units.csv").units}
    assert shown == Counter(names[entry.unit] for entry in entries if entry.overdue)


def test_one_stage_has_its_columns_only(client: Client) -> None:
    page = client.get(f"{LEDGER}?stage=december").text
    assert re.findall(r'class="material[^"]*">(.*?)[<]', page) == [
        "活动周年度工作总结",
        "反映本地区全民终身学习活动规模与特色的照片",
        "典型活动案例",
    ]
    assert 'option value="december" selected' in page


def test_the_unit_page_tells_its_story(client: Client) -> None:
    words = text_of(client.get(f"{LEDGER}/units/liaoyuan").text)
    assert "应报 8 · 已办结 1 · 待审 0 · 未报 7 · 逾期 3" in words
    assert (
        "展板素材 理由：图片6张中有2张未命名 10月22日 ↩ 退回补正 补正限10月22日，剩2个工作日 2 — 10月14日 11:20"
        in words
    )
    assert "填报人 叶老师 clerk@liaoyuan.jilin.example 0437-555101 往来邮件" in words
    assert "11:20 ● 报送 报送单位 展板素材 11:20 ✉ 已收到 致叶老师（填报人） 展板素材" in words
    assert "9:30 ● 退回补正 发文机关审核 展板素材 图片6张中有2张未命名；新期限10月22日" in words


def test_the_notice_says_what_it_says_and_what_the_coordinator_set(client: Client) -> None:
    words = text_of(client.get(f"{LEDGER}/about").text)
    assert "9月24日 周五印发 9月24日 周五发布。经办设定：原文未印成文日期，以印发日期为发布日期。" in words
    assert "长白山管委会教育科技局、梅河口市教育局 经办认定 长白山管委会教育科技局、梅河口市教育局 共 2 个" in words
    assert "纸质一式两份（盖章） → 材料接收处" in words
    assert "2021年全民终身学习活动周吉林省总开幕式：11月中旬，长春广播电视大学 拟定，以另行通知为准" in words
    assert "先进个人申报材料 含个人信息" in words
    assert re.search(r"第 1 版，9月24日 10:00 生效 SHA-256 [0-9a-f]{64}", words)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/notices/nothing", "没有发布过通知 nothing"),
        ("/notices/nothing/about", "没有发布过通知 nothing"),
        (f"{LEDGER}/units/nobody", "单位名册中没有 nobody"),
        (f"{LEDGER}?unit=nobody", "吉教职成〔2021〕25号 没有要求 nobody 报送材料"),
        (f"{LEDGER}?stage=nothing", "吉教职成〔2021〕25号 没有环节 nothing"),
        ("/mail/99999", "没有第 99999 号邮件"),
        ("/mail/abc", "网址可能输错，或这一项已不在。"),
        ("/mail/99999999999999999999999", "网址可能输错，或这一项已不在。"),
        ("/nowhere", "网址可能输错，或这一项已不在。"),
    ],
)
def test_what_is_not_there_says_what_to_do(client: Client, path: str, said: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert f"{said} 请核对网址，或回到首页，从通知列表进入。 回到首页" in text_of(answer.text)


REVIEW = f"/reviews/jilin/{JILIN}/panel"
#: What a supervisor does about a unit.
SUPERVISED = ("phone", "recommend", "pause", "order")
#: An address for each door; a new door without one fails the test below.
DOORS = {
    "/": "/",
    "/tasks": "/tasks",
    "/notices/{notice}": LEDGER,
    "/notices/{notice}/about": f"{LEDGER}/about",
    "/notices/{notice}/names": f"{LEDGER}/names",
    **{
        f"/notices/{{notice}}/{door}": f"{LEDGER}/{door}"
        for door in ("overview", "revisions", "close", "cancel", "reopen")
    },
    **{f"/notices/{{notice}}/{door}": f"{LEDGER}/{door}" for door in ("people", "join", "new-unit", "flow")},
    **{f"/notices/{{notice}}/{door}/{{unit}}": f"{LEDGER}/{door}/baicheng" for door in ("people", "join")},
    **{
        f"/notices/{{notice}}/people/{{unit}}/{door}": f"{LEDGER}/people/baicheng/{door}"
        for door in ("contact", "contact/remove", "merge")
    },
    "/audit": "/audit",
    "/audit/events.xlsx": "/audit/events.xlsx",
    "/audit/events.csv": "/audit/events.csv",
    "/audit/verify": "/audit/verify",
    "/live": "/live",
    "/search": "/search",
    "/notices/{notice}/units/{unit}": f"{LEDGER}/units/baicheng",
    "/mail": "/mail",
    "/mail/{number}": "/mail/1",
    "/mail/{number}/html": "/mail/1/html",
    "/mail/{number}/calendar": "/mail/1/calendar",
    "/mail/{number}/decide": "/mail/1/decide",
    "/my": "/my",
    "/supervision": "/supervision",
    "/supervision.xlsx": "/supervision.xlsx",
    "/supervision/weekly": "/supervision/weekly",
    **{f"/supervision/{{notice}}/{{unit}}/{word}": f"/supervision/{JILIN}/baicheng/{word}" for word in SUPERVISED},
    "/advice/{advice}": "/advice/1",
    "/delegations": "/delegations",
    "/delegations/new": "/delegations/new",
    "/delegations/{number}/end": "/delegations/1/end",
    "/reviews": "/reviews",
    "/reviews/confirm": "/reviews/confirm",
    "/reviews/approve": "/reviews/approve",
    "/reviews/{unit}/{notice}/{deliverable}": REVIEW,
    "/reviews/{unit}/{notice}/{deliverable}/approve": f"{REVIEW}/approve",
    "/reviews/{unit}/{notice}/{deliverable}/return": f"{REVIEW}/return",
    "/reviews/{unit}/{notice}/{deliverable}/take-back": f"{REVIEW}/take-back",
    "/reviews/{unit}/{notice}/{deliverable}/consult": f"{REVIEW}/consult",
    "/reviews/{unit}/{notice}/{deliverable}/opinions/{opinion}/withdraw": f"{REVIEW}/opinions/1/withdraw",
    "/previews/{material}/{page}": "/previews/1/1",
    "/o/{token}": "/o/nothing",
    "/o/{token}/previews/{material}/{page}": "/o/nothing/previews/1/1",
    "/units/{unit}/notices/{notice}": f"/units/baicheng/notices/{JILIN}",
    "/units/{unit}/notices/{notice}/hand-on": f"/units/baicheng/notices/{JILIN}/hand-on",
    "/units/{unit}/notices/{notice}/word": f"/units/baicheng/notices/{JILIN}/word",
    "/units/{unit}/notices/{notice}/cover": f"/units/baicheng/notices/{JILIN}/cover",
    "/units/{unit}/notices/{notice}/slip": f"/units/baicheng/notices/{JILIN}/slip",
    **{
        f"/units/{{unit}}/notices/{{notice}}/{{deliverable}}/{act}": f"/units/baicheng/notices/{JILIN}/panel/{act}"
        for act in ("send", "request", "nil", "withdraw", "acknowledge")
    },
    **{
        f"/notices/{{notice}}/units/{{unit}}/{{deliverable}}/{act}": f"{LEDGER}/units/baicheng/panel/{act}"
        for act in ("extend", "refuse", "waive", "reopen", "receive")
    },
    **{
        f"/units/{{unit}}/notices/{{notice}}/{{deliverable}}/{door}": f"/units/baicheng/notices/{JILIN}/panel/{named}"
        for door, named in {
            "files": "files",
            "files/{material}": "files/1",
            "files/{material}/remove": "files/1/remove",
            "files/{material}/item": "files/1/item",
            "files/{material}/up": "files/1/up",
            "draft": "draft",
            "uploads": "uploads",
            "uploads/{key}": "uploads/nothing",
            "submit": "submit",
        }.items()
    },
    "/units/{unit}/notices/{notice}/deadlines.ics": f"/units/baicheng/notices/{JILIN}/deadlines.ics",
    "/units/{unit}/notices/{notice}/links": f"/units/baicheng/notices/{JILIN}/links",
    "/files/{material}": "/files/1",
    "/receipts/{receipt}": "/receipts/R000001",
    "/notices/{notice}/forms/{form}.{kind}": f"{LEDGER}/forms/form-1.xlsx",
    "/notices/{notice}/extensions": f"{LEDGER}/extensions",
    "/notices/{notice}/extensions/grant": f"{LEDGER}/extensions/grant",
    "/notices/{notice}/extensions/refuse": f"{LEDGER}/extensions/refuse",
    "/extensions": "/extensions",
    "/chase": "/chase",
    "/notices/{notice}/hold": f"{LEDGER}/hold",
    "/notices/{notice}/lift": f"{LEDGER}/lift",
    "/notices/{notice}/press": f"{LEDGER}/press",
    "/notices/{notice}/press/preview": f"{LEDGER}/press/preview",
    "/notices/{notice}/presses/{press}": f"{LEDGER}/presses/1",
    "/notices/{notice}/presses/{press}/undo": f"{LEDGER}/presses/1/undo",
    "/notices/{notice}/texts": f"{LEDGER}/texts",
    "/notices/{notice}/ledger.xlsx": f"{LEDGER}/ledger.xlsx",
    "/notices/{notice}/units/{unit}/note": f"{LEDGER}/units/baicheng/note",
    "/notices/{notice}/units/{unit}/trial": f"{LEDGER}/units/baicheng/trial",
    **{
        f"/notices/{{notice}}/chosen/{door}": f"{LEDGER}/chosen/{door}"
        for act in ("extend", "return", "waive")
        for door in (act, f"{act}/look")
    },
    "/registry": "/registry",
    "/publish": "/publish",
    "/publish/draft": "/publish/draft",
    "/publish/{draft}": "/publish/1",
    **{
        f"/publish/{{draft}}/{step}": f"/publish/1/{step}"
        for step in (
            *("paper", "units", "contacts", "contacts.csv"),
            *("days", "confirm", "supplement", "remove"),
        )
    },
    "/static/papers.css": "/static/papers.css",
    "/favicon.ico": "/favicon.ico",
    "/login": "/login",
    "/login/link": "/login/link",
    "/logout": "/logout",
    "/language": "/language",
    "/password": "/password",
    "/u/{token}": "/u/nothing",
    "/r/{token}": "/r/nothing",
    "/l/{token}": "/l/nothing",
    "/u/{token}/again": "/u/nothing/again",
    "/r/{token}/again": "/r/nothing/again",
    "/demo/clock": "/demo/clock",
    "/healthz": "/healthz",
    "/readyz": "/readyz",
    "/metrics": "/metrics",
    "/static": "/static/duban.css",
}


def test_every_door_is_tried_below(client: Client) -> None:
    found = {path for route in walk(client.app.routes) if (path := getattr(route, "path", ""))}
    # what programs ask for is tried beside its description
    assert {path for path in found if not path.startswith("/api/")} == set(DOORS)


def walk(routes: list[object]) -> Iterator[object]:
    """Routes, those of routers within too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from walk(inner.routes)


@pytest.mark.parametrize("path", [*DOORS.values(), "/nowhere", "/static/none", f"{LEDGER}?page=0"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_every_answer_has_strict_headers(client: Client, path: str, method: str) -> None:
    headers = client.ask(method, path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy or policy.startswith("sandbox; default-src 'none'")
    assert "frame-ancestors 'self'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe-inline" not in policy or policy.startswith("sandbox;")
    assert "script-src 'self';" in policy or policy.startswith("sandbox;")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    kept = (path, method) in {(f"/static/{name}.css", "GET") for name in ("duban", "papers")}
    kept = kept or (path, method) == ("/static/duban.css", "HEAD")
    assert headers["cache-control"] == ("no-cache" if kept else "no-store")
    assert "server" not in headers


def test_an_answer_that_broke_has_strict_headers_and_tells_nothing(season: Duban) -> None:
    broken = stranger_of(replace(season, engine=make_engine("sqlite:////nowhere/at/all.db")))
    broken.session = "somebody"
    answer = broken.get("/")
    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert "数据库暂时没有应答" in answer.text
    assert broken.get("/healthz").status_code == 503
    assert broken.get("/readyz").json() == {"ready": False, "database": "down"}
    nonsense = client_of(replace(season, clock=None))  # type: ignore[arg-type]
    answer = nonsense.get("/")
    assert (answer.status_code, "Traceback" in answer.text) == (500, False)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "错在程序，不在您" in answer.text


def test_another_host_name_is_refused(client: Client) -> None:
    answer = client.get("/", headers={"host": "rebound.example"})
    assert (answer.status_code, "x-content-type-options" in answer.headers) == (400, True)


def test_pages_name_no_other_host_and_run_no_script(client: Client) -> None:
    for path in (*DOORS.values(), f"{LEDGER}?view=rows&show=all"):
        page = client.get(path).text
        if path.endswith(("/html", "/calendar", "css", "xlsx")):
            continue
        assert set(re.findall(r"https?://[^\s\"'<]+", page)) <= {"http://127.0.0.1:4200"}
        # scripts of ours send files with progress and read a page again; what stands in a page itself is never run
        assert not re.search(
            r"<script(?! src=\"/static/(?:upload|live|desk).js\" defer></script>)|<style|\son\w+=|\sstyle=", page
        )


def hrefs(page: str) -> set[str]:
    """Where one can go from here; what is only posted to is no link."""
    posted = set(re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', page))
    return {html.unescape(found) for found in set(re.findall(r'(?:href|src|(?<!form)action)="([^"]*)"', page)) - posted}


def test_every_link_leads_somewhere_and_reading_changes_nothing(client: Client, season: Duban) -> None:
    before = fingerprint(season.engine)
    seen: set[str] = set()
    ahead = {"/"}
    while ahead and len(seen) < 250:
        path = ahead.pop()
        seen.add(path)
        if path in ("/demo/clock", "/logout"):
            continue
        answer = client.get(path)
        assert (path, answer.status_code) == (path, 200)
        found = hrefs(answer.text) if "text/html" in answer.headers["content-type"] and "/html" not in path else set()
        local = {link for link in found if not urlsplit(link).scheme and not link.startswith("#")}
        assert found - local - {link for link in found if link.startswith("#")} <= {"http://127.0.0.1:4200"} | {
            link for link in found if link.startswith("tel:")
        }
        ahead |= {link for link in local if link not in seen}
    assert len(seen) == 250
    assert fingerprint(season.engine) == before


HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}"


def test_hostile_names_stay_words(tmp_path: Path) -> None:
    engine = installed(make_engine("sqlite://"))
    sender = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid")
    contact = Contact(role=Role.CLERK, person=HOSTILE, email="clerk@aa.example", phone=HOSTILE)
    hostile = replace(unit("aa", order=1), name=HOSTILE, contacts=(contact,))
    wicked = notice(
        stage(on("2021-10-15"), deliverable("report", note=HOSTILE) | {"name": HOSTILE}, name="one"),
        title=HOSTILE,
        theme=HOSTILE,
        duties=[{"id": "d", "text": HOSTILE, "kind": "note"}],
        events={"e": {"name": HOSTILE, "text": HOSTILE}},
    )
    start = at("2021-09-24 10:00")
    begin(engine, wicked, roster(hostile), at=start)
    acts = [
        did("2021-09-27 10:00", "aa", "report", "submit"),
        did("2021-09-28 10:00", "aa", "report", "return", note=HOSTILE, due="2021-10-12"),
    ]
    live_through(engine, wicked, acts, sender, start=start, until=at("2021-11-10 09:30"))
    client = client_of(installation(engine, tmp_path, now="2021-11-10 09:30"))
    at_notice = f"/notices/{wicked.id}"
    pages = (
        "/",
        at_notice,
        f"{at_notice}?view=rows",
        f"{at_notice}/about",
        f"{at_notice}/units/aa",
        "/mail",
        "/mail/1",
    )
    for path in (*pages, f"/mail?q={HOSTILE}", f"/mail?person={HOSTILE}", f"/notices/{HOSTILE}"):
        page = client.get(path).text
        assert (path, "<img" in page, "onerror=alert(1)&gt;" in page) == (path, False, True)
        assert "49" not in re.findall(r"&amp;(\d+)", page)
    assert "<img" not in client.get("/mail/1/html").text
    engine.dispose()


def test_without_a_notice_the_pages_say_what_will_appear(tmp_path: Path) -> None:
    engine = installed(make_engine("sqlite://"))
    client = client_of(installation(engine, tmp_path, is_demo=False))
    words = text_of(client.get("/").text)
    assert "还没有发布通知。发布后，这里列出每天要处理的事。" in words
    assert "演示时钟" not in words
    assert "还没有邮件。通知发布时发出第一批，此后每个工作日 9:00 按需发出提醒。" in text_of(client.get("/mail").text)
    engine.dispose()


def test_a_notice_without_days_shows_them_as_such(tmp_path: Path) -> None:
    engine = installed(make_engine("sqlite://"))
    sender = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid")
    from duban.reading.definitions import read_definition

    center = read_definition(NOTICES / "liaoning-center-2021-4.yaml")
    begin(engine, center, read_units(NOTICES / "liaoning-center-2021-4.units.csv"), at=at("2021-03-31 10:00"))
    live_through(engine, center, [], sender, start=at("2021-03-31 10:00"), until=at("2021-10-20 09:30"))
    page = client_of(installation(engine, tmp_path)).get("/notices/liaoning-center-2021-4").text
    assert "应报 0 已办结 0 待审 0 未报 0 逾期 0 未定期限 294 全部 294" in text_of(page)
    assert len(re.findall(r'class="material', page)) == 23
    assert "做好终身学习活动周活动的指导工作 待定责任单位" in text_of(page)
    assert len(rows_of(page)) == 24
    engine.dispose()


def test_a_silent_sweep_is_told_to_the_reader(tmp_path: Path) -> None:
    engine = installed(make_engine("sqlite://"))
    begin(engine, notice(), roster(), at=at("2021-09-24 10:00"))
    late = client_of(installation(engine, tmp_path, now="2021-09-30 09:20"))
    assert "定时检查已迟 20 分钟，提醒邮件尚未发出。" in text_of(late.get("/").text)
    assert late.get("/readyz").json()["sweep_late_minutes"] == 20
    on_time = client_of(installation(engine, tmp_path, now="2021-09-30 09:10"))
    assert "定时检查" not in on_time.get("/").text
    engine.dispose()


def test_ready_says_how_it_stands(tmp_path: Path) -> None:
    opened = open_duban(Settings(_env_file=None, data_dir=tmp_path))
    client = client_of(replace(opened, clock=Stopped()))
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")
    assert json.loads(client.get("/readyz").text) == {
        "ready": True,
        "database": "ok",
        "schema": "current",
        "now": "2021-10-20T09:30:00+08:00",
        "last_said_at": None,
        "sweep_late_minutes": 0,
        "alarms": [],
        "reasons": [],
    }
    opened.engine.dispose()
