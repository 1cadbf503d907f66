"""Closing, cancelling and opening a notice again, as links and forms; and its history. Pure."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from duban.domain.notice import Notice
from duban.services.closing import Ended
from duban.services.histories import End, History, Revision
from duban.web.act_form import ActForm, Field
from duban.web.words import stamp
from models import NoticeRow

#: Word of the door → title, button.
_WORDS = {
    "close": ("结束通知", "确认结束"),
    "cancel": ("撤销通知", "确认撤销"),
    "reopen": ("重新打开通知", "确认重新打开"),
}
_ABOUT = {
    "close": "各单位报齐或不再等候时使用：不再催办，未报的照实留存",
    "cancel": "通知作废时使用：未办结的一律免报，并邮件告知已收到通知的人",
    "reopen": "恢复办理和提醒",
}
_ENDS = {"closed": "结束", "cancelled": "撤销", "opened_again": "重新打开"}
_TALLIES = {"moved": "改期", "added": "新增", "restored": "恢复", "dropped": "取消"}


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
    about = "补登、更改联系人，增列单位，单位合并"
    return Way(name="单位和联系人", url=f"{page_of(notice_id)}/people", about=about)


def page_of(notice_id: str) -> str:
    """The pages of a notice: ``/notices/ID``."""
    return f"/notices/{quote(notice_id)}"


def end_form(word: str, notice: Notice, found: Ended) -> ActForm:
    """The form, with what it will do."""
    title, button = _WORDS[word]
    home = page_of(notice.id)
    return ActForm(
        title=title,
        trail=((notice.document_number, home), ("通知内容", f"{home}/about"), (title, "")),
        about=f"{notice.title}。{_effect(word, found)}",
        url=f"{home}/{word}",
        fields=(_reason(word),),
        button=button,
        back=f"{home}/about",
    )


def _reason(word: str) -> Field:
    hint = {"cancel": "随邮件告知各单位", "reopen": "记入办理记录", "close": "记入办理记录"}[word]
    return Field(name="reason", label="理由", kind="words", required=word != "close", hint=hint)


def _effect(word: str, found: Ended) -> str:
    left = f"{found.units}个单位的{found.unfinished}项" if found.unfinished else ""
    review = f"待审{found.in_review}项" if found.in_review else ""
    if word == "close":
        held = "、".join(part for part in (left and f"未报的有{left}", review) if part)
        return f"{held or '各项均已办结'}。结束以后不再提醒，各单位也不能再报送；需要时可以重新打开。"
    if word == "cancel":
        held = "、".join(part for part in (left and f"未报的{left}", review) if part)
        lifted = f"{held}将一律免报，并逐人邮件告知" if held else "没有未办结的事项"
        return f"{lifted}；已办结的不受影响。"
    return "恢复办理。原已撤销的，各事项恢复原状并重新发出通知邮件；期限已过的，请另发补充通知调整。"


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
    counted = [f"{word} {one.tallies[kind]} 项" for kind, word in _TALLIES.items() if one.tallies.get(kind)]
    return Past(
        title=f"第 {one.number} 版" + ("（补充通知）" if one.number > 1 else "（发布）"),
        at=stamp(one.at),
        reason=one.reason,
        by_person=one.by_person,
        changes=tuple(change.text for change in one.changes),
        effect="，".join(counted) or ("各单位的事项没有变化" if one.number > 1 else ""),
        sha256=one.sha256,
    )


def _end(one: End) -> Past:
    return Past(title=_ENDS[one.name], at=stamp(one.at), reason=one.reason, by_person=one.by_person)
