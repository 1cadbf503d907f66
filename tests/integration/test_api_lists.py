"""Lists of the interface for programs, and values that are not what they must be, on each kind of database."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from programs import MINE, OTHERS, Program, office, programs, refused, row, where


@pytest.fixture
def who(engine: Engine, tmp_path: Path) -> dict[str, Program]:
    return programs(office(engine, tmp_path))


EARLY = {
    "deliverable": "early",
    "stage": "two",
    "due_at": "2021-10-12T00:00:00+08:00",
    "overdue": True,
    "late_by_days": 1,
}


def test_lists_are_what_the_caller_may_see(who: dict[str, Program]) -> None:
    seen = {name: [one["id"] for one in program.get("/notices").json()["rows"]] for name, program in who.items()}
    both, mine = [OTHERS.id, MINE.id], [MINE.id]
    assert {name: sorted(ids) for name, ids in seen.items()} == {
        "administrator": sorted(both),
        "coordinator": mine,
        "supervisor": mine,
        "reviewer": mine,
        "city": mine,
        "clerk": mine,
        "county": mine,
        "stranger": [OTHERS.id],
    }
    units = {name: [one["id"] for one in program.get("/units").json()["rows"]] for name, program in who.items()}
    assert units == {
        "administrator": ["aa", "bb", "county", "zz"],
        "coordinator": ["aa", "bb", "county"],
        "supervisor": ["aa", "county"],
        "reviewer": [],
        "city": [],
        "clerk": ["aa"],
        "county": ["county"],
        "stranger": ["zz"],
    }


def test_a_notice_comes_with_its_definition(who: dict[str, Program]) -> None:
    listed = {
        "id": MINE.id,
        "document_number": "测〔2021〕1号",
        "title": "关于测试的通知",
        "issuer": "prov",
        "published_at": "2021-09-24T10:00:00+08:00",
        "closed_at": None,
        "revision": 1,
    }
    assert who["clerk"].get("/notices").json() == {"total": 1, "page": 1, "size": 100, "rows": [listed]}
    whole = who["clerk"].get(f"/notices/{MINE.id}").json()
    definition = whole.pop("definition")
    assert (whole, MINE.model_validate(definition)) == (listed, MINE)


def test_the_ledger_is_the_contracts_filtered_and_paged(who: dict[str, Program]) -> None:
    def ask(**query: Any) -> list[tuple[str, str]]:
        answer = who["coordinator"].get(f"/notices/{MINE.id}/ledger", params=query).json()
        found = [(one["unit"], one["deliverable"]) for one in answer["rows"]]
        assert answer["total"] == len(found) or "size" in query
        return found

    everything = [("aa", name) for name in ("report", "table", "person", "early")]
    everything += [("bb", name) for name in ("report", "table", "person", "early")] + [("county", "below")]
    assert ask() == everything
    assert ask(unit="bb") == everything[4:8]
    assert ask(overdue="true") == [("aa", "early"), ("bb", "early")]
    assert len(ask(overdue="false")) == 7
    assert ask(status="submitted") == []
    assert (ask(size=2, page=2), ask(size=2, page=9)) == (everything[2:4], [])
    (late,) = who["coordinator"].get(f"/notices/{MINE.id}/ledger?unit=aa&overdue=true").json()["rows"]
    assert late == row(**EARLY)
    rows = who["supervisor"].get(f"/notices/{MINE.id}/ledger").json()["rows"]
    assert {one["unit"] for one in rows} == {"aa", "county"}
    mine = who["clerk"].get(f"/notices/{MINE.id}/units/aa").json()
    assert mine["rows"] == [row(), row(deliverable="table"), row(deliverable="person"), row(**EARLY)]


def test_values_that_are_not_what_they_must_be(who: dict[str, Program]) -> None:
    at, clerk = where("aa", "report"), who["clerk"]
    for body in (
        {"act": "nothing"},
        {},
        {"act": "submit", "unknown": 1},
        {"act": "submit", "note": "x" * 2001},
        {"act": "submit", "note": "\0"},
        {"act": "submit", "tracks": ["1"]},
        {"act": "submit", "tracks": [0]},
        {"act": "receive", "copies": 0},
        {"act": "receive", "seal_seen": "yes"},
        {"act": "request", "due": "15.10.2021"},
        {"act": "request", "due": "0001-01-01"},
        [],
    ):
        assert refused(clerk.ask("POST", f"{at}/acts", json=body)) == (422, "input_refused"), body
    for data in (b"", b"{", b"\xff", b'{"act": "submit"'):
        assert refused(clerk.ask("POST", f"{at}/acts", content=data)) == (400, "not_json")
    big = b'{"act": "submit", "note": "' + b"x" * 70_000 + b'"}'
    assert refused(clerk.ask("POST", f"{at}/acts", content=big)) == (413, "too_much")
    assert clerk.ask("POST", f"{at}/acts", content=b'{"act":"acknowledge"}').status_code == 200
    for query in ("page=0", "page=x", "size=501", "status=late", "overdue=perhaps"):
        assert refused(who["coordinator"].get(f"/notices/{MINE.id}/ledger?{query}")) == (422, "input_refused")
    assert refused(clerk.ask("POST", f"{at}/files", content=b"a")) == (422, "input_refused")
    assert refused(clerk.get(f"/notices/{MINE.id}/units/a%00a")) == (404, "not_found")
    assert refused(who["administrator"].get("/notices/a%00a")) == (404, "not_found")
    assert refused(who["administrator"].get("/notices/nothing")) == (404, "not_found")
    assert refused(who["administrator"].get(f"/notices/{MINE.id}/units/zz")) == (404, "not_found")
    assert refused(who["administrator"].get("/nothing")) == (404, "not_found")
    assert refused(who["administrator"].ask("PUT", "/notices")) == (405, "not_allowed")
