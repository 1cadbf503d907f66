"""Whom a definition binds, in the words of pages. Pure."""

from dataclasses import dataclass

from duban.domain.roster import UPWARD
from duban.domain.terms import Role
from duban.services.bound import Bound, ClassBound, Gap
from duban.web.language.saying import say, term

#: Names of a class, and rows of gaps, that are shown at once.
MOST_NAMES, MOST_GAPS = 60, 300


@dataclass(frozen=True, kw_only=True)
class BoundView:
    """The same, as far as a page shows it."""

    bound: Bound

    def names(self, it: ClassBound) -> str:
        """The first units of a class."""
        return say("、").join(unit.name for unit in it.units[:MOST_NAMES])

    def rest(self, it: ClassBound) -> str:
        """The others; empty: there are none."""
        return say("、").join(unit.name for unit in it.units[MOST_NAMES:])

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Mute units first."""
        return tuple(sorted(self.bound.gaps, key=lambda gap: not gap.is_mute))[:MOST_GAPS]

    @property
    def roles(self) -> tuple[str, ...]:
        """The columns of the gaps."""
        return tuple(term(role) for role in UPWARD)

    def marks(self, gap: Gap) -> list[tuple[str, bool]]:
        """By column: the role, and whether somebody has it."""
        return [(term(role), role not in gap.missing) for role in UPWARD]

    def falls_to(self, gap: Gap) -> str:
        """Who gets what is meant for those who are missing: the next one upward within the unit."""
        if gap.is_mute:
            return say("无人可收信，请先补登")
        return say("；").join(_falls(role, gap) for role in gap.missing)

    @property
    def idle(self) -> list[tuple[str, int, str]]:
        """Units that owe nothing, by kind: the kind, how many, the first names."""
        kinds: dict[str, list[str]] = {}
        for unit in self.bound.owing_nothing:
            kinds.setdefault(unit.kind, []).append(unit.name)
        return [
            (kind, len(names), say("、").join(names[:MOST_NAMES]) + (say("等") if len(names) > MOST_NAMES else ""))
            for kind, names in kinds.items()
        ]


def _falls(role: Role, gap: Gap) -> str:
    above = UPWARD[UPWARD.index(role) + 1 :]
    heir = next((other for other in above if other not in gap.missing), None)
    return (
        say("{role}的邮件由{heir}代收", role=term(role), heir=term(heir))
        if heir
        else say("{role}的邮件无人可收，届时列为经办事项", role=term(role))
    )


def bound_view(found: Bound) -> BoundView:
    """The view."""
    return BoundView(bound=found)
