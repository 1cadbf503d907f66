"""A notice with its facts marked, each leading to its line of the definition. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from duban.drafting.tracing import Trace
from duban.web.language.saying import label

#: What a colour means.
SORTS = (
    ("head", label("文头")),
    ("who", label("谁报")),
    ("deadline", label("期限")),
    ("material", label("材料")),
    ("receiver", label("报到哪里")),
    ("requirement", label("要求")),
    ("contact", label("联系方式")),
    ("clause", label("条款")),
)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Some characters of the notice that are marked alike; unmarked where ``sort`` is empty."""

    text: str
    sort: str = ""
    #: where a click leads: the innermost fact's first line
    href: str = ""
    #: facts that begin here: their anchors
    anchors: tuple[str, ...] = ()
    #: all facts around it, and all their lines, for those who light them up
    facts: str = ""
    lines: str = ""


def stretches(text: str, traces: Sequence[Trace]) -> list[Stretch]:
    """The notice in pieces; ``traces`` in the order of their anchors ``f1``, ``f2`` …"""
    cuts = sorted({0, len(text), *(at for trace in traces for at in (trace.start, trace.end) if 0 < at < len(text))})
    numbered = list(enumerate(traces, 1))
    found: list[Stretch] = []
    open_: list[tuple[int, Trace]] = []
    at = 0
    for start, end in pairwise(cuts):
        open_ = [(n, trace) for n, trace in open_ if trace.end > start]
        begins = []
        while at < len(numbered) and numbered[at][1].start <= start:
            begins.append(numbered[at])
            at += 1
        open_ += begins
        found.append(_stretch(text[start:end], open_, tuple(f"f{n}" for n, _ in begins)))
    return found


def _stretch(text: str, around: Sequence[tuple[int, Trace]], anchors: tuple[str, ...]) -> Stretch:
    if not around:
        return Stretch(text=text)
    inner = min(around, key=lambda one: one[1].end - one[1].start)[1]
    return Stretch(
        text=text,
        sort=inner.sort,
        href=f"#y{inner.lines[0]}",
        anchors=anchors,
        facts=" ".join(f"f{n}" for n, _ in around),
        lines=" ".join(f"y{line}" for line in inner.lines),
    )
