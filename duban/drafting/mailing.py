"""Which mailbox a handing-in without one goes to."""

import re

from duban.drafting.addresses import Contact, mailboxes
from duban.drafting.boxes import Boxes, boxes_of, is_aim
from duban.drafting.clauses import Act
from duban.drafting.gathering import Gathered

_SEATED = re.compile(r"办公室[，,（(]?设在(?P<seat>[^,，。；;）)\n]{2,24})")
#: Units called so shortly (学校) may be the same ones under another name.
SHORT = 4
#: Characters of a paragraph that is searched for a mailbox.
LONGEST = 3000
#: Ways besides which no mailbox is meant.
_OTHER_WAYS = frozenset({"platform", "phone", "oa", "in_person", "fax"})


def address(gathered: Gathered, found: list[Act], contacts: tuple[Contact, ...]) -> None:
    """A mailbox among the contacts is for what goes to that office; the only one there is, for all that is mailed."""
    text = "\n".join(gathered.shown[one.start : one.end] for one in gathered.document.paragraphs)
    boxes, aliases = boxes_of(text), _aliases(text)
    owned = _own(gathered, found, boxes)
    common = _common(contacts, boxes.every, owned)
    for act in found:
        if act.emails or not _is_mailed(act):
            continue
        act.emails = _of_office(act.receiver, contacts, aliases)
        alone = len(boxes.every) == 1 and not (boxes.single and owned)
        if not act.emails and alone and _is_meant(gathered, act, found, owned):
            act.emails = boxes.every
        if not act.emails and not _goes_elsewhere(act, found):
            act.emails = common
        act.emails = boxes.meant_for(act) or act.emails


def _is_mailed(act: Act) -> bool:
    """It has a term, and no other way alone is named for it."""
    return act.when is not None and not (_OTHER_WAYS & set(act.channels) and "email" not in act.channels)


def _own(gathered: Gathered, found: list[Act], boxes: Boxes) -> set[str]:
    """Gives each act the mailbox printed with its thing or beside it; answers all that are taken."""
    for act in found:
        act.emails = act.emails or boxes.named_with(act)
    owned = {box for act in found for box in act.emails}
    for act in found:
        act.emails = act.emails or _beside(gathered, act, owned)
    return owned | {box for act in found for box in act.emails}


def _beside(gathered: Gathered, act: Act, owned: set[str]) -> tuple[str, ...]:
    """A mailbox that the paragraph of the act prints, and that nothing else has."""
    paragraph = gathered.document.paragraphs[act.paragraph]
    if not _is_mailed(act) or len(paragraph.text) > LONGEST:
        return ()
    found = mailboxes(gathered.shown[paragraph.start : paragraph.end])
    return tuple(box for box in found if box not in owned)


def _common(contacts: tuple[Contact, ...], every: tuple[str, ...], owned: set[str]) -> tuple[str, ...]:
    """Of several mailboxes those of the one contact, which no clause has for itself."""
    rest = tuple(box for box in every if box not in owned)
    asked = [one.emails for one in contacts if not owned.issuperset(one.emails)]
    return rest if len(every) > 1 and len(asked) == 1 and set(asked[0]) == set(rest) else ()


def _is_meant(gathered: Gathered, act: Act, found: list[Act], owned: set[str]) -> bool:
    """The only mailbox of a document serves a handing-in that names none."""
    if owned:
        return _may_share(gathered, act, found, owned)
    return not _goes_elsewhere(act, found)


def _goes_elsewhere(act: Act, found: list[Act]) -> bool:
    """Others are said to be mailed, all to offices; this one goes to another office, and no mail is spoken of."""
    if act.receiver is None or "email" in act.channels:
        return False
    offices = [other.receiver for other in found if "email" in other.channels]
    return bool(offices) and not any(office is None or _alike(act.receiver, office) for office in offices)


def _may_share(gathered: Gathered, act: Act, found: list[Act], owned: set[str]) -> bool:
    """The only mailbox is named with another handing-in: it serves this one too, unless this one goes elsewhere."""
    owners = [(other, gathered.shown[other.start : other.end]) for other in found if owned & set(other.emails)]
    if act.receiver or "email" in act.channels:
        return "email" in act.channels or any(act.receiver == other.receiver for other, _ in owners)
    return any(not (_is_apart(act, other) and is_aim(words)) for other, words in owners)


def _is_apart(one: Act, other: Act) -> bool:
    """Others hand it in, in another paragraph."""
    if one.paragraph == other.paragraph or not one.who or not other.who or set(one.who) & set(other.who):
        return False
    return any(len(who) > SHORT and "各" not in who for who in (*one.who, *other.who))


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
        if contact.emails and contact.name and any(_alike(_office(contact.name), name) for name in names):
            return contact.emails
    return ()


def _office(name: str) -> str:
    """``房屋安全科 孙工`` without the person."""
    found = re.match(r".{2,24}[局厅委办处科室部会院所站队组心股](?=[\u4e00-\u9fff×*]{2,4}(?:[、，, ]|$))", name)
    return found[0] if found else name


def _alike(one: str, other: str) -> bool:
    """One contains the other, or they end alike: 省教育厅职成处 and 教育厅职成处."""
    one, other = (re.sub(r"[（()）]|指导|工作|领导", "", name) for name in (one, other))
    if one in other or other in one:
        return True
    shared = 0
    while shared < min(len(one), len(other)) and one[-1 - shared] == other[-1 - shared]:
        shared += 1
    return shared >= 6
