"""The last moment: what of a mail may still be said when its sending begins, and when."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, tzinfo

from duban.domain.calendar import ONE_DAY, opening
from duban.domain.terms import DIGEST_KINDS, Act, MailKind, Status
from duban.services.mailing import BY_HAND
from duban.services.records import Records
from duban.services.turns import turn_of
from models import MailItemRow, MailRow
from models.hold import Turn
from models.obligation import Owed
from models.outbox import said_again
from models.pressing import said_otherwise

Rows = Mapping[int, Owed]
#: Mails that tell a unit of a day; of one day two of them never tell the same person the same.
TELLING = (*DIGEST_KINDS, MailKind.NOTICE, MailKind.RETURNED, MailKind.DATE_CHANGED)


def standing_items(
    records: Records,
    mail: MailRow,
    items: Sequence[MailItemRow],
    rows: Rows,
    now: datetime,
    *,
    held: Collection[Turn] = (),
) -> list[MailItemRow]:
    """The items that may still be said: nothing for a closed obligation, nor for a day no longer in force.

    No reminder of a turn that is ``held``. Of a digest left over from a former day, nothing that a later digest to
    the same person says; of a mail written by hand, nothing that another has said this day.
    """
    found = [item for item in items if _stands(records, mail, item, rows[item.obligation_id], held)]
    again = _said_elsewhere(records, mail, rows, now) if found else frozenset()
    return [item for item in found if item.obligation_id not in again]


def _said_elsewhere(records: Records, mail: MailRow, rows: Rows, now: datetime) -> Collection[int]:
    if is_by_hand(mail):
        zone = _zone(records, rows)
        midnight = datetime.combine(now.astimezone(zone).date(), time(0), zone)
        return said_otherwise(records.session, mail, kinds=TELLING, since=midnight)
    return said_again(records.session, mail) if is_left_over(mail, now) else frozenset()


def is_by_hand(mail: MailRow) -> bool:
    """A reminder that a person sent."""
    return mail.key.startswith(BY_HAND)


def is_left_over(mail: MailRow, now: datetime) -> bool:
    """A digest, or a reminder written by hand, of a former day."""
    return (mail.digest_day is not None or is_by_hand(mail)) and now - mail.at > ONE_DAY / 2


def opens_at(records: Records, mail: MailRow, rows: Rows, now: datetime) -> datetime | None:
    """When a digest may be said next, where that is not now: nobody is reminded out of office hours."""
    zone = _zone(records, rows)
    local = now.astimezone(zone)
    if mail.kind not in DIGEST_KINDS or records.calendar.speaks_at(local):
        return None
    return opening(records.calendar.first_opening_after(local), zone)


def _zone(records: Records, rows: Rows) -> tzinfo:
    return records.notice(next(iter(rows.values())).notice_id).tz


def _is_so(records: Records, mail: MailRow, item: MailItemRow, row: Owed) -> bool:
    """What an immediate mail says of an obligation is still so."""
    if row.id in ended_in(mail):
        return row.status == Status.WAIVED
    if records.is_closed(row.notice_id) or row.status not in (Status.PENDING, Status.RETURNED):
        return False
    # a new day, or that a day stays, is said as long as it does
    return mail.kind != MailKind.DATE_CHANGED or row.due_at == item.due_at


def ended_in(mail: MailRow) -> set[int]:
    """The obligations of which a mail says that nothing is owed any more."""
    before = json.loads(mail.detail).get("before", {})
    return {int(number) for number, day in before.items() if day is None}


def _act_of(mail: MailRow) -> Act | None:
    """The act that an immediate mail tells of, where its kind does not say it."""
    found = json.loads(mail.detail).get("act")
    return Act(found) if found else None


def _stands(records: Records, mail: MailRow, item: MailItemRow, row: Owed, held: Collection[Turn]) -> bool:
    told = _act_of(mail)
    if mail.kind == MailKind.RECEIVED:
        # that a return stands no more is said as long as no other has come
        return told is not Act.TAKE_BACK or row.round == item.round
    if mail.kind not in DIGEST_KINDS:
        return row.round == item.round and _is_so(records, mail, item, row)
    ball = records.ball(row)
    return (
        ball is not None
        and (ball.owner, ball.round) == (item.owner, item.round)
        and (ball.due and ball.due.at) == item.due_at
        and turn_of(row.id, ball) not in held
    )
