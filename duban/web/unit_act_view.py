"""The forms of a unit's acts beside handing in: what each says and asks. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from duban.domain.terms import Act
from duban.domain.tracks import OPEN, RECEIVED
from duban.services.intake import Asked
from duban.services.situation import Situation
from duban.services.tracking import TrackView
from duban.web.act_door import door_of, unit_page
from duban.web.act_form import ActForm, Field
from duban.web.facts import track_seen, track_told
from duban.web.language.saying import label, say
from duban.web.words import month_day_weekday

#: What was prepared, and is in the hands of the unit, is called so on every form.
NOTE = Field(name="note", label=label("说明"), kind="words")


@dataclass(frozen=True, kw_only=True)
class _Wording:
    """What one act's form says."""

    title: str
    button: str
    about: Callable[[Situation], str]
    fields: Callable[[Situation, date], tuple[Field, ...]]


def unit_act_form(act: Act, situation: Situation, asked: Asked, today: date) -> ActForm:
    """The form of an act; ActRefused where it is impossible as the material stands. ``today`` in the notice's zone."""
    situation.check(act)
    words = _WORDS[act]
    return ActForm(
        title=f"{words.title} · {situation.deliverable_name}",
        trail=(
            (situation.notice.document_number, ""),
            (situation.unit_name, unit_page(asked)),
            (words.title, ""),
        ),
        about=words.about(situation),
        url=door_of(asked, act.value),
        fields=words.fields(situation, today),
        button=words.button,
        back=unit_page(asked),
    )


def day_words(day: date) -> str:
    """``10月15日（周五）``."""
    return month_day_weekday(day)


def _send_words(situation: Situation) -> str:
    wanted = say("；").join(track_seen(track) or say("纸质件") for track in situation.papers)
    late = say("登记后，这部分不再提醒；收到后由收件单位登记。")
    done = [track for track in situation.papers if track.state is not OPEN]
    again = "".join(say("已登记：{told}。", told=track_told(track)) for track in done if track.told)
    return say("{wanted}。{again}{late}", wanted=wanted, again=again, late=late)


def _send_fields(situation: Situation, today: date) -> tuple[Field, ...]:
    first: TrackView = next((t for t in situation.papers if t.state is not RECEIVED), situation.papers[0])
    copies = "" if first.copies_wanted is None else str(first.copies_wanted)
    return (
        Field(name="day", label=say("寄出日期"), kind="date", required=True, value=today.isoformat()),
        Field(name="courier", label=say("寄送方式"), hint=say("如邮政EMS、顺丰、专人送达、机要")),
        Field(name="number", label=say("单号")),
        Field(name="copies", label=say("份数"), kind="number", value=copies, least="1"),
        NOTE,
    )


def _request_words(situation: Situation) -> str:
    now = say("现定{day_words}。", day_words=day_words(situation.due_day)) if situation.due_day else ""
    wish = situation.wish
    again = (
        say("此前申请延至{day_words}，尚未答复；再次提交将取代原申请。", day_words=day_words(wish.day)) if wish else ""
    )
    return say("{now}{again}由发文机关答复；答复之前，仍按原定日期报送。", now=now, again=again)


def _request_fields(situation: Situation, today: date) -> tuple[Field, ...]:
    least = max(today, situation.due_day + timedelta(days=1)) if situation.due_day else today
    return (
        Field(
            name="due", label=say("希望延至"), kind="date", required=True, least=least.isoformat(), hint=say("含当日")
        ),
        Field(name="note", label=say("理由"), kind="words", required=True),
    )


def _only_note(_: Situation, __: date) -> tuple[Field, ...]:
    return (NOTE,)


_WORDS = {
    Act.SEND: _Wording(title=label("登记寄出"), button=label("登记寄出"), about=_send_words, fields=_send_fields),
    Act.REQUEST: _Wording(
        title=label("申请延期"), button=label("提交申请"), about=_request_words, fields=_request_fields
    ),
    Act.NIL: _Wording(
        title=label("零报告"),
        button=label("报送零报告"),
        about=lambda _: say(
            "本单位没有应报送的内容时，以零报告代替材料。报送后有回执；已上传的文件保留，不随零报告报送。"
        ),
        fields=_only_note,
    ),
    Act.WITHDRAW: _Wording(
        title=label("撤回", en="Withdraw"),
        button=label("撤回", en="Withdraw"),
        about=lambda _: say("撤回后可以修改并重新报送；期限不变。撤回的这一次和它的文件仍留存备查。"),
        fields=_only_note,
    ),
}
