"""What machines read: mails, ledger and tasks of a notice as plain JSON values (8-contract, Output)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from duban.domain.terms import MailKind
from duban.services.ledger import iso, ledger
from duban.services.records import Records
from models import MailItemRow, MailRow, MailState, ObligationRow
from models.event import count
from models.obligation import by_ids
from models.outbox import items_of, mails
from models.task import tasks_of

#: Kinds that are told of; the coordinator's daily summary is not part of a notice's story.
TOLD = tuple(kind for kind in MailKind if kind not in (MailKind.SUMMARY, MailKind.TRIAL, MailKind.WEEKLY))


def story(session: Session, notice_id: str, *, start: datetime, until: datetime) -> dict[str, Any]:
    """Everything that happened to a notice from ``start`` to ``until``, the ledger as of ``until``."""
    zone = Records(session).notice(notice_id).tz
    return {
        "notice": notice_id,
        "from": iso(start.astimezone(zone)),
        "until": iso(until.astimezone(zone)),
        "mails": told(session, notice_id, start=start, until=until),
        "ledger": [entry.as_json() for entry in ledger(session, notice_id, now=until)],
        "tasks": tasks(session, notice_id),
        "events": count(session),
    }


def told(session: Session, notice_id: str, *, start: datetime, until: datetime) -> list[dict[str, Any]]:
    """The mails about a notice from ``start`` to ``until``, by moment and address; cancelled ones are none."""
    zone = Records(session).notice(notice_id).tz
    found = [
        mail
        for mail in mails(session)
        if mail.kind in TOLD and mail.state != MailState.CANCELLED and start <= mail.at <= until
    ]
    items = items_of(session, [mail.id for mail in found if mail.id is not None])
    rows = by_ids(session, {item.obligation_id for group in items.values() for item in group})
    listed = [_mail(mail, items[mail.id or 0], rows, notice_id, zone) for mail in found]
    return [mail for mail in listed if mail["items"]]


def _mail(
    mail: MailRow, items: list[MailItemRow], rows: dict[int, ObligationRow], notice_id: str, zone: ZoneInfo
) -> dict[str, Any]:
    return {
        "at": iso(mail.at.astimezone(zone)),
        "to": [mail.to_email],
        "cc": [],
        "kind": mail.kind,
        "items": [
            _item(item, rows[item.obligation_id], zone)
            for item in items
            if rows[item.obligation_id].notice_id == notice_id
        ],
    }


def _item(item: MailItemRow, row: ObligationRow, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "unit": row.unit_id,
        "deliverable": row.deliverable,
        "owner": item.owner,
        "rung": item.rung,
        "round": item.round,
        "due_at": iso(item.due_at and item.due_at.astimezone(zone)),
        "role": item.role,
    }


def tasks(session: Session, notice_id: str) -> list[dict[str, Any]]:
    """What was left to the coordinator, in order."""
    zone = Records(session).notice(notice_id).tz
    return [
        {
            "at": iso(task.at.astimezone(zone)),
            "kind": task.kind,
            "unit": task.unit_id,
            "deliverable": task.deliverable,
            "text": task.text,
        }
        for task in tasks_of(session, notice_id)
    ]
