"""Handing in a draft: what does not meet a demand goes in all the same, with a word of explanation."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from duban.domain.checks import needs_remark, to_remove, verdict
from duban.domain.errors import ActRefused
from duban.domain.terms import Act
from duban.services.acting import act
from duban.services.inspecting import findings
from duban.services.intake import Asked, open_to_files, owing
from duban.services.records import Records
from duban.services.request import Request
from duban.services.tracking import tracks_of
from models.material import Material, drafts_of
from models.obligation import Owed


def submit(session: Session, asked: Asked, *, note: str = "", by: str, now: datetime) -> int:
    """Hand in the draft of an obligation, all tracks but paper; answers the event's number.

    ActRefused where the checks find a gap and ``note`` says nothing of it; NotFound.
    """
    records, row = Records(session), open_to_files(session, asked)
    _check(records, row, drafts_of(session, row.id), note)
    tracks = tracks_of(records, [row])[row.id].tracks
    request = Request(
        notice=asked.notice,
        unit=asked.unit,
        deliverable=asked.deliverable,
        act=Act.SUBMIT,
        note=note.strip(),
        by_person=by,
        tracks=tuple(track.position for track in tracks if track.medium != "paper"),
    )
    return act(session, request, now=now)


def check_explained(session: Session, request: Request) -> None:
    """Files that do not meet a demand need a word of explanation, whichever way they are handed in.

    Of what comes without files (on paper, by mail) there is nothing to check. ActRefused; NotFound.
    """
    if request.act is not Act.SUBMIT:
        return
    Records(session).notice(request.notice)
    row = owing(session, Asked(notice=request.notice, unit=request.unit, deliverable=request.deliverable))
    drafts = drafts_of(session, row.id)
    if drafts:
        _check(Records(session), row, drafts, request.note)


def _check(records: Records, row: Owed, drafts: Sequence[Material], note: str) -> None:
    found = findings(records, row, drafts)
    if programs := to_remove(found):
        zh = f"{'、'.join(programs)}是程序文件，不能作为材料报送，请移除后再报"
        raise ActRefused(zh, f"a program is no material: remove {', '.join(programs)}")
    if needs_remark(found) and not note.strip():
        zh = f"核对未全部符合（{verdict(found).zh}）。仍要报送的，请在说明中写明原因"
        raise ActRefused(zh, "the checks found a gap: say why it is handed in all the same")
