"""The record of events laid out: a page of it, and a table to take away. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from duban.domain.chain import End
from duban.services.auditing import Account, Look, Told, Wanted, addresses_in
from duban.web.event_words import NOBODY, event_actor, event_name, event_note
from duban.web.language.saying import say
from duban.web.words import ZONE, moment

HEADERS = ("序号", "时间", "通知", "单位", "材料", "事项", "办理人", "说明", "校验值")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One event."""

    seq: int
    #: aware
    at: datetime
    when: str
    notice_id: str
    document_number: str
    unit: str
    deliverable: str
    name: str
    #: by name, where one is known
    who: str
    #: the addresses behind the name; empty where it says them itself
    address: str
    note: str
    hash: str

    @property
    def cells(self) -> tuple[str | int, ...]:
        """As ``HEADERS``."""
        at = f"{self.at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"
        about = (self.document_number, self.unit, self.deliverable)
        who = f"{self.who}（{self.address}）" if self.address else self.who
        return (self.seq, at, *about, self.name, who, self.note, self.hash)


class AuditView:
    """A page of the record."""

    def __init__(self, found: Account, wanted: Wanted, now: datetime) -> None:
        self.found = found
        self.wanted = wanted
        self.now = now
        self.lines = [line(told, found.names.get(told.seq, ""), now, found.people) for told in found.events]

    @property
    def is_narrowed(self) -> bool:
        """Something but the place in the list was asked for."""
        wanted = self.wanted
        return any((wanted.notice, wanted.unit, wanted.person, wanted.day))

    @property
    def older(self) -> str:
        """The address of what comes before; empty where there is nothing."""
        return self.url(below=self.lines[-1].seq) if self.found.has_more and self.lines else ""

    def url(self, path: str = "/audit", **changes: object) -> str:
        """The address of this list with other values."""
        wanted = self.wanted
        said = {"notice": wanted.notice, "unit": wanted.unit, "person": wanted.person, "day": wanted.day, **changes}
        words = urlencode({key: value for key, value in said.items() if value})
        return path + (f"?{words}" if words else "")

    @property
    def end(self) -> str:
        """``NUMBER:HASH``, as it is printed elsewhere."""
        end: End | None = self.found.end
        return f"{end.seq}:{end.hash}" if end else ""

    @property
    def look(self) -> str:
        """What the last look through the record has shown; empty before the first."""
        look: Look | None = self.found.look
        if look is None:
            return ""
        said = say("{at}核验：", at=moment(look.at, self.now))
        return said + (
            say("{fault}。", fault=look.fault) if look.fault else say("至第{seq}条，完整无误。", seq=look.end.seq)
        )

    @property
    def is_broken(self) -> bool:
        return bool(self.found.look and self.found.look.fault)


def line(told: Told, deliverable: str, now: datetime, people: Mapping[str, str] = NOBODY) -> Line:
    """One event in words."""
    data = _data(told.data)
    return Line(
        seq=told.seq,
        at=told.at,
        when=moment(told.at, now),
        notice_id=told.notice_id or "",
        document_number=told.document_number or told.notice_id or "",
        unit=told.unit_name or "",
        deliverable=deliverable,
        name=event_name(told.name),
        who=event_actor(told.by, data, people),
        address="、".join(address for address in addresses_in(told) if address.lower() in people),
        note=event_note(told.name, data, now),
        hash=told.hash,
    )


def _data(text: str) -> dict[str, object]:
    """What an event says; somebody may have damaged it, and the page shows it all the same."""
    try:
        found = json.loads(text)
    except ValueError:
        return {"note": text}
    return found if isinstance(found, dict) else {"note": text}


def day_or_none(text: str) -> date | None:
    """A day as a date field gives it; what is none does not narrow."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
