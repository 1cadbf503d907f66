"""A mail that brings a link and nothing else: to log in, to hand in, or that a colleague has taken over."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from notifications.clean import cut, one_line
from notifications.days import full_date
from notifications.letter import Entrance, Office, Person
from notifications.view import Action, Page, Part
from notifications.wording import called

#: A title in a subject is cut to this.
_TITLE_ROOM = 18


class Why(StrEnum):
    """Why the mail is written."""

    #: somebody asked to log in
    LOGIN = "login"
    #: the link was asked for again
    AGAIN = "again"
    #: a colleague hands the matter on to the reader
    HANDED_ON = "handed_on"
    #: the reader has handed it on, and is told so
    TOLD = "told"
    #: a reviewer asks a colleague about one material
    OPINION = "opinion"
    #: a colleague goes on leave and lends the reader a hat
    DELEGATED = "delegated"


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """One mail with links."""

    why: Why
    to: Person
    #: the notice; empty for a login
    notice_title: str = ""
    document_number: str = ""
    unit_name: str = ""
    #: who handed it on, or to whom; who asks
    colleague: str = ""
    #: the material that is asked about, and the question
    deliverable_name: str = ""
    question: str = ""
    #: what is lent for an absence, and from when to when
    duty: str = ""
    period: str = ""
    #: empty where only something is told
    entrances: tuple[Entrance, ...] = ()
    #: of a login link: for so many minutes
    minutes: int = 0
    #: the issuing office, or the one that keeps the installation
    sender_name: str
    reply_to: Person
    ask: Office
    code: str
    message_id: str
    now: datetime


def way_in_subject(mail: WayIn) -> str:
    """``【登录链接】督办系统，30分钟内有效``."""
    title = cut(one_line(mail.notice_title).strip("《》").removeprefix("关于"), _TITLE_ROOM)
    unit = "｜" + cut(one_line(mail.unit_name), 12) if mail.unit_name else ""
    return {
        Why.LOGIN: f"【登录链接】督办系统，{mail.minutes}分钟内有效",
        Why.AGAIN: f"【登录链接】{title}{unit}",
        Why.HANDED_ON: f"【转办】{title}{unit}",
        Why.TOLD: f"【转办】已转交同事：{title}{unit}",
        Why.DELEGATED: f"【休假委托】{cut(one_line(mail.colleague), _TITLE_ROOM)}，{one_line(mail.period)}{unit}",
        Why.OPINION: f"【征求意见】{cut(one_line(mail.deliverable_name), _TITLE_ROOM)}{unit}",
    }[mail.why]


def way_in_page(mail: WayIn, asked: str) -> Page:
    """The page of such a mail; ``asked``: the line that says whom to ask."""
    name = called(mail.to)
    return Page(
        headline=_headline(mail),
        greeting=f"{name}，您好：" if name else "您好：",
        opening=tuple(_opening(mail)),
        parts=tuple(_parts(mail)),
        action=_only_action(mail),
        ask=asked,
        sender=one_line(mail.sender_name),
        date=full_date(mail.now.date()),
        foot=tuple(_foot(mail)),
    )


def _headline(mail: WayIn) -> str:
    return {
        Why.LOGIN: f"登录督办系统的链接，{mail.minutes}分钟内有效，只能用一次。",
        Why.AGAIN: "您要的链接在下面。",
        Why.HANDED_ON: f"{one_line(mail.colleague)}请您办理下列通知的报送。",
        Why.TOLD: f"已按您的要求，将下列通知的报送转交{one_line(mail.colleague)}。",
        Why.DELEGATED: f"{one_line(mail.colleague)}委托您{one_line(mail.period)}代行{one_line(mail.duty)}。",
        Why.OPINION: f"{one_line(mail.colleague)}就{one_line(mail.deliverable_name)}征求您的意见。",
    }[mail.why]


def _opening(mail: WayIn) -> Iterator[str]:
    if mail.why is Why.LOGIN:
        yield "有人用这个邮箱申请登录。如果是您本人，请打开下面的链接，再点“进入”。如果不是，不必理会，账号没有变动。"
    if mail.why is Why.AGAIN:
        yield "打开链接，再点“进入”即可，无须注册。此前邮件中仍然有效的链接可以继续使用。"
    if mail.why is Why.HANDED_ON:
        yield "打开下面的链接，再点“进入”，可以查看要求、报送材料，无须注册。原经办同事仍会收到提醒，并能看到办理情况。"
    if mail.why is Why.TOLD:
        yield "您的链接照常有效，提醒仍发给您，材料报齐后不再发送。如非本人所为，请与下列联系人联系。"

    if mail.why is Why.DELEGATED:
        yield f"事项：{one_line(mail.unit_name)}的{one_line(mail.duty)}，{one_line(mail.period)}，首尾两日都含。"
        yield "这几天用您自己的账号登录即可办理，记录同时写明您和委托人。到期自动结束，双方都可以提前结束。"

    if mail.why is Why.OPINION:
        yield f"问题：{one_line(mail.question)}"
        yield "打开下面的链接可以查看材料、填写意见，无须注册。您的意见供审核时参考；审核办理后，无须再答复。"


def _parts(mail: WayIn) -> Iterator[Part]:
    if mail.notice_title:
        several = len(mail.entrances) > 1
        yield Part(
            title=one_line(mail.notice_title).strip("《》"),
            number="，".join(filter(None, map(one_line, (mail.document_number, mail.unit_name)))),
            actions=tuple(map(_action, mail.entrances)) if several else (),
        )


def _only_action(mail: WayIn) -> Action | None:
    if len(mail.entrances) != 1:
        return None
    found = _action(mail.entrances[0])
    return replace(found, label="查看材料并答复") if mail.why is Why.OPINION else found


def _action(entrance: Entrance) -> Action:
    unit = f"（{one_line(entrance.unit_name)}）" if entrance.unit_name else ""
    label = "打开审核页面" if entrance.for_review else "打开报送页面" if unit else "登录督办系统"
    return Action(label=label + unit, url=one_line(entrance.url))


def _foot(mail: WayIn) -> Iterator[str]:
    yield f"本邮件由系统代{one_line(mail.sender_name)}发送。"
    if mail.entrances and mail.why is not Why.DELEGATED:
        yield (
            "链接等同钥匙，请勿转发；需要请同事代办，请在页面上用“转办”。"
            if mail.notice_title and mail.why is not Why.OPINION
            else "链接等同钥匙，请勿转发。"
        )
