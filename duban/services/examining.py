"""What is missing before the work can go on: facts that an operator can mend."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from duban.domain.roster import recipients
from duban.domain.terms import Role
from duban.services.records import Records
from models import MailState
from models.event import look_through
from models.notice import notices
from models.outbox import mails


@dataclass(frozen=True, kw_only=True)
class Examined:
    """One question and its answer."""

    #: a stable name for machines
    name: str
    ok: bool
    zh: str
    en: str


def examine(session: Session, *, today: date) -> list[Examined]:
    """Calendar, roster, coordinators, mails that wait for a person, and the chain of events."""
    records = Records(session)
    return [_calendar(records, today), _units(records), *_coordinators(records), _mails(session), _chain(session)]


def _calendar(records: Records, today: date) -> Examined:
    known = records.calendar.known_until
    ok = known >= today
    hint = "" if ok else "，此后按周一至周五计（暂定）；公布后请用 duban calendar import 导入"
    return Examined(
        name="calendar", ok=ok, zh=f"节假日安排已知至 {known}{hint}", en=f"public holidays are known until {known}"
    )


def _units(records: Records) -> Examined:
    count = len(records.roster)
    hint = "" if count else "，请用 duban units import 导入"
    return Examined(name="units", ok=count > 0, zh=f"单位名册 {count} 个单位{hint}", en=f"{count} units")


def _coordinators(records: Records) -> list[Examined]:
    """Every issuer needs somebody to answer to."""
    found = []
    for row in notices(records.session):
        contacts = recipients(records.units, row.issuer_id, Role.CLERK, row.issuer_id)
        name = records.unit(row.issuer_id).name
        hint = "" if contacts else "没有登记经办人邮箱，单位回复无人接收"
        found.append(
            Examined(
                name=f"coordinator:{row.id}",
                ok=bool(contacts),
                zh=f"{row.document_number} 的经办：{name}{hint and '，' + hint}",
                en=f"coordinator of {row.id}: {contacts[0].email if contacts else 'none'}",
            )
        )
    return found


def _mails(session: Session) -> Examined:
    stuck = mails(session, states=(MailState.FAILED, MailState.UNKNOWN))
    hint = "，请在邮箱页查看" if stuck else ""
    return Examined(
        name="mails",
        ok=not stuck,
        zh=f"未送达或不明的邮件 {len(stuck)} 封{hint}",
        en=f"{len(stuck)} mails failed or unknown",
    )


def _chain(session: Session) -> Examined:
    fault = look_through(session).fault
    if fault is None:
        return Examined(name="events", ok=True, zh="事件记录完整", en="the chain of events is whole")
    zh = f"事件记录不完整：{fault.zh}，请停用并核查"
    return Examined(name="events", ok=False, zh=zh, en=f"the chain of events is broken: {fault.en}")
