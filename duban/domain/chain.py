"""The chain of events: what each event's hash covers, and what an unbroken chain is. Pure.

The hash of an event is SHA-256 over the hash of the one before it and the canonical JSON of the rest. So an event that
was altered, taken out, put in or moved no longer fits its neighbours. Who can write to the database can also compute
the whole chain anew: only an *anchor*, a number and hash that were printed elsewhere before, shows that.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from json.encoder import encode_basestring
from typing import NamedTuple

from duban.domain.errors import UsageError

#: What the first event is chained to.
GENESIS = "0" * 64
#: Hex digits of an anchor's hash, at least: fewer could be met by trying.
ANCHOR_DIGITS = 32
#: Numbers by which the rest of a chain may have been moved, looked at to name the harm.
_NEAR = 64


class Link(NamedTuple):
    """One event as the chain sees it."""

    seq: int
    #: UTC, ISO 8601; empty: what stands there is no moment
    at: str
    by: str
    name: str
    notice_id: str | None
    obligation_id: int | None
    #: canonical JSON
    data: str
    prev: str
    hash: str


class End(NamedTuple):
    """The number and the hash of an event; of none: 0 and ``GENESIS``."""

    seq: int
    hash: str


#: The end of a chain without events.
BEGINNING = End(0, GENESIS)


class Harm(StrEnum):
    """What was done to a chain."""

    ALTERED = "altered"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED = "moved"
    #: events at the end are missing
    CUT = "cut"
    #: the record of the chain's end does not fit the last event
    HEAD = "head"
    #: another chain than the one that the anchor was printed of
    REPLACED = "replaced"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The first place at which a chain is broken."""

    harm: Harm
    #: the number of the first event that is not as it was written
    seq: int

    @property
    def zh(self) -> str:
        return _SAID[self.harm][0].format(seq=self.seq)

    @property
    def en(self) -> str:
        return _SAID[self.harm][1].format(seq=self.seq)


_SAID = {
    Harm.ALTERED: ("第 {seq} 条被改动过", "event {seq} was altered"),
    Harm.DELETED: ("自第 {seq} 条起有记录被删除", "events from {seq} on were deleted"),
    Harm.INSERTED: ("自第 {seq} 条起有插入的记录", "events were inserted at {seq}"),
    Harm.MOVED: ("自第 {seq} 条起次序被调换", "events from {seq} on were put in another order"),
    Harm.CUT: ("自第 {seq} 条起，末尾的记录缺失", "the end is missing from event {seq} on"),
    Harm.HEAD: ("链尾登记与最后一条（第 {seq} 条）不符", "the record of the end does not fit event {seq}, the last"),
    Harm.REPLACED: (
        "第 {seq} 条与此前印出的校验值不符，这一条或之前的记录被整体替换过",
        "event {seq} is not the one of the anchor: the chain was replaced",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What looking through a chain has shown."""

    #: the last event that is as it was written
    end: End
    #: None: nothing is broken
    fault: Fault | None = None

    @property
    def is_whole(self) -> bool:
        return self.fault is None


def digest(link: Link) -> str:
    """The hash that an event must have: the canonical JSON has sorted keys, no spaces and plain Chinese."""
    notice = "null" if link.notice_id is None else encode_basestring(link.notice_id)
    owed = "null" if link.obligation_id is None else str(link.obligation_id)
    text = (
        f'{link.prev}{{"at":{encode_basestring(link.at)},"by":{encode_basestring(link.by)},'
        f'"data":{encode_basestring(link.data)},"name":{encode_basestring(link.name)},'
        f'"notice_id":{notice},"obligation_id":{owed},"seq":{link.seq}}}'
    )
    return hashlib.sha256(text.encode()).hexdigest()


def anchor_of(text: str) -> End:
    """``SEQ:HASH`` as it was printed; the hash may be cut to 32 digits. UsageError."""
    number, _, hash_ = text.strip().partition(":")
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    is_hash = ANCHOR_DIGITS <= len(hash_) <= len(GENESIS) and not set(hash_.lower()) - set("0123456789abcdef")
    if not (is_number and is_hash):
        zh = f"校验锚不正确：{text}（照每日小结或备份清单所印填写，写作 序号:校验值）"
        raise UsageError(zh, f"no anchor: {text} (write SEQ:HASH as it was printed)")
    return End(int(number), hash_.lower())


def judge(links: Iterable[Link], *, head: End | None, anchor: End | None = None) -> Verdict:
    """Look through a chain from its first event, in order of number, and stop at what is broken.

    ``head``: where the record says that the chain ends; None: it says nothing. ``anchor``: what was printed before.
    """
    walk, last, at_head = iter(links), BEGINNING, ""
    for link in walk:
        if link.seq != last.seq + 1 or link.prev != last.hash or not _fits(link):
            return Verdict(end=last, fault=_named(link, last, walk))
        last = End(link.seq, link.hash)
        if anchor and link.seq == anchor.seq and not link.hash.startswith(anchor.hash):
            return Verdict(end=last, fault=Fault(harm=Harm.REPLACED, seq=link.seq))
        if head and link.seq == head.seq:
            at_head = link.hash
    return Verdict(end=last, fault=_fault_at_end(last, head or BEGINNING, at_head, anchor))


def _fault_at_end(last: End, head: End, at_head: str, anchor: End | None) -> Fault | None:
    """Every event fits the one before: is it all?"""
    if last.seq < max(head.seq, anchor.seq if anchor else 0):
        return Fault(harm=Harm.CUT, seq=last.seq + 1)
    if head == last:
        return None
    is_longer = head.seq < last.seq and at_head == head.hash
    return Fault(harm=Harm.INSERTED, seq=head.seq + 1) if is_longer else Fault(harm=Harm.HEAD, seq=last.seq)


def _fits(link: Link) -> bool:
    """Its hash is that of its words; what is no text at all fits nothing."""
    try:
        return digest(link) == link.hash
    except (TypeError, ValueError):
        return False


def _named(link: Link, last: End, rest: Iterator[Link]) -> Fault:
    """What was done here, as far as it can be told from the event and the one behind it."""
    seq = last.seq + 1
    if link.seq != seq:
        return Fault(harm=Harm.DELETED if link.seq > seq else Harm.INSERTED, seq=min(seq, link.seq))
    moved = _moved_by(link)
    if moved is None:
        return Fault(harm=Harm.ALTERED, seq=seq)
    behind = next(rest, None)
    if moved == 0 or (behind is not None and _moved_by(behind) != moved):
        return Fault(harm=Harm.MOVED, seq=seq)
    # the rest was numbered on to hide what is missing, or what was put in before it
    return Fault(harm=Harm.DELETED, seq=seq) if moved > 0 else Fault(harm=Harm.INSERTED, seq=seq + moved)


def _moved_by(link: Link) -> int | None:
    """By how much the number under which an event was written differs from its own; None: it is not as written."""
    near = sorted(range(-min(_NEAR, link.seq), _NEAR + 1), key=abs)
    return next((by for by in near if _fits(link._replace(seq=link.seq + by))), None)
