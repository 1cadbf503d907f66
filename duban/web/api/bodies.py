"""What programs send: an act as JSON, a file as it is. Neither is read before the caller may come in."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Annotated, Any

from anyio import from_thread
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from duban.domain.terms import Act
from duban.services.defining import MOST_BYTES
from duban.services.request import Request as Asked
from duban.web.api.refusals import NotJson, TooMuch

#: Bytes of an act.
MOST = 64 * 1024
#: No database keeps the character NUL.
_TEXT = r"^[^\x00]*$"
_LINE = r"^[^\x00-\x1f\x7f]*$"

Note = Annotated[str, StringConstraints(max_length=2000, pattern=_TEXT)]
Line = Annotated[str, StringConstraints(max_length=100, pattern=_LINE)]
#: The years in which something can be due, posted or received.
Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2199, 12, 31))]


class ActBody(BaseModel):
    """An act with what it needs: a reason, a day, the tracks that it is about."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    act: Act
    note: Note = ""
    #: the new day (return, extend, reopen), or the day wanted (request), included
    due: Day | None = None
    #: from 1; null: those that the act is about by itself
    tracks: Annotated[tuple[Annotated[int, Field(ge=1, le=100)], ...], Field(max_length=100)] | None = None
    courier: Line = ""
    #: the courier's number
    number: Line = ""
    #: posted on, or arrived on; null: today
    day: Day | None = None
    copies: Annotated[int, Field(ge=1, le=1000)] | None = None
    seal_seen: bool | None = None
    #: the colleague who is asked (consult)
    to_name: Line = ""
    to_email: Line = ""

    def asked(self, notice: str, unit: str, deliverable: str, *, by_person: str) -> Asked:
        """The same as the services take it."""
        said = self.model_dump(exclude={"tracks"})
        tracks = None if self.tracks is None else tuple(n - 1 for n in self.tracks)
        return Asked(notice=notice, unit=unit, deliverable=deliverable, by_person=by_person, tracks=tracks, **said)


async def read_act(request: Request) -> ActBody:
    """The act in the body; TooMuch, NotJson, RequestValidationError."""
    try:
        return ActBody.model_validate_json(await _read(request, MOST))
    except ValidationError as error:
        faults: list[Any] = error.errors(include_url=False, include_context=False, include_input=False)
        if any(fault["type"] == "json_invalid" for fault in faults):
            raise NotJson("请求内容不是 JSON", "the body is no JSON") from None
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from None


async def read_text(request: Request) -> bytes:
    """The definition in the body, as its file is; TooMuch."""
    return await _read(request, MOST_BYTES)


async def _read(request: Request, most: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            raise TooMuch("请求内容过大", f"the body has more than {most} bytes")
    return bytes(data)


ActSent = Annotated[ActBody, Depends(read_act)]
TextSent = Annotated[bytes, Depends(read_text)]


def chunks(request: Request) -> Iterator[bytes]:
    """The body as it comes, in a thread that waits for it; ClientDisconnect when it breaks off."""
    stream = request.stream()
    while (chunk := from_thread.run(_next, stream)) is not None:
        yield chunk


async def _next(stream: AsyncIterator[bytes]) -> bytes | None:
    return await anext(stream, None)


def described(schema: dict[str, Any], kind: str) -> dict[str, Any]:
    """How the description of the interface tells of a body that a door reads itself."""
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


_SHAPES = "#/components/schemas/"
ACT = described({"$ref": f"{_SHAPES}{ActBody.__name__}"}, "application/json")
DEFINITION = described({"type": "string"}, "application/yaml")
BYTES = described({"type": "string", "format": "binary"}, "application/octet-stream")


def shapes() -> dict[str, Any]:
    """The shapes that these descriptions name."""
    found = ActBody.model_json_schema(ref_template=f"{_SHAPES}{{model}}")
    return {**found.pop("$defs"), ActBody.__name__: found}
