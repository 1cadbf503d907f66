"""Units of the roster as the issuer of a notice needs them in mid-season: found by name, entered anew."""

import re
from dataclasses import dataclass

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.errors import ActRefused, InputRefused
from duban.domain.notice import Notice
from duban.domain.roster import Roster, Unit
from duban.domain.terms import Relation
from duban.services.contacts import Desk
from duban.services.entering import Moment
from duban.services.installing import import_units
from duban.services.notice_units import names_of
from duban.services.records import Records
from duban.services.things import path
from models.event import record
from models.reachable import called
from notifications.clean import one_line

#: An id as unit files have it.
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
#: Units of the same name or with the words in it that are named in a refusal.
_ALIKE = 5
MOST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class NewUnit:
    """A unit that is to stand in the roster."""

    name: str
    #: empty: none
    parent: str = ""
    kind: str = ""
    relation: Relation = Relation.SUBORDINATE
    #: empty: one is made
    id: str = ""


def unit_called(session: Session, words: str) -> str:
    """The id of the one unit of this id or name; InputRefused, with those that come near."""
    name = one_line(words)
    if not name:
        raise InputRefused("请填写单位的名称或编号", "name a unit")
    found = called(session, name, limit=_ALIKE + 1)
    is_exact = bool(found) and name in found[0]
    if len(found) == 1 and is_exact:
        return found[0][0]
    if not found:
        raise InputRefused(f"单位名册中没有“{name}”", f"no unit {name}")
    told = names_of(found[:_ALIKE]) + ("等" if len(found) > _ALIKE else "")
    zh = f"名称是“{name}”的单位不止一个，请填编号：{told}" if is_exact else f"没有“{name}”，相近的有：{told}"
    what = "more than one unit is called" if is_exact else "no unit is called"
    raise InputRefused(zh, f"{what} “{name}”; perhaps: {', '.join(number for number, _ in found[:_ALIKE])}")


def kinds_asked(notice: Notice) -> tuple[str, ...]:
    """The kinds of units that the classes of a notice take in, in its order."""
    return tuple(dict.fromkeys(kind for it in notice.classes.values() for kind in it.kinds))


def enlist(session: Session, new: NewUnit, *, desk: Desk, moment: Moment) -> str:
    """Enter a unit into the roster, behind those under the same unit; answers its id. Nobody is written to.

    It lies under one of the offices that keep it, or below; without a unit above it stands alone. NotFound,
    InputRefused, ActRefused.
    """
    records = Records(session)
    name, above = one_line(new.name), records.unit(new.parent) if new.parent else None
    if not 0 < len(name) <= MOST_NAME:
        raise InputRefused(f"请填写单位名称，在{MOST_NAME}字以内", "a name, not too long")
    if any(unit.name == name for unit in records.roster.units):
        raise InputRefused(f"名册中已有{name}", f"{name} is in the roster already")
    if above and not (desk.within.is_all or desk.within.issuers & set(path(records, above))):
        raise ActRefused(f"{above.name}不在本单位之下，请由系统管理员新增单位", f"{above.id} is not below this office")
    unit = Unit(
        id=_number(records.roster, new, desk.within),
        name=name,
        parent=above.id if above else None,
        kind=one_line(new.kind),
        relation=new.relation,
        order=_last(records.roster, above),
    )
    import_units(session, Roster.of([unit]))
    data = {"unit": unit.id, "name": unit.name, "parent": unit.parent or ""}
    data |= {"person": desk.by_person} if desk.by_person else {}
    record(session, at=moment.now, name="unit_enlisted", by=desk.by, data=data, notice=desk.notice)
    return unit.id


def _number(roster: Roster, new: NewUnit, within: Scope) -> str:
    """As it was wished, or the first that is free."""
    wished = new.id.strip().lower()
    if wished and not _ID.fullmatch(wished):
        raise InputRefused("单位编号用小写字母、数字和连字符", f"no id of a unit: {wished}")
    if wished in roster:
        raise InputRefused(f"编号 {wished} 已是{roster[wished].name}", f"{wished} is in the roster already")
    stem = new.parent or next(iter(sorted(within.issuers)), "unit")
    return wished or next(number for n in range(1, len(roster) + 2) if (number := f"{stem[:50]}-{n}") not in roster)


def _last(roster: Roster, above: Unit | None) -> int:
    beside = [unit for unit in roster.units if unit.parent == (above.id if above else None)]
    return max((unit.order for unit in beside), default=above.order if above else 0) + 1
