"""One obligation as a line of a mail: everything resolved, nothing decided."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from duban.domain.due import Due, dues
from duban.domain.expand import facts_of
from duban.domain.phrases import day_hint, receipt_number, requirement_phrases
from duban.domain.terms import REVIEW_PREFIX, UNIT, Act, MailKind, Status
from duban.domain.tracks import SENT
from duban.services.mailing import MESSAGE_ID_DOMAIN
from duban.services.records import Records
from duban.services.tracking import Handovers, TrackView, handovers_about, tracked
from models import MailItemRow
from models.adjustment import times_moved
from models.extension import extension_counts
from models.material import Material, files_of
from models.obligation import Owed
from models.submission import last_submissions
from notifications.letter import Filed, Line


@dataclass(frozen=True, kw_only=True)
class Past:
    """What has happened to the obligations of a mail, read at once."""

    #: obligation → number of the submission that stands
    submissions: Mapping[int, int]
    #: obligation → extensions granted
    extensions: Mapping[int, int]
    #: obligation → how often a supplement moved its day
    moved: Mapping[int, int] = field(default_factory=dict)
    #: submission → its files, where they are told of
    files: Mapping[int, tuple[Filed, ...]] = field(default_factory=dict)
    #: obligation → what was handed in, posted and received of its tracks
    handovers: Handovers = field(default_factory=dict)


def past(records: Records, rows: Collection[Owed], *, with_files: bool) -> Past:
    """The past of some obligations; the files that were handed in only where a mail tells of them."""
    session, ids = records.session, [row.id for row in rows]
    submissions = last_submissions(session, ids)
    files = files_of(session, submissions.values()) if with_files else {}
    return Past(
        submissions=submissions,
        extensions=extension_counts(session, ids),
        moved=times_moved(session, ids),
        files={number: filed(materials) for number, materials in files.items()},
        handovers=handovers_about(records, rows),
    )


def filed(materials: Iterable[Material]) -> tuple[Filed, ...]:
    """Files as mails and receipts tell of them."""
    return tuple(Filed(name=found.name, size=found.size, sha256=found.sha256) for found in materials)


class Telling(Protocol):
    """What a line must know of the mail that it stands in."""

    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def detail(self) -> str: ...


def line(records: Records, row: Owed, mail: Telling, known: Past, item: MailItemRow | None = None) -> Line:
    """The line of ``row`` in ``mail``: as an item that caused it, or (without) only shown."""
    notice = records.notice(row.notice_id)
    definition = records.definition(row.notice_id, row.deliverable)
    stage, deliverable = definition.find(row.deliverable)
    owner = item.owner if item else UNIT
    today = mail.at.astimezone(notice.tz).date()
    due = _due(records, row, owner)
    detail = json.loads(mail.detail) if item else {}
    submission, act = known.submissions.get(row.id), _act(detail, row)
    found = tracked(records, row, known.handovers)
    return Line(
        unit_name=records.unit(row.unit_id).name,
        deliverable_name=deliverable_name(deliverable.name, row.deliverable),
        stage_name=stage.name,
        due_text_printed=_printed(records, row) if owner == UNIT else "",
        due_day=due.day if due else None,
        due_at=due.at.astimezone(notice.tz) if due else None,
        due_set_by_coordinator=row.due_set_by_coordinator,
        due_hint=day_hint(due.day, records.calendar) if due else "",
        old_due_day=_day_before(detail, row),
        round=row.round,
        status=Status(row.status),
        rung=item.rung if item else None,
        kind=MailKind(mail.kind) if item else None,
        owner=owner,
        workdays_left=records.calendar.workdays_between(today, due.day) if due else None,
        reason=row.reason if act is Act.WAIVE else detail.get("reason") or row.reason,
        requirements=requirement_phrases(deliverable, definition),
        tracks=tuple(track.phrase for track in found.open if track.phrase),
        tracks_done=tuple(_done(track) for track in found.done if track.phrase),
        tracks_words=found.words,
        act=act,
        submitted_at=_local(row.submitted_at, notice.tz),
        receipt=receipt_number(submission) if submission else "",
        files=known.files.get(submission or 0, ()),
        is_nil=row.is_nil,
        personal=deliverable.personal,
        uid=f"{row.notice_id}.{row.unit_id}.{row.deliverable}@{MESSAGE_ID_DOMAIN}",
        # one more at each change of the day
        sequence=known.extensions.get(row.id, 0) + known.moved.get(row.id, 0) + row.round - 1,
    )


def _day_before(detail: Mapping[str, Any], row: Owed) -> date | None:
    """The day that a mail tells of as the former one."""
    day = detail.get("day_before") or detail.get("before", {}).get(str(row.id))
    return date.fromisoformat(day) if day else None


def _act(detail: Mapping[str, Any], row: Owed) -> Act | None:
    """The act that a mail tells of: nothing is owed any more, or what its detail says."""
    number = str(row.id)
    if number in detail.get("before", {}) and detail["before"][number] is None:
        return Act.WAIVE
    return Act(detail["act"]) if detail.get("act") else None


def _done(track: TrackView) -> str:
    """``纸质一式两份（10月15日寄出，待收）``; a whole that was handed in at once needs no more than its ways."""
    if not track.told:
        return track.phrase
    return f"{track.name.removesuffix('（盖章）')}（{track.told}{'，待收' if track.state is SENT else ''}）"


def deliverable_name(name: str, key: str) -> str:
    """The name of a deliverable, with the day of an occurrence: ``月报（2021年11月5日）``."""
    _, _, day = key.partition("@")
    if not day:
        return name
    occurrence = date.fromisoformat(day)
    return f"{name}（{occurrence.year}年{occurrence.month}月{occurrence.day}日）"


def _due(records: Records, row: Owed, owner: str) -> Due | None:
    """The due moment of whoever the line speaks to."""
    ball = records.ball(row)
    if owner.startswith(REVIEW_PREFIX) and ball and ball.owner == owner:
        return ball.due
    return Due(day=row.due_day, at=row.due_at) if row.due_day and row.due_at else None


def _printed(records: Records, row: Owed) -> str:
    """The words of the notice, unless another day is in force."""
    form = records.form(row)
    if row.due_day is None or form.kind == "recurring":
        return form.text
    notice = records.notice(row.notice_id)
    acknowledged = row.acknowledged_at and row.acknowledged_at.astimezone(notice.tz).date()
    facts = facts_of(notice, records.calendar, published_on=row.due_day, acknowledged_on=acknowledged)
    first = dues(form, facts)[0]
    return form.text if first and first.day == row.due_day else ""


def _local(moment: datetime | None, zone: object) -> datetime | None:
    return moment and moment.astimezone(zone)  # type: ignore[arg-type]
