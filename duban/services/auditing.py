"""The record of events: is it as it was written, and what is in it? What the last look has shown is kept."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.access import EVERYTHING, Scope
from duban.domain.calendar import ONE_DAY
from duban.domain.chain import End, Verdict
from duban.domain.errors import DubanError
from duban.services.lines import deliverable_name
from duban.services.naming import names_known
from duban.services.records import Records
from models.audit import EventFilter, Told, events_wanted
from models.event import head, look_through
from models.session import steady, writing
from models.setting import put_setting, setting
from models.views import notices_within

__all__ = ["Account", "Look", "Told", "Wanted", "account", "last_look", "verify"]

#: Setting: the last look, as JSON.
VERIFIED = "audit_verified"


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a look through the record has shown."""

    at: datetime
    #: the last event that is as it was written
    end: End
    #: what is broken first, for people; empty: nothing
    fault: str


def verify(engine: Engine, *, now: datetime, anchor: End | None = None) -> Verdict:
    """Look through the whole record, and keep what it has shown.

    In memory that does not grow with the record; others write meanwhile. ``anchor``: what was printed of it before
    (daily summary, backup): without one, a chain that somebody has computed anew as a whole is taken for whole.
    """
    with steady(engine) as session:
        found = look_through(session, anchor=anchor)
    with writing(engine) as session:
        kept = {"at": now.isoformat(), "end": list(found.end), "fault": found.fault.zh if found.fault else ""}
        put_setting(session, VERIFIED, json.dumps(kept, ensure_ascii=False))
    return found


def last_look(session: Session) -> Look | None:
    """What the last look has shown; None before the first."""
    kept = setting(session, VERIFIED)
    if kept is None:
        return None
    value = json.loads(kept)
    return Look(at=datetime.fromisoformat(value["at"]), end=End(*value["end"]), fault=value["fault"])


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which events somebody wants to see; what is empty does not narrow."""

    notice: str = ""
    #: a unit's id, or a part of its name
    unit: str = ""
    #: a part of an address
    person: str = ""
    day: date | None = None
    #: before the event with this number
    below: int | None = None
    #: whose eyes these are
    scope: Scope = EVERYTHING


@dataclass(frozen=True, kw_only=True)
class Account:
    """A page of the record."""

    #: the newest first
    events: tuple[Told, ...]
    #: the names of the deliverables, by the number of the event
    names: Mapping[int, str]
    #: the names of those whose addresses (small letters) stand in it, as far as they are known
    people: Mapping[str, str]
    #: there are older ones
    has_more: bool
    end: End | None
    look: Look | None
    #: the notices that may be asked for: id, document number
    notices: tuple[tuple[str, str], ...]


def account(session: Session, wanted: Wanted, *, zone: ZoneInfo, most: int) -> Account:
    """The events that are wanted, at most so many."""
    found = events_wanted(session, _filter(wanted, zone), limit=most + 1)
    records = Records(session)
    return Account(
        events=tuple(found[:most]),
        names={told.seq: _name(records, told) for told in found[:most]},
        people=names_known(session, {address for told in found[:most] for address in addresses_in(told)}),
        has_more=len(found) > most,
        end=head(session),
        look=last_look(session),
        notices=tuple((row.id, row.document_number) for row in notices_within(session, wanted.scope)),
    )


def addresses_in(told: Told) -> tuple[str, ...]:
    """Who did it, as addresses: of an event, and of the person at the desk that it names."""
    with suppress(ValueError, TypeError, AttributeError):
        person = json.loads(told.data).get("person")
        found = (told.by, person if isinstance(person, str) else "")
        return tuple(one for one in found if "@" in one)
    return ()


def _filter(wanted: Wanted, zone: ZoneInfo) -> EventFilter:
    since = datetime.combine(wanted.day, time(), tzinfo=zone) if wanted.day else None
    return EventFilter(
        notice=wanted.notice,
        unit=wanted.unit,
        person=wanted.person,
        since=since,
        until=since and since + ONE_DAY,
        below=wanted.below,
        scope=wanted.scope,
    )


def _name(records: Records, told: Told) -> str:
    """The deliverable as its notice calls it; a notice in force may not have it any more."""
    if told.notice_id is None or told.deliverable is None:
        return ""
    with suppress(DubanError, KeyError):
        return deliverable_name(records.notice(told.notice_id).find(told.deliverable)[1].name, told.deliverable)
    return told.deliverable
