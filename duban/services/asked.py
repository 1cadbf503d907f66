"""What a colleague who was asked may look at: that one material, as it stands, without personal data. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.checks import Finding, check
from duban.domain.errors import NotFound
from duban.domain.notice import Notice
from duban.services.consulting import open_question
from duban.services.inspecting import handed_of
from duban.services.opinions import Asked
from duban.services.records import Records
from duban.services.sheet import File
from models import ObligationRow
from models.material import Material, files_of, material_of
from models.obligation import by_ids
from models.submission import last_submissions


@dataclass(frozen=True, kw_only=True)
class AskedSheet:
    """A question with what it is about."""

    asked: Asked
    notice: Notice
    #: the files hold personal data: they are not shown by a bare link
    is_personal: bool
    is_nil: bool
    files: tuple[File, ...]
    findings: tuple[Finding, ...]


def asked_sheet(session: Session, token: str, *, now: datetime) -> AskedSheet | None:
    """What the link of a question opens; None for one that is not good. Once it is decided, no files any more."""
    asked = open_question(session, token, now=now)
    if asked is None:
        return None
    records, row = Records(session), _row(session, asked)
    deliverable, notice = records.deliverable(row), records.definition(row.notice_id, row.deliverable)
    shown = _files(session, records, row, asked)
    handed = handed_of(session, shown)
    return AskedSheet(
        asked=asked,
        notice=notice,
        is_personal=deliverable.personal,
        is_nil=row.is_nil,
        files=tuple(File(material=one, handed=read) for one, read in zip(shown, handed, strict=True)),
        findings=check(deliverable, notice, handed) if shown else (),
    )


def asked_material(session: Session, token: str, number: int, *, now: datetime) -> Material:
    """One file of what is asked about; NotFound for any other."""
    asked, file = open_question(session, token, now=now), material_of(session, number)
    if asked is not None and file is not None:
        shown = _files(session, Records(session), _row(session, asked), asked)
        if file.id in {one.id for one in shown}:
            return file
    raise NotFound("没有这个文件", "no such file")


def _row(session: Session, asked: Asked) -> ObligationRow:
    number = asked.opinion.obligation_id
    return by_ids(session, [number])[number]


def _files(session: Session, records: Records, row: ObligationRow, asked: Asked) -> list[Material]:
    """The files that stand, while the question does."""
    last = last_submissions(session, [row.id or 0]).get(row.id or 0)
    if last is None or not asked.stands or records.deliverable(row).personal:
        return []
    return files_of(session, [last])[last]
