"""The rule of each door, and the one place that holds them: nobody reaches a door without passing ``admit``."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from sqlmodel import Session

from duban.bootstrap import Duban
from duban.clock import real_now
from duban.domain.access import (
    STRANGER,
    Scope,
    Subject,
    Thing,
    absent_for,
    authorize,
    check_somewhere,
    may_somewhere,
    scope_of,
)
from duban.domain.deeds import TABLE, Deed
from duban.domain.errors import Denied, LoginNeeded, NotFound
from duban.services import defining, sessions, things
from duban.services.sessions import Guest
from duban.web.guard import LOOPBACK, is_ours
from duban.web.moment import clock_of
from models.session import reading, writing

#: The cookie of a session; over https under a name that no other host of a domain can set.
COOKIE, HTTPS_COOKIE = "duban", "__Host-duban"
#: Where a form carries its token, and a program that posts for a page.
FIELD, HEADER = "csrf", "x-csrf-token"
SAFE = ("GET", "HEAD", "OPTIONS")
#: What a page says that is read again because something changed.
QUIET = "x-live"
#: The content of a form that is read before its door.
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
#: Doors that stay open while a first password must be changed.
CHANGING = ("/password", "/logout")

Params = Mapping[str, str]
Door = TypeVar("Door", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Who may use a door."""

    #: everybody, without a word
    is_public: bool = False
    #: for machines: nobody is looked up, so that the door answers when the database does not
    is_blind: bool = False
    #: what is done there; None: anybody who came in
    deed: Deed | None = None
    #: to which thing
    thing: Callable[[Session, Params], Thing] | None = None
    #: of a list: is there anything in it for this scope?
    within: Callable[[Session, Scope, Params], bool] | None = None
    #: programs on this machine need not say who they are
    is_local: bool = False
    #: in the demo, people at this machine neither
    is_demo: bool = False
    #: asked by a page on its own: nobody is there, and the session goes on towards its end
    is_quiet: bool = False
    #: the door reads its body itself: its token comes in the header, or as ``?csrf=``
    streams: bool = False


PUBLIC, INSIDE = Rule(is_public=True), Rule()
MACHINES = Rule(is_public=True, is_blind=True)


def ruled(rule: Rule) -> Callable[[Door], Door]:
    """Put a rule on a door; a door without one lets nobody in."""

    def put(door: Door) -> Door:
        door.rule = rule  # type: ignore[attr-defined]
        return door

    return put


def needs(deed: Deed, **more: Any) -> Callable[[Door], Door]:
    """A door at which ``deed`` is done; more as ``Rule`` has it."""
    return ruled(Rule(deed=deed, **more))


def unit_of(session: Session, params: Params) -> Thing:
    """The unit and notice of an address."""
    return things.unit_in_notice(session, params["notice"], params["unit"])


def obligation_of(session: Session, params: Params) -> Thing:
    """The unit, notice and deliverable of an address."""
    return things.obligation_in_notice(session, params["notice"], params["unit"], params["deliverable"])


def decision_of(session: Session, params: Params) -> Thing:
    """The same, for who has decided last."""
    return things.decision_in_notice(session, params["notice"], params["unit"], params["deliverable"])


def material_of(session: Session, params: Params) -> Thing:
    """The obligation that the file of an address belongs to."""
    return things.material(session, params["material"])


def receipt_of(session: Session, params: Params) -> Thing:
    """The obligation that the receipt of an address belongs to."""
    return things.of_receipt(session, params["receipt"])


def draft_of(session: Session, params: Params) -> Thing:
    """The office that drafts the definition of an address."""
    return defining.thing(session, params["draft"])


def notice_of(session: Session, scope: Scope, params: Params) -> bool:
    """Something of the notice of an address."""
    return things.notice_within(session, scope, params["notice"])


def notice_itself(session: Session, params: Params) -> Thing:
    """The notice of an address, for its issuer."""
    return things.notice(session, params["notice"])


def mail_of(session: Session, scope: Scope, params: Params) -> bool:
    """The mail of an address."""
    return things.mail_within(session, scope, params["number"])


def advice_of(session: Session, scope: Scope, params: Params) -> bool:
    """The supervisor's advice of an address."""
    return things.advice_within(session, scope, params["advice"])


class FirstPassword(Exception):
    """Before anything else the first password is changed."""


async def learn_form(request: Request) -> None:
    """Keep the token that a form carries; whoever reads the form later gets it without reading it again."""
    rule = getattr(request.scope.get("endpoint"), "rule", None)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    given = request.headers.get(HEADER) or request.query_params.get(FIELD, "")
    if request.method not in SAFE and not given and rule and not rule.streams and kind in FORMS:
        found = (await request.form()).get(FIELD)
        given = found if isinstance(found, str) else ""
    request.state.csrf = given


def admit(request: Request) -> None:
    """Hold the rule of the door that a request goes to.

    In order: who comes in; that a post comes from a page of ours; the rule. LoginNeeded, Denied; NotFound for an
    address that no database can look up.
    """
    if "\0" in request.url.path or any("\0" in value for value in request.query_params.values()):
        raise NotFound("没有这个网址", "no such address")
    duban: Duban = request.app.state.duban
    rule: Rule | None = getattr(request.scope.get("endpoint"), "rule", None)
    request.state.guest = found = None if rule and rule.is_blind else guest_of(request, duban)
    _check_post(request, found)
    if rule is None:
        raise Denied("这一页没有开放", "no rule opens this door")
    if found is not None and found.must_change and not rule.is_public and request.url.path not in CHANGING:
        raise FirstPassword
    request.state.absent = ""
    if not (rule.is_public or is_open_here(rule, request, duban)):
        _check(rule, request, duban, found)


def guest_of(request: Request, duban: Duban) -> Guest | None:
    """Who comes in: a program by its token, a browser by its session."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        with reading(duban.engine) as session:
            return sessions.program(session, token.strip(), real_now=real_now())
    cookie = cookie_of(request)
    if not cookie:
        return None
    real = real_now()
    with reading(duban.engine) as session:
        found = sessions.guest(session, cookie, now=clock_of(duban).now(), real_now=real)
        is_used = found is not None and not _is_quiet(request)
        is_stale = is_used and sessions.is_stale(session, cookie, real_now=real)
    if is_stale:
        with writing(duban.engine) as session:
            sessions.keep_alive(session, cookie, real_now=real)
    return found


def _is_quiet(request: Request) -> bool:
    """Asked by a page on its own: a session that nobody uses ends all the same."""
    rule: Rule | None = getattr(request.scope.get("endpoint"), "rule", None)
    return QUIET in request.headers or (rule is not None and rule.is_quiet)


def _check_post(request: Request, found: Guest | None) -> None:
    """A post comes from a page of ours, and within a session with its token; a program's needs neither."""
    if request.method in SAFE or (found is not None and not found.session):
        return
    if not is_ours(request.headers):
        raise Denied("这个请求不是从本系统的页面发出的。", "this was not posted from a page of ours")
    if found is not None and not hmac.compare_digest(request.state.csrf.encode(), csrf_of(request).encode()):
        raise Denied("页面已过期，请返回上一页，刷新后再试。", "the page is stale: reload it and try again")


def _check(rule: Rule, request: Request, duban: Duban, found: Guest | None) -> None:
    if found is None:
        raise LoginNeeded("请先登录，或从邮件中的链接进入", "log in, or come in by the link of a mail")
    if rule.deed is None:
        return
    with reading(duban.engine) as session:
        _check_deed(session, rule, rule.deed, request, found.subject)
        if found.subject.stands_in:
            request.state.absent = _absent(session, rule, rule.deed, request, found.subject)


def _absent(session: Session, rule: Rule, deed: Deed, request: Request, subject: Subject) -> str:
    """For whom something is done at the door: the address of the absent colleague; empty: in the own name."""
    if rule.thing is not None:
        return absent_for(subject, deed, rule.thing(session, request.path_params))
    own = scope_of(subject.own, deed)
    is_own = may_somewhere(subject.own, deed)
    if is_own and (rule.within is None or rule.within(session, own, request.path_params)):
        return ""
    return next((grant.absent for grant in subject.grants if grant.absent and TABLE[grant.hat, deed]), "")


def _check_deed(session: Session, rule: Rule, deed: Deed, request: Request, subject: Subject) -> None:
    check_somewhere(subject, deed)
    if rule.thing is not None:
        authorize(subject, deed, rule.thing(session, request.path_params))
    if rule.within is not None and not rule.within(session, scope_of(subject, deed), request.path_params):
        # the same words as for any other thing that is not theirs
        authorize(STRANGER, deed, Thing())


def is_open_here(rule: Rule, request: Request, duban: Duban) -> bool:
    """True where this machine's own programs, or in the demo its people, need not say who they are."""
    return (rule.is_local or (rule.is_demo and duban.is_demo)) and is_local(request)


def is_local(request: Request) -> bool:
    """True for a request from this machine itself, not one that a proxy passes on."""
    passed_on = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    return not passed_on and request.client is not None and request.client.host in (*LOOPBACK, "::1")


def cookie_of(request: Request) -> str:
    """What the browser keeps of its session; empty: nothing."""
    duban: Duban = request.app.state.duban
    return request.cookies.get(HTTPS_COOKIE if duban.settings.is_https else COOKIE, "")


def csrf_of(request: Request) -> str:
    """The token that the forms of this session carry; known only to who knows the cookie."""
    cookie = cookie_of(request)
    return hashlib.sha256(f"{FIELD}|{cookie}".encode()).hexdigest()[:40] if cookie else ""
