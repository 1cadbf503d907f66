"""A supplement (补充通知) in plain words: what it changes of a notice (domain rule 11).

Stages and deliverables are the same as long as their ids are. Texts are Chinese sentences without a full stop.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from duban.domain.ladder import Ladder
from duban.domain.notice import Deliverable, Notice, Office, Stage, Step, UnitClass
from duban.domain.phrases import event_phrase, office_phrase, requirement_phrases, track_phrase
from duban.domain.spoken_days import spoken

#: Names of units by id; a stranger is called by its id.
Names = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that a supplement changes."""

    #: ``stage``, ``day``, ``deliverable``, ``requirement``, ``who``, ``class``, ``receiver``, ``event``, ``ladder``,
    #: ``review``, ``form``, ``duty``, ``head``
    kind: str
    text: str


def changes(before: Notice, after: Notice, names: Names | None = None) -> tuple[Change, ...]:
    """Everything that differs, in the order in which a notice is read; empty where nothing does."""
    called = names or {}
    parts: tuple[Callable[[Notice, Notice, Names], Iterator[Change]], ...] = (
        _head, _stages, _deliverables, _classes, _offices, _events, _forms, _duties, _ladders,
    )  # fmt: skip
    found = tuple(change for part in parts for change in part(before, after, called))
    if not found and before != after:
        return (Change(kind="head", text="其他说明有调整"),)
    return found


def _head(before: Notice, after: Notice, names: Names) -> Iterator[Change]:
    told: dict[str, Callable[[Notice], object]] = {
        "标题": lambda n: n.title,
        "发文日期": lambda n: _day(n.issued_on),
        "印发日期": lambda n: _day(n.printed_on),
        "发布日期": lambda n: _day(n.publish_on.date) if n.publish_on else "未定",
        "周期性报送的截止日": lambda n: _day(n.ends_on),
        "下班时间": lambda n: n.closing,
        "主题": lambda n: n.theme or "无",
        "主送": lambda n: n.addressees,
        "抄送": lambda n: _listed(n.copies_to),
        "抄报": lambda n: _listed(n.reports_to),
        "落款": lambda n: n.issuing_office or "无",
    }
    for name, value in told.items():
        if value(before) != value(after):
            yield Change(kind="head", text=f"{name}由“{value(before)}”改为“{value(after)}”")
    if before.note != after.note:
        yield Change(kind="head", text="通知的说明有调整")


def _stages(before: Notice, after: Notice, names: Names) -> Iterator[Change]:
    was, is_ = ({stage.id: stage for stage in notice.stages} for notice in (before, after))
    for stage in after.stages:
        former = was.get(stage.id)
        if former is None:
            yield Change(kind="stage", text=f"新增环节“{stage.name}”，期限为{spoken(stage.deadline, after)}")
            continue
        if former.name != stage.name:
            yield Change(kind="stage", text=f"环节“{former.name}”更名为“{stage.name}”")
        if former.deadline != stage.deadline:
            yield Change(kind="day", text=_moved(before, after, former, stage))
        if former.note != stage.note:
            yield Change(kind="stage", text=f"环节“{stage.name}”的说明有调整")
    for stage in before.stages:
        if stage.id not in is_:
            yield Change(kind="stage", text=f"取消环节“{stage.name}”")


def _moved(before: Notice, after: Notice, was: Stage, stage: Stage) -> str:
    former, present = spoken(was.deadline, before), spoken(stage.deadline, after)
    if former == present:
        return f"环节“{stage.name}”期限的说明有调整"
    return f"环节“{stage.name}”的期限由{former}改为{present}"


def _deliverables(before: Notice, after: Notice, names: Names) -> Iterator[Change]:
    was, is_ = ({one.id: (stage, one) for stage, one in notice.placed()} for notice in (before, after))
    for stage, one in after.placed():
        if one.id in was:
            yield from _deliverable(before, after, was[one.id], (stage, one))
        else:
            who = _listed(after.classes[name].name for name in one.who)
            text = f"新增材料“{one.name}”，由{who}报送，期限为{spoken(stage.deadline, after)}"
            yield Change(kind="deliverable", text=text if one.who else f"新增材料“{one.name}”，报送单位待定")
    for name, (_, one) in was.items():
        if name not in is_:
            yield Change(kind="deliverable", text=f"取消材料“{one.name}”")


def _deliverable(
    before: Notice, after: Notice, was: tuple[Stage, Deliverable], is_: tuple[Stage, Deliverable]
) -> Iterator[Change]:
    (old_stage, old), (stage, new) = was, is_
    if old.name != new.name:
        yield Change(kind="deliverable", text=f"材料“{old.name}”更名为“{new.name}”")
    if old_stage.id != stage.id:
        text = f"“{new.name}”由环节“{old_stage.name}”调整到“{stage.name}”，期限为{spoken(stage.deadline, after)}"
        yield Change(kind="day", text=text)
    if old.who != new.who:
        former, present = (_listed(n.classes[c].name for c in d.who) for n, d in ((before, old), (after, new)))
        yield Change(kind="who", text=f"“{new.name}”的报送单位由{former}改为{present}")
    yield from _asked(new.name, requirement_phrases(old, before), requirement_phrases(new, after))
    former, present = (_listed(track_phrase(t, n) for t in d.tracks) for n, d in ((before, old), (after, new)))
    if former != present:
        yield Change(kind="receiver", text=f"“{new.name}”的报送方式由“{former}”改为“{present}”")
    former, present = (_steps(n.steps(d)) for n, d in ((before, old), (after, new)))
    if former != present:
        yield Change(kind="review", text=f"“{new.name}”的审核由{former}改为{present}")
    rest = {"name", "who", "requirements", "tracks", "review", "items", "forms"}
    if old.model_dump(exclude=rest) != new.model_dump(exclude=rest):
        yield Change(kind="deliverable", text=f"“{new.name}”的其他规定有调整")


def _asked(name: str, was: tuple[str, ...], is_: tuple[str, ...]) -> Iterator[Change]:
    added, dropped = _listed(p for p in is_ if p not in was), _listed(p for p in was if p not in is_)
    if _NONE not in (added, dropped):
        yield Change(kind="requirement", text=f"“{name}”的要求由“{dropped}”改为“{added}”")
    elif added != _NONE:
        yield Change(kind="requirement", text=f"“{name}”增加要求“{added}”")
    elif dropped != _NONE:
        yield Change(kind="requirement", text=f"“{name}”不再要求“{dropped}”")


def _steps(steps: Iterable[Step]) -> str:
    return "“" + "→".join(f"{step.name}（{step.workdays}个工作日）" for step in steps) + "”"


def _classes(before: Notice, after: Notice, names: Names) -> Iterator[Change]:
    for name, is_ in after.classes.items():
        was = before.classes.get(name)
        if was is None:
            yield Change(kind="class", text=f"新增单位类别“{is_.name}”")
        elif was != is_:
            yield from _class(was, is_, names)
    yield from (
        Change(kind="class", text=f"取消单位类别“{was.name}”")
        for name, was in before.classes.items()
        if name not in after.classes
    )


def _class(was: UnitClass, is_: UnitClass, names: Names) -> Iterator[Change]:
    if was.name != is_.name:
        yield Change(kind="class", text=f"单位类别“{was.name}”更名为“{is_.name}”")
    told = {
        "增加": [names.get(unit, unit) for unit in is_.units if unit not in was.units],
        "不再点名": [names.get(unit, unit) for unit in was.units if unit not in is_.units],
        "除外": [names.get(unit, unit) for unit in is_.except_units if unit not in was.except_units],
        "不再除外": [names.get(unit, unit) for unit in was.except_units if unit not in is_.except_units],
    }
    for verb, units in told.items():
        if units:
            yield Change(kind="class", text=f"“{is_.name}”{verb}{_listed(units)}")
    if was.kinds != is_.kinds:
        yield Change(kind="class", text=f"“{is_.name}”的单位类型由{_listed(was.kinds)}改为{_listed(is_.kinds)}")
    if (was.set_by, was.note) != (is_.set_by, is_.note):
        yield Change(kind="class", text=f"“{is_.name}”的说明有调整")


def _offices(before: Notice, after: Notice, names: Names) -> Iterator[Change]:
    for name, office in after.offices.items():
        was = before.offices.get(name)
        if was is None:
            yield Change(kind="receiver", text=f"新增接收或咨询单位“{office_phrase(office)}”")
        elif was != office:
            yield Change(kind="receiver", text=_office(was, office))
    yield from (
        Change(kind="receiver", text=f"取消接收或咨询单位“{was.name}”")
        for name, was in before.offices.items()
        if name not in after.offices
    )
    if before.contact != after.contact:
        asked = [n.offices[n.contact].name if n.contact and n.contact in n.offices else "未写" for n in (before, after)]
        yield Change(kind="receiver", text=f"咨询单位由“{asked[0]}”改为“{asked[1]}”")


def _office(was: Office, is_: Office) -> str:
    former, present = office_phrase(was), office_phrase(is_)
    if former == present:
        return f"“{is_.name}”的说明有调整"
    return f"接收或咨询单位由“{former}”改为“{present}”"


def _events(before: Notice, after: Notice, names: Names) -> Iterator[Change]:
    for name, event in after.events.items():
        was = before.events.get(name)
        if was is None:
            yield Change(kind="event", text=f"新增活动“{event_phrase(event)}”")
        elif was != event:
            former, present = event_phrase(was), event_phrase(event)
            same = f"活动“{event.name}”的说明有调整"
            verb = "确定为" if was.tentative and not event.tentative else "改为"
            yield Change(kind="event", text=same if former == present else f"活动由“{former}”{verb}“{present}”")
    yield from (
        Change(kind="event", text=f"取消活动“{was.name}”")
        for name, was in before.events.items()
        if name not in after.events
    )


def _forms(before: Notice, after: Notice, names: Names) -> Iterator[Change]:
    yield from _listing("form", "附表", _by_name(before.forms), _by_name(after.forms))
    if before.based_on != after.based_on:
        yield Change(kind="head", text="所依据的文件有调整")


def _duties(before: Notice, after: Notice, names: Names) -> Iterator[Change]:
    was, is_ = ({duty.id: (duty.text, duty) for duty in notice.duties} for notice in (before, after))
    yield from _listing("duty", "不限期事项", was, is_)


def _by_name(values: Mapping[str, Any]) -> dict[str, tuple[str, object]]:
    return {name: (value.name, value) for name, value in values.items()}


def _listing(
    kind: str, word: str, was: Mapping[str, tuple[str, object]], is_: Mapping[str, tuple[str, object]]
) -> Iterator[Change]:
    for name, (called, value) in is_.items():
        if name not in was:
            yield Change(kind=kind, text=f"新增{word}“{called}”")
        elif was[name][1] != value:
            yield Change(kind=kind, text=f"{word}“{called}”有调整")
    yield from (Change(kind=kind, text=f"取消{word}“{called}”") for name, (called, _) in was.items() if name not in is_)


def _ladders(before: Notice, after: Notice, names: Names) -> Iterator[Change]:
    if before.ladder != after.ladder:
        text = f"提醒安排由“{_climb(before.ladder)}”改为“{_climb(after.ladder)}”"
        yield Change(kind="ladder", text=text)
    if before.review_ladder != after.review_ladder:
        yield Change(kind="ladder", text="提醒审核的安排有调整")


def _climb(ladder: Ladder) -> str:
    """``截止前7、3、1个工作日，当日，逾期1、3、5、10个工作日``."""
    days = [rung.workdays for rung in ladder.rungs if rung.count_from == "due"]
    early, late = [str(-n) for n in days if n < 0], [str(n) for n in days if n > 0]
    parts = (
        f"截止前{'、'.join(early)}个工作日" if early else "",
        "截止当日" if 0 in days else "",
        f"逾期{'、'.join(late)}个工作日" if late else "",
    )
    return "，".join(part for part in parts if part) or "不提醒"


_NONE = "无"


def _listed(names: Iterable[str]) -> str:
    return "、".join(names) or _NONE


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "未写"
