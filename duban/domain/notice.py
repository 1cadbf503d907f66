"""The definition of a notice: everything that a notice says, as data, in the words of the domain.

A definition is facts only: offices, office mailboxes and office landlines as printed; no private persons.
What a definition must say beyond its shape (dates in order, names that exist) is in ``soundness``.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from duban.domain.deadline import Deadline
from duban.domain.ladder import REVIEW, REVIEW_WORKDAYS, STANDARD, Ladder
from duban.domain.requirement import Items, Requirement
from duban.domain.strict import ClosingTime, Day, Id, Strict, Words
from duban.domain.terms import ARRIVAL, ISSUER

#: Where a unit hands in to the unit above it, whichever that is.
PARENT = "parent"


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("unknown_zone")
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone)]


class Basis(Strict):
    """A document that the notice is based on."""

    title: str = ""
    document_number: str = ""
    #: the id of that notice here, if it has a definition
    notice: Id | None = None


class SetDay(Strict):
    """A day that the coordinator set because the notice prints none (经办设定)."""

    date: Day
    note: Words


class UnitClass(Strict):
    """A class of units that a clause binds: by kind, by name, or both."""

    name: Words
    kinds: tuple[Id, ...] = ()
    units: tuple[Id, ...] = ()
    except_units: tuple[Id, ...] = ()
    #: ``coordinator``: the roster is confirmed by the coordinator (经办认定)
    set_by: Literal["clause", "coordinator"] = "clause"
    note: str = ""


class Office(Strict):
    """An office that receives, or that one can ask: as printed, without persons."""

    name: Words
    #: the unit that this office belongs to; it never hands in to itself
    unit: Id | None = None
    email: str = Field(default="", pattern=r"^$|^[^@\s]+@[^@\s]+$")
    phone: str = ""
    address: str = ""
    postcode: str = Field(default="", pattern=r"^$|^\d{6}$")
    note: str = ""


class Event(Strict):
    """Something that happens (opening, exhibition); not an obligation."""

    name: Words
    #: the first day; None while the notice prints only ``中旬`` or ``另行通知``
    date: Day | None = None
    until: Day | None = None
    #: the printed words of the time
    text: str = ""
    #: 拟定, 另行通知: it fixes no day until a supplement does
    tentative: bool = False
    place: str = ""
    #: units with a part in it (承办), as printed
    roles: Mapping[str, str] = {}
    #: this event lies within so many days (or months) around another one, and moves with it
    around: Id | None = None
    within_days: int | None = Field(default=None, ge=0)
    within_months: int | None = Field(default=None, ge=1)
    note: str = ""


class Form(Strict):
    """A form of the notice (附表)."""

    name: Words
    #: fields above or below the table
    fields: tuple[Words, ...] = ()
    columns: tuple[Words, ...] = ()
    #: for tables that run across: the row heads
    row_heads: tuple[Words, ...] = ()
    #: of ``row_heads`` or ``columns``: those that hold numbers
    numbers: tuple[Words, ...] = ()
    printed_rows: int | None = None
    #: 可加列、加行, 不限10项: unknown headers are kept, never refused
    open_rows: bool = False
    open_columns: bool = False
    #: who seals it, in order; the receiver's own seal is not asked of the unit
    seals: tuple[Words, ...] = ()
    #: the seal that the receiver puts on
    receiver_seal: str = ""
    ordered: bool = False
    personal: bool = False
    note: str = ""


class Track(Strict):
    """A way in which a deliverable goes to a receiver; each track is counted on its own."""

    medium: Literal["electronic", "paper", "platform", "unstated"]
    #: an office of this definition, or ``parent``: the unit above
    to: Id
    copies: int | None = Field(default=None, ge=1)
    sealed: bool = False
    note: str = ""


class Step(Strict):
    """A step of review. Without any, there is exactly one: ``issuer``."""

    id: Id
    name: Words = "审核"
    #: ``parent``, ``issuer``, or the id of a unit
    by: Id = ISSUER
    #: the reviewer's due day: the so-manieth working day after the turn opens
    workdays: int = Field(default=REVIEW_WORKDAYS, ge=1, le=60)
    on_timeout: Literal["remind", "approve", "return"] = "remind"
    note: str = ""


ISSUER_STEP = Step(id=ISSUER, name="发文机关审核", by=ISSUER)
#: The last step of all where everything is approved and paper is still under way.
ARRIVAL_STEP = Step(id=ARRIVAL, name="收到纸质件", by=ISSUER)


class Deliverable(Strict):
    """A material to hand in."""

    id: Id
    name: Words
    kind: Literal["scheme", "summary", "case", "photos", "form", "award", "panel", "work_item", "material"]
    #: the classes of unit that owe it; empty: nobody until the coordinator assigns it
    who: tuple[Id, ...]
    tracks: tuple[Track, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    items: Items | None = None
    forms: tuple[Id, ...] = ()
    #: deliverables of lower levels that this one is built from (a cascade)
    built_from: tuple[Id, ...] = ()
    #: steps of review, in order; None: those of the notice
    review: tuple[Step, ...] | None = None
    #: asks for personal data: the bare link is not enough
    personal: bool = False
    #: megabytes of one file and number of files, where they differ from the usual ones (``caps``)
    max_file_mb: int | None = Field(default=None, ge=1, le=500)
    max_files: int | None = Field(default=None, ge=1, le=200)
    #: who is printed as responsible (责任单位), where the clause says so
    responsible: str = ""
    note: str = ""


class Stage(Strict):
    """Materials that share a deadline."""

    id: Id
    name: Words
    deadline: Deadline
    deliverables: tuple[Deliverable, ...] = Field(min_length=1)
    note: str = ""


class Duty(Strict):
    """A duty without a day that nobody hands in: a log, a contact to name, or a note. Shown, never chased."""

    id: Id
    text: Words
    kind: Literal["log", "contact", "note"]
    who: tuple[Id, ...] = ()
    to: tuple[Id, ...] = ()


class Notice(Strict):
    """A notice as defined: what binds whom, by when, to where."""

    id: Id
    document_number: Words
    title: Words
    #: the number as printed, where it differs from the normalised one
    printed_as: str = ""
    #: the issuing unit
    issuer: Id
    #: the office that signs the mails, as printed (for the name in From)
    issuing_office: str = ""
    zone: ZoneName = "Asia/Shanghai"
    closing: ClosingTime = "17:30"
    issued_on: Day | None = None
    printed_on: Day | None = None
    publish_on: SetDay | None = None
    #: the last day of recurring duties
    ends_on: Day | None = None
    theme: str = ""
    based_on: tuple[Basis, ...] = ()
    addressees: Words = "各有关单位"
    #: 抄送, 抄报: notes, never recipients
    copies_to: tuple[str, ...] = ()
    reports_to: tuple[str, ...] = ()
    classes: Mapping[Id, UnitClass]
    offices: Mapping[Id, Office] = {}
    #: the office that answers questions
    contact: Id | None = None
    events: Mapping[Id, Event] = {}
    forms: Mapping[Id, Form] = {}
    review: tuple[Step, ...] = ()
    ladder: Ladder = STANDARD
    review_ladder: Ladder = REVIEW
    stages: tuple[Stage, ...] = ()
    duties: tuple[Duty, ...] = ()
    note: str = ""

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def dated_on(self) -> Day:
        """The day of issue: printed, or set by the coordinator (one of them is there; ``soundness`` sees to it)."""
        day = self.issued_on or (self.publish_on and self.publish_on.date) or self.printed_on
        assert day is not None
        return day

    def placed(self) -> Iterator[tuple[Stage, Deliverable]]:
        """Every deliverable with its stage, in the notice's order."""
        return ((stage, deliverable) for stage in self.stages for deliverable in stage.deliverables)

    def find(self, deliverable: str) -> tuple[Stage, Deliverable]:
        """The stage and deliverable of an id or of an occurrence ``ID@YYYY-MM-DD``; KeyError."""
        wanted = deliverable.partition("@")[0]
        for stage, candidate in self.placed():
            if candidate.id == wanted:
                return stage, candidate
        raise KeyError(deliverable)

    def steps(self, deliverable: Deliverable) -> tuple[Step, ...]:
        """The steps of review in order; where the notice names none, the issuer's coordinator."""
        return (deliverable.review if deliverable.review is not None else self.review) or (ISSUER_STEP,)

    def with_(self, **changes: object) -> Self:
        """A copy with other values (drafts, tests)."""
        return self.model_copy(update=changes)
