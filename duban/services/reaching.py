"""To which thing an act, a file or a receipt belongs: what ``authorize`` asks before anybody comes near it."""

from dataclasses import replace

from sqlmodel import Session

from duban.domain.access import Subject, Thing, authorize, may
from duban.domain.deeds import Deed
from duban.domain.terms import ISSUER, REVIEW_PREFIX, Act, Hat
from duban.services.records import Records
from duban.services.request import Request
from duban.services.things import obligation
from models.obligation import Owed, owed_by_name
from models.submission import last_review


def permitted(session: Session, subject: Subject, request: Request) -> Request:
    """The same request as ``subject`` may make it; Denied.

    Everything that a door takes as an act passes here, in the transaction of the act: each act is a deed of its own.
    """
    row = owed_by_name(session, notice=request.notice, unit=request.unit, deliverable=request.deliverable)
    thing = Thing(notice=request.notice) if row is None else of_act(session, row, request.act)
    authorize(subject, Deed(request.act), thing)
    is_own = any(grant.hat is Hat.CLERK and grant.unit == request.unit for grant in subject.grants)
    # an envelope that a unit did not announce is entered by the issuer
    return replace(request, by=ISSUER) if request.act is Act.SEND and not is_own else request


def may_act(session: Session, subject: Subject, row: Owed, act: Act) -> bool:
    """True when ``subject`` may do ``act`` to an obligation."""
    return may(subject, Deed(act), of_act(session, row, act))


def of_act(session: Session, row: Owed, act: Act) -> Thing:
    """What an act is done to; for taking a decision back, the reviewer is whoever has decided."""
    found = obligation(session, row)
    review = last_review(session, row.id) if act is Act.TAKE_BACK else None
    if review is None:
        return found
    return replace(found, reviewers=frozenset({Records(session).holder(row, REVIEW_PREFIX + review.step)}))
