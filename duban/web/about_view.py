"""What a notice says, laid out for reading: facts, stages, units, events, forms. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from duban.domain.notice import ISSUER_STEP, PARENT, Deliverable, Form, Notice, UnitClass
from duban.domain.phrases import event_phrase, office_phrase, requirement_phrases, track_phrase
from duban.domain.roster import Unit
from duban.services.describing import Described
from duban.web.words import column_due, day_and_weekday, listed, shared_due, stamp, zone_words

LOG = {"log": "做好记录", "contact": "填报联系人", "note": "说明"}


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
    units: tuple[Unit, ...]

    @property
    def names(self) -> str:
        return listed(unit.name for unit in self.units)


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
        printed = f"（原文印作 {notice.printed_as}）" if notice.printed_as else ""
        found: list[tuple[str, tuple[str, ...]]] = [
            ("发文字号", (notice.document_number + printed,)),
            ("发文机关", (self.described.names[notice.issuer],)),
            ("日期", tuple(self._dates())),
            ("主题", (notice.theme,)),
            ("依据", tuple(f"《{b.title}》{b.document_number}" for b in notice.based_on)),
            ("主送", (notice.addressees,)),
            ("抄送", (listed(notice.copies_to),)),
            ("抄报", (listed(notice.reports_to),)),
            ("说明", (notice.note,)),
        ]
        return [(name, kept) for name, texts in found if (kept := tuple(text for text in texts if text))]

    def _dates(self) -> list[str]:
        notice = self.notice
        found = []
        if notice.issued_on:
            found.append(f"{self._day(notice.issued_on)}发文")
        if notice.printed_on:
            found.append(f"{self._day(notice.printed_on)}印发")
        if notice.publish_on:
            found.append(f"{self._day(notice.publish_on.date)}发布。{notice.publish_on.note}")
        found.append(f"在本系统于{stamp(self.described.published_at)}（{zone_words(self.now)}）发布")
        return found

    def _day(self, when: date) -> str:
        return day_and_weekday(when, self.now)

    @property
    def state(self) -> str:
        """``已于10月20日 10:00结束：…``; empty while it is open."""
        row = self.described.row
        if row.closed_at is None:
            return ""
        why = f"：{row.closed_reason}" if row.closed_reason else ""
        return (
            f"本通知已于{stamp(row.closed_at.astimezone(self.notice.tz))}{'撤销' if row.is_cancelled else '结束'}{why}"
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
        steps = [step.name for step in notice.steps(deliverable)]
        who = listed(notice.classes[name].name for name in deliverable.who)
        return Material(
            deliverable=deliverable,
            who=who or "未印责任单位，由经办确定",
            due="；".join(due for c in columns if (due := column_due(c, calendar, self.now)) != shared),
            requirements=requirement_phrases(deliverable, notice),
            tracks=tuple(track_phrase(track, notice) for track in deliverable.tracks),
            steps=" → ".join(steps) if steps != [ISSUER_STEP.name] else "",
        )

    @property
    def classes(self) -> list[ClassPart]:
        rosters = self.described.rosters
        return [ClassPart(unit_class=c, units=rosters[name]) for name, c in self.notice.classes.items()]

    @property
    def events(self) -> list[EventPart]:
        return [self._event(name) for name in self.notice.events]

    def _event(self, name: str) -> EventPart:
        event = self.notice.events[name]
        parts = listed(f"{self.described.names.get(unit, unit)}{role}" for unit, role in event.roles.items())
        return EventPart(
            phrase=event_phrase(event.model_copy(update={"tentative": False})),
            is_tentative=event.tentative,
            notes=tuple(note for note in (parts, event.note) if note),
        )

    @property
    def offices(self) -> list[tuple[str, str]]:
        """Each office as printed, and what is noted of it."""
        asked = self.notice.contact
        return [
            (office_phrase(office) + ("（咨询）" if name == asked else ""), office.note)
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
        units = listed(self.notice.classes[name].name for name in who) or "未写由谁承担"
        offices = listed("上级主管部门" if name == PARENT else self.notice.offices[name].name for name in to)
        return f"{units} · {kind}" + (f" → {offices}" if offices else "")


def _form_facts(form: Form) -> tuple[tuple[str, str], ...]:
    marks = {
        "可加行": form.open_rows,
        "可加列": form.open_columns,
        "按推荐顺序": form.ordered,
        "含个人信息": form.personal,
    }
    found = (
        ("填写", listed(form.fields)),
        ("各列", listed(form.columns)),
        ("各行", listed(form.row_heads)),
        ("盖章", listed(form.seals) + (f"（{form.receiver_seal}由接收机关加盖）" if form.receiver_seal else "")),
        ("特点", listed(mark for mark, is_so in marks.items() if is_so)),
        ("说明", form.note),
    )
    return tuple((name, text) for name, text in found if text)
