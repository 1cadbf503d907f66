"""Coming in: by password, by a one-time link, by the link of a mail. Looking at a link changes nothing."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from duban.domain.errors import InputRefused, LoginNeeded
from duban.domain.links import ONCE, Mint, Purpose, hashed
from duban.domain.throttle import ACCOUNT, ADDRESS, WORD
from duban.services import sessions
from duban.services.passwords import fits, hash_password
from duban.services.throttling import forgive, may_try
from models import EntryLinkRow, PersonRow, UnitWordRow
from models.entry_link import link_by_hash
from models.event import record
from models.login_link import is_usable, put_login_link, use_login_link
from models.person import person_by_address
from models.web_session import add_scope, clear_unit

#: Six digits, as offices give them; guessing is counted.
SHORTEST_WORD = 6


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When somebody comes in."""

    #: the domain's: for links of notices
    now: datetime
    #: for passwords, sessions, login links
    real: datetime


_REFUSED = ("邮箱或密码不正确，或尝试过多、账号暂停。请核对，或15分钟后再试", "wrong address or password, or locked")


def login(session: Session, *, address: str, password: str, came_from: str, former: str, moment: Moment) -> str | None:
    """Log in by password; answers the new session's token, None for a refusal. The transaction is kept either way.

    Unknown, wrong, locked and disabled are the same from outside: the same work is done and the same is said.
    """
    plain = address.strip().lower()
    free = may_try(session, ACCOUNT, plain, came_from, real_now=moment.real)
    free &= may_try(session, ADDRESS, came_from, real_now=moment.real)
    person = person_by_address(session, plain)
    fit, anew = fits(password, person.password if person else "")
    if person is None or not (fit and free) or person.disabled_at:
        _note(session, "login_refused", person, moment)
        return None
    if anew:
        person.password = anew
        session.add(person)
        session.flush()
    forgive(session, ACCOUNT, plain, came_from)
    _note(session, "logged_in", person, moment)
    return sessions.begin(session, person=person.id, former=former, real_now=moment.real)


def refusal() -> LoginNeeded:
    """What is said of every login that fails."""
    return LoginNeeded(*_REFUSED)


def _note(session: Session, name: str, person: PersonRow | None, moment: Moment) -> None:
    """A login is part of the record; tries at accounts that do not exist are counted, not recorded."""
    if person is not None:
        record(session, at=moment.now, name=name, by=person.address, data={})


def login_link(session: Session, mint: Mint, person: PersonRow, *, real_now: datetime, lasts: timedelta = ONCE) -> str:
    """A one-time link for a person; answers its nonce, from which ``Mint.login_token`` makes the token again."""
    nonce, number = secrets.token_urlsafe(32), person.id or 0
    found = hashed(mint.login_token(number, nonce))
    put_login_link(session, found=found, person=number, expires_at=real_now + lasts, now=real_now)
    return nonce


def is_open(session: Session, purpose: Purpose, token: str, moment: Moment) -> bool:
    """True while a link lets in. Reads only."""
    if purpose is Purpose.LOGIN:
        return is_usable(session, hashed(token), now=moment.real)
    return link_of(session, purpose, token, moment) is not None


def link_of(session: Session, purpose: Purpose, token: str, moment: Moment) -> EntryLinkRow | None:
    """The link of a mail, while it stands; None for an unknown, revoked or expired one. Reads only."""
    found = link_by_hash(session, hashed(token))
    return found if found and found.purpose == purpose and sessions.stands(found, moment.now) else None


def enter(session: Session, purpose: Purpose, token: str, *, former: str, moment: Moment) -> str | None:
    """Exchange a link for a session; answers the session's token, None when the link does not let in.

    A login link is used up by it; the link of a mail stays good, and adds to the session that is there.
    """
    if purpose is Purpose.LOGIN:
        return _enter_once(session, token, former=former, moment=moment)
    link = link_of(session, purpose, token, moment)
    if link is None:
        return None
    fresh = sessions.begin(session, person=None, former=former, real_now=moment.real)
    add_scope(session, hashed(fresh), link.hash)
    data = {"purpose": link.purpose, "unit": link.unit_id, "notice": link.notice_id, "link": link.hash[:12]}
    # not under its notice: it is part of no other unit's story
    record(session, at=moment.now, name="link_entered", by=link.address, data=data)
    return fresh


def _enter_once(session: Session, token: str, *, former: str, moment: Moment) -> str | None:
    number = use_login_link(session, hashed(token), now=moment.real)
    person = session.get(PersonRow, number) if number else None
    if person is None or person.disabled_at:
        return None
    _note(session, "logged_in", person, moment)
    return sessions.begin(session, person=person.id, former=former, real_now=moment.real)


def set_word(session: Session, unit: str, word: str, *, by: str, moment: Moment) -> None:
    """Give a unit its 口令; InputRefused for a short one."""
    if len(word.strip()) < SHORTEST_WORD:
        raise InputRefused(f"口令至少{SHORTEST_WORD}个字符", f"a unit's word has at least {SHORTEST_WORD} characters")
    session.merge(UnitWordRow(unit_id=unit, word=hash_password(word.strip()), set_at=moment.real))
    session.flush()
    record(session, at=moment.now, name="word_set", by=by, data={"unit": unit})


def say_word(session: Session, unit: str, word: str, *, in_session: str, came_from: str, moment: Moment) -> bool:
    """Say a unit's 口令 in a session; True when it was the one. The transaction is kept either way."""
    free = may_try(session, WORD, unit, came_from, real_now=moment.real)
    row = session.get(UnitWordRow, unit)
    fit, _ = fits(word.strip(), row.word if row else "")
    if not (fit and free):
        return False
    forgive(session, WORD, unit, came_from)
    clear_unit(session, in_session, unit)
    return True
