"""Handing in a draft: what does not meet a demand goes in all the same, with a word of explanation."""

from datetime import datetime

from sqlmodel import Session

from duban.domain.checks import needs_remark, verdict
from duban.domain.errors import ActRefused
from duban.domain.terms import Act
from duban.services.acting import act
from duban.services.inspecting import findings
from duban.services.intake import Asked, open_to_files
from duban.services.records import Records
from duban.services.request import Request
from duban.services.tracking import tracks_of
from models.material import drafts_of


def submit(session: Session, asked: Asked, *, note: str = "", by: str, now: datetime) -> int:
    """Hand in the draft of an obligation, all tracks but paper; answers the event's number.

    ActRefused where the checks find a gap and ``note`` says nothing of it; NotFound.
    """
    records, row = Records(session), open_to_files(session, asked)
    found = findings(records, row, drafts_of(session, row.id))
    if needs_remark(found) and not note.strip():
        zh = f"核对未全部符合（{verdict(found).zh}）。仍要报送的，请在说明中写明原因"
        raise ActRefused(zh, "the checks found a gap: say why it is handed in all the same")
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
