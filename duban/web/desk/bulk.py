"""One act for many: a later day, sent back, nothing owed. The names are read first; all of it is done, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from duban.domain.deeds import Deed
from duban.domain.errors import DubanError, InputRefused
from duban.domain.state import TABLE, Impossible
from duban.domain.terms import Act, Status
from duban.services.choosing import Chosen, NothingChosen, chosen_rows
from duban.services.figures import Show
from duban.services.judging import decide
from duban.services.lines import deliverable_name
from duban.services.records import Records
from duban.services.request import Request
from duban.services.reviewing import Key
from duban.services.things import LONGEST_NUMBER
from duban.services.together import act_together
from duban.web.act_door import Form, page
from duban.web.act_form import ActForm, Field, day_typed, words_typed
from duban.web.desk.choice import Choosing, Ticked
from duban.web.language.saying import label, refusal, say
from duban.web.rules import needs, notice_of
from duban.web.visit import Visit, Visiting
from models.obligation import Facts
from models.submission import last_submissions

router = APIRouter(prefix="/notices/{notice}/chosen")
#: So many changed rows are marked afterwards.
MARKED = 60


class Deal(StrEnum):
    """What may be done to many."""

    EXTEND = "extend"
    RETURN = "return"
    WAIVE = "waive"

    @property
    def act(self) -> Act:
        return Act(self.value)


_WORDS = {
    Deal.EXTEND: (label("延期"), label("准予延期"), label("各按新的日期提醒，并立即发邮件告知；原定日期留在记录中。")),
    Deal.RETURN: (
        label("退回补正", en="Return"),
        label("退回补正", en="Return"),
        label("只有已报待审的可以退回。各单位立即收到邮件，在新的期限内补正。"),
    ),
    Deal.WAIVE: (
        label("免报", en="Waive"),
        label("确定免报"),
        label("免报后不再需要报送，也不再提醒；点错了可以在单位页面重新打开。"),
    ),
}

#: Where the changed rows are found afterwards.
_SHOWN = {Deal.EXTEND: Show.MISSING, Deal.RETURN: Show.RETURNED, Deal.WAIVE: Show.WAIVED}


@router.post("/extend/look")
@needs(Deed.EXTEND, within=notice_of)
def look_extend(visit: Visiting, notice: str, ticked: Choosing) -> Response:
    """Whom a later day is about."""
    return _look(visit, notice, Deal.EXTEND, ticked)


@router.post("/extend")
@needs(Deed.EXTEND, within=notice_of)
def extend(visit: Visiting, notice: str, ticked: Choosing) -> Response:
    """The same later day for all of them."""
    return _does(visit, notice, Deal.EXTEND, ticked)


@router.post("/return/look")
@needs(Deed.RETURN, within=notice_of)
def look_return(visit: Visiting, notice: str, ticked: Choosing) -> Response:
    """Whose material is sent back."""
    return _look(visit, notice, Deal.RETURN, ticked)


@router.post("/return")
@needs(Deed.RETURN, within=notice_of)
def send_back(visit: Visiting, notice: str, ticked: Choosing) -> Response:
    """For the same reason, until the same day."""
    return _does(visit, notice, Deal.RETURN, ticked)


@router.post("/waive/look")
@needs(Deed.WAIVE, within=notice_of)
def look_waive(visit: Visiting, notice: str, ticked: Choosing) -> Response:
    """Who need not hand in any more."""
    return _look(visit, notice, Deal.WAIVE, ticked)


@router.post("/waive")
@needs(Deed.WAIVE, within=notice_of)
def waive(visit: Visiting, notice: str, ticked: Choosing) -> Response:
    """Nothing is owed any more."""
    return _does(visit, notice, Deal.WAIVE, ticked)


def _look(visit: Visit, notice: str, deal: Deal, ticked: Ticked) -> Response:
    """The names; where nothing of what was ticked can be done, the ledger again."""
    try:
        return page(visit, _form(visit, notice, deal, ticked))
    except NothingChosen:
        return ticked.in_ledger(notice, "nothing")
    except InputRefused:
        return ticked.in_ledger(notice, f"no-{deal}")


def _rows(records: Records, visit: Visit, chosen: Chosen, deal: Deal) -> list[Facts]:
    """Those to which it can be done; InputRefused where there is none."""
    found = chosen_rows(records, chosen, now=visit.now)
    able = [row for row in found if not isinstance(TABLE[Status(row.status), deal.act], Impossible)]
    if not able:
        raise InputRefused(
            f"所选材料中没有可以{_WORDS[deal][0]}的", "nothing that was chosen can be dealt with in this way"
        )
    return able


def _form(visit: Visit, notice: str, deal: Deal, ticked: Ticked) -> ActForm:
    with visit.reading() as session:
        records = Records(session)
        definition = records.notice(notice)
        chosen = ticked.within(notice, visit.scope(Deed(deal.value)))
        rows = _rows(records, visit, chosen, deal)
        names = tuple(f"{records.unit(r.unit_id).name} {_name(records, r)}" for r in rows)
        # what is acted on is what was read here, whatever has changed in between
        seen = last_submissions(session, [row.id for row in rows]) if deal is Deal.RETURN else {}
        keys = tuple(("chosen", _spelled(row, seen)) for row in rows)
    title, button, about = _WORDS[deal]
    today = visit.now.astimezone(definition.tz).date()
    day = Field(
        name="due", label=say("新的期限"), kind="date", required=True, least=today.isoformat(), hint=say("含当日")
    )
    reason = Field(name="note", label=say("理由"), kind="words", required=deal is not Deal.EXTEND, hint=_hint(deal))
    return ActForm(
        title=say("{title} {count} 项", title=title, count=len(rows)),
        trail=((definition.document_number, f"/notices/{notice}"), (title, "")),
        about=about,
        url=f"/notices/{quote(notice)}/chosen/{deal}",
        fields=(reason,) if deal is Deal.WAIVE else (day, reason),
        button=say("{button}（{count} 项）", button=button, count=len(rows)),
        back=f"/notices/{quote(notice)}",
        names=names,
        hidden=keys,
    )


def _spelled(row: Facts, seen: Mapping[int, int]) -> str:
    """``unit/deliverable``; of what is sent back, with the submission that was looked at."""
    submission = f"/{seen[row.id]}" if row.id in seen else ""
    return f"{row.unit_id}/{row.deliverable}{submission}"


def _hint(deal: Deal) -> str:
    return say("记入台账") if deal is Deal.WAIVE else say("写入通知单位的邮件")


def _name(records: Records, row: Facts) -> str:
    return deliverable_name(records.deliverable(row).name, row.deliverable)


def _does(visit: Visit, notice: str, deal: Deal, ticked: Ticked) -> Response:
    typed: Form = dict(ticked.typed)
    try:
        note, due = words_typed(typed, "note", say("理由")), day_typed(typed, "due", say("日期"))
        keys = [_read(notice, one) for one in ticked.chosen]
        if deal is not Deal.EXTEND and not note:
            raise InputRefused("请写明理由", "give a reason")
        if not keys:
            raise InputRefused("没有选中任何单位，请先勾选", "nothing was ticked")
        with visit.writing() as session:
            _deal(visit, session, deal, keys, note=note, due=due)
    except DubanError as error:
        again = replace(ticked, chosen=tuple("/".join(one.split("/")[:2]) for one in ticked.chosen))
        return _again(visit, notice, deal, again, refusal(error))
    return _back(notice, deal, keys)


def _again(visit: Visit, notice: str, deal: Deal, ticked: Ticked, problem: str) -> Response:
    """The form with why it was refused; where nothing is left to be done, the ledger."""
    try:
        return page(visit, _form(visit, notice, deal, ticked).again(dict(ticked.typed), problem))
    except InputRefused:
        return ticked.in_ledger(notice, "nothing" if not ticked.chosen else f"no-{deal}")


def _deal(visit: Visit, session: Session, deal: Deal, keys: Sequence[Key], *, note: str, due: date | None) -> None:
    """A reviewer's decision is about what was seen, and permitted one by one."""
    if deal is Deal.RETURN:
        decide(session, visit.subject, Act.RETURN, keys, by_person=visit.by, note=note, due=due, now=visit.now)
        return
    asked = Request(
        notice=keys[0].notice, unit="", deliverable="", act=deal.act, note=note, due=due, by_person=visit.by
    )
    act_together(session, asked, [(key.unit, key.deliverable) for key in keys], now=visit.now)


def _read(notice: str, text: str) -> Key:
    """InputRefused for what no form of ours has."""
    unit, _, rest = text.partition("/")
    deliverable, _, seen = rest.partition("/")
    if not deliverable or (seen and not (seen.isdecimal() and len(seen) < LONGEST_NUMBER)):
        raise InputRefused("没有选中任何材料，请先勾选", "nothing was ticked")
    return Key(notice=notice, unit=unit, deliverable=deliverable, submission=int(seen or 0))


def _back(notice: str, deal: Deal, keys: Sequence[Key]) -> RedirectResponse:
    changed = quote(",".join(f"{key.unit}/{key.deliverable}" for key in keys[:MARKED]))
    at = f"/notices/{quote(notice)}?show={_SHOWN[deal]}&view=rows&done={deal}&changed={changed}"
    return RedirectResponse(at, status_code=303)
