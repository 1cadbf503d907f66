"""A number held against its bounds: the grade, and the sentence with the exact gap."""

from dataclasses import dataclass, replace
from typing import Protocol

from duban.domain.checks.finding import Checked, Finding, Grade
from duban.domain.checks.spoken import listed


class _Bounded(Protocol):
    @property
    def min(self) -> int | None: ...
    @property
    def max(self) -> int | None: ...


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """A floor, a ceiling, or both; neither where nothing is asked."""

    low: int | None = None
    high: int | None = None

    @classmethod
    def of(cls, asked: _Bounded) -> "Bounds":
        """Those of a requirement; ``exactly`` is both."""
        exactly: int | None = getattr(asked, "exactly", None)
        return cls(low=asked.min, high=asked.max) if exactly is None else cls(low=exactly, high=exactly)

    def grade(self, count: int) -> Grade:
        if self.high is not None and count > self.high:
            return Grade.OVER
        return Grade.GAP if self.low is not None and count < self.low else Grade.MET

    def is_settled(self, count: int) -> bool:
        """Whatever is added, the grade stays."""
        grade = self.grade(count)
        return grade is Grade.OVER or (grade is Grade.MET and self.high is None)

    def wanted(self, count: int) -> int | None:
        """The bound that a count is held against: the floor until it is reached, then the ceiling if there is one."""
        return self.low if self.high is None or (self.low is not None and count < self.low) else self.high


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What was counted, of what, and how it is spoken of."""

    kind: Checked
    requirement: str
    bounds: Bounds
    #: ``照片``; may be empty
    subject: str
    unit: str
    count: int
    files: tuple[str, ...] = ()
    #: files that may add to the count but could not be read
    closed: tuple[str, ...] = ()
    #: the grade of a count below the floor, and above the ceiling
    shortage: Grade = Grade.GAP
    excess: Grade = Grade.OVER
    #: short of the floor by no more than so many percent is a hint
    near_percent: int = 0
    #: before what is over: ``超出限报1名``
    limit: str = ""
    #: what to do with what is over: ``，可另附页``
    remedy: str = ""
    #: how it was counted, at the end of the sentence
    note: str = ""

    def of(self, count: int) -> "Measure":
        """The same of another count."""
        return replace(self, count=count)

    def judged(self) -> Finding:
        """The finding: certain where no file could change it."""
        if self.closed and not self.bounds.is_settled(self.count):
            return self.finding(Grade.UNKNOWN, f"{self._so_far()}，另有文件未能核验：{listed(self.closed)}")
        grade = self.bounds.grade(self.count)
        if grade is Grade.MET:
            return self.finding(grade, self._so_far())
        return self._short() if grade is Grade.GAP else self._over()

    def _short(self) -> Finding:
        low = self.bounds.low or 0
        gap = f"还差{low - self.count}{self.unit}"
        if (low - self.count) * 100 <= self.near_percent * low:
            return self.finding(Grade.NEAR, f"{self._so_far()}，{gap}，相差{self.near_percent}%以内", gap)
        return self.finding(self.shortage, f"{self._so_far()}，{gap}", gap)

    def _over(self) -> Finding:
        gap = f"超出{self.limit}{self.count - (self.bounds.high or 0)}{self.unit}"
        return self.finding(self.excess, f"{self.subject}{self.count}{self.unit}，{gap}{self.remedy}", gap)

    def _so_far(self) -> str:
        low, high = self.bounds.low, self.bounds.high
        if low is not None and high is not None and low < high and self.count >= low:
            return f"{self.subject}{self.count}{self.unit}，在{low}—{high}{self.unit}之间"
        wanted = self.bounds.wanted(self.count)
        return f"{self.subject}{self.count}{'' if wanted is None else f'/{wanted}'}{self.unit}"

    def finding(self, grade: Grade, zh: str, gap: str = "") -> Finding:
        """A finding of this count, in these words."""
        return Finding(
            kind=self.kind,
            requirement=self.requirement,
            grade=grade,
            zh=zh + self.note,
            gap=self.subject + gap if gap else "",
            files=self.files,
            measured=self.count,
            wanted=self.bounds.wanted(self.count),
        )
