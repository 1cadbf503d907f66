"""Mails that bring a link: to log in, a link once more, a link handed on. Asked for here, worded when they leave."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from duban.domain.errors import ActRefused, InputRefused
from duban.domain.links import ONCE, Mint, Purpose, hashed
from duban.domain.notice import Notice
from duban.domain.roster import Contact, recipients
from duban.domain.terms import MailKind, Role
from duban.domain.throttle import LINK, LINKS
from duban.services.entering import Moment, login_link
from duban.services.letters import coordinator, office_to_ask
from duban.services.links import LinkRow, key_in_force, row_of
from duban.services.mailing import Parcel, post_parcel
from duban.services.opinions import opinions_open
from duban.services.records import Records
from duban.services.throttling import may_try
from models import DelegationRow, LoginLinkRow, MailRow, PersonRow
from models.entry_link import generations, link_by_hash
from models.event import record
from models.notice import notices
from models.obligation import owed_of_units
from models.person import grants_of, person_by_address
from models.unit import all_units
from notifications.clean import is_mailbox
from notifications.letter import Entrance, Office, Person
from notifications.way_in import WayIn, Why


def ask_login(session: Session, mint: Mint, address: str, *, came_from: str, moment: Moment) -> None:
    """Mail a one-time login link, if the address has an account and has not asked too often; nobody is told which."""
    plain = address.strip().lower()
    free = may_try(session, LINK, plain, came_from, real_now=moment.real)
    free &= may_try(session, LINKS, came_from, real_now=moment.real)
    person = person_by_address(session, plain)
    if free and person is not None and not person.disabled_at:
        send_login(session, mint, person, moment=moment)


def send_login(session: Session, mint: Mint, person: PersonRow, *, moment: Moment) -> bool:
    """Put a one-time login link into the outbox; False where there is no unit yet, under whose name it could leave."""
    unit = _unit_of(session, person)
    if unit is None:
        return False
    nonce = login_link(session, mint, person, real_now=moment.real)
    detail = {"why": str(Why.LOGIN), "person": person.id, "nonce": nonce}
    post_way_in(session, Person(name=person.name, email=person.address), unit, detail, moment.now)
    return True


def _unit_of(session: Session, person: PersonRow) -> str | None:
    """The unit under which a person is written to: the first of the hats, else the first of the roster."""
    worn = grants_of(session, person.id or 0)
    return worn[0].unit_id if worn else next((unit.id for unit in all_units(session)), None)


def ask_again(session: Session, token: str, *, came_from: str, moment: Moment) -> None:
    """Mail the link of a unit to its clerks on record, if the token ever was one of its; nobody is told which."""
    link = link_by_hash(session, hashed(token))
    free = may_try(session, LINKS, came_from, real_now=moment.real)
    if link is None or not free:
        return
    if may_try(session, LINK, link.unit_id, link.notice_id, real_now=moment.real):
        send_again(session, Purpose(link.purpose), link.unit_id, link.notice_id, moment=moment)


def send_again(session: Session, purpose: Purpose, unit: str, notice: str, *, moment: Moment) -> int:
    """Put the link of a unit into the outbox, for each of its clerks on record; answers for how many."""
    records = Records(session)
    clerks = recipients(records.units, unit, Role.CLERK, records.notice(notice).issuer)
    detail = {"why": str(Why.AGAIN), "purpose": str(purpose), "unit": unit, "notice": notice}
    for clerk in clerks:
        post_way_in(session, Person(name=clerk.person, email=clerk.email), unit, detail, moment.now)
    return len(clerks)


def send_others(session: Session, unit: str, notices: Iterable[str], *, came_from: str, moment: Moment) -> None:
    """Mail the links of several notices to a unit's clerks on record, as far as it was not done just now."""
    free = may_try(session, LINKS, came_from, real_now=moment.real)
    for notice in notices:
        if free and may_try(session, LINK, unit, notice, real_now=moment.real):
            send_again(session, Purpose.UNIT, unit, notice, moment=moment)


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Whom something is handed on to."""

    name: str
    address: str


def hand_on(session: Session, unit: str, notice: str, *, by: Person, to: Colleague, moment: Moment) -> None:
    """Give a colleague a link of his own; who hands it on stays informed and keeps the own one.

    InputRefused for what is no mailbox; ActRefused to oneself, and after too many.
    """
    address = to.address.strip().lower()
    if not is_mailbox(address):
        raise InputRefused(f"邮箱地址不正确：{to.address}", f"not a mail address: {to.address}")
    if address == by.email.lower():
        raise ActRefused("不能转给自己，请填写同事的邮箱", "hand it on to somebody else")
    if not may_try(session, LINK, "hand_on", unit, notice, real_now=moment.real):
        raise ActRefused("转办过于频繁，请15分钟后再试", "handed on too often: try again in 15 minutes")
    about = {"purpose": str(Purpose.UNIT), "unit": unit, "notice": notice}
    named = to.name.strip() or address
    handed = about | {"why": str(Why.HANDED_ON), "colleague": by.name or by.email, "by": by.email.lower()}
    post_way_in(session, Person(name=to.name.strip(), email=address), unit, handed, moment.now)
    post_way_in(session, by, unit, about | {"why": str(Why.TOLD), "colleague": named}, moment.now)
    record(session, at=moment.now, name="handed_on", by=by.email.lower(), data=about | {"to": address})


def post_way_in(session: Session, to: Person, unit: str, detail: Mapping[str, object], at: datetime) -> None:
    """Put a mail with a way in into the outbox; ``unit``: under whose name, ``detail``: what its words rest on."""
    contact = Contact(role=Role.CLERK, person=to.name, email=to.email)
    parcel = Parcel(contact=contact, unit_id=unit, role=Role.CLERK)
    key = f"{MailKind.LINK}:{secrets.token_hex(12)}"
    post_parcel(Records(session), parcel, kind=MailKind.LINK, key=key, at=at, detail=detail)


@dataclass(frozen=True, kw_only=True)
class Invited:
    """The words of a mail with links, and the rows of these."""

    words: WayIn | None
    links: tuple[LinkRow, ...] = ()


def way_in(records: Records, mail: MailRow, mint: Mint | None) -> Invited:
    """The mail as it stands now; no words where its link is used, or there is no page to link to."""
    detail: dict[str, Any] = json.loads(mail.detail)
    if detail["why"] == Why.DELEGATED:
        return Invited(words=_delegated_words(records, mail, mint, detail))
    if mint is None:
        return Invited(words=None)
    if detail["why"] == Why.LOGIN:
        return Invited(words=_login_words(records, mail, mint, detail))
    if detail["why"] == Why.OPINION:
        return Invited(words=_opinion_words(records, mail, mint, detail))
    return _notice_words(records, mail, mint, detail)


def _delegated_words(records: Records, mail: MailRow, mint: Mint | None, detail: Mapping[str, Any]) -> WayIn | None:
    """None where it was ended before the mail left."""
    row = records.session.get(DelegationRow, int(detail["delegation"]))
    if row is None or row.ended_at:
        return None
    return _words(
        records,
        mail,
        None,
        why=Why.DELEGATED,
        entrances=(Entrance(unit_name="", url=f"{mint.base_url}/login"),) if mint else (),
        unit_name=records.unit(str(detail["unit"])).name,
        colleague=str(detail["colleague"]),
        duty=str(detail["duty"]),
        period=str(detail["period"]),
    )


def _login_words(records: Records, mail: MailRow, mint: Mint, detail: Mapping[str, Any]) -> WayIn | None:
    token = mint.login_token(int(detail["person"]), str(detail["nonce"]))
    row = records.session.get(LoginLinkRow, hashed(token))
    if row is None or row.used_at:
        return None
    entrance = Entrance(unit_name="", url=mint.url(Purpose.LOGIN, token))
    minutes = int(ONCE.total_seconds()) // 60
    return _words(records, mail, None, why=Why.LOGIN, entrances=(entrance,), minutes=minutes)


def _opinion_words(records: Records, mail: MailRow, mint: Mint, detail: Mapping[str, Any]) -> WayIn | None:
    """None where it is answered, taken back or decided by now."""
    session, number = records.session, int(detail["opinion"])
    asked = next((one for one in opinions_open(session) if one.opinion.id == number), None)
    if asked is None:
        return None
    notice = records.notice(asked.notice)
    url = mint.url(Purpose.OPINION, mint.opinion_token(number, str(detail["nonce"])))
    return _words(
        records,
        mail,
        notice,
        why=Why.OPINION,
        entrances=(Entrance(unit_name=asked.unit_name, url=url, for_review=True),),
        notice_title=notice.title,
        document_number=notice.document_number,
        unit_name=asked.unit_name,
        deliverable_name=asked.deliverable_name,
        colleague=str(detail.get("by") or asked.asked_by),
        question=asked.opinion.question,
    )


def _notice_words(records: Records, mail: MailRow, mint: Mint, detail: Mapping[str, Any]) -> Invited:
    notice, unit = records.notice(str(detail["notice"])), records.unit(str(detail["unit"]))
    why, purpose = Why(detail["why"]), Purpose(detail["purpose"])
    about: dict[str, Any] = {
        "notice_title": notice.title,
        "document_number": notice.document_number,
        "unit_name": unit.name,
        "colleague": str(detail.get("colleague", "")),
    }
    if why is Why.TOLD:
        return Invited(words=_words(records, mail, notice, why=why, **about))
    known = generations(records.session, [mail.to_email.lower()])
    key = key_in_force(purpose, mail.to_email, unit.id, notice.id, known)
    token = mint.token(key)
    due = _last_due(records.session, unit.id, notice.id)
    by = str(detail.get("by", ""))
    row = row_of(key, token, person=mail.to_person, at=mail.at, last_due=due, handed_on_by=by)
    entrance = Entrance(unit_name=unit.name, url=mint.url(purpose, token), for_review=purpose is Purpose.REVIEW)
    return Invited(words=_words(records, mail, notice, why=why, entrances=(entrance,), **about), links=(row,))


def _last_due(session: Session, unit: str, notice: str) -> datetime | None:
    owed = owed_of_units(session, [unit])[unit]
    return max((row.due_at for row in owed if row.notice_id == notice and row.due_at), default=None)


def _words(records: Records, mail: MailRow, notice: Notice | None, **more: Any) -> WayIn:
    published = notices(records.session)
    about = notice or (records.notice(published[0].id) if published else None)
    office = records.unit(about.issuer if about else mail.unit_id).name
    return WayIn(
        to=Person(name=mail.to_person, email=mail.to_email),
        sender_name=(about.issuing_office if about else "") or office,
        reply_to=coordinator(records, about) if about else Person(name="", email=""),
        ask=office_to_ask(records, about) if about else Office(name=office),
        code=mail.code,
        message_id=mail.message_id,
        now=mail.at.astimezone(about.tz) if about else mail.at,
        **more,
    )
