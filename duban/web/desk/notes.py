"""A telephone call with a unit, written down by hand."""

import secrets
from datetime import datetime, time
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError, InputRefused
from duban.services.noting import Call, note, open_calls
from duban.services.records import Records
from duban.web.act_door import Form, Typed, page
from duban.web.act_form import ActForm, Field, day_typed, line_typed, words_typed
from duban.web.language.saying import refusal, say
from duban.web.rules import needs, unit_of
from duban.web.visit import Visit, Visiting

router = APIRouter(prefix="/notices/{notice}/units/{unit}")


@router.get("/note")
@needs(Deed.PRESS, thing=unit_of)
def ask(visit: Visiting, notice: str, unit: str) -> HTMLResponse:
    """With whom, when, what."""
    return page(visit, _form(visit, notice, unit))


@router.post("/note")
@needs(Deed.PRESS, thing=unit_of)
def write(visit: Visiting, notice: str, unit: str, typed: Typed) -> Response:
    """The call is on record; one that was to be made is made."""
    try:
        key = typed.get("key", "")
        if not key:
            raise InputRefused("请从单位页面登记", "write it down from the unit's page")
        with visit.writing() as session:
            call = _call(visit, Records(session), notice, unit, typed)
            note(session, call, key=key, by=visit.by, now=visit.now)
    except DubanError as error:
        return page(visit, _form(visit, notice, unit).again(typed, refusal(error)))
    return RedirectResponse(f"/notices/{quote(notice)}/units/{quote(unit)}?done=noted#timeline", status_code=303)


def _call(visit: Visit, records: Records, notice: str, unit: str, typed: Form) -> Call:
    zone = records.notice(notice).tz
    day = day_typed(typed, "day", say("日期")) or visit.now.astimezone(zone).date()
    return Call(
        notice=notice,
        unit=unit,
        person=line_typed(typed, "person", say("通话人")),
        called_at=datetime.combine(day, _hour(typed), zone),
        said=words_typed(typed, "said", say("通话内容")),
        settles=typed.get("settles") == "yes",
    )


def _hour(typed: Form) -> time:
    try:
        return time.fromisoformat(typed.get("hour", "").strip() or "00:00")
    except ValueError as error:
        raise InputRefused("时间请写成 9:30 的形式，小时两位", "hour is no time") from error


def _form(visit: Visit, notice: str, unit: str) -> ActForm:
    with visit.reading() as session:
        records = Records(session)
        definition, owing = records.notice(notice), records.unit(unit)
        calls = len(open_calls(session, notice, unit))
    local, at = visit.now.astimezone(definition.tz), f"/notices/{quote(notice)}/units/{quote(unit)}"
    settles = Field(
        name="settles",
        label=say("电话联系的待办一并办结"),
        kind="tick",
        value="yes",
        hint=say("待办 {calls} 项", calls=calls),
    )
    return ActForm(
        title=say("登记通话 · {owing}", owing=owing.name),
        trail=((definition.document_number, f"/notices/{notice}"), (owing.name, at), (say("登记通话"), "")),
        about=say("记入这个单位的经过，不发邮件。"),
        url=f"{at}/note",
        fields=(
            Field(name="person", label=say("通话人"), required=True, hint=say("如：李老师（填报人）")),
            Field(name="day", label=say("日期"), kind="date", required=True, value=local.date().isoformat()),
            Field(name="hour", label=say("时间"), kind="time", required=True, value=f"{local:%H:%M}"),
            Field(
                name="said",
                label=say("通话内容"),
                kind="words",
                required=True,
                hint=say("如：公示期未满，约定10月25日前报送"),
            ),
            *([settles] if calls else []),
        ),
        button=say("登记"),
        back=at,
        hidden=(("key", secrets.token_hex(8)),),
    )
