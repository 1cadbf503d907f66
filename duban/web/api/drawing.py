"""The doors of the interface as a table for ``docs/api.md``."""

from collections.abc import Iterator

from fastapi.routing import APIRoute

from duban.web.api import files, lists, obligations, supplements
from duban.web.api.refusals import ROOT
from duban.web.rules import Rule

_EACH_ACT = "each act is its own"


def drawn() -> str:
    """Method, address, what a caller must be allowed to (``docs/access.md``), and what it does."""
    head = "| | address | deed | what |\n|---|---|---|---|\n"
    return head + "".join(_rows())


def _rows() -> Iterator[str]:
    for door in (lists, obligations, files, supplements):
        for route in door.router.routes:
            if isinstance(route, APIRoute):
                rule: Rule = route.endpoint.rule  # type: ignore[attr-defined]
                said = (route.endpoint.__doc__ or "").strip()
                path = route.path.removeprefix(ROOT)
                yield f"| {', '.join(sorted(route.methods or ()))} | `{path}` | {rule.deed or _EACH_ACT} | {said} |\n"
