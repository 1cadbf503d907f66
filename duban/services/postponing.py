"""Later days: what asking for one, granting and refusing it write; and the day that was first asked for."""

from collections.abc import Collection
from datetime import date, timedelta

from duban.domain.errors import ActRefused
from duban.domain.phrases import day_phrase
from duban.domain.terms import RequestState, TaskKind
from duban.services.records import Owing, Records
from duban.services.request import Change
from models import ExtensionRequestRow, ExtensionRow
from models.advice import settle_about, settle_later
from models.extension import enter_request, extensions_of, settle_requests
from models.task import finish, give


def ask(change: Change) -> None:
    """Write down what is asked for, in place of what was asked before; the coordinator gets a task."""
    row, request = change.row, change.request
    assert request.due is not None
    settle(change, RequestState.WITHDRAWN)
    number = enter_request(
        change.session,
        ExtensionRequestRow(
            obligation_id=row.id,
            round=row.round,
            at=change.now,
            due_before=row.due_at,
            day_wanted=request.due,
            note=request.note,
            by_person=request.by_person,
            state=str(RequestState.OPEN),
        ),
    )
    give(
        change.session,
        {
            "key": _key(number),
            "notice_id": row.notice_id,
            "at": change.now,
            "kind": str(TaskKind.EXTENSION),
            "unit_id": row.unit_id,
            "deliverable": row.deliverable,
            "text": _task(change, request.due),
        },
    )


def grant(change: Change) -> None:
    """Write down the later day; it answers the request that is open, if there is one."""
    row, before = change.row, change.before
    assert row.due_at is not None
    answered = settle(change, RequestState.GRANTED, change.request.note)
    advised = settle_later(change.session, row.id, at=change.now)
    finish(change.session, [advice_key(number) for number in advised], at=change.now)
    change.session.add(
        ExtensionRow(
            obligation_id=row.id,
            round=row.round,
            at=change.now,
            due_before=before.due_at,
            day_before=before.due_day,
            due_after=row.due_at,
            note=change.request.note,
            request_id=answered[0] if answered else None,
        )
    )


def refuse(change: Change) -> None:
    """Write down that the day stays; ActRefused where nobody waits for an answer."""
    if not settle(change, RequestState.REFUSED, change.request.note):
        raise ActRefused("没有待答复的延期申请", "no request for an extension waits for an answer")


def settle(change: Change, state: RequestState, answer: str = "") -> list[int]:
    """The open request is over, and so is its task; answers its number, or nothing."""
    numbers = settle_requests(change.session, change.row.id, state=str(state), at=change.now, answer=answer)
    if numbers:
        finish(change.session, [_key(number) for number in numbers], at=change.now)
        settle_about(change.session, numbers, at=change.now)
    return numbers


def advice_key(number: int) -> str:
    """The task of a piece of advice."""
    return f"advice:{number}"


def _key(number: int) -> str:
    return f"extension:{number}"


def _task(change: Change, wanted: date) -> str:
    records, row = change.records, change.row
    what = records.deliverable(row).name
    now = f"（现定{day_phrase(row.due_day)}）" if row.due_day else ""
    return f"{records.unit(row.unit_id).name}申请将“{what}”的期限{now}延至{day_phrase(wanted)}，请答复。"


def first_days(records: Records, rows: Collection[Owing]) -> dict[int, date | None]:
    """The day that was due when the round began, whatever extensions came since, by obligation."""
    by_id = {row.id or 0: row for row in rows}
    found = {number: row.due_day for number, row in by_id.items()}
    for extension in reversed(extensions_of(records.session, list(by_id))):
        row = by_id[extension.obligation_id]
        if extension.round == row.round:
            found[extension.obligation_id] = extension.day_before or _named(records, row, extension)
    return found


def _named(records: Records, row: Owing, extension: ExtensionRow) -> date | None:
    """The day that people name for a due moment: 24:00 belongs to its day."""
    if extension.due_before is None:
        return None
    return (extension.due_before - timedelta(seconds=1)).astimezone(records.notice(row.notice_id).tz).date()
