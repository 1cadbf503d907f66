"""``duban draft`` and ``duban roll-forward`` as a person calls them."""

from pathlib import Path

import pytest

from commands import Duban

NOTICES = Path(__file__).resolve().parents[2] / "flows" / "notices"
TEXT = """\
清河县农业农村局文件
清农发〔2024〕18号
关于报送春耕生产工作总结的通知
各乡镇人民政府：
请各乡镇于4月30日17:00前将春耕生产工作总结（不少于1000字）报县农业农村局种植业管理股，邮箱：spring@farm.example。
联系人：种植业管理股，联系电话：0319-5550118。
清河县农业农村局
2024年3月4日
"""
FACTS = {
    "title": "关于报送春耕生产工作总结的通知",
    "document_number": "清农发〔2024〕18号",
    "issuer": "清河县农业农村局",
    "issued_on": "2024-03-04",
    "addressees": ["各乡镇人民政府"],
    "obligations": [
        {
            "who": ["各乡镇"],
            "deliverables": ["春耕生产工作总结"],
            "deadline": {
                "text": "4月30日17:00前",
                "kind": "absolute",
                "date": "2024-04-30",
                "time": "17:00",
                "recurrence": None,
            },
            "recipient": "县农业农村局种植业管理股",
            "channels": ["email"],
            "emails": ["spring@farm.example"],
            "copies": None,
            "requirements": ["不少于1000字"],
        }
    ],
    "contacts": [{"name": "种植业管理股", "phones": ["0319-5550118"], "emails": []}],
}


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "notice.txt"
    path.write_text(TEXT, encoding="gb18030")
    return path


def test_the_facts_as_json(duban: Duban, notice: Path) -> None:
    said = duban("draft", notice, "--json")
    assert (said.code, said.err, said.json) == (0, "", FACTS)


def test_a_second_document_in_the_file_is_enclosed(duban: Duban, notice: Path) -> None:
    second = TEXT.replace("18号", "9号").replace("清农发", "平农发").replace("清河县农业农村局文件", "平川市农业农村局")
    notice.write_text(TEXT + second, encoding="utf-8")
    said = duban("draft", notice, "--json").json
    assert (said["document_number"], [one["document_number"] for one in said["enclosed"]]) == (
        "清农发〔2024〕18号",
        ["平农发〔2024〕9号"],
    )


def test_the_draft_passes_the_check(duban: Duban, notice: Path, tmp_path: Path) -> None:
    out = tmp_path / "draft.yaml"
    said = duban("draft", notice, "-o", out)
    assert (said.code, said.out, said.err) == (0, f"已起草 {out}：关于报送春耕生产工作总结的通知，1 项报送\n", "")
    assert duban("check", out).code == 0
    assert "date: 2024-04-30" in out.read_text(encoding="utf-8")
    assert "# 第5行第6列：“4月30日17:00前”" in out.read_text(encoding="utf-8")


def test_what_is_missing_is_named(duban: Duban, notice: Path) -> None:
    notice.write_text("关于报送总结的通知\n各科室：\n请各科室于2024年5月10日前报送总结。\n", encoding="utf-8")
    said = duban("draft", notice)
    assert "没有发文日期" in said.err
    assert "# 待确认：成文日期：原文未见" in said.out


def test_a_file_that_is_not_there(duban: Duban, tmp_path: Path) -> None:
    said = duban("draft", tmp_path / "none.txt")
    assert (said.code, said.out, said.err) == (1, "", f"打不开 {tmp_path / 'none.txt'}：请核对路径和权限\n")


def test_next_years_draft_shows_each_reason(duban: Duban) -> None:
    said = duban("roll-forward", NOTICES / "jilin-2021-25.yaml", "--year", "2022")
    assert said.code == 0
    assert "不是工作日，顺延到2022-10-17（周一）" in said.out


def test_moves_as_json(duban: Duban) -> None:
    said = duban("roll-forward", NOTICES / "liaoning-2021-337.yaml", "--year", "2022", "--json").json
    assert said[0] == {
        "path": "id",
        "old": "liaoning-2021-337",
        "new": "liaoning-2022-337",
        "reason": "新编号由旧编号推定，请按新文号改",
    }
