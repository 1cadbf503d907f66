"""What a notice says, laid out for reading: facts, stages, units, events, forms. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.notice import ISSUER_STEP, PARENT, Deliverable, Form, Notice, UnitClass
from duban.services.describing import Described, Members
from duban.web.facts import asks, event_words, office_words, step_name, track_words
from duban.web.language.saying import label, say
from duban.web.words import column_due, day_and_weekday, listed, shared_due, stamp, stamp_with_zone

LOG = {"log": label("做好记录"), "contact": label("填报联系人"), "note": label("说明")}


@dataclass(frozen=True, kw_only=True)
class Material:
    """A deliverable."""

    deliverable: Deliverable
    who: str
    due: str
    requirements: tuple[str, ...]
    tracks: tuple[str, ...]
    steps: str


@dataclass(frozen=True, kw_only=True)
class StagePart:
    """A stage."""

    name: str
    #: empty where its materials differ
    due: str
    note: str
    is_set_by_coordinator: bool
    materials: tuple[Material, ...]


@dataclass(frozen=True, kw_only=True)
class ClassPart:
    """A class of units with its roster."""

    unit_class: UnitClass
    members: Members

    @property
    def names(self) -> str:
        names = listed(unit.name for unit in self.members.named)
        return say("{names}等", names=names) if self.members.count > len(self.members.named) else names


@dataclass(frozen=True, kw_only=True)
class EventPart:
    """An event."""

    phrase: str
    is_tentative: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FormPart:
    """A form: what it has, in phrases."""

    form: Form
    facts: tuple[tuple[str, str], ...]


class AboutView:
    """A notice in force."""

    def __init__(self, described: Described, now: datetime, only: Collection[str] | None = None) -> None:
        """``only``: the deliverables that are shown; None: all."""
        self._only = only
        self.described = described
        self.notice: Notice = described.notice
        self.now = now.astimezone(described.notice.tz)

    @property
    def facts(self) -> list[tuple[str, tuple[str, ...]]]:
        """The head of the notice, as printed."""
        notice = self.notice
        printed = say("（原文印作 {printed_as}）", printed_as=notice.printed_as) if notice.printed_as else ""
        found: list[tuple[str, tuple[str, ...]]] = [
            (say("发文字号"), (notice.document_number + printed,)),
            (say("发文机关"), (self.described.names[notice.issuer],)),
            (say("日期"), tuple(self._dates())),
            (say("主题"), (notice.theme,)),
            (
                say("依据"),
                tuple(
                    say("《{title}》{document_number}", title=b.title, document_number=b.document_number)
                    for b in notice.based_on
                ),
            ),
            (say("主送"), (notice.addressees,)),
            (say("抄送"), (listed(notice.copies_to),)),
            (say("抄报"), (listed(notice.reports_to),)),
            (say("说明"), (notice.note,)),
        ]
        return [(name, kept) for name, texts in found if (kept := tuple(text for text in texts if text))]

    def _dates(self) -> list[str]:
        notice = self.notice
        found = []
        if notice.issued_on:
            found.append(say("{day}发文", day=self._day(notice.issued_on)))
        if notice.printed_on:
            found.append(say("{day}印发", day=self._day(notice.printed_on)))
        if notice.publish_on:
            found.append(say("{day}发布。{note}", day=self._day(notice.publish_on.date), note=notice.publish_on.note))
        found.append(say("在本系统于{published_at}发布", published_at=stamp_with_zone(self.described.published_at)))
        return found

    def _day(self, when: date) -> str:
        return day_and_weekday(when, self.now)

    @property
    def state(self) -> str:
        """``已于10月20日 10:00结束：…``; empty while it is open."""
        row = self.described.row
        if row.closed_at is None:
            return ""
        why = say("：{closed_reason}", closed_reason=row.closed_reason) if row.closed_reason else ""
        return say(
            "本通知已于{closed_at}{ended}{why}",
            closed_at=stamp(row.closed_at.astimezone(self.notice.tz)),
            ended=say("撤销") if row.is_cancelled else say("结束"),
            why=why,
        )

    @property
    def stages(self) -> list[StagePart]:
        found = [self._stage(stage.id) for stage in self.notice.stages]
        return [stage for stage in found if stage.materials or self._only is None]

    def _stage(self, stage_id: str) -> StagePart:
        columns = [column for column in self.described.columns if column.stage.id == stage_id]
        stage = columns[0].stage
        shared = shared_due(columns, self.described.calendar, self.now)
        return StagePart(
            name=stage.name,
            due=shared,
            note=" ".join(note for note in (stage.note, getattr(stage.deadline, "note", "")) if note),
            is_set_by_coordinator=getattr(stage.deadline, "set_by", "") == "coordinator",
            materials=tuple(self._material(one, shared) for one in stage.deliverables if self._shows(one)),
        )

    def _shows(self, deliverable: Deliverable) -> bool:
        return self._only is None or deliverable.id in self._only

    def _material(self, deliverable: Deliverable, shared: str) -> Material:
        notice, calendar = self.notice, self.described.calendar
        columns = [c for c in self.described.columns if c.deliverable.id == deliverable.id]
        steps = [step_name(step.name) for step in notice.steps(deliverable)]
        who = listed(notice.classes[name].name for name in deliverable.who)
        return Material(
            deliverable=deliverable,
            who=who or say("未印责任单位，由经办确定"),
            due=say("；").join(due for c in columns if (due := column_due(c, calendar, self.now)) != shared),
            requirements=asks(deliverable, notice),
            tracks=tuple(track_words(track, notice) for track in deliverable.tracks),
            steps=" → ".join(steps) if steps != [step_name(ISSUER_STEP.name)] else "",
        )

    @property
    def classes(self) -> list[ClassPart]:
        rosters = self.described.rosters
        return [ClassPart(unit_class=c, members=rosters[name]) for name, c in self.notice.classes.items()]

    @property
    def events(self) -> list[EventPart]:
        return [self._event(name) for name in self.notice.events]

    def _event(self, name: str) -> EventPart:
        event = self.notice.events[name]
        parts = listed(f"{self.described.names.get(unit, unit)}{role}" for unit, role in event.roles.items())
        return EventPart(
            phrase=event_words(event.model_copy(update={"tentative": False})),
            is_tentative=event.tentative,
            notes=tuple(note for note in (parts, event.note) if note),
        )

    @property
    def offices(self) -> list[tuple[str, str]]:
        """Each office as printed, and what is noted of it."""
        asked = self.notice.contact
        return [
            (office_words(office) + (say("（咨询）") if name == asked else ""), office.note)
            for name, office in self.notice.offices.items()
        ]

    @property
    def forms(self) -> list[FormPart]:
        return [FormPart(form=form, facts=_form_facts(form)) for form in self.notice.forms.values()]

    @property
    def duties(self) -> list[tuple[str, str]]:
        """Each duty, and in a few words who has it and where it goes."""
        return [(duty.text, self._duty(duty.who, duty.to, LOG[duty.kind])) for duty in self.notice.duties]

    def _duty(self, who: tuple[str, ...], to: tuple[str, ...], kind: str) -> str:
        units = listed(self.notice.classes[name].name for name in who) or say("未写由谁承担")
        offices = listed(say("上级主管部门") if name == PARENT else self.notice.offices[name].name for name in to)
        return f"{units} · {kind}" + (f" → {offices}" if offices else "")


def _form_facts(form: Form) -> tuple[tuple[str, str], ...]:
    marks = {
        say("可加行"): form.open_rows,
        say("可加列"): form.open_columns,
        say("按推荐顺序"): form.ordered,
        say("含个人信息"): form.personal,
    }
    found = (
        (say("填写"), listed(form.fields)),
        (say("各列"), listed(form.columns)),
        (say("各行"), listed(form.row_heads)),
        (
            say("盖章"),
            listed(form.seals)
            + (
                say("（{receiver_seal}由接收机关加盖）", receiver_seal=form.receiver_seal) if form.receiver_seal else ""
            ),
        ),
        (say("特点"), listed(mark for mark, is_so in marks.items() if is_so)),
        (say("说明"), form.note),
    )
    return tuple((name, text) for name, text in found if text)
