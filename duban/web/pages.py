"""Templates into HTML: everything is escaped, nothing is undefined."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from duban.domain.kinds import kind_words
from duban.web import words
from duban.web.ledger_view import total_words

FOLDER = Path(__file__).parent


def render(template: str, **values: Any) -> str:
    """A page."""
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("day", "day_and_weekday", "moment", "stamp", "zone_words", "listed", "due_day"):
        found.filters[name] = getattr(words, name)
    found.filters["kind_words"] = kind_words
    found.globals["totals"] = total_words
    return found
