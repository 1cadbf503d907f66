"""Sessions: begun when somebody comes in, asked at every request, ended from here. Real time, unless said."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from duban.domain.access import Grant, Subject
from duban.domain.errors import LoginNeeded
from duban.domain.links import Purpose, hashed
from duban.domain.terms import Hat
from duban.services.standing_in import lent_hats
from models import EntryLinkRow, PersonRow, WebSessionRow
from models.api_token import token_by_hash
from models.person import grants_of
from models.web_session import Entered, add_scope, begin_session, end_sessions, forget_ended, scopes_of, touch

#: Without a request for so long a session is over; and after so long whatever is done.
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
#: A session that was used within this is not written down again.
NOTED = timedelta(minutes=1)

#: The hat that a link gives.
HAT_OF = {Purpose.UNIT: Hat.CLERK, Purpose.REVIEW: Hat.REVIEWER}


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Who is behind a request."""

    subject: Subject
    #: the hash of the session; empty: a program with a token
    session: str
    #: the account; None: links alone
    account: PersonRow | None = None
    #: the links that were entered and stand
    links: tuple[EntryLinkRow, ...] = ()

    @property
    def must_change(self) -> bool:
        """A first password that must be changed before anything else."""
        return self.account is not None and self.account.must_change and bool(self.session)


def guest(session: Session, token: str, *, now: datetime, real_now: datetime) -> Guest | None:
    """Who came in with this session; None when it is unknown or over. ``now``: the domain's, for links."""
    found = hashed(token)
    row = session.get(WebSessionRow, found)
    if row is None or row.ends_at <= real_now or row.seen_at + IDLE <= real_now:
        return None
    person = session.get(PersonRow, row.person_id) if row.person_id else None
    if person is not None and person.disabled_at:
        return None
    entered = [one for one in scopes_of(session, found) if stands(one.link, now)]
    if person is None and not entered:
        return None
    return Guest(
        subject=_subject(session, person, entered, lent=lent_hats(session, person, now=now) if person else ()),
        session=found,
        account=person,
        links=tuple(one.link for one in entered),
    )


def keep_alive(session: Session, token: str, *, real_now: datetime) -> None:
    """Note that a session is in use, at most once a minute."""
    touch(session, hashed(token), now=real_now)


def is_stale(session: Session, token: str, *, real_now: datetime) -> bool:
    """True when the last use that was written down is more than a minute ago."""
    row = session.get(WebSessionRow, hashed(token))
    return row is not None and row.seen_at + NOTED < real_now


def program(session: Session, token: str, *, real_now: datetime) -> Guest:
    """Who comes in by an API token; LoginNeeded for one that is unknown, over, or of a disabled account.

    A program has the own hats of its account, never those worn for an absent colleague.
    """
    row = token_by_hash(session, hashed(token))
    person = session.get(PersonRow, row.person_id) if row else None
    if row is None or person is None or person.disabled_at or row.revoked_at or row.expires_at <= real_now:
        raise LoginNeeded("令牌无效或已失效，请向系统管理员申请新的令牌", "the token is not valid: ask for a new one")
    return Guest(subject=_subject(session, person, []), session="", account=person)


def stands(link: EntryLinkRow, now: datetime) -> bool:
    """True while a link lets in. ``now``: the domain's."""
    return link.revoked_at is None and link.expires_at > now


def _subject(
    session: Session, person: PersonRow | None, entered: list[Entered], *, lent: tuple[Grant, ...] = ()
) -> Subject:
    own = _grants(session, person) if person else ()
    given = tuple(
        Grant(
            hat=HAT_OF[Purpose(one.link.purpose)],
            unit=one.link.unit_id,
            notice=one.link.notice_id,
            holder=one.link.address,
            by_link=True,
            is_cleared=one.is_cleared,
        )
        for one in entered
    )
    name = person.name if person else next((one.link.person for one in entered), "")
    return Subject(grants=own + given + lent, name=name, person=person.id if person else None)


def _grants(session: Session, person: PersonRow) -> tuple[Grant, ...]:
    worn = [Grant(hat=Hat(g.hat), unit=g.unit_id, holder=person.address) for g in grants_of(session, person.id or 0)]
    if person.is_administrator:
        worn.insert(0, Grant(hat=Hat.ADMINISTRATOR, holder=person.address))
    return tuple(worn)


def begin(session: Session, *, person: int | None, former: str = "", real_now: datetime) -> str:
    """A new session; answers what the browser keeps: 256 random bits, known to nobody else.

    ``former``: the browser's session so far, which ends: what was planted or overheard is worth nothing. ``person``
    None: a link is entered; whoever was logged in and the links entered before go along, and so does their end.
    """
    token = secrets.token_urlsafe(32)
    forget_ended(session, now=real_now, idle_since=real_now - IDLE)
    row = session.get(WebSessionRow, hashed(former)) if former else None
    kept = row if person is None else None
    carried = scopes_of(session, kept.hash) if kept else []
    owner, made_at = (kept.person_id, kept.made_at) if kept else (person, real_now)
    begin_session(session, hashed(token), person=owner, made_at=made_at, now=real_now, ends_at=made_at + LONGEST)
    for one in carried:
        add_scope(session, hashed(token), one.link.hash, is_cleared=one.is_cleared)
    if row:
        end_sessions(session, [row.hash])
    return token


def end(session: Session, token: str) -> None:
    """End a session."""
    end_sessions(session, [hashed(token)])
