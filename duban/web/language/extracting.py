"""Every message of the pages, by the file that says it: what the catalogues must hold, and nothing else."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import normalize

from duban.web.language import templates
from duban.web.language.catalogue import catalogue

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


def main() -> None:
    """Print what has no English yet as entries for a catalogue, and after them the entries that nobody says."""
    said, held = used(), catalogue()
    for zh, files in said.items():
        if zh not in held:
            sys.stdout.write(f'#: {" ".join(files)}\nmsgid {normalize(zh)}\nmsgstr ""\n\n')
    for zh in held.keys() - said.keys():
        sys.stdout.write(f"# dead: {zh}\n")


if __name__ == "__main__":
    main()
