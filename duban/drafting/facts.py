"""The facts of a notice, as JSON has them; each with the characters it came from."""

import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Fact(BaseModel):
    """Frozen, keyword-only."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Quote(Fact):
    """Characters of the text as it came: from ``start`` to ``end``, counted from 0."""

    start: int
    end: int
    #: line and column of the first character, from 1
    line: int
    column: int
    text: str


class Deadline(Fact):
    """A term as printed, and what it means."""

    #: the words as printed; empty where there are none
    text: str
    #: absolute: a day; relative: counted from something; recurring; vague: no day fixed; none: no term at all
    kind: Literal["absolute", "relative", "recurring", "vague", "none"]
    date: datetime.date | None = None
    #: HH:MM; None where no time of day is printed, or only the office's closing hour
    time: str | None = None
    #: ``freq`` (daily, weekly, monthly, quarterly, yearly) and what fixes the day within: ``day`` (31: the last),
    #: ``weekday`` (1: Monday), ``month`` (of the year, or 1 to 3 within the quarter), ``workday`` (the nth), ``on``
    recurrence: dict[str, str | int] | None = None


class Meaning(Fact):
    """What a definition needs of a term beyond ``Deadline``."""

    #: 下班前
    closing: bool = False
    count: int | None = None
    #: days, workdays, weeks, months, hours, minutes
    unit: str = ""
    #: from what it is counted
    origin: str = ""
    #: why a person must look at it; empty where nothing is doubtful
    doubt: str = ""


class Obligation(Fact):
    """Who hands in what, where, by when: one for each who × term."""

    who: tuple[str, ...] = ()
    deliverables: tuple[str, ...] = ()
    deadline: Deadline
    recipient: str | None = None
    channels: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    copies: int | None = None
    requirements: tuple[str, ...] = ()
    #: not in the JSON: what stands behind the values
    meaning: Meaning = Field(default=Meaning(), exclude=True)
    #: further receivers: ``electronic``, ``paper`` or empty, and who
    also: tuple[tuple[str, str], ...] = Field(default=(), exclude=True)
    #: of which deliverable each requirement is asked, where the text shows it
    owners: dict[str, str] = Field(default={}, exclude=True)
    #: the characters of each value: ``deadline`` for the term, ``clause`` for the whole, else the value itself
    quotes: dict[str, Quote] = Field(default={}, exclude=True)


class Contact(Fact):
    """Whom to ask."""

    name: str | None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    #: not in the JSON
    quotes: dict[str, Quote] = Field(default={}, exclude=True)


class Basis(Fact):
    """A document that the notice rests on."""

    title: str
    document_number: str | None
    quote: Quote


class Facts(Fact):
    """What one document says."""

    title: str | None
    document_number: str | None
    issuer: str | None
    issued_on: datetime.date | None
    addressees: tuple[str, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    contacts: tuple[Contact, ...] = ()
    #: not in the JSON
    printed_on: datetime.date | None = Field(default=None, exclude=True)
    basis: tuple[Basis, ...] = Field(default=(), exclude=True)
    attachments: tuple[str, ...] = Field(default=(), exclude=True)
    copies_to: tuple[str, ...] = Field(default=(), exclude=True)
    #: where head facts stand: ``title``, ``document_number``, ``issuer``, ``issued_on``, ``addressees``
    quotes: dict[str, Quote] = Field(default={}, exclude=True)

    def as_json(self) -> dict[str, Any]:
        """The shape that ``duban draft --json`` prints."""
        return self.model_dump(mode="json")
