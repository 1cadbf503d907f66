"""The house: what is imported from where, what is written where, and that drawings and promises are kept."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
PACKAGES = ("duban", "flows", "models", "notifications", "deployments")


def sources() -> list[Path]:
    """Our own Python files, tests aside."""
    return [path for name in (*PACKAGES, "bench") for path in sorted((HOUSE / name).rglob("*.py"))]


@pytest.mark.parametrize("name", PACKAGES)
def test_each_top_level_package_is_ours(name: str) -> None:
    """An editable install puts the repository last: a third-party ``models`` would win."""
    found = importlib.import_module(name).__file__
    assert found is not None
    assert Path(found).is_relative_to(HOUSE)


@cache
def imported(path: Path) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """What a file imports, at any depth."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))


def imports(path: Path) -> set[str]:
    """The names that a file imports, at any depth."""
    found = set()
    for node in imported(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif node.module:
            found.add(node.module)
    return found


def sql_names(path: Path) -> set[str]:
    """What a file takes from SQLAlchemy and SQLModel."""
    return {
        alias.name
        for node in imported(path)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("sqlalchemy", "sqlmodel")
        for alias in node.names
    }


def rooted(path: Path, *roots: str) -> set[str]:
    return {name for name in imports(path) if name.split(".")[0] in roots}


@pytest.mark.parametrize(
    ("libraries", "allowed"),
    [
        (("prefect",), ("flows/", "deployments/")),
        (("yagmail",), ("notifications/post.py", "bench/mails.py")),
        (("smtplib",), ()),
        (("alembic",), ("models/", "duban/cli/main.py")),
        (("docx", "openpyxl"), ("duban/papers/", "duban/reading/")),
        (("segno",), ("duban/papers/",)),
    ],
)
def test_each_library_stays_in_its_room(libraries: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    outside = {}
    for path in sources():
        room = path.relative_to(HOUSE).as_posix()
        names = rooted(path, *libraries)
        if names and not room.startswith(allowed or ("\0",)):
            outside[room] = names
    assert outside == {}


#: An engine, a session, and what a database says when it is not well.
ALLOWED = {"Engine", "Session", "OperationalError", "SQLAlchemyError", "DatabaseError", "ArgumentError"}


def test_services_and_doors_hold_no_sql() -> None:
    """They may name an engine or a session; queries are in ``models``."""
    found = {
        path.relative_to(HOUSE).as_posix(): names
        for path in sources()
        if not path.is_relative_to(HOUSE / "models") and (names := sql_names(path) - ALLOWED)
    }
    assert found == {}


def test_only_the_clock_reads_the_time() -> None:
    reading = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|pendulum\.now)\(")
    found = [
        str(path.relative_to(HOUSE))
        for path in sources()
        if not path.is_relative_to(HOUSE / "bench") and reading.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["duban/clock.py"]


def test_modules_stay_small_and_have_no_drawer_names() -> None:
    long = [
        f"{path.relative_to(HOUSE)}: {length}"
        for path in sources()
        if "migrations" not in path.parts and (length := path.read_text(encoding="utf-8").count("\n")) > 300
    ]
    drawers = [p for p in sources() if p.stem in ("utils", "util", "common", "helpers", "base", "manager", "misc")]
    assert (long, drawers) == ([], [])


def test_tests_are_not_packages() -> None:
    """``tests/models/__init__.py`` would shadow ``models``."""
    assert list((HOUSE / "tests").rglob("__init__.py")) == []


def contract() -> Iterator[str]:
    """The sentences of the contract."""
    for line in (HOUSE / "docs" / "contract.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("- "):
            yield line.removeprefix("- ")


@cache
def named() -> set[str]:
    """The sentences (or their beginnings) that tests name."""
    found = set()
    for path in (HOUSE / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.contract":
                found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    return found


def test_every_sentence_of_the_contract_has_a_test_that_names_it() -> None:
    assert [sentence for sentence in contract() if not any(name in sentence for name in named())] == []


def test_every_named_sentence_is_in_the_contract() -> None:
    sentences = list(contract())
    assert sorted(name for name in named() if not any(name in sentence for sentence in sentences)) == []


def test_the_drawing_of_the_states_is_the_table() -> None:
    from duban.domain.drawing import drawn

    assert (HOUSE / "docs" / "states.md").read_text(encoding="utf-8") == drawn()


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = (HOUSE / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert re.findall(r"https?://|--(?:extra-)?index|--find-links", lock) == []
