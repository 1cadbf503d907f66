"""Who may do which act: *permitted*, beside ``state``, which says what is *possible*."""

from duban.domain.errors import ActRefused
from duban.domain.obligation import Standing
from duban.domain.terms import ISSUER, UNIT, Act, Status, review_owner

#: Whose act it is; ``review`` stands for the step that holds the ball.
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
}

_WHOSE_ZH = {UNIT: "报送单位", ISSUER: "发文机关", "review": "当前审核环节"}


def actor(act: Act, standing: Standing) -> str:
    """Who does ``act`` when the record does not say."""
    whose = WHOSE[act]
    return review_owner(standing.step or ISSUER) if whose == "review" else whose


def check_may(act: Act, by: str, standing: Standing) -> None:
    """Raise ActRefused unless ``by`` (``unit``, ``issuer``, ``review:STEP``) may do ``act`` now."""
    whose = WHOSE[act]
    if whose != "review" and by == whose:
        return
    at_review = standing.status is Status.SUBMITTED
    if whose == "review" and by.startswith("review:") and (not at_review or by == actor(act, standing)):
        return
    raise ActRefused(
        f"“{act.zh}”应由{_WHOSE_ZH[whose]}办理，不能由 {by} 办理",
        f"{act.en} is for {actor(act, standing)}, not for {by}",
    )
