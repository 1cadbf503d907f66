"""One obligation as somebody has it before him who is about to act on it. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.due import Due
from duban.domain.errors import ActRefused
from duban.domain.notice import Notice
from duban.domain.state import TABLE, Impossible
from duban.domain.terms import Act, Status
from duban.domain.tracks import postable
from duban.services.columns import Planned
from duban.services.handing import media
from duban.services.intake import Asked, owing
from duban.services.lines import deliverable_name
from duban.services.postponing import first_days
from duban.services.records import Records
from duban.services.tracking import Handovers, Tracked, TrackView, handovers_about, tracked
from models import ExtensionRequestRow
from models.extension import open_requests
from models.obligation import Owed


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A later day that a unit has asked for and waits for."""

    #: in the notice's zone
    at: datetime
    #: included
    day: date
    reason: str
    by_person: str


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One obligation, named and as it stands."""

    notice: Notice
    unit_id: str
    unit_name: str
    #: a deliverable's id, or an occurrence ``ID@YYYY-MM-DD``
    deliverable: str
    deliverable_name: str
    status: Status
    #: the deadline's form and the day in force
    planned: Planned
    due_day: date | None
    #: the day before any extension of this round
    first_day: date | None
    tracked: Tracked
    #: positions of the tracks that go by post
    postable: tuple[int, ...]
    wish: Wish | None

    @property
    def papers(self) -> tuple[TrackView, ...]:
        """The tracks that go by post."""
        return tuple(self.tracked.tracks[n] for n in self.postable)

    def check(self, act: Act) -> None:
        """ActRefused where ``act`` is impossible for it as it stands."""
        move = TABLE[self.status, act]
        if isinstance(move, Impossible):
            raise ActRefused(f"不能{act.zh}：{move.zh}", f"cannot {act.en}: {move.en}")
        if act is Act.SEND and not self.postable:
            raise ActRefused("该材料没有纸质件，无须寄送", "no track of it is on paper")
        if act is Act.REFUSE and self.wish is None:
            raise ActRefused("没有待答复的延期申请", "no request for an extension waits for an answer")


def situation(session: Session, asked: Asked) -> Situation:
    """The obligation; NotFound."""
    (found,) = situations_of(Records(session), [owing(session, asked)])
    return found


def situations_of(records: Records, rows: Sequence[Owed]) -> list[Situation]:
    """The same of several, in their order."""
    wishes = open_requests(records.session, [row.id for row in rows])
    handovers, first = handovers_about(records, rows), first_days(records, rows)
    return [_situation(records, row, wishes.get(row.id), first[row.id], handovers) for row in rows]


def _situation(
    records: Records, row: Owed, wish: ExtensionRequestRow | None, first: date | None, handovers: Handovers
) -> Situation:
    notice = records.notice(row.notice_id)
    due = Due(day=row.due_day, at=row.due_at) if row.due_day and row.due_at else None
    return Situation(
        notice=notice,
        unit_id=row.unit_id,
        unit_name=records.unit(row.unit_id).name,
        deliverable=row.deliverable,
        deliverable_name=deliverable_name(records.deliverable(row).name, row.deliverable),
        status=Status(row.status),
        planned=Planned(class_name=records.class_name(row), form=records.form(row), due=due),
        due_day=row.due_day,
        first_day=first,
        tracked=tracked(records, row, handovers),
        postable=postable(media(records, row)),
        wish=_wish(wish, notice) if wish else None,
    )


def _wish(row: ExtensionRequestRow, notice: Notice) -> Wish:
    return Wish(at=row.at.astimezone(notice.tz), day=row.day_wanted, reason=row.note, by_person=row.by_person)
