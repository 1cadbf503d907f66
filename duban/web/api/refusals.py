"""Every refusal as a status and a line for people; for programs in JSON, with the word that they look for."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from duban.domain.errors import (
    ActRefused,
    Denied,
    DubanError,
    InputRefused,
    LoginNeeded,
    NotFound,
    NotStored,
    Temporary,
)
from duban.web.api.answers import Fault, Refused
from duban.web.guard import STRICT
from duban.web.rules import FirstPassword

#: Where programs ask.
ROOT = "/api/v1"
#: After so many seconds it is worth while to ask again.
RETRY_AFTER = 30

Page = Callable[[Request, Exception], Response]


class TooMuch(DubanError):
    """More than may come."""


class TooOften(DubanError):
    """More requests than a program may make."""


class NotJson(DubanError):
    """A body that is no JSON."""


#: The first that fits: kind of error, status, word.
_STATUS: tuple[tuple[type[Exception], int, str], ...] = (
    (LoginNeeded, 401, "login_needed"),
    (Denied, 403, "denied"),
    (FirstPassword, 403, "password_change_needed"),
    (NotFound, 404, "not_found"),
    (TooMuch, 413, "too_much"),
    (TooOften, 429, "too_often"),
    (NotJson, 400, "not_json"),
    (ClientDisconnect, 400, "broken_off"),
    (ActRefused, 409, "act_refused"),
    (InputRefused, 422, "input_refused"),
    (RequestValidationError, 422, "input_refused"),
    (NotStored, 503, "not_stored"),
    (Temporary, 503, "try_again"),
    (OperationalError, 503, "try_again"),
    (DubanError, 400, "refused"),
)
#: What is told of errors that have no words of their own.
_WORDS = {
    "password_change_needed": ("请先登录页面更换初始密码", "change the first password on the pages first"),
    "broken_off": ("连接中断，没有收到全部内容", "the connection broke off"),
    "try_again": ("数据库暂时没有应答，没有任何改动，请稍后再试", "the database does not answer: nothing changed"),
    "not_found": ("没有这个网址", "no such address"),
    "not_allowed": ("这个网址不支持这种操作", "not at this address"),
    "broken": ("程序出错，没有任何改动，错误已写入日志", "an error of the program, written to its log"),
}
_HTTP = {404: "not_found", 405: "not_allowed"}


def spoken(page: Page) -> Page:
    """The same refusal: to a program that asks here as JSON, to a person as ``page``."""

    def answer(request: Request, error: Exception) -> Response:
        return refusal(error) if is_api(request) else page(request, error)

    return answer


def is_api(request: Request) -> bool:
    """Asked at the interface for programs."""
    return request.url.path.startswith(f"{ROOT}/")


def refusal(error: Exception) -> JSONResponse:
    """The answer to an error; of one that nobody foresaw it tells nothing."""
    if isinstance(error, HTTPException):
        code = _HTTP.get(error.status_code, "refused")
        return _json(error.status_code, code, _words(error, code), error.headers or {})
    status, code = next(((s, c) for kind, s, c in _STATUS if isinstance(error, kind)), (500, "broken"))
    return _json(status, code, _words(error, code), _headers(status))


def _words(error: Exception, code: str) -> tuple[str, str]:
    if isinstance(error, DubanError):
        return error.zh, error.en
    if isinstance(error, RequestValidationError):
        return _wrong(error.errors())
    return _WORDS.get(code, (str(error), str(error)))


def _wrong(faults: Any) -> tuple[str, str]:
    """Which values are not what they must be; not what was sent."""
    names = [".".join(str(part) for part in fault["loc"]) for fault in faults]
    told = "; ".join(f"{name}: {fault['msg']}" for name, fault in zip(names, faults, strict=True))
    return f"以下内容不正确：{'、'.join(names)}", told


def _headers(status: int) -> Mapping[str, str]:
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": str(RETRY_AFTER)} if status in (429, 503) else {}


def _json(status: int, code: str, words: tuple[str, str], more: Mapping[str, str]) -> JSONResponse:
    told = Refused(error=Fault(code=code, message=words[0], message_en=words[1]))
    return JSONResponse(told.model_dump(), status, headers={**STRICT, **more})
