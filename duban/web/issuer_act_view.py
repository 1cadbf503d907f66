"""The forms of the issuer's acts on one obligation, and which of them are offered. Pure."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from duban.domain.state import TABLE, Impossible
from duban.domain.terms import Act, Status
from duban.services.board import Board, Cell
from duban.services.intake import Asked
from duban.services.situation import Situation
from duban.web.act_door import issuer_door, issuer_page
from duban.web.act_form import ActForm, Field
from duban.web.language.saying import label, say
from duban.web.unit_act_view import day_words

#: What is offered beside a material, in order.
OFFERED = (Act.EXTEND, Act.WAIVE, Act.REOPEN)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A link to a form."""

    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class _Wording:
    """What one act's form says."""

    title: str
    button: str
    about: Callable[[Situation], str]
    fields: Callable[[Situation, date], tuple[Field, ...]]


def issuer_act_form(act: Act, situation: Situation, asked: Asked, today: date, *, back: str) -> ActForm:
    """The form of an act; ActRefused where it is impossible as the material stands. ``today`` in the notice's zone.

    ``back``: a path of ours where one goes afterwards.
    """
    situation.check(act)
    words = _WORDS[act]
    return ActForm(
        title=f"{words.title} · {situation.unit_name} · {situation.deliverable_name}",
        trail=(
            (situation.notice.document_number, f"/notices/{asked.notice}"),
            (situation.unit_name, issuer_page(asked)),
            (words.title, ""),
        ),
        about=words.about(situation),
        url=issuer_door(asked, act.value),
        fields=words.fields(situation, today),
        button=words.button,
        back=back,
        hidden=(("back", back),),
    )


def ways(board: Board, asking: Collection[int]) -> list[tuple[Way, ...]]:
    """What the issuer may do to each material of a unit, in the order of the cells.

    ``asking``: obligations for which a later day was asked for.
    """
    return [tuple(_ways(board, cell, asks=cell.obligation in asking)) for cell in board.cells]


def _ways(board: Board, cell: Cell, *, asks: bool) -> list[Way]:
    asked = Asked(notice=board.notice.id, unit=cell.entry.unit, deliverable=cell.entry.deliverable)
    able = [act for act in OFFERED if not isinstance(TABLE[cell.entry.status, act], Impossible)]
    names = {act: _WORDS[act].title for act in able}
    if asks:
        names = {
            Act.EXTEND: say("准予延期"),
            Act.REFUSE: say("不予延期"),
            **{a: n for a, n in names.items() if a != Act.EXTEND},
        }
    found = [Way(name=name, url=issuer_door(asked, act.value)) for act, name in names.items()]
    if cell.entry.status is not Status.WAIVED and _by_post(board, cell.entry.deliverable):
        found.append(Way(name=say("登记收到纸质件"), url=issuer_door(asked, "receive")))
    return found


def _by_post(board: Board, key: str) -> bool:
    """Paper is asked for, by the definition in force or by the last one that asked for it."""
    return any(t.medium == "paper" for c in board.columns if c.key == key for t in c.deliverable.tracks)


def days_told(situation: Situation) -> str:
    """``现定10月22日（周五），原定10月15日（周五）。``"""
    if situation.due_day is None:
        return say("尚未规定截止日。")
    first = situation.first_day
    was = say("，原定{day_words}", day_words=day_words(first)) if first and first != situation.due_day else ""
    return say("现定{day_words}{was}。", day_words=day_words(situation.due_day), was=was)


def _wish_told(situation: Situation) -> str:
    wish = situation.wish
    return (
        say(
            "单位申请延至{day_words}，理由：{reason}。",
            day_words=day_words(wish.day),
            reason=wish.reason.rstrip("。"),
        )
        if wish
        else ""
    )


def _later(situation: Situation, today: date) -> tuple[Field, ...]:
    least = max(today, situation.due_day + timedelta(days=1)) if situation.due_day else today
    value = situation.wish.day.isoformat() if situation.wish else ""
    return (
        Field(
            name="due",
            label=say("延至"),
            kind="date",
            required=True,
            value=value,
            least=least.isoformat(),
            hint=say("含当日"),
        ),
        Field(name="note", label=say("理由"), kind="words", hint=say("写入通知单位的邮件")),
    )


def _anew(_: Situation, today: date) -> tuple[Field, ...]:
    return (
        Field(
            name="due", label=say("补正截止日"), kind="date", required=True, least=today.isoformat(), hint=say("含当日")
        ),
        Field(name="note", label=say("理由"), kind="words", required=True, hint=say("写入通知单位的邮件")),
    )


_WORDS = {
    Act.EXTEND: _Wording(
        title=label("延期"),
        button=label("准予延期"),
        about=lambda it: say(
            "{days_told}{wish_told}延期后按新的日期提醒，并立即发邮件告知单位；原定日期留在记录中。",
            days_told=days_told(it),
            wish_told=_wish_told(it),
        ),
        fields=_later,
    ),
    Act.REFUSE: _Wording(
        title=label("不予延期"),
        button=label("不予延期"),
        about=lambda it: say(
            "{days_told}{wish_told}答复立即发邮件告知单位，期限不变。",
            days_told=days_told(it),
            wish_told=_wish_told(it),
        ),
        fields=lambda _, __: (
            Field(name="note", label=say("理由"), kind="words", required=True, hint=say("写入通知单位的邮件")),
        ),
    ),
    Act.WAIVE: _Wording(
        title=label("免报", en="Waive"),
        button=label("确定免报"),
        about=lambda it: say(
            "{days_told}免报后该单位不再需要报送这项材料，也不再提醒；需要时可以重新打开。", days_told=days_told(it)
        ),
        fields=lambda _, __: (Field(name="note", label=say("理由"), kind="words", hint=say("记入台账")),),
    ),
    Act.REOPEN: _Wording(
        title=label("重新打开"),
        button=label("重新打开"),
        about=lambda it: say("重新打开后，由单位在新的期限内补正，并立即发邮件告知单位。此前的报送和审核留在记录中。"),
        fields=_anew,
    ),
}
