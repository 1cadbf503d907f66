"""A mail as it is laid out: the same blocks for the text and for the HTML, so that both say the same."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The colour of a chip; its word says the same."""

    LATE = "late"
    SOON = "soon"
    CALM = "calm"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A word of state."""

    words: str
    tone: Tone


@dataclass(frozen=True, kw_only=True)
class Fact:
    """``要求：不少于1500字；照片8张``; several texts stand one below the other."""

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One material."""

    #: counts through the part
    number: int
    name: str
    chip: Chip | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """Materials that share a day, and what else they share. Without ``due`` there is no heading."""

    #: ``截止``, ``审核期限``
    label: str = ""
    due: str = ""
    chip: Chip | None = None
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A titled list."""

    title: str
    rows: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button, and its address on an own line."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """What is said of one notice."""

    title: str
    number: str = ""
    groups: tuple[Group, ...] = ()
    listings: tuple[Listing, ...] = ()
    #: where a mail has several
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table for leaders: material, day, state."""

    name: str
    day: str
    chip: Chip


@dataclass(frozen=True, kw_only=True)
class UnitRows:
    """The rows of one unit; the name is empty where there can be only one."""

    unit: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """The one table of a mail to a leader or a supervisor; one of these a notice."""

    title: str
    number: str
    units: tuple[UnitRows, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A whole mail."""

    #: what and when, first of all
    headline: str
    greeting: str
    opening: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    parts: tuple[Part, ...] = ()
    listings: tuple[Listing, ...] = ()
    #: the one button of the mail
    action: Action | None = None
    #: how to hand in, one sentence each
    ways: tuple[str, ...] = ()
    #: whom to ask
    ask: str = ""
    sender: str
    date: str
    foot: tuple[str, ...] = ()
