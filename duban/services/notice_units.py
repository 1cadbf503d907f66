"""The units of a notice and who of them can be written to; one unit with its people. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from sqlmodel import Session

from duban.domain.errors import NotFound
from duban.domain.expand import named_units
from duban.domain.notice import Notice
from duban.domain.roster import UPWARD, Unit
from duban.domain.searching import spellings
from duban.services.contacts import waiting_for
from duban.services.records import Records
from models import ContactRow, NoticeRow
from models.contact import contacts_at
from models.obligation import facts_of_units
from models.reachable import ranked, ranks

#: Units of a page.
MOST = 50


class Gap(IntEnum):
    """Who of a unit cannot be written to; the worst first."""

    #: nobody: no mail gets there
    MUTE = 0
    #: nobody who hands in: a chief or leader gets those mails
    CLERK = 1
    #: a chief or a leader: late mails go to the next one upward
    ABOVE = 2
    NONE = 3


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which of the units."""

    #: None: all
    gap: Gap | None = None
    #: of a unit's name, or of somebody's name or address
    words: str = ""
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class NoticeUnits:
    """The units of a notice that have gone into no other."""

    notice: Notice
    is_closed: bool
    issuer: Unit
    #: how many there are of each, whatever ``Wanted.gap`` says
    counts: dict[Gap, int]
    #: of this page, the worst first, then in the official order
    units: tuple[tuple[Unit, Gap], ...]
    total: int

    @property
    def pages(self) -> int:
        """At least one."""
        return max(1, -(-self.total // MOST))


def notice_units(session: Session, notice_id: str, wanted: Wanted) -> NoticeUnits:
    """A page of the units of a notice; NotFound."""
    records = Records(session)
    notice = records.notice(notice_id)
    words = spellings(wanted.words) if wanted.words.strip() else ()
    roles = [str(role) for role in UPWARD]
    found = ranks(session, notice_id, roles, words)
    counts = {gap: found.get(gap.value, 0) for gap in Gap}
    only = None if wanted.gap is None else wanted.gap.value
    place = {"offset": (wanted.page - 1) * MOST, "limit": MOST}
    page = ranked(session, notice_id, roles, spellings=words, only=only, **place)
    records.units.fetch([unit for unit, _ in page])
    return NoticeUnits(
        notice=notice,
        is_closed=records.is_closed(notice_id),
        issuer=records.unit(notice.issuer),
        counts=counts,
        units=tuple((records.unit(unit), Gap(rank)) for unit, rank in page),
        total=sum(counts.values()) if wanted.gap is None else counts[wanted.gap],
    )


@dataclass(frozen=True, kw_only=True)
class UnitPeople:
    """One unit of a notice, or its issuer."""

    notice: Notice
    is_closed: bool
    unit: Unit
    #: in the order of the file
    people: tuple[ContactRow, ...]
    #: mails that wait for an address (small letters)
    waiting: dict[str, int]
    #: it owes something of the notice
    owes: bool


def unit_people(session: Session, notice_id: str, unit_id: str) -> UnitPeople:
    """The people of a unit that a notice asks something of, names, or is issued by; NotFound for every other."""
    records = Records(session)
    notice = records.notice(notice_id)
    owes = bool(facts_of_units(session, notice_id, [unit_id]))
    if not (owes or unit_id == notice.issuer or _is_around(records, notice, unit_id)):
        raise NotFound(f"通知 {notice_id} 没有要求 {unit_id} 报送", f"{unit_id} owes nothing of {notice_id}")
    return UnitPeople(
        notice=notice,
        is_closed=records.is_closed(notice_id),
        unit=records.unit(unit_id),
        people=tuple(contacts_at(session, unit_id)),
        waiting=waiting_for(session, unit_id),
        owes=owes,
    )


def _is_around(records: Records, notice: Notice, unit_id: str) -> bool:
    """Named by the definition, or below the issuer: it may come to owe or to review something."""
    if unit_id in named_units(notice):
        return True
    unit, seen = records.units.get(unit_id), set[str]()
    while unit and unit.parent and unit.id not in seen:
        seen.add(unit.id)
        if unit.parent == notice.issuer:
            return True
        unit = records.units.get(unit.parent)
    return False


def is_open(session: Session, notice_id: str) -> bool:
    """The notice is neither closed nor cancelled."""
    return session.get_one(NoticeRow, notice_id).closed_at is None


def names_of(found: Sequence[tuple[str, str]]) -> str:
    """``长春市教育局（changchun）、吉林市教育局（jilin）``."""
    return "、".join(f"{name}（{number}）" for number, name in found)
