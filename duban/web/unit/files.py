"""Files of a draft: sent piece by piece with progress, or by a plain form; taken out; fetched."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Body, Form, Path, Query, Request, UploadFile
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from duban.clock import real_now
from duban.domain.deeds import Deed
from duban.domain.errors import Busy, NotFound
from duban.services import materials, uploading
from duban.services.intake import Asked
from duban.web.guard import FILES
from duban.web.rules import material_of, needs, obligation_of
from duban.web.visit import Asking, Visit, Visiting
from models.material import Material
from models.material import material_of as material_on_record
from models.session import keeping

router = APIRouter()
#: A piece that a browser sends at once; more is refused before it is read.
PIECE = 8 * 1024 * 1024
BLOCK = 1024 * 1024
OWED = "/units/{unit}/notices/{notice}/{deliverable}"
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class Announced(BaseModel):
    """A file that is about to come."""

    name: str = Field(min_length=1, max_length=1000)
    size: int = Field(ge=0, le=2**40)


@router.post(OWED + "/uploads", status_code=201)
@needs(Deed.UPLOAD, thing=obligation_of, streams=True)
async def begin(visit: Visiting, asked: Asking, file: Annotated[Announced, Body()]) -> Response:
    """An upload begins, or goes on where it broke off: the same file of the same person."""
    async with visit.inlet.in_turn():
        come = await run_in_threadpool(_begin, visit, asked, file)
    return await run_in_threadpool(_answer, visit, come, 201)


def _begin(visit: Visit, asked: Asked, file: Announced) -> "Come":
    store = visit.duban.store
    with keeping(visit.duban.engine) as session:
        key = uploading.broken_off(session, asked, name=file.name, size=file.size, by=visit.by)
        key = key or uploading.begin_upload(
            session, store, asked, name=file.name, size=file.size, by=visit.by, real_now=real_now()
        )
    return _come(visit, key, uploading.offset(store, key), file.size)


@router.patch(OWED + "/uploads/{key}")
@needs(Deed.UPLOAD, thing=obligation_of, streams=True)
async def go_on(visit: Visiting, asked: Asking, key: str, offset: Annotated[int, Query(ge=0)]) -> Response:
    """The next piece. With the last one the file is a draft, and has been read where that is quick."""
    try:
        async with visit.inlet.in_turn():
            piece = await _piece(visit.request)
            come = await run_in_threadpool(_receive, visit, asked, key, offset, piece)
    except Busy:
        # who is told to come again finishes first: a connection cut in the middle tells nobody anything
        async for _ in visit.request.stream():
            pass
        raise
    return await run_in_threadpool(_answer, visit, come)


def _receive(visit: Visit, asked: Asked, key: str, offset: int, piece: bytes) -> "Come":
    with visit.reading() as session:
        if uploading.whose(session, key) != asked:
            raise NotFound("没有这次上传，请重新选择文件", "no such upload")
        size = uploading.announced_size(session, key)
    engine, store = visit.duban.engine, visit.duban.store
    come = uploading.receive(engine, store, key, offset=offset, chunks=[piece], real_now=real_now())
    return _come(visit, key, come, size)


@dataclass(frozen=True, kw_only=True)
class Come:
    """How far an upload has come."""

    key: str
    offset: int
    #: the draft that it has become
    material: Material | None = None


def _come(visit: Visit, key: str, come: int, size: int) -> Come:
    if come < size:
        return Come(key=key, offset=come)
    draft_ = uploading.finish_upload(visit.duban.engine, visit.duban.store, key, now=visit.now)
    return Come(key=key, offset=come, material=draft_)


def _answer(visit: Visit, come: Come, status: int = 200) -> JSONResponse:
    """What has come is safe by now; reading it takes no place from what still comes."""
    if come.material:
        visit.inlet.read(visit.duban, come.material, now=visit.now)
    found = {"id": come.key, "offset": come.offset, "done": come.material is not None}
    return JSONResponse(found, status_code=status)


async def _piece(request: Request) -> bytes:
    """One piece; what is larger than any is refused while it comes."""
    held = bytearray()
    async for block in request.stream():
        held += block
        if len(held) > PIECE:
            raise HTTPException(413, "一次发送的内容过大")
    return bytes(held)


@router.post(OWED + "/files")
@needs(Deed.UPLOAD, thing=obligation_of)
async def upload(visit: Visiting, asked: Asking, files: Annotated[list[UploadFile], Form()]) -> Response:
    """Some files by a plain form: without script, and for programs."""
    async with visit.inlet.in_turn():
        added = await run_in_threadpool(_add, visit, asked, files)
    await run_in_threadpool(_read, visit, added)
    return _back(asked)


def _add(visit: Visit, asked: Asked, files: list[UploadFile]) -> list[Material]:
    engine, store = visit.duban.engine, visit.duban.store
    return [
        uploading.add(engine, store, asked, name=file.filename, chunks=_blocks(file), by=visit.by, now=visit.now)
        for file in files
        if file.filename
    ]


def _read(visit: Visit, added: list[Material]) -> None:
    for material in added:
        visit.inlet.read(visit.duban, material, now=visit.now)


def _blocks(file: UploadFile) -> Iterator[bytes]:
    while block := file.file.read(BLOCK):
        yield block


@router.post(OWED + "/files/{material}/remove")
@needs(Deed.UPLOAD, thing=obligation_of)
def remove(visit: Visiting, asked: Asking, material: Number) -> Response:
    """Take a file out of the draft."""
    with visit.writing() as session:
        materials.remove(session, asked, material, now=visit.now)
    return _back(asked)


@router.post(OWED + "/files/{material}/item")
@needs(Deed.UPLOAD, thing=obligation_of)
def assign(
    visit: Visiting, asked: Asking, material: Number, item: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Say which candidate a file is about."""
    with visit.writing() as session:
        materials.assign(session, asked, material, item)
    return _back(asked)


@router.post(OWED + "/files/{material}/up")
@needs(Deed.UPLOAD, thing=obligation_of)
def move_up(visit: Visiting, asked: Asking, material: Number) -> Response:
    """Put a file before the one above it: the order of a recommendation is kept as it is given."""
    with visit.writing() as session:
        numbers = [one.id for one in materials.drafts(session, asked)]
        at = numbers.index(material) if material in numbers else 0
        if at:
            numbers[at - 1], numbers[at] = numbers[at], numbers[at - 1]
            materials.reorder(session, asked, numbers)
    return _back(asked)


@router.post(OWED + "/draft")
@needs(Deed.UPLOAD, thing=obligation_of)
def keep_former(visit: Visiting, asked: Asking) -> Response:
    """Begin with the files that were handed in last, to replace some of them."""
    with visit.writing() as session:
        materials.keep_former(session, asked, now=visit.now)
    return _back(asked)


def _back(asked: Asked) -> RedirectResponse:
    place = f"/units/{asked.unit}/notices/{asked.notice}#{quote(asked.deliverable)}"
    return RedirectResponse(place, status_code=303)


@router.get(OWED + "/files/{material}")
@needs(Deed.SEE_FILES, thing=obligation_of)
def draft(visit: Visiting, asked: Asking, material: Number) -> Response:
    """A file of the draft, to look at it once more."""
    with visit.reading() as session:
        found = [one.id for one in materials.drafts(session, asked)]
    if material not in found:
        raise NotFound("没有这个文件，或已经移除", "no such file")
    return fetch(visit, material)


@router.get("/files/{material}")
@needs(Deed.SEE_FILES, thing=material_of)
def fetch(visit: Visiting, material: Number) -> Response:
    """A file as it was handed in: to be kept, never shown by the browser itself."""
    with visit.reading() as session:
        found = material_on_record(session, material)
    if found is None or found.removed_at:
        raise NotFound("没有这个文件，或已经移除", "no such file")
    place = visit.duban.store.path(found.sha256)
    return FileResponse(place, media_type="application/octet-stream", filename=found.name, headers=FILES)
