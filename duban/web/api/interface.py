"""All doors of the interface together, and its description: OpenAPI, with nothing in it but these doors."""

from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from duban.web.api import files, lists, obligations, supplements
from duban.web.api.bodies import shapes
from duban.web.api.refusals import ROOT
from duban.web.rules import PUBLIC, ruled

_DOORS = (lists.router, obligations.router, files.router, supplements.router)
router = APIRouter(prefix=ROOT)


@cache
def description() -> dict[str, Any]:
    """The interface as OpenAPI 3.1 describes it."""
    told = get_openapi(title="Duban 督办", version="1", routes=[route for door in _DOORS for route in door.routes])
    told["components"]["schemas"] |= shapes()
    return told


@router.get("/openapi.json", include_in_schema=False)
@ruled(PUBLIC)
def openapi() -> JSONResponse:
    """The description, for programs that read it."""
    return JSONResponse(description())


ROUTERS = (*_DOORS, router)
