"""The command line as people and scripts call it: output, exit codes, one line for what is refused."""

from pathlib import Path

import pytest

from commands import DEFINITION, SCRIPT, UNITS, Duban
from duban.bootstrap import mark_demo, open_duban, set_clock
from duban.clock import Clock
from factories import at
from notifications.local_server import LocalServer

NOTICES = Path(__file__).resolve().parents[2] / "flows" / "notices"
JILIN = NOTICES / "jilin-2021-25.yaml"

Files = tuple[Path, Path, Path]


@pytest.mark.contract("`replay --json` prints")
@pytest.mark.contract("One row per obligation: `unit, deliverable, stage, status, round, due_at")
@pytest.mark.contract("`unit`, `deliverable`, `stage`, review `step` are the ids of the unit file and the definition.")
def test_replay_prints_the_story_of_the_contract(duban: Duban, files: Files) -> None:
    definition, units, script = files
    said = duban("replay", definition, "--units", units, "--script", script, "--until", "2021-10-12T12:00", "--json")
    touched = {"unit": "aa", "deliverable": "report", "owner": "unit", "rung": None, "role": "clerk"}
    due, new_due = "2021-10-16T00:00:00+08:00", "2021-10-21T00:00:00+08:00"
    first = touched | {"round": 1, "due_at": due}
    assert (said.code, said.err) == (0, "")
    assert said.json == {
        "notice": "small-2021-1",
        "from": "2021-09-24T10:00:00+08:00",
        "until": "2021-10-12T12:00:00+08:00",
        "mails": [
            {
                "at": "2021-09-24T10:00:00+08:00",
                "to": ["chief@aa.example"],
                "cc": [],
                "kind": "notice",
                "items": [first | {"role": "chief"}],
            },
            {
                "at": "2021-09-24T10:00:00+08:00",
                "to": ["clerk@aa.example"],
                "cc": [],
                "kind": "notice",
                "items": [first],
            },
            {
                "at": "2021-09-30T09:00:00+08:00",
                "to": ["clerk@aa.example"],
                "cc": [],
                "kind": "reminder",
                "items": [first | {"rung": "due-7"}],
            },
            {
                "at": "2021-10-11T15:00:00+08:00",
                "to": ["clerk@aa.example"],
                "cc": [],
                "kind": "received",
                "items": [first],
            },
            {
                "at": "2021-10-12T09:00:00+08:00",
                "to": ["clerk@prov.example"],
                "cc": [],
                "kind": "reminder",
                "items": [first | {"owner": "review:issuer", "rung": "arrived", "due_at": "2021-10-15T00:00:00+08:00"}],
            },
            {
                "at": "2021-10-12T10:00:00+08:00",
                "to": ["clerk@aa.example"],
                "cc": [],
                "kind": "returned",
                "items": [touched | {"round": 2, "due_at": new_due}],
            },
        ],
        "ledger": [
            {
                "unit": "aa",
                "deliverable": "report",
                "stage": "one",
                "status": "returned",
                "round": 2,
                "due_at": new_due,
                "first_submitted_at": "2021-10-11T15:00:00+08:00",
                "completed_at": None,
                "overdue": False,
                "late_by_days": 0,
            }
        ],
        "tasks": [],
        "events": 3,
    }


@pytest.mark.contract("`ID.units.csv` (UTF-8, also read with BOM or GB18030) has one row per contact")
@pytest.mark.contract("`relation` is `subordinate|parallel` toward the issuer, `role` is `clerk|chief|leader`")
@pytest.mark.contract("A unit without contacts is one row with empty role.")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_unit_file_beside_the_definition_is_read_in_every_encoding(
    duban: Duban, files: Files, encoding: str
) -> None:
    definition, units, _ = files
    units.write_text(UNITS + "bb,乙市教育局,prov,city,parallel,2,,,,\n", encoding=encoding)
    said = duban("replay", definition, "--until", "2021-09-24T12:00", "--json")
    assert [(task["kind"], task["unit"], task["text"]) for task in said.json["tasks"]] == [
        ("contact_gap", "bb", "乙市教育局没有可用的填报人邮箱，邮件无法送达，请补登联系人。")
    ]


@pytest.mark.contract("`--mail-dir` changes no byte of the JSON.")
@pytest.mark.parametrize("there", [False, True])
def test_a_mail_dir_changes_no_byte_and_holds_every_mail(
    duban: Duban,
    files: Files,
    tmp_path: Path,
    there: bool,
) -> None:
    definition, _, script = files
    if there:
        (tmp_path / "mails").mkdir()
    call = ("replay", definition, "--script", script, "--until", "2021-10-20T09:30", "--json")
    dry = duban(*call)
    real = duban(*call, "--mail-dir", tmp_path / "mails")
    kept = list((tmp_path / "mails" / "new").iterdir()) + list((tmp_path / "mails" / "cur").iterdir())
    assert real.out == dry.out
    assert len(kept) == len(dry.json["mails"]) > 0


@pytest.mark.contract("and the replay stops with exit 1 unless `--keep-going`.")
def test_a_refused_row_stops_the_replay_with_exit_1(duban: Duban, files: Files) -> None:
    definition, _, script = files
    script.write_text(SCRIPT.replace("submit,unit", "approve,"), encoding="utf-8")
    call = ("replay", definition, "--script", script, "--until", "2021-10-12T09:00", "--json")
    stopped, gone_on = duban(*call), duban(*call, "--keep-going")
    line = "第2行（aa report）：不能审核通过：尚未报送"
    assert (stopped.code, stopped.out, stopped.err) == (1, "", f"{line}\n")
    assert (gone_on.code, gone_on.err) == (0, f"{script}：{line}\n")


@pytest.mark.contract("`plan --json` for the same future has the same `mails` that replay will send if nobody acts.")
def test_the_plan_of_a_published_notice_is_what_replay_sends(duban: Duban, files: Files, tmp_path: Path) -> None:
    definition, units, _ = files
    replayed = duban("replay", definition, "--until", "2021-11-30", "--json").json
    future = ("--from", "2021-09-24", "--to", "2021-11-30", "--json")
    unpublished = duban("plan", definition, *future)
    server = LocalServer(tmp_path / "maildir")
    server.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DUBAN_MAIL_PORT", str(server.port))
            set_clock(mark_demo(open_duban()), Clock.showing(at("2021-09-24 10:00")))
            assert duban("units", "import", units).code == 0
            assert duban("publish", definition, "--at", "2021-09-24T10:00").code == 0
            published = duban("plan", "small-2021-1", *future)
    finally:
        server.stop()
    assert unpublished.json["mails"] == replayed["mails"]
    assert published.json["mails"] == replayed["mails"]


def test_acts_and_sweeps_by_hand_tell_the_same_story_as_a_replay(
    duban: Duban, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition, units, _ = files
    server = LocalServer(tmp_path / "maildir")
    server.start()
    monkeypatch.setenv("DUBAN_MAIL_PORT", str(server.port))
    try:
        duban("units", "import", units)
        duban("publish", definition, "--at", "2021-10-13T10:00")
        dry = duban("sweep", "--at", "2021-10-14T10:00", "--dry-run", "--json").json
        first = duban("sweep", "--at", "2021-10-14T10:00", "--json").json
        second = duban("sweep", "--at", "2021-10-14T10:30", "--json").json
        acted = duban("act", "submit", "small-2021-1", "aa", "report", "--at", "2021-10-14T11:00", "--json").json
    finally:
        server.stop()
    assert [mail["to"] for mail in dry["mails"]] == [["clerk@aa.example"]]
    assert (first["said"], first["digests"], first["sent"]) == (1, 1, 1)
    assert (second["said"], second["digests"], second["sent"]) == (0, 0, 0)
    assert acted == {"event": 2, "sent": 1}
    kept = list((tmp_path / "maildir" / "new").iterdir()) + list((tmp_path / "maildir" / "cur").iterdir())
    assert len(kept) == 4  # two notices, one reminder, one receipt
    status = duban("status", "small-2021-1", "--json").json
    assert [row["status"] for row in status[0]["ledger"]] == ["submitted"]


def test_tracks_requests_and_opinions_by_hand(
    duban: Duban, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition, units, _ = files
    paper = "[{medium: electronic, to: office}, {medium: paper, to: office, copies: 2}]"
    told = Path(definition).read_text(encoding="utf-8").replace("[{medium: electronic, to: office}]", paper)
    Path(definition).write_text(told, encoding="utf-8")

    def act(what: str, hour: int, *more: str) -> str:
        said = duban("act", what, "small-2021-1", "aa", "report", "--at", f"2021-10-13T{hour}:00", *more)
        return said.err.strip() if said.code else "done"

    with LocalServer(tmp_path / "maildir") as server:
        monkeypatch.setenv("DUBAN_MAIL_PORT", str(server.port))
        duban("units", "import", units)
        duban("publish", definition, "--at", "2021-10-13T10:00")
        assert act("request", 11, "--note", "公示期未满", "--due", "2021-10-20") == "done"
        assert act("refuse", 12, "--note", "统一安排") == "done"
        assert act("submit", 13, "--track", "1") == "done"
        assert act("submit", 13, "--track", "3") == "该材料只有2种报送方式，没有第3种"
        posted = ("--courier", "顺丰", "--number", "SF1", "--copies", "2", "--day", "2021-10-12")
        assert act("send", 14, "--track", "2", *posted) == "done"
        assert act("consult", 15, "--note", "可否？") == "请写明征求谁的意见及其邮箱"
        whom = ("--to-name", "李老师", "--to-email", "li@prov.example")
        assert act("consult", 15, "--note", "可否？", *whom) == "done"
        assert act("approve", 16) == "done"
        assert act("take_back", 17, "--by", "review:issuer") == "done"
        assert act("receive", 18, "--seal") == "done"
        assert act("approve", 19) == "done"
    status = duban("status", "small-2021-1", "--json").json
    assert [row["status"] for row in status[0]["ledger"]] == ["completed"]


@pytest.mark.parametrize(
    ("arguments", "code", "err"),
    [
        (("status", "nothing"), 2, "没有发布过通知 nothing\n"),
        (("--lang", "en", "status", "nothing"), 2, "no notice nothing has been published\n"),
        (("replay", JILIN, "--until", "soon"), 2, "--until 不是时间：soon（写作 2021-10-20 或 2021-10-20T09:30）\n"),
        (("plan", "nothing", "--from", "2021-09-24", "--to", "2021-09-25"), 2, None),
        (("check", "nothing.yaml"), 1, ""),
        (("act", "submit", "nothing", "aa", "report"), 2, "没有发布过通知 nothing\n"),
        (("units", "import", "nothing.csv"), 1, None),
        (("calendar", "import", "nothing.csv"), 1, None),
        (("replay", JILIN, "--until", "2021-09-01"), 2, "--until 早于发布时间 2021-09-24 10:00\n"),
        (("replay", JILIN, "--until", "2021-09-25", "--mail-dir", JILIN), 3, None),
        (("nonsense",), 2, None),
    ],
)
def test_bad_input_is_one_line_and_an_exit_code(
    duban: Duban, arguments: tuple[object, ...], code: int, err: str | None
) -> None:
    said = duban(*arguments)
    assert said.code == code
    assert "Traceback" not in said.err + said.out
    assert err is None or said.err == err


def test_check_reports_each_problem_with_its_place(duban: Duban, files: Files) -> None:
    definition, _, _ = files
    definition.write_text(DEFINITION.replace("who: [cities]", "who: [citys]"), encoding="utf-8")
    said = duban("check", definition, "--json")
    assert said.code == 1
    assert [(p["line"], p["col"], p["severity"]) for p in said.json] == [(18, 15, "error")]


def test_check_accepts_the_six_notices(duban: Duban) -> None:
    said = duban("check", *sorted(NOTICES.glob("*.yaml")))
    assert (said.code, said.out.count("可以使用")) == (0, 6)


def test_the_schema_is_json_schema(duban: Duban) -> None:
    schema = duban("schema").json
    assert {"properties", "$defs"} <= set(schema)


def test_a_refused_publication_leaves_nothing(duban: Duban, files: Files) -> None:
    definition, _, _ = files
    refused = duban("publish", definition, "--at", "2021-09-24T10:00")
    assert (refused.code, refused.err) == (1, "单位名册中没有 prov（通知 small-2021-1 提到了它）\n")
    assert duban("status", "--json").json["notices"] == []


def test_a_dry_run_of_an_import_leaves_nothing(duban: Duban, files: Files) -> None:
    _, units, _ = files
    assert duban("units", "import", units, "--dry-run").out == "将导入 2 个单位：新增 2，改动 0，不变 0\n"
    assert duban("units", "import", units).out == "已导入 2 个单位：新增 2，改动 0，不变 0\n"
    assert duban("units", "import", units).out == "已导入 2 个单位：新增 0，改动 0，不变 2\n"


def test_mail_that_cannot_leave_waits_in_the_outbox(duban: Duban, files: Files, unused_port: int) -> None:
    definition, units, _ = files
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_MAIL_PORT", str(unused_port))
        duban("units", "import", units)
        said = duban("publish", definition, "--at", "2021-09-24T10:00", "--json")
    assert (said.code, said.json) == (0, {"notice": "small-2021-1", "obligations": 1, "sent": 0})
