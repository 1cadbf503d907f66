"""The receipt page: what was received, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.caps import size_phrase
from duban.domain.terms import Status
from duban.services.handing_in import HandingIn, Piece, handing_in
from duban.services.receipts import Receipt
from duban.web.language.saying import say
from duban.web.unit.page_view import todo
from duban.web.words import day


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file with its hash."""

    name: str
    size: str
    sha256: str
    url: str


class ReceiptView:
    """One receipt."""

    def __init__(self, receipt: Receipt, page: HandingIn, *, now: datetime) -> None:
        self._receipt, self._page, self._now = receipt, page, now
        self.number, self.at, self.note, self.is_nil = receipt.number, receipt.at, receipt.note, receipt.is_nil
        self.notice, self.unit, self.deliverable = page.notice, page.unit, receipt.deliverable_name
        self.url = f"/units/{receipt.unit_id}/notices/{receipt.notice_id}"
        self.open_count = len(page.open)
        self.todo = todo(page, now)

    @classmethod
    def of(cls, session: Session, receipt: Receipt, *, now: datetime) -> "ReceiptView":
        """With what the unit still owes."""
        return cls(receipt, handing_in(session, receipt.notice_id, receipt.unit_id, now=now), now=now)

    @property
    def _piece(self) -> Piece:
        return next(piece for piece in self._page.pieces if piece.column.key == self._receipt.deliverable)

    @property
    def late(self) -> str:
        """``逾期报送``."""
        due = self._piece.row.due_at
        return say("按逾期报送登记") if due and self._receipt.at >= due and self._receipt.round == 1 else ""

    @property
    def next_step(self) -> str:
        """What happens now."""
        if self._receipt.withdrawn_at:
            return say("已撤回，请改好后再次报送。")
        row = self._piece.row
        waits = say("、").join(track.name for track in self._piece.tracked.open)
        if waits and row.status in (Status.PENDING, Status.RETURNED):
            return say("{waits}还没有报送，寄出后请登记。", waits=waits)
        until = say("请于{due_day}前补正", due_day=day(row.due_day, self._now)) if row.due_day else say("请补正")
        words = {
            Status.SUBMITTED: say("等待审核。审核前可以撤回；退回的，会有邮件写明理由和补正期限。"),
            Status.COMPLETED: say("已办结，不需再办。"),
            Status.RETURNED: say("已退回，{until}。", until=until),
        }
        return words.get(Status(row.status), "")

    @property
    def files(self) -> list[Kept]:
        """The files in order, as they can be fetched."""
        kept = {file.sha256: file for file in self._files()}
        return [
            Kept(name=file.name, size=size_phrase(file.size), sha256=file.sha256, url=kept[file.sha256].url)
            for file in self._receipt.files
            if file.sha256 in kept
        ]

    def _files(self) -> list["_Found"]:
        versions = [version for version in self._piece.versions if version.submission == self._receipt.submission]
        return [_Found(sha256=f.sha256, url=f"/files/{f.id}") for version in versions for f in version.files]


@dataclass(frozen=True, kw_only=True)
class _Found:
    sha256: str
    url: str
