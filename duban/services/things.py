"""What a rule asks of the record before anybody may do anything: whose notice, whose unit, who reviews."""

from collections.abc import Iterator
from dataclasses import replace

from sqlmodel import Session

from duban.domain.access import Scope, Thing
from duban.domain.errors import NotFound
from duban.domain.notice import ISSUER_STEP, Notice
from duban.domain.obligation import reviewer
from duban.domain.phrases import submission_number
from duban.domain.roster import Unit
from duban.domain.terms import REVIEW_PREFIX, Status, review_owner
from duban.services.records import Records
from models import NoticeRow, ObligationRow, SubmissionRow
from models.advice import advice_seen
from models.material import material_of
from models.obligation import Owed, by_ids, facts_of_units, of_units
from models.scoping import has_seen_mail, touches
from models.submission import last_review, submitters

#: No tree of offices is deeper.
DEEPEST = 30
#: No file has a number with so many digits: what a database holds is smaller.
LONGEST_NUMBER = 10


def unit_in_notice(session: Session, notice: str, unit: str) -> Thing:
    """What a unit owes of a notice. Where there is no such thing, one that only those reach who see all.

    To the others what is not there and what is not theirs look the same.
    """
    records = Records(session)
    try:
        definition, owing = records.notice(notice), records.unit(unit)
    except NotFound:
        return Thing(notice=notice)
    if not facts_of_units(session, notice, [unit]):
        return Thing(notice=notice)
    return Thing(
        notice=notice,
        issuer=definition.issuer,
        unit=unit,
        above=frozenset(path(records, owing)),
        reviewers=frozenset(_reviewers(definition, owing)),
    )


def obligation_in_notice(session: Session, notice: str, unit: str, deliverable: str) -> Thing:
    """One obligation by its names; where there is none, a thing that only those reach who see all."""
    found = [row for row in of_units(session, [unit]) if (row.notice_id, row.deliverable) == (notice, deliverable)]
    return obligation(session, found[0]) if found else Thing(notice=notice)


def decision_in_notice(session: Session, notice: str, unit: str, deliverable: str) -> Thing:
    """The same for taking back a decision: its reviewer is the unit that has decided last."""
    found = [row for row in of_units(session, [unit]) if (row.notice_id, row.deliverable) == (notice, deliverable)]
    if not found:
        return Thing(notice=notice)
    thing, decided = obligation(session, found[0]), last_review(session, found[0].id or 0)
    if decided is None:
        return thing
    holder = Records(session).holder(found[0], review_owner(decided.step))
    return replace(thing, reviewers=frozenset({holder}))


def material(session: Session, number: str) -> Thing:
    """A file by its number. What is not handed in yet is for its unit, and the office that enters things for it."""
    file = material_of(session, int(number)) if number.isdecimal() and len(number) < LONGEST_NUMBER else None
    if file is None:
        return Thing()
    thing = obligation(session, by_ids(session, [file.obligation_id])[file.obligation_id])
    if file.submission_id is None:
        return replace(thing, above=frozenset({thing.unit}), reviewers=frozenset())
    return thing


def obligation(session: Session, row: ObligationRow | Owed) -> Thing:
    """One obligation, with the unit whose turn the review is, who handed it in, and whether it holds personal data."""
    return thing_of(Records(session), row)


def thing_of(records: Records, row: ObligationRow | Owed) -> Thing:
    """The same, within a transaction that asks it of many."""
    owing, definition = records.unit(row.unit_id), records.notice(row.notice_id)
    at_review = row.status == Status.SUBMITTED and row.step
    turn = {records.holder(row, REVIEW_PREFIX + (row.step or ""))} if at_review else set(_reviewers(definition, owing))
    handed_in_by = frozenset(person.lower() for person in submitters(records.session, row.id or 0))
    return Thing(
        notice=row.notice_id,
        issuer=definition.issuer,
        unit=row.unit_id,
        above=frozenset(path(records, owing)),
        reviewers=frozenset(turn),
        personal=records.deliverable(row).personal,
        handed_in_by=handed_in_by,
    )


def of_receipt(session: Session, number: str) -> Thing:
    """The obligation of a receipt; where there is none, a thing that only those reach who see all."""
    submission = submission_number(number)
    found = session.get(SubmissionRow, submission) if submission else None
    return _of(session, found.obligation_id if found else 0)


def _of(session: Session, number: int) -> Thing:
    row = by_ids(session, [number]).get(number)
    return obligation(session, row) if row else Thing()


def notice_within(session: Session, scope: Scope, notice: str) -> bool:
    """True when something of a notice is within ``scope``."""
    return touches(session, scope, notice)


def notice(session: Session, notice_id: str) -> Thing:
    """A notice as a whole; where there is none, a thing that nobody's hat reaches."""
    row = session.get(NoticeRow, notice_id)
    return Thing(notice=row.id, issuer=row.issuer_id) if row else Thing()


def mail_within(session: Session, scope: Scope, number: str) -> bool:
    """True when a mail may be read within ``scope``."""
    return scope.is_all or (number.isdecimal() and has_seen_mail(session, scope, int(number)))


def advice_within(session: Session, scope: Scope, number: str) -> bool:
    """True when a supervisor's advice is about a notice issued within ``scope``."""
    is_number = number.isascii() and number.isdecimal() and len(number) < LONGEST_NUMBER
    return is_number and advice_seen(session, scope, int(number)) is not None


def path(records: Records, unit: Unit) -> Iterator[str]:
    """The unit and all above it; stops where a parent is unknown or comes again."""
    above: Unit | None = unit
    seen: set[str] = set()
    while above and above.id not in seen and len(seen) < DEEPEST:
        seen.add(above.id)
        yield above.id
        above = records.units.get(above.parent or "")


def _reviewers(notice: Notice, unit: Unit) -> Iterator[str]:
    """Everybody who may come to review something of a unit; never the unit itself."""
    steps = [step for _, deliverable in notice.placed() for step in notice.steps(deliverable)]
    for step in (*steps, ISSUER_STEP):
        found = reviewer(step, notice=notice, parent=unit.parent)
        if found != unit.id:
            yield found
