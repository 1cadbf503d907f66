"""A verb in its clause: how far it reaches, and what it takes."""

import re
from dataclasses import dataclass

from duban.drafting.dating import When
from duban.drafting.materials import Named, named
from duban.drafting.verbs import Verb

_MARKS = re.compile(r"[,;。()《》]")


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What one verb takes."""

    materials: tuple[str, ...] = ()
    receiver: str | None = None
    #: it points at materials named elsewhere
    refers: bool = False
    #: names that say little by themselves (申报材料), for want of better ones
    general: tuple[str, ...] = ()
    #: electronic, paper, or empty: in which form it goes to the receiver, where the words before the verb say so
    form: str = ""
    #: further receivers, each with its form: 电子版报送另一处
    also: tuple[tuple[str, str], ...] = ()

    def joined(self, other: "Thing") -> "Thing":
        """Both together; the first receiver stays."""
        return Thing(
            materials=(
                *self.materials,
                *(name for name in other.materials if not any(name in own for own in self.materials)),
            ),
            receiver=self.receiver or other.receiver,
            refers=self.refers or other.refers,
            general=tuple(dict.fromkeys((*self.general, *other.general))),
            form=self.form if self.receiver else other.form,
            also=(*self.also, *other.also, *self._second(other)),
        )

    def _second(self, other: "Thing") -> tuple[tuple[str, str], ...]:
        if self.receiver and other.receiver and other.receiver != self.receiver:
            return ((other.form, other.receiver),)
        return ()


@dataclass(frozen=True, kw_only=True)
class Reach:
    """A verb in its clause, with its term and how far it reaches."""

    text: str
    shown: str
    verb: Verb
    term: tuple[When, ...]
    first: int
    last: int

    def named(self, start: int, end: int) -> Named:
        """The materials of a stretch of the clause."""
        return named(self.text[start:end], self.shown[start:end])


def is_inside(text: str, start: int, at: int) -> bool:
    """True for a place in a bracket or title that is open since ``start``."""
    before = text[start:at]
    return before.count("(") > before.count(")") or before.count("《") > before.count("》")


def clause_end(text: str, at: int, last: int) -> int:
    """The end of what a verb governs: a comma outside brackets and titles, or the end."""
    depth, limit = 0, min(last, at + 400)
    for found in _MARKS.finditer(text, at, limit):
        mark = found[0]
        if mark in ",;。":
            if depth == 0:
                return found.start()
        else:
            depth += 1 if mark in "(《" else -1 if depth else 0
    return limit
