"""A reviewer's decisions, one or many: permitted, about what was seen, and all together or none."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.access import Subject, Thing, absent_for, authorize
from duban.domain.deeds import Deed
from duban.domain.errors import ActRefused, Denied, DubanError, ManyRefused, NotFound
from duban.domain.terms import Act, Status, review_owner
from duban.services import things
from duban.services.acting import act
from duban.services.lines import deliverable_name
from duban.services.records import Records
from duban.services.request import Request
from duban.services.reviewing import Key, things_of
from duban.services.together import act_together
from models.event import speak_for
from models.obligation import Owed, locked_together, owed_by_name
from models.submission import last_review, last_submissions

#: What has become of it, and why something was not done.
Refusals = list[tuple[str, DubanError]]


def decide(
    session: Session,
    subject: Subject,
    what: Act,
    keys: Sequence[Key],
    *,
    by_person: str,
    note: str = "",
    due: date | None = None,
    now: datetime,
) -> None:
    """Approve or return what ``keys`` name, as it was seen. ManyRefused tells every refusal: roll back then.

    What the unit has replaced since then is refused: nobody decides on what he has not seen.
    """
    records, refusals = Records(session), Refusals()
    for (notice, step, absent), group in _sorted(records, subject, what, keys, refusals).items():
        speak_for(session, absent)
        by = review_owner(step)
        asked = Request(
            notice=notice, unit="", deliverable="", act=what, by=by, note=note, due=due, by_person=by_person
        )
        try:
            act_together(session, asked, [(key.unit, key.deliverable) for key in group], now=now)
        except ManyRefused as refused:
            refusals += refused.refusals
    if refusals:
        raise ManyRefused(refusals)


def _sorted(
    records: Records, subject: Subject, what: Act, keys: Sequence[Key], refusals: Refusals
) -> dict[tuple[str, str, str], list[Key]]:
    """What is permitted, by notice, step and for whom it is done; what is not goes to ``refusals``."""
    found: dict[tuple[str, str, str], list[Key]] = {}
    for notice in dict.fromkeys(key.notice for key in keys):
        group = [key for key in dict.fromkeys(keys) if key.notice == notice]
        for key, row, refusal, absent in _judged(records, subject, what, group):
            if refusal is not None or row is None:
                refusals.append((named(records, key), refusal or _foreign()))
            else:
                found.setdefault((notice, row.step or "", absent), []).append(key)
    return found


def _judged(
    records: Records, subject: Subject, what: Act, keys: Sequence[Key]
) -> Iterator[tuple[Key, Owed | None, DubanError | None, str]]:
    """Each with its row, which is locked, why it is not permitted, and for whom it is done."""
    session = records.session
    rows = locked_together(session, keys[0].notice, [(key.unit, key.deliverable) for key in keys])
    under_review = [row for row in rows.values() if row.status == Status.SUBMITTED]
    known, last = things_of(records, under_review), last_submissions(session, [row.id for row in rows.values()])
    for key in keys:
        row = rows.get((key.unit, key.deliverable))
        thing = Thing() if row is None else known.get(row.id) or things.obligation(session, row)
        refusal = _refusal(subject, what, thing, key, last.get(row.id, 0) if row else 0)
        yield key, row, refusal, absent_for(subject, Deed(what.value), thing)


def _refusal(subject: Subject, what: Act, thing: Thing, key: Key, standing: int) -> DubanError | None:
    try:
        authorize(subject, Deed(what.value), thing)
    except Denied as denied:
        return denied
    if key.submission != standing:
        return ActRefused("单位已重新报送或撤回，请看过新的材料再办理", "it was handed in anew: look at it again")
    return None


def _foreign() -> DubanError:
    return Denied("这一项不存在，或不在您的权限之内", "not within what this login or link gives")


def named(records: Records, key: Key) -> str:
    """``长春市教育局“工作总结”``; what is not known is named as it was asked for."""
    try:
        name = deliverable_name(records.find(key.notice, key.deliverable)[1].name, key.deliverable)
        return f"{records.unit(key.unit).name}“{name}”"
    except (NotFound, KeyError, ValueError):
        return f"{key.unit} {key.deliverable}"


def take_back(session: Session, key: Key, *, by_person: str, note: str = "", now: datetime) -> None:
    """Take the last decision back, for the step that made it. NotFound, ActRefused."""
    row = owed_by_name(session, notice=key.notice, unit=key.unit, deliverable=key.deliverable)
    decided = last_review(session, row.id) if row else None
    by = review_owner(decided.step) if decided else ""
    asked = Request(
        notice=key.notice,
        unit=key.unit,
        deliverable=key.deliverable,
        act=Act.TAKE_BACK,
        by=by,
        by_person=by_person,
        note=note,
    )
    act(session, asked, now=now)
