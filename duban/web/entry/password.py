"""The own password: set the first one, change it."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.errors import Denied, InputRefused
from duban.domain.throttle import ACCOUNT
from duban.services import sessions
from duban.services.passwords import fits
from duban.services.people import set_password
from duban.services.throttling import may_try
from duban.web.entry.browser import keep
from duban.web.language.saying import say, term
from duban.web.rules import INSIDE, ruled
from duban.web.visit import Visit, Visiting
from models import PersonRow

router = APIRouter()
Secret = Annotated[str, Form(max_length=1000)]


@router.get("/password")
@ruled(INSIDE)
def ask(visit: Visiting) -> HTMLResponse:
    """The form."""
    return _page(visit, _account(visit))


@router.post("/password")
@ruled(INSIDE)
def change(visit: Visiting, old: Secret = "", new: Secret = "", again: Secret = "") -> Response:
    """Change it: every session of the person ends, and this browser gets a new one."""
    account = _account(visit)
    with visit.writing() as session:
        free = may_try(session, ACCOUNT, account.address, visit.came_from, real_now=visit.moment.real)
    if account.password and not (fits(old, account.password)[0] and free):
        return _page(visit, account, say("原密码不正确，或尝试过多，请15分钟后再试"))
    if new != again:
        return _page(visit, account, say("两次输入的新密码不一致"))
    try:
        with visit.writing() as session:
            values = {"must_change": False, "by": account.address, "now": visit.moment.real}
            set_password(session, account.address, new, **values)  # type: ignore[arg-type]
            token = sessions.begin(session, person=account.id, real_now=visit.moment.real)
    except InputRefused as refused:
        return _page(visit, account, term(refused))
    return keep(RedirectResponse("/", status_code=303), token, visit.duban.settings)


def _account(visit: Visit) -> PersonRow:
    if visit.inside.account is None:
        raise Denied("您是从邮件链接进入的，没有密码", "you came in by a link: there is no password")
    return visit.inside.account


def _page(visit: Visit, account: PersonRow, refused: str = "") -> HTMLResponse:
    status = 400 if refused else 200
    return visit.page("password.html", status=status, account=account, refused=refused)
