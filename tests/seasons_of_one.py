"""One unit, one material, act by act at given moments: what becomes of it, told in few words."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Engine

from duban.domain.errors import DubanError
from duban.domain.notice import Notice
from duban.domain.roster import Roster
from duban.domain.terms import Act
from duban.services.acting import Request, act
from duban.services.delivering import Sender
from duban.services.ledger import ledger
from duban.services.replaying import begin
from duban.services.reporting import told
from duban.services.sweeping import sweep
from factories import at, notice, roster
from models import MailRow, ObligationRow
from models.obligation import of_notice
from models.outbox import mails
from models.session import reading, writing
from stories import line


@dataclass(kw_only=True)
class Season:
    """A published notice of which the first unit's ``report`` is acted on."""

    engine: Engine
    sender: Sender
    notice: Notice = field(default_factory=notice)
    units: Roster = field(default_factory=roster)
    start: str = "2021-10-11 10:00"

    def __post_init__(self) -> None:
        begin(self.engine, self.notice, self.units, at=at(self.start))

    def does(self, moment: str, what: str, **more: Any) -> str:
        """Do it, let the mail leave; answers how the obligation stands, or why it was refused."""
        for name in ("due", "day"):
            if name in more:
                more[name] = date.fromisoformat(more[name])
        values = {"unit": "aa", "deliverable": "report"} | more
        request = Request(notice=self.notice.id, act=Act(what), **values)
        try:
            with writing(self.engine) as session:
                act(session, request, now=at(moment))
        except DubanError as error:
            return str(error)
        self.ticks(moment)
        return self.stands

    def ticks(self, moment: str) -> None:
        """A whole tick."""
        sweep(self.engine, self.sender, now=at(moment), real_now=at(moment))

    @property
    def row(self) -> ObligationRow:
        with reading(self.engine) as session:
            return of_notice(session, self.notice.id)[0]

    @property
    def stands(self) -> str:
        """``submitted@issuer round 1 due 2021-10-15 [h-]``."""
        row = self.row
        step = f"@{row.step}" if row.step else ""
        marks = f" [{row.tracks}]" if row.tracks else ""
        return f"{row.status}{step} round {row.round} due {row.due_day}{marks}"

    def entry(self, moment: str) -> dict[str, Any]:
        """The only row of the ledger as of a moment."""
        with reading(self.engine) as session:
            return ledger(session, self.notice.id, now=at(moment))[0].as_json()

    def lines(self, since: str) -> list[str]:
        """The mails since a moment, a line each."""
        with reading(self.engine) as session:
            return [line(m) for m in told(session, self.notice.id, start=at(since), until=at("2030-01-01 00:00"))]

    def mail(self, kind: str) -> MailRow:
        """The last mail of a kind."""
        with reading(self.engine) as session:
            return [mail for mail in mails(session) if mail.kind == kind][-1]
