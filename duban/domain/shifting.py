"""What a supplement does to obligations that are there: which clauses move, which end, which are new. Pure.

Clauses are the same clause when they ask the same deliverable (or occurrence) through the same class.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.calendar import WorkCalendar
from duban.domain.deadline import AnySingle
from duban.domain.due import Due, dues
from duban.domain.expand import Clause, clauses, facts_of, form_of
from duban.domain.notice import Notice


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Obligations of one deliverable, bound through one class until now, at one day: they get another."""

    clause: Clause
    #: the class through which they were bound
    former_class: str
    was: Due | None
    due: Due | None
    #: only those acknowledged on this day, where their day counts from it
    acknowledged_on: date | None = None
    #: only those not acknowledged yet
    is_unacknowledged: bool = False


@dataclass(frozen=True, kw_only=True)
class Shifting:
    """Two revisions of a notice, clause by clause."""

    #: what is asked now
    asked: tuple[Clause, ...]
    #: clauses that may bind units which were not bound
    widened: tuple[Clause, ...]
    #: deliverables (or occurrences) on record that nobody owes any more
    dropped: tuple[str, ...]
    #: deliverables that bind other units than before, each with all its clauses
    narrowed: tuple[tuple[str, tuple[Clause, ...]], ...]
    #: class before → clause, where what is asked stands elsewhere in the notice
    placed: tuple[tuple[str, Clause], ...]


def shifting(
    before: Notice,
    after: Notice,
    calendar: WorkCalendar,
    *,
    published_at: datetime,
    now: datetime,
    owed: Collection[tuple[str, str]],
) -> Shifting:
    """What changes in who owes what; ``owed``: deliverable and class of everything on record.

    An occurrence of a recurring duty whose day has passed stays owed when only the rhythm changes, and none is added
    for days that have passed.
    """
    old, new = (clauses(notice, calendar, published_at=published_at) for notice in (before, after))
    asked = tuple(clause for clause in new if not _is_past_occurrence(clause, old, now))
    keys = {clause.deliverable for clause in new}
    return Shifting(
        asked=asked,
        widened=tuple(clause for clause in asked if _binding(clause) not in set(map(_binding, old))),
        dropped=tuple(dict.fromkeys(name for name, _ in sorted(owed) if name not in keys)),
        narrowed=tuple(_narrowed(old, new)),
        placed=tuple(_placed(old, asked)),
    )


def _is_past_occurrence(clause: Clause, old: list[Clause], now: datetime) -> bool:
    if "@" not in clause.deliverable or clause.due is None or clause.due.at > now:
        return False
    return clause.deliverable not in {former.deliverable for former in old}


def _binding(clause: Clause) -> tuple[object, ...]:
    """What a clause asks of whom."""
    return (clause.deliverable, clause.binds, clause.before, clause.receivers)


def _narrowed(old: list[Clause], new: list[Clause]) -> Iterator[tuple[str, tuple[Clause, ...]]]:
    for name in dict.fromkeys(clause.deliverable for clause in new):
        before, after = ([c for c in every if c.deliverable == name] for every in (old, new))
        if before and set(map(_binding, before)) != set(map(_binding, after)):
            yield name, tuple(after)


def _placed(old: list[Clause], asked: tuple[Clause, ...]) -> Iterator[tuple[str, Clause]]:
    for former, clause in _pairs(old, asked):
        if (former.stage, former.position, former.unit_class) != (clause.stage, clause.position, clause.unit_class):
            yield former.unit_class, clause


def _pairs(old: list[Clause], asked: tuple[Clause, ...]) -> Iterator[tuple[Clause, Clause]]:
    """Clauses before and after that may speak of the same obligations."""
    by_name: dict[str, list[Clause]] = {}
    for former in old:
        by_name.setdefault(former.deliverable, []).append(former)
    for clause in asked:
        yield from ((former, clause) for former in by_name.get(clause.deliverable, ()))


def shifts(
    before: Notice,
    after: Notice,
    calendar: WorkCalendar,
    *,
    published_at: datetime,
    asked: tuple[Clause, ...],
    acknowledged_on: Collection[date] = (),
) -> Iterator[Shift]:
    """The days that move: what stands at ``was`` is due at ``due`` from now on.

    ``acknowledged_on``: the days of 签收 on record, for deadlines that count from the unit's own.
    """
    counting = _Counting(before, after, calendar, published_at)
    for former, clause in _pairs(clauses(before, calendar, published_at=published_at), asked):
        yield from counting.shifts(former, clause, acknowledged_on)


@dataclass(frozen=True)
class _Counting:
    before: Notice
    after: Notice
    calendar: WorkCalendar
    published_at: datetime

    def shifts(self, former: Clause, clause: Clause, acknowledged_on: Collection[date]) -> Iterator[Shift]:
        forms = _form(self.before, former), _form(self.after, clause)
        place = {"clause": clause, "former_class": former.unit_class}
        if not any(map(counts_from_acknowledgement, forms)):
            if former.due != clause.due:
                yield Shift(**place, was=former.due, due=clause.due)  # type: ignore[arg-type]
            return
        if former.due != clause.due:
            yield Shift(**place, was=former.due, due=clause.due, is_unacknowledged=True)  # type: ignore[arg-type]
        for day in sorted(acknowledged_on):
            was, due = self._due(self.before, forms[0], day), self._due(self.after, forms[1], day)
            if was != due:
                yield Shift(**place, was=was, due=due, acknowledged_on=day)  # type: ignore[arg-type]

    def _due(self, notice: Notice, form: AnySingle, day: date) -> Due | None:
        published = self.published_at.astimezone(notice.tz).date()
        return dues(form, facts_of(notice, self.calendar, published_on=published, acknowledged_on=day))[0]


def _form(notice: Notice, clause: Clause) -> AnySingle:
    return form_of(notice.find(clause.deliverable)[0], clause.unit_class)


def counts_from_acknowledgement(form: AnySingle) -> bool:
    """The unit's own 签收 fixes the day."""
    return form.kind == "relative" and form.after == "acknowledgement"
