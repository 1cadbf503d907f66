"""Accounts: who may log in, and under which hats. Each change leaves an event and takes effect at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import InputRefused, NotFound
from duban.domain.passwords import check_password
from duban.domain.terms import Hat
from duban.services.passwords import hash_password
from duban.services.records import Records
from models import GrantRow, PersonRow
from models.event import record
from models.login_link import drop_login_links
from models.person import all_grants, people, person_by_address, take_grant
from models.upsert import insert_new
from models.web_session import end_sessions_of


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person with the hats."""

    person: PersonRow
    #: hat and unit, in the order in which they were given
    grants: tuple[tuple[Hat, str], ...]


def accounts(session: Session) -> list[Account]:
    """Every account, by address."""
    worn: dict[int, list[tuple[Hat, str]]] = {}
    for grant in all_grants(session):
        worn.setdefault(grant.person_id, []).append((Hat(grant.hat), grant.unit_id))
    return [Account(person=row, grants=tuple(worn.get(row.id or 0, ()))) for row in people(session)]


def find(session: Session, address: str) -> PersonRow:
    """The account of an address; NotFound."""
    found = person_by_address(session, address)
    if found is None:
        raise NotFound(f"没有账号 {address}", f"no account {address}")
    return found


def add_person(
    session: Session, *, address: str, name: str, is_administrator: bool = False, by: str, now: datetime
) -> PersonRow:
    """A new account, without password and hats; InputRefused where there is one. ``now`` is real time."""
    plain = address.strip().lower()
    if plain.count("@") != 1 or not plain.isprintable() or " " in plain:
        raise InputRefused(f"邮箱地址不正确：{address}", f"not a mail address: {address}")
    values = {"address": plain, "name": name.strip() or plain, "is_administrator": is_administrator, "made_at": now}
    number = insert_new(session, PersonRow, values)
    if number is None:
        raise InputRefused(f"账号 {plain} 已经有了", f"there is an account {plain} already")
    _tell(session, "person_added", plain, {"administrator": is_administrator}, by=by, now=now)
    return session.get_one(PersonRow, number)


def give(session: Session, address: str, hat: Hat, unit: str, *, by: str, now: datetime) -> bool:
    """Give a hat for a unit; False when it is worn already. NotFound for no such person or unit."""
    person = find(session, address)
    if hat is Hat.ADMINISTRATOR:
        raise InputRefused("系统管理员在新增账号时指定，不对应单位", "an administrator is made with the account")
    Records(session).unit(unit)
    values = {"person_id": person.id, "hat": str(hat), "unit_id": unit, "at": now}
    if insert_new(session, GrantRow, values) is None:
        return False
    _tell(session, "hat_given", person.address, {"hat": str(hat), "unit": unit}, by=by, now=now)
    return True


def take(session: Session, address: str, hat: Hat, unit: str, *, by: str, now: datetime) -> None:
    """Take a hat away; NotFound when it was not worn. The next request of the person feels it."""
    person = find(session, address)
    if not take_grant(session, person.id or 0, str(hat), unit):
        raise NotFound(f"{address} 没有这项权限：{hat.zh} {unit}", f"{address} is no {hat} of {unit}")
    _tell(session, "hat_taken", person.address, {"hat": str(hat), "unit": unit}, by=by, now=now)


def set_password(session: Session, address: str, password: str, *, must_change: bool, by: str, now: datetime) -> None:
    """Set a password and end every session of the person. InputRefused for a short or common one."""
    person = find(session, address)
    check_password(password, address=person.address)
    person.password, person.must_change = hash_password(password), must_change
    session.add(person)
    session.flush()
    _shut_out(session, person)
    _tell(session, "password_set", person.address, {"must_change": must_change}, by=by, now=now)


def disable(session: Session, address: str, *, by: str, now: datetime) -> None:
    """Let nobody in by an account any more; its sessions end, its name stays in the record."""
    person = find(session, address)
    person.disabled_at = person.disabled_at or now
    session.add(person)
    session.flush()
    _shut_out(session, person)
    _tell(session, "person_disabled", person.address, {}, by=by, now=now)


def send_out(session: Session, address: str, *, by: str, now: datetime) -> None:
    """End the sessions of a person, and make the unused login links void; he may come in again."""
    person = find(session, address)
    _shut_out(session, person)
    _tell(session, "shut_out", person.address, {}, by=by, now=now)


def _shut_out(session: Session, person: PersonRow) -> None:
    end_sessions_of(session, person.id or 0)
    drop_login_links(session, person.id or 0)


def _tell(session: Session, name: str, address: str, data: Mapping[str, object], *, by: str, now: datetime) -> None:
    record(session, at=now, name=name, by=by, data={"person": address, **data})
