"""A page or a picture of a material for the screen: made in a child process, few at once, and kept."""

from pathlib import Path
from threading import BoundedSemaphore

from duban.domain.content import FileKind
from duban.domain.errors import NotStored, Temporary
from duban.reading.materials.previews import show_inside, show_page, show_picture
from duban.store.previews import Previews
from duban.store.store import Store
from models.material import Material

#: The longer side in pixels.
SIZE = 1200
#: Kinds that are shown as a picture.
PICTURES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.GIF, FileKind.BMP, FileKind.TIFF, FileKind.WEBP})
#: Children at once in this process, and how long one waits for its turn (seconds).
AT_ONCE, PATIENCE = 2, 30.0
_TURNS = BoundedSemaphore(AT_ONCE)


def preview(store: Store, kept: Previews, material: Material, page: int) -> bytes | None:
    """A PNG of a page (from 1), or a JPEG of a picture; None where there is nothing to show.

    ``page`` counts the pictures of a document. Temporary when busy.
    """
    found = kept.get(material.sha256, page, SIZE)
    if found is not None or not is_shown(material, page):
        return found
    if not _TURNS.acquire(timeout=PATIENCE):
        raise Temporary("正在生成的预览较多，请稍后刷新", "too many previews at once: try again later")
    try:
        # another reader may have waited for the same page
        found = kept.get(material.sha256, page, SIZE) or _drawn(store.find(material.sha256), material, page)
    finally:
        _TURNS.release()
    if found:
        _keep(kept, material, page, found)
    return found


def is_shown(material: Material, page: int) -> bool:
    """True for a page of a PDF, a picture of a document, and the one of a picture."""
    return material.kind in (FileKind.PDF, FileKind.DOCX) or (material.kind in PICTURES and page == 1)


def _drawn(path: Path, material: Material, page: int) -> bytes | None:
    if material.kind == FileKind.PDF:
        return show_page(path, page, size=SIZE)
    if material.kind == FileKind.DOCX:
        return show_inside(path, page, size=SIZE)
    return show_picture(path, size=SIZE)


def _keep(kept: Previews, material: Material, page: int, data: bytes) -> None:
    """It is shown even where the disk takes nothing more."""
    try:
        kept.put(material.sha256, page, SIZE, data)
    except NotStored:
        return
