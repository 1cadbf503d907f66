"""How far a notice is: its stages, and its units × stages. Plain values for whoever shows a run; reads only.

Counted by the database, so that it costs the same few rows for ten obligations and for a million.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from duban.domain.notice import Notice
from duban.domain.phrases import day_phrase
from duban.domain.state import HOLDER
from duban.domain.terms import UNIT, Status
from duban.services.figures import Asked, Figures, Show, shows
from duban.services.records import Records
from models.outbox import waiting_mails
from models.progress import Alike, bound_units, by_stage, of_units_by_stage, to_look_at, units_by_lateness

#: Units in a table of a run; the figures count all.
MOST_UNITS = 200
#: Statuses in which the unit holds the ball.
HELD_BY_UNIT = tuple(str(status) for status in Status if HOLDER[status] == UNIT)

#: What a cell names, the gravest first; what is overdue is not named as 未报 again.
_NAMED = (
    (Show.OVERDUE, "逾期"),
    (Show.MISSING, "未报"),
    (Show.REVIEW, "待审核"),
    (Show.UNDATED, "未定日期"),
    (Show.COMPLETED, "办结"),
    (Show.WAIVED, "免报"),
)


@dataclass(frozen=True, kw_only=True)
class StageProgress:
    """One stage: its name, first and last day (the same for most; none while nothing fixes it), its figures."""

    name: str
    days: tuple[date, date] | None
    figures: Figures

    @property
    def title(self) -> str:
        """``实施方案（10月15日）``; ``总结（9月28日—12月10日）`` where the days differ."""
        if self.days is None:
            return f"{self.name}（未定日期）"
        return f"{self.name}（{'—'.join(dict.fromkeys(day_phrase(day) for day in self.days))}）"


@dataclass(frozen=True, kw_only=True)
class UnitProgress:
    """One unit: the figures of each stage, in the notice's order."""

    name: str
    stages: tuple[Figures, ...]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A notice as of a moment."""

    document_number: str
    stages: tuple[StageProgress, ...]
    #: the late ones first, then by order
    units: tuple[UnitProgress, ...]
    #: so many units have no place in ``units``
    left_out: int

    @property
    def figures(self) -> Figures:
        """Of all stages together."""
        return Figures.sum(stage.figures for stage in self.stages)

    @property
    def share(self) -> float:
        """办结 in percent of 应报; 100 where nothing is asked for."""
        owed = self.figures[Show.OWED]
        return 100 * self.figures[Show.COMPLETED] / owed if owed else 100.0


def progress(session: Session, notice_id: str, *, now: datetime, most: int = MOST_UNITS) -> Progress:
    """How far a notice is as of ``now``, with at most so many units. NotFound."""
    records = Records(session)
    notice = records.notice(notice_id)
    asked = Asked(now=now.astimezone(notice.tz), calendar=records.calendar)
    units = units_by_lateness(session, notice_id, held=HELD_BY_UNIT, now=now, limit=most)
    counted = of_units_by_stage(session, notice_id, [unit for unit, _ in units])
    return Progress(
        document_number=notice.document_number,
        stages=_stages(notice, by_stage(session, notice_id), asked),
        units=tuple(UnitProgress(name=name, stages=_cells(notice, counted[unit], asked)) for unit, name in units),
        left_out=bound_units(session, notice_id) - len(units),
    )


def _stages(notice: Notice, counted: Sequence[Alike], asked: Asked) -> tuple[StageProgress, ...]:
    cells = _cells(notice, counted, asked)
    return tuple(
        StageProgress(name=stage.name, days=_days(stage.id, counted), figures=figures)
        for stage, figures in zip(notice.stages, cells, strict=True)
    )


def _cells(notice: Notice, counted: Sequence[Alike], asked: Asked) -> tuple[Figures, ...]:
    """The figures of each stage, in the notice's order."""
    return tuple(_figures((c for c in counted if c.stage == stage.id), asked) for stage in notice.stages)


def _figures(counted: Iterable[Alike], asked: Asked) -> Figures:
    return Figures.of((shows(Status(c.status), c.due_day, c.due_at, asked), c.count) for c in counted)


def _days(stage: str, counted: Iterable[Alike]) -> tuple[date, date] | None:
    days = [c.due_day for c in counted if c.stage == stage and c.due_day]
    return (min(days), max(days)) if days else None


def cell(figures: Figures) -> str:
    """A cell in words: ``逾期1、待审核2``; ``办结`` alone where all is done; empty where nothing is owed."""
    counts = {show: figures[show] for show, _ in _NAMED} | {Show.MISSING: figures[Show.MISSING] - figures[Show.OVERDUE]}
    named = [(word, counts[show]) for show, word in _NAMED if counts[show]]
    return (
        named[0][0] if len(named) == 1 and named[0][0] in ("办结", "免报") else "、".join(f"{w}{n}" for w, n in named)
    )


def line(figures: Figures) -> str:
    """A stage in words: ``应报12项，办结3项，待审核2项，逾期1项``."""
    words = {Show.OWED: "应报", Show.COMPLETED: "办结", Show.REVIEW: "待审核", Show.OVERDUE: "逾期"}
    return "，".join(f"{word}{figures[show]}项" for show, word in words.items())


def due(session: Session, *, now: datetime, notice: str | None = None) -> int:
    """At how many obligations the planner must look by ``now``."""
    return to_look_at(session, now, notice=notice)


def waiting(session: Session, *, now: datetime) -> int:
    """How many mails may leave by ``now``."""
    return waiting_mails(session, now)
