"""A notice's file is read in a child: what it says comes back, what it refuses too, and a dead child is an answer."""

from dataclasses import replace
from pathlib import Path

import pytest

from duban.reading.materials.limits import Limits
from duban.reading.originals import OriginalRefused
from duban.reading.originals.caged import LIMITS, read_caged, text_caged

NOTICE = "关于报送工作总结的通知\n各科室：\n请于12月20日前报送。"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_what_the_child_read_comes_back(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(NOTICE.encode(encoding))
    assert (read_caged(path), text_caged(path.read_bytes())) == (NOTICE, NOTICE)


def test_what_the_child_refused_is_said_with_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "notice.docx"
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(OriginalRefused) as refused:
        read_caged(path)
    assert str(refused.value) == f"{path}：Word 文件损坏，请用 Word、WPS 打开后另存"
    with pytest.raises(OriginalRefused) as refused:
        text_caged(path.read_bytes())
    assert str(refused.value) == "Word 文件损坏，请用 Word、WPS 打开后另存"


@pytest.mark.parametrize(
    "limits",
    [replace(LIMITS, wall_seconds=0.01), replace(LIMITS, answer_size=10)],
    ids=["time", "words"],
)
def test_what_takes_too_much_is_refused_in_one_line(limits: Limits) -> None:
    with pytest.raises(OriginalRefused) as refused:
        text_caged(NOTICE.encode(), limits=limits)
    assert str(refused.value) == "文件过大或过于复杂，读不了；请另存为 .txt，或直接粘贴正文"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OriginalRefused, match="打不开"):
        read_caged(tmp_path / "none.txt")
