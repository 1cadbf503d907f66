"""A notice that changes, for programs: the changed definition looked at, and put in force."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Query

from duban.domain.deeds import Deed
from duban.domain.errors import InputRefused
from duban.domain.notice import Notice
from duban.domain.supplement import Change
from duban.reading.definitions import definition_text, read_definition_text
from duban.services.supplementing import Foreseen, foresee, supplement
from duban.web.api import supplement_answers as answers
from duban.web.api.bodies import DEFINITION, TextSent
from duban.web.api.doors import doors
from duban.web.rules import needs, notice_itself
from duban.web.visit import Visiting
from models.session import keeping

router = doors()
#: Why the notice changes: the number of the supplement.
Reason = Annotated[str, Query(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
#: How problems call the text.
NAME = "定义"


@router.post("/notices/{notice}/supplement/plan", openapi_extra=DEFINITION)
@needs(Deed.ISSUE, thing=notice_itself, streams=True)
def plan(visit: Visiting, notice: str, sent: TextSent) -> answers.SupplementAhead:
    """What a changed definition changes, whom that touches, how many mails follow; nothing is written."""
    changed = _changed(notice, sent)
    with visit.reading() as session:
        return _ahead(foresee(session, changed, now=visit.now))


@router.post("/notices/{notice}/supplement", openapi_extra=DEFINITION)
@needs(Deed.ISSUE, thing=notice_itself, streams=True)
def put(visit: Visiting, notice: str, sent: TextSent, *, reason: Reason) -> answers.SupplementDone:
    """A changed definition is in force, all of it or nothing; the next tick mails those whom it touches."""
    changed = _changed(notice, sent)
    with keeping(visit.duban.engine) as session:
        done = supplement(session, changed, now=visit.now, reason=reason, by_person=visit.by)
    return answers.SupplementDone(notice=notice, **vars(done) | {"changes": _told(done.changes)})


def _ahead(found: Foreseen) -> answers.SupplementAhead:
    return answers.SupplementAhead(**vars(found) | {"changes": _told(found.changes)})


def _told(found: Iterable[Change]) -> tuple[answers.Change, ...]:
    return tuple(answers.Change(kind=str(change.kind), text=change.text) for change in found)


def _changed(notice: str, sent: bytes) -> Notice:
    """The definition that was sent, of this very notice; InputRefused with all that is wrong in it."""
    found = read_definition_text(definition_text(sent, NAME), NAME)
    if found.id != notice:
        zh = f"定义的编号是 {found.id}，与网址中的 {notice} 不一致"
        raise InputRefused(zh, f"the definition is of {found.id}, the address of {notice}")
    return found
