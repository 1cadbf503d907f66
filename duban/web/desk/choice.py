"""What was ticked in a ledger, as it travels from form to form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse

from duban.domain.access import Scope
from duban.services.choosing import Chosen
from duban.services.figures import Show
from duban.services.things import LONGEST_NUMBER
from duban.web.ledger_query import NARROWING, Query

#: What of a form is a choice.
FIELDS = (*NARROWING, "show")


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What a form held: every tick, and the words of the filter."""

    chosen: tuple[str, ...]
    everything: bool
    typed: Mapping[str, str]

    def within(self, notice: str, scope: Scope) -> Chosen:
        """The choice within what somebody may do."""
        show = self.typed.get("show", "")
        return Chosen(
            notice=notice,
            ticked=frozenset(self.chosen),
            everything=self.everything,
            show=Show(show) if show in set(Show) else Show.ALL,
            scope=scope,
            **{name: self.typed.get(name, "") for name in NARROWING},
        )

    @property
    def hidden(self) -> tuple[tuple[str, str], ...]:
        """The same, for the next form."""
        words = [(name, self.typed[name]) for name in FIELDS if self.typed.get(name)]
        ticks = [] if self.everything else [("chosen", key) for key in self.chosen]
        return (*words, *ticks, *([("everything", "yes")] if self.everything else []))

    def in_ledger(self, notice: str, problem: str) -> RedirectResponse:
        """Back to the ledger as it was narrowed, with a line that says why (a word of ``after.PROBLEMS``)."""
        page = self.typed.get("page", "")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < LONGEST_NUMBER else 1
        query = Query.read(notice, self.typed, page=number)
        url = query.url(page=query.page)
        return RedirectResponse(f"{url}{'&' if '?' in url else '?'}done={problem}", status_code=303)


async def _ticked(request: Request) -> Ticked:
    form = await request.form()
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    chosen = tuple(dict.fromkeys(value for value in form.getlist("chosen") if isinstance(value, str)))
    return Ticked(chosen=chosen, everything=typed.get("everything") == "yes", typed=typed)


Choosing = Annotated[Ticked, Depends(_ticked)]
