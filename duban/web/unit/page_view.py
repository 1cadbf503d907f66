"""The page of a unit for one notice, laid out. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from duban.services.desk import Own
from duban.services.handing_in import HandingIn, Piece
from duban.web.language.saying import label, say
from duban.web.unit.piece_view import PieceView
from duban.web.words import day, due_day, shared_due


@dataclass(frozen=True, kw_only=True)
class StageView:
    """Materials that share a deadline."""

    id: str
    name: str
    due: str
    items: tuple[PieceView, ...]


@dataclass(frozen=True, kw_only=True)
class OtherView:
    """Another notice of the unit."""

    title: str
    document_number: str
    #: empty: this session has no link to it
    url: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What somebody who looks at the page may do there."""

    #: personal data is not open to this session
    locked: bool = False
    #: hand in, and all that belongs to it
    may_act: bool = True
    #: give a colleague a link
    may_hand_on: bool = False
    #: notices of the unit that this session may open; None: all
    reachable: frozenset[str] | None = None


#: The hours that are meant where nothing else is said.
HOURS = label("工作日 8:30—11:30、13:30—17:00")


class PageView:
    """The whole page."""

    def __init__(self, page: HandingIn, reader: Reader, *, now: datetime) -> None:
        self._page, self._now = page, now
        self.reader = reader
        self.notice, self.unit, self.ask = page.notice, page.unit, page.ask
        self.url = f"/units/{page.unit.id}/notices/{page.notice.id}"
        self.duties = [duty.text for duty in page.duties]
        self.open_count = len(page.open)
        self.todo = todo(page, now)
        self.has_days = any(piece.cell.due_day for piece in page.open)

    @property
    def hours(self) -> str:
        """When the office is there."""
        return str(HOURS) if self.ask.hours == HOURS else self.ask.hours

    @property
    def open_stages(self) -> list[StageView]:
        """What the unit must still hand in, by day; what has none at the end."""
        pieces = sorted(self._page.open, key=_day)
        return list(self._stages(pieces, ""))

    @property
    def done_stages(self) -> list[StageView]:
        """What is handed in or asks for nothing any more, in the notice's order."""
        pieces = [piece for piece in self._page.pieces if not piece.is_open]
        order = [stage.id for stage in self.notice.stages]
        return list(self._stages(sorted(pieces, key=lambda piece: order.index(piece.column.stage.id)), "done-"))

    def _stages(self, pieces: Sequence[Piece], mark: str) -> Iterator[StageView]:
        """In the order of their first pieces."""
        grouped: dict[str, list[Piece]] = {}
        for piece in pieces:
            grouped.setdefault(piece.column.stage.id, []).append(piece)
        for key, found in grouped.items():
            shared = shared_due([piece.column for piece in found], self._page.board.asked.calendar, self._now)
            items = tuple(self._piece(piece, shared) for piece in found)
            yield StageView(id=mark + key, name=found[0].column.stage.name, due=shared, items=items)

    def _piece(self, piece: Piece, shared: str) -> PieceView:
        locked, may_act = self.reader.locked, self.reader.may_act
        return PieceView(self._page, piece, now=self._now, locked=locked, may_act=may_act, shared=shared)

    @property
    def asks_word(self) -> bool:
        """Something here is locked."""
        return self.reader.locked and any(piece.deliverable.personal for piece in self._page.pieces)

    @property
    def others(self) -> list[OtherView]:
        return [self._other(one) for one in self._page.others]

    def _other(self, one: Own) -> OtherView:
        reachable = self.reader.reachable
        is_open = reachable is None or one.pile.notice in reachable
        due = say("，最近一件{next_due}截止", next_due=due_day(one.next_due, self._now)) if one.next_due else ""
        return OtherView(
            title=one.notice_title,
            document_number=one.document_number,
            url=f"/units/{one.pile.unit}/notices/{one.pile.notice}" if is_open else "",
            note=say("还有{open}件{due}", open=one.pile.open, due=due),
        )

    @property
    def has_locked(self) -> bool:
        """A notice of the unit is behind a link that this session has not."""
        return any(not other.url for other in self.others)


def _day(piece: Piece) -> tuple[bool, date]:
    return piece.cell.due_day is None, piece.cell.due_day or date.max


def todo(page: HandingIn, now: datetime) -> str:
    """``还有4件要报，其中1件已过期限，请尽快报送，最近一件10月15日截止，剩3个工作日。``"""
    if not page.open:
        return say("这份通知要报的材料都已报送。") if page.pieces else say("这份通知没有要本单位报送的材料。")
    late = [piece for piece in page.open if piece.row.due_at and now >= piece.row.due_at]
    dated = [piece for piece in page.open if piece.cell.due_day and piece not in late]
    parts = [say("还有{count}件要报", count=len(page.open))]
    if late:
        parts.append(say("其中{count}件已过期限，请尽快报送", count=len(late)))
    if dated:
        parts.append(_nearest(min(dated, key=lambda piece: piece.row.due_at or now), now))
    return say("，").join(parts) + say("。")


def _nearest(piece: Piece, now: datetime) -> str:
    assert piece.cell.due_day
    left, due = piece.cell.workdays_left, piece.cell.due_day
    words = (
        say("今日截止")
        if due == now.date()
        else say("剩{left}个工作日", left=left)
        if left
        else say("已是最后一个工作日")
    )
    return say("最近一件{due}截止，{words}", due=day(due, now), words=words)
