"""The text of a notice into its facts."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from duban.drafting import facts
from duban.drafting.addresses import Contact, contacts
from duban.drafting.clauses import Act
from duban.drafting.days import Calendar
from duban.drafting.facts import Deadline, Facts, Meaning, Obligation, Quote
from duban.drafting.gathering import gather
from duban.drafting.heading import Heading, read_heading
from duban.drafting.layout import Document, documents
from duban.drafting.mending import Mended, mend
from duban.drafting.obliging import obliged
from duban.drafting.tables import tabled

#: Characters of a text that are looked at; a notice has some ten thousand.
MOST = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A mended text and where its lines begin in the original."""

    mended: Mended
    line_starts: tuple[int, ...]

    def quote(self, start: int, end: int) -> Quote:
        """The original characters of a stretch of the mended text."""
        original = self.mended.original
        first = self.mended.place(start) if original else 0
        last = self.mended.place(max(end - 1, start)) + 1 if original else 0
        line = bisect_right(self.line_starts, first)
        return Quote(
            start=first, end=last, line=line, column=first - self.line_starts[line - 1] + 1, text=original[first:last]
        )

    def find(self, words: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """Where the mended text has these words: in the stretch, else anywhere; None where they are not as printed."""
        at = self.mended.shown.find(words, start, end)
        at = at if at >= 0 else self.mended.shown.find(words)
        return (at, at + len(words)) if at >= 0 else None


def survey(text: str) -> list[Facts]:
    """The facts of each document of a text, in its order; at least one, which may be empty."""
    original = text[:MOST]
    mended = mend(original)
    lengths = accumulate((len(line) + 1 for line in original.split("\n")), initial=0)
    surveyed = Survey(mended=mended, line_starts=tuple(lengths)[:-1] or (0,))
    return [_facts(document, surveyed) for document in documents(mended.plain)] or [_NOTHING]


_NOTHING = Facts(title=None, document_number=None, issuer=None, issued_on=None)


def _facts(document: Document, surveyed: Survey) -> Facts:
    heading = read_heading(document, surveyed.mended.shown)
    issuer = heading.issuer.value if heading.issuer else ""
    calendar = Calendar(issued=heading.issued_on, year=heading.year, issuer=issuer)
    shown = surveyed.mended.shown
    people = contacts(document.paragraphs)
    gathered = gather(document, surveyed.mended, calendar, heading)
    gathered.acts += tabled(document, shown, calendar, heading.body)
    found = obliged(gathered, people, heading.title.value if heading.title else "")
    return Facts(
        title=heading.title.value if heading.title else None,
        document_number=heading.number.value if heading.number else None,
        issuer=heading.issuer.value if heading.issuer else None,
        issued_on=heading.issued_on,
        addressees=heading.addressees,
        obligations=tuple(_obligation(act, surveyed, heading) for act in found),
        contacts=tuple(_contact(one, surveyed) for one in people),
        printed_on=heading.printed_on,
        basis=tuple(
            facts.Basis(title=one.title, document_number=one.number, quote=surveyed.quote(one.start, one.end))
            for one in heading.basis
        ),
        attachments=heading.attachments,
        copies_to=heading.copies_to,
        quotes=_quotes(heading, surveyed, shown),
    )


def _quotes(heading: Heading, surveyed: Survey, shown: str) -> dict[str, Quote]:
    places = {
        "title": heading.title and (heading.title.start, heading.title.end),
        "document_number": heading.number and (heading.number.start, heading.number.end),
        "issuer": heading.issuer and (heading.issuer.start, heading.issuer.end),
        "issued_on": heading.day_at,
        "addressees": heading.addressed_at,
    }
    return {name: surveyed.quote(*place) for name, place in places.items() if place}


def _obligation(act: Act, surveyed: Survey, heading: Heading) -> Obligation:
    return Obligation(
        who=act.who,
        deliverables=tuple(_numbered(name, heading.attachments) for name in act.materials),
        deadline=_deadline(act, surveyed.mended.shown),
        recipient=act.receiver,
        channels=_in_order(act),
        emails=act.emails,
        copies=act.copies,
        requirements=act.requirements,
        meaning=_meaning(act),
        also=act.also,
        owners=_owners(act, surveyed),
        quotes=_act_quotes(act, surveyed),
    )


def _owners(act: Act, surveyed: Survey) -> dict[str, str]:
    """The material that stands nearest before a demand, in the same clause."""
    shown = surveyed.mended.shown
    places = [(shown.find(name, act.start, act.end), name) for name in act.materials]
    owners = dict(act.owners)
    for words in act.requirements:
        at = shown.find(words, act.start, act.end)
        before = [(place, name) for place, name in places if 0 <= place <= at]
        if words not in owners and before:
            owners[words] = max(before)[1]
    return owners


def _act_quotes(act: Act, surveyed: Survey) -> dict[str, Quote]:
    """Where the values of an obligation stand: in its clause, else anywhere in the text."""
    found = {"clause": surveyed.quote(act.start, act.end)}
    if act.when:
        found["deadline"] = surveyed.quote(act.when.start, act.when.end)
    for value in (
        *act.who,
        *act.materials,
        *([act.receiver] if act.receiver else []),
        *(name for _, name in act.also),
        *act.emails,
        *act.requirements,
    ):
        if place := surveyed.find(value, act.start, act.end):
            found[value] = surveyed.quote(*place)
    return found


def _contact(contact: Contact, surveyed: Survey) -> facts.Contact:
    values = (*((contact.name,) if contact.name else ()), *contact.phones, *contact.emails)
    places = {value: surveyed.find(value) for value in values}
    quotes = {value: surveyed.quote(*place) for value, place in places.items() if place}
    return facts.Contact(name=contact.name, phones=contact.phones, emails=contact.emails, quotes=quotes)


def _numbered(name: str, attachments: tuple[str, ...]) -> str:
    """``附件2`` alone is called by the title of that attachment."""
    found = re.fullmatch(r"附件(\d{1,2})", name)
    if found and 0 < int(found[1]) <= len(attachments):
        return f"{attachments[int(found[1]) - 1]}（{name}）"
    return name


def _in_order(act: Act) -> tuple[str, ...]:
    order = ("email", "paper", "post", "platform", "phone", "fax", "disc", "oa", "in_person")
    named = {*act.channels, *(("email",) if act.emails else ())}
    return tuple(name for name in order if name in named)


def _deadline(act: Act, shown: str) -> Deadline:
    when = act.when
    if when is None:
        return Deadline(text="", kind="none")
    return Deadline(
        text=shown[when.start : when.end], kind=when.kind, date=when.day, time=when.time, recurrence=when.rule
    )


def _meaning(act: Act) -> Meaning:
    when = act.when
    if when is None:
        return Meaning()
    return Meaning(closing=when.closing, count=when.count, unit=when.unit, origin=when.origin, doubt=when.doubt)
