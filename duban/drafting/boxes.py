"""What a text says of its mailboxes: for which things, for which office, for one thing alone."""

import re
from dataclasses import dataclass
from itertools import islice

from duban.drafting.addresses import MAILBOX, mailboxes
from duban.drafting.clauses import Act

#: Mailboxes of which the words around them are kept.
MOST = 60
#: Behind a mailbox, what it is for: ``a@b.cn（台账）``.
_MEANT = re.compile(r" ?[（(](?:用于|接收|报送)?(?P<what>[\u4e00-\u9fff]{2,8}?)(?:专用|报送)?[)）]")
#: Before a mailbox, what goes to it: ``推荐函电子版发送：a@b.cn``.
_NAMED = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<what>[\u4e00-\u9fff]{2,10}?)(?:的)?(?:电子版|电子稿|电子文档|扫描件)?"
    r"(?:请?发送|报送|发|投稿)?(?:至|到)?(?:邮箱)?[：:] ?$"
)
#: ``技术支持邮箱``, ``（仅限咨询）``: nothing is handed in there.
_HELPS = re.compile(r"(?:业务咨询|政策咨询|咨询|技术支持|技术|举报|监督|投诉|客服)(?:电子)?邮箱[：:]? ?$")
_ONLY = re.compile(r"[（(](?:仅|只)(?:限|用于|供|作)?[^（()）]{0,10}(?:咨询|技术)")
#: Characters around a mailbox that are looked at.
_NEAR = 30
#: ``投稿邮箱a@b.cn`` takes nothing else.
_FOR_ONE = re.compile(r"(?:投稿|征稿)(?:专用)?(?:电子)?邮箱[：:]? ?$")
#: ``电子版发至a@b.cn``: one mailbox for one thing; ``报市局办公室（邮箱：a@b.cn）`` is the office's.
_AIM = re.compile(
    rf"(?:发送?|传|寄|报|交|投)(?:至|到|送|往)?[^,，;；。:：()（）]{{0,16}}?(?:邮箱)?[：: ]?{MAILBOX.pattern}"
)


@dataclass(frozen=True, kw_only=True)
class Boxes:
    """The mailboxes of a document, and the words that tie them to things: each word with its mailbox."""

    every: tuple[str, ...]
    named: tuple[tuple[str, str], ...]
    meant: tuple[tuple[str, str], ...]
    #: those that take contributions and nothing else
    single: frozenset[str]

    def named_with(self, act: Act) -> tuple[str, ...]:
        """The mailboxes printed with the name of what the act hands in."""
        return tuple(box for word, box in self.named if any(name.endswith(word) for name in act.materials))

    def meant_for(self, act: Act) -> tuple[str, ...]:
        """Of those that the act has, the ones said to be for its materials."""
        meant = {box for word, box in self.meant if any(word in name for name in act.materials)}
        return tuple(box for box in act.emails if box in meant)


def boxes_of(text: str) -> Boxes:
    """The mailboxes of a text as printed."""
    named: list[tuple[str, str]] = []
    meant: list[tuple[str, str]] = []
    single: set[str] = set()
    helping: set[str] = set()
    for found in islice(MAILBOX.finditer(text), MOST):
        box = found[0].replace(" ", "")
        lead = text[max(0, found.start() - _NEAR) : found.start()]
        if _HELPS.search(lead) or _ONLY.match(text, found.end()):
            helping.add(box)
        if _FOR_ONE.search(lead):
            single.add(box)
        if before := _NAMED.search(lead):
            named.append((before["what"], box))
        if behind := _MEANT.match(text, found.end()):
            meant.append((behind["what"], box))
    return Boxes(
        every=tuple(box for box in mailboxes(text) if box not in helping),
        named=tuple(named),
        meant=tuple(meant),
        single=frozenset(single),
    )


def is_aim(words: str) -> bool:
    """True where a clause sends its thing to the mailbox itself, not to an office that has it."""
    return _AIM.search(words) is not None
