"""The course of a notice laid out as a picture: stages, materials, places on their way, each with its rows. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.notice import ARRIVAL_STEP, ISSUER_STEP, PARENT, Step
from duban.reading.runs import Run, Runs
from duban.services.course import Course, StageCourse, Stop, Way
from duban.services.figures import Show
from duban.web.facts import event_words, step_name
from duban.web.language.saying import is_english, label, say
from duban.web.ledger_query import Query
from duban.web.words import ZONE, column_due, day, moment, stamp

#: What stands in a box, by what it counts.
NAMES = {
    Show.MISSING: label("待报送"),
    Show.UNDATED: label("未定期限"),
    Show.COMPLETED: label("办结"),
    Show.WAIVED: label("免报"),
}
TONES = {Show.MISSING: "idle", Show.UNDATED: "idle", Show.REVIEW: "sent", Show.COMPLETED: "done", Show.WAIVED: "idle"}
STATES = {
    "RUNNING": label("运行中"),
    "COMPLETED": label("已完成"),
    "FAILED": label("失败"),
    "CRASHED": label("中断"),
    "CANCELLED": label("已取消"),
    "CANCELLING": label("正在取消"),
    "SCHEDULED": label("待运行"),
}
#: Runs that somebody should look at.
BAD = ("FAILED", "CRASHED")


@dataclass(frozen=True, kw_only=True)
class Box:
    """One place on the way of a material."""

    name: str
    count: int
    #: of the ledger's rows
    url: str
    tone: str
    #: ``逾期3``
    late: str
    late_url: str
    #: what is waited for here
    waits: str
    #: beside the way, not on it
    is_aside: bool


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A material and its way."""

    name: str
    boxes: tuple[Box, ...]
    #: what it is built from, with how far that is
    sources: tuple[str, ...]
    #: nobody owes it
    note: str


@dataclass(frozen=True, kw_only=True)
class Band:
    """A stage."""

    name: str
    when: str
    #: share 办结, in percent
    share: int
    done: str
    #: all its days have passed
    is_past: bool
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """A run of Prefect."""

    words: str
    url: str
    is_bad: bool


class FlowView:
    """The picture."""

    def __init__(self, found: Course, now: datetime, *, runs: Runs | None, prefect: str) -> None:
        self.course = found
        self.notice = found.described.notice
        self.now = now.astimezone(self.notice.tz)
        self.runs = runs
        self.prefect = prefect

    @property
    def bands(self) -> list[Band]:
        return [self._band(stage) for stage in self.course.stages]

    def _band(self, found: StageCourse) -> Band:
        owed, done = found.figures[Show.OWED], found.figures[Show.COMPLETED]
        return Band(
            name=found.stage.name,
            when=self._days(found.days),
            share=100 * done // owed if owed else 0,
            done=say("应报{owed}，办结{done}", owed=owed, done=done) if owed else say("没有单位要报送"),
            is_past=found.days is not None and found.days[1] < self.now.date(),
            lanes=tuple(self._lane(way) for way in found.ways),
        )

    def _days(self, days: tuple[date, date] | None) -> str:
        if days is None:
            return say("未定期限")
        return "—".join(dict.fromkeys(day(one, self.now) for one in days))

    def _lane(self, way: Way) -> Lane:
        return Lane(
            name=way.deliverable.name,
            boxes=tuple(self._box(way, stop) for stop in way.stops),
            sources=tuple(self._source(source.id) for source in way.sources),
            note="" if way.stops else say("没有单位要报送"),
        )

    def _source(self, name: str) -> str:
        """``各县工作总结（办结3/应报8）``."""
        way = next(way for stage in self.course.stages for way in stage.ways if way.deliverable.id == name)
        return say(
            "{deliverable}（办结{done}/应报{owed}）",
            deliverable=way.deliverable.name,
            done=way.figures[Show.COMPLETED],
            owed=way.figures[Show.OWED],
        )

    def _box(self, way: Way, stop: Stop) -> Box:
        query = Query(notice=self.notice.id, show=stop.show, material=way.deliverable.id, view="rows")
        return Box(
            name=step_name(stop.step.name) if stop.step else NAMES[stop.show],
            count=stop.count,
            url=query.url(step=stop.step.id if stop.step else ""),
            tone=TONES[stop.show],
            late=say("逾期{late}", late=stop.late) if stop.late else "",
            late_url=query.url(show=Show.OVERDUE),
            waits=self._waits(way, stop),
            is_aside=stop.show in (Show.UNDATED, Show.WAIVED),
        )

    def _waits(self, way: Way, stop: Stop) -> str:
        if stop.step:
            return self._reviewer(stop.step)
        if stop.show is not Show.MISSING:
            return ""
        calendar = self.course.described.calendar
        columns = [c for c in self.course.described.columns if c.deliverable.id == way.deliverable.id]
        dues = dict.fromkeys(due for c in columns if (due := column_due(c, calendar, self.now)))
        first = next(iter(dues), "")
        return say("等单位报送：{first}", first=first) + (say("等{count}期", count=len(dues)) if len(dues) > 1 else "")

    def _reviewer(self, step: Step) -> str:
        if step.id == ARRIVAL_STEP.id:
            return say("等纸质件送达")
        by = {ISSUER_STEP.by: str(label("发文机关", en="the issuer")), PARENT: say("上级主管部门")}.get(
            step.by
        ) or self.course.described.names.get(step.by, step.by)
        late = {"approve": say("，逾期视为通过"), "return": say("，逾期自动退回")}.get(step.on_timeout, "")
        return say("等{by}审核，{workdays}个工作日内{late}", by=by, workdays=step.workdays, late=late)

    @property
    def events(self) -> list[str]:
        return [event_words(event) for event in self.notice.events.values()]

    @property
    def next_rung(self) -> str:
        """When somebody is reminded next."""
        if self.course.is_closed:
            return say("通知已办结，不再提醒。")
        rung = self.course.next_rung
        if rung is None:
            return say("没有要提醒的事项。")
        return (
            say("下一次提醒：{rung}", rung=moment(rung, self.now))
            if rung > self.now
            else say("有到期的提醒，下一次检查时列入。")
        )

    @property
    def ticks(self) -> list[RunLine]:
        """The last and the next run, as Prefect has them; where it is down, what we know ourselves."""
        if self.runs is None:
            return [
                RunLine(
                    words=say("运行情况（Prefect）没有应答，不影响本页；{planned}", planned=self._planned()),
                    url="",
                    is_bad=True,
                )
            ]
        last, ahead = self.runs.last, self.runs.next
        lines = [self._run(say("最近一次"), last) if last else RunLine(words=self._planned(), url="", is_bad=False)]
        return [*lines, self._run(say("下一次"), ahead)] if ahead else lines

    def _planned(self) -> str:
        at = self.course.planned_at
        return say("最近一次检查在 {at}（本机时间）。", at=_minute(at)) if at else say("还没有检查过。")

    def _run(self, which: str, run: Run) -> RunLine:
        at = _minute(run.at)
        said = (
            say("：{message}", message=run.message) if run.message and run.state in ("COMPLETED", "CANCELLED") else ""
        )
        return RunLine(
            words=f"{which} {at} {STATES.get(run.state, run.state)}{said}",
            url=f"{self.prefect}/runs/flow-run/{run.id}",
            is_bad=run.state in BAD,
        )


def deployment_names(notice: str, number: str) -> tuple[str, str]:
    """As the timetable names the deployment of a notice: by its number, or, where two have it, with its id."""
    name = re.sub("[/%&<>]", " ", number)
    return name, f"{name} {notice}"


def _minute(at: datetime) -> str:
    """``2021-10-20 09:30``, as Prefect's own pages have it."""
    local = at.astimezone(ZONE)
    return stamp(local) if is_english() else f"{local:%Y-%m-%d %H:%M}"
