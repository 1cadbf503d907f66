"""The ids of a draft: classes of units, offices and events, in the order in which the notice names them."""

import re
from dataclasses import dataclass

from duban.drafting.facts import Facts, Obligation, Quote

#: What an office is called that the notice does not name.
UNNAMED = "材料接收处"
_EVENT_END = re.compile(r"(?:之日起|当日起|之时起|起|后|之后|以后)+$")


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names as printed, each with its id."""

    classes: dict[str, str]
    offices: dict[str, str]
    events: dict[str, str]
    #: office → its mailboxes
    boxes: dict[str, tuple[str, ...]]
    quotes: dict[str, Quote]
    #: who is bound where the clause names nobody
    everyone: str

    def classes_of(self, one: Obligation) -> list[str]:
        """The ids of the classes that owe it."""
        return [self.classes[name] for name in one.who or (self.everyone,)]

    def office_of(self, one: Obligation) -> str:
        """The id of the office that receives it."""
        return self.offices[one.recipient or UNNAMED]


def names_of(facts: Facts) -> Names:
    """The names of a document's obligations."""
    everyone = "、".join(facts.addressees) or "有关单位"
    classes = dict.fromkeys(name for one in facts.obligations for name in one.who or (everyone,))
    offices = dict.fromkeys(name for one in facts.obligations for name in receivers(one))
    events = dict.fromkeys(filter(None, map(event_of, facts.obligations)))
    boxes: dict[str, tuple[str, ...]] = {}
    quotes: dict[str, Quote] = {}
    for one in facts.obligations:
        boxes.setdefault(mailed_to(one), one.emails)
        quotes |= {value: quote for value, quote in one.quotes.items() if value not in quotes}
    return Names(
        classes={name: f"class-{at}" for at, name in enumerate(classes, 1)},
        offices={name: f"office-{at}" for at, name in enumerate(offices, 1)},
        events={name: f"event-{at}" for at, name in enumerate(events, 1)},
        boxes=boxes,
        quotes=quotes,
        everyone=everyone,
    )


def receivers(one: Obligation) -> tuple[str, ...]:
    """The offices that receive it, the first first."""
    return (one.recipient or UNNAMED, *(name for _, name in one.also))


def mailed_to(one: Obligation) -> str:
    """The office whose mailbox is meant: where the electronic copy goes."""
    return next((name for form, name in one.also if form == "electronic"), one.recipient or UNNAMED)


def event_of(one: Obligation) -> str:
    """The event from which its term is counted; empty where it is none, or the notice's own issue or receipt."""
    meaning = one.meaning
    countable = (
        one.deadline.kind == "relative" and meaning.count and meaning.unit in ("days", "workdays", "weeks", "months")
    )
    if not countable or origin_of(one) != "event":
        return ""
    return _EVENT_END.sub("", meaning.origin).strip()


def origin_of(one: Obligation) -> str:
    """``printing``, ``issue``, ``acknowledgement``, ``event``; empty where no origin is printed."""
    origin = one.meaning.origin
    if not origin or not _EVENT_END.search(origin) or not _EVENT_END.sub("", origin):
        return ""
    if re.search(r"(?:收到|接到).{0,6}(?:通知|文件|函)", origin):
        return "acknowledgement"
    if re.search(r"印发", origin):
        return "printing"
    if re.search(r"(?:通知|文件|本函|发文).{0,4}(?:下发|发布|发出|之日)|发文", origin):
        return "issue"
    return "event"
