"""The interface for programs: what each answers, to whom, and how it refuses."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from conftest import installed
from duban.bootstrap import Duban
from duban.clock import real_now
from duban.domain.caps import MB
from duban.domain.terms import Act
from duban.services.people import add_person
from duban.services.tokens import new_token, revoke_token
from duban.web.api.drawing import drawn
from duban.web.api.interface import description
from duban.web.api.pace import Pace
from duban.web.app import create_app
from duban.web.rules import PUBLIC, ruled
from models.api_token import api_tokens
from models.event import chain
from models.session import make_engine, reading, writing
from programs import MINE, OTHERS, ROOT, Program, office, programs, refused, row, where

FOREIGN = (
    "这一页不存在，或不在您的权限之内。请从自己的邮件链接进入，或用有权限的账号登录；需要开通权限，请联系系统管理员。"
)


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An empty database; the lists are asked of each kind."""
    made = installed(make_engine("sqlite://"))
    yield made
    made.dispose()


@pytest.fixture
def duban(engine: Engine, tmp_path: Path) -> Duban:
    return office(engine, tmp_path)


@pytest.fixture
def who(duban: Duban) -> dict[str, Program]:
    return programs(duban)


def test_an_obligation_from_file_to_receipt(who: dict[str, Program]) -> None:
    at, clerk = where("aa", "report"), who["clerk"]
    data = "总结\n".encode() * 700
    kept = clerk.ask("POST", f"{at}/files", params={"name": "../总结.docx", "item": " 甲 "}, content=data)
    digest = hashlib.sha256(data).hexdigest()
    file = {
        "file": kept.json()["file"],
        "name": "总结.docx",
        "size": len(data),
        "sha256": digest,
        "kind": "",
        "item": "甲",
        "added_at": "2021-10-12T09:30:00+08:00",
    }
    assert (kept.status_code, kept.json()) == (201, file)
    listed = clerk.get(f"{at}/files").json()
    assert (listed["files"], bool(listed["verdict"]), len(listed["findings"]) > 0) == ([file], True, True)
    spare = clerk.ask("POST", f"{at}/files?name=b.txt", content=b"b").json()["file"]
    assert clerk.ask("DELETE", f"{at}/files/{spare}").status_code == 204
    assert refused(clerk.ask("DELETE", f"{at}/files/{spare}")) == (404, "not_found")

    done = clerk.act(at, "submit", note="请审")
    came = "2021-10-12T09:30:00+08:00"
    stands = row(status="submitted", first_submitted_at=came)
    assert done.status_code == 200
    assert done.json() == {"event": done.json()["event"], "receipt": "R000001", "obligation": stands}
    attempt = {
        "receipt": "R000001",
        "round": 1,
        "at": came,
        "is_nil": False,
        "note": "请审",
        "withdrawn_at": None,
        "files": [clerk.get(at).json()["submissions"][0]["files"][0]],
    }
    whole = stands | {
        "notice": MINE.id,
        "unit_name": "aa市",
        "deliverable_name": "report",
        "code": clerk.get(at).json()["code"],
        "holder": "review:issuer",
        "due_day": "2021-10-15",
        "is_nil": False,
        "reason": "",
        "tracks": [
            {
                "track": 1,
                "medium": "electronic",
                "name": "电子版",
                "phrase": "电子版 → 省厅职成处 office@prov.example",
                "copies_wanted": None,
                "sealed": False,
                "state": "handed_in",
                "told": "",
            }
        ],
        "drafts": [],
        "submissions": [attempt],
        "requests": [],
        "reviews": [],
        "acts": ["submit", "nil", "withdraw"],
    }
    assert clerk.get(at).json() == whole
    assert who["reviewer"].get(at).json()["acts"] == ["return", "approve", "consult"]
    assert who["supervisor"].get(at).json()["acts"] == []
    fetched = who["reviewer"].get(f"/files/{attempt['files'][0]['file']}")
    assert (fetched.status_code, fetched.content) == (200, data)
    assert fetched.headers["content-disposition"].startswith("attachment; filename*=")
    receipt = clerk.get("/receipts/R000001").json()
    assert receipt["files"] == [{"name": "总结.docx", "size": len(data), "sha256": digest}]
    assert (receipt["unit_name"], receipt["at"], receipt["notice"]) == ("aa市", came, MINE.id)
    assert clerk.get("/receipts/1").json() == receipt
    assert refused(who["county"].get("/receipts/R000001")) == (403, "denied")


def test_what_is_personal_is_not_for_those_who_look_on(who: dict[str, Program]) -> None:
    at = where("aa", "person")
    file = who["clerk"].ask("POST", f"{at}/files?name=a.txt", content=b"a").json()["file"]
    assert who["clerk"].act(at, "submit").status_code == 200
    seen = who["supervisor"].get(at).json()
    assert (seen["drafts"], seen["submissions"][0]["files"]) == (None, None)
    assert who["coordinator"].get(at).json()["submissions"][0]["files"][0]["name"] == "a.txt"
    assert refused(who["supervisor"].get(f"{at}/files")) == (403, "denied")
    assert who["clerk"].get(f"{at}/files").status_code == 200
    mine = who["coordinator"].get(at).json()["submissions"][0]["files"][0]["file"]
    assert mine == file
    assert who["supervisor"].get(f"/files/{file}").status_code == 403
    assert who["supervisor"].get("/receipts/R000001").status_code == 403


def test_each_act_is_a_deed_of_its_own(who: dict[str, Program]) -> None:
    """Whatever the obligation stands at: a refusal of the rule comes before one of the state."""
    allowed = {
        "clerk": {"acknowledge", "submit", "nil", "withdraw", "send", "request"},
        "coordinator": set(map(str, Act)) - {"request"},
        "reviewer": {"return", "approve", "receive", "take_back", "consult"},
        "administrator": set(),
        "supervisor": set(),
        "city": set(),
        "county": set(),
        "stranger": set(),
    }
    # nothing is possible for what is waived, so that nothing changes; one act would open it again
    at = where("aa", "report")
    assert who["coordinator"].act(at, "waive", note="免报").status_code == 200
    found = {
        name: {act for act in map(str, Act) if act != "reopen" and program.act(at, act).status_code != 403}
        for name, program in who.items()
    }
    assert found == {name: acts - {"reopen"} for name, acts in allowed.items()}
    reopened = {n: p.act(at, "reopen").status_code for n, p in who.items()}
    assert reopened == dict.fromkeys(who, 403) | {"coordinator": 409}


def test_foreign_and_missing_things_look_the_same(duban: Duban, who: dict[str, Program]) -> None:
    with reading(duban.engine) as session:
        before = len(list(chain(session)))
    clerk = who["clerk"]
    for at in (
        where("bb", "report"),
        where("zz", "report", OTHERS.id),
        where("aa", "nothing"),
        where("aa", "report", "nothing"),
        where("nobody", "report"),
    ):
        answers = [clerk.act(at, str(act), due="2021-10-29", note="x") for act in Act]
        answers += [clerk.get(f"{at}/files"), clerk.ask("POST", f"{at}/files?name=a", content=b"a")]
        answers += [clerk.ask("DELETE", f"{at}/files/1")]
        if not at.endswith("nothing"):
            answers.append(clerk.get(at))
        assert {(answer.status_code, answer.json()["error"]["message"]) for answer in answers} == {(403, FOREIGN)}
    for path in ("/files/1", "/files/x", "/receipts/R1", "/receipts/x", f"/files/{2**40}"):
        assert refused(clerk.get(path)) == (403, "denied")
    with reading(duban.engine) as session:
        assert len(list(chain(session))) == before


def test_steps_in_turn_and_taking_back(who: dict[str, Program]) -> None:
    at = where("county", "below")
    assert who["county"].act(at, "submit").status_code == 200
    inbox = who["city"].get("/reviews").json()
    (waits,) = inbox["rows"]
    assert (waits["unit"], waits["deliverable"], waits["review_due_at"]) == (
        "county",
        "below",
        "2021-10-16T00:00:00+08:00",
    )
    assert who["reviewer"].get("/reviews").json()["rows"] == []
    assert refused(who["reviewer"].act(at, "approve")) == (403, "denied")
    assert who["city"].act(at, "approve", note="同意").json()["obligation"]["status"] == "submitted"
    # now it is the province's; but what the city has said only the city takes back
    assert who["city"].act(at, "approve").status_code == 403
    assert refused(who["reviewer"].act(at, "take_back")) == (403, "denied")
    assert "take_back" not in who["reviewer"].get(at).json()["acts"]
    assert who["city"].act(at, "take_back").status_code == 200
    assert [one["taken_back_at"] is None for one in who["county"].get(at).json()["reviews"]] == [False]


def test_nobody_reviews_what_he_has_handed_in(who: dict[str, Program]) -> None:
    at = where("aa", "report")
    assert who["coordinator"].act(at, "submit").status_code == 200
    assert refused(who["coordinator"].act(at, "approve")) == (403, "denied")
    assert "approve" not in who["coordinator"].get(at).json()["acts"]
    assert who["reviewer"].act(at, "approve").json()["obligation"]["status"] == "completed"


def test_paper_and_later_days(who: dict[str, Program]) -> None:
    at, clerk = where("aa", "table"), who["clerk"]
    assert clerk.act(at, "submit", tracks=[1]).json()["obligation"]["status"] == "pending"
    sent = clerk.act(at, "send", courier="顺丰", number="SF1", copies=2, day="2021-10-11")
    assert sent.json()["obligation"]["status"] == "submitted"
    assert clerk.get(at).json()["tracks"][1]["told"] == "10月11日寄出，顺丰 SF1，2份"
    came = who["coordinator"].act(at, "receive", copies=2, seal_seen=True, tracks=[2])
    assert came.status_code == 200
    early = where("aa", "early")
    assert clerk.act(early, "request", note="公示期未满", due="2021-10-29").status_code == 200
    (wish,) = who["coordinator"].get(early).json()["requests"]
    assert (wish["state"], wish["day_wanted"], wish["note"]) == ("open", "2021-10-29", "公示期未满")
    (task,) = who["coordinator"].get("/tasks").json()["rows"]
    assert (task["kind"], task["unit"], task["notice"]) == ("extension", "aa", MINE.id)
    assert {"extend", "refuse"} <= set(who["coordinator"].get(early).json()["acts"])
    granted = who["coordinator"].act(early, "extend", due="2021-10-29").json()["obligation"]
    assert (granted["due_at"], granted["overdue"]) == ("2021-10-30T00:00:00+08:00", False)
    assert "refuse" not in who["coordinator"].get(early).json()["acts"]
    # an envelope that nobody announced is entered by the issuer, in the issuer's name
    other = where("bb", "table")
    assert who["coordinator"].act(other, "send").status_code == 200


def test_what_is_not_possible_is_a_conflict(who: dict[str, Program]) -> None:
    at, clerk = where("aa", "report"), who["clerk"]
    assert refused(clerk.act(at, "withdraw")) == (409, "act_refused")
    assert refused(clerk.act(at, "request", note="x", due="2021-10-01")) == (409, "act_refused")
    assert refused(clerk.act(at, "submit", tracks=[9])) == (409, "act_refused")
    assert clerk.act(at, "submit").status_code == 200
    assert clerk.ask("POST", f"{at}/files?name=a", content=b"a").status_code == 201
    assert who["reviewer"].act(at, "approve").status_code == 200
    assert refused(clerk.ask("POST", f"{at}/files?name=b", content=b"b")) == (409, "act_refused")


def test_files_beyond_the_caps_are_not_kept(duban: Duban, who: dict[str, Program]) -> None:
    at, clerk = f"{where('aa', 'early')}/files", who["clerk"]
    assert clerk.ask("POST", f"{at}?name=a", content=b"a" * MB).status_code == 201
    assert refused(clerk.ask("POST", f"{at}?name=b", content=b"b" * (MB + 1))) == (413, "too_much")
    assert clerk.ask("POST", f"{at}?name=b", content=b"b").status_code == 201
    assert refused(clerk.ask("POST", f"{at}?name=c", content=b"c")) == (413, "too_much")
    assert [one["name"] for one in clerk.get(at).json()["files"]] == ["a", "b"]
    temporary = [path.name for path in duban.store.temporary.iterdir()]
    assert temporary == ["lock"]


def test_a_disk_that_takes_nothing_is_told_with_a_time_to_come_again(duban: Duban, who: dict[str, Program]) -> None:
    duban.store.temporary.rename(duban.store.root / "gone")
    answer = who["clerk"].ask("POST", f"{where('aa', 'report')}/files?name=a", content=b"a")
    assert (refused(answer), answer.headers["retry-after"]) == ((503, "not_stored"), "30")


def test_a_body_that_breaks_off_leaves_nothing(duban: Duban, who: dict[str, Program]) -> None:
    """The file's beginning came; then the line broke."""
    path = f"{ROOT}{where('aa', 'report')}/files"
    sent: list[dict[str, Any]] = []
    come = iter([{"type": "http.request", "body": b"abc", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(come)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"name=a",
        "headers": [(b"host", b"127.0.0.1"), (b"authorization", f"Bearer {who['clerk'].token}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
    }
    asyncio.run(create_app(duban)(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 400
    assert list(duban.store.temporary.iterdir()) == []
    assert who["clerk"].get(f"{where('aa', 'report')}/files").json()["files"] == []


def test_tokens_end(duban: Duban, who: dict[str, Program]) -> None:
    clerk = who["clerk"]
    assert clerk.get("/notices").status_code == 200
    nobody = Program(clerk.app)
    answer = nobody.get("/notices")
    assert (refused(answer), answer.headers["www-authenticate"]) == ((401, "login_needed"), "Bearer")
    assert refused(Program(clerk.app, "duban_wrong").get("/notices")) == (401, "login_needed")
    assert refused(Program(clerk.app, headers={"authorization": "Basic YTpi"}).get("/notices")) == (401, "login_needed")
    now = real_now()
    with writing(duban.engine) as session:
        add_person(session, address="late@me.example", name="", by="test", now=now)
        old = new_token(session, "late@me.example", name="x", days=1, by="test", now=now - timedelta(days=2))
        number = api_tokens(session)[-1].id or 0
    assert refused(Program(clerk.app, old).get("/notices")) == (401, "login_needed")
    with writing(duban.engine) as session:
        good = new_token(session, "late@me.example", name="x", days=1, by="test", now=now)
        number = api_tokens(session)[-1].id or 0
    assert Program(clerk.app, good).get("/openapi.json").status_code == 200
    with writing(duban.engine) as session:
        revoke_token(session, number, by="test", now=now)
    assert refused(Program(clerk.app, good).get("/notices")) == (401, "login_needed")


def test_a_program_that_asks_too_often_waits(duban: Duban, who: dict[str, Program]) -> None:
    clerk = who["clerk"]
    clerk.app.state.pace = Pace(most=2)
    answers = [clerk.get("/notices") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (refused(answers[2]), answers[2].headers["retry-after"]) == ((429, "too_often"), "30")
    assert who["county"].get("/notices").status_code == 200
    pace, now = Pace(most=1, window=timedelta(seconds=10)), real_now()
    counted = [pace.count("a", now + timedelta(seconds=s)) for s in (0, 9, 10, 11)]
    assert (counted, pace.count("b", now)) == ([True, False, True, False], True)


def test_the_description_is_public_and_speaks_of_these_doors_alone(who: dict[str, Program]) -> None:
    found = Program(who["clerk"].app).get("/openapi.json")
    assert (found.status_code, found.json()) == (200, description())
    assert {path.split("/")[1] for path in found.json()["paths"]} == {"api"}


async def _parts(parts: list[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def test_a_file_comes_in_parts_without_a_length(who: dict[str, Program]) -> None:
    at = f"{where('aa', 'report')}/files?name=film.mp4"
    kept = who["clerk"].ask("POST", at, content=_parts([b"a" * MB, b"", b"b" * MB]))
    assert (kept.status_code, kept.json()["size"]) == (201, 2 * MB)


def test_the_list_of_doors_in_the_docs_is_drawn_from_them() -> None:
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    assert drawn() in text
    listed = {f"{method.upper()} {path}" for path, methods in description()["paths"].items() for method in methods}
    assert len(listed) == drawn().count("\n") - 2


def test_an_error_of_the_program_tells_nothing_of_itself(who: dict[str, Program]) -> None:
    @ruled(PUBLIC)
    async def broken() -> None:
        raise RuntimeError("secret")

    who["clerk"].app.add_api_route(f"{ROOT}/broken", broken)
    answer = who["clerk"].get("/broken")
    assert (refused(answer), "secret" in answer.text) == ((500, "broken"), False)
