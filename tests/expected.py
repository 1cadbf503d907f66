"""The invented notices of ``drafting_texts`` and what each says, one line a fact, written down before it was read.

A file is a text, a line ``=====``, then the facts: ``文号``, ``题名``, ``机关``, ``日期``, ``主送`` (parted by ``|``),
and ``> who | term | materials | receiver | channels | mailboxes | copies | demands`` for each obligation;
``-`` is nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from duban.drafting.facts import Deadline, Facts, Obligation

TEXTS = Path(__file__).resolve().parent / "drafting_texts"
HEAD = ("文号", "题名", "机关", "日期", "主送")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A text and its facts as lines."""

    name: str
    text: str
    facts: list[str]


def samples(pattern: str) -> list[Sample]:
    """The texts whose names begin so, in order."""
    return [_sample(path) for path in sorted(TEXTS.glob(f"{pattern}*.txt"))]


def _sample(path: Path) -> Sample:
    text, _, facts = path.read_text(encoding="utf-8").rpartition("\n=====\n")
    return Sample(name=path.stem, text=text, facts=facts.strip().split("\n"))


def lines(facts: Facts) -> list[str]:
    """Facts as the files write them."""
    day = facts.issued_on.isoformat() if facts.issued_on else None
    head = (facts.document_number, facts.title, facts.issuer, day, "|".join(facts.addressees))
    return [f"{name} {value or '-'}" for name, value in zip(HEAD, head, strict=True)] + list(
        map(line, facts.obligations)
    )


def line(one: Obligation) -> str:
    """An obligation as the files write it."""
    parts = (
        "、".join(one.who),
        term(one.deadline),
        "；".join(one.deliverables),
        one.recipient,
        ",".join(one.channels),
        ",".join(one.emails),
        one.copies,
        "；".join(one.requirements),
    )
    return "> " + " | ".join(str(part or "-") for part in parts)


def term(deadline: Deadline) -> str:
    """``2024-04-10 17:00``, ``monthly day=5``, ``relative``."""
    found = deadline.kind if deadline.date is None else deadline.date.isoformat()
    if deadline.recurrence:
        rule = deadline.recurrence
        named = (f"{name}={rule[name]}" for name in ("month", "weekday", "day", "workday") if name in rule)
        found = " ".join((str(rule["freq"]), *named))
    return f"{found} {deadline.time}" if deadline.time else found


def f1(found: Iterable[str], wanted: Iterable[str]) -> float:
    """The harmonic mean of precision and recall over two collections."""
    given, asked = list(found), list(wanted)
    rest, right = list(asked), 0
    for one in given:
        if one in rest:
            rest.remove(one)
            right += 1
    return 2 * right / (len(given) + len(asked)) if given or asked else 1.0
