"""The steps from a draft to a notice in force, and where one is. Pure."""

from dataclasses import dataclass

from duban.services.issuing import Examined
from duban.web.language.saying import label, say

#: name, and the end of its address
STEPS = (
    (label("定义"), ""),
    (label("单位", en="Units"), "/units"),
    (label("联系人"), "/contacts"),
    (label("期限和邮件"), "/days"),
    (label("发布"), "/confirm"),
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step."""

    number: int
    name: str
    #: empty: not yet
    url: str
    is_here: bool


@dataclass(frozen=True, kw_only=True)
class StepsView:
    """What every page of a draft shows."""

    number: int
    version: int
    name: str
    steps: tuple[Step, ...]
    #: of the first step
    text_url: str

    @property
    def url(self) -> str:
        """The draft."""
        return f"/publish/{self.number}"

    @property
    def following(self) -> Step | None:
        """The step after this one, where it is open."""
        here = next(at for at, step in enumerate(self.steps) if step.is_here)
        after = self.steps[here + 1 : here + 2]
        return after[0] if after and after[0].url else None


def steps_view(found: Examined, here: str) -> StepsView:
    """``here``: the end of the address of the page that is open."""
    base = f"/publish/{found.draft.number}"
    first = base + ("/paper" if found.draft.original else "")
    is_open = found.notice is not None and not found.obstacles and not found.is_published
    steps = tuple(
        Step(
            number=at,
            name=say("原文和定义") if not end and found.draft.original else name,
            url=first if not end else base + end if is_open else "",
            is_here=end == here,
        )
        for at, (name, end) in enumerate(STEPS, 1)
    )
    return StepsView(
        number=found.draft.number, version=found.draft.version, name=found.draft.name, steps=steps, text_url=first
    )
