"""The forms of what a supervisor does about one unit in one notice, and their previews. Pure."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from duban.domain.terms import AdviceKind
from duban.web.act_form import ActForm, Field
from duban.web.language.saying import in_chinese, label, say, term
from duban.web.supervision.monday_view import URL
from duban.web.words import month_day_weekday

#: What a form carries when its preview was confirmed.
SURE = ("sure", "yes")
#: The choice of a whole notice.
WHOLE = ("", label("全部材料"))


@dataclass(frozen=True, kw_only=True)
class About:
    """A unit in a notice."""

    notice: str
    document_number: str
    unit: str
    unit_name: str
    #: deliverable and name, in the notice's order
    materials: tuple[tuple[str, str], ...]
    #: those of which a request for a later day waits
    asked: frozenset[str]
    #: in the notice's zone
    today: date

    def named(self, deliverable: str) -> str:
        """``“展板素材”``; for none ``全部材料``."""
        name = dict(self.materials).get(deliverable, deliverable)
        return f"“{name}”" if deliverable else WHOLE[1]


def back_to(about: About, done: str = "") -> str:
    """The unit on the supervisor's page."""
    at = quote(about.unit)
    return f"{URL}?done={done}&at={at}#unit-{at}" if done else f"{URL}#unit-{at}"


def phone_form(about: About) -> ActForm:
    """A telephone call to write down."""
    fields = (
        Field(name="with_whom", label=say("通话人"), required=True, hint=say("姓名和职务")),
        Field(name="deliverable", label=say("涉及材料"), kind="choice", choices=(WHOLE, *about.materials)),
        Field(name="text", label=say("通话内容"), kind="words", required=True, hint=say("500字以内，不写个人隐私")),
    )
    return _form(about, "phone", say("电话记录"), say("写入该单位的经过，不发邮件。"), fields)


def recommend_form(about: About) -> ActForm:
    """For or against a request, or a later day."""
    first = next((key for key, _ in about.materials if key in about.asked), "")
    kinds = (AdviceKind.FOR, AdviceKind.AGAINST, AdviceKind.LATER) if about.asked else (AdviceKind.LATER,)
    fields = (
        Field(
            name="deliverable",
            label=say("材料"),
            kind="choice",
            value=first,
            choices=tuple(
                (key, say("{name}（已申请延期，待答复）", name=name) if key in about.asked else name)
                for key, name in about.materials
            ),
        ),
        Field(name="kind", label=say("意见"), kind="choice", choices=tuple((str(kind), term(kind)) for kind in kinds)),
        Field(
            name="day",
            label=say("建议延至"),
            kind="date",
            least=about.today.isoformat(),
            hint=say("含当日；对已有的申请表示意见的，不填"),
        ),
        Field(name="text", label=say("理由"), kind="words", required=True, hint=say("500字以内")),
    )
    return _form(
        about, "recommend", say("延期意见"), say("意见转发文机关经办，是否延期由发文机关决定并答复单位。"), fields
    )


def pause_form(about: About) -> ActForm:
    """A pause in chasing."""
    fields = (
        Field(
            name="day",
            label=say("暂缓至"),
            kind="date",
            required=True,
            least=about.today.isoformat(),
            hint=say("含当日"),
        ),
        Field(name="text", label=say("理由"), kind="words", required=True, hint=say("500字以内")),
    )
    text = say("建议转发文机关经办，由经办决定是否暂缓；期限不变，决定前照常提醒。")
    return _form(about, "pause", say("建议暂缓催报"), text, fields)


def _form(about: About, word: str, title: str, text: str, fields: tuple[Field, ...]) -> ActForm:
    return ActForm(
        title=f"{title} · {about.unit_name}",
        trail=((say("督办情况"), URL), (about.unit_name, back_to(about)), (title, "")),
        about=say("{document_number}。{text}", document_number=about.document_number, text=text),
        url=f"{URL}/{quote(about.notice)}/{quote(about.unit)}/{word}",
        fields=fields,
        button=say("下一步：核对"),
        back=back_to(about),
    )


def preview(form: ActForm, typed: Mapping[str, str], said: str, button: str) -> ActForm:
    """What will be done, before it is done; what was typed goes along."""
    kept = tuple((field.name, typed.get(field.name, "")) for field in form.fields)
    return replace(
        form,
        about=say("请核对：{said}", said=said),
        fields=(),
        hidden=(*kept, ("key", secrets.token_hex(8)), SURE),
        button=button,
        back=form.url,
    )


def phone_words(about: About, typed: Mapping[str, str]) -> str:
    """The call in one sentence."""
    of = about.named(typed.get("deliverable", ""))
    return say(
        "{unit_name}，与{person}通话，涉及{of}，内容：{text}",
        unit_name=about.unit_name,
        person=typed.get("with_whom", ""),
        of=of,
        text=typed.get("text", ""),
    )


def said_of(about: About, deliverable: str, text: str) -> str:
    """What was said, with the material that it was about, as the record keeps it."""
    with in_chinese():
        return f"涉及{about.named(deliverable)}：{text}" if deliverable else text


def recommend_words(about: About, kind: AdviceKind, day: date | None, typed: Mapping[str, str]) -> str:
    """The advice in one sentence."""
    until = say("至{day}", day=_day(day)) if day and kind is AdviceKind.LATER else ""
    of = about.named(typed.get("deliverable", ""))
    return say(
        "对{unit_name}的{of}，{kind}{until}，理由：{text}",
        unit_name=about.unit_name,
        of=of,
        kind=term(kind),
        until=until,
        text=typed.get("text", ""),
    )


def pause_words(about: About, day: date | None, typed: Mapping[str, str]) -> str:
    """The pause in one sentence."""
    until = say("至{day}", day=_day(day)) if day else ""
    return say(
        "建议对{unit_name}暂缓催报{until}，理由：{text}",
        unit_name=about.unit_name,
        until=until,
        text=typed.get("text", ""),
    )


def _day(when: date) -> str:
    return month_day_weekday(when)
