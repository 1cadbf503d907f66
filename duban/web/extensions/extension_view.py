"""Requests for a later day laid out: what waits, notice by notice, and the page that confirms an answer to several.

Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from urllib.parse import quote

from duban.domain.errors import InputRefused
from duban.services.advising import Advice
from duban.services.answering import Waiting
from duban.services.intake import Asked
from duban.services.together import Wanted
from duban.web.act_door import issuer_door, issuer_page
from duban.web.act_form import ActForm, Field
from duban.web.language.saying import label, say, term
from duban.web.words import NO_DAY, day_and_weekday, moment, month_day

#: Where all of them stand.
INBOX = "/extensions"


class Answer(StrEnum):
    """What the issuer says."""

    GRANT = "grant"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """One request."""

    key: str
    unit: str
    unit_url: str
    deliverable: str
    due: str
    #: empty where no extension came before
    first: str
    wanted: str
    reason: str
    #: who asked, and when
    asked: str
    #: what supervisors say of it
    advice: tuple[str, ...]
    grant_url: str
    refuse_url: str


@dataclass(frozen=True, kw_only=True)
class RequestGroup:
    """The requests of one notice."""

    title: str
    document_number: str
    url: str
    lines: tuple[RequestLine, ...]


@dataclass(frozen=True, kw_only=True)
class AdviceLine:
    """What a supervisor advises by himself."""

    unit: str
    unit_url: str
    document_number: str
    deliverable: str
    words: str
    asked: str
    settle_url: str


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """Everything that waits."""

    groups: tuple[RequestGroup, ...]
    #: later days and pauses that supervisors advise by themselves
    advice: tuple[AdviceLine, ...]
    #: what stands in the second line of the page
    todo: str
    count: int


def spoken(advice: Advice) -> str:
    """``梁处长：建议准予延期，公示期未满``."""
    until = say("至{day_phrase}", day_phrase=month_day(advice.day)) if advice.day else ""
    return say("{by}：{kind}{until}，{advice}", by=advice.by, kind=term(advice.kind), until=until, advice=advice.text)


def _advice_line(one: Advice, now: datetime) -> AdviceLine:
    asked = Asked(notice=one.notice_id, unit=one.unit_id, deliverable=one.deliverable)
    return AdviceLine(
        unit=one.unit_name,
        unit_url=issuer_page(asked),
        document_number=one.document_number,
        deliverable=one.deliverable_name or say("全部材料"),
        words=spoken(one),
        asked=moment(one.at, now),
        settle_url=f"/advice/{one.number}",
    )


def inbox(found: Sequence[Waiting], now: datetime, advice: Sequence[Advice] = ()) -> Inbox:
    """What waits, notice by notice, the oldest request first."""
    order = {name: n for n, name in enumerate(dict.fromkeys(one.notice_id for one in found))}
    by_notice = groupby(sorted(found, key=lambda one: order[one.notice_id]), key=lambda one: one.notice_id)
    groups = tuple(_group(list(waiting), now) for _, waiting in by_notice)
    todo = say("{count}项延期申请等待答复。", count=len(found)) if found else say("没有待答复的延期申请。")
    return Inbox(groups=groups, advice=tuple(_advice_line(one, now) for one in advice), todo=todo, count=len(found))


def _group(found: Sequence[Waiting], now: datetime) -> RequestGroup:
    first = found[0]
    return RequestGroup(
        title=first.notice_title,
        document_number=first.document_number,
        url=_answers(first.notice_id),
        lines=tuple(_line(one, now) for one in found),
    )


def _line(one: Waiting, now: datetime) -> RequestLine:
    asked = Asked(notice=one.notice_id, unit=one.unit_id, deliverable=one.deliverable)
    back = f"?back={quote(INBOX, safe='')}"
    moved = one.first_day is not None and one.first_day != one.due_day
    return RequestLine(
        key=key_of(one.unit_id, one.deliverable),
        unit=one.unit_name,
        unit_url=issuer_page(asked),
        deliverable=one.deliverable_name,
        due=_day(one.due_day, now),
        first=_day(one.first_day, now) if moved else "",
        wanted=_day(one.day_wanted, now),
        reason=one.reason,
        asked=moment(one.at, now) + (f" {one.by_person}" if one.by_person else ""),
        advice=tuple(spoken(advice) for advice in one.advice),
        grant_url=issuer_door(asked, "extend") + back,
        refuse_url=issuer_door(asked, "refuse") + back,
    )


def _day(when: date | None, now: datetime) -> str:
    return day_and_weekday(when, now) if when else NO_DAY


def confirmation(notice: str, answer: Answer, found: Sequence[Waiting], now: datetime) -> ActForm:
    """The page before several are answered: whom it is about, until when, why. ``found``: not empty, of one notice."""
    words = _WORDS[answer]
    return ActForm(
        title=say("{title}（{count}项）", title=words.title, count=len(found)),
        trail=((say("延期申请"), INBOX), (words.title, "")),
        about=say("{document_number}。{about}", document_number=found[0].document_number, about=words.about),
        url=f"{_answers(notice)}/{answer}",
        fields=words.fields,
        button=say("{title}{count}项", title=words.title, count=len(found)),
        back=INBOX,
        names=tuple(_named(one, answer, now) for one in found),
        hidden=tuple(("chosen", key_of(one.unit_id, one.deliverable)) for one in found),
    )


def _named(one: Waiting, answer: Answer, now: datetime) -> str:
    """``长春市教育局“展板素材”（现定10月15日 周五，申请延至10月22日 周五）``."""
    wanted = say("，申请延至{day}", day=_day(one.day_wanted, now)) if answer is Answer.GRANT else ""
    return say(
        "{unit_name}“{deliverable_name}”（现定{day}{wanted}）",
        unit_name=one.unit_name,
        deliverable_name=one.deliverable_name,
        day=_day(one.due_day, now),
        wanted=wanted,
    )


def key_of(unit: str, deliverable: str) -> str:
    """An obligation of a notice, as a tick posts it."""
    return f"{unit}/{deliverable}"


def wanted_in(chosen: Iterable[str]) -> Wanted:
    """What was ticked, each once; InputRefused for none, and for what is no key."""
    found = [key.partition("/")[::2] for key in dict.fromkeys(chosen)]
    if not found or not all(unit and deliverable for unit, deliverable in found):
        raise InputRefused("请先勾选要答复的申请", "tick the requests to answer")
    return found


def _answers(notice: str) -> str:
    return f"/notices/{quote(notice)}/extensions"


@dataclass(frozen=True, kw_only=True)
class _Wording:
    title: str
    about: str
    fields: tuple[Field, ...]


_WORDS = {
    Answer.GRANT: _Wording(
        title=label("准予延期"),
        about=label("请核对名单。不填日期的，各按申请的日期延期；填写日期的，统一延至该日。"),
        fields=(
            Field(name="due", label=label("统一延至"), kind="date", hint=label("含当日")),
            Field(name="note", label=label("说明"), kind="words", hint=label("写入通知单位的邮件")),
        ),
    ),
    Answer.REFUSE: _Wording(
        title=label("不予延期"),
        about=label("请核对名单。期限不变，答复立即发邮件告知单位。"),
        fields=(
            Field(name="note", label=label("理由"), kind="words", required=True, hint=label("写入通知单位的邮件")),
        ),
    ),
}
