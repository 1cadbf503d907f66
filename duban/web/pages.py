"""Templates into HTML: everything is escaped, nothing is undefined."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from duban.web import words
from duban.web.language.data import in_its_language
from duban.web.language.saying import Language, is_english, language
from duban.web.language.templates import InEnglish
from duban.web.ledger_view import total_words

FOLDER = Path(__file__).parent


def render(template: str, **values: Any) -> str:
    """A page, in the language of its reader."""
    page = _templates(language()).get_template(template).render(**values)
    return in_its_language(page) if is_english() else page


@cache
def _templates(spoken: Language) -> Environment:
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[InEnglish] if spoken is Language.ENGLISH else [],
    )
    for name in ("day", "day_and_weekday", "moment", "stamp", "stamp_with_zone", "listed", "due_day", "kind_words"):
        found.filters[name] = getattr(words, name)
    found.globals |= {"totals": total_words, "lang": spoken.value}
    return found
