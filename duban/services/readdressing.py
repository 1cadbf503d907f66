"""Who reads a mail is decided when it leaves: somebody who is no contact any more is not written to."""

from duban.domain.roster import Contact, recipients
from duban.domain.terms import Role
from duban.services.drafts import WITHOUT_ITEMS, Envelope
from duban.services.records import Records
from duban.services.standing_in import stand_ins
from models import MailRow
from models.obligation import owed_by_ids

#: Why a mail does not leave where nobody is there to read it.
NOBODY = "联系人已变更，现无可用邮箱，不再发送"


def readdress(records: Records, envelope: Envelope) -> bool:
    """See to it that the mail goes to who is a contact now, under the same role; False where nobody is.

    Whoever is still a contact of its unit, or of one that it tells of, keeps it.
    """
    mail = envelope.mail
    if mail.kind in WITHOUT_ITEMS or _is_known(records, mail.unit_id, mail):
        return True
    rows = owed_by_ids(records.session, {item.obligation_id for item in envelope.items})
    if any(_is_known(records, unit, mail) for unit in sorted({row.unit_id for row in rows.values()})):
        return True
    issuer = records.notice(next(iter(rows.values())).notice_id).issuer if rows else ""
    found = _now(records, mail, issuer)
    if found is None:
        return False
    mail.to_email, mail.to_person = found.email, found.person
    return True


def _is_known(records: Records, unit_id: str, mail: MailRow) -> bool:
    """A contact of the unit, or who stands in for one of its reviewers."""
    lent = stand_ins(records.session, now=mail.at)
    people = (*records.unit(unit_id).contacts, *(contact for (unit, _), contact in lent.items() if unit == unit_id))
    return any(contact.email.lower() == mail.to_email.lower() for contact in people)


def _now(records: Records, mail: MailRow, issuer: str) -> Contact | None:
    """Who has the role now; a supervisor is addressed as the chief of the unit above."""
    role = Role.CHIEF if mail.role == Role.SUPERVISOR else Role(mail.role)
    return next(iter(recipients(records.units, mail.unit_id, role, issuer)), None)
