"""A press laid out: before it is done, and after. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from duban.domain.notice import Notice
from duban.domain.terms import MailKind, Relation, Role
from duban.services.ahead import Next
from duban.services.lines import deliverable_name
from duban.services.mailing import Parcel
from duban.services.pressing import LeftOut, Press, Sorted, Why, kind_of
from duban.services.quota import AccountLeft, total_left
from duban.services.records import Owing, Records
from duban.services.specimen import Specimen
from duban.web.chip import MAIL_STATES, Chip, kind_tone
from duban.web.language.saying import label, say, term
from duban.web.words import clock, day, day_and_weekday, hour_minute, listed, moment
from models import MailRow, MailState

#: Why nobody is written to.
WHY = {
    Why.REVIEW: label("已报待审"),
    Why.COMPLETED: label("已办结"),
    Why.WAIVED: label("免报"),
    Why.UNDATED: label("未定期限"),
    Why.FAR: label("距期限尚早"),
    Why.HELD: label("已标记勿催"),
    Why.NO_ADDRESS: label("没有可用的邮箱"),
    Why.TOLD: label("今日已发过邮件"),
}
#: So many mails are shown word for word; the others read alike.
SPECIMENS = 20


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """One mail that would leave."""

    unit: str
    unit_url: str
    trial_url: str
    person: str
    role: Role
    email: str
    kind: Chip
    what: str
    #: what the ladder says next, and when
    ahead: str
    #: not in a line of command
    is_peer: bool
    specimen: Specimen | None


@dataclass(frozen=True, kw_only=True)
class Silent:
    """A unit that would not be written to."""

    unit: str
    unit_url: str
    why: str
    what: str


@dataclass(frozen=True, kw_only=True)
class PreviewView:
    """The look before."""

    notice: Notice
    receivers: tuple[Receiver, ...]
    silent: tuple[Silent, ...]
    #: when the mails leave
    leaves: str
    #: 提醒, 催报
    word: str
    #: ``今日还可发123封``; empty where nothing limits it
    quota: str
    #: more than can leave today
    is_short: bool


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is known before a press."""

    notice: str
    found: Sorted
    #: of the first mails
    specimens: Sequence[Specimen]
    accounts: Sequence[AccountLeft]
    #: by obligation
    ahead: Mapping[int, Next]


def preview(records: Records, look: Look, *, now: datetime) -> PreviewView:
    """The page before a press."""
    notice, found, most = look.notice, look.found, total_left(look.accounts)
    specimens = [*look.specimens, *[None] * (len(found.parcels) - len(look.specimens))]
    kinds = {kind_of(parcel) for parcel in found.parcels}
    return PreviewView(
        notice=records.notice(notice),
        receivers=tuple(
            _receiver(records, look, parcel, one, now) for parcel, one in zip(found.parcels, specimens, strict=True)
        ),
        silent=tuple(_silent(records, notice, found.left_out)),
        leaves=_leaves(found, now),
        word=say("、").join(term(kind) for kind in (MailKind.REMINDER, MailKind.OVERDUE) if kind in kinds),
        quota="" if most is None else say("发信账号今日还可发 {most} 封", most=most),
        is_short=most is not None and most < len(found.parcels),
    )


def _leaves(found: Sorted, now: datetime) -> str:
    if found.dated.date() == now.astimezone(found.dated.tzinfo).date() and found.dated <= now:
        return say("确认后等候 60 秒发出，其间可以撤回")
    opens = f"{day_and_weekday(found.leaves_at.date(), now)} {hour_minute(found.leaves_at)}"
    return say("现在不是办公时间，邮件将于{opens}发出，此前可以撤回", opens=opens)


def _receiver(records: Records, look: Look, parcel: Parcel, shown: Specimen | None, now: datetime) -> Receiver:
    notice, ahead = look.notice, look.ahead
    kind, unit = kind_of(parcel), records.unit(parcel.unit_id)
    return Receiver(
        unit=_units(records, parcel),
        unit_url=_url(notice, parcel.unit_id),
        trial_url=f"{_url(notice, parcel.unit_id)}/trial",
        person=parcel.contact.person,
        role=parcel.contact.role,
        email=parcel.contact.email,
        kind=Chip(kind_tone(kind), "✉", term(kind)),
        what=listed(_name(records, item.obligation) for item in parcel.items),
        ahead=_ahead([ahead[n] for item in parcel.items if (n := item.obligation.id or 0) in ahead], now),
        is_peer=unit.relation is Relation.PARALLEL,
        specimen=shown,
    )


def _units(records: Records, parcel: Parcel) -> str:
    return listed(dict.fromkeys(records.unit(item.obligation.unit_id).name for item in parcel.items))


def _ahead(found: Sequence[Next], now: datetime) -> str:
    """``10月20日 提请督促``; the earliest of several."""
    if not found:
        return say("此后不再自动发信")
    first = min(found, key=lambda one: one.at)
    return f"{day(first.at.date(), now)} {(term(first.kind) if first.kind else say('转电话联系'))}"


def _silent(records: Records, notice: str, left_out: Sequence[LeftOut]) -> list[Silent]:
    """By unit and reason, in the order of the units."""
    grouped: dict[tuple[str, str], list[Owing]] = {}
    for one in left_out:
        grouped.setdefault((one.row.unit_id, why_of(one)), []).append(one.row)
    return [
        Silent(
            unit=records.unit(unit).name,
            unit_url=_url(notice, unit),
            why=why,
            what=listed(_name(records, row) for row in rows),
        )
        for (unit, why), rows in grouped.items()
    ]


def why_of(one: LeftOut) -> str:
    """``今日已有一封邮件（关于总结等3项）``: what was said today, where it was not about this."""
    if not one.about:
        return str(WHY[one.why])
    if len(one.about) == 1:
        return say("今日已有一封邮件（关于{name}）", name=one.about[0])
    return say("今日已有一封邮件（关于{name}等{count}项）", name=one.about[0], count=len(one.about))


def _name(records: Records, row: Owing) -> str:
    return deliverable_name(records.deliverable(row).name, row.deliverable)


def _url(notice: str, unit: str) -> str:
    return f"/notices/{notice}/units/{unit}"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One mail of a press."""

    unit: str
    unit_url: str
    person: str
    email: str
    url: str
    kind: Chip
    state: Chip
    note: str


class PressedView:
    """A press after it was done."""

    def __init__(self, records: Records, found: Press, now: datetime) -> None:
        self.notice = records.notice(found.press.notice_id)
        self.number = found.press.id or 0
        self.waiting = found.waiting
        self.by = found.press.by
        self.at = moment(found.press.at, now)
        self.title = _title(found, now)
        self.mails = [_sent(records, self.notice.id, mail) for mail in found.mails]


def _title(found: Press, now: datetime) -> str:
    count, cancelled = len(found.mails), sum(mail.state == MailState.CANCELLED for mail in found.mails)
    if found.press.undone_at:
        return say("已撤回 {cancelled} 封邮件", cancelled=cancelled) + (
            say("，另有 {count} 封已先发出", count=count - cancelled) if cancelled < count else ""
        )
    if found.waiting:
        leaves = found.press.leaves_at.astimezone(now.tzinfo)
        when = "" if leaves.date() == now.date() else day_and_weekday(leaves.date(), now)
        return say(
            "{waiting} 封邮件等候发出，最早{when} {leaves}", waiting=found.waiting, when=when, leaves=clock(leaves)
        )
    done = say("，其中 {cancelled} 封因材料已报或已标记勿催而未发", cancelled=cancelled) if cancelled else ""
    return say("{count} 封邮件已办理完毕{done}", count=count, done=done)


def _sent(records: Records, notice: str, mail: MailRow) -> Sent:
    return Sent(
        unit=records.unit(mail.unit_id).name,
        unit_url=_url(notice, mail.unit_id),
        person=mail.to_person,
        email=mail.to_email,
        url=f"/mail/{mail.id}",
        kind=Chip(kind_tone(mail.kind), "✉", term(MailKind(mail.kind))),
        state=MAIL_STATES[MailState(mail.state)],
        note=mail.reason,
    )
