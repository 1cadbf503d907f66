"""Deadlines: every form that a notice prints, as data; and what each form means as a day.

A deadline is ``{date or rule, time, inclusive, roll}`` plus the printed words (domain rule 1). ``9月28日前``:
the named day counts and ends at 24:00 unless the notice says otherwise; no roll over holidays unless it says so.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from duban.domain.strict import ClockTime, Day, Id, Month, Strict, Words

Roll = Literal["none", "next_workday", "previous_workday"]
SetBy = Literal["notice", "coordinator"]


class DeadlineBase(Strict):
    """What all forms share."""

    #: the words as printed, shown before our reading; empty where the notice prints none
    text: str = Field(default="", max_length=200)
    #: the time of day at which it is too late; ``closing`` is the office's closing hour
    time: ClockTime = "24:00"
    #: True when the named day itself still counts
    inclusive: bool = True
    #: where a named day that is not worked goes
    roll: Roll = "none"
    #: ``coordinator`` marks a day that the notice does not print (经办设定)
    set_by: SetBy = "notice"
    #: why it reads as it reads
    note: str = Field(default="", max_length=500)


class OnDate(DeadlineBase):
    """``9月28日前``; with ``time``: ``10月8日15:00前``."""

    kind: Literal["date"]
    date: Day


class MonthEnd(DeadlineBase):
    """``11月底前``: the last day of the month."""

    kind: Literal["month_end"]
    month: Month


class Window(DeadlineBase):
    """``9月中旬``: a window, the day in it that the coordinator picked, and why."""

    kind: Literal["window"]
    from_: Day = Field(alias="from")
    to: Day
    picked: Day
    note: Words

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.from_ > self.to:
            raise ValueError("window_order")
        if not self.from_ <= self.picked <= self.to:
            raise ValueError("picked_outside")
        return self


class Relative(DeadlineBase):
    """``印发后15个工作日内``, ``活动结束后一周内``: counted from something, itself not counted."""

    kind: Literal["relative"]
    after: Literal["issue", "printing", "acknowledgement", "event"]
    event: Id | None = None
    #: from which end of the event it counts
    edge: Literal["start", "end"] = "end"
    workdays: int | None = Field(default=None, ge=1, le=400)
    days: int | None = Field(default=None, ge=1, le=800)
    weeks: int | None = Field(default=None, ge=1, le=100)
    months: int | None = Field(default=None, ge=1, le=24)

    @model_validator(mode="after")
    def _one_measure(self) -> "Relative":
        if sum(n is not None for n in (self.workdays, self.days, self.weeks, self.months)) != 1:
            raise ValueError("one_measure")
        if (self.after == "event") != (self.event is not None):
            raise ValueError("event_named")
        return self


class Recurring(DeadlineBase):
    """``每月5日前``, ``每季度末月25日前``, ``每日16时前``, weekly, yearly; with exceptions (``四季度免报``)."""

    kind: Literal["recurring"]
    every: Literal["day", "week", "month", "quarter", "year"]
    #: day of the month; 31 means the month's last day where it is shorter
    day: int | None = Field(default=None, ge=1, le=31)
    #: 1 is Monday
    weekday: int | None = Field(default=None, ge=1, le=7)
    #: the month of the year, or, with ``every: quarter``, 1 to 3 within the quarter
    month: int | None = Field(default=None, ge=1, le=12)
    #: with ``every: day``: on working days only, or all days
    on: Literal["workdays", "all"] = "workdays"
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    #: what needs no report: a day ``2021-10-05``, a month ``2021-10`` or ``M10``, a quarter ``2021-Q4`` or ``Q4``
    exceptions: tuple[
        Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2}|\d{4}-(0[1-9]|1[0-2])|M(0[1-9]|1[0-2])|(\d{4}-)?Q[1-4])$")],
        ...,
    ] = ()

    @model_validator(mode="after")
    def _says_when(self) -> "Recurring":
        needs = {"day": (), "week": ("weekday",), "month": ("day",), "quarter": ("day",), "year": ("day", "month")}
        if any(getattr(self, name) is None for name in needs[self.every]):
            raise ValueError("recurrence_incomplete")
        if self.every == "quarter" and (self.month or 3) > 3:
            raise ValueError("quarter_month")
        return self


class Undated(DeadlineBase):
    """The notice states no day; the duty is shown, never chased, never late."""

    kind: Literal["none"]


Single = Annotated[OnDate | MonthEnd | Window | Relative | Recurring | Undated, Field(discriminator="kind")]


class ByClass(Strict):
    """Different days for different classes of unit."""

    kind: Literal["by_class"]
    text: str = Field(default="", max_length=200)
    classes: Mapping[Id, Single]


Deadline = Annotated[OnDate | MonthEnd | Window | Relative | Recurring | Undated | ByClass, Field(discriminator="kind")]
AnySingle = OnDate | MonthEnd | Window | Relative | Recurring | Undated


def for_class(deadline: "AnySingle | ByClass", unit_class: str) -> AnySingle | None:
    """The form that binds units of ``unit_class``; None when the class is not named."""
    return deadline.classes.get(unit_class) if isinstance(deadline, ByClass) else deadline


def every_single(deadline: "AnySingle | ByClass") -> Iterator[AnySingle]:
    """All forms inside a deadline."""
    if isinstance(deadline, ByClass):
        yield from deadline.classes.values()
    else:
        yield deadline
