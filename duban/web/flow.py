"""The course of a notice (流程): the chain as a picture, and what moves it on."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from duban.domain.deeds import Deed
from duban.reading.runs import runs_of
from duban.services.board import Part, board
from duban.services.course import course
from duban.web.flow_view import FlowView, deployment_names
from duban.web.ledger_query import Query
from duban.web.rules import needs, notice_of
from duban.web.visit import KEEPERS, Visiting

router = APIRouter()


@router.get("/notices/{notice}/flow")
@needs(Deed.SEE_LEDGER, within=notice_of)
def flow(visit: Visiting, notice: str) -> HTMLResponse:
    """Stages, materials, reviews, counts; for those who keep the machine the runs behind them."""
    scope = visit.scope(Deed.SEE_LEDGER)
    with visit.reading() as session:
        found = course(session, notice, scope=scope, now=visit.now)
        head = board(session, notice, Part(size=1, scope=scope), now=visit.now)
    settings, is_keeper = visit.duban.settings, visit.subject.wears(*KEEPERS)
    names = deployment_names(notice, found.described.notice.document_number)
    runs = runs_of(notice, names, port=settings.prefect_port) if is_keeper else None
    view = FlowView(found, visit.now, runs=runs, prefect=f"http://{settings.host}:{settings.prefect_port}")
    return visit.page("flow.html", view=view, board=head, query=Query(notice=notice))
