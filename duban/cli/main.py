"""The entry: all commands together, and everything that stops one as a line with its exit code."""

import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Any

from alembic.util.exc import CommandError
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DatabaseError

from duban.cli import (
    audit,
    changing,
    contacts,
    desk,
    drafting,
    founding,
    keeping,
    keys,
    mail,
    materials,
    operating,
    paper,
    people,
    rehearsal,
    storing,
    supervising,
    writing,
)
from duban.cli.app import app, close, context, word
from duban.domain.errors import DubanError

#: importing a module of commands registers them
COMMANDS = (
    *(writing, drafting, operating, changing, contacts, desk, rehearsal, founding, mail, people, keys),
    *(keeping, audit, materials, paper, storing, supervising),
)

#: The exit code of a call that Ctrl-C broke off, as shells have it.
INTERRUPTED = 130
USAGE, TEMPORARY = 2, 3


def main() -> None:
    """Run ``duban``: exit 0 ok, 1 findings, 2 usage, 3 temporary, 4 lost integrity."""
    guarded(app)


def guarded(command: Callable[[], object]) -> None:
    """Run a command; what stops it is told in a line and becomes the exit code."""
    _speak_utf8()
    try:
        command()
    except BrokenPipeError:
        # whoever read the output has seen enough; nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except tuple(_STOPS) as error:
        lines, code = next(told for kind, told in _STOPS.items() if isinstance(error, kind))(error)
        for line in lines:
            print(line, file=sys.stderr)  # noqa: T201 - the terminal is this door's page
        sys.exit(code)
    finally:
        close()


def _speak_utf8() -> None:
    """Chinese goes out whatever the locale says; what no encoding knows is shown as a code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


Told = tuple[list[str], int]


def _refused(error: Any) -> Told:
    """A refusal of a file has a line for each of its problems."""
    problems = getattr(error, "problems", None)
    lines = [str(problem) for problem in problems] if problems else [error.said_in(context.lang)]
    return lines, error.exit_code


def _setting(error: Any) -> Told:
    """A setting that is not what it must be."""
    names = ["DUBAN_" + "_".join(map(str, fault["loc"])).upper() for fault in error.errors()]
    return [word(f"设置 {name} 不正确，请核对", f"the setting {name} is not valid") for name in names], USAGE


def _no_such_database(_: Any) -> Told:
    zh = "DUBAN_DATABASE_URL 不正确，写作 postgresql://用户:密码@主机/库名；不设则用数据目录中的 SQLite"
    return [word(zh, "DUBAN_DATABASE_URL is not valid: postgresql://user:password@host/name")], USAGE


def _database(error: Any) -> Told:
    """Locked, unreachable, full, or no database at all."""
    why = (str(error.orig).strip().splitlines() or [""])[0]
    return [word(f"数据库暂时不可用：{why}", f"the database is not available: {why}")], TEMPORARY


def _system(error: Any) -> Told:
    what = f"{error.filename}：{error.strerror}" if error.filename else str(error)
    return [word(f"无法读写 {what}", f"cannot read or write {what}")], TEMPORARY


def _newer(_: Any) -> Told:
    """The schema is one that this Duban does not know."""
    return [word("数据库由更新版本的督办建立，请换用新版程序", "the database is newer than this Duban")], USAGE


def _unreadable(error: Any) -> Told:
    return [word(f"参数、设置或文件中有无法识别的内容：{error}", f"something cannot be read: {error}")], USAGE


#: What may stop a command, and how it is told; the first that fits. A module that is missing is the driver of
#: another kind of database.
_STOPS: dict[type[Exception], Callable[[Any], Told]] = {
    DubanError: _refused,
    ValidationError: _setting,
    ArgumentError: _no_such_database,
    ModuleNotFoundError: _no_such_database,
    DatabaseError: _database,
    OSError: _system,
    CommandError: _newer,
    UnicodeError: _unreadable,
    OverflowError: _unreadable,
}
