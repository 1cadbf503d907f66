"""Small notices and rosters, made to order: each test says only what it is about."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from duban.domain.notice import Notice
from duban.domain.roster import Contact, Roster, Unit
from duban.domain.terms import Relation, Role

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """``2021-09-24 10:00`` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def on(day: str, **more: Any) -> dict[str, Any]:
    """A deadline on a day."""
    return {"kind": "date", "date": day, "text": f"{date.fromisoformat(day):%m-%d}前", **more}


def deliverable(name: str = "report", **more: Any) -> dict[str, Any]:
    """A deliverable that cities owe to the office."""
    tracks = [{"medium": "electronic", "to": "office"}]
    return {"id": name, "name": name, "kind": "material", "who": ["cities"], "tracks": tracks, **more}


def stage(deadline: dict[str, Any], *deliverables: dict[str, Any], name: str = "one") -> dict[str, Any]:
    """A stage."""
    return {"id": name, "name": name, "deadline": deadline, "deliverables": list(deliverables) or [deliverable()]}


def notice(*stages: dict[str, Any], **more: Any) -> Notice:
    """A notice of ``prov`` to its cities, issued 2021-09-24."""
    basic = {
        "id": "test-2021-1",
        "document_number": "测〔2021〕1号",
        "title": "关于测试的通知",
        "issuer": "prov",
        "issued_on": "2021-09-24",
        "classes": {"cities": {"name": "各市", "kinds": ["city"]}},
        "offices": {"office": {"name": "省厅职成处", "email": "office@prov.example"}},
        "stages": list(stages) or [stage(on("2021-10-15"))],
    }
    return Notice.model_validate(basic | more)


def people(where: str, *roles: str) -> tuple[Contact, ...]:
    """A contact per role, ``clerk@WHERE.example``."""
    return tuple(Contact(role=Role(r), person=f"{r}", email=f"{r}@{where}.example", phone="555") for r in roles)


def unit(name: str, *roles: str, **more: Any) -> Unit:
    """A city under the province, with these people."""
    values: dict[str, Any] = {"parent": "prov", "kind": "city", "order": 1} | more
    return Unit(id=name, name=f"{name}市", contacts=people(name, *roles), **values)


def roster(*units: Unit) -> Roster:
    """The province (coordinator, chief, leader) and these units; without any: one full city ``aa``."""
    issuer = unit("prov", "clerk", "chief", "leader", parent=None, kind="province", order=0)
    return Roster.of([issuer, *(units or (unit("aa", "clerk", "chief", "leader"),))])


PARALLEL = Relation.PARALLEL
