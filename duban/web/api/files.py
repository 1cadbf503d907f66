"""Files for programs: sent as they are, listed with what a check finds, taken out of the draft, fetched."""

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import FileResponse
from sqlmodel import Session

from duban.domain.access import Thing
from duban.domain.checks import verdict
from duban.domain.deeds import Deed
from duban.domain.errors import InputRefused, NotFound
from duban.services.inspecting import findings
from duban.services.intake import owing
from duban.services.materials import remove
from duban.services.records import Records
from duban.services.things import material
from duban.services.uploading import add
from duban.web.api import answers, telling
from duban.web.api.bodies import BYTES, chunks
from duban.web.api.doors import doors
from duban.web.api.obligations import HERE, At
from duban.web.api.refusals import TooMuch
from duban.web.rules import Params, needs, obligation_of
from duban.web.visit import Visiting
from duban.web.words import ZONE
from models.material import drafts_of, material_of
from models.session import keeping

router = doors()
FILES = f"{HERE}/files"
Name = Annotated[str, Query(min_length=1, max_length=255)]
Item = Annotated[str, Query(max_length=100)]


def file_thing(session: Session, params: Params) -> Thing:
    """The obligation of a file."""
    return material(session, params["file"])


@router.get(FILES)
@needs(Deed.SEE_FILES, thing=obligation_of)
def drafts(visit: Visiting, at: At) -> answers.Files:
    """What the next submission will take with it, and what a check finds in it."""
    with visit.reading() as session:
        records, row = Records(session), owing(session, at)
        zone = records.notice(at.notice).tz
        found = drafts_of(session, row.id)
        judged = findings(records, row, found)
    files = tuple(telling.file(one, lambda moment: moment and moment.astimezone(zone)) for one in found)
    return answers.Files(files=files, verdict=verdict(judged).zh, findings=judged)


@router.post(FILES, status_code=201, openapi_extra=BYTES)
@needs(Deed.UPLOAD, thing=obligation_of, streams=True)
def upload(visit: Visiting, at: At, request: Request, name: Name, item: Item = "") -> answers.File:
    """A file into the draft: the body is the file, safe on the disk when the answer comes."""
    try:
        kept = add(
            visit.duban.engine,
            visit.duban.store,
            at,
            name=name,
            chunks=chunks(request),
            item=item,
            by=visit.by,
            now=visit.now,
        )
    except InputRefused as error:
        # the caps are all that an upload is refused for
        raise TooMuch(error.zh, error.en) from error
    return telling.file(kept, lambda moment: moment and moment.astimezone(ZONE))


@router.delete(f"{FILES}/{{file}}", status_code=204)
@needs(Deed.UPLOAD, thing=obligation_of)
def take_out(visit: Visiting, at: At, file: int) -> Response:
    """Take a file out of the draft; what was handed in keeps its copy."""
    with keeping(visit.duban.engine) as session:
        remove(session, at, file, now=visit.now)
    return Response(status_code=204)


@router.get("/files/{file}", response_class=FileResponse)
@needs(Deed.SEE_FILES, thing=file_thing)
def fetch(visit: Visiting, file: int) -> FileResponse:
    """A file as it was handed in; to be saved, never shown."""
    with visit.reading() as session:
        found = material_of(session, file)
    if found is None or found.removed_at:
        raise NotFound("没有这个文件，或已经删去", "no such file, or it was taken out")
    path = visit.duban.store.find(found.sha256)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(path, filename=found.name, media_type="application/octet-stream", headers=headers)
