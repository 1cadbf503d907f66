"""The record of events: a page of it, the same to take away, and a look whether it is as it was written."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from duban.domain.deeds import Deed
from duban.papers.ledger import LedgerTable, ledger_xlsx
from duban.papers.lists import list_csv
from duban.services.auditing import Wanted, account, verify
from duban.web.audit.audit_view import HEADERS, AuditView, day_or_none
from duban.web.language.saying import in_chinese
from duban.web.rules import needs
from duban.web.visit import Visit, Visiting
from duban.web.words import ZONE, stamp

router = APIRouter(prefix="/audit")
Word = Annotated[str, Query(max_length=100)]
#: Events on one page, and in one file.
PAGE, MOST_TAKEN = 100, 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Asked:
    """What stands in the address."""

    notice: Word = ""
    unit: Word = ""
    person: Word = ""
    day: Word = ""
    below: Annotated[int | None, Query(ge=-(2**31), le=2**31 - 1)] = None


Asking = Annotated[Asked, Depends()]


@router.get("")
@needs(Deed.SEE_AUDIT)
def events(visit: Visiting, asked: Asking) -> HTMLResponse:
    """Events in words, the newest first."""
    return visit.page("audit.html", view=_view(visit, asked, most=PAGE))


@router.get("/events.xlsx")
@needs(Deed.SEE_AUDIT)
def workbook(visit: Visiting, asked: Asking) -> Response:
    """The same as a workbook."""
    with in_chinese():
        view = _view(visit, asked, most=MOST_TAKEN)
        table = LedgerTable(
            title="事件记录",
            lines=(f"截至 {stamp(visit.now)}；末条 {view.end}", *_left_out(view)),
            headers=HEADERS,
            rows=[line.cells for line in view.lines],
            footer=("仅供内部掌握。",),
            office="督办",
            day=visit.now.date(),
            left=frozenset({4, 6, 7}),
            sheet="事件记录",
        )
    return _file(ledger_xlsx(table), XLSX, "events.xlsx")


@router.get("/events.csv")
@needs(Deed.SEE_AUDIT)
def values(visit: Visiting, asked: Asking) -> Response:
    """The same as comma-separated values."""
    with in_chinese():
        view = _view(visit, asked, most=MOST_TAKEN)
        rows = [*(line.cells for line in view.lines), *((text,) for text in _left_out(view))]
    return _file(list_csv(HEADERS, rows), "text/csv; charset=utf-8", "events.csv")


@router.post("/verify")
@needs(Deed.SEE_AUDIT)
def look(visit: Visiting) -> RedirectResponse:
    """Look through the whole record now; what it shows stands on the page."""
    verify(visit.duban.engine, now=visit.now)
    return RedirectResponse("/audit#look", status_code=303)


def _view(visit: Visit, asked: Asked, *, most: int) -> AuditView:
    wanted = Wanted(
        notice=asked.notice,
        unit=asked.unit.strip(),
        person=asked.person.strip(),
        day=day_or_none(asked.day),
        below=asked.below,
        scope=visit.scope(Deed.SEE_AUDIT),
    )
    with visit.reading() as session:
        found = account(session, wanted, zone=ZONE, most=most)
    return AuditView(found, wanted, visit.now)


def _left_out(view: AuditView) -> tuple[str, ...]:
    """Said where a file does not hold all."""
    if not view.found.has_more:
        return ()
    return (f"只含较新的{len(view.lines)}条，第{view.lines[-1].seq}条之前的未列入，请按通知、单位或日期筛选后再导出。",)


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
