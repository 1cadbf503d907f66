"""Pictures by Pillow: their size as people see them, whether they are whole, and how many pixels at most."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from PIL import Image, UnidentifiedImageError

from duban.domain.filekind import FileKind, Mark
from duban.reading.materials.archive import Archive
from duban.reading.materials.found import Found, Refused, Shot
from duban.reading.materials.limits import LIMITS, Limits
from duban.reading.materials.naming import stem

BROKEN = "图片已损坏或上传不完整，请重新上传"
#: nothing else is ever decoded: EPS would start a program
FORMATS = {
    FileKind.JPEG: "JPEG",
    FileKind.PNG: "PNG",
    FileKind.GIF: "GIF",
    FileKind.BMP: "BMP",
    FileKind.TIFF: "TIFF",
    FileKind.WEBP: "WEBP",
}
_ORIENTATION = 0x0112
#: orientations that lie on their side ([Exif 2.32] 4.6.4 A)
_LYING = frozenset({5, 6, 7, 8})
_TURNED = frozenset({"JPEG", "TIFF", "WEBP"})
#: a JPEG is as whole at an eighth of its size
_DRAFT = 8


def read_picture(file: IO[bytes], kind: FileKind, name: str, limits: Limits) -> Found:
    """Its size after turning it as its camera says, and its name as printed; Refused."""
    with opened(file, (FORMATS[kind],), limits) as image:
        width, height = _upright(image)
        notes = ("动图，按第一帧计",) if getattr(image, "is_animated", False) else ()
        image.draft("RGB", (image.width // _DRAFT, image.height // _DRAFT))
        image.load()
    return Found(kind=kind, pictures=(Shot(width=width, height=height, name=stem(name)),), notes=notes)


def size_of_part(archive: Archive, name: str) -> tuple[int, int]:
    """The pixels of a picture inside a document by its header alone; (0, 0) where it cannot be told."""
    try:
        with archive.file.open(name) as part, opened(part, tuple(FORMATS.values()), LIMITS) as image:
            return _upright(image)
    except (KeyError, Refused):
        return (0, 0)


@contextmanager
def opened(file: IO[bytes], formats: tuple[str, ...], limits: Limits) -> Iterator[Image.Image]:
    """The picture, its pixels not yet decoded; whatever goes wrong inside is Refused."""
    Image.MAX_IMAGE_PIXELS = limits.pixels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(file, formats=formats) as image:
                yield image
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Refused(Mark.BOMB, f"图片超过 {limits.pixels // 10_000} 万像素，请缩小后重新上传") from None
        except (Refused, MemoryError):
            raise
        except (UnidentifiedImageError, Exception):  # Pillow lets anything through on hostile bytes
            raise Refused(Mark.BROKEN, BROKEN) from None


def _upright(image: Image.Image) -> tuple[int, int]:
    """Only cameras turn pictures; a PNG would be decoded as a whole before it told."""
    lying = image.format in _TURNED and image.getexif().get(_ORIENTATION) in _LYING
    return (image.height, image.width) if lying else (image.width, image.height)
