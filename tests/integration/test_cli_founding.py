"""Beginning and examining an installation: init, doctor, calendar import, rebuild."""

from pathlib import Path

import pytest

from commands import DEFINITION, UNITS, Duban
from duban.bootstrap import mark_demo, open_duban, set_clock
from duban.clock import Clock
from factories import at


def test_init_makes_an_empty_production_start(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("code", encoding="utf-8")
    account = ("--smtp-host", "smtp.example", "--smtp-user", "office@prov.example", "--smtp-secret-file", "secret.txt")
    said = duban("init", "--units", "units.csv", *account)
    assert (said.code, said.err) == (0, "")
    written = (tmp_path / "duban.env").read_text(encoding="utf-8")
    assert "DUBAN_SMTP_HOST=smtp.example\n" in written
    assert "code" not in written.replace(str(tmp_path), "")
    assert duban("status", "--json").json["notices"] == []


def test_init_refuses_a_secret_on_the_command_line_or_half_an_account(duban: Duban) -> None:
    said = duban("init", "--smtp-host", "smtp.example")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert duban("init", "--smtp-secret", "x").code == 2


def test_doctor_names_what_is_missing(duban: Duban, unused_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_MAIL_PORT", str(unused_port))
    said = duban("doctor", "--json")
    assert said.code == 1
    assert {answer["name"]: answer["ok"] for answer in said.json} == {
        "data": True,
        "mail": False,
        "calendar": True,
        "units": False,
        "mails": True,
        "events": True,
    }


def test_the_offices_calendar_moves_the_moments_of_rungs(
    duban: Duban, tmp_path: Path, unused_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day that the office does not work: the reminder of that day is said on the working day before."""
    monkeypatch.setenv("DUBAN_MAIL_PORT", str(unused_port))
    files = {"units.csv": UNITS, "notice.yaml": DEFINITION, "days.csv": "day,kind,name\n2021-10-14,放假,校庆\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    set_clock(mark_demo(open_duban()), Clock.showing(at("2021-10-12 10:00")))
    duban("units", "import", "units.csv")
    duban("publish", "notice.yaml")
    future = ("plan", "small-2021-1", "--from", "2021-10-12T12:00", "--to", "2021-10-15T12:00", "--json")
    before = [mail["at"][:10] for mail in duban(*future).json["mails"]]
    assert duban("calendar", "import", "days.csv").out == "已导入 1 天\n"
    after = [mail["at"][:10] for mail in duban(*future).json["mails"]]
    assert (before, after) == (["2021-10-14", "2021-10-15"], ["2021-10-13", "2021-10-15"])
    assert duban("rebuild", "--json").json == {"changed": 0, "counts": 0}


def test_a_broken_calendar_file_is_refused_whole(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("day,kind,name\n2021-02-30,放假,\n2021-10-14,上工,\n", encoding="utf-8")
    said = duban("calendar", "import", "days.csv")
    assert (said.code, len(said.err.splitlines())) == (1, 2)
