"""What a reader of a ledger asked for, as it stands in the address: every link keeps what it does not change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from duban.services.board import Part
from duban.services.figures import Show
from duban.web.language.saying import label

View = Literal["matrix", "rows"]

#: Units on one page of the matrix, obligations on one page of the list.
PAGE = {"matrix": 50, "rows": 100}
#: The words of an address that narrow a ledger, whatever of it is shown; every form and link carries them all.
NARROWING = ("unit", "stage", "under", "material", "step")
#: Far beyond the last page of any ledger.
LAST_PAGE = 100_000

#: Figures in the order in which they are read, with their names.
NAMES = {
    Show.OWED: label("应报"),
    Show.COMPLETED: label("已办结"),
    Show.REVIEW: label("待审"),
    Show.MISSING: label("未报"),
    Show.OVERDUE: label("逾期"),
    Show.NEAR: label("临近"),
    Show.RETURNED: label("退回补正"),
    Show.WAIVED: label("免报"),
    Show.UNDATED: label("未定期限"),
    Show.ALL: label("全部"),
}
#: Shown also when nothing is counted.
ALWAYS = (Show.OWED, Show.COMPLETED, Show.REVIEW, Show.MISSING, Show.OVERDUE, Show.ALL)


@dataclass(frozen=True, kw_only=True)
class Query:
    """The part of a ledger that is asked for."""

    notice: str
    #: None: what is missing, or all where nothing is
    show: Show | None = None
    unit: str = ""
    stage: str = ""
    #: a unit, and all below it
    under: str = ""
    #: a deliverable with all its occurrences, and a step of review: as boxes of the flow view ask
    material: str = ""
    step: str = ""
    view: View = "matrix"
    page: int = 1

    @classmethod
    def read(cls, notice: str, words: Mapping[str, str], *, page: int = 1) -> "Query":
        """From the words of an address; one that is not known asks for nothing special."""
        show = words.get("show", "")
        return cls(
            notice=notice,
            show=Show(show) if show in set(Show) else None,
            view="rows" if words.get("view") == "rows" else "matrix",
            page=min(max(1, page), LAST_PAGE),
            **{name: words.get(name, "") for name in NARROWING},
        )

    @property
    def narrowed(self) -> dict[str, str]:
        """The words that narrow it."""
        return {name: getattr(self, name) for name in NARROWING if getattr(self, name)}

    @property
    def whole_url(self) -> str:
        """The address without them."""
        return self.url(**dict.fromkeys(NARROWING, ""))

    @property
    def part(self) -> Part:
        """What the record is asked for."""
        size, by_unit = PAGE[self.view], self.view == "matrix"
        shown = Part(show=self.show, by_unit=by_unit, page=self.page, size=size)
        return replace(shown, **self.narrowed)  # type: ignore[arg-type]

    def url(self, **changes: object) -> str:
        """The address of this query with other values, on its first page unless a page is named."""
        return f"/notices/{self.notice}" + self._words(changes)

    def names_url(self, **changes: object) -> str:
        """The address of the lists of names."""
        return f"/notices/{self.notice}/names" + self._words({"view": "matrix", **changes})

    def xlsx_url(self, show: Show) -> str:
        """The address of the workbook of what is shown."""
        return f"/notices/{self.notice}/ledger.xlsx" + self._words({"show": show})

    def _words(self, changes: dict[str, object]) -> str:
        asked = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        said = {
            "show": asked.show or "",
            **asked.narrowed,
            "view": "rows" if asked.view == "rows" else "",
            "page": str(asked.page) if asked.page > 1 else "",
        }
        words = urlencode({key: value for key, value in said.items() if value})
        return f"?{words}" if words else ""
