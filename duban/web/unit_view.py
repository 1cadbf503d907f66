"""One unit laid out: its people, and its timeline by day. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from duban.domain.roster import Contact
from duban.domain.terms import AdviceKind, Decision, Role
from duban.services.dossier import Dossier, Happening
from duban.web.chip import DONE, IDLE, LATE, MAIL_STATES, SENT, SOON, Chip, mail_chip
from duban.web.language.saying import Label, label, say, term
from duban.web.words import ZONE, actor, day, day_and_weekday, hour_minute, listed, named_day
from models import MailRow, MailState

#: The names of the audit log in the words of an office, and their tone.
EVENTS = {
    "published": (label("发布通知"), IDLE),
    "acknowledged": (label("签收", en="Acknowledged"), IDLE),
    "submitted": (label("报送", en="Handed in"), SENT),
    "reported_nil": (label("零报告"), SENT),
    "replaced": (label("替换已报材料"), SENT),
    "withdrawn": (label("撤回", en="Withdrawn"), IDLE),
    "returned": (label("退回补正"), SOON),
    "approved": (label("审核通过"), DONE),
    "waived": (label("免报"), IDLE),
    "extended": (label("延期", en="Extended"), SOON),
    "reopened": (label("重新打开", en="Reopened"), SOON),
    "approved_by_timeout": (Label.of(Decision.APPROVED_BY_TIMEOUT), DONE),
    "returned_by_timeout": (Label.of(Decision.RETURNED_BY_TIMEOUT), SOON),
    "taken_back": (label("收回审核意见"), IDLE),
    "consulted": (label("征求意见", en="Opinion asked"), IDLE),
    "opinion_given": (label("答复意见"), IDLE),
    "extension_requested": (label("申请延期", en="Asked for a later day"), IDLE),
    "extension_refused": (label("不予延期", en="Extension refused"), SOON),
    "sent": (label("纸质件寄出"), SENT),
    "received": (label("收到纸质件"), SENT),
    "supplemented": (label("补充通知"), SOON),
    "closed": (label("结束通知", en="Notice closed"), IDLE),
    "cancelled": (label("撤销通知", en="Notice cancelled"), IDLE),
    "opened_again": (label("重新打开通知", en="Notice reopened"), SOON),
    "unit_added": (label("增列单位", en="Unit added"), IDLE),
    "unit_merged": (label("并入其他单位", en="Merged into another unit"), IDLE),
    "unit_enlisted": (label("新增单位", en="New unit in the roster"), IDLE),
    "contact_added": (label("新增联系人", en="Contact added"), IDLE),
    "contact_changed": (label("更改联系人", en="Contact changed"), IDLE),
    "contact_removed": (label("移除联系人", en="Contact removed"), IDLE),
    "pressed": (label("人工催办"), IDLE),
    "press_undone": (label("撤回催办"), IDLE),
    "held": (label("标记勿催"), IDLE),
    "hold_lifted": (label("恢复提醒"), IDLE),
    "recommended": (label("上级意见"), IDLE),
    "pause_advised": (Label.of(AdviceKind.PAUSE), IDLE),
    "advice_settled": (label("上级建议已处理"), IDLE),
    "order_drafted": (label("起草督办单（稿）"), IDLE),
    "link_entered": (label("凭邮件链接打开"), IDLE),
}
#: Events that name the person at the desk.
BY_HAND = ("pressed", "press_undone", "held", "hold_lifted")
#: Events that name a new day.
WITH_DAY = ("returned", "returned_by_timeout", "extended", "reopened")
#: What the day is that an event wants.
_WANTED = {"recommended": label("延至"), "pause_advised": label("至")}
#: Deliverables named in one line.
NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One thing that happened."""

    time: str
    chip: Chip
    #: who did it, or whom a mail went to
    who: str
    what: str
    #: reason, new day
    note: str
    url: str
    #: the addresses of those who are named
    title: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """What happened on one day."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Person:
    """A contact, with the mails that went there."""

    role: Role
    contact: Contact
    url: str


def contacts(dossier: Dossier) -> list[Person]:
    """The people of the unit, by role."""
    order = list(Role)
    people = sorted(dossier.unit.contacts, key=lambda contact: order.index(contact.role))
    return [Person(role=c.role, contact=c, url=f"/mail?person={c.email}" if c.email else "") for c in people]


def timeline(dossier: Dossier, now: datetime) -> list[Day]:
    """Events, mails and tasks by day, oldest first."""
    days: dict[str, list[Mark]] = {}
    for happening in dossier.happenings:
        name = day_and_weekday(happening.at.date(), now)
        mark = _mark(happening, now, Names(dossier.names))
        days.setdefault(name, []).append(replace(mark, title=_title(happening, dossier.names)))
    return [Day(name=name, marks=tuple(marks)) for name, marks in days.items()]


class Names:
    """People by their names, as far as these are known."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known

    def __call__(self, address: str) -> str:
        """``王芳``; the address itself where nobody of that name is known."""
        return self._known.get(address.lower()) or address


def _title(happening: Happening, names: Mapping[str, str]) -> str:
    return listed(address for address in happening.addresses if address.lower() in names)


def _mark(happening: Happening, now: datetime, named: Names) -> Mark:
    if happening.mail:
        return _mail_mark(happening, happening.mail, named)
    if happening.called:
        chip, who = Chip(IDLE, "☎", say("通话")), say("与{called}", called=happening.called)
        return _plain(
            happening, chip, who=who, note=say("，").join(filter(None, (happening.text, _noted(named(happening.by)))))
        )
    if happening.task:
        task = happening.task
        return _plain(happening, Chip(SOON, "☎", term(task)), who=say("经办"), note=happening.text)
    words, tone = EVENTS.get(happening.event, (happening.event, IDLE))
    return _plain(happening, Chip(tone, "●", words), who=_who(happening, named), note=_note(happening, now, named))


def _who(happening: Happening, named: Names) -> str:
    """Who did it; both names where it was done for an absent colleague."""
    by, _, absent = happening.on_behalf.partition(" 代 ")
    both = say("（{by} 代 {absent}）", by=by, absent=absent) if absent else ""
    return f"{named(actor(happening.by))}{both}"


def _plain(happening: Happening, chip: Chip, *, who: str, note: str) -> Mark:
    return Mark(time=_time(happening), chip=chip, who=who, what=_what(happening), note=note, url="", title="")


def _mail_mark(happening: Happening, mail: MailRow, named: Names) -> Mark:
    state = MailState(mail.state)
    trouble = "" if state is MailState.SENT else MAIL_STATES[state].words
    chip = mail_chip(mail.kind, happening.rungs, for_review=happening.for_review)
    chip = replace(chip, tone=LATE) if state in (MailState.FAILED, MailState.UNKNOWN) else chip
    person = mail.to_person or mail.to_email
    by_hand = say("{by_hand} 人工发出", by_hand=named(happening.by_hand)) if happening.by_hand else ""
    return Mark(
        time=_time(happening),
        chip=chip,
        who=say("致{person}", person=person)
        + ("" if happening.for_review else say("（{role}）", role=term(Role(mail.role)))),
        what=_what(happening),
        note=say("；").join(part for part in (say("：").join(filter(None, (trouble, mail.reason))), by_hand) if part),
        url=f"/mail/{mail.id}",
        title="",
    )


def _time(happening: Happening) -> str:
    return hour_minute(happening.at)


def _noted(by: str) -> str:
    return say("{by} 登记", by=by) if by else ""


def _what(happening: Happening) -> str:
    names = happening.deliverables
    return (
        listed(names)
        if len(names) <= NAMED
        else say("{names}等{count}项", names=listed(names[:NAMED]), count=len(names))
    )


def people_note(name: str, data: Mapping[str, object]) -> str:
    """``原填报人 王芳 wang@aa.example，现填报人 李强 li@aa.example``; empty for every other event."""
    was, now = str(data.get("was", "")), str(data.get("now", ""))
    if name == "contact_changed":
        return say("原{was}，现{now}", was=was, now=now)
    return {"contact_added": now, "contact_removed": was}.get(name, "")


def _note(happening: Happening, now: datetime, named: Names) -> str:
    """What an event says beyond its name."""
    data: Mapping[str, object] = happening.data
    if people := people_note(happening.event, data):
        return people
    due = data.get("due_at")
    if happening.event in BY_HAND:
        return say("，").join(str(part) for part in (data.get("note"), named(str(data.get("person") or ""))) if part)
    parts = [*_paper_note(data), str(data.get("note") or data.get("reason") or "").rstrip("。；")]
    if happening.event in WITH_DAY and isinstance(due, str):
        parts.append(say("新期限{day}", day=day(named_day(datetime.fromisoformat(due), now.tzinfo or ZONE), now)))
    wanted, advice = data.get("wanted"), data.get("advice")
    if isinstance(wanted, str):
        word = _WANTED.get(happening.event, say("希望延至"))
        parts.insert(0, f"{word}{day(date.fromisoformat(wanted), now)}")
    if isinstance(advice, str):
        parts.insert(0, term(AdviceKind(advice)))
    return say("；").join(part for part in parts if part)


def _paper_note(data: Mapping[str, object]) -> list[str]:
    """``顺丰 SF123``, ``2份``, ``未见盖章``: what was posted or received."""
    sent_by = f"{data.get('courier') or ''} {data.get('number') or ''}".strip()
    copies = say("{copies}份", copies=data["copies"]) if data.get("copies") else ""
    seal = {True: say("已盖章"), False: say("未见盖章")}.get(bool(data["seal_seen"]), "") if "seal_seen" in data else ""
    return [part for part in (sent_by, copies, seal) if part]
