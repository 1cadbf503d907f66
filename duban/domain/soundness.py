"""What a definition must say beyond its shape: names that exist, days in order, receivers, a cascade that can be met.

Pure: it asks no calendar, no clock and no unit table. A weekend or a holiday as due day is not its affair, nor is
whether a reviewing unit exists.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from duban.domain.calendar import ONE_DAY
from duban.domain.caps import MB, caps, size_phrase
from duban.domain.deadline import ByClass, Recurring, Relative, Undated, every_single
from duban.domain.fixed_days import fixed_day, fixed_days, forms_of, has_day_of_issue
from duban.domain.names import DEADLINE, KEY, Loc, placed, placed_forms, references, siblings
from duban.domain.notice import ARRIVAL_STEP, Deliverable, Event, Notice, Stage
from duban.domain.spelling import meant
from duban.domain.terms import ARRIVAL

Severity = Literal["error", "warning"]
#: What a unit may hand in of one material before its author is asked to think of the disk.
MUCH = 2000 * MB


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong with a definition (error) or that its author should know (warning)."""

    #: keys and indexes from the top of the definition; ``KEY`` at the end means the key itself, not its value
    loc: Loc
    zh: str
    #: what to do, in Chinese; may be empty
    hint: str = ""
    severity: Severity = "error"


def findings(notice: Notice) -> list[Finding]:
    """Everything that is unsound in ``notice``, rule by rule; empty where all is well."""
    return [finding for rule in RULES for finding in rule(notice)]


def _unknown_names(notice: Notice) -> Iterator[Finding]:
    for reference in references(notice):
        if reference.name not in reference.known:
            zh = f"没有定义{reference.what} {reference.name}"
            hint = meant(reference.name, reference.known) or f"请先定义{reference.what}，或删去这一项"
            yield Finding(loc=reference.loc, zh=zh, hint=hint)


def _repeated_names(notice: Notice) -> Iterator[Finding]:
    for what, members in siblings(notice):
        seen: set[str] = set()
        for loc, name in members:
            if name in seen:
                yield Finding(loc=loc, zh=f"{what} {name} 重复", hint="请另取一个")
            seen.add(name)


def _classes_that_bind_nobody(notice: Notice) -> Iterator[Finding]:
    for name, unit_class in notice.classes.items():
        if not unit_class.kinds and not unit_class.units:
            zh = f"单位类别 {name} 没有写 kinds 或 units，约束不到任何单位"
            yield Finding(loc=("classes", name, KEY), zh=zh, hint="请写明单位种类 kinds 或单位 units")


def _classes_without_a_deadline(notice: Notice) -> Iterator[Finding]:
    for at, stage in enumerate(notice.stages):
        if not isinstance(stage.deadline, ByClass):
            continue
        owing = dict.fromkeys(name for deliverable in stage.deliverables for name in deliverable.who)
        for name in owing:
            if name in notice.classes and name not in stage.deadline.classes:
                zh = f"环节“{stage.name}”没有写单位类别 {name} 的期限"
                hint = f"请在 classes 中补写 {name}；没有期限的写 kind: none"
                yield Finding(loc=("stages", at, DEADLINE, "classes", KEY), zh=zh, hint=hint)


def _missing_receivers(notice: Notice) -> Iterator[Finding]:
    for loc, stage, deliverable in placed(notice):
        exempt = deliverable.kind == "work_item" or deliverable.tracks
        if not exempt and _has_a_day(stage, deliverable):
            zh = f"材料“{deliverable.name}”有期限而没有接收处"
            yield Finding(loc=loc, zh=zh, hint="请写 tracks，注明方式 medium 和接收处 to")


def _has_a_day(stage: Stage, deliverable: Deliverable) -> bool:
    """Dated or recurring for one class at least; where nobody owes it yet, for any."""
    forms = forms_of(stage, deliverable) if deliverable.who else every_single(stage.deadline)
    return any(not isinstance(form, Undated) for form in forms)


def _no_day_of_issue(notice: Notice) -> Iterator[Finding]:
    if not has_day_of_issue(notice):
        hint = "请写 issued_on；原文未印的，由经办设定 publish_on 并说明理由"
        yield Finding(loc=(), zh="没有发文日期", hint=hint)


#: Which key of a form holds its day.
_DAY_KEY = {"date": "date", "month_end": "month", "window": "picked"}


def _days_before_issue(notice: Notice) -> Iterator[Finding]:
    if not has_day_of_issue(notice):
        return
    for loc, form in placed_forms(notice):
        key = _DAY_KEY.get(form.kind)
        yield from _before_issue(notice, (*loc, key) if key else loc, "期限", fixed_day(notice, form))
        if isinstance(form, Recurring):
            yield from _before_issue(notice, (*loc, "until"), "截止日", form.until)
    yield from _before_issue(notice, ("ends_on",), "结束日期", notice.ends_on)
    if notice.issued_on:
        yield from _before_issue(notice, ("printed_on",), "印发日期", notice.printed_on)


def _before_issue(notice: Notice, loc: Loc, what: str, day: date | None) -> Iterator[Finding]:
    if day and day < notice.dated_on:
        yield Finding(loc=loc, zh=f"{what} {day} 早于发文日期 {notice.dated_on}", hint="请核对年份和日期")


def _days_out_of_order(notice: Notice) -> Iterator[Finding]:
    for name, event in notice.events.items():
        loc: Loc = ("events", name, "until")
        if event.until and not event.date:
            hint = "请补写 date，或只在 text 中照抄原文"
            yield Finding(loc=loc, zh=f"活动“{event.name}”有止日而没有起日", hint=hint, severity="warning")
        elif event.until and event.date:
            yield from _reversed(loc, event.date, event.until)
    for loc, form in placed_forms(notice):
        if isinstance(form, Recurring) and form.from_ and form.until:
            yield from _reversed((*loc, "until"), form.from_, form.until)


def _reversed(loc: Loc, first: date, last: date) -> Iterator[Finding]:
    if last < first:
        yield Finding(loc=loc, zh=f"止日 {last} 早于起日 {first}", hint="请核对两个日期")


def _recurring_forms(notice: Notice) -> Iterator[Finding]:
    for loc, form in placed_forms(notice):
        if not isinstance(form, Recurring):
            continue
        if not form.until and not notice.ends_on:
            yield Finding(loc=loc, zh="定期报送没有写到何时为止", hint="请写 until，或写整份通知的 ends_on")
        for at, name in enumerate(form.exceptions):
            if not _exists(name):
                yield Finding(loc=(*loc, "exceptions", at), zh=f"没有这一天：{name}", hint="请核对免报的日期")


def _exists(exception: str) -> bool:
    """False for a day that no calendar has; months and quarters always exist."""
    try:
        return exception.count("-") < 2 or bool(date.fromisoformat(exception))
    except ValueError:
        return False


def _events_that_fix_nothing(notice: Notice) -> Iterator[Finding]:
    for name, event in notice.events.items():
        if event.around == name:
            zh = f"活动“{event.name}”不能以自身为准"
            yield Finding(loc=("events", name, "around"), zh=zh, hint="请写另一项活动")
    for loc, form in placed_forms(notice):
        event_of_form = notice.events.get(form.event or "") if isinstance(form, Relative) else None
        if event_of_form and _fixes_nothing(event_of_form):
            zh = f"活动“{event_of_form.name}”的日期未定，在其确定之前，据此计算的期限也未定"
            hint = "活动日期确定后请发补充通知，并改写定义"
            yield Finding(loc=(*loc, "event"), zh=zh, hint=hint, severity="warning")


def _fixes_nothing(event: Event) -> bool:
    return event.tentative or event.date is None


def _cascades_out_of_order(notice: Notice) -> Iterator[Finding]:
    """A deliverable that is built from lower ones falls after them (domain rule 10); undeclared pairs rest."""
    by_id = {deliverable.id: (loc, stage, deliverable) for loc, stage, deliverable in placed(notice)}
    for loc, stage, upper in placed(notice):
        for at, lower_id in enumerate(upper.built_from):
            if lower_id == upper.id:
                zh = f"材料“{upper.name}”不能由自身汇总"
                yield Finding(loc=(*loc, "built_from", at), zh=zh, hint="请写下级报送的材料")
            elif lower_id in by_id:
                yield from _not_before(notice, by_id[lower_id], (stage, upper))


def _not_before(
    notice: Notice, lower: tuple[Loc, Stage, Deliverable], upper: tuple[Stage, Deliverable]
) -> Iterator[Finding]:
    loc, lower_stage, lower_one = lower
    lower_days, upper_days = fixed_days(notice, lower_stage, lower_one), fixed_days(notice, *upper)
    # days that roll differently can change their order: only a calendar knows
    if not lower_days or not upper_days or len({roll for _, roll in lower_days | upper_days}) > 1:
        return
    latest, earliest = max(lower_days)[0], min(upper_days)[0]
    if latest >= earliest:
        zh = f"材料“{lower_one.name}”的期限 {latest} 应早于由其汇总的“{upper[1].name}”的期限 {earliest}"
        yield Finding(loc=(*loc[:2], DEADLINE), zh=zh, hint=_safe_day(notice, earliest))


def _safe_day(notice: Notice, earliest: date) -> str:
    safe = earliest - ONE_DAY
    return "请推迟上级材料的期限" if safe < notice.dated_on else f"最迟可定在 {safe}"


def _steps_with_a_name_of_ours(notice: Notice) -> Iterator[Finding]:
    """The last step, which waits for paper on its way, has its name already."""
    own = [
        (("stages", at, "deliverables", n, "review"), deliverable.review or ())
        for at, stage in enumerate(notice.stages)
        for n, deliverable in enumerate(stage.deliverables)
    ]
    for loc, steps in [(("review",), notice.review), *own]:
        for n, step in enumerate(steps):
            if step.id == ARRIVAL:
                zh = f"审核步骤不能叫 {ARRIVAL}：这是“{ARRIVAL_STEP.name}”一步的编号"
                yield Finding(loc=(*loc, n, "id"), zh=zh, hint="请另取一个")


def _much_to_keep(notice: Notice) -> Iterator[Finding]:
    """A material whose files may fill the disk: each unit may hand in so much."""
    for loc, _, deliverable in placed(notice):
        total = caps(deliverable).total
        if total > MUCH:
            zh = f"材料“{deliverable.name}”每个单位最多可报 {size_phrase(total)}"
            hint = "请确认磁盘放得下，或减小 max_file_mb、max_files"
            yield Finding(loc=(*loc, "max_files"), zh=zh, hint=hint, severity="warning")


#: In the order in which their findings are listed.
RULES: tuple[Callable[[Notice], Iterator[Finding]], ...] = (
    _no_day_of_issue,
    _unknown_names,
    _repeated_names,
    _classes_that_bind_nobody,
    _classes_without_a_deadline,
    _missing_receivers,
    _days_before_issue,
    _days_out_of_order,
    _recurring_forms,
    _events_that_fix_nothing,
    _cascades_out_of_order,
    _much_to_keep,
    _steps_with_a_name_of_ours,
)
