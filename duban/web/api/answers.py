"""What programs are answered: shapes, each field with its meaning. Times carry their offset, days are ISO days."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from duban.domain.checks import Finding
from duban.domain.terms import Act, Decision, RequestState, Status, TaskKind, TrackState
from duban.services.ledger import iso

#: A moment to the second, in the notice's zone.
Moment = Annotated[
    datetime,
    PlainSerializer(iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2021-10-16T00:00:00+08:00"]}),
]
Item = TypeVar("Item")


class Answer(BaseModel):
    """Frozen; nothing beside what is written here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fault(Answer):
    """Why something was refused."""

    #: a word for programs
    code: str
    #: the line for people, Chinese
    message: str
    #: the same in English
    message_en: str


class Refused(Answer):
    """The answer to whatever was not done."""

    error: Fault


class Page(Answer, Generic[Item]):
    """A part of a list."""

    #: over all pages
    total: int
    #: from 1
    page: int
    #: the most on a page
    size: int
    rows: tuple[Item, ...]


class NoticeRow(Answer):
    """A published notice."""

    id: str
    document_number: str
    title: str
    #: the unit that has issued it
    issuer: str
    published_at: Moment
    closed_at: Moment | None
    #: the number of the definition in force
    revision: int


class NoticeWhole(NoticeRow):
    """A notice with what it asks for."""

    #: as ``duban schema`` describes it
    definition: dict[str, Any]


class UnitRow(Answer):
    """A unit."""

    id: str
    name: str
    #: the unit above; null: none
    parent: str | None
    kind: str
    #: toward the issuer: ``subordinate`` or ``parallel``
    relation: str


class LedgerRow(Answer):
    """One obligation in the ledger, as ``duban status --json`` prints it."""

    unit: str
    #: a deliverable's id; an occurrence is ``ID@YYYY-MM-DD``
    deliverable: str
    stage: str
    status: Status
    round: int
    #: the first instant that is too late; null: nothing fixes the day
    due_at: Moment | None
    first_submitted_at: Moment | None
    completed_at: Moment | None
    #: the unit must move, and its day has passed
    overdue: bool
    late_by_days: int


class Track(Answer):
    """One way in which a material is handed in."""

    #: from 1, as acts name it
    track: int
    medium: str
    #: ``纸质一式两份（盖章）``
    name: str
    #: with its receiver
    phrase: str
    copies_wanted: int | None
    sealed: bool
    state: TrackState
    #: ``10月15日寄出，顺丰 SF123，2份``; empty: nothing on record
    told: str


class File(Answer):
    """A file handed in, or about to be."""

    file: int
    name: str
    #: bytes
    size: int
    sha256: str
    #: what it is by its content; empty while nobody has read it
    kind: str
    #: the candidate that it is about; empty: the whole material
    item: str
    added_at: Moment


class Files(Answer):
    """The draft of a material: what the next submission takes with it."""

    files: tuple[File, ...]
    #: all findings in one line
    verdict: str
    findings: tuple[Finding, ...]


class Submission(Answer):
    """One attempt."""

    #: ``R000037``
    receipt: str
    round: int
    at: Moment
    is_nil: bool
    note: str
    withdrawn_at: Moment | None
    #: null: not for this caller
    files: tuple[File, ...] | None


class Wish(Answer):
    """A later day that was asked for."""

    at: Moment
    day_wanted: date
    note: str
    state: RequestState
    decided_at: Moment | None
    answer: str


class Review(Answer):
    """A decision of one step."""

    round: int
    step: str
    decision: Decision
    at: Moment
    note: str
    #: null: it stands
    taken_back_at: Moment | None


class ObligationWhole(LedgerRow):
    """One obligation with everything that is on record of it."""

    notice: str
    unit_name: str
    deliverable_name: str
    #: printed on cover sheets
    code: str
    #: who must move: ``unit``, ``review:STEP``; empty: nobody
    holder: str
    #: the day that people name
    due_day: date | None
    is_nil: bool
    #: why it was returned, waived or reopened
    reason: str
    tracks: tuple[Track, ...]
    #: null: not for this caller
    drafts: tuple[File, ...] | None
    submissions: tuple[Submission, ...]
    requests: tuple[Wish, ...]
    reviews: tuple[Review, ...]
    #: what this caller may do now
    acts: tuple[Act, ...]


class Done(Answer):
    """An act that was done."""

    #: its number in the record
    event: int
    #: of what stands handed in; null: nothing does
    receipt: str | None
    #: as the obligation stands now
    obligation: LedgerRow


class Receipt(Answer):
    """What was received, from whom and when."""

    receipt: str
    notice: str
    unit: str
    unit_name: str
    deliverable: str
    deliverable_name: str
    round: int
    at: Moment
    is_nil: bool
    note: str
    withdrawn_at: Moment | None
    files: tuple["ReceiptFile", ...]


class ReceiptFile(Answer):
    """A file as its receipt names it."""

    name: str
    #: bytes
    size: int
    sha256: str


class Task(Answer):
    """What is left to the coordinator."""

    at: Moment
    kind: TaskKind
    notice: str
    #: null: about the notice
    unit: str | None
    text: str


class Waiting(Answer):
    """What waits for a review."""

    notice: str
    unit: str
    unit_name: str
    deliverable: str
    deliverable_name: str
    round: int
    #: null: nothing stands as handed in
    submitted_at: Moment | None
    #: the reviewer's due moment
    review_due_at: Moment | None
