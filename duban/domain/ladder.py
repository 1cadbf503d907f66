"""Ladders: which rungs are climbed when, to whom, and in what tone. Policy as typed, frozen values."""

from typing import Literal

from pydantic import Field

from duban.domain.strict import Strict, Words
from duban.domain.terms import MailKind, Role


class Rung(Strict):
    """One rung: so many working days from the due day, at 09:00, to these roles."""

    code: Words
    #: working days from the due day (0: the due day itself, if it is worked), or from the turn's opening
    workdays: int = Field(ge=-60, le=60)
    #: ``opened``: the first 09:00 of a working day after the turn opened
    count_from: Literal["due", "opened"] = "due"
    #: who is written to, each in an own mail; nobody: the coordinator gets a task
    to: tuple[Role, ...] = ()
    kind: Literal[MailKind.REMINDER, MailKind.OVERDUE, MailKind.ESCALATION] = MailKind.REMINDER
    #: climbs only between units in a line of command; elsewhere it is a telephone task, and the last rung
    subordinate_only: bool = False

    @property
    def is_task(self) -> bool:
        return not self.to

    @property
    def is_late(self) -> bool:
        return self.count_from == "due" and self.workdays > 0


class Ladder(Strict):
    """Rungs in the order in which they are climbed."""

    rungs: tuple[Rung, ...]


def _before(code: str, workdays: int) -> Rung:
    return Rung(code=code, workdays=workdays, to=(Role.CLERK,), kind=MailKind.REMINDER)


LATE_1 = Rung(code="late-1", workdays=1, to=(Role.CLERK, Role.CHIEF), kind=MailKind.OVERDUE)

#: The standard ladder (1-domain), used where a notice names no other.
STANDARD = Ladder(
    rungs=(
        _before("due-7", -7),
        _before("due-3", -3),
        _before("due-1", -1),
        _before("due-0", 0),
        LATE_1,
        Rung(
            code="late-3",
            workdays=3,
            to=(Role.CLERK, Role.LEADER),
            kind=MailKind.ESCALATION,
            subordinate_only=True,
        ),
        Rung(
            code="late-5",
            workdays=5,
            to=(Role.CLERK, Role.SUPERVISOR),
            kind=MailKind.ESCALATION,
            subordinate_only=True,
        ),
        Rung(code="late-10", workdays=10),
    )
)

#: A reviewer has so many working days after the submission, where the step says no other.
REVIEW_WORKDAYS = 3

#: The reviewer's ladder (8-contract, Reviews): told of the arrival, then chased with the chief knowing, then a task.
REVIEW = Ladder(
    rungs=(
        Rung(code="arrived", workdays=0, count_from="opened", to=(Role.CLERK,), kind=MailKind.REMINDER),
        LATE_1.model_copy(update={"code": "due-0", "workdays": 0}),
        LATE_1,
        Rung(code="late-3", workdays=3),
    )
)


def climbable(ladder: Ladder, *, subordinate: bool) -> tuple[Rung, ...]:
    """The rungs that are climbed. Outside a line of command nothing climbs: the first rung that would
    becomes a telephone task of the coordinator, and ends the ladder (domain rule 9)."""
    climbed: list[Rung] = []
    for rung in ladder.rungs:
        if rung.subordinate_only and not subordinate:
            climbed.append(rung.model_copy(update={"to": ()}))
            break
        climbed.append(rung)
    return tuple(climbed)
