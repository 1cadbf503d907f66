"""The units of a notice and their people laid out, and the forms that change these. Pure."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from duban.domain.errors import NotFound
from duban.domain.roster import UPWARD, Contact, Unit
from duban.domain.terms import Role
from duban.services.notice_units import Gap, NoticeUnits, UnitPeople, Wanted
from duban.web.act_form import ActForm, Field
from duban.web.language.saying import heading, label, say, term
from duban.web.words import joined
from models import ContactRow

#: The field that asks for a mail with the link.
TELLS = "tell"
_GAPS = {
    Gap.MUTE: ("mute", label("无人可收信")),
    Gap.CLERK: ("clerk", label("缺填报人")),
    Gap.ABOVE: ("above", label("缺负责人或分管领导")),
    Gap.NONE: ("none", label("齐全")),
}
_MEANS = {
    Gap.MUTE: label("没有可用的邮箱，通知和提醒都送不到，请补登或电话告知。"),
    Gap.CLERK: label("没有填报人的邮箱，提醒由上一级联系人代收。"),
    Gap.ABOVE: label("逾期后的邮件由上一级联系人代收；再无人可收时列为经办事项。"),
    Gap.NONE: "",
}
_SAID = {
    "put": label("联系人已更改。等候发出的邮件改发给现在的联系人。"),
    "told": label("联系人已更改，通知的链接已发给现在的填报人。"),
    "removed": label("联系人已移除，其链接已失效。"),
    "joined": label("单位已列入，通知邮件随后发出。"),
    "merged": label("单位已并入，未办结的事项已免报，记录保留。"),
}


def said_of(done: str) -> str:
    """What was just done; empty for a word that is not known."""
    return _SAID.get(done, "")


def gap_of(word: str) -> Gap | None:
    """The gap of an address; None: all units."""
    return next((gap for gap, (known, _) in _GAPS.items() if known == word), None)


def people_url(notice: str, unit: str = "") -> str:
    """The units of a notice, or the people of one."""
    return f"/notices/{quote(notice)}/people" + (f"/{quote(unit)}" if unit else "")


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One sort of units."""

    name: str
    count: int
    url: str
    is_on: bool


class UnitsView:
    """A page of the units of a notice."""

    def __init__(self, found: NoticeUnits, wanted: Wanted) -> None:
        self.found, self.wanted = found, wanted
        self.home = f"/notices/{quote(found.notice.id)}"
        self.roles = tuple(heading(role) for role in UPWARD)
        self.page, self.words = wanted.page, wanted.words
        self.gap_word = "" if wanted.gap is None else _GAPS[wanted.gap][0]
        self.rows = [_row(self, unit, gap) for unit, gap in found.units]
        self.issuer = _row(self, found.issuer, Gap.NONE)

    @property
    def tabs(self) -> list[Tab]:
        """All, then by gap as far as there are any."""
        every = Tab(name=say("全部"), count=sum(self.found.counts.values()), url=self._url(""), is_on=not self.gap_word)
        gaps = [
            Tab(name=name, count=self.found.counts[gap], url=self._url(word), is_on=word == self.gap_word)
            for gap, (word, name) in _GAPS.items()
            if self.found.counts[gap] or word == self.gap_word
        ]
        return [every, *gaps]

    @property
    def lead(self) -> str:
        """``11 个单位，其中 1 个无人可收信，1 个缺填报人。``"""
        total = sum(self.found.counts.values())
        gaps = [_counted(gap, n) for gap, n in self.found.counts.items() if n and gap is not Gap.NONE]
        if not gaps:
            return say("{total} 个单位，联系人齐全。", total=total)
        return say("{total} 个单位，其中 {gaps}。", total=total, gaps=say("，").join(gaps))

    def url(self, *, page: int) -> str:
        """Another page of the same."""
        return self._url(self.gap_word, page)

    def _url(self, gap: str, page: int = 1) -> str:
        asked = {"gap": gap, "q": self.words, "page": str(page) if page > 1 else ""}
        told = urlencode({name: value for name, value in asked.items() if value})
        return people_url(self.found.notice.id) + (f"?{told}" if told else "")


def _counted(gap: Gap, count: int) -> str:
    if gap is Gap.MUTE:
        return say("{count} 个无人可收信", count=count)
    if gap is Gap.CLERK:
        return say("{count} 个缺填报人", count=count)
    return say("{count} 个缺负责人或分管领导", count=count)


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """A unit with its people by role, in the order of the columns."""

    unit: Unit
    url: str
    gap: Gap
    columns: tuple[tuple[str, tuple[Contact, ...]], ...]

    @property
    def means(self) -> str:
        return _MEANS[self.gap]


def _row(view: UnitsView, unit: Unit, gap: Gap) -> UnitLine:
    columns = tuple((heading(role), tuple(c for c in unit.contacts if c.role is role)) for role in UPWARD)
    return UnitLine(unit=unit, url=people_url(view.found.notice.id, unit.id), gap=gap, columns=columns)


@dataclass(frozen=True, kw_only=True)
class Person:
    """A contact and what may be done."""

    row: ContactRow
    role: str
    #: mails that wait for it
    waiting: int
    change_url: str
    remove_url: str


class PeopleView:
    """The people of one unit."""

    def __init__(self, found: UnitPeople) -> None:
        self.found = found
        self.url = people_url(found.notice.id, found.unit.id)
        self.units_url = people_url(found.notice.id)
        self.ledger_url = f"/notices/{quote(found.notice.id)}/units/{quote(found.unit.id)}" if found.owes else ""
        self.add_url = f"{self.url}/contact"
        may_merge = found.owes and found.unit.id != found.notice.issuer
        self.merge_url = f"{self.url}/merge" if may_merge else ""
        self.people = [self._person(row) for row in sorted(found.people, key=_rank)]
        self.missing = [
            term(role) for role in UPWARD if not any(_is_good(row) and row.role == role for row in found.people)
        ]
        self.is_mute = len(self.missing) == len(UPWARD)

    def _person(self, row: ContactRow) -> Person:
        at = f"?number={row.id}"
        return Person(
            row=row,
            role=heading(Role(row.role)),
            waiting=self.found.waiting.get(row.address, 0),
            change_url=f"{self.url}/contact{at}",
            remove_url=f"{self.url}/contact/remove{at}",
        )


def _rank(row: ContactRow) -> tuple[int, int]:
    return UPWARD.index(Role(row.role)), row.position


def _is_good(row: ContactRow) -> bool:
    return bool(row.email) and row.refused_at is None


def contact_form(found: UnitPeople, number: int) -> ActForm:
    """Another contact in the place of the one of this number, or (0) one more; NotFound."""
    row = _row_of(found, number) if number else None
    missing = next((role for role in UPWARD if not any(p.role == role for p in found.people)), Role.CLERK)
    role = row.role if row else str(missing)
    title = say("更改联系人") if row else say("新增联系人")
    fields = [
        Field(
            name="role",
            label=say("角色"),
            kind="choice",
            value=role,
            choices=tuple((str(r), heading(r)) for r in UPWARD),
        ),
        Field(name="person", label=say("姓名"), required=True, value=row.person if row else ""),
        Field(
            name="email",
            label=label("邮箱", en="Mail address"),
            value=row.email if row else "",
            hint=say("不填则只能电话联系"),
        ),
        Field(name="phone", label=say("电话"), value=row.phone if row else ""),
    ]
    if found.owes and not found.is_closed:
        hint = say("角色是填报人时有效")
        fields.append(Field(name=TELLS, label=say("把通知的链接发给填报人"), kind="tick", value="yes", hint=hint))
    return ActForm(
        title=f"{title} · {found.unit.name}",
        trail=_trail(found, title),
        about=_effect(found, row),
        url=f"{people_url(found.notice.id, found.unit.id)}/contact?number={number}",
        fields=tuple(fields),
        button=say("确定更改") if row else say("确定新增"),
        back=people_url(found.notice.id, found.unit.id),
        hidden=_seen(row),
    )


def removal_form(found: UnitPeople, number: int) -> ActForm:
    """A contact is taken away, after it was said what that means; NotFound."""
    row = _row_of(found, number)
    left = [other for other in found.people if other is not row and _is_good(other)]
    mute = "" if left else say("移除后{unit}没有可用的邮箱，通知和提醒都送不到。", unit=found.unit.name)
    links = say("其链接即时失效，") if row.email and not _has_twin(found, row) else ""
    gone = say("{named}不再是{unit}的联系人。", named=_named(row), unit=found.unit.name)
    title = say("移除联系人")
    return ActForm(
        title=f"{title} · {found.unit.name}",
        trail=_trail(found, title),
        about=joined(gone, links, _waits(found, row), say("记录保留。"), mute),
        url=f"{people_url(found.notice.id, found.unit.id)}/contact/remove?number={number}",
        button=say("确定移除"),
        back=people_url(found.notice.id, found.unit.id),
        hidden=_seen(row),
    )


def _row_of(found: UnitPeople, number: int) -> ContactRow:
    row = next((row for row in found.people if row.id == number), None)
    if row is None:
        raise NotFound("没有这位联系人，可能已被他人更改", "no such contact: perhaps somebody else has changed it")
    return row


def _seen(row: ContactRow | None) -> tuple[tuple[str, str], ...]:
    """The address that the form was made for: when another one stands there by then, it is refused."""
    return (("was", row.address),) if row else ()


def _trail(found: UnitPeople, title: str) -> tuple[tuple[str, str], ...]:
    home = f"/notices/{quote(found.notice.id)}"
    units = people_url(found.notice.id)
    return (
        (found.notice.document_number, home),
        (say("单位和联系人"), units),
        (found.unit.name, people_url(found.notice.id, found.unit.id)),
        (title, ""),
    )


def _named(row: ContactRow) -> str:
    role = term(Role(row.role))
    if row.email:
        return say("{role}{person}（{email}）", role=role, person=row.person, email=row.email)
    return say("{role}{person}", role=role, person=row.person)


def _has_twin(found: UnitPeople, row: ContactRow) -> bool:
    return any(other is not row and other.address == row.address for other in found.people)


def _waits(found: UnitPeople, row: ContactRow) -> str:
    count = found.waiting.get(row.address, 0)
    return say("等候发出的 {count} 封邮件改发给同一角色现在的联系人。", count=count) if count else ""


def _effect(found: UnitPeople, row: ContactRow | None) -> str:
    kept = say("联系人属于单位，对它承担的各份通知都有效。")
    if row is None:
        return joined(kept, say("以后的邮件发给新的联系人。"))
    void = "" if _has_twin(found, row) or not row.email else say("更换邮箱的，原邮箱的链接即时失效。")
    return joined(say("现为{named}。", named=_named(row)), _waits(found, row), void, kept)
