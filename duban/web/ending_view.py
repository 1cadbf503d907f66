"""Closing, cancelling and opening a notice again, as links and forms; and its history. Pure."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from duban.domain.notice import Notice
from duban.services.closing import Ended
from duban.services.histories import End, History, Revision
from duban.web.act_form import ActForm, Field
from duban.web.language.saying import label, say
from duban.web.words import stamp
from models import NoticeRow

#: Word of the door → title, button.
_WORDS = {
    "close": (label("结束通知"), label("确认结束")),
    "cancel": (label("撤销通知"), label("确认撤销")),
    "reopen": (label("重新打开通知"), label("确认重新打开")),
}
_ABOUT = {
    "close": label("各单位报齐或不再等候时使用：不再催办，未报的照实留存"),
    "cancel": label("通知作废时使用：未办结的一律免报，并邮件告知已收到通知的人"),
    "reopen": label("恢复办理和提醒"),
}
_ENDS = {
    "closed": label("结束", en="Closed"),
    "cancelled": label("撤销", en="Cancelled"),
    "opened_again": label("重新打开", en="Reopened"),
}
_TALLIES = {
    "moved": label("改期"),
    "added": label("新增"),
    "restored": label("恢复", en="restored"),
    "dropped": label("取消", en="dropped"),
}


@dataclass(frozen=True, kw_only=True)
class Way:
    """A link to a form."""

    name: str
    url: str
    about: str


def ways_to_end(row: NoticeRow) -> list[Way]:
    """What the issuer may do to the notice as a whole."""
    words = ("reopen",) if row.closed_at is not None else ("close", "cancel")
    return [Way(name=_WORDS[word][0], url=f"{page_of(row.id)}/{word}", about=_ABOUT[word]) for word in words]


def units_way(notice_id: str) -> Way:
    """To the units of a notice and their people."""
    about = say("补登、更改联系人，增列单位，单位合并")
    return Way(name=say("单位和联系人"), url=f"{page_of(notice_id)}/people", about=about)


def page_of(notice_id: str) -> str:
    """The pages of a notice: ``/notices/ID``."""
    return f"/notices/{quote(notice_id)}"


def end_form(word: str, notice: Notice, found: Ended) -> ActForm:
    """The form, with what it will do."""
    title, button = _WORDS[word]
    home = page_of(notice.id)
    return ActForm(
        title=title,
        trail=((notice.document_number, home), (say("通知内容"), f"{home}/about"), (title, "")),
        about=say("{title}。{effect}", title=notice.title, effect=_effect(word, found)),
        url=f"{home}/{word}",
        fields=(_reason(word),),
        button=button,
        back=f"{home}/about",
    )


def _reason(word: str) -> Field:
    hint = {"cancel": say("随邮件告知各单位"), "reopen": say("记入办理记录"), "close": say("记入办理记录")}[word]
    return Field(name="reason", label=say("理由"), kind="words", required=word != "close", hint=hint)


def _effect(word: str, found: Ended) -> str:
    left = (
        say("{units}个单位的{unfinished}项", units=found.units, unfinished=found.unfinished) if found.unfinished else ""
    )
    review = say("待审{in_review}项", in_review=found.in_review) if found.in_review else ""
    if word == "close":
        held = say("、").join(part for part in (left and say("未报的有{left}", left=left), review) if part)
        return say(
            "{held}。结束以后不再提醒，各单位也不能再报送；需要时可以重新打开。", held=held or say("各项均已办结")
        )
    if word == "cancel":
        held = say("、").join(part for part in (left and say("未报的{left}", left=left), review) if part)
        lifted = say("{held}将一律免报，并逐人邮件告知", held=held) if held else say("没有未办结的事项")
        return say("{lifted}；已办结的不受影响。", lifted=lifted)
    return say("恢复办理。原已撤销的，各事项恢复原状并重新发出通知邮件；期限已过的，请另发补充通知调整。")


@dataclass(frozen=True, kw_only=True)
class Past:
    """One thing in the history of a notice, in words."""

    title: str
    at: str
    reason: str
    by_person: str
    changes: tuple[str, ...] = ()
    #: ``改期 9 项，取消 2 项``
    effect: str = ""
    sha256: str = ""


def pasts(found: History, now: datetime) -> list[Past]:
    """The history, the newest first."""
    return [_revision(one) if isinstance(one, Revision) else _end(one) for one in found.happened]


def _revision(one: Revision) -> Past:
    counted = [
        say("{word} {tallies} 项", word=word, tallies=one.tallies[kind])
        for kind, word in _TALLIES.items()
        if one.tallies.get(kind)
    ]
    return Past(
        title=say("第 {number} 版", number=one.number) + (say("（补充通知）") if one.number > 1 else say("（发布）")),
        at=stamp(one.at),
        reason=one.reason,
        by_person=one.by_person,
        changes=tuple(change.text for change in one.changes),
        effect=say("，").join(counted) or (say("各单位的事项没有变化") if one.number > 1 else ""),
        sha256=one.sha256,
    )


def _end(one: End) -> Past:
    return Past(title=_ENDS[one.name], at=stamp(one.at), reason=one.reason, by_person=one.by_person)
