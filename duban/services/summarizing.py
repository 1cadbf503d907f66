"""The coordinator's summary of a working day: who will be written to next, what is left to do, what failed.

Put into the outbox as an address and a day; worded when it leaves, so that it says what stands then.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from duban.domain.calendar import opening
from duban.domain.notice import Notice
from duban.domain.phrases import day_hint
from duban.domain.roster import recipients
from duban.domain.state import HOLDER
from duban.domain.terms import DIGEST_KINDS, MailKind, Role, Status, TaskKind
from duban.services.chasing import foreseen
from duban.services.figures import Asked, Figures, Show, shows
from duban.services.interruptions import interruptions
from duban.services.lines import deliverable_name
from duban.services.mailing import Item, Parcel, Parcels, post_parcel
from duban.services.pulse import forget_silences
from duban.services.records import Owing, Records
from models import MailRow, MailState
from models.event import head
from models.notice import notices
from models.obligation import by_ids
from models.outbox import items_of, mails
from models.session import writing
from models.task import tasks_of
from models.views import alike
from notifications.letter import Person, Planned, Summary, Todo, Undelivered

#: The figures that are told, in order.
FIGURES = {Show.OWED: "应报", Show.MISSING: "未报", Show.OVERDUE: "逾期", Show.REVIEW: "待审", Show.COMPLETED: "办结"}


@dataclass(frozen=True, kw_only=True)
class _Findings:
    """What there is to say to one coordinator."""

    next_workday: date
    planned: tuple[Planned, ...]
    todos: tuple[Todo, ...]
    undelivered: tuple[Undelivered, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.planned or self.todos or self.undelivered)


def summarize(engine: Engine, *, now: datetime) -> int:
    """Put the summaries of the day into the outbox, one per issuing coordinator; answers how many.

    Only on a working day, only where there is something to say, and once a local day (the key says so).
    """
    with writing(engine) as session:
        records = Records(session)
        posted = sum(_post(records, issuer, own, now) for issuer, own in _by_issuer(records).items())
        if posted:
            forget_silences(session)
        return posted


def _by_issuer(records: Records) -> dict[str, list[Notice]]:
    """The open notices of each issuer."""
    found: dict[str, list[Notice]] = {}
    for row in notices(records.session):
        if row.closed_at is None:
            found.setdefault(row.issuer_id, []).append(records.notice(row.id))
    return found


def _post(records: Records, issuer: str, own: Sequence[Notice], now: datetime) -> bool:
    today = now.astimezone(own[0].tz).date()
    contacts = recipients(records.units, issuer, Role.CLERK, issuer)
    if not contacts or not records.calendar.is_workday(today):
        return False
    silent = tuple(interruptions(records.session, records.calendar, zone=own[0].tz))
    if not silent and _findings(records, own, now).is_nothing:
        return False
    parcel = Parcel(contact=contacts[0], unit_id=issuer, role=Role.CLERK)
    key, detail = f"summary:{issuer}:{today.isoformat()}", {"interruptions": silent} if silent else None
    return post_parcel(records, parcel, kind=MailKind.SUMMARY, key=key, at=now, detail=detail)


def summary(records: Records, mail: MailRow, *, base_url: str | None = None) -> Summary | None:
    """The summary of an outbox row as it stands now; None when its notices are closed meanwhile."""
    own = _by_issuer(records).get(mail.unit_id)
    if not own:
        return None
    found = _findings(records, own, mail.at)
    unit = records.unit(mail.unit_id)
    return Summary(
        to=Person(name=mail.to_person, email=mail.to_email),
        unit_name=unit.name,
        sender_name=own[0].issuing_office or unit.name,
        next_workday=found.next_workday,
        next_hint=day_hint(found.next_workday, records.calendar),
        planned=found.planned,
        todos=found.todos,
        undelivered=found.undelivered,
        interruptions=tuple(json.loads(mail.detail).get("interruptions", ())),
        figures=_figures(records, own, mail.at),
        record_end=_record_end(records),
        url=base_url,
        message_id=mail.message_id,
        now=mail.at.astimezone(own[0].tz),
    )


def _record_end(records: Records) -> str:
    """As ``duban audit verify --anchor`` takes it."""
    end = head(records.session)
    return f"{end.seq}:{end.hash}" if end else ""


def _findings(records: Records, own: Sequence[Notice], now: datetime) -> _Findings:
    next_workday = records.calendar.shift(now.astimezone(own[0].tz).date(), 1)
    return _Findings(
        next_workday=next_workday,
        planned=_planned(records, own, opening(next_workday, own[0].tz)),
        todos=tuple(_todos(records, own)),
        undelivered=tuple(_undelivered(records, own)),
    )


def _planned(records: Records, own: Sequence[Notice], moment: datetime) -> tuple[Planned, ...]:
    """The digests of ``moment`` if nobody acts until then; what is held will not be said."""
    parcels = Parcels(records)
    issuers = {notice.id: notice.issuer for notice in own}
    for one in foreseen(records, own, moment):
        if one.held is None:
            _put(parcels, issuers[one.item.obligation.notice_id], one.item, one.kind, moment)
    return tuple(_planned_mail(records, parcel) for parcel in parcels.by_email.values())


def _put(parcels: Parcels, issuer: str, item: Item, kind: MailKind, moment: datetime) -> None:
    holder = parcels.records.holder(item.obligation, item.owner)
    for contact in parcels.to_holder(holder, item, issuer, moment):
        parcels.put(contact, holder, item, kind=kind)


def _planned_mail(records: Records, parcel: Parcel) -> Planned:
    return Planned(
        unit_name=records.unit(parcel.unit_id).name,
        person_name=parcel.contact.person,
        role=parcel.role,
        kind=max(parcel.kinds, key=DIGEST_KINDS.index),
        items=tuple(_named(records, parcel, item.obligation) for item in parcel.items),
    )


def _named(records: Records, parcel: Parcel, row: Owing) -> str:
    name = deliverable_name(records.deliverable(row).name, row.deliverable)
    return name if row.unit_id == parcel.unit_id else f"{records.unit(row.unit_id).name}{name}"


def _todos(records: Records, own: Sequence[Notice]) -> Iterator[Todo]:
    for notice in own:
        for task in tasks_of(records.session, notice.id):
            if task.done_at is None:
                name = records.unit(task.unit_id).name if task.unit_id else ""
                yield Todo(kind=TaskKind(task.kind), unit_name=name, text=task.text)


def _undelivered(records: Records, own: Sequence[Notice]) -> Iterator[Undelivered]:
    """Mails that did not arrive, or perhaps did not, about what is not yet closed."""
    failed = mails(records.session, states=(MailState.FAILED, MailState.UNKNOWN))
    items = items_of(records.session, [mail.id for mail in failed if mail.id])
    rows = by_ids(records.session, {item.obligation_id for group in items.values() for item in group})
    ids = {notice.id for notice in own}
    for mail in failed:
        touched = (rows[item.obligation_id] for item in items[mail.id or 0])
        if any(row.notice_id in ids and HOLDER[Status(row.status)] for row in touched):
            yield Undelivered(
                unit_name=records.unit(mail.unit_id).name,
                person_name=mail.to_person,
                subject=mail.subject or MailKind(mail.kind).zh,
                reason=mail.reason,
            )


def _figures(records: Records, own: Sequence[Notice], now: datetime) -> tuple[tuple[str, int], ...]:
    """The figures of the ledgers, in the same words as on the pages."""
    asked = {notice.id: Asked(now=now.astimezone(notice.tz), calendar=records.calendar) for notice in own}
    counted = [a for a in alike(records.session) if a.notice in asked]
    found = Figures.of((shows(Status(a.status), a.due_day, a.due_at, asked[a.notice]), a.count) for a in counted)
    return tuple((name, found[show]) for show, name in FIGURES.items())
