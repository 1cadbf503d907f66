"""The large parts of a ledger laid out: each figure a link to its rows. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from duban.services.breakdown import OTHER, OWN, Breakdown, Share
from duban.services.figures import Show
from duban.web.language.saying import label, say
from duban.web.ledger_query import NAMES, Query

#: The columns, in the order in which they are read.
COLUMNS = (
    *(Show.OWED, Show.COMPLETED, Show.REVIEW, Show.MISSING),
    *(Show.OVERDUE, Show.NEAR, Show.RETURNED, Show.WAIVED),
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A row; a figure without an address is not a link."""

    name: str
    #: count and address, column by column
    figures: tuple[tuple[int, str], ...]


#: Parts that are no unit of the register.
_OURS = {OWN: label("直属单位（含各分支本级）"), OTHER: label("其他单位")}


class BreakdownView:
    """Both tables."""

    def __init__(self, found: Breakdown) -> None:
        self._found = found
        self.figures = found.figures
        self.heads = tuple(NAMES[show] for show in COLUMNS)

    @property
    def branches(self) -> list[Part]:
        """By the units right below the issuer."""
        return [self._part(share, {"under": share.key} if share.key else None) for share in self._found.by_branch]

    @property
    def materials(self) -> list[Part]:
        """By material."""
        return [self._part(share, {"stage": self._found.stages[share.key]}) for share in self._found.by_material]

    @property
    def total(self) -> Part:
        """All of it."""
        return self._part(Share(key="", name=say("合计"), figures=self.figures), {})

    def _part(self, share: Share, narrowed: dict[str, str] | None) -> Part:
        return Part(
            name=str(_OURS.get(share.name, share.name) if not share.key else share.name),
            figures=tuple(self._figures(share, narrowed)),
        )

    def _figures(self, share: Share, narrowed: dict[str, str] | None) -> Iterable[tuple[int, str]]:
        # one address for the whole row: a hundred rows have eight figures each
        url = "" if narrowed is None else Query(notice=self._found.notice.id, show=Show.ALL).url(**narrowed)
        for show in COLUMNS:
            count = share.figures[show]
            yield count, url.replace(f"show={Show.ALL}", f"show={show}") if count else ""
