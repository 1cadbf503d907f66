"""What all doors of the interface have in common: where they are, the token, the pace, how they refuse."""

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer

from duban.web.api.answers import Refused
from duban.web.api.pace import keep_pace
from duban.web.api.refusals import ROOT

_SAID = {
    400: "a broken request",
    401: "nobody came in: no token, or one that is void",
    403: "not within what the caller may do, or there is no such thing",
    404: "no such thing",
    409: "not possible as it stands; nothing changed",
    413: "more than may come; nothing was kept",
    422: "a value is not what it must be",
    429: "too many requests",
    503: "not now; Retry-After says when",
}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refused, "description": said} for status, said in _SAID.items()
}
# the rule of each door reads the token; this tells of it
_TOKEN = HTTPBearer(auto_error=False, description="duban token new ADDRESS --name NAME")


def doors() -> APIRouter:
    """A router for some of them."""
    return APIRouter(prefix=ROOT, dependencies=[Depends(_TOKEN), Depends(keep_pace)], responses=_REFUSALS)
