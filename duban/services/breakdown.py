"""A ledger in its large parts: by the units right below the issuer, and by material. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.access import Scope
from duban.domain.notice import Notice
from duban.domain.roster import Unit
from duban.domain.terms import Status
from duban.services.columns import columns_of
from duban.services.figures import Asked, Figures, shows
from duban.services.records import Records
from models import NoticeRow
from models.tree import Branch, branches_of, numbers_of
from models.within import Facts, Within, by_parent, tallies

#: Units right below the issuer, and those that are in nobody's tree.
OWN, OTHER = "直属单位（含各分支本级）", "其他单位"


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part with its figures."""

    #: the unit, or the deliverable; empty: a part that has no address of its own
    key: str
    name: str
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """A ledger in its large parts, as of a moment."""

    notice: Notice
    issuer: Unit
    published_at: datetime
    is_closed: bool
    is_cancelled: bool
    asked: Asked
    #: in the official order; empty where no unit has another one below it
    by_branch: tuple[Share, ...]
    #: in the notice's order
    by_material: tuple[Share, ...]
    #: material → the stage whose rows show it
    stages: Mapping[str, str]

    @property
    def figures(self) -> Figures:
        return Figures.sum(share.figures for share in self.by_material)


def breakdown(session: Session, notice_id: str, scope: Scope, *, now: datetime) -> Breakdown:
    """The parts of a notice's ledger that ``scope`` may see, as of ``now``; NotFound."""
    records = Records(session)
    notice = records.notice(notice_id)
    # of a closed notice the figures stand still
    asked = Asked(now=records.as_of(notice_id, now).astimezone(notice.tz), calendar=records.calendar)
    within = Within(notice=notice_id, scope=scope)
    materials = _summed(((key, facts, n) for (key, facts), n in tallies(session, within).items()), asked)
    row = session.get_one(NoticeRow, notice_id)
    published_at = row.published_at.astimezone(notice.tz)
    columns = tuple(columns_of(records, notice, published_at, owed=materials))
    return Breakdown(
        notice=notice,
        issuer=records.unit(notice.issuer),
        published_at=published_at,
        is_closed=row.closed_at is not None,
        is_cancelled=row.is_cancelled,
        asked=asked,
        by_branch=tuple(_branches(session, notice, by_parent(session, within), asked)),
        by_material=tuple(
            Share(key=c.key, name=c.name, figures=materials[c.key]) for c in columns if c.key in materials
        ),
        stages={column.key: column.stage.id for column in columns},
    )


def _summed(counted: Iterable[tuple[str, Facts, int]], asked: Asked) -> dict[str, Figures]:
    parts: dict[str, list[Figures]] = {}
    for key, (status, day, at), count in counted:
        parts.setdefault(key, []).append(Figures.of([(shows(Status(status), day, at, asked), count)]))
    return {key: Figures.sum(found) for key, found in parts.items()}


def _branches(
    session: Session, notice: Notice, counted: Mapping[tuple[str, Facts], int], asked: Asked
) -> Iterable[Share]:
    """The branches right below the issuer, then what hangs on none of them."""
    branches = branches_of(session, notice.issuer)
    place = _places(branches, numbers_of(session, {parent for parent, _ in counted}), notice.issuer)
    figures = _summed(((place[parent], facts, n) for (parent, facts), n in counted.items()), asked)
    if not any(branch.id in figures for branch in branches):
        return
    named = [(branch.id, branch.name) for branch in branches]
    for key, name in (*named, (OWN, OWN), (OTHER, OTHER)):
        if key in figures:
            yield Share(key="" if key in (OWN, OTHER) else key, name=name, figures=figures[key])


def _places(branches: Iterable[Branch], parents: Mapping[str, int], issuer: str) -> dict[str, str]:
    """In which branch the units below each parent are."""
    found = dict.fromkeys(["", *parents], OTHER)
    for branch in branches:
        for parent, number in parents.items():
            if branch.first <= number <= branch.last:
                found[parent] = branch.id
    return {**found, issuer: OWN}
