"""What a reader of a ledger asked for, as it stands in the address: every link keeps what it does not change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from duban.services.board import Board, Cell
from duban.services.figures import Figures, Show

View = Literal["matrix", "rows"]

#: Figures in the order in which they are read, with their names.
NAMES = {
    Show.OWED: "应报",
    Show.COMPLETED: "已办结",
    Show.REVIEW: "待审",
    Show.MISSING: "未报",
    Show.OVERDUE: "逾期",
    Show.NEAR: "临近",
    Show.RETURNED: "退回补正",
    Show.WAIVED: "免报",
    Show.UNDATED: "未定期限",
    Show.ALL: "全部",
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
    view: View = "matrix"
    page: int = 1

    @classmethod
    def read(cls, notice: str, *, show: str, unit: str, stage: str, view: str, page: int) -> "Query":
        """From an address; a word that is not known asks for nothing special."""
        return cls(
            notice=notice,
            show=Show(show) if show in set(Show) else None,
            unit=unit,
            stage=stage,
            view="rows" if view == "rows" else "matrix",
            page=max(1, page),
        )

    def shown(self, figures: Figures) -> Show:
        """What is shown: who has not handed in, unless something else is asked for or everybody has."""
        return self.show or (Show.MISSING if figures[Show.MISSING] else Show.ALL)

    def within(self, board: Board) -> Iterator[Cell]:
        """The cells of the unit and stage asked for."""
        for cell in board.cells:
            if self.unit in ("", cell.entry.unit) and self.stage in ("", cell.entry.stage):
                yield cell

    def url(self, **changes: object) -> str:
        """The address of this query with other values, on its first page unless a page is named."""
        asked = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        said = {
            "show": asked.show or "",
            "unit": asked.unit,
            "stage": asked.stage,
            "view": "rows" if asked.view == "rows" else "",
            "page": str(asked.page) if asked.page > 1 else "",
        }
        words = urlencode({key: value for key, value in said.items() if value})
        return f"/notices/{asked.notice}" + (f"?{words}" if words else "")
