"""A notice's story as one literal: ``2021-10-12 09:00 reminder clerk@aa: report due-3``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from duban.domain.notice import Notice
from duban.domain.roster import Roster
from duban.domain.terms import Act
from duban.services.delivering import Sender
from duban.services.replaying import Lived, begin, live_through, publication
from duban.services.reporting import story
from factories import at
from models.session import reading


@dataclass(frozen=True, kw_only=True)
class Did:
    """A row of a script."""

    at: datetime
    unit: str
    deliverable: str
    act: Act
    by: str = ""
    note: str = ""
    due: date | None = None
    row: int = 2


def did(moment: str, unit: str, deliverable: str, act: str, **more: Any) -> Did:
    """``did("2021-10-11 15:00", "aa", "report", "submit")``."""
    if "due" in more:
        more["due"] = date.fromisoformat(more["due"])
    return Did(at=at(moment), unit=unit, deliverable=deliverable, act=Act(act), **more)


@dataclass
class Replayed:
    """What a replay left."""

    story: dict[str, Any]
    lived: Lived = field(default_factory=Lived)

    @property
    def lines(self) -> list[str]:
        """A line per mail."""
        return [line(mail) for mail in self.story["mails"]]

    @property
    def digests(self) -> list[str]:
        """A line per digest, without the immediate mails."""
        return [line(m) for m in self.story["mails"] if m["kind"] in ("reminder", "overdue", "escalation")]

    @property
    def ledger(self) -> list[dict[str, Any]]:
        return self.story["ledger"]

    @property
    def tasks(self) -> list[tuple[str, str, str | None, str | None]]:
        return [(t["at"][:16], t["kind"], t["unit"], t["deliverable"]) for t in self.story["tasks"]]


def line(mail: dict[str, Any]) -> str:
    """One mail in one line."""
    (to,) = mail["to"]
    items = ", ".join(dict.fromkeys(item_words(item) for item in mail["items"]))
    return f"{mail['at'][:16].replace('T', ' ')} {mail['kind']} {to.removesuffix('.example')}: {items}"


def item_words(item: dict[str, Any]) -> str:
    """``aa/report due-3``."""
    rung = f" {item['rung']}" if item["rung"] else ""
    return f"{item['unit']}/{item['deliverable']}{rung}"


def live(
    engine: Engine,
    sender: Sender,
    notice: Notice,
    roster: Roster,
    script: Sequence[Did] = (),
    *,
    until: str,
    start: str | None = None,
    keep_going: bool = False,
) -> Replayed:
    """Publish and live through."""
    begins = at(start) if start else publication(notice)
    ends = at(until)
    begin(engine, notice, roster, at=begins)
    lived = live_through(engine, notice, script, sender, start=begins, until=ends, keep_going=keep_going)
    with reading(engine) as session:
        return Replayed(story(session, notice.id, start=begins, until=ends), lived)


def season(story: dict[str, Any]) -> str:
    """A whole season in some dozen lines: when, what kind, as what role, which material on which rung, to whom.

    A person is named by the unit; by ``role@unit`` where the mail fell to another role than it was meant for.
    """
    chapters: dict[tuple[str, ...], list[str]] = {}
    for mail in story["mails"]:
        roles = "+".join(dict.fromkeys(item["role"] for item in mail["items"]))
        said = [f"{item['deliverable']} {item['rung'] or ''}".strip() for item in mail["items"]]
        owed = ", ".join(dict.fromkeys(said))
        key = (mail["at"][:16].replace("T", " "), mail["kind"], roles, owed)
        chapters.setdefault(key, []).append(_reader(mail, roles))
    return "\n".join(f"{' | '.join(key)} → {' '.join(readers)}" for key, readers in chapters.items())


def _reader(mail: dict[str, Any], roles: str) -> str:
    units = list(dict.fromkeys(item["unit"] for item in mail["items"]))
    hat = mail["to"][0].partition("@")[0]
    if roles == "supervisor" or any(item["owner"] != "unit" for item in mail["items"]):
        return f"{hat}({len(units)} units)" if len(units) > 3 else f"{hat}({' '.join(units)})"
    return units[0] if hat == roles else f"{hat}@{units[0]}"


def told_tasks(story: dict[str, Any]) -> str:
    """The tasks of a season, grouped: when, what kind, which material, which units."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for task in story["tasks"]:
        key = (task["at"][:10], task["kind"], task["deliverable"] or "—")
        groups.setdefault(key, []).append(task["unit"] or "—")
    return "\n".join(f"{' | '.join(key)} → {' '.join(units)}" for key, units in groups.items())
