"""The files of an obligation: the draft that the next submission takes with it, and every version handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import InputRefused, NotFound
from duban.domain.file_name import clean, distinct
from duban.services.intake import Asked, candidate, open_to_files, owing
from models import SubmissionRow
from models.material import Material, change_draft, drafts_of, files_of, put_positions, renew_drafts
from models.submission import submissions_of


@dataclass(frozen=True, kw_only=True)
class Version:
    """One submission with its files."""

    submission: int
    round: int
    at: datetime
    is_nil: bool
    note: str
    withdrawn_at: datetime | None
    #: in order
    files: tuple[Material, ...]


def drafts(session: Session, asked: Asked) -> list[Material]:
    """The files that the next submission will take with it, in order; NotFound."""
    return drafts_of(session, owing(session, asked).id)


def versions(session: Session, asked: Asked) -> list[Version]:
    """Every submission with its files, withdrawn ones too, the oldest first; NotFound."""
    rows = submissions_of(session, owing(session, asked).id)
    files = files_of(session, [row.id or 0 for row in rows])
    return [version_of(row, files[row.id or 0]) for row in rows]


def version_of(row: SubmissionRow, files: Sequence[Material]) -> Version:
    """One submission with its files."""
    return Version(
        submission=row.id or 0,
        round=row.round,
        at=row.at,
        is_nil=row.is_nil,
        note=row.note,
        withdrawn_at=row.withdrawn_at,
        files=tuple(files),
    )


def remove(session: Session, asked: Asked, number: int, *, now: datetime) -> None:
    """Take a draft out; what was handed in before keeps its copy. NotFound, ActRefused."""
    _, draft = _draft(session, asked, number)
    change_draft(session, draft.id, removed_at=now)


def rename(session: Session, asked: Asked, number: int, name: str) -> str:
    """Call a draft otherwise; answers the name that it has then. NotFound, ActRefused."""
    others, draft = _draft(session, asked, number)
    shown = distinct(clean(name), [other.name for other in others])
    change_draft(session, draft.id, name=shown)
    return shown


def assign(session: Session, asked: Asked, number: int, item: str) -> None:
    """Say which candidate a draft is about; empty: the whole material. NotFound, ActRefused."""
    _, draft = _draft(session, asked, number)
    change_draft(session, draft.id, item=candidate(item))


def reorder(session: Session, asked: Asked, numbers: Sequence[int]) -> None:
    """Put the drafts in this order: all of them, each once. NotFound, ActRefused; InputRefused for another list."""
    row = open_to_files(session, asked)
    if sorted(numbers) != sorted(draft.id for draft in drafts_of(session, row.id)):
        zh = "文件清单已有变动，请刷新后再调整次序"
        raise InputRefused(zh, "the list of files has changed: reload, then put them in order")
    put_positions(session, numbers)


def keep_former(session: Session, asked: Asked, *, now: datetime) -> list[Material]:
    """The files of the last submission as a draft, to replace one of them and keep the others; answers the draft.

    A draft that has begun stays as it is. After a return, a withdrawal and a reopening this is done already.
    """
    row = open_to_files(session, asked)
    renew_drafts(session, row.id, at=now)
    return drafts_of(session, row.id)


def _draft(session: Session, asked: Asked, number: int) -> tuple[list[Material], Material]:
    """One draft of this obligation, and the others; NotFound, ActRefused."""
    found = drafts_of(session, open_to_files(session, asked).id)
    for draft in found:
        if draft.id == number:
            return [other for other in found if other is not draft], draft
    raise NotFound("没有这个文件，或已经删去", "no such file, or it was taken out")
