"""Files handed in, or about to be: a draft until a submission takes it with it. The bytes lie in the store."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import BigInteger, Index, bindparam, func, or_, update
from sqlmodel import Field, Session

from models.bulk import among, fetch, plain, table_of
from models.obligation import ObligationRow
from models.prepared import Prepared
from models.row import Row
from models.submission import SubmissionRow
from models.unit import UnitRow


class MaterialRow(Row, table=True):
    """One file of an obligation. What belongs to a submission is never changed again."""

    __tablename__ = "material"
    # the reader asks for what it has not read
    __table_args__ = (Index("ix_material_read_at_id", "read_at", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    obligation_id: int = Field(foreign_key="obligation.id", index=True)
    #: the submission that it was handed in with; None while it is a draft
    submission_id: int | None = Field(default=None, foreign_key="submission.id", index=True)
    #: as the person called it, made harmless
    name: str
    sha256: str = Field(index=True)
    #: bytes
    size: int = Field(sa_type=BigInteger)
    #: what it is by its content (``domain.content.FileKind``); empty while nobody has read it
    kind: str = ""
    #: the candidate that it is about; empty: the whole material
    item: str = ""
    position: int
    added_at: datetime
    added_by: str
    #: a draft that was taken out again
    removed_at: datetime | None = None
    #: what the reader found (``domain.content.Content`` as JSON)
    content: str | None = None
    read_at: datetime | None = None


class Material(NamedTuple):
    """A file by value, without what was read in it."""

    id: int
    obligation_id: int
    submission_id: int | None
    name: str
    sha256: str
    size: int
    kind: str
    item: str
    position: int
    added_at: datetime
    added_by: str
    removed_at: datetime | None
    read_at: datetime | None


class InHand(NamedTuple):
    """What a unit has in hand of one obligation: its draft, or where there is none, what stands as handed in."""

    obligation_id: int
    deliverable: str
    #: None: a draft
    submission_id: int | None
    files: int
    size: int


class Needed(NamedTuple):
    """A content that must be in the store, and one of the names that it has."""

    sha256: str
    size: int
    name: str


_TABLE = table_of(MaterialRow)
_MATERIAL = plain(MaterialRow, Material._fields)
_IN_ORDER = (_TABLE.c.position, _TABLE.c.id)
_DRAFT = _TABLE.c.submission_id.is_(None) & _TABLE.c.removed_at.is_(None)
#: What a file keeps when it is a draft once more.
_RENEWED = ("obligation_id", "name", "sha256", "size", "kind", "item", "position", "content", "read_at", "added_by")


def enter_material(
    session: Session, *, obligation: int, name: str, sha256: str, size: int, item: str, at: datetime, by: str
) -> Material:
    """Write down a draft, behind the others. Its file is in the store by now."""
    last = sqlalchemy.select(func.max(_TABLE.c.position)).where(_TABLE.c.obligation_id == obligation, _DRAFT)
    row = MaterialRow(
        obligation_id=obligation,
        name=name,
        sha256=sha256,
        size=size,
        item=item,
        position=(session.execute(last).scalar() or 0) + 1,
        added_at=at,
        added_by=by,
    )
    session.add(row)
    session.flush()
    return Material._make(getattr(row, field) for field in Material._fields)


def drafts_of(session: Session, obligation: int) -> list[Material]:
    """The files that the next submission will take with it, in order."""
    return _materials(session, _TABLE.c.obligation_id == obligation, _DRAFT)


def drafts_about(session: Session, obligations: Collection[int]) -> dict[int, list[Material]]:
    """The drafts of some obligations, in order; an empty list where there are none."""
    found: dict[int, list[Material]] = {number: [] for number in obligations}
    if found:
        for material in _materials(session, among(session, _TABLE.c.obligation_id, list(found)), _DRAFT):
            found[material.obligation_id].append(material)
    return found


def files_of(session: Session, submissions: Collection[int]) -> dict[int, list[Material]]:
    """The files of some submissions, in order; an empty list where there are none."""
    found: dict[int, list[Material]] = {number: [] for number in submissions}
    if found:
        for material in _materials(session, among(session, _TABLE.c.submission_id, list(found))):
            found[material.submission_id or 0].append(material)
    return found


def material_of(session: Session, number: int) -> Material | None:
    """One file, a removed one too."""
    found = _materials(session, _TABLE.c.id == number)
    return found[0] if found else None


def _materials(session: Session, *where: Any) -> list[Material]:
    return fetch(session, _MATERIAL, _MATERIAL.query.where(*where).order_by(*_IN_ORDER), Material._make)


def _attachment(_: str) -> Any:
    taken = table_of(SubmissionRow)
    mine = taken.c.obligation_id == bindparam("owed")
    last = sqlalchemy.select(func.max(taken.c.id)).where(mine, taken.c.withdrawn_at.is_(None)).scalar_subquery()
    drafts = update(_TABLE).where(_TABLE.c.obligation_id == bindparam("owed"), _DRAFT)
    return drafts.values(submission_id=last).returning(_TABLE.c.sha256)


_ATTACH = Prepared(_attachment, columns=(_TABLE.c.sha256,))


def attach_drafts(session: Session, obligation: int) -> list[str]:
    """The drafts become files of the last submission that stands; answers their hashes, sorted."""
    return sorted(sha256 for (sha256,) in _ATTACH.all(session, owed=obligation))


def _renewal(_: str) -> Any:
    mine, there = _TABLE.alias("mine"), _TABLE.alias("there")
    last = sqlalchemy.select(func.max(mine.c.submission_id)).where(mine.c.obligation_id == bindparam("owed"))
    drafts = sqlalchemy.select(there.c.id).where(
        there.c.obligation_id == bindparam("owed"), there.c.submission_id.is_(None), there.c.removed_at.is_(None)
    )
    moment = bindparam("at", type_=_TABLE.c.added_at.type)
    former = sqlalchemy.select(*(_TABLE.c[name] for name in _RENEWED), moment).order_by(*_IN_ORDER)
    former = former.where(_TABLE.c.submission_id == last.scalar_subquery(), ~drafts.exists())
    return sqlalchemy.insert(_TABLE).inline().from_select([*_RENEWED, "added_at"], former)


_RENEW = Prepared(_renewal)


def renew_drafts(session: Session, obligation: int, *, at: datetime) -> None:
    """The files of the last submission are drafts once more, unless there are drafts already."""
    _RENEW.run(session, owed=obligation, at=at)


def change_draft(session: Session, number: int, **values: Any) -> None:
    """Give a draft another name, item or place, or take it out (``removed_at``)."""
    session.connection().execute(update(_TABLE).where(_TABLE.c.id == number, _DRAFT).values(**values))


def put_positions(session: Session, numbers: Sequence[int]) -> None:
    """The places of drafts, as they are listed here."""
    values = [{"number": number, "place": place} for place, number in enumerate(numbers, 1)]
    if values:
        moved = update(_TABLE).where(_TABLE.c.id == bindparam("number"), _DRAFT).values(position=bindparam("place"))
        session.connection().execute(moved, values)


def hold_unit(session: Session, unit: str) -> None:
    """Whoever else counts what this unit has in hand waits until this transaction ends."""
    table = table_of(UnitRow)
    query = sqlalchemy.select(table.c.id).where(table.c.id == unit).with_for_update(key_share=True)
    session.connection().execute(query)


def in_hand(session: Session, *, notice: str, unit: str) -> list[InHand]:
    """What a unit has in hand of a notice, by obligation."""
    owed, taken = table_of(ObligationRow), table_of(SubmissionRow)
    last = (
        sqlalchemy.select(func.max(taken.c.id))
        .where(taken.c.obligation_id == owed.c.id, taken.c.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    by = (owed.c.id, owed.c.deliverable, _TABLE.c.submission_id)
    query = (
        sqlalchemy.select(*by, func.count(), func.sum(_TABLE.c.size))
        .join_from(owed, _TABLE, _TABLE.c.obligation_id == owed.c.id)
        .where(owed.c.notice_id == notice, owed.c.unit_id == unit, _TABLE.c.removed_at.is_(None))
        .where(or_(_TABLE.c.submission_id.is_(None), _TABLE.c.submission_id == last))
        .group_by(*by)
    )
    found: dict[int, InHand] = {}
    for row in session.connection().execute(query):
        part = InHand._make((*row[:4], int(row[4])))
        # a draft goes before what it will replace
        if part.submission_id is None or part.obligation_id not in found:
            found[part.obligation_id] = part
    return list(found.values())


def unread(session: Session, limit: int) -> list[Material]:
    """Files that nobody has read yet, the oldest first."""
    query = _MATERIAL.query.where(_TABLE.c.read_at.is_(None), _TABLE.c.removed_at.is_(None))
    return fetch(session, _MATERIAL, query.order_by(_TABLE.c.id).limit(limit), Material._make)


def put_content(session: Session, number: int, *, kind: str, content: str, at: datetime) -> None:
    """What the reader found in a file."""
    values = {"kind": kind, "content": content, "read_at": at}
    session.connection().execute(update(_TABLE).where(_TABLE.c.id == number).values(**values))


def contents(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """What the reader found, as JSON, by file; those that it has not read are left out."""
    query = sqlalchemy.select(_TABLE.c.id, _TABLE.c.content).where(
        among(session, _TABLE.c.id, list(numbers)), _TABLE.c.content.is_not(None)
    )
    return dict(session.connection().execute(query).tuples().all())


def known_hashes(session: Session, hashes: Collection[str], *, removed_since: datetime) -> set[str]:
    """Which of these are needed: all but drafts that were taken out before ``removed_since``."""
    query = sqlalchemy.select(_TABLE.c.sha256).where(
        among(session, _TABLE.c.sha256, list(hashes)), or_(_TABLE.c.removed_at.is_(None), _since(removed_since))
    )
    return set(session.connection().execute(query.distinct()).scalars())


def _since(moment: datetime) -> Any:
    return _TABLE.c.removed_at >= moment


def needed(session: Session) -> Iterator[Needed]:
    """Every content that must be in the store. Drafts that were taken out are not among them."""
    by = (_TABLE.c.sha256, _TABLE.c.size)
    query = sqlalchemy.select(*by, func.min(_TABLE.c.name)).where(_TABLE.c.removed_at.is_(None))
    query = query.group_by(*by).order_by(_TABLE.c.sha256)
    return map(Needed._make, session.connection().execute(query))
