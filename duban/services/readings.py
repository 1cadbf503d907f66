"""The deadlines of a definition as they are printed and as they are read, with what a person should look at twice."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.calendar import WorkCalendar
from duban.domain.deadline import AnySingle, OnDate, Window
from duban.domain.due import Due, dues
from duban.domain.expand import facts_of, form_of
from duban.domain.notice import Notice, Stage
from duban.domain.phrases import day_hint, day_phrase, weekday_phrase
from duban.services.columns import Planned
from duban.services.records import Records

#: Days of a recurring duty that are listed.
LISTED = 12
#: In Chinese, in English.
Doubt = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One deadline of one stage, for those classes that share it."""

    #: the same as long as the deadline is read the same
    key: str
    stage: str
    classes: tuple[str, ...]
    materials: tuple[str, ...]
    form: AnySingle
    #: the moments that it stands for, in order; one without a day is none
    dues: tuple[Due, ...]
    #: why a person should confirm it; none: nothing is doubtful
    doubts: tuple[str, ...]
    #: the same in English
    doubts_en: tuple[str, ...] = ()

    @property
    def planned(self) -> Planned:
        """The first moment, as pages say deadlines."""
        return Planned(class_name="、".join(self.classes), form=self.form, due=self.dues[0] if self.dues else None)


def readings(session: Session, notice: Notice, *, now: datetime) -> tuple[Reading, ...]:
    """Every deadline of ``notice`` if it is published at ``now``, in the notice's order."""
    calendar = Records(session).calendar
    facts = facts_of(notice, calendar, published_on=now.astimezone(notice.tz).date())
    found = []
    for stage in notice.stages:
        for form, classes, materials in _forms(notice, stage):
            moments = tuple(due for due in dues(form, facts) if due)
            pairs = tuple(_doubts(form, moments, calendar, now))
            doubts = tuple(zh for zh, _ in pairs)
            words = "|".join([stage.id, *classes, form.model_dump_json(), *(str(due.at) for due in moments), *doubts])
            found.append(
                Reading(
                    key=hashlib.sha256(words.encode()).hexdigest()[:16],
                    stage=stage.name,
                    classes=classes,
                    materials=materials,
                    form=form,
                    dues=moments,
                    doubts=doubts,
                    doubts_en=tuple(en for _, en in pairs),
                )
            )
    return tuple(found)


def _forms(notice: Notice, stage: Stage) -> Iterator[tuple[AnySingle, tuple[str, ...], tuple[str, ...]]]:
    """The forms of a stage, each with the names of its classes and materials."""
    classes = dict.fromkeys(name for material in stage.deliverables for name in material.who)
    by_form: dict[str, tuple[AnySingle, list[str]]] = {}
    for name in classes:
        form = form_of(stage, name)
        by_form.setdefault(form.model_dump_json(), (form, []))[1].append(name)
    for form, names in by_form.values():
        materials = [material.name for material in stage.deliverables if set(names) & set(material.who)]
        yield form, tuple(notice.classes[name].name for name in names), tuple(materials)


def _doubts(form: AnySingle, moments: tuple[Due, ...], calendar: WorkCalendar, now: datetime) -> Iterator[Doubt]:
    """Why a person should look, in Chinese and in English."""
    if isinstance(form, Window):
        zh = f"原文是一段时间，由经办选定{day_phrase(form.picked)}（{weekday_phrase(form.picked)}）"
        yield zh, f"the notice prints a span of time; the coordinator picked {form.picked}"
    elif form.set_by == "coordinator":
        yield "原文没有写日期，由经办设定", "the notice prints no day; the coordinator set it"
    if not moments:
        yield "没有确定的日期：照常显示，不提醒，也不会逾期", "no certain day: shown, never reminded of, never overdue"
        return
    yield from _rest(form, moments, calendar)
    past = [due for due in moments if due.at <= now]
    if past:
        yield f"{_days(past)}已过：发布后即为逾期", f"past already, overdue once published: {_dates(past)}"


def _rest(form: AnySingle, moments: tuple[Due, ...], calendar: WorkCalendar) -> Iterator[Doubt]:
    """Days of rest, and days of which nobody knows yet."""
    resting = [due for due in moments if not calendar.is_workday(due.day)]
    if resting:
        hint = day_hint(resting[0].day, calendar)
        zh = f"{_days(resting)}是{hint}，原文没有写顺延，仍按当日计"
        yield zh, f"not a working day; the notice does not move it, so the day stands: {_dates(resting)}"
    if form.roll != "none" and isinstance(form, OnDate) and form.date != moments[0].day:
        zh = f"原定{day_phrase(form.date)}，遇节假日按原文移到{day_phrase(moments[0].day)}"
        yield zh, f"printed {form.date}, moved off a holiday to {moments[0].day} as the notice says"
    unknown = [due for due in moments if calendar.is_provisional(due.day)]
    if unknown:
        zh = f"{_days(unknown)}所在年份的节假日安排还未公布，暂按周一至周五计"
        yield zh, f"the holidays of that year are not yet published, Monday to Friday are counted: {_dates(unknown)}"


def _dates(moments: list[Due]) -> str:
    shown = ", ".join(str(due.day) for due in moments[:3])
    return f"{shown} and so on, {len(moments)} days" if len(moments) > 3 else shown


def _days(moments: list[Due]) -> str:
    shown = "、".join(f"{day_phrase(due.day)}（{weekday_phrase(due.day)}）" for due in moments[:3])
    return f"{shown}等{len(moments)}天" if len(moments) > 3 else shown
