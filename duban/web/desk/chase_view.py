"""Tomorrow's list laid out. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from duban.domain.notice import Notice
from duban.domain.terms import Role
from duban.services.chasing import Chase, Chased
from duban.web.chip import Chip, kind_tone, review_chip
from duban.web.language.saying import say, term
from duban.web.words import NO_DAY, day, day_and_weekday, moment

#: So many lines of a notice are listed; the others follow once these are dealt with.
MOST = 300


@dataclass(frozen=True, kw_only=True)
class Line:
    """One obligation."""

    key: str
    unit: str
    unit_url: str
    what: str
    due: str
    kind: Chip
    #: ``李老师（填报人）``
    people: str
    #: why nobody is chased, by whom and when; empty: somebody is
    held: str
    is_changed: bool
    #: where the reader reviews it himself: nobody is told not to remind him; empty: it is others' to do
    own_url: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """The lines of one notice."""

    notice: Notice
    lines: tuple[Line, ...]
    #: how many are not listed
    rest: int
    held: int


class ChaseView:
    """The list of a working day."""

    def __init__(
        self, found: Chase, now: datetime, *, changed: Collection[str] = (), own: Collection[str] = ()
    ) -> None:
        """``own``: the units for which the reader reviews."""
        self.day = day_and_weekday(found.day, now)
        self.mails = found.mails
        self.groups = [_group(notice, lines, now, changed, own) for notice, lines in found.notices]
        self.held = sum(group.held for group in self.groups)


def _group(
    notice: Notice, lines: Sequence[Chased], now: datetime, changed: Collection[str], own: Collection[str]
) -> Group:
    return Group(
        notice=notice,
        lines=tuple(_line(line, now, changed, own) for line in lines[:MOST]),
        rest=len(lines[MOST:]),
        held=sum(line.held is not None for line in lines),
    )


def _line(line: Chased, now: datetime, changed: Collection[str], own: Collection[str]) -> Line:
    key = f"{line.unit_id}/{line.deliverable}"
    return Line(
        key=key,
        unit=line.unit_name,
        unit_url=f"/notices/{line.notice_id}/units/{line.unit_id}",
        what=line.deliverable_name + (say("（{reviewer}审核）", reviewer=line.reviewer) if line.reviewer else ""),
        due=day((line.due_at - timedelta(microseconds=1)).date(), now) if line.due_at else NO_DAY,
        kind=review_chip(line.rungs) if line.reviewer else Chip(kind_tone(line.kind), "✉", term(line.kind)),
        people=say("、").join(_person(line, role, contact.person or contact.email) for role, contact in line.people),
        held=_held(line, now),
        is_changed=key in changed,
        own_url="/reviews" if line.reviewer and line.holder in own else "",
    )


def _person(line: Chased, role: Role, name: str) -> str:
    """Whoever reviews is no 填报人 here."""
    return name if line.reviewer else say("{name}（{role}）", name=name, role=term(role))


def _held(line: Chased, now: datetime) -> str:
    return (
        say("{reason}，{at} {by}", reason=line.held.reason, at=moment(line.held.at, now), by=line.held.by)
        if line.held
        else ""
    )
