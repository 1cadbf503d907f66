"""The days to come as bars and rows: mails of each day, what day it is, and what fits. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.calendar import WorkCalendar
from duban.domain.terms import MailKind
from duban.services.foreseeing import told
from duban.services.outlook import DayAhead, Outlook
from duban.services.prospect import Prospect
from duban.services.readings import LISTED, Reading
from duban.web.language.saying import is_english, say, term
from duban.web.words import day_hint, due_words, month_day, month_day_weekday, weekday

#: Of a bar and of the drawing, in units of the drawing.
WIDTH, HEIGHT, TOP, FOOT = 46, 150, 24, 44


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One day of the drawing."""

    x: int
    y: int
    height: int
    day: str
    weekday: str
    mails: int
    fits: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One day of the table."""

    day: str
    #: ``周六，调休上班``
    about: str
    mails: int
    #: ``报送提醒 9、逾期催报 2``
    kinds: str
    others: int
    #: what may be sent; None: as many as there are
    allowed: int | None
    #: how many are left at the end of the day
    left: int


@dataclass(frozen=True, kw_only=True)
class ReadingView:
    """A deadline to look at."""

    key: str
    stage: str
    who: str
    materials: str
    words: str
    #: further days of a recurring one
    more: str
    doubts: tuple[str, ...]
    note: str
    is_sure: bool


@dataclass(frozen=True, kw_only=True)
class DaysView:
    """The step."""

    readings: tuple[ReadingView, ...]
    bars: tuple[Bar, ...]
    rows: tuple[Row, ...]
    total: int
    busiest: str
    help: str
    width: int
    height: int
    #: where the quota lies in the drawing; None: above it, or none
    quota_y: int | None
    quota: int | None

    @property
    def doubtful(self) -> int:
        """Deadlines that want to be confirmed."""
        return sum(bool(it.doubts) for it in self.readings)


def days_view(it: Prospect, now: datetime) -> DaysView:
    """``now`` in the notice's zone."""
    left = {over.day: over.wanted - over.allowed for over in it.over}
    shown = [day for day in it.ahead.days if day.mails or day.others]
    scale = _scale(it)
    return DaysView(
        readings=tuple(_reading(one, it.calendar, now, it.found.draft.confirmed) for one in it.readings),
        bars=tuple(_bar(n, day, scale.by, fits=day.day not in left) for n, day in enumerate(shown)),
        rows=tuple(_row(day, it.calendar, now, it.allowed, left.get(day.day, 0)) for day in shown),
        total=sum(day.mails for day in it.ahead.days),
        busiest=_busiest(it.ahead),
        help=told(it.over)[0] if it.over else "",
        width=max(1, len(shown)) * WIDTH,
        height=TOP + HEIGHT + FOOT,
        quota_y=scale.quota_y,
        quota=scale.quota,
    )


@dataclass(frozen=True, kw_only=True)
class _Scale:
    #: units of the drawing for a mail
    by: float
    quota: int | None
    quota_y: int | None


def _scale(it: Prospect) -> _Scale:
    """The quota is drawn where it is not far above the highest bar."""
    highest = max(it.ahead.wanted.values(), default=0)
    quota = max(it.allowed.values(), default=None)
    drawn = quota if quota is not None and quota <= highest * 2 else None
    by = HEIGHT / max(highest, drawn or 0, 1)
    return _Scale(by=by, quota=quota, quota_y=None if drawn is None else TOP + HEIGHT - round(drawn * by))


def _bar(place: int, day: DayAhead, scale: float, *, fits: bool) -> Bar:
    mails = day.mails + day.others
    height = max(2, round(mails * scale))
    return Bar(
        x=place * WIDTH,
        y=TOP + HEIGHT - height,
        height=height,
        day=month_day(day.day) if is_english() else f"{day.day.month}/{day.day.day}",
        weekday=weekday(day.day),
        mails=mails,
        fits=fits,
    )


def _row(day: DayAhead, calendar: WorkCalendar, now: datetime, allowed: Mapping[date, int], left: int) -> Row:
    kinds = say("、").join(f"{term(kind)} {count}" for kind, count in sorted(day.kinds.items(), key=lambda it: -it[1]))
    year = say("{year}年", year=day.day.year) if day.day.year != now.year else ""
    return Row(
        day=year + month_day(day.day),
        about=say("，").join(filter(None, [weekday(day.day), day_hint(day.day, calendar), _moved(day, calendar)])),
        mails=day.mails,
        kinds=kinds,
        others=day.others,
        allowed=allowed.get(day.day),
        left=left,
    )


def _moved(day: DayAhead, calendar: WorkCalendar) -> str:
    """Why somebody is chased on this day and not on the one before."""
    before = calendar.shift(day.day, -1)
    is_late = MailKind.OVERDUE in day.kinds or MailKind.ESCALATION in day.kinds
    if not (is_late and calendar.is_first_after_break(before)):
        return ""
    return say("避开节后首个工作日{day_phrase}", day_phrase=month_day(before))


def _busiest(ahead: Outlook) -> str:
    if ahead.busiest_week is None:
        return ""
    units = say("（共{busiest_units}个单位）", busiest_units=ahead.busiest_units) if ahead.busiest_units > 1 else ""
    return say(
        "一个单位一周最多收到{most_per_week}封：{day_phrase}起的一周{units}",
        most_per_week=ahead.most_per_week,
        day_phrase=month_day(ahead.busiest_week),
        units=units,
    )


def _reading(it: Reading, calendar: WorkCalendar, now: datetime, confirmed: Collection[str]) -> ReadingView:
    further = it.dues[1:LISTED]
    more = say("、").join(month_day_weekday(due.day) for due in further)
    rest = say("等，共{count}次", count=len(it.dues)) if len(it.dues) > LISTED else ""
    return ReadingView(
        key=it.key,
        stage=it.stage,
        who=say("、").join(it.classes),
        materials=say("、").join(it.materials),
        words=due_words(it.planned, calendar, now),
        more=more + rest,
        doubts=it.doubts_en if is_english() else it.doubts,
        note=it.form.note,
        is_sure=it.key in confirmed,
    )
