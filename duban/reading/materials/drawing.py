"""A picture or a page as a small new picture for a screen; nothing of the old file is in it but its pixels."""

import io
from pathlib import Path
from typing import IO, Any

from PIL import Image, ImageOps

from duban.domain.filekind import FileKind
from duban.reading.materials import archive, sniffing
from duban.reading.materials.found import Refused
from duban.reading.materials.limits import Limits
from duban.reading.materials.opening import open_file
from duban.reading.materials.pictures import FORMATS, opened

_QUALITY = 82
#: points of a page beyond which it is a poster, or a trick
_PAGE = 20_000


def drawn(path: Path, request: dict[str, Any], limits: Limits) -> bytes:
    """JPEG of a picture, PNG of a page; empty when it cannot be shown. ``size``: the longer side in pixels."""
    try:
        with open_file(path, limits) as file:
            if request["act"] == "picture":
                return _picture(file, request["size"], limits)
            if request["act"] == "inside":
                return _inside(file, request["number"], request["size"], limits)
            return _page(path, request["page"], request["size"], limits)
    except (Refused, MemoryError, RecursionError):
        return b""


def _picture(file: IO[bytes], size: int, limits: Limits) -> bytes:
    kind = sniffing.kind_of(file.read(sniffing.HEAD))
    if kind not in FORMATS:
        return b""
    file.seek(0)
    with opened(file, (FORMATS[kind],), limits) as image:
        image.draft("RGB", (size, size))
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((size, size))
        return _encoded(_on_white(upright), "JPEG")


def _inside(file: IO[bytes], number: int, size: int, limits: Limits) -> bytes:
    """A picture of a Word document."""
    from duban.reading.materials.markup import refuse_declarations
    from duban.reading.materials.word import picture_in

    packed = file.seek(0, 2)
    listed = archive.open_list(file, limits)
    if sniffing.kind_of_archive(listed.namelist()) is not FileKind.DOCX:
        return b""
    checked = archive.checked(listed, packed, limits)
    refuse_declarations(checked)
    found = picture_in(checked, number, limits)
    return _picture(io.BytesIO(found), size, limits)


def _page(path: Path, number: int, size: int, limits: Limits) -> bytes:
    from duban.reading.materials.pdf import open_pdf

    document = open_pdf(path)
    if not 1 <= number <= len(document):
        return b""
    page = document[number - 1]
    longest = max(page.get_size())
    if not 0 < longest <= _PAGE or size * size > limits.pixels:
        return b""
    return _encoded(page.render(scale=size / longest).to_pil().convert("RGB"), "PNG")


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which JPEG has not; a new picture, so that nothing that was said of the old one stays."""
    whole = image.convert("RGBA")
    paper = Image.new("RGB", whole.size, "white")
    paper.paste(whole, mask=whole.getchannel("A"))
    return paper


def _encoded(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form, quality=_QUALITY)
    return out.getvalue()
