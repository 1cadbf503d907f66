"""How many mails will leave on which day if a definition is published now and nobody moves. Nothing is written.

The same judgements as a tick makes, but once for all units that are alike: three thousand units take a second, where
living through the days on a throw-away copy takes minutes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session

from duban.domain.ahead import Speeches, put, speeches
from duban.domain.expand import Clause, clauses
from duban.domain.notice import Notice
from duban.domain.obligation import Rules, Standing, ball
from duban.domain.roster import recipients
from duban.domain.terms import MailKind, Relation, Role, Status
from duban.services.circulating import ROLES
from duban.services.records import Records
from duban.services.turns import Group, in_groups
from models.binding import units_bound
from models.waking_ahead import waking_by

#: So far ahead the mails of notices that are in force already are counted too.
HORIZON = timedelta(days=60)
#: Obligations read at once.
BATCH = 5000

#: A person (the address in small letters) → the days on which a digest goes there.
Days = dict[str, dict[date, MailKind]]


@dataclass(frozen=True, kw_only=True)
class DayAhead:
    """The mails of one day."""

    day: date
    #: of this notice: kind → mails, one a person
    kinds: Mapping[MailKind, int]
    #: to people who are written to on that day about other notices alone
    others: int = 0

    @property
    def mails(self) -> int:
        """Of this notice."""
        return sum(self.kinds.values())


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """The days to come."""

    days: tuple[DayAhead, ...]
    #: the most mails about this notice that people of one unit get together in one week, Monday to Sunday
    most_per_week: int = 0
    #: the Monday of the first such week, and how many units have one
    busiest_week: date | None = None
    busiest_units: int = 0

    @property
    def wanted(self) -> Counter[date]:
        """Mails by day, those of other notices too."""
        return +Counter({it.day: it.mails + it.others for it in self.days})


def outlook(session: Session, notice: Notice, *, now: datetime) -> Outlook:
    """The mails of ``notice`` if it is published at ``now``; its issuer and all units that it names are on record."""
    found = _Ahead(records=Records(session), notice=notice, now=now)
    found.say_of_this_one()
    mine = found.by_day()
    beside = Counter(day for who, days in _others(found.records, now).items() for day in days - found.days_of(who))
    most = max(found.weeks.values(), default=0)
    busiest = sorted((week, unit) for (unit, week), mails in found.weeks.items() if mails == most)
    return Outlook(
        days=tuple(DayAhead(day=day, kinds=mine.get(day, {}), others=beside[day]) for day in sorted({*mine, *beside})),
        most_per_week=most,
        busiest_week=busiest[0][0] if busiest else None,
        busiest_units=len({unit for _, unit in busiest}),
    )


@dataclass(kw_only=True)
class _Ahead:
    """Who is written to when because of the new notice."""

    records: Records
    notice: Notice
    now: datetime
    #: who gets the notice itself, at once
    told: set[str] = field(default_factory=set)
    people: Days = field(default_factory=dict)
    #: (unit, Monday) → mails to people of the unit in that week
    weeks: Counter[tuple[str, date]] = field(default_factory=Counter)
    _merged: dict[tuple[int, ...], Speeches] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.notice.tz).date()

    def by_day(self) -> dict[date, dict[MailKind, int]]:
        """Day → kind → mails."""
        counted: defaultdict[date, Counter[MailKind]] = defaultdict(Counter)
        if self.told:
            counted[self.today][MailKind.NOTICE] = len(self.told)
        for days in self.people.values():
            for day, kind in days.items():
                counted[day][kind] += 1
        return {day: dict(kinds) for day, kinds in counted.items()}

    def days_of(self, person: str) -> set[date]:
        """The days on which a person has a digest because of the new notice: others go into the same."""
        return set(self.people.get(person, ()))

    def say_of_this_one(self) -> None:
        """Everything that is said of what the new notice asks."""
        said: defaultdict[str, list[Speeches]] = defaultdict(list)
        for clause, units in self._bound():
            fresh = {relation: self._fresh(clause, relation) for relation in Relation}
            for unit in units:
                said[unit].append(fresh[self.records.unit(unit).relation])
        for unit, of_unit in said.items():
            self._say(unit, self._whole(of_unit))

    def _bound(self) -> Iterator[tuple[Clause, list[str]]]:
        """Each clause with the units that it binds; those that bind alike are asked of the record once."""
        found: dict[object, list[str]] = {}
        for clause in clauses(self.notice, self.records.calendar, published_at=self.now):
            key = (clause.binds, clause.before, clause.receivers)
            if key not in found:
                found[key] = units_bound(self.records.session, [clause], issuer=self.notice.issuer)
                self.records.units.fetch(found[key])
            yield clause, found[key]

    def _fresh(self, clause: Clause, relation: Relation) -> Speeches:
        """What is said of an obligation that opens now."""
        standing = Standing(
            unit="",
            deliverable=clause.deliverable,
            status=Status.PENDING,
            round=1,
            due=clause.due,
            opened_at=self.now,
            relation=relation,
        )
        rules = Rules.of(self.notice, self.notice.find(clause.deliverable)[1])
        calendar = self.records.calendar
        return speeches(ball(standing, rules, calendar), (), calendar, now=self.now)

    def _whole(self, said: list[Speeches]) -> Speeches:
        """Everything that is said of a unit; units alike are asked once."""
        key = tuple(map(id, said))
        if key not in self._merged:
            self._merged[key] = merged(said)
        return self._merged[key]

    def _say(self, unit: str, said: Speeches) -> None:
        told = set(_addresses(self.records, unit, ROLES, self.notice.issuer))
        self.told |= told
        own: Days = {}
        for role, days in said.items():
            to = self.people if role is Role.SUPERVISOR else own
            for person in _addresses(self.records, unit, [role], self.notice.issuer):
                # a digest does not repeat on the same day what the notice has said
                _put_days(to, person, {d: k for d, k in days.items() if d != self.today or person not in told})
        self.weeks[unit, _monday(self.today)] += len(told)
        for person, days in own.items():
            self.weeks.update((unit, _monday(day)) for day in days)
            _put_days(self.people, person, days)


def merged(said: Iterable[Speeches]) -> Speeches:
    """Several speeches to the same people: one mail a day, of the gravest kind."""
    found: dict[Role, dict[date, MailKind]] = {}
    for one in said:
        for role, days in one.items():
            for day, kind in days.items():
                put(found.setdefault(role, {}), day, kind)
    return found


def _put_days(people: Days, person: str, days: Mapping[date, MailKind]) -> None:
    mine = people.setdefault(person, {})
    for day, kind in days.items():
        put(mine, day, kind)


def _addresses(records: Records, unit: str, roles: Iterable[Role], issuer: str) -> Iterator[str]:
    for role in roles:
        yield from (contact.email.lower() for contact in recipients(records.units, unit, role, issuer))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _others(records: Records, now: datetime) -> dict[str, set[date]]:
    """Who is written to on which days about the notices that are in force."""
    found: defaultdict[str, set[date]] = defaultdict(set)
    last, rows = 0, waking_by(records.session, now + HORIZON, after=0, limit=BATCH)
    while rows:
        readable = {name for name in {row.notice_id for row in rows} if records.is_readable(name)}
        records.units.fetch(row.unit_id for row in rows)
        for group in in_groups(records, [row for row in rows if row.notice_id in readable]):
            said = speeches(group.ball, group.said, records.calendar, now=now)
            if said and group.ball:
                _say_of_others(records, group, said, found)
        last = rows[-1].id
        rows = waking_by(records.session, now + HORIZON, after=last, limit=BATCH)
    return found


def _say_of_others(records: Records, group: Group, said: Speeches, found: dict[str, set[date]]) -> None:
    assert group.ball is not None
    issuer = records.notice(group.rows[0].notice_id).issuer
    holders = {records.holder(row, group.ball.owner) for row in group.rows}
    for role, days in said.items():
        for holder in holders:
            for person in _addresses(records, holder, [role], issuer):
                found[person] |= set(days)
