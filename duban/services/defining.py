"""Drafts of definitions that an office keeps until it publishes them."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.access import Thing
from duban.domain.errors import ActRefused, InputRefused, NotFound
from models import DefinitionDraftRow, UnitRow
from models.definition_draft import change_draft, count_drafts, drafts_within, end_draft

#: Bytes of a definition that is checked while somebody waits, and of a notice; real ones have some ten thousand.
MOST_BYTES, MOST_OF_ORIGINAL = 200 * 1024, 1024 * 1024
#: Drafts that an office may have at once.
MOST_DRAFTS = 100
#: Characters of a name in a list.
_NAME = 80
_TITLE = re.compile(r"^title[ \t]*:[ \t]+(.+?)(?:[ \t]+#.*)?$", re.MULTILINE)
#: What no database keeps, and no page shows.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One draft as it stands."""

    number: int
    #: the id of the office that will issue it
    unit: str
    name: str
    text: str
    #: the notice that it was drafted from, and which document of it; empty: none
    original: str
    document: int
    #: keys of the readings that a person has confirmed
    confirmed: frozenset[str]
    version: int
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A draft in a list."""

    number: int
    unit_name: str
    name: str
    changed_by: str
    changed_at: datetime


def typed(text: str) -> str:
    """A definition as it came from a form or a file, fit to be kept: as ``fit``."""
    return fit(text, "定义", MOST_BYTES, "定义超过200 KB，请核对是否选错了文件；附件请另存")


def typed_original(text: str) -> str:
    """A notice as it was pasted, or read from a file."""
    return fit(text, "原文", MOST_OF_ORIGINAL, "原文超过1 MB，请只交通知正文")


def fit(text: str, what: str, most: int, too_large: str) -> str:
    """A text with line ends as we have them.

    InputRefused where it is too large, or holds a character that nobody can have meant: the line says where.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    found = _UNFIT.search(plain)
    if found:
        line, column = plain.count("\n", 0, found.start()) + 1, found.start() - plain.rfind("\n", 0, found.start())
        zh = f"{what}第{line}行第{column}列有不可见的控制字符，请删去后再试"
        raise InputRefused(zh, f"a control character in line {line}, column {column}")
    if len(plain.encode()) > most:
        raise InputRefused(too_large, f"the text has more than {most} bytes")
    if not plain.strip():
        raise InputRefused(f"{what}没有内容", "there is no text")
    return plain


def begin(
    session: Session, unit: str, text: str, *, by: str, now: datetime, original: str = "", document: int = 0
) -> int:
    """A new draft of an office; answers its number. NotFound for an unknown office, ActRefused where it has many."""
    if session.get(UnitRow, unit) is None:
        raise NotFound(f"单位名册中没有 {unit}", f"no unit {unit}")
    if count_drafts(session, unit) >= MOST_DRAFTS:
        zh = f"本单位已有{MOST_DRAFTS}份草稿，请先删去不用的"
        raise ActRefused(zh, f"there are {MOST_DRAFTS} drafts already")
    row = DefinitionDraftRow(
        unit_id=unit,
        name=name_of(text),
        text=text,
        original=original,
        document=document,
        made_by=by,
        changed_by=by,
        made_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def name_of(text: str) -> str:
    """What a draft is called: its title, as far as it has one."""
    found = _TITLE.search(text)
    return found[1].strip("\"' ")[:_NAME] if found else "（未写标题）"


def draft(session: Session, number: int) -> Draft:
    """One draft; NotFound."""
    row = session.get(DefinitionDraftRow, number)
    if row is None:
        raise NotFound("没有这份草稿，或已经发布、删去", "no such draft")
    return Draft(
        number=row.id or 0,
        unit=row.unit_id,
        name=row.name,
        text=row.text,
        original=row.original,
        document=row.document,
        confirmed=frozenset(json.loads(row.confirmed)),
        version=row.version,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def change(session: Session, number: int, version: int, text: str, *, by: str, now: datetime) -> None:
    """Keep a new text; ActRefused where somebody has changed the draft since ``version``."""
    values = {"text": text, "name": name_of(text), "changed_by": by, "changed_at": now}
    _change(session, number, version, values)


def confirm(session: Session, number: int, version: int, keys: Collection[str], *, by: str, now: datetime) -> None:
    """Keep which readings of deadlines a person has confirmed; ActRefused as ``change``."""
    _change(session, number, version, {"confirmed": json.dumps(sorted(keys)), "changed_by": by, "changed_at": now})


def _change(session: Session, number: int, version: int, values: dict[str, object]) -> None:
    if not change_draft(session, number, version, values):
        draft(session, number)
        raise _stale()


def _stale() -> ActRefused:
    zh = "这份草稿已在另一个页面改动，未保存；请打开最新的草稿再改"
    return ActRefused(zh, "the draft was changed elsewhere meanwhile: open it anew")


def finish(session: Session, number: int, version: int) -> None:
    """It is published in this version; ActRefused where it has been changed meanwhile."""
    if not end_draft(session, number, version):
        draft(session, number)
        raise _stale()


def give_up(session: Session, number: int) -> None:
    """Delete a draft; one that is gone is gone."""
    end_draft(session, number)


def drafts(session: Session, units: Collection[str]) -> list[Listed]:
    """The drafts of some offices, the one changed last first."""
    rows = drafts_within(session, units)
    names = {unit: row.name for unit in {it.unit_id for it in rows} if (row := session.get(UnitRow, unit))}
    return [
        Listed(
            number=row.id,
            unit_name=names[row.unit_id],
            name=row.name,
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )
        for row in rows
    ]


def offices(session: Session, units: Collection[str]) -> list[tuple[str, str]]:
    """Ids and names of some offices, by id; those that are on record."""
    return [(unit, row.name) for unit in sorted(units) if (row := session.get(UnitRow, unit))]


def thing(session: Session, number: str) -> Thing:
    """The draft as the rules see it: something of the office that will issue it. What there is not is nobody's."""
    row = session.get(DefinitionDraftRow, int(number)) if number.isdecimal() and len(number) < 10 else None
    return Thing(issuer=row.unit_id) if row else Thing()
