"""Forms that carry a whole definition or a file: read by the door itself, and no further than a definition may be."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from duban.domain.errors import InputRefused
from duban.web.language.saying import label, say

MIB = 1024 * 1024
#: Bytes of a form: a text or a file of 1 MB, percent-encoded at worst, and what stands around it.
MOST = 4 * MIB
#: Bytes that are listened to, so that whoever sent too much is told so; beyond, the connection is cut.
PATIENCE = 64 * MIB
#: Bytes of a file.
MOST_OF_FILE = MIB
MOST_FIELDS = 4000
_TOO_LARGE = label("文件超过1 MB：请只交通知正文或定义；扫描件没有文字，请用原稿，或直接粘贴正文")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What a form held."""

    words: dict[str, str] = field(default_factory=dict)
    #: a file's bytes and name; empty: none was chosen
    file: bytes = b""
    file_name: str = ""
    #: why the form could not be taken
    problem: str = ""

    def number(self, name: str) -> int:
        """A small number that the page itself has put in; 0 for anything else."""
        text = self.words.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def numbered(self, prefix: str) -> dict[int, str]:
        """The fields ``PREFIX-N`` by N."""
        tails = {name: name.removeprefix(f"{prefix}-") for name in self.words if name.startswith(f"{prefix}-")}
        return {int(n): self.words[name] for name, n in tails.items() if n.isascii() and n.isdecimal() and len(n) < 8}

    def check(self) -> None:
        """InputRefused where the form could not be taken."""
        if self.problem:
            raise InputRefused(self.problem, "the form could not be taken")


async def _typed(request: Request) -> Typed:
    body = await _body(request)
    if body is None:
        return Typed(problem=_TOO_LARGE)
    try:
        return await _parsed(request, body)
    except MultiPartException:
        return Typed(problem=say("没有收到完整的内容，请再试一次"))


async def _body(request: Request) -> bytes | None:
    """All of it; None where it is too large, after listening to the end of it."""
    held, come = bytearray(), 0
    async for block in request.stream():
        come += len(block)
        if come > PATIENCE:
            break
        if come <= MOST:
            held += block
    return bytes(held) if come <= MOST else None


async def _parsed(request: Request, body: bytes) -> Typed:
    async def stream() -> AsyncIterator[bytes]:
        yield body

    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        parser = MultiPartParser(request.headers, stream(), max_files=2, max_fields=MOST_FIELDS, max_part_size=MOST)  # type: ignore[arg-type]
        form = await parser.parse()
    else:
        form = await FormParser(request.headers, stream()).parse()  # type: ignore[arg-type]
    words = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    uploads = [value for value in form.values() if isinstance(value, UploadFile) and value.filename]
    data = await uploads[0].read() if uploads else b""
    name = uploads[0].filename or "" if uploads else ""
    await form.close()
    too_large = len(data) > MOST_OF_FILE
    return Typed(words=words, file=b"" if too_large else data, file_name=name, problem=_TOO_LARGE if too_large else "")


Typing = Annotated[Typed, Depends(_typed)]
