"""What was done right before a page is shown: a line that says it, and the rows that it changed. Pure."""

from dataclasses import dataclass

from duban.web.language.saying import label

#: What each act says of itself.
_SAID = {
    "extend": label("已延期，已发邮件告知单位。改动的行已标出。"),
    "return": label("已退回补正，已发邮件告知单位。改动的行已标出；退错了可以在“待审”页收回。"),
    "waive": label("已免报，不再提醒。改动的行已标出；点错了可以重新打开。"),
    "held": label("已标记勿催，记入单位的经过。期限或轮次变化后自动失效。"),
    "lifted": label("已恢复提醒。"),
    "noted": label("通话已登记。"),
    "trial": label("测试邮件已放入发件箱，只发给您本人。"),
}


#: Why nothing of what was ticked could be done.
PROBLEMS = {
    "nothing": label("没有选中任何单位，请先勾选。"),
    "no-extend": label("所选材料中没有可以延期的。"),
    "no-return": label("所选材料中没有可以退回补正的：只有已报待审的可以退回。"),
    "no-waive": label("所选材料中没有可以免报的。"),
    "closed": label("这份通知已办结归档，不再催办。"),
    "nobody": label("所选单位都不需要发邮件，没有发出。"),
    "unseen": label("请从台账勾选单位，核对后再发出。"),
}


@dataclass(frozen=True, kw_only=True)
class After:
    """What was done."""

    #: empty: nothing
    said: str = ""
    #: empty: nothing went wrong
    problem: str = ""
    #: ``UNIT/DELIVERABLE`` each
    changed: frozenset[str] = frozenset()

    @classmethod
    def read(cls, done: str, changed: str) -> "After":
        """From an address; a word that is not known says nothing."""
        return cls(
            said=_SAID.get(done, ""),
            problem=PROBLEMS.get(done, ""),
            changed=frozenset(changed.split(",")) if done in _SAID else frozenset(),
        )
