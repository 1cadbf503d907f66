"""The application: doors, static files, strict headers, and every refusal as a page that says what to do."""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from duban.bootstrap import Duban
from duban.domain.errors import DubanError, NotFound
from duban.reading.maildir import Box
from duban.web import demo, health, home, ledger, mail, notice
from duban.web.guard import STRICT, StrictHeaders, known_hosts
from duban.web.pages import FOLDER, render

DOORS = (home, ledger, notice, mail, demo, health)


def create_app(duban: Duban) -> FastAPI:
    """The pages of an installation. No page of it asks anything of another host."""
    app = FastAPI(title="Duban 督办", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.duban = duban
    app.state.box = Box(duban.settings.maildir)
    for door in DOORS:
        app.include_router(door.router)
    app.mount("/static", Files(directory=FOLDER / "static"), name="static")
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=known_hosts(duban.settings), www_redirect=False)
    app.add_middleware(StrictHeaders)
    app.add_exception_handler(DubanError, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _not_found)
    app.add_exception_handler(OperationalError, _busy)
    app.add_exception_handler(Exception, _broken)
    return app


class Files(StaticFiles):
    """Static files: kept by the browser, asked again each time whether they changed."""

    def file_response(self, *args: object, **options: object) -> Response:
        response = super().file_response(*args, **options)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-cache"
        return response


def _error(status: int, title: str, text: str, todo: str) -> HTMLResponse:
    return HTMLResponse(render("error.html", title=title, text=text, todo=todo), status, headers=STRICT)


def _refused(_: Request, error: Exception) -> Response:
    """A refusal of the domain, in its own words."""
    if isinstance(error, NotFound):
        return _not_found(_, error)
    return _error(400, "没有办成", str(error), "没有任何改动。请返回上一页，改正后再试。")


def _not_found(_: Request, error: Exception) -> Response:
    text = str(error) if isinstance(error, NotFound) else "网址可能输错，或这一项已不在。"
    return _error(404, "没有找到这一页", text, "请核对网址，或回到首页，从通知列表进入。")


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _not_found(request, error)
    if error.status_code == 403:
        return _error(403, "没有办成", str(error.detail), "没有任何改动。请回到首页，用页面上的按钮再试。")
    return _error(error.status_code, "不能这样打开", "这个网址不支持这种操作。", "请回到首页，用页面上的链接和按钮。")


def _busy(_: Request, __: Exception) -> Response:
    todo = "请稍等片刻再刷新。几分钟后仍然如此，请告诉维护这台机器的人：查看磁盘空间和数据库。"
    return _error(503, "数据库暂时没有应答", "这一页没有读到数据，也没有改动任何数据。", todo)


def _broken(_: Request, __: Exception) -> Response:
    todo = "请刷新一次。仍然如此，请把打开这一页的网址和时间告诉维护这台机器的人，错误已写入日志。"
    return _error(500, "这一页出了错", "错在程序，不在您；没有改动任何数据。", todo)
