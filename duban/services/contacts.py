"""The people of one unit in mid-season: one more, another one, nobody any more.

Who gets a mail that waits is decided when it leaves (``readdressing``); the links of who is no contact any more are
taken away at once; what was left to the coordinator for want of a mailbox is done.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.access import EVERYTHING, Scope
from duban.domain.errors import ActRefused, InputRefused, NotFound
from duban.domain.roster import UPWARD, recipients
from duban.domain.terms import ISSUER, Role, TaskKind
from duban.services.entering import Moment
from duban.services.records import Records
from duban.services.things import path
from models import ContactRow
from models.contact import (
    change_contact,
    contacts_at,
    enter_contact,
    gaps_open,
    issuers_asking,
    mails_waiting,
    take_contact,
)
from models.entry_link import revoke_links
from models.event import record
from models.task import finish
from notifications.clean import is_mailbox, one_line

#: Characters of a name, of an address, of a number.
MOST_NAME, MOST_ADDRESS, MOST_PHONE = 40, 120, 40
_GAP = str(TaskKind.CONTACT_GAP)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a contact is to be."""

    role: Role
    person: str
    #: empty: only to be telephoned
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Who changes the people of a unit, and where."""

    #: whose notices one keeps
    within: Scope = EVERYTHING
    #: the notice from whose page it is done; None: from none
    notice: str | None = None
    by: str = ISSUER
    by_person: str = ""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What a change came to."""

    event: int
    #: links that are void from now on
    links: int
    #: tasks that are done by it
    tasks: int


def check_keeper(session: Session, unit_id: str, within: Scope) -> None:
    """Who keeps a unit's people: an office above it, or the one of which alone it has open notices. ActRefused."""
    records = Records(session)
    unit = records.unit(unit_id)
    if within.is_all or within.issuers & set(path(records, unit)):
        return
    others = issuers_asking(session, unit_id) - within.issuers
    if others:
        names = "、".join(sorted(records.unit(other).name for other in others))
        zh = f"{unit.name}不在本单位之下，并承担{names}的通知，请由系统管理员办理"
        raise ActRefused(zh, f"{unit_id} is not below this office, and others ask of it too: ask the administrator")


def waiting_for(session: Session, unit: str) -> dict[str, int]:
    """How many mails wait for each address (small letters) of a unit; without any it is left out."""
    return mails_waiting(session, unit, [row.address for row in contacts_at(session, unit) if row.address])


def put_contact(
    session: Session, unit_id: str, wish: Wish, *, number: int | None = None, desk: Desk, moment: Moment
) -> Changed:
    """Somebody new; with the ``number`` of a contact, another in that one's place. One event.

    NotFound; InputRefused for what is no mailbox or is there already; ActRefused as ``check_keeper``.
    """
    check_keeper(session, unit_id, desk.within)
    wish = _clean(wish)
    rows = contacts_at(session, unit_id, locked=True)
    row = None if number is None else _numbered(rows, number)
    _check_new(wish, [other for other in rows if other is not row])
    was = None if row is None else _wish_of(row)
    if was == wish:
        raise InputRefused("没有改动", "nothing is changed")
    values = asdict(wish) | {"role": str(wish.role)}
    if row is None:
        enter_contact(session, unit_id, values)
    else:
        change_contact(session, row, values)
    name = "contact_added" if was is None else "contact_changed"
    return _told(session, unit_id, name, was, wish, desk=desk, moment=moment)


def remove_contact(session: Session, unit_id: str, number: int, *, desk: Desk, moment: Moment) -> Changed:
    """Somebody is no contact of a unit any more. One event. NotFound; ActRefused as ``check_keeper``."""
    check_keeper(session, unit_id, desk.within)
    row = _numbered(contacts_at(session, unit_id, locked=True), number)
    was = _wish_of(row)
    take_contact(session, row)
    return _told(session, unit_id, "contact_removed", was, None, desk=desk, moment=moment)


def _numbered(rows: list[ContactRow], number: int) -> ContactRow:
    found = next((row for row in rows if row.id == number), None)
    if found is None:
        raise NotFound("没有这位联系人，可能已被他人更改", "no such contact: perhaps somebody else has changed it")
    return found


def _wish_of(row: ContactRow) -> Wish:
    return Wish(role=Role(row.role), person=row.person, email=row.email, phone=row.phone)


def _clean(wish: Wish) -> Wish:
    """As it is kept; InputRefused."""
    found = Wish(
        role=wish.role, person=one_line(wish.person), email=one_line(wish.email), phone=one_line(wish.phone)
    )  # fmt: skip
    if found.role not in UPWARD:
        raise InputRefused("角色请从填报人、科（处）负责人、分管领导中选择", f"no role of a contact: {found.role}")
    if not found.person or not (found.email or found.phone):
        raise InputRefused("请填写姓名，以及邮箱或电话", "a name, and an address or a telephone number")
    if found.email and not (is_mailbox(found.email) and len(found.email) <= MOST_ADDRESS):
        raise InputRefused(f"邮箱地址不正确：{found.email}", f"not a mail address: {found.email}")
    if len(found.person) > MOST_NAME or len(found.phone) > MOST_PHONE:
        raise InputRefused(f"姓名、电话请各在{MOST_NAME}字以内", "the name or the number is too long")
    return found


def _check_new(wish: Wish, others: list[ContactRow]) -> None:
    same = [row for row in others if row.role == wish.role and row.address and row.address == wish.email.lower()]
    if same:
        zh = f"{wish.email} 已是该单位的{wish.role.zh}（{same[0].person or '未填姓名'}）"
        raise InputRefused(zh, f"{wish.email} is a {wish.role} of it already")


def _told(
    session: Session, unit_id: str, name: str, was: Wish | None, now: Wish | None, *, desk: Desk, moment: Moment
) -> Changed:
    """The event, and what follows from it."""
    session.flush()
    links = _void_links(session, unit_id, was, at=moment)
    data: dict[str, object] = {"unit": unit_id, "links": links}
    data |= {key: _words(wish) for key, wish in (("was", was), ("now", now)) if wish is not None}
    data |= {"person": desk.by_person} if desk.by_person else {}
    event = record(session, at=moment.now, name=name, by=desk.by, data=data, notice=desk.notice)
    return Changed(event=event, links=links, tasks=settle_gaps(session, unit_id, now=moment.now))


def _words(wish: Wish) -> str:
    """``填报人 王芳 wang@aa.example 0431-555``."""
    return " ".join(part for part in (wish.role.zh, wish.person, wish.email, wish.phone) if part)


def _void_links(session: Session, unit_id: str, was: Wish | None, *, at: Moment) -> int:
    """Who is no contact of the unit under any role has no link of it."""
    address = was.email.lower() if was else ""
    if not address or any(row.address == address for row in contacts_at(session, unit_id)):
        return 0
    return revoke_links(session, address=address, unit=unit_id, at=at.real)


def settle_gaps(session: Session, unit_id: str, *, now: datetime, gone: str = "") -> int:
    """The tasks to find a mailbox are done where there is one by now; answers how many.

    ``gone``: a unit that has gone into this one; nobody looks for its people any more.
    """
    records = Records(session)
    done = [task.key for task in gaps_open(session, gone, _GAP) if task.unit_id == gone] if gone else []
    for task in gaps_open(session, unit_id, _GAP):
        role, issuer = Role(task.key.rsplit(":", 1)[1]), records.notice(task.notice_id).issuer
        if recipients(records.units, task.unit_id or "", role, issuer):
            done.append(task.key)
    finish(session, done, at=now)
    return len(done)
