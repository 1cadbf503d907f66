"""Every message of the pages, by the file that says it: what the catalogues must hold, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from duban.web.language import templates

WEB = Path(__file__).parents[1]


def used() -> dict[str, list[str]]:
    """Message → the files that use it, in their order."""
    found: dict[str, list[str]] = {}
    for path in sorted([*WEB.rglob("*.html"), *WEB.rglob("*.py")]):
        name = path.relative_to(WEB).as_posix()
        for zh in _of(path):
            if name not in found.setdefault(zh, []):
                found[zh].append(name)
    return found


def _of(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    return templates.messages(source) if path.suffix == ".html" else spoken(source)


def spoken(source: str) -> Iterator[str]:
    """What a module says by ``say`` and ``label``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "label"):
            first = node.args[0]
            is_elsewhere = any(keyword.arg == "en" for keyword in node.keywords)
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and not is_elsewhere:
                yield first.value
