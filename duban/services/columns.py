"""The columns of a ledger: each material, or each occurrence of a recurring one, with its deadlines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.deadline import AnySingle
from duban.domain.due import Due, Facts, dues
from duban.domain.expand import facts_of, form_of, key_of
from duban.domain.notice import Deliverable, Notice, Stage
from duban.services.lines import deliverable_name
from duban.services.records import Records


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The deadline of a class of units as the definition has it."""

    class_name: str
    form: AnySingle
    #: None while nothing fixes the day
    due: Due | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """A deliverable, or one occurrence of a recurring one."""

    #: the deliverable's id, or ``ID@YYYY-MM-DD``
    key: str
    name: str
    stage: Stage
    deliverable: Deliverable
    #: one for each class that owes it; none while nobody does
    planned: tuple[Planned, ...]

    @property
    def due_days(self) -> set[date | None]:
        """The days that the definition names for it."""
        return {planned.due.day if planned.due else None for planned in self.planned}


def columns_of(
    records: Records, notice: Notice, published_at: datetime, *, owed: Iterable[str] = ()
) -> Iterator[Column]:
    """A column for what the definition names, and for what is owed: also what a later revision dropped."""
    facts = facts_of(notice, records.calendar, published_on=published_at.astimezone(notice.tz).date())
    kept: dict[str, list[str]] = {}
    for key in owed:
        kept.setdefault(key.partition("@")[0], []).append(key)
    for stage, deliverable in notice.placed():
        found = _planned(notice, stage, deliverable, facts)
        for key in [*found, *(key for key in kept.get(deliverable.id, []) if key not in found)]:
            name = deliverable_name(deliverable.name, key)
            planned = tuple(found.get(key, ()))
            yield Column(key=key, name=name, stage=stage, deliverable=deliverable, planned=planned)
    asked = {deliverable.id for _, deliverable in notice.placed()}
    for key in sorted(key for name, keys in kept.items() if name not in asked for key in keys):
        stage, deliverable = records.find(notice.id, key)
        name = deliverable_name(deliverable.name, key)
        yield Column(key=key, name=name, stage=stage, deliverable=deliverable, planned=())


def _planned(notice: Notice, stage: Stage, deliverable: Deliverable, facts: Facts) -> dict[str, list[Planned]]:
    """The deadlines of a deliverable by key; what nobody owes yet has its key, and none."""
    found: dict[str, list[Planned]] = {} if deliverable.who else {deliverable.id: []}
    for unit_class in deliverable.who:
        form, name = form_of(stage, unit_class), notice.classes[unit_class].name
        for due in dues(form, facts):
            planned = Planned(class_name=name, form=form, due=due)
            found.setdefault(key_of(deliverable.id, due), []).append(planned)
    return found
