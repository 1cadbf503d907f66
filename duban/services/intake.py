"""What may be handed in now: possible for the obligation as it stands, and within the caps. Reads only."""

from dataclasses import dataclass

from sqlmodel import Session

from duban.domain.caps import COMMON, Caps, caps, size_phrase
from duban.domain.errors import ActRefused, InputRefused, NotFound
from duban.domain.state import TABLE, Impossible
from duban.domain.terms import Act, Status
from duban.services.records import Records
from models.material import hold_unit, in_hand
from models.obligation import Owed, locked, owed_by_name
from models.upload import announced

#: Characters of a candidate's name.
ITEM_LENGTH = 100


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One obligation, as pages and commands name it."""

    notice: str
    unit: str
    #: a deliverable's id, or an occurrence ``ID@YYYY-MM-DD``
    deliverable: str


@dataclass(frozen=True, kw_only=True)
class Room:
    """How much is in hand of what may be."""

    caps: Caps
    files: int
    #: bytes
    size: int

    def check(self, name: str, size: int) -> None:
        """One more file of ``size`` bytes fits; InputRefused."""
        most = self.caps
        if size > most.file:
            zh = f"“{name}”未上传：超过单个文件上限 {size_phrase(most.file)}"
            raise InputRefused(zh, f"{name} has more than {size_phrase(most.file)}")
        if self.files >= most.files:
            zh = f"“{name}”未上传：文件已达上限 {most.files} 个，请先删去不需要的"
            raise InputRefused(zh, f"{name}: there are {most.files} files already")
        if self.size + size > most.total:
            used = f"已有 {size_phrase(self.size)}，" if self.size else ""
            zh = f"“{name}”未上传：{used}合计将超过上限 {size_phrase(most.total)}"
            raise InputRefused(zh, f"{name}: together more than {size_phrase(most.total)}")


def owing(session: Session, asked: Asked) -> Owed:
    """The obligation, only read; NotFound."""
    return _there(owed_by_name(session, notice=asked.notice, unit=asked.unit, deliverable=asked.deliverable), asked)


def open_to_files(session: Session, asked: Asked) -> Owed:
    """The obligation, locked, when files may be added or taken out; NotFound, ActRefused."""
    row = _there(locked(session, notice=asked.notice, unit=asked.unit, deliverable=asked.deliverable), asked)
    check_open(row)
    return row


def _there(row: Owed | None, asked: Asked) -> Owed:
    if row is None:
        zh = f"{asked.unit} 没有材料 {asked.deliverable}（通知 {asked.notice}）"
        raise NotFound(zh, f"{asked.unit} owes no {asked.deliverable} (notice {asked.notice})")
    return row


def check_open(row: Owed) -> None:
    """Files come and go exactly where handing in is possible; ActRefused."""
    move = TABLE[Status(row.status), Act.SUBMIT]
    if isinstance(move, Impossible):
        raise ActRefused(f"不能上传或改动文件：{move.zh}", f"files cannot be changed: {move.en}")


def room(records: Records, row: Owed, *, but: str = "") -> Room:
    """What the unit has in hand of what counts together with ``row``; ``but``: an upload that is left out.

    Of an obligation that has a draft the draft counts, else what was handed in last; a draft replaces it. Uploads
    under way count as announced. Until this transaction ends, nobody else counts for this unit.
    """
    session, mine = records.session, _counted(records, row, row.deliverable)
    hold_unit(session, row.unit_id)
    parts = [
        (part.files, part.size)
        for part in in_hand(session, notice=row.notice_id, unit=row.unit_id)
        if _counted(records, row, part.deliverable) == mine
        and (part.obligation_id != row.id or part.submission_id is None)
    ]
    coming = announced(session, notice=row.notice_id, unit=row.unit_id, but=but)
    parts += [sizes for deliverable, sizes in coming.items() if _counted(records, row, deliverable) == mine]
    return Room(caps=_caps(records, row), files=sum(n for n, _ in parts), size=sum(size for _, size in parts))


def _caps(records: Records, row: Owed) -> Caps:
    return caps(records.deliverable(row))


def _counted(records: Records, row: Owed, deliverable: str) -> str:
    """What counts together: occurrences, and deliverables with caps of their own, each for itself; all others."""
    is_own = caps(records.find(row.notice_id, deliverable)[1]) is not COMMON
    return deliverable if is_own or "@" in deliverable else ""


def candidate(item: str) -> str:
    """A candidate's name in one line, without unseen characters."""
    return "".join(filter(str.isprintable, " ".join(item.split())))[:ITEM_LENGTH]
