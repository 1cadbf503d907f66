"""The other door: what is shown of a material on a page, made anew from its pixels, without what cameras add."""

from pathlib import Path

from duban.reading.materials.childhood import Answer, ask
from duban.reading.materials.limits import LIMITS, Limits


def show_picture(path: Path, *, size: int = 480, limits: Limits = LIMITS) -> bytes | None:
    """A JPEG of the picture at ``path``, upright, its longer side ``size`` pixels at most; None when there is none."""
    return _whole(ask("picture", path, limits, size=size))


def show_page(path: Path, page: int, *, size: int = 1200, limits: Limits = LIMITS) -> bytes | None:
    """A PNG of a page (from 1) of the PDF at ``path``, its longer side ``size`` pixels; None when there is none."""
    return _whole(ask("page", path, limits, page=page, size=size))


def show_inside(path: Path, number: int, *, size: int = 1200, limits: Limits = LIMITS) -> bytes | None:
    """A JPEG of a picture (from 1, in order) inside the Word document at ``path``; None when there is none."""
    return _whole(ask("inside", path, limits, number=number, size=size))


def _whole(answer: Answer) -> bytes | None:
    return answer.said if answer.is_whole and answer.said else None
