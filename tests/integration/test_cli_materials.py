"""Materials and paper on the command line: upload, files, check-material, receipt, forms, cover, paper, store."""

import hashlib
from pathlib import Path

import pytest

from commands import Duban
from duban.domain.short_code import grouped
from material_files import docx, p

NOTICES = Path(__file__).resolve().parents[2] / "flows" / "notices"
JILIN = NOTICES / "jilin-2021-25.yaml"
AT = ("jilin-2021-25", "changchun")


@pytest.fixture
def season(duban: Duban) -> Duban:
    """Jilin's notice in force."""
    assert duban("units", "import", NOTICES / "jilin-2021-25.units.csv").code == 0
    assert duban("publish", JILIN, "--json").json["obligations"] == 88
    return duban


def report(folder: Path, count: int, name: str = "工作总结.docx") -> Path:
    """A document of so many characters."""
    path = folder / name
    path.write_bytes(docx(p("学" * count)))
    return path


def test_files_on_disk_are_checked_against_a_definition_without_a_database(duban: Duban, tmp_path: Path) -> None:
    short, long = report(tmp_path, 1432), report(tmp_path, 1500, "够长.docx")
    said = duban("check-material", JILIN, "summary", short, "--json")
    (found,) = said.json["findings"]
    assert (said.code, said.json["verdict"], said.json["notice"]) == (1, "还差68字", "jilin-2021-25")
    assert (found["grade"], found["zh"], found["measured"], found["wanted"]) == (
        "gap",
        "1432/1500字，还差68字",
        1432,
        1500,
    )
    told = duban("check-material", JILIN, "summary", short)
    assert (told.code, "1432/1500字，还差68字" in told.out) == (1, True)
    enough = duban("check-material", JILIN, "summary", long)
    assert (enough.code, enough.out.splitlines()[-1]) == (0, "自动核验未发现问题")
    assert not (tmp_path / "var").exists()
    assert duban("check-material", JILIN, "nothing", short).code == 2
    missing = duban("check-material", JILIN, "summary", "nothing.docx")
    assert (missing.code, missing.err) == (2, "没有文件 nothing.docx\n")


def test_from_files_to_a_receipt(season: Duban, tmp_path: Path) -> None:
    duban, file = season, report(tmp_path, 1432)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    at = (*AT, "summary")
    (kept,) = duban("upload", *at, file, "--item", "甲", "--json").json
    assert (kept["name"], kept["size"], kept["sha256"], kept["item"]) == (file.name, file.stat().st_size, digest, "甲")
    listed = duban("files", *at, "--json").json
    assert (listed["drafts"], listed["verdict"], listed["submissions"]) == ([kept], "还差68字", [])
    assert [one["zh"] for one in listed["findings"]] == ["1432/1500字，还差68字"]
    assert duban("check-material", *AT[:1], "summary", file).code == 1
    assert duban("act", "submit", *at, "--note", "先报").code == 0
    after = duban("files", *at, "--json").json
    (version,) = after["submissions"]
    assert (after["drafts"], version["receipt"], [one["name"] for one in version["files"]]) == (
        [],
        "R000001",
        [file.name],
    )
    receipt = duban("receipt", "R000001", "--json").json
    assert receipt["files"] == [{"name": file.name, "size": file.stat().st_size, "sha256": digest}]
    assert (receipt["notice"], receipt["unit"], receipt["deliverable"]) == at
    assert digest in duban("receipt", "1").out
    assert "R000001：第1轮" in duban("files", *at).out
    for wrong in ("R000002", "x"):
        said = duban("receipt", wrong)
        assert (said.code, said.err.count("\n")) == (2, 1)
    assert duban("upload", *AT, "nothing", file).code == 2
    assert duban("upload", *at, "nothing.docx").code == 2


def test_blank_forms_are_made_and_never_written_over(duban: Duban, tmp_path: Path) -> None:
    made = duban("forms", JILIN, "--out", "forms", "--json")
    assert made.code == 0
    assert sorted(made.json) == sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "forms").iterdir())
    assert {Path(name).suffix for name in made.json} == {".docx", ".xlsx"}
    again = duban("forms", JILIN, "--out", "forms")
    assert (again.code, again.err.count("\n"), "没有覆盖" in again.err) == (1, 1, True)


def test_paper_goes_out_with_a_cover_and_comes_in_by_its_code(season: Duban, tmp_path: Path) -> None:
    duban, at = season, (*AT, "advanced-unit")
    made = duban("cover", *at, "--json").json
    page = (tmp_path / made["file"]).read_text(encoding="utf-8")
    assert (grouped(made["code"]) in page, "一式两份" in page, "http" in page.replace("http://www.w3.org", "")) == (
        True,
        True,
        False,
    )
    assert duban("cover", *at).code == 1
    assert duban("cover", *at, "--slip", "--out", "slip.html").code == 0
    none = duban("cover", *AT, "summary")
    assert (none.code, "没有要求向哪个部门寄送纸质件" in none.err) == (1, True)
    assert duban("act", "submit", *at, "--track", "2").code == 0
    said = duban("paper", grouped(made["code"]).lower(), "--copies", "2", "--day", "2021-10-12", "--seal", "--json")
    assert (said.code, said.json["unit"], said.json["deliverable"]) == (0, AT[1], "advanced-unit")
    (row,) = [
        row
        for book in duban("status", AT[0], "--unit", AT[1], "--json").json
        for row in book["ledger"]
        if row["deliverable"] == "advanced-unit"
    ]
    assert row["status"] == "submitted"
    again = duban("paper", made["code"])
    assert (again.code, again.err) == (1, "纸质件已登记收到\n")
    assert duban("paper", "222-2222").code == 2


def test_the_store_is_verified_and_tidied(season: Duban, tmp_path: Path) -> None:
    duban, file = season, report(tmp_path, 10)
    (kept,) = duban("upload", *AT, "summary", file, "--json").json
    assert (duban("store", "verify").code, duban("store", "verify", "--json").json) == (0, [])
    stored = tmp_path / "var" / "uploads" / kept["sha256"][:2] / kept["sha256"][2:]
    stored.chmod(0o600)
    stored.write_bytes(b"x" * kept["size"])
    said = duban("store", "verify", "--json")
    assert (said.code, [one["sha256"] for one in said.json]) == (1, [kept["sha256"]])
    assert "与报送时不一致" in duban("store", "verify").out
    assert duban("store", "tidy", "--json").json == {"files": 0, "uploads": 0, "temporary": 0}
    assert duban("store", "tidy").out == "已清理文件 0 个、中断的上传 0 个、临时文件 0 个\n"
