"""The names inside a definition: where each is used, what it must refer to, and which must differ from each other."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from duban.domain.deadline import AnySingle, ByClass, Relative
from duban.domain.notice import PARENT, Deliverable, Notice, Stage
from duban.domain.requirement import Filled

#: Keys and indexes from the top of a definition.
Loc = tuple[str | int, ...]
#: Last in a ``Loc``: the key itself is meant, not its value (as pydantic writes it).
KEY = "[key]"
DEADLINE = "deadline"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A name that must exist elsewhere in the definition."""

    loc: Loc
    name: str
    #: the kind of thing, as people call it
    what: str
    known: Collection[str]


def placed(notice: Notice) -> Iterator[tuple[Loc, Stage, Deliverable]]:
    """Every deliverable with its place and its stage."""
    for at, stage in enumerate(notice.stages):
        for position, deliverable in enumerate(stage.deliverables):
            yield ("stages", at, "deliverables", position), stage, deliverable


def placed_forms(notice: Notice) -> Iterator[tuple[Loc, AnySingle]]:
    """Every form of deadline with its place; where it differs by class, one for each."""
    for at, stage in enumerate(notice.stages):
        loc: Loc = ("stages", at, DEADLINE)
        if isinstance(stage.deadline, ByClass):
            yield from (((*loc, "classes", name), form) for name, form in stage.deadline.classes.items())
        else:
            yield loc, stage.deadline


def references(notice: Notice) -> Iterator[Reference]:
    """Every name that refers to something of the definition."""
    yield from _of_classes(notice)
    yield from _of_offices(notice)
    yield from _of_events(notice)
    yield from _of_forms(notice)
    known = [deliverable.id for _, deliverable in notice.placed()]
    for loc, _, deliverable in placed(notice):
        yield from _listed((*loc, "built_from"), deliverable.built_from, "材料", known)


def _of_classes(notice: Notice) -> Iterator[Reference]:
    known = notice.classes.keys()
    for at, stage in enumerate(notice.stages):
        if isinstance(stage.deadline, ByClass):
            loc: Loc = ("stages", at, DEADLINE, "classes")
            for name in stage.deadline.classes:
                yield Reference(loc=(*loc, name, KEY), name=name, what="单位类别", known=known)
    for loc, _, deliverable in placed(notice):
        yield from _listed((*loc, "who"), deliverable.who, "单位类别", known)
    for at, duty in enumerate(notice.duties):
        yield from _listed(("duties", at, "who"), duty.who, "单位类别", known)


def _of_offices(notice: Notice) -> Iterator[Reference]:
    offices, receivers = list(notice.offices), [*notice.offices, PARENT]
    yield from _one(("contact",), notice.contact, "办公室", offices)
    for loc, _, deliverable in placed(notice):
        for at, track in enumerate(deliverable.tracks):
            yield from _one((*loc, "tracks", at, "to"), track.to, "接收处", receivers)
    for at, duty in enumerate(notice.duties):
        yield from _listed(("duties", at, "to"), duty.to, "接收处", receivers)


def _of_events(notice: Notice) -> Iterator[Reference]:
    known = notice.events.keys()
    for name, event in notice.events.items():
        yield from _one(("events", name, "around"), event.around, "活动", known)
    for loc, form in placed_forms(notice):
        if isinstance(form, Relative):
            yield from _one((*loc, "event"), form.event, "活动", known)


def _of_forms(notice: Notice) -> Iterator[Reference]:
    known = notice.forms.keys()
    for loc, _, deliverable in placed(notice):
        yield from _listed((*loc, "forms"), deliverable.forms, "附表", known)
        if deliverable.items:
            yield from _one((*loc, "items", "form"), deliverable.items.form, "附表", known)
            yield from _one((*loc, "items", "summary_form"), deliverable.items.summary_form, "附表", known)
        for at, requirement in enumerate(deliverable.requirements):
            if isinstance(requirement, Filled):
                yield from _one((*loc, "requirements", at, "form"), requirement.form, "附表", known)


def _one(loc: Loc, name: str | None, what: str, known: Collection[str]) -> Iterator[Reference]:
    if name is not None:
        yield Reference(loc=loc, name=name, what=what, known=known)


def _listed(loc: Loc, names: Iterable[str], what: str, known: Collection[str]) -> Iterator[Reference]:
    for at, name in enumerate(names):
        yield Reference(loc=(*loc, at), name=name, what=what, known=known)


def siblings(notice: Notice) -> Iterator[tuple[str, list[tuple[Loc, str]]]]:
    """Groups of names that must differ: what they are called, and each with its place."""
    yield "环节标识", [(("stages", at, "id"), stage.id) for at, stage in enumerate(notice.stages)]
    yield "材料标识", [((*loc, "id"), deliverable.id) for loc, _, deliverable in placed(notice)]
    yield "事项标识", [(("duties", at, "id"), duty.id) for at, duty in enumerate(notice.duties)]
    yield "审核步骤标识", [(("review", at, "id"), step.id) for at, step in enumerate(notice.review)]
    for loc, _, deliverable in placed(notice):
        steps = enumerate(deliverable.review or ())
        yield "审核步骤标识", [((*loc, "review", at, "id"), step.id) for at, step in steps]
    # what has been said is known by the rung's code: two of the same would hide each other
    for key, ladder in (("ladder", notice.ladder), ("review_ladder", notice.review_ladder)):
        yield "提醒档次", [((key, "rungs", at, "code"), rung.code) for at, rung in enumerate(ladder.rungs)]
