"""Which mailbox a handing-in without one goes to."""

import re

from duban.drafting.addresses import Contact, mailboxes
from duban.drafting.clauses import Act
from duban.drafting.gathering import Gathered

_SEATED = re.compile(r"办公室[，,（(]?设在(?P<seat>[^,，。；;）)\n]{2,24})")
#: Ways besides which no mailbox is meant.
_OTHER_WAYS = frozenset({"platform", "phone", "oa", "in_person", "fax"})


def address(gathered: Gathered, found: list[Act], contacts: tuple[Contact, ...]) -> None:
    """A mailbox among the contacts is for what goes to that office; the only one there is, for all that is mailed."""
    text = "\n".join(gathered.shown[one.start : one.end] for one in gathered.document.paragraphs)
    every, aliases = mailboxes(text), _aliases(text)
    owned = {box for act in found for box in act.emails}
    for act in found:
        if act.emails or act.when is None or (_OTHER_WAYS & set(act.channels) and "email" not in act.channels):
            continue
        act.emails = _of_office(act.receiver, contacts, aliases)
        if not act.emails and len(every) == 1 and (not owned or _may_share(act, found, every)):
            act.emails = every


def _may_share(act: Act, found: list[Act], every: tuple[str, ...]) -> bool:
    """The only mailbox is named with another handing-in: it serves this one too, unless this one goes elsewhere."""
    owners = [other for other in found if other.emails == every]
    return not act.receiver or any(act.receiver == other.receiver for other in owners) or "email" in act.channels


def _aliases(text: str) -> dict[str, str]:
    """``办公室设在协会``: what goes to the one goes to the other."""
    found = {}
    for match in _SEATED.finditer(text):
        name = re.split(r"[,，。；;\n]", text[max(0, match.start() - 24) : match.start()])[-1]
        found[f"{name}办公室"] = match["seat"]
    return found


def _of_office(receiver: str | None, contacts: tuple[Contact, ...], aliases: dict[str, str]) -> tuple[str, ...]:
    if not receiver:
        return ()
    names = [receiver, *(other for one, other in aliases.items() if _alike(one, receiver))]
    for contact in contacts:
        if contact.emails and contact.name and any(_alike(contact.name, name) for name in names):
            return contact.emails
    return ()


def _alike(one: str, other: str) -> bool:
    """One contains the other, or they end alike: 省教育厅职成处 and 教育厅职成处."""
    one, other = (re.sub(r"[（()）]|指导|工作|领导", "", name) for name in (one, other))
    if one in other or other in one:
        return True
    shared = 0
    while shared < min(len(one), len(other)) and one[-1 - shared] == other[-1 - shared]:
        shared += 1
    return shared >= 6
