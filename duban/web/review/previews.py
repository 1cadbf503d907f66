"""Pages and pictures of materials, made anew from their pixels; what cannot be shown says so in its place."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError, NotFound, Temporary
from duban.services.previewing import preview
from duban.web.language.saying import label
from duban.web.rules import material_of as rule_of_material
from duban.web.rules import needs
from duban.web.visit import Visit, Visiting
from models.material import Material, material_of

router = APIRouter()
_PNG = b"\x89PNG"
#: A sentence in the place of a picture.
_SENTENCE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="80" viewBox="0 0 600 80">'
    '<rect width="600" height="80" fill="#eef1f4"/>'
    '<text x="24" y="46" font-family="sans-serif" font-size="18" fill="#56616e">{words}</text></svg>'
)
CANNOT = label("这一页无法显示，请下载原件查看。")
BUSY = label("正在生成的预览较多，请稍后刷新。")


@router.get("/previews/{material}/{page}")
@needs(Deed.SEE_FILES, thing=rule_of_material)
def picture(visit: Visiting, material: str, page: Annotated[int, Path(ge=1, lt=10**9)]) -> Response:
    """A page of a PDF, or a picture (its page 1)."""
    with visit.reading() as session:
        found = material_of(session, int(material))
    if found is None:
        raise NotFound("没有这个文件", "no such file")
    return drawn(visit, found, page)


def drawn(visit: Visit, material: Material, page: int) -> Response:
    """The picture; a sentence where there is none. Whatever the file holds, this is no error."""
    try:
        data = preview(visit.duban.store, visit.duban.previews, material, page)
    except Temporary:
        return _said(BUSY)
    except DubanError:
        return _said(CANNOT)
    if not data:
        return _said(CANNOT)
    kind = "image/png" if data.startswith(_PNG) else "image/jpeg"
    return Response(data, media_type=kind, headers={"Cache-Control": "private, max-age=600"})


def _said(words: str) -> Response:
    return Response(_SENTENCE.format(words=words), media_type="image/svg+xml")
