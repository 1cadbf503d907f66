"""What a database says when there is no room, in the words for people."""

import sqlite3
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from models.session import refusal_of_the_disk

FULL = "未提交成功，磁盘空间不足，请稍后再试或联系经办人"
FAILED = "未提交成功，文件无法写入磁盘（said so），请稍后再试或联系经办人"


def sqlite(code: int) -> Any:
    error = sqlite3.OperationalError("said so")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("original", "told"),
    [
        (sqlite(sqlite3.SQLITE_FULL), FULL),
        (sqlite(sqlite3.SQLITE_IOERR_WRITE), FAILED),
        (sqlite(sqlite3.SQLITE_IOERR), FAILED),
        (sqlite(sqlite3.SQLITE_BUSY), None),
        (sqlite3.OperationalError("said so"), None),
        (psycopg.errors.DiskFull("said so"), FULL),
        (psycopg.errors.IoError("said so"), FAILED),
        (psycopg.errors.LockNotAvailable("said so"), None),
    ],
)
def test_a_refusal_of_the_disk_is_told_and_no_other(original: Any, told: str | None) -> None:
    found = refusal_of_the_disk(OperationalError("INSERT", None, original))
    assert (None if found is None else str(found)) == told
