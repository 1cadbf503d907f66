"""Delegations laid out, and the forms of a new one and of an end. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from duban.domain.terms import Hat
from duban.services.delegating import Delegated, Wanted
from duban.web.act_form import ActForm, Field
from duban.web.chip import DONE, IDLE, SOON, Chip
from duban.web.language.saying import label, say, term
from duban.web.words import day

URL = "/delegations"
#: What a form carries when its preview was confirmed.
SURE = ("sure", "yes")
DONE_WORDS = {"lent": label("委托已生效，已发邮件告知同事。"), "ended": label("委托已结束。")}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One delegation."""

    who: str
    what: str
    days: str
    reason: str
    chip: Chip
    #: empty: it is over
    end_url: str


@dataclass(frozen=True, kw_only=True)
class DelegationsView:
    """The page."""

    given: tuple[Line, ...]
    taken: tuple[Line, ...]
    told: str


def delegations_view(found: Sequence[Delegated], address: str, now: datetime, done: str) -> DelegationsView:
    """What the person with this address gave and took."""
    return DelegationsView(
        given=tuple(
            _line(one, say("{taker_name}（{taker}）", taker_name=one.taker_name, taker=one.taker), now)
            for one in found
            if one.giver == address
        ),
        taken=tuple(
            _line(one, say("{giver_name}（{giver}）", giver_name=one.giver_name, giver=one.giver), now)
            for one in found
            if one.taker == address
        ),
        told=DONE_WORDS.get(done, ""),
    )


def _line(one: Delegated, who: str, now: datetime) -> Line:
    is_over = one.is_ended or one.is_past
    return Line(
        who=who,
        what=f"{one.unit_name} {term(one.hat)}",
        days=days_words(one.first_day, one.last_day, now),
        reason=one.reason,
        chip=_chip(one),
        end_url="" if is_over else f"{URL}/{one.number}/end",
    )


def _chip(one: Delegated) -> Chip:
    if one.is_ended:
        return Chip(IDLE, "—", say("已提前结束"))
    if one.is_past:
        return Chip(IDLE, "—", say("已到期"))
    return Chip(DONE, "✓", say("委托中")) if one.is_on else Chip(SOON, "○", say("未到开始日期"))


def days_words(first: date, last: date, now: datetime) -> str:
    """``10月18日至10月22日``."""
    return say("{first}至{last}", first=day(first, now), last=day(last, now))


def delegation_form(hats: Sequence[tuple[Hat, str, str]], today: date) -> ActForm:
    """A new one."""
    least = today.isoformat()
    return ActForm(
        title=say("新的休假委托"),
        trail=((say("休假委托"), URL), (say("新的委托"), "")),
        about=say(
            "休假期间由同事代行您的权限，按日起止，可以提前结束。办理记录同时写明双方姓名；受托的权限不能再委托。"
        ),
        url=f"{URL}/new",
        fields=(
            Field(
                name="duty",
                label=say("委托事项"),
                kind="choice",
                choices=tuple((f"{hat}@{unit}", f"{name} {term(hat)}") for hat, unit, name in hats),
            ),
            Field(name="taker", label=say("同事的邮箱"), required=True, hint=say("须有本系统账号")),
            Field(name="first_day", label=say("开始日期"), kind="date", required=True, least=least, hint=say("含当日")),
            Field(name="last_day", label=say("结束日期"), kind="date", required=True, least=least, hint=say("含当日")),
            Field(name="reason", label=say("事由")),
        ),
        button=say("下一步：核对"),
        back=URL,
    )


def delegation_words(form: ActForm, typed: Mapping[str, str], wanted: Wanted, taker: str) -> ActForm:
    """The preview: what will be in force, in one sentence; what was typed goes along."""
    duties = dict(next(field.choices for field in form.fields if field.name == "duty"))
    days = say("{first}至{last}", first=wanted.first_day.isoformat(), last=wanted.last_day.isoformat())
    said = say(
        "请核对：{days}（首尾两日都含），由{taker}（{address}）代行“{duty}”。",
        days=days,
        taker=taker,
        address=wanted.taker,
        duty=duties.get(typed["duty"], ""),
    )
    kept = tuple((field.name, typed.get(field.name, "")) for field in form.fields)
    told = say("确认后立即发邮件告知同事；审核提醒在此期间只发给同事。")
    return replace(form, about=said + told, fields=(), hidden=(*kept, SURE), button=say("确认委托"), back=form.url)


def end_form(one: Delegated, now: datetime) -> ActForm:
    """Which one ends."""
    days = days_words(one.first_day, one.last_day, now)
    return ActForm(
        title=say("结束委托"),
        trail=((say("休假委托"), URL), (say("结束委托"), "")),
        about=say(
            "{giver_name}委托{taker_name}代行“{unit_name} {hat}”（{days}）。"
            "结束后立即失效，不能恢复，需要时可另行委托。",
            giver_name=one.giver_name,
            taker_name=one.taker_name,
            unit_name=one.unit_name,
            hat=term(one.hat),
            days=days,
        ),
        url=f"{URL}/{one.number}/end",
        button=say("结束委托"),
        back=URL,
    )
