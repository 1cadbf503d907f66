"""Once a day files that nobody needs go; a dry run leaves them, a missing disk stops nothing."""

import os
from pathlib import Path

import pytest

from duban.bootstrap import open_duban
from duban.clock import real_now
from flows.opening import opened
from flows.tidying import tidied


@pytest.fixture
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with a file of two days ago that no row names; answers where it lies."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_DATA_DIR", str(tmp_path / "var"))
    duban = open_duban()
    path = duban.store.path(duban.store.put([b"left"], most=4).sha256)
    before = real_now().timestamp() - 2 * 86_400
    os.utime(path, (before, before))
    duban.engine.dispose()
    return path


def test_what_nobody_needs_goes(left: Path) -> None:
    with opened() as o:
        assert (tidied(o), left.exists()) == ("，清理文件 1 个、中断的上传 0 个", False)
        assert tidied(o) == "，清理文件 0 个、中断的上传 0 个"
        o.engine.dispose()


def test_a_dry_run_removes_nothing(left: Path) -> None:
    with opened(dry_run=True) as o:
        assert (tidied(o), left.exists()) == ("", True)


def test_a_disk_that_is_gone_stops_nothing(left: Path) -> None:
    with opened() as o:
        assert o.store is not None
        o.store.root.rename(left.parents[2] / "away")
        assert tidied(o).startswith("，文件未清理：")
        o.engine.dispose()
