"""What a supervisor advises: for or against a later day, a later day, a pause in chasing. Only the issuer decides.

Advice moves nothing: it stands beside the request, or comes to the coordinator as a task.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.errors import ActRefused, InputRefused, NotFound
from duban.domain.notice import Notice
from duban.domain.phrases import day_phrase
from duban.domain.state import HOLDER
from duban.domain.terms import UNIT, AdviceKind, Status, TaskKind
from duban.services.lines import deliverable_name
from duban.services.postponing import advice_key
from duban.services.records import Records
from models import AdviceRow
from models.advice import advice_on, advice_seen, enter_advice, open_within, settle_one
from models.event import record
from models.extension import open_request, open_requests
from models.obligation import Owed, facts_of_units, owed_by_ids, owed_by_name
from models.person import names_of
from models.task import finish, give

#: The events of it.
RECOMMENDED, PAUSE_ADVISED, SETTLED = "recommended", "pause_advised", "advice_settled"
#: More is no reason.
LONGEST = 500
#: Kinds that come to the coordinator by themselves; the others stand beside a request.
ALONE = (AdviceKind.LATER, AdviceKind.PAUSE)


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One piece of advice as the issuer reads it."""

    number: int
    kind: AdviceKind
    notice_id: str
    document_number: str
    unit_id: str
    unit_name: str
    #: empty: about everything that the unit owes of the notice
    deliverable: str
    deliverable_name: str
    day: date | None
    text: str
    #: in the notice's zone
    at: datetime
    #: the name of who advises, else the address
    by: str


@dataclass(frozen=True, kw_only=True)
class Matters:
    """What a unit still owes of a notice."""

    notice: Notice
    unit_name: str
    #: deliverable and name, in the notice's order
    open: tuple[tuple[str, str], ...]
    #: those of which a request for a later day waits
    asked: frozenset[str]


def matters(session: Session, notice: str, unit: str) -> Matters:
    """What may be spoken of; NotFound."""
    records = Records(session)
    definition = records.notice(notice)
    rows = [row for row in facts_of_units(session, notice, [unit]) if HOLDER[Status(row.status)] == UNIT]
    asked = open_requests(session, [row.id for row in rows])
    return Matters(
        notice=definition,
        unit_name=records.unit(unit).name,
        open=tuple((r.deliverable, deliverable_name(records.deliverable(r).name, r.deliverable)) for r in rows),
        asked=frozenset(row.deliverable for row in rows if row.id in asked),
    )


def recommend(
    session: Session,
    *,
    notice: str,
    unit: str,
    deliverable: str,
    kind: AdviceKind,
    day: date | None = None,
    text: str,
    by: str,
    at: datetime,
) -> int:
    """Speak for or against the request that is open, or (``LATER``) advise a later ``day``; answers the event's number.

    NotFound; ActRefused where no request is open, where the unit does not hold the material, or has no day;
    InputRefused for no reason and for a day that is not later. ``by``: an address.
    """
    records = Records(session)
    row = owed_by_name(session, notice=notice, unit=unit, deliverable=deliverable)
    records.notice(notice)
    if row is None:
        raise NotFound(f"{unit} 没有材料 {deliverable}（通知 {notice}）", f"{unit} owes no {deliverable} ({notice})")
    asked = open_request(session, row.id)
    said = _reason(text)
    if kind is AdviceKind.LATER:
        _check_later(row, day)
    elif asked is None:
        raise ActRefused("这项材料没有待答复的延期申请", "no request for an extension waits for an answer")
    about = AdviceRow(
        kind=str(kind),
        notice_id=notice,
        unit_id=unit,
        obligation_id=row.id,
        request_id=asked.id if asked and kind is not AdviceKind.LATER else None,
        day=day if kind is AdviceKind.LATER else None,
        text=said,
        at=at,
        by_person=by,
    )
    number = enter_advice(session, about)
    if kind is AdviceKind.LATER:
        assert day is not None
        named = deliverable_name(records.deliverable(row).name, deliverable)
        words = f"建议将{records.unit(unit).name}“{named}”的期限延至{day_phrase(day)}：{said}"
        _task(session, about, number, words, deliverable)
    data = {"unit": unit, "deliverable": deliverable, "advice": str(kind), "note": said, "person": by}
    until = {"wanted": day.isoformat()} if day and kind is AdviceKind.LATER else {}
    return record(session, at=at, name=RECOMMENDED, by=by, data=data | until, notice=notice, obligation=row.id)


def advise_pause(session: Session, *, notice: str, unit: str, until: date, text: str, by: str, at: datetime) -> int:
    """Advise not to chase a unit until a day, included; answers the event's number.

    The coordinator gets a task and decides; nothing is held by it. NotFound; InputRefused for no reason and for a day
    that has passed.
    """
    records = Records(session)
    zone = records.notice(notice).tz
    if not facts_of_units(session, notice, [unit]):
        raise NotFound(f"{unit} 在通知 {notice} 中没有要报送的材料", f"{unit} owes nothing of {notice}")
    said = _reason(text)
    if until < at.astimezone(zone).date():
        raise InputRefused("暂缓的日期已经过去", "the day has passed")
    about = AdviceRow(
        kind=str(AdviceKind.PAUSE), notice_id=notice, unit_id=unit, day=until, text=said, at=at, by_person=by
    )
    number = enter_advice(session, about)
    words = f"建议在{day_phrase(until)}前暂缓催报{records.unit(unit).name}：{said}"
    _task(session, about, number, words, None)
    data = {"unit": unit, "note": said, "wanted": until.isoformat(), "person": by}
    return record(session, at=at, name=PAUSE_ADVISED, by=by, data=data, notice=notice)


def settle(session: Session, scope: Scope, number: int, *, by: str, at: datetime) -> int:
    """The issuer has dealt with a piece of advice; answers the event's number. NotFound; ActRefused the second time."""
    row = advice_seen(session, scope, number)
    if row is None:
        raise NotFound(f"没有第 {number} 号建议", f"no advice {number}")
    if not settle_one(session, number, at=at):
        raise ActRefused("这项建议已经处理", "it was settled before")
    finish(session, [advice_key(number)], at=at)
    data = {"unit": row.unit_id, "advice": row.kind, "person": by}
    return record(session, at=at, name=SETTLED, by=by, data=data, notice=row.notice_id, obligation=row.obligation_id)


def waiting_advice(session: Session, scope: Scope) -> list[Advice]:
    """What supervisors advise by themselves about the notices issued within ``scope``, the oldest first."""
    return _told(session, open_within(session, scope, [str(kind) for kind in ALONE]))


def one_advice(session: Session, scope: Scope, number: int) -> Advice:
    """One piece of advice; NotFound."""
    row = advice_seen(session, scope, number)
    if row is None:
        raise NotFound(f"没有第 {number} 号建议", f"no advice {number}")
    return _told(session, [row])[0]


def beside_requests(session: Session, obligations: Iterable[int]) -> dict[int, list[Advice]]:
    """What was said for or against the requests of some obligations that wait for an answer."""
    found = advice_on(session, list(obligations))
    kept = {o: [r for r in rows if r.settled_at is None and r.request_id] for o, rows in found.items()}
    return {obligation: _told(session, rows) for obligation, rows in kept.items() if rows}


def _told(session: Session, rows: list[AdviceRow]) -> list[Advice]:
    records = Records(session)
    names = names_of(session, {row.by_person for row in rows})
    owed = owed_by_ids(session, [row.obligation_id for row in rows if row.obligation_id])
    return [_one(records, row, owed.get(row.obligation_id or 0), names) for row in rows]


def _one(records: Records, row: AdviceRow, owed: Owed | None, names: dict[str, str]) -> Advice:
    notice = records.notice(row.notice_id)
    return Advice(
        number=row.id or 0,
        kind=AdviceKind(row.kind),
        notice_id=row.notice_id,
        document_number=notice.document_number,
        unit_id=row.unit_id,
        unit_name=records.unit(row.unit_id).name,
        deliverable=owed.deliverable if owed else "",
        deliverable_name=deliverable_name(records.deliverable(owed).name, owed.deliverable) if owed else "",
        day=row.day,
        text=row.text,
        at=row.at.astimezone(notice.tz),
        by=names.get(row.by_person, row.by_person),
    )


def _task(session: Session, row: AdviceRow, number: int, text: str, deliverable: str | None) -> None:
    values = {
        "key": advice_key(number),
        "notice_id": row.notice_id,
        "at": row.at,
        "kind": str(TaskKind.ADVICE),
        "unit_id": row.unit_id,
        "deliverable": deliverable,
        "text": f"{text}。请处理。",
    }
    give(session, values)


def _check_later(row: Owed, day: date | None) -> None:
    if HOLDER[Status(row.status)] != UNIT or row.due_day is None:
        raise ActRefused("这项材料现在没有待报的期限", "the unit owes it by no day now")
    if day is None or day <= row.due_day:
        raise InputRefused("建议的日期要晚于现定期限", "the day must be later than the one in force")


def _reason(text: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > LONGEST:
        raise InputRefused(f"请填写理由，不超过{LONGEST}字", f"give a reason in 1 to {LONGEST} characters")
    return said
