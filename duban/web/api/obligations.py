"""One obligation for programs: how it stands, what may be done, doing it, and the receipt."""

from typing import Annotated

from fastapi import BackgroundTasks, Depends
from sqlmodel import Session

from duban.domain.access import Thing, may
from duban.domain.deeds import Deed
from duban.domain.phrases import submission_number
from duban.services import receipts
from duban.services.acting import act
from duban.services.intake import Asked
from duban.services.intake import owing as owed_by
from duban.services.ledger import entry
from duban.services.reaching import may_act, permitted
from duban.services.records import Records
from duban.services.submitting import check_explained
from duban.services.things import obligation, of_receipt
from duban.services.whole import whole
from duban.web.api import answers, telling
from duban.web.api.bodies import ACT, ActSent
from duban.web.api.doors import doors
from duban.web.entry.login import send_soon
from duban.web.rules import Params, Rule, needs, ruled, unit_of
from duban.web.visit import Visiting
from models.session import keeping

router = doors()
HERE = "/notices/{notice}/units/{unit}/deliverables/{deliverable}"


def asked(notice: str, unit: str, deliverable: str) -> Asked:
    """The obligation of an address."""
    return Asked(notice=notice, unit=unit, deliverable=deliverable)


At = Annotated[Asked, Depends(asked)]


def receipt_thing(session: Session, params: Params) -> Thing:
    """The obligation of a receipt."""
    return of_receipt(session, params["receipt"])


@router.get(HERE)
@needs(Deed.SEE_OWED, thing=unit_of)
def one(visit: Visiting, at: At) -> answers.ObligationWhole:
    """One obligation: state, tracks, files, submissions, requests, reviews, and what the caller may do now."""
    with visit.reading() as session:
        found = whole(session, at, now=visit.now)
        sees_files = may(visit.subject, Deed.SEE_FILES, obligation(session, found.row))
        acts = [act for act in found.possible if may_act(session, visit.subject, found.row, act)]
    return telling.obligation(found, acts, sees_files=sees_files)


@router.post(f"{HERE}/acts", openapi_extra=ACT)
@ruled(Rule(streams=True))
def do(visit: Visiting, at: At, sent: ActSent, later: BackgroundTasks) -> answers.Done:
    """Do an act; who may is asked for each act."""
    with keeping(visit.duban.engine) as session:
        request = permitted(session, visit.subject, sent.asked(**vars(at), by_person=visit.by))
        check_explained(session, request)
        event = act(session, request, now=visit.now)
        row, kept = owed_by(session, at), receipts.standing_receipt(session, at)
        zone = Records(session).notice(at.notice).tz
    later.add_task(send_soon, visit)
    told = telling.row(entry(row, now=visit.now, zone=zone))
    return answers.Done(event=event, receipt=kept.number if kept else None, obligation=told)


@router.get("/receipts/{receipt}")
@needs(Deed.SEE_FILES, thing=receipt_thing)
def confirmed(visit: Visiting, receipt: str) -> answers.Receipt:
    """The receipt of a submission, with the hash of each file."""
    with visit.reading() as session:
        return telling.receipt(receipts.receipt(session, submission_number(receipt) or 0))
