"""Later days that units ask for: what waits for the issuer's answer, and answers to several at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.errors import ActRefused, DubanError, ManyRefused, UsageError
from duban.domain.terms import Act
from duban.services.advising import Advice, beside_requests
from duban.services.lines import deliverable_name
from duban.services.postponing import first_days
from duban.services.records import Records
from duban.services.request import Request
from duban.services.together import Wanted, act_together, extend_many
from models import ExtensionRequestRow
from models.extension import open_requests, requests_within
from models.obligation import Owed, owed_by_ids, owed_of_units


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A request that waits for an answer."""

    notice_id: str
    notice_title: str
    document_number: str
    unit_id: str
    unit_name: str
    #: a deliverable's id, or an occurrence ``ID@YYYY-MM-DD``
    deliverable: str
    deliverable_name: str
    #: in the notice's zone
    at: datetime
    #: the day in force
    due_day: date | None
    #: the day before any extension of this round
    first_day: date | None
    #: included
    day_wanted: date
    reason: str
    by_person: str
    #: what supervisors say of it
    advice: tuple[Advice, ...] = ()


def waiting(session: Session, scope: Scope) -> list[Waiting]:
    """What waits within ``scope``, the oldest first."""
    found = requests_within(session, scope)
    return _waiting(Records(session), found, owed_by_ids(session, [one.obligation_id for one in found]))


def waiting_of(session: Session, notice: str, wanted: Wanted) -> list[Waiting]:
    """What waits of some obligations, in their order; what is answered already is not in it."""
    records = Records(session)
    records.notice(notice)
    owed = owed_of_units(session, {unit for unit, _ in wanted})
    rows = {(row.unit_id, row.deliverable): row for of in owed.values() for row in of if row.notice_id == notice}
    asked = open_requests(session, [row.id for row in rows.values()])
    in_order = [asked[rows[one].id] for one in dict.fromkeys(wanted) if one in rows and rows[one].id in asked]
    return _waiting(records, in_order, {row.id: row for row in rows.values() if row.id in asked})


def still_waiting(session: Session, obligations: Collection[int]) -> frozenset[int]:
    """Those of some obligations for which a request waits."""
    return frozenset(open_requests(session, obligations))


def _waiting(records: Records, found: Iterable[ExtensionRequestRow], rows: dict[int, Owed]) -> list[Waiting]:
    records.units.fetch({row.unit_id for row in rows.values()})
    first = first_days(records, list(rows.values()))
    advice = beside_requests(records.session, rows)
    return [
        _told(records, one, rows[one.obligation_id], first[one.obligation_id], advice.get(one.obligation_id, ()))
        for one in found
    ]


def _told(
    records: Records, one: ExtensionRequestRow, row: Owed, first: date | None, advice: Iterable[Advice]
) -> Waiting:
    notice = records.notice(row.notice_id)
    return Waiting(
        notice_id=notice.id,
        notice_title=notice.title,
        document_number=notice.document_number,
        unit_id=row.unit_id,
        unit_name=records.unit(row.unit_id).name,
        deliverable=row.deliverable,
        deliverable_name=deliverable_name(records.deliverable(row).name, row.deliverable),
        at=one.at.astimezone(notice.tz),
        due_day=row.due_day,
        first_day=first,
        day_wanted=one.day_wanted,
        reason=one.note,
        by_person=one.by_person,
        advice=tuple(advice),
    )


def grant_wanted(
    session: Session,
    notice: str,
    wanted: Wanted,
    *,
    due: date | None,
    note: str = "",
    by_person: str = "",
    now: datetime,
) -> list[int]:
    """Grant what is asked for: until ``due``, or (None) each until the day that it asked for.

    Answers the events' numbers. ManyRefused, with all that is refused: roll the transaction back.
    """
    days = {(one.unit_id, one.deliverable): one.day_wanted for one in waiting_of(session, notice, wanted)}
    _check_waits(wanted, days)
    groups: dict[date, list[tuple[str, str]]] = {}
    for one in dict.fromkeys(wanted):
        groups.setdefault(due or days[one], []).append(one)
    events: list[int] = []
    refusals: list[tuple[str, DubanError]] = []
    for day, group in groups.items():
        try:
            events += extend_many(session, notice, group, due=day, note=note, by_person=by_person, now=now)
        except ManyRefused as error:
            refusals += error.refusals
    if refusals:
        raise ManyRefused(refusals)
    return events


def refuse_wanted(
    session: Session, notice: str, wanted: Wanted, *, note: str, by_person: str = "", now: datetime
) -> list[int]:
    """Refuse what is asked for, for the same reason; as ``grant_wanted``."""
    _check_waits(wanted, wanted)
    asked = Request(notice=notice, unit="", deliverable="", act=Act.REFUSE, note=note, by_person=by_person)
    return act_together(session, asked, wanted, now=now)


def _check_waits(wanted: Wanted, waits: Collection[tuple[str, str]]) -> None:
    if not wanted:
        raise UsageError("请勾选要答复的申请", "tick the requests to answer")
    if len(set(wanted)) > len(waits):
        raise ActRefused("所选申请中有的已经答复或失效，请刷新后再办", "some of them were answered meanwhile: reload")
