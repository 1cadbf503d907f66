"""The application: doors, static files, strict headers, and every refusal as a page that says what to do."""

from functools import cache, partial
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends as DependsParam
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect

from duban.bootstrap import Duban
from duban.domain.errors import Busy, Denied, DubanError, LoginNeeded, NotFound, NotStored
from duban.reading.maildir import Box
from duban.store.parts import WrongOffset
from duban.web import (
    delegations,
    demo,
    ending,
    find,
    flow,
    health,
    home,
    issuer_acts,
    ledger,
    live,
    mail,
    notice,
    own,
    papers,
)
from duban.web.api.interface import ROUTERS
from duban.web.api.pace import Pace
from duban.web.api.refusals import Page, spoken
from duban.web.audit import doors as audit
from duban.web.desk import bulk, chase, notes, press, take_away
from duban.web.entry import links, login, password
from duban.web.extensions import doors as extensions
from duban.web.guard import STRICT, StrictHeaders, headers_for, known_hosts, mask_access_log
from duban.web.inlet import Inlet
from duban.web.language import switch
from duban.web.language.catalogue import catalogue
from duban.web.language.saying import Speaking, chosen, refusal, say, speak
from duban.web.pages import FOLDER, render
from duban.web.publish import days, last, start, steps
from duban.web.publish import paper as printed
from duban.web.registry import doors as registry
from duban.web.review import inbox, one, opinion, previews
from duban.web.rules import SAFE, FirstPassword, admit, learn_form
from duban.web.supervision import acts as supervising
from duban.web.supervision import advice
from duban.web.supervision import doors as supervision
from duban.web.unit import acts, files, receipts
from duban.web.unit import pages as unit
from duban.web.units import doors as units
from duban.web.units import joining
from duban.web.watching import Watch
from models.event import head
from models.session import reading

DOORS = (
    *(home, ledger, notice, ending, mail, own, login, links, password, demo, health),
    *(unit, files, receipts, acts, papers, issuer_acts, extensions, registry),
    *(inbox, one, previews, opinion),
    *(start, printed, days, last, steps),
    *(audit, flow, live, find, switch),
    *(press, chase, notes, bulk, take_away),
    *(supervision, supervising, advice, delegations),
    *(units, joining),
)


def create_app(duban: Duban) -> FastAPI:
    """The pages of an installation. No page of it asks anything of another host."""
    mask_access_log()
    # a catalogue that cannot be read is noticed at the start, not by the first English reader
    catalogue()
    doors = _house().routes
    app = FastAPI(
        title="Duban 督办", docs_url=None, redoc_url=None, openapi_url=None, routes=doors, dependencies=_held()
    )
    app.state.duban = duban
    app.state.box = Box(duban.settings.maildir)
    app.state.inlet = Inlet()
    app.state.pace = Pace()
    app.state.watch = Watch(partial(_last_event, duban))
    app.mount("/static", Files(directory=FOLDER / "static"), name="static")
    app.add_middleware(Speaking)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=known_hosts(duban.settings), www_redirect=False)
    app.add_middleware(StrictHeaders, headers=headers_for(duban.settings))
    for error, page in _REFUSALS.items():
        app.add_exception_handler(error, spoken(page))
    return app


def _held() -> list[DependsParam]:
    """What is asked at every door, also at one that nobody has put among the others."""
    return [Depends(learn_form), Depends(admit)]


@cache
def _house() -> APIRouter:
    """All doors, made once: they are the same for every installation of this process."""
    house = APIRouter(dependencies=_held())
    for router in (*(door.router for door in DOORS), *ROUTERS):
        house.include_router(router)
    return house


def _last_event(duban: Duban) -> int:
    with reading(duban.engine) as session:
        end = head(session)
    return end.seq if end else 0


#: What a refusal is to a program; all others are 400.
STATUS = {NotFound: 404, WrongOffset: 409, Busy: 503, NotStored: 507}


class Files(StaticFiles):
    """Static files: kept by the browser, asked again each time whether they changed."""

    def file_response(self, *args: object, **options: object) -> Response:
        response = super().file_response(*args, **options)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response


def _error(status: int, title: str, text: str, todo: str) -> HTMLResponse:
    return HTMLResponse(render("error.html", title=title, text=text, todo=todo), status, headers=STRICT)


def _is_program(request: Request) -> bool:
    """Asked by a program: it is answered in JSON."""
    accepted = request.headers.get("accept", "")
    return "authorization" in request.headers or ("application/json" in accepted and "text/html" not in accepted)


def _ask_to_log_in(request: Request, error: Exception) -> Response:
    """To the page to log in on, and back afterwards; a form that was posted in vain is not posted again."""
    if _is_program(request):
        return JSONResponse({"error": str(error)}, 401, headers={**STRICT, "WWW-Authenticate": "Bearer"})
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?back={quote(asked, safe='')}" if request.method in SAFE and asked != "/" else ""
    page = render(
        "error.html",
        title=say("请先登录"),
        text=say("这一页要登录后才能看。"),
        todo=say("请登录，或从邮件中的链接进入。"),
    )
    return HTMLResponse(page, 303, headers={**STRICT, "Location": f"/login{back}"})


def _ask_for_password(_: Request, __: Exception) -> Response:
    return RedirectResponse("/password", 303, headers=STRICT)


def _denied(request: Request, error: Exception) -> Response:
    if _is_program(request):
        return JSONResponse({"error": str(error)}, 403, headers=STRICT)
    return _error(403, say("不能打开或办理"), refusal(error), say("没有任何改动。"))


def _refused(request: Request, error: Exception) -> Response:
    """A refusal of the domain, in its own words; what is only busy says when to come again."""
    assert isinstance(error, DubanError)
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)
    answer = _refused_as(request, error, status)
    if isinstance(error, Busy):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _refused_as(request: Request, error: DubanError, status: int) -> Response:
    if _is_program(request):
        right = {"offset": error.right} if isinstance(error, WrongOffset) else {}
        return JSONResponse({"error": str(error), "message": str(error), **right}, status, headers=STRICT)
    if isinstance(error, NotFound):
        return _not_found(request, error)
    return _error(status, say("没有办成"), refusal(error), say("没有任何改动。请返回上一页，改正后再试。"))


def _not_found(_: Request, error: Exception) -> Response:
    text = refusal(error) if isinstance(error, NotFound) else say("网址可能输错，或这一项已不在。")
    return _error(404, say("没有找到这一页"), text, say("请核对网址，或回到首页，从通知列表进入。"))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _not_found(request, error)
    if error.status_code == 403:
        return _error(403, say("没有办成"), str(error.detail), say("没有任何改动。请回到首页，用页面上的按钮再试。"))
    return _error(
        error.status_code,
        say("不能这样打开"),
        say("这个网址不支持这种操作。"),
        say("请回到首页，用页面上的链接和按钮。"),
    )


def _busy(request: Request, __: Exception) -> Response:
    title, said = say("数据库暂时没有应答"), say("这一页没有读到数据，也没有改动任何数据。")
    todo = say("请稍等片刻再刷新。几分钟后仍然如此，请告诉维护这台机器的人：查看磁盘空间和数据库。")
    words = {"error": title, "message": say("{title}，请稍后再试。", title=title)}
    program = _is_program(request)
    answer = JSONResponse(words, 503, headers=STRICT) if program else _error(503, title, said, todo)
    answer.headers["Retry-After"] = str(Busy.retry_after)
    return answer


def _broken(request: Request, __: Exception) -> Response:
    """The one answer that no middleware of ours sees."""
    speak(chosen(request))
    todo = say("请刷新一次。仍然如此，请把打开这一页的网址和时间告诉维护这台机器的人，错误已写入日志。")
    answer = _error(500, say("这一页出了错"), say("错在程序，不在您；没有改动任何数据。"), todo)
    answer.headers.update(headers_for(request.app.state.duban.settings))
    return answer


#: The page that tells of each kind of error; programs at their own interface are told the same as JSON.
_REFUSALS: dict[type[Exception], Page] = {
    LoginNeeded: _ask_to_log_in,
    FirstPassword: _ask_for_password,
    Denied: _denied,
    DubanError: _refused,
    HTTPException: _http,
    RequestValidationError: _not_found,
    # nobody is there to read it
    ClientDisconnect: _not_found,
    OperationalError: _busy,
    Exception: _broken,
}
