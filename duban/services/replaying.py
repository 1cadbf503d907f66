"""Living through a notice on a virtual clock, through the same services that run live."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Protocol

from sqlalchemy import Engine

from duban.domain.errors import DubanError, InputRefused
from duban.domain.notice import Notice
from duban.domain.roster import Roster
from duban.domain.terms import Act
from duban.services.acting import Request, act
from duban.services.circulating import circulate
from duban.services.delivering import Sender, deliver
from duban.services.installing import import_units
from duban.services.publishing import publish
from duban.services.rehearsing import next_tick
from duban.services.sweeping import sweep
from models.session import writing

#: The hour of publication, local, where nothing else is said.
PUBLISHED_AT = time(10, 0)


class Row(Protocol):
    """A row of a script, as ``duban.reading.scripts`` reads it."""

    @property
    def row(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def unit(self) -> str: ...
    @property
    def deliverable(self) -> str: ...
    @property
    def act(self) -> Act: ...
    @property
    def by(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def due(self) -> date | None: ...


@dataclass(kw_only=True)
class Lived:
    """What a replay did beyond its rows."""

    refused: list[str] = field(default_factory=list)
    acts: int = 0
    ticks: int = 0


def publication(notice: Notice) -> datetime:
    """When a notice is published in a replay: its day of issue at 10:00, also on a weekend."""
    return datetime.combine(notice.dated_on, PUBLISHED_AT, notice.tz)


def begin(engine: Engine, notice: Notice, roster: Roster, *, at: datetime) -> int:
    """Units, publication, notice mails into the outbox; answers how many obligations there are."""
    with writing(engine) as session:
        import_units(session, roster)
    with writing(engine) as session:
        count = publish(session, notice, now=at)
    circulate(engine)
    return count


def live_through(
    engine: Engine,
    notice: Notice,
    script: Sequence[Row],
    sender: Sender,
    *,
    start: datetime,
    until: datetime,
    keep_going: bool = False,
    progress: Callable[[datetime], None] = lambda _: None,
) -> Lived:
    """From ``start`` to ``until`` (both included): acts of the script in time order, then a tick at each rung moment.

    At equal times the acts come first, in file order. An act that is refused stops the replay with InputRefused
    that names its row, unless ``keep_going``.
    """
    lived = Lived()
    ahead = sorted((row for row in script if row.at <= until), key=lambda row: row.at)
    early = next((row for row in ahead if row.at < start), None)
    if early:
        raise InputRefused(f"第{early.row}行：时间 {early.at:%Y-%m-%d %H:%M} 早于发布时间 {start:%Y-%m-%d %H:%M}")
    now = start
    deliver(engine, sender, now=now, real_now=now)
    while True:
        tick = next_tick(engine, now)
        moment = min((m for m in (tick, ahead[0].at if ahead else None) if m), default=None)
        if moment is None or moment > until:
            return lived
        now = moment
        progress(now)
        while ahead and ahead[0].at == now:
            _do(engine, notice, ahead.pop(0), lived, keep_going=keep_going)
            # an act's mail leaves at its moment, before the next act may make it void
            deliver(engine, sender, now=now, real_now=now)
        if tick == now:
            lived.ticks += 1
            sweep(engine, sender, now=now, real_now=now)


def _do(engine: Engine, notice: Notice, row: Row, lived: Lived, *, keep_going: bool) -> None:
    request = Request(
        notice=notice.id,
        unit=row.unit,
        deliverable=row.deliverable,
        act=row.act,
        by=row.by,
        note=row.note,
        due=row.due,
    )
    try:
        with writing(engine) as session:
            act(session, request, now=row.at)
        lived.acts += 1
    except DubanError as error:
        line = f"第{row.row}行（{row.unit} {row.deliverable}）：{error.zh}"
        if not keep_going:
            raise InputRefused(line, f"row {row.row}: {row.unit} {row.deliverable} {error.en}") from error
        lived.refused.append(line)
