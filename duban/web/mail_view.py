"""The mailbox laid out: the list by day, and one opened mail. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from icalendar import Calendar

from duban.domain.terms import MailKind, Role
from duban.services.mailbox import PAGE, Cause, Listed, Opened, Post, Wanted, for_review
from duban.services.mailroom import Choice
from duban.web.chip import MAIL_STATES, Chip, mail_chip
from duban.web.language.saying import label, say, term
from duban.web.words import NO_DAY, ZONE, actor, day_and_weekday, hour_minute, moment, named_day, stamp
from models import MailRow, MailState

#: Widths of the frame: a desk, a phone.
WIDTHS = {700: label("电脑"), 390: label("手机")}
#: What a person may decide about a mail in doubt.
CHOICES = {Choice.SEND_AGAIN: label("再发一次"), Choice.MARK_SENT: label("已经送达"), Choice.CANCEL: label("不再发送")}
#: What is offered of a mail, by its state.
_OFFERED = {
    MailState.UNKNOWN: tuple(Choice),
    MailState.FAILED: (Choice.SEND_AGAIN, Choice.CANCEL),
    MailState.DEFERRED: (Choice.SEND_AGAIN, Choice.CANCEL),
    MailState.PENDING: (Choice.CANCEL,),
}
_QUESTIONS = {
    MailState.UNKNOWN: label("是否送达不明，请先向收件人核实，再选择："),
    MailState.FAILED: label("没有送达。改正邮箱或排除原因后可以再发一次："),
    MailState.DEFERRED: label("对方服务器暂未接收，系统会自动重试；也可以："),
    MailState.PENDING: label("还没有发出。不需要再发的，可以取消："),
}
#: Shown in the place of a subject that is not written yet.
UNWRITTEN = label("（发送时成文）")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A mail in the list."""

    mail: MailRow
    unit_name: str
    time: str
    kind: Chip
    state: Chip
    role: Role
    subject: str
    #: ``收到2份`` where it is not one
    arrived: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """The mails of a day."""

    name: str
    url: str
    lines: tuple[Line, ...]


class ListView:
    """A page of the mailbox."""

    def __init__(self, post: Post, wanted: Wanted, now: datetime, *, has_box: bool) -> None:
        self.post = post
        self.wanted = wanted
        self.now = now
        self.has_box = has_box
        self.pages = max(1, -(-post.total // PAGE))
        self.kinds = tuple(MailKind)
        self.states = tuple(MAIL_STATES.items())

    @property
    def is_narrowed(self) -> bool:
        return any((self.wanted.kind, self.wanted.state, self.wanted.person, self.wanted.day, self.wanted.words))

    @property
    def counts(self) -> list[tuple[Chip, int, str]]:
        """How many in each state, each with its link."""
        return [
            (chip, self.post.counts[state], self.url(state=state))
            for state, chip in MAIL_STATES.items()
            if self.post.counts.get(state)
        ]

    def url(self, **changes: object) -> str:
        """The address of this list with other values, on its first page unless a page is named."""
        wanted = self.wanted
        said: dict[str, object] = {"kind": wanted.kind, "state": wanted.state, "person": wanted.person}
        said |= {"day": wanted.day, "q": wanted.words, **changes}
        words = urlencode({key: value for key, value in said.items() if value})
        return "/mail" + (f"?{words}" if words else "")

    def days(self) -> list[Day]:
        """By day, the newest first."""
        grouped: dict[date, list[Line]] = {}
        for listed in self.post.mails:
            local = listed.mail.at.astimezone(ZONE)
            grouped.setdefault(local.date(), []).append(self._line(listed, local))
        return [
            Day(name=day_and_weekday(when, self.now), url=self.url(day=when), lines=tuple(lines))
            for when, lines in grouped.items()
        ]

    def _line(self, listed: Listed, local: datetime) -> Line:
        mail = listed.mail
        return Line(
            mail=mail,
            unit_name=listed.unit_name,
            time=hour_minute(local),
            kind=mail_chip(mail.kind, listed.rungs, for_review=listed.for_review),
            state=MAIL_STATES[MailState(mail.state)],
            role=Role(mail.role),
            subject=mail.subject or UNWRITTEN,
            arrived=_arrived(mail, listed.copies) if self.has_box else "",
        )


def _arrived(mail: MailRow, copies: int) -> str:
    if mail.state == MailState.SENT and copies == 0:
        return say("本机邮箱未见")
    return say("收到{copies}份", copies=copies) if copies > 1 else ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of a calendar file."""

    day: str
    name: str


@dataclass(frozen=True, kw_only=True)
class CauseLine:
    """Why a mail was written."""

    cause: Cause
    unit_url: str
    #: ``逾期第1个工作日（late-1）``; the kind of the mail where no rung caused it
    rung: str
    due: str
    owner: str


class OpenedView:
    """One mail."""

    def __init__(self, opened: Opened, now: datetime, *, width: int, has_box: bool) -> None:
        self.opened = opened
        self.mail = opened.mail
        self.now = now
        self.has_box = has_box
        self.width = width if width in WIDTHS else 700
        self.widths = tuple(WIDTHS.items())
        self.state = MAIL_STATES[MailState(opened.mail.state)]
        items = [cause.item for cause in opened.causes]
        rungs = [item.rung for item in items if item.rung]
        self.kind = mail_chip(opened.mail.kind, rungs, for_review=for_review(items))
        self.role = Role(opened.mail.role)

    @property
    def choices(self) -> list[tuple[Choice, str]]:
        """What may be decided here: all of a mail in doubt; of others that have not left, as far as it makes sense."""
        return [(choice, CHOICES[choice]) for choice in _OFFERED.get(MailState(self.mail.state), ())]

    @property
    def question(self) -> str:
        """What is to be decided."""
        return _QUESTIONS.get(MailState(self.mail.state), "")

    @property
    def subject(self) -> str:
        received = self.opened.received
        return (received.header("Subject") if received else "") or self.mail.subject or UNWRITTEN

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The head of the mail, as mail programs show it."""
        received, mail = self.opened.received, self.mail
        to = f"{mail.to_person} <{mail.to_email}>" if mail.to_person else mail.to_email
        found = [
            (say("发件人"), received.header("From") if received else ""),
            (say("收件人"), (received.header("To") if received else "") or to),
            (say("回复至"), received.header("Reply-To") if received else ""),
            (say("时间"), stamp(mail.at.astimezone(ZONE))),
            (say("发出"), moment(mail.sent_at, self.now) if mail.sent_at else ""),
            (say("编号"), mail.code),
            (say("说明"), mail.reason),
        ]
        return [(name, value) for name, value in found if value]

    @property
    def source(self) -> str:
        """Where the text on the page comes from."""
        received = self.opened.received
        if received:
            times = say("，共收到{copies}份", copies=received.copies) if received.copies > 1 else ""
            return say(
                "以下是本机邮箱实际收到的邮件（{size} KB{times}）。", size=-(-received.size // 1024), times=times
            )
        if not self.mail.html:
            return say("这封邮件还没有发出，正文在发送时生成。")
        return say("以下是发出时存档的正文。") + (say("本机邮箱没有收到这封邮件。") if self.has_box else "")

    @property
    def entries(self) -> list[Entry]:
        """What stands in the calendar file; nothing where it cannot be read."""
        received = self.opened.received
        try:
            calendar = Calendar.from_ical(received.calendar if received else "")
        except ValueError:
            return []
        return [self._entry(event) for event in calendar.walk("VEVENT")]

    def _entry(self, event: object) -> Entry:
        start = event.decoded("DTSTART")  # type: ignore[attr-defined]
        when = start.date() if isinstance(start, datetime) else start
        name = str(event.get("SUMMARY", ""))  # type: ignore[attr-defined]
        return Entry(day=day_and_weekday(when, self.now), name=name)

    @property
    def has_several_notices(self) -> bool:
        return len({cause.notice_id for cause in self.opened.causes}) > 1

    def causes(self) -> list[CauseLine]:
        """The obligations and due actions that caused it."""
        return [self._cause(cause) for cause in self.opened.causes]

    def _cause(self, cause: Cause) -> CauseLine:
        item = cause.item
        due = named_day(item.due_at, ZONE) if item.due_at else None
        return CauseLine(
            cause=cause,
            unit_url=f"/notices/{cause.notice_id}/units/{cause.unit_id}",
            rung=rung_words(item.rung) if item.rung else term(MailKind(self.mail.kind)),
            due=day_and_weekday(due, self.now) if due else NO_DAY,
            owner=actor(item.owner),
        )


def rung_words(code: str) -> str:
    """``到期前3个工作日``, ``逾期第1个工作日``; a ladder's own code stays as it is."""
    side, _, number = code.partition("-")
    if side == "due" and number.isdigit():
        return say("到期前{number}个工作日", number=number) if number != "0" else say("到期当日")
    if side == "late" and number.isdigit():
        return say("逾期第{number}个工作日", number=number)
    return say("收到送审") if code == "arrived" else code
