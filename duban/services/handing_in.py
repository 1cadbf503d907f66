"""What a unit sees of one notice: each material with what is asked, what is there, and what can be done. Reads only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.checks import Finding
from duban.domain.notice import Deliverable, Duty, Notice
from duban.domain.roster import Unit
from duban.domain.terms import Act, Status
from duban.services.board import Board, Cell, Part, board, check_asked
from duban.services.columns import Column
from duban.services.desk import Own, own
from duban.services.figures import Show
from duban.services.inspecting import are_read, findings
from duban.services.letters import office_to_ask
from duban.services.materials import Version, version_of
from duban.services.possible import possible
from duban.services.postponing import first_days
from duban.services.records import Records
from duban.services.tracking import Tracked, tracks_of
from models import ExtensionRequestRow, ReviewRow
from models.extension import open_requests
from models.material import Material, drafts_about, files_of
from models.obligation import Owed, owed_by_ids
from models.submission import reviews_of, submissions_about
from notifications.letter import Office

#: Occurrences of a recurring duty on one page.
MOST = 400


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One material that the unit owes."""

    cell: Cell
    column: Column
    row: Owed
    tracked: Tracked
    #: the files that the next submission takes with it, in order
    drafts: tuple[Material, ...]
    #: all of them have been read
    is_read: bool
    findings: tuple[Finding, ...]
    #: the oldest first
    versions: tuple[Version, ...]
    #: the oldest first
    reviews: tuple[ReviewRow, ...]
    #: a later day that is asked for and not answered
    request: ExtensionRequestRow | None
    #: the day that was due when the round began
    first_day: date | None
    #: acts that would not be refused now
    may: frozenset[Act]

    @property
    def deliverable(self) -> Deliverable:
        return self.column.deliverable

    @property
    def is_open(self) -> bool:
        """The unit must move."""
        return self.row.status in (Status.PENDING, Status.RETURNED)


@dataclass(frozen=True, kw_only=True)
class HandingIn:
    """The page of a unit for one notice."""

    notice: Notice
    unit: Unit
    board: Board
    pieces: tuple[Piece, ...]
    duties: tuple[Duty, ...]
    #: the other notices of the unit with something open
    others: tuple[Own, ...]
    ask: Office

    @property
    def open(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.is_open)


def handing_in(session: Session, notice_id: str, unit_id: str, *, now: datetime) -> HandingIn:
    """What one unit owes of a notice as of ``now``; NotFound."""
    part = Part(unit=unit_id, show=Show.ALL, by_unit=False, size=MOST)
    found = board(session, notice_id, part, now=now)
    check_asked(found)
    records = Records(session)
    return HandingIn(
        notice=found.notice,
        unit=records.unit(unit_id),
        board=found,
        pieces=tuple(_pieces(records, found, now)),
        duties=tuple(duty for duty in found.notice.duties if _is_bound(found, duty)),
        others=tuple(others_of(session, notice_id, unit_id)),
        ask=office_to_ask(records, found.notice),
    )


def _pieces(records: Records, found: Board, now: datetime) -> list[Piece]:
    session, ids = records.session, [cell.obligation for cell in found.cells]
    rows = owed_by_ids(session, ids)
    tracked, requests = tracks_of(records, list(rows.values())), open_requests(session, ids)
    drafts, versions = drafts_about(session, ids), _versions(session, ids)
    reviews: dict[int, list[ReviewRow]] = defaultdict(list)
    for review in reviews_of(session, ids):
        reviews[review.obligation_id].append(review)
    days = first_days(records, list(rows.values()))
    columns = {column.key: column for column in found.columns}
    return [
        Piece(
            cell=cell,
            column=columns[cell.entry.deliverable],
            row=rows[cell.obligation],
            tracked=tracked[cell.obligation],
            drafts=tuple(drafts[cell.obligation]),
            is_read=are_read(drafts[cell.obligation]),
            findings=_findings(records, rows[cell.obligation], drafts[cell.obligation]),
            versions=tuple(versions[cell.obligation]),
            reviews=tuple(reviews[cell.obligation]),
            request=requests.get(cell.obligation),
            first_day=days[cell.obligation],
            may=frozenset(possible(records, rows[cell.obligation], now=now)),
        )
        for cell in found.cells
    ]


def _findings(records: Records, row: Owed, drafts: Sequence[Material]) -> tuple[Finding, ...]:
    """Before the first file nothing is missing yet: the page says what is asked."""
    return findings(records, row, drafts) if drafts else ()


def _versions(session: Session, obligations: Sequence[int]) -> dict[int, list[Version]]:
    rows = submissions_about(session, obligations)
    files = files_of(session, [row.id or 0 for row in rows])
    found: dict[int, list[Version]] = {number: [] for number in obligations}
    for row in rows:
        found[row.obligation_id].append(version_of(row, files[row.id or 0]))
    return found


def _is_bound(found: Board, duty: Duty) -> bool:
    mine = {planned.class_name for column in found.columns for planned in column.planned}
    names = {found.notice.classes[name].name for name in duty.who}
    return not names or bool(names & mine)


def others_of(session: Session, notice: str, unit: str) -> list[Own]:
    """The other notices of which a unit has something open, the newest first."""
    mine = own(session, Scope(units=frozenset({(unit, None)})))
    return [one for one in mine if one.pile.notice != notice and one.pile.open]
