"""What a mail is about, as plain values: services resolve everything, ``compose`` only words it.

Nothing here asks a database or a clock. Texts may hold anything that people typed: ``wording`` cleans them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.terms import UNIT, Act, MailKind, Relation, Role, Status, TaskKind


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a mailbox."""

    #: how the person is addressed (``石老师``); may be empty
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Office:
    """An office: the one to ask, or one that receives material. What is empty is not shown."""

    name: str
    email: str = ""
    #: the office landline
    phone: str = ""
    #: when somebody answers: ``工作日 8:30—11:30、13:30—17:00``
    hours: str = ""
    #: for paper by post
    address: str = ""
    postcode: str = ""


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A file that was handed in."""

    name: str
    #: bytes
    size: int
    #: SHA-256, hex
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One obligation in a mail."""

    #: the unit that owes it (or owed it: in a review, the unit that handed in)
    unit_name: str
    deliverable_name: str
    stage_name: str = ""
    #: the words of the notice; empty where it prints none, or where a return or an extension replaced them
    due_text_printed: str = ""
    #: the named day of whoever holds the ball; None while nothing fixes it
    due_day: date | None = None
    #: the first instant that is too late, aware, in the notice's zone
    due_at: datetime | None = None
    #: the day is not printed in the notice (经办设定)
    due_set_by_coordinator: bool = False
    #: a word on that day: ``调休上班``, ``节假日``, ``暂定``
    due_hint: str = ""
    #: what ``due_day`` was before this mail's act (date changed, returned)
    old_due_day: date | None = None
    round: int = 1
    status: Status = Status.PENDING
    #: the rung and kind that caused the mail; None where the line is only shown
    rung: str | None = None
    kind: MailKind | None = None
    #: ``unit`` or ``review:STEP``
    owner: str = UNIT
    #: working days from today to ``due_day``; negative: so many working days late
    workdays_left: int | None = None
    #: why it came back, or why the day moved; may have several lines
    reason: str = ""
    #: ``不少于1500字``, ``照片8张``
    requirements: tuple[str, ...] = ()
    #: the ways that are still open (in a receipt: shown only where ``tracks_done`` tells them apart):
    #: ``电子版 → jlqmx@126.com``, ``纸质一式两份 → 长春市…``
    tracks: tuple[str, ...] = ()
    #: the ways that are done: ``电子版（10月12日收到）``
    tracks_done: tuple[str, ...] = ()
    #: ``只到电子版``, ``纸质件待收``: where the ways are told apart
    tracks_words: str = ""
    #: the act that the mail tells of, where its kind does not say it: a request refused, a return taken back
    act: Act | None = None
    #: local; None while nothing was handed in
    submitted_at: datetime | None = None
    #: the receipt number of that submission
    receipt: str = ""
    #: handed in as 零报告
    is_nil: bool = False
    files: tuple[Filed, ...] = ()
    #: asks for personal data: not by plain mail
    personal: bool = False
    #: for the calendar file: stable per obligation, and one more at each change of the day; empty: none
    uid: str = ""
    sequence: int = 0

    @property
    def is_lifted(self) -> bool:
        """Nothing is asked any more."""
        return self.act is Act.WAIVE


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """A link by which the reader comes in without an account."""

    #: the unit for which he hands in, or reviews
    unit_name: str
    #: the link with its token: it stands in this mail alone
    url: str
    #: opens what waits for a review
    for_review: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """What a mail says of one notice."""

    notice_title: str
    document_number: str
    #: the due actions (digest) or the obligations touched (notice, returned, received, date changed)
    lines: tuple[Line, ...] = ()
    #: what else is open; shown, not said
    also_open: tuple[Line, ...] = ()
    #: what has been received already
    received: tuple[Line, ...] = ()
    #: a link for each unit of the reader that the notice concerns; none without a page, or to a leader
    entrances: tuple[Entrance, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Addendum:
    """What only a notice mail carries."""

    theme: str = ""
    #: documents that the notice is based on, as text
    basis: tuple[str, ...] = ()
    #: offices that receive material
    receivers: tuple[Office, ...] = ()
    #: ``吉林省总开幕式：11月中旬，长春广播电视大学（拟定，另行通知）``
    events: tuple[str, ...] = ()
    #: duties without a day: shown, never chased
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail to one person; every kind but the coordinator's summary."""

    kind: MailKind
    #: under which hat ``to`` is addressed
    role: Role
    to: Person
    #: the unit of ``to`` (of a supervisor: the supervisor's own; the late ones are in the lines)
    unit_name: str
    #: how that unit stands to the issuer; parallel: no word of command
    relation: Relation = Relation.SUBORDINATE
    sections: tuple[Section, ...]
    #: the issuing office: display name in From, and signature
    sender_name: str
    #: the coordinator; with an empty mailbox replies go to the sending account
    reply_to: Person
    ask: Office
    #: matches a reply to its letter: ``T7K2-9QXM``
    code: str
    #: a page for those who log in; None: none, or the sections have links of their own
    url: str | None = None
    #: with angle brackets, stored before sending
    message_id: str
    #: Message-ID of the notice mail, so that mails thread
    thread_id: str | None = None
    #: aware, local: the date of the mail, and the day that ``workdays_left`` counts from
    now: datetime
    addendum: Addendum | None = None
    #: one more sentence of the coordinator, e.g. which supplement moved the day
    note: str = ""
    #: for whoever wants to see it before; its subject says so
    is_trial: bool = False

    @property
    def entrances(self) -> tuple[Entrance, ...]:
        """The links of all sections."""
        return tuple(entrance for section in self.sections for entrance in section.entrances)

    @property
    def has_page(self) -> bool:
        """There is a page to hand in on."""
        return bool(self.url or self.entrances)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A mail that will go out unless somebody holds it."""

    unit_name: str
    person_name: str
    role: Role
    kind: MailKind
    #: names of the deliverables
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Todo:
    """What the machine leaves to the coordinator."""

    kind: TaskKind
    unit_name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """A mail that did not arrive, or perhaps did not."""

    unit_name: str
    person_name: str
    subject: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The coordinator's mail of a working day: what will be said next, what to do, what failed."""

    to: Person
    #: the coordinator's unit
    unit_name: str
    sender_name: str
    #: the working day that ``planned`` is for, and a word on it (``调休上班``)
    next_workday: date
    next_hint: str = ""
    planned: tuple[Planned, ...] = ()
    todos: tuple[Todo, ...] = ()
    undelivered: tuple[Undelivered, ...] = ()
    #: silences of the automatic work that office hours have felt, a sentence each
    interruptions: tuple[str, ...] = ()
    #: counts as of ``now``: ``("逾期", 3)``
    figures: tuple[tuple[str, int], ...] = ()
    #: the end of the record of events, ``NUMBER:HASH``: printed here it shows later that nothing was rewritten
    record_end: str = ""
    url: str | None = None
    message_id: str
    now: datetime
