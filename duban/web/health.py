"""For machines: is it up, and does it do its work?"""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

from duban.services.ledger import iso
from duban.services.overview import minutes_unswept
from duban.web.visit import Visiting
from models.migrating import is_current
from models.views import last_said_at

router = APIRouter()


@router.get("/healthz")
def healthz(visit: Visiting) -> PlainTextResponse:
    """200 when the database answers."""
    try:
        with visit.reading() as session:
            last_said_at(session)
    except SQLAlchemyError:
        return PlainTextResponse("database does not answer\n", status_code=503)
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def readyz(visit: Visiting) -> JSONResponse:
    """The database and its schema (503 when not), and how late the ticks are."""
    try:
        now = visit.now
        with visit.reading() as session:
            said, late = last_said_at(session), minutes_unswept(session, now=now)
        facts = {"database": "ok", "schema": "current" if is_current(visit.duban.engine) else "old"}
    except SQLAlchemyError:
        return JSONResponse({"ready": False, "database": "down"}, status_code=503)
    ready = facts["schema"] == "current"
    times = {"now": iso(now), "last_said_at": iso(said and said.astimezone(now.tzinfo))}
    status = 200 if ready else 503
    return JSONResponse({"ready": ready, **facts, **times, "sweep_late_minutes": late}, status_code=status)
