"""What every door has: the installation, the moment, a session to read with, and the frame around its page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from duban.bootstrap import Duban
from duban.clock import real_now
from duban.domain.access import EVERYTHING, STRANGER, Grant, Scope, Subject, may_somewhere, scope_of
from duban.domain.deeds import Deed
from duban.domain.errors import LoginNeeded
from duban.domain.terms import Hat
from duban.reading.maildir import Box
from duban.services.entering import Moment
from duban.services.intake import Asked
from duban.services.overview import minutes_unswept
from duban.services.sessions import Guest
from duban.web.guard import LOOPBACK
from duban.web.inlet import Inlet
from duban.web.language.saying import Language, is_english, label, say, term
from duban.web.moment import clock_of
from duban.web.pages import render
from duban.web.rules import SAFE, csrf_of, is_local, is_open_here
from duban.web.running import warnings
from duban.web.words import ZONE
from models.event import speak_for
from models.session import reading, writing

#: Names under which nobody else's network is crossed.
_NAMES = (*LOOPBACK, "::1")
#: Who is told what stands in the way of the automatic work.
KEEPERS = (Hat.ADMINISTRATOR, Hat.COORDINATOR)
#: Pages by what is done there: name, address, mark of the one that is open.
PLACES = (
    (Deed.SEE_LEDGER, label("今日"), "/", "home"),
    (Deed.PRESS, label("次日催办", en="Tomorrow"), "/chase", "chase"),
    (Deed.RECOMMEND, label("督办情况"), "/supervision", "supervision"),
    (Deed.REVIEW_INBOX, label("待审", en="Reviews"), "/reviews", "reviews"),
    (Deed.RECEIVE, label("收文登记"), "/registry", "registry"),
    (Deed.ISSUE, label("起草和发布", en="Publish"), "/publish", "publish"),
    (Deed.HAND_ON, label("我的报送"), "/my", "my"),
    (Deed.SEE_MAIL, label("邮箱"), "/mail", "mail"),
    (Deed.SEE_AUDIT, label("事件记录", en="Record"), "/audit", "audit"),
)
#: After so many minutes without a tick people are told that mails are late.
LATE_SWEEP = 15


def lands_on_supervision(subject: Subject) -> bool:
    """The first page of who supervises and coordinates nothing is the supervisor's."""
    return subject.wears(Hat.SUPERVISOR) and not subject.wears(*KEEPERS)


@dataclass
class Visit:
    """One request."""

    request: Request

    @property
    def duban(self) -> Duban:
        installation: Duban = self.request.app.state.duban
        return installation

    @property
    def box(self) -> Box:
        """What the local mail server received."""
        box: Box = self.request.app.state.box
        return box

    @property
    def inlet(self) -> Inlet:
        """Where files come in."""
        found: Inlet = self.request.app.state.inlet
        return found

    @cached_property
    def now(self) -> datetime:
        """The domain's moment, one for the whole request; the demo's clock may have been moved by another process."""
        return clock_of(self.duban).now().astimezone(ZONE)

    @cached_property
    def moment(self) -> Moment:
        """The domain's moment beside the real one."""
        return Moment(now=self.now, real=real_now())

    @property
    def guest(self) -> Guest | None:
        """Who came in; None on public pages, and where the demo asks nobody."""
        found: Guest | None = getattr(self.request.state, "guest", None)
        return found

    @property
    def inside(self) -> Guest:
        """Who came in, behind a door that lets nobody else in."""
        if self.guest is None:
            raise LoginNeeded("请先登录，或从邮件中的链接进入", "log in, or come in by the link of a mail")
        return self.guest

    @property
    def subject(self) -> Subject:
        """The same, as the rules see it."""
        return self.guest.subject if self.guest else STRANGER

    @property
    def by(self) -> str:
        """Whose act it is, for the record: the address of who came in."""
        return min(self.subject.addresses, default="")

    def scope(self, deed: Deed) -> Scope:
        """What the page may show: as far as the deed reaches; everything where the demo asks nobody."""
        rule = self.request.scope["endpoint"].rule
        if rule.deed is deed and is_open_here(rule, self.request, self.duban):
            return EVERYTHING
        return scope_of(self.subject, deed)

    @property
    def reads_for_all(self) -> bool:
        """In the demo the mailbox plays the mail program of everybody: links stand in it as their readers have them."""
        return self.duban.is_demo and is_local(self.request)

    @property
    def came_from(self) -> str:
        """The address of who asks."""
        return self.request.client.host if self.request.client else ""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that writes."""
        self._look_at_the_clock()
        with writing(self.duban.engine) as session:
            speak_for(session, getattr(self.request.state, "absent", ""))
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        self._look_at_the_clock()
        with reading(self.duban.engine) as session:
            yield session

    def _look_at_the_clock(self) -> None:
        """The demo's clock lies in the same database: it is read before a transaction, never inside one."""
        _ = self.now

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page within the frame."""
        with self.reading() as session:
            # how the machine is kept is for those who keep it
            is_keeper = self.subject.wears(*KEEPERS)
            unswept = minutes_unswept(session, now=self.now) if is_keeper else 0
            values.setdefault("warnings", warnings(session, self.request, self.now) if is_keeper else [])
        settings = self.duban.settings
        frame = {
            "now": self.now,
            "switch": self._switch(),
            "is_demo": self.duban.is_demo,
            "prefect_url": f"http://{settings.host}:{settings.prefect_port}",
            "here": self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else ""),
            "minutes_unswept": unswept if unswept > LATE_SWEEP else 0,
            "is_unencrypted": self.request.url.hostname not in _NAMES and not settings.is_https,
            "csrf": csrf_of(self.request),
            **self._about_guest(),
        }
        return HTMLResponse(render(template, frame=frame, **values), status_code=status)

    def _switch(self) -> Language | None:
        """The other language; None on an answer to a form, which cannot be had again."""
        if self.request.method not in SAFE:
            return None
        return Language.CHINESE if is_english() else Language.ENGLISH

    def _about_guest(self) -> dict[str, Any]:
        """Who reads, and which pages there are for him."""
        subject, guest = self.subject, self.guest
        places: list[tuple[str, str, str]] = [
            (name, url, mark) for deed, name, url, mark in PLACES if may_somewhere(subject, deed)
        ]
        if lands_on_supervision(subject):
            places = [place for place in places if place[1] != "/"]
        if self.duban.is_demo and "/mail" not in [url for _, url, _ in places]:
            places.append((say("邮箱"), "/mail", "mail"))
        return {
            "name": subject.name,
            "hats": say("、").join(dict.fromkeys(map(_hat_words, subject.grants))),
            "is_inside": guest is not None,
            "has_account": guest is not None and guest.account is not None,
            "places": places,
            "moves_clock": may_somewhere(subject, Deed.MOVE_CLOCK),
            "sees_runs": subject.wears(*KEEPERS),
            "searches": may_somewhere(subject, Deed.SEE_LEDGER),
        }


def _hat_words(grant: Grant) -> str:
    """``审核``; for an absent colleague ``代李四审核``."""
    return (
        say("代{absent_name}{hat}", absent_name=grant.absent_name or grant.absent, hat=term(grant.hat))
        if grant.absent
        else term(grant.hat)
    )


def _visit(request: Request) -> Visit:
    return Visit(request)


Visiting = Annotated[Visit, Depends(_visit)]


def _asked(unit: str, notice: str, deliverable: str) -> Asked:
    return Asked(notice=notice, unit=unit, deliverable=deliverable)


#: The obligation of an address.
Asking = Annotated[Asked, Depends(_asked)]
