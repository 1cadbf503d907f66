"""Who may do which act: *permitted*, beside ``state``, which says what is *possible*."""

from collections.abc import Collection

from duban.domain.errors import ActRefused
from duban.domain.obligation import Standing
from duban.domain.terms import ISSUER, REVIEW_PREFIX, UNIT, Act, Status, review_owner

#: Whose act it is; ``review`` stands for the step that holds the ball, ``decided`` for the one that decided last.
WHOSE = {
    Act.ACKNOWLEDGE: UNIT,
    Act.SUBMIT: UNIT,
    Act.NIL: UNIT,
    Act.WITHDRAW: UNIT,
    Act.RETURN: "review",
    Act.APPROVE: "review",
    Act.EXTEND: ISSUER,
    Act.WAIVE: ISSUER,
    Act.REOPEN: ISSUER,
    Act.SEND: UNIT,
    Act.RECEIVE: ISSUER,
    Act.REQUEST: UNIT,
    Act.REFUSE: ISSUER,
    Act.TAKE_BACK: "decided",
    Act.CONSULT: "review",
}
#: Who may do it besides: the issuer enters what an envelope shows, where the unit has announced nothing.
ALSO = {Act.SEND: ISSUER}
#: What nobody does to a submission of one's own.
DECIDES = (Act.APPROVE, Act.RETURN)

_WHOSE_ZH = {UNIT: "报送单位", ISSUER: "发文机关", "review": "当前审核环节", "decided": "作出该意见的审核环节"}


def actor(act: Act, standing: Standing) -> str:
    """Who does ``act`` when the record does not say."""
    steps = {"review": standing.step, "decided": standing.decided}
    whose = WHOSE[act]
    return review_owner(steps[whose] or ISSUER) if whose in steps else whose


def check_may(act: Act, by: str, standing: Standing) -> None:
    """Raise ActRefused unless ``by`` (``unit``, ``issuer``, ``review:STEP``) may do ``act`` now."""
    whose = WHOSE[act]
    if by == ALSO.get(act) or by == actor(act, standing):
        return
    if whose == "review" and standing.status is not Status.SUBMITTED and by.startswith(REVIEW_PREFIX):
        return
    raise ActRefused(
        f"“{act.zh}”应由{_WHOSE_ZH[whose]}办理，不能由 {by} 办理",
        f"{act.en} is for {actor(act, standing)}, not for {by}",
    )


def check_not_own(act: Act, person: str, handed_in_by: Collection[str]) -> None:
    """Raise ActRefused where a person would decide on what the same person handed in; unknown persons pass."""
    named = {name.strip().casefold() for name in handed_in_by} - {""}
    if act in DECIDES and person.strip().casefold() in named:
        raise ActRefused("不能审核本人报送的材料", "nobody reviews what the same person handed in")
