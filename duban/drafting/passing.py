"""Materials that go through several hands, and names that only repeat another."""

import re

from duban.drafting.clauses import Act
from duban.drafting.gathering import Gathered

#: ``各市汇总后于…报省厅``
_COLLECTED = re.compile(r"(?:汇总|审核|初审|复核|整理|把关)[^,。;]{0,6}后|(?:逐级|统一)(?:审核|汇总)?(?:上报|报送)")


#: ``6月3日前将原件寄达``
_AGAIN = re.compile(r"原件|纸质(?:版|件|材料)|电子(?:版|稿|材料)|盖章版")


def again(gathered: Gathered, act: Act) -> tuple[str, ...]:
    """What the act before in the paragraph hands in, and this one in another form."""
    return _of_former(gathered, act, _AGAIN)


def passed_on(gathered: Gathered, act: Act) -> tuple[str, ...]:
    """What the act before in the paragraph hands in, and this one collects and passes on."""
    return _of_former(gathered, act, _COLLECTED)


def _of_former(gathered: Gathered, act: Act, form: re.Pattern[str]) -> tuple[str, ...]:
    if not form.search(gathered.shown[act.start : act.end]):
        return ()
    before = [one for one in gathered.acts if one.when and one.paragraph == act.paragraph and one.start < act.start]
    return before[-1].materials if before else ()


def once(names: list[str]) -> tuple[str, ...]:
    """Without a name that only repeats the end of another: 案例申报表, 申报表."""
    return tuple(
        one for one in dict.fromkeys(names) if not any(other != one and other.endswith(one) for other in names)
    )
