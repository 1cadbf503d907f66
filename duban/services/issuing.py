"""From a draft to a notice in force: what still stands in the way, and the publication itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlmodel import Session

from duban.domain.errors import ActRefused
from duban.domain.expand import named_units
from duban.domain.notice import Notice
from duban.drafting.doubts import doubts
from duban.reading.definitions import Problem, check_definition_text
from duban.services.defining import Draft, confirm, draft, finish
from duban.services.publishing import publish
from duban.services.readings import Reading, readings
from duban.services.records import Records
from duban.services.supplementing import Foreseen, foresee, supplement
from models import NoticeRow
from models.binding import unknown_units
from models.notice import notices

#: How problems call the text.
NAME = "定义"


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A draft with what is wrong in it."""

    draft: Draft
    #: None where the text has errors
    notice: Notice | None
    problems: tuple[Problem, ...]
    #: why the text, though sound, is not to be published by this office as it stands
    obstacles: tuple[str, ...]
    #: lines of the text that are still marked 待确认
    open_lines: tuple[int, ...]
    #: the notice is in force already: what is drafted here would be a supplement
    is_published: bool

    @property
    def publishable(self) -> Notice | None:
        """The notice, where the later steps are open; what is marked 待确认 bars only the last."""
        return None if self.obstacles or self.is_published else self.notice

    @property
    def is_ready(self) -> bool:
        """Sound and confirmed, as far as the text goes."""
        return self.publishable is not None and not self.open_lines


def examined(session: Session, number: int) -> Examined:
    """How a draft stands; NotFound."""
    found = draft(session, number)
    notice, problems = _checked(found.text)
    row = session.get(NoticeRow, notice.id) if notice else None
    return Examined(
        draft=found,
        notice=notice,
        problems=problems,
        obstacles=tuple(_obstacles(session, found, notice, row)) if notice else (),
        open_lines=tuple(doubt.line for doubt in doubts(found.text)),
        is_published=row is not None,
    )


@lru_cache(maxsize=16)
def _checked(text: str) -> tuple[Notice | None, tuple[Problem, ...]]:
    """The same text is asked by every step."""
    notice, problems = check_definition_text(text, NAME)
    return notice, tuple(problems)


def _obstacles(session: Session, found: Draft, notice: Notice, row: NoticeRow | None) -> list[str]:
    """The office that issues it, and the units that it names."""
    records = Records(session)
    office = records.unit(found.unit)
    if row is not None and row.issuer_id != found.unit:
        return [f"编号 {notice.id} 已有别的单位用过，请另取一个 id。"]
    if notice.issuer != found.unit:
        return [
            f"发文单位 issuer 写的是 {notice.issuer}；本单位（{office.name}）在名册中的编号是 {found.unit}，请改正。"
        ]
    if row is None and (alike := _of_number(session, notice)):
        return [
            f"文号 {notice.document_number} 已发布过（编号 {alike}）。要改动的，编号 id 写 {alike}，作补充通知办理。"
        ]
    unknown = unknown_units(session, named_units(notice))
    return [f"单位名册中没有 {'、'.join(unknown)}，请核对编号，或先补入名册。"] if unknown else []


def _of_number(session: Session, notice: Notice) -> str:
    """The notice of the same office that bears the same document number; empty where there is none."""
    wanted = (notice.document_number, notice.issuer)
    return next((one.id for one in notices(session) if (one.document_number, one.issuer_id) == wanted), "")


def unconfirmed(session: Session, found: Examined, *, now: datetime) -> list[Reading]:
    """The doubtful deadlines that nobody has confirmed as they are read at ``now``."""
    asked = readings(session, found.notice, now=now) if found.notice else ()
    return [it for it in asked if it.doubts and it.key not in found.draft.confirmed]


def confirm_readings(
    session: Session, number: int, version: int, keys: Collection[str], *, by: str, now: datetime
) -> bool:
    """Keep which readings a person has confirmed; True when none is left. NotFound; ActRefused for a stale version."""
    found = examined(session, number)
    asked = readings(session, found.notice, now=now) if found.notice else ()
    confirm(session, number, version, {it.key for it in asked if it.key in keys}, by=by, now=now)
    return all(it.key in keys for it in asked if it.doubts)


def issue(session: Session, number: int, version: int, *, by: str, now: datetime) -> str:
    """Publish a draft as it was seen in ``version``, and end it; answers the notice's id. One transaction.

    ActRefused where the draft has changed, is not sound, or has readings that nobody has confirmed; nothing is done.
    """
    found = examined(session, number)
    if found.is_published:
        raise ActRefused(f"{found.draft.name}已经发布过", "the notice is published already")
    if found.notice is None or not found.is_ready:
        why = (*(str(problem) for problem in found.problems if problem.severity == "error"), *found.obstacles)
        raise ActRefused(why[0] if why else "还有“待确认”的地方没有核对", "the draft is not ready")
    if unconfirmed(session, found, now=now):
        raise ActRefused("还有期限没有确认，请回到“期限和邮件”一步", "some deadlines are not confirmed")
    # first the draft: of two who press at once the second finds it gone
    finish(session, number, version)
    publish(session, found.notice, now=now, by_person=by)
    return found.notice.id


def foreseen(session: Session, found: Examined, *, now: datetime) -> Foreseen:
    """What the draft would change in the notice that is in force; InputRefused for what a supplement cannot change."""
    assert found.notice is not None
    return foresee(session, found.notice, now=now)


def issue_supplement(session: Session, number: int, version: int, *, reason: str, by: str, now: datetime) -> str:
    """Put a draft in force as a supplement, as it was seen in ``version``, and end it; answers the notice's id.

    One transaction. ActRefused where the draft has changed or is not sound; InputRefused as ``supplement`` says.
    """
    found = examined(session, number)
    if not found.is_published or found.notice is None or found.obstacles or found.open_lines:
        raise ActRefused("草稿还有未解决的问题，请先改正", "the draft is not ready")
    # first the draft: of two who press at once the second finds it gone
    finish(session, number, version)
    supplement(session, found.notice, now=now, reason=reason, by_person=by)
    return found.notice.id
