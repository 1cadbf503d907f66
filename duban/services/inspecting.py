"""What is in the files of an obligation: read once, in a child process; what is asked of them is checked each time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from duban.domain.checks import Finding, Handed, check
from duban.domain.content import Content
from duban.reading.materials.reader import read_material
from duban.services.records import Owing, Records
from duban.store.store import Kept, Store
from models.material import Material, contents, put_content, unread
from models.session import reading, writing


def inspect(engine: Engine, store: Store, material: Material, *, now: datetime) -> Content:
    """Read one file and keep what it holds. No transaction is open while the child reads."""
    kept = Kept(sha256=material.sha256, size=material.size)
    found = read_material(store.path(kept.sha256), material.name)
    with writing(engine) as session:
        put_content(session, material.id, kind=str(found.kind), content=found.model_dump_json(), at=now)
    return found


def inspect_unread(engine: Engine, store: Store, *, now: datetime, most: int = 20) -> int:
    """Read what nobody has read yet, the oldest first: what an interrupted process left. Answers how many."""
    with reading(engine) as session:
        waiting = unread(session, most)
    for material in waiting:
        inspect(engine, store, material, now=now)
    return len(waiting)


def handed_of(session: Session, materials: Sequence[Material]) -> list[Handed]:
    """These files as the checks see them; one that nobody has read yet has no content."""
    known = contents(session, [material.id for material in materials])
    return [_handed(material, known) for material in materials]


def _handed(material: Material, known: Mapping[int, str]) -> Handed:
    found = known.get(material.id)
    content = Content.model_validate_json(found) if found else None
    return Handed(name=material.name, size=material.size, content=content, item=material.item)


def findings(records: Records, row: Owing, materials: Sequence[Material]) -> tuple[Finding, ...]:
    """What these files are, against what is asked of the obligation."""
    handed = handed_of(records.session, materials)
    return check(records.deliverable(row), records.definition(row.notice_id, row.deliverable), handed)


def are_read(materials: Collection[Material]) -> bool:
    """True when all of these have been read."""
    return all(material.read_at for material in materials)
