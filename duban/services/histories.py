"""What a notice has said: its revisions with what each changed, and when it was closed or opened again. Reads only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.notice import Notice
from duban.domain.supplement import Change, changes
from duban.services.records import Records
from models.adjustment import tallies_of
from models.event import events_named
from models.notice import revisions_of

#: Events of a whole notice beside its revisions.
ENDS = ("closed", "cancelled", "opened_again")


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One definition that was in force."""

    number: int
    #: in the notice's zone
    at: datetime
    #: why it was changed, and by whom; empty for the first, and where unknown
    reason: str
    by_person: str
    sha256: str
    #: against the one before; nothing for the first
    changes: tuple[Change, ...]
    #: obligations by what became of them (a word of ``Adjusted``)
    tallies: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class End:
    """A notice was closed, cancelled or opened again."""

    at: datetime
    #: a word of ``ENDS``
    name: str
    reason: str
    by_person: str


@dataclass(frozen=True, kw_only=True)
class History:
    """Everything that happened to a notice as a whole."""

    notice: Notice
    #: the newest first
    happened: tuple[Revision | End, ...]


def history(session: Session, notice_id: str) -> History:
    """The revisions and ends of a notice, the newest first; NotFound."""
    records = Records(session)
    notice = records.notice(notice_id)
    happened: list[Revision | End] = [*_revisions(records, notice), *_ends(session, notice)]
    # at the same moment the first revision is the oldest
    ordered = sorted(happened, key=_when, reverse=True)
    return History(notice=notice, happened=tuple(ordered))


def _when(one: Revision | End) -> tuple[datetime, int]:
    return one.at, one.number if isinstance(one, Revision) else 1


def _revisions(records: Records, notice: Notice) -> list[Revision]:
    rows = revisions_of(records.session, notice.id)
    defined = [Notice.model_validate_json(row.definition) for row in rows]
    counted = tallies_of(records.session, [row.event for row in rows if row.event is not None])
    names = _names(records, defined)
    return [
        Revision(
            number=row.number,
            at=row.created_at.astimezone(notice.tz),
            reason=row.reason,
            by_person=row.by_person,
            sha256=row.sha256,
            changes=changes(defined[n - 1], defined[n], names) if n else (),
            tallies=counted.get(row.event or 0, {}),
        )
        for n, row in enumerate(rows)
    ]


def _names(records: Records, defined: list[Notice]) -> dict[str, str]:
    units = {unit for n in defined for c in n.classes.values() for unit in (*c.units, *c.except_units)}
    records.units.fetch(units)
    return {unit: found.name for unit in units if (found := records.units.get(unit))}


def _ends(session: Session, notice: Notice) -> list[End]:
    found = []
    for event in events_named(session, notice.id, ENDS):
        data = json.loads(event.data)
        end = End(
            at=event.at.astimezone(notice.tz),
            name=event.name,
            reason=data.get("reason", ""),
            by_person=data.get("person", ""),
        )
        found.append(end)
    return found
