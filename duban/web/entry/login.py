"""Log in by password, or have a one-time link mailed; log out."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError

from duban.clock import real_now
from duban.services.delivering import deliver
from duban.services.entering import login, refusal
from duban.services.inviting import ask_login
from duban.services.sessions import end
from duban.web.entry.browser import forget, keep
from duban.web.guard import own_path
from duban.web.language.saying import term
from duban.web.rules import INSIDE, PUBLIC, cookie_of, ruled
from duban.web.visit import Visit, Visiting
from notifications.post import AccountRefused

router = APIRouter()
Address = Annotated[str, Form(max_length=254)]
#: Behind the answer, so that nobody learns from it whether there was something to send.
PATIENCE = timedelta(seconds=30)


@router.get("/login")
@ruled(PUBLIC)
def ask(visit: Visiting, back: Annotated[str, Query(max_length=500)] = "/") -> HTMLResponse:
    """The form."""
    return login_page(visit, back=back)


@router.post("/login")
@ruled(PUBLIC)
def come_in(
    visit: Visiting,
    address: Address = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    back: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """By password."""
    with visit.writing() as session:
        token = login(
            session,
            address=address,
            password=password,
            came_from=visit.came_from,
            former=cookie_of(visit.request),
            moment=visit.moment,
        )
    if token is None:
        return login_page(visit, back=back, address=address, refused=term(refusal()), status=403)
    return keep(RedirectResponse(own_path(back), status_code=303), token, visit.duban.settings)


@router.post("/login/link")
@ruled(PUBLIC)
def mail_me(visit: Visiting, later: BackgroundTasks, address: Address = "") -> HTMLResponse:
    """A one-time link to the address on record; the answer is the same whether there is one."""
    mint = visit.duban.mint
    if mint is not None:
        with visit.writing() as session:
            ask_login(session, mint, address, came_from=visit.came_from, moment=visit.moment)
        later.add_task(send_soon, visit)
    return login_page(visit, address=address, is_mailed=mint is not None)


def login_page(visit: Visit, *, status: int = 200, **values: object) -> HTMLResponse:
    """The page to log in on."""
    found = {"back": "/", "address": "", "refused": "", "is_mailed": False, "can_mail": visit.duban.mint is not None}
    found["back"] = own_path(str(values.pop("back", "/")))
    return visit.page("login.html", status=status, **(found | values))


def send_soon(visit: Visit) -> None:
    """Let what was just put into the outbox leave now; what cannot, leaves by the next run."""
    sender = replace(visit.duban.sender(), budget=PATIENCE)
    try:
        deliver(visit.duban.engine, sender, now=visit.now, real_now=real_now())
    except (AccountRefused, OperationalError):
        return


@router.post("/logout")
@ruled(INSIDE)
def go_out(visit: Visiting) -> Response:
    """End the session, here and on the server."""
    with visit.writing() as session:
        end(session, cookie_of(visit.request))
    return forget(RedirectResponse("/login", status_code=303), visit.duban.settings)
