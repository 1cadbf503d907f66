"""For machines: is it up, does it do its work, and how does it stand?"""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from duban.clock import real_reading
from duban.domain.deeds import Deed
from duban.services.alarms import alarms
from duban.services.ledger import iso
from duban.services.metering import Meter, meter
from duban.services.overview import minutes_unswept
from duban.web.rules import MACHINES, needs, ruled
from duban.web.running import since
from duban.web.visit import Visiting
from models.migrating import is_current
from models.views import last_said_at

router = APIRouter()

#: What keeps the work from being done; a pause is somebody's will, and a stopped account leaves the others.
UNREADY = ("clock", "silence")


@router.get("/healthz")
@ruled(MACHINES)
def healthz(visit: Visiting) -> PlainTextResponse:
    """200 when the database answers."""
    try:
        with visit.reading() as session:
            last_said_at(session)
    except SQLAlchemyError:
        return PlainTextResponse("database does not answer\n", status_code=503)
    return PlainTextResponse("ok\n")


@router.get("/readyz")
@ruled(MACHINES)
def readyz(visit: Visiting) -> JSONResponse:
    """503 when the database or its schema is not there, the work is silent, or the clock is doubted; with reasons."""
    try:
        now = visit.now
        with visit.reading() as session:
            said, late = last_said_at(session), minutes_unswept(session, now=now)
            found = alarms(session, real_reading(), since=since(visit.request), now=now)
        facts = {"database": "ok", "schema": "current" if is_current(visit.duban.engine) else "old"}
    except SQLAlchemyError:
        return JSONResponse({"ready": False, "database": "down"}, status_code=503)
    ready = facts["schema"] == "current" and not any(alarm.name in UNREADY for alarm in found)
    times = {"now": iso(now), "last_said_at": iso(said and said.astimezone(now.tzinfo)), "sweep_late_minutes": late}
    told = {"alarms": [alarm.name for alarm in found], "reasons": [alarm.en for alarm in found]}
    return JSONResponse({"ready": ready, **facts, **times, **told}, status_code=200 if ready else 503)


@router.get("/metrics")
@needs(Deed.SEE_METRICS, is_local=True)
def metrics(visit: Visiting) -> Response:
    """Figures for Prometheus. A database that does not answer is a figure too."""
    registry = CollectorRegistry()
    try:
        with visit.reading() as session:
            found = meter(session, now=visit.now, real=real_reading())
        _gauge(registry, "database_up", "1 when the database answers", 1)
        _expose(registry, found)
    except SQLAlchemyError:
        _gauge(registry, "database_up", "1 when the database answers", 0)
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _expose(registry: CollectorRegistry, found: Meter) -> None:
    mails = Gauge("duban_mails", "mails by state", ["state"], registry=registry)
    for state, count in found.mails.items():
        mails.labels(state=str(state)).set(count)
    works = Gauge("duban_seconds_since_work", "since each work was last done", ["work"], registry=registry)
    for work, age in found.beat_ages.items():
        works.labels(work=work).set(age)
    waiting = "age of the oldest mail that has not left, in the domain's time; 0: none waits"
    _gauge(registry, "oldest_waiting_mail_seconds", waiting, found.oldest_waiting)
    _gauge(registry, "mail_paused", "1 while somebody has paused all mail", found.is_paused)
    _gauge(registry, "accounts_stopped", "sending accounts that wait for a person", found.accounts_stopped)
    _gauge(registry, "clock_doubted", "1 while the clock is doubted and nothing is sent", found.is_clock_doubted)
    _gauge(registry, "open_tasks", "tasks left to coordinators", found.open_tasks)


def _gauge(registry: CollectorRegistry, name: str, what: str, value: float) -> None:
    Gauge(f"duban_{name}", what, registry=registry).set(value)
