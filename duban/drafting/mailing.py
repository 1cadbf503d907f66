"""Which mailbox a handing-in without one goes to."""

import re

from duban.drafting.addresses import MAILBOX, Contact, mailboxes
from duban.drafting.clauses import Act
from duban.drafting.gathering import Gathered

#: A mailbox, and in a bracket what it is for.
_MEANT = re.compile(
    rf"({MAILBOX.pattern}) ?[（(](?:用于|接收|报送)?(?P<what>[\u4e00-\u9fff]{{2,8}}?)(?:专用|报送)?[)）]"
)
_FOR_THING = re.compile(
    rf"([\u4e00-\u9fff]{{2,10}}?)(?:的)?(?:电子版|电子稿|电子文档|扫描件)?(?:请?发送|报送|发|投稿)?(?:至|到)?(?:邮箱)?[：:] ?({MAILBOX.pattern})"
)
_SEATED = re.compile(r"办公室[，,（(]?设在(?P<seat>[^,，。；;）)\n]{2,24})")
#: Units called so shortly (学校) may be the same ones under another name.
SHORT = 4
#: Ways besides which no mailbox is meant.
_OTHER_WAYS = frozenset({"platform", "phone", "oa", "in_person", "fax"})


def address(gathered: Gathered, found: list[Act], contacts: tuple[Contact, ...]) -> None:
    """A mailbox among the contacts is for what goes to that office; the only one there is, for all that is mailed."""
    text = "\n".join(gathered.shown[one.start : one.end] for one in gathered.document.paragraphs)
    every, aliases = mailboxes(text), _aliases(text)
    for act in found:
        act.emails = act.emails or _named_with(act, text)
    owned = {box for act in found for box in act.emails}
    for act in found:
        act.emails = act.emails or _beside(gathered, act, owned)
    owned = {box for act in found for box in act.emails}
    for act in found:
        if act.emails or act.when is None or (_OTHER_WAYS & set(act.channels) and "email" not in act.channels):
            continue
        act.emails = _of_office(act.receiver, contacts, aliases)
        if not act.emails and len(every) == 1 and _is_meant(gathered, act, found, owned):
            act.emails = every
        if not act.emails and not _goes_elsewhere(act, found):
            act.emails = _common(contacts, every, owned)
        act.emails = _meant(act, text) or act.emails


def _is_meant(gathered: Gathered, act: Act, found: list[Act], owned: set[str]) -> bool:
    """The only mailbox of a document serves a handing-in that names none."""
    if owned:
        return _may_share(gathered, act, found, tuple(owned))
    return not _goes_elsewhere(act, found)


def _goes_elsewhere(act: Act, found: list[Act]) -> bool:
    """Others are said to be mailed, all to offices; this one goes to another office, and no mail is spoken of."""
    if act.receiver is None or "email" in act.channels:
        return False
    offices = [other.receiver for other in found if "email" in other.channels]
    return bool(offices) and not any(office is None or _alike(act.receiver, office) for office in offices)


def _may_share(gathered: Gathered, act: Act, found: list[Act], every: tuple[str, ...]) -> bool:
    """The only mailbox is named with another handing-in: it serves this one too, unless this one goes elsewhere."""
    owners = [other for other in found if other.emails == every]
    if any(_FOR_ONE.search(gathered.shown[other.start : other.end]) for other in owners):
        return False
    if act.receiver or "email" in act.channels:
        return "email" in act.channels or any(act.receiver == other.receiver for other in owners)
    return any(not (_is_apart(act, other) and _is_aim(gathered.shown[other.start : other.end])) for other in owners)


#: ``投稿邮箱a@b.cn`` takes nothing else.
_FOR_ONE = re.compile(rf"(?:投稿|征稿)(?:专用)?(?:电子)?邮箱[：:]? ?{MAILBOX.pattern}")


def _is_apart(one: Act, other: Act) -> bool:
    """Others hand it in, in another paragraph."""
    own = [who for who in (*one.who, *other.who) if len(who) > SHORT and "各" not in who]
    return (
        one.paragraph != other.paragraph and bool(one.who and other.who and own) and not set(one.who) & set(other.who)
    )


#: ``电子版发至a@b.cn``: one mailbox for one thing; ``报市局办公室（邮箱：a@b.cn）`` is the office's.
_AIM = re.compile(
    rf"(?:发送?|传|寄|报|交|投)(?:至|到|送|往)?[^,，;；。:：()（）]{{0,16}}?(?:邮箱)?[：: ]?{MAILBOX.pattern}"
)


def _is_aim(words: str) -> bool:
    return _AIM.search(words) is not None


def _common(contacts: tuple[Contact, ...], every: tuple[str, ...], owned: set[str]) -> tuple[str, ...]:
    """Of several mailboxes those of the one contact, which no clause has for itself."""
    rest = tuple(box for box in every if box not in owned)
    asked = [one.emails for one in contacts if set(one.emails) & set(rest)]
    return rest if len(every) > 1 and len(asked) == 1 and set(asked[0]) == set(rest) else ()


def _named_with(act: Act, text: str) -> tuple[str, ...]:
    """``推荐函电子版发送：a@b.cn``, on a line of its own."""
    return tuple(
        found[2].replace(" ", "")
        for found in _FOR_THING.finditer(text)
        if any(name.endswith(found[1]) for name in act.materials)
    )


def _beside(gathered: Gathered, act: Act, owned: set[str]) -> tuple[str, ...]:
    """A mailbox that the paragraph of the act prints, and that nothing else has."""
    if act.when is None or (_OTHER_WAYS & set(act.channels) and "email" not in act.channels):
        return ()
    paragraph = gathered.document.paragraphs[act.paragraph]
    boxes = mailboxes(gathered.shown[paragraph.start : paragraph.end])
    return tuple(box for box in boxes if box not in owned)


def _meant(act: Act, text: str) -> tuple[str, ...]:
    """``a@b.cn（台账）、c@d.cn（报告）``: of those that the act has, the ones said to be for its materials."""
    meant = {
        found[1].replace(" ", "")
        for found in _MEANT.finditer(text)
        if any(found["what"] in name for name in act.materials)
    }
    return tuple(box for box in act.emails if box in meant)


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
