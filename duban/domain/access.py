"""Who may do what: one question, ``authorize(subject, deed, thing)``; for lists the same answer as a filter.

What is *possible* for a thing is ``state``; this is what is *permitted* to a person. Pure: no database, no clock.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from duban.domain.deeds import HANDLING, REVIEWING, TABLE, TOUCHING, Deed, Reach
from duban.domain.errors import Denied
from duban.domain.terms import Hat


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A hat, worn for a unit; by a link, for one notice only."""

    hat: Hat
    #: the unit's id; empty for an administrator
    unit: str = ""
    #: None: all notices
    notice: str | None = None
    #: the address (small letters) of who holds it
    holder: str = ""
    #: given by a link alone
    by_link: bool = False
    #: of a link: the unit's 口令 was said in this session
    is_cleared: bool = False
    #: worn for an absent colleague: that one's address (small letters) and name
    absent: str = ""
    absent_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Somebody who came in: a person who logged in, the holder of links, or both in one session."""

    grants: tuple[Grant, ...] = ()
    #: how pages call the person
    name: str = ""
    #: the number of the person's account; None: only links
    person: int | None = None

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses (small letters) that the person goes by here."""
        return frozenset(grant.holder for grant in self.grants if grant.holder)

    @property
    def own(self) -> "Subject":
        """The same without what is worn for absent colleagues."""
        return replace(self, grants=tuple(grant for grant in self.grants if not grant.absent))

    @property
    def stands_in(self) -> bool:
        """True while something is worn for an absent colleague."""
        return any(grant.absent for grant in self.grants)

    def wears(self, *hats: Hat) -> bool:
        """True when one of the grants is one of these."""
        return any(grant.hat in hats for grant in self.grants)


#: Nobody in particular.
STRANGER = Subject()


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What something is done to, as far as the rule asks."""

    #: empty: no notice
    notice: str = ""
    #: the unit that has issued the notice
    issuer: str = ""
    #: the unit that owes
    unit: str = ""
    #: that unit and all above it
    above: frozenset[str] = field(default=frozenset())
    #: the units that review it; for an act of review, the one whose turn it is
    reviewers: frozenset[str] = field(default=frozenset())
    #: holds personal data (``Deliverable.personal``)
    personal: bool = False
    #: the addresses (small letters) of those who handed in what is under review
    handed_in_by: frozenset[str] = field(default=frozenset())


def authorize(subject: Subject, deed: Deed, thing: Thing) -> None:
    """Raise Denied unless ``subject`` may do ``deed`` to ``thing``."""
    reaching = [grant for grant in subject.grants if _reaches(grant, deed, thing)]
    if not reaching:
        raise Denied(_FOREIGN, _FOREIGN_EN)
    if deed in REVIEWING and thing.handed_in_by & subject.addresses:
        raise Denied(_OWN_WORK, "nobody reviews what he has handed in himself: leave it to a colleague")
    reaching = _unbiased(reaching, deed, thing)
    if not reaching:
        raise Denied(_ABSENT_WORK, "the absent colleague has handed it in: nobody reviews it in that name")
    if thing.personal and deed in TOUCHING and not any(map(_may_handle_personal, reaching)):
        raise Denied(_PERSONAL, "personal data: log in, or enter the unit's word, first")


def absent_for(subject: Subject, deed: Deed, thing: Thing) -> str:
    """The address of the absent colleague for whom ``subject`` does ``deed``; empty: in the own name, or not at all."""
    reaching = _unbiased([grant for grant in subject.grants if _reaches(grant, deed, thing)], deed, thing)
    return "" if any(not grant.absent for grant in reaching) else next((grant.absent for grant in reaching), "")


def may(subject: Subject, deed: Deed, thing: Thing) -> bool:
    """The same as an answer."""
    try:
        authorize(subject, deed, thing)
    except Denied:
        return False
    return True


def may_somewhere(subject: Subject, deed: Deed) -> bool:
    """True when there is anything that ``subject`` may do ``deed`` to."""
    return any(TABLE[grant.hat, deed] for grant in subject.grants)


def check_somewhere(subject: Subject, deed: Deed) -> None:
    """Raise Denied unless there may be something to do ``deed`` to."""
    if not may_somewhere(subject, deed):
        raise Denied(_FOREIGN, _FOREIGN_EN)


def _unbiased(reaching: list[Grant], deed: Deed, thing: Thing) -> list[Grant]:
    """Nobody reviews in the name of who has handed it in."""
    return [grant for grant in reaching if deed not in REVIEWING or grant.absent not in thing.handed_in_by]


def _reaches(grant: Grant, deed: Deed, thing: Thing) -> bool:
    if grant.notice is not None and grant.notice != thing.notice:
        return False
    reach = TABLE[grant.hat, deed]
    return reach is Reach.ALL or bool(grant.unit and grant.unit in _units_of(thing, reach))


def _units_of(thing: Thing, reach: Reach) -> Collection[str]:
    """The units for which a hat with this reach may be worn to get at the thing."""
    return {
        Reach.ISSUED: {thing.issuer},
        Reach.BELOW: thing.above,
        Reach.OWN: {thing.unit},
        Reach.REVIEWED: thing.reviewers,
    }.get(reach, ())


def _may_handle_personal(grant: Grant) -> bool:
    return grant.hat in HANDLING and (not grant.by_link or grant.is_cleared)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What somebody may see in lists, as a filter: the union of its parts. ``models.scoping`` turns it into SQL."""

    #: no filter
    is_all: bool = False
    #: notices that these units have issued, whole
    issuers: frozenset[str] = field(default=frozenset())
    #: these units and all below them, over all notices
    trees: frozenset[str] = field(default=frozenset())
    #: single units, each in one notice or (None) in all
    units: frozenset[tuple[str, str | None]] = field(default=frozenset())
    #: what these units review, each in one notice or (None) in all
    reviewers: frozenset[tuple[str, str | None]] = field(default=frozenset())


#: For those who are not asked who they are: the command line, flows.
EVERYTHING = Scope(is_all=True)


def scope_of(subject: Subject, deed: Deed) -> Scope:
    """What ``subject`` may do ``deed`` to; empty: nothing."""
    found = [(TABLE[grant.hat, deed], grant) for grant in subject.grants]
    return Scope(
        is_all=any(reach is Reach.ALL for reach, _ in found),
        issuers=frozenset(_units(found, Reach.ISSUED)),
        trees=frozenset(_units(found, Reach.BELOW)),
        units=frozenset((g.unit, g.notice) for reach, g in found if reach is Reach.OWN),
        reviewers=frozenset((g.unit, g.notice) for reach, g in found if reach is Reach.REVIEWED),
    )


def _units(found: list[tuple[Reach, Grant]], wanted: Reach) -> Iterator[str]:
    return (grant.unit for reach, grant in found if reach is wanted)


_FOREIGN = (
    "这一页不存在，或不在您的权限之内。请从自己的邮件链接进入，或用有权限的账号登录；需要开通权限，请联系系统管理员。"
)
_FOREIGN_EN = (
    "there is no such page, or it is not open to you: come in by the link of your own mail, or log in with an account "
    "that may"
)
_OWN_WORK = "本人报送的材料不能由本人审核，请交由同事办理。"
_ABSENT_WORK = "这项材料由委托人本人报送，代行人也不能审核，请交由其他同事办理。"
_PERSONAL = "这项材料含个人信息，只凭链接不能查看或报送：请先登录，或输入本单位口令。"
