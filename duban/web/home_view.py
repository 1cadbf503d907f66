"""The first page laid out: panels of what to do today, and a card for each notice. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from duban.domain.obligation import Ball
from duban.domain.terms import TaskKind
from duban.services.figures import Show
from duban.services.overview import Errand, Glance, Pressing, Today
from duban.web.chip import IDLE, LATE, MAIL_STATES, SENT, SOON, Chip, chip_of, near_words
from duban.web.language.saying import heading, label, say
from duban.web.ledger_query import NAMES, Query
from duban.web.words import day, day_and_weekday, listed
from models import MailRow, MailState

#: Rows of a panel; the rest is behind its link.
ROWS = 8
#: The figures of a card, in order; the others only where they count something.
CARD = (Show.OWED, Show.COMPLETED, Show.REVIEW, Show.MISSING, Show.OVERDUE)
#: Figures whose units may be reminded by hand.
PRESSED = (Show.OVERDUE, Show.NEAR)
CARD_ALSO = (Show.NEAR, Show.RETURNED, Show.UNDATED)
#: What is done about each sort of task.
ACTIONS = {
    TaskKind.TELEPHONE: label("登记通话"),
    TaskKind.CONTACT_GAP: label("补登联系人"),
    TaskKind.EXTENSION: label("答复"),
    TaskKind.ADVICE: label("处理"),
    TaskKind.SUM_UP: label("看汇总"),
    TaskKind.UNDELIVERED: label("核实"),
    TaskKind.UNASSIGNED: label("确定单位"),
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number that leads to its rows."""

    name: str
    count: int
    url: str
    show: Show


@dataclass(frozen=True, kw_only=True)
class Card:
    """A notice."""

    glance: Glance
    url: str
    figures: tuple[Figure, ...]
    #: smaller: what is inside the others, where it counts something
    also: tuple[Figure, ...]

    def count(self, show: Show) -> int:
        return self.glance.figures[show]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a panel: who, what, how it stands."""

    who: str
    url: str
    what: str
    note: str
    chip: Chip
    #: what is to be done about it, and where; empty: the row itself leads there
    action: str = ""
    action_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The rows of one notice; without a name where rows are of several."""

    name: str
    url: str
    count: int
    rows: tuple[Row, ...]
    #: how many rows are not shown
    rest: int
    #: all of them may be reminded by hand at once
    notice_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A sort of things to do."""

    name: str
    tone: str
    count: int
    groups: tuple[Group, ...]
    #: rows are sentences, not names
    is_wordy: bool = False
    #: the figure that it counts, where its units may be reminded by hand
    show: str = ""


def notice_cards(glances: Iterable[Glance]) -> list[Card]:
    """A card for each notice."""
    return [_card(glance) for glance in glances]


def _card(glance: Glance) -> Card:
    query = Query(notice=glance.id, view="rows")
    figures = {
        show: Figure(name=NAMES[show], count=glance.figures[show], url=query.url(show=show), show=show)
        for show in (*CARD, *CARD_ALSO)
    }
    return Card(
        glance=glance,
        url=f"/notices/{glance.id}",
        figures=tuple(figures[show] for show in CARD),
        also=tuple(figures[show] for show in CARD_ALSO if glance.figures[show]),
    )


def panels(today: Today, cards: Sequence[Card], now: datetime, *, presses: bool = True) -> list[Panel]:
    """What there is to do; what is empty is left out. ``presses``: for whoever may remind and note calls."""
    found = [
        _of_units(Show.OVERDUE, LATE, today.overdue, cards, now),
        _of_units(Show.NEAR, SOON, today.near, cards, now),
        _of_units(Show.REVIEW, SENT, today.review, cards, now),
        *errand_panels(today, now, presses=presses),
    ]
    return [panel for panel in found if panel.count]


def _of_units(show: Show, tone: str, things: Sequence[Pressing], cards: Sequence[Card], now: datetime) -> Panel:
    """What units owe, or what waits for a reviewer: notice by notice, a row for each unit."""
    groups = tuple(_group(show, things, card, now) for card in cards if card.count(show))
    pressed = show.value if show in PRESSED else ""
    return Panel(name=NAMES[show], tone=tone, count=sum(g.count for g in groups), groups=groups, show=pressed)


def _group(show: Show, things: Sequence[Pressing], card: Card, now: datetime) -> Group:
    units: dict[str, list[Pressing]] = {}
    for thing in things:
        if thing.notice_id == card.glance.id:
            units.setdefault(thing.unit_id, []).append(thing)
    as_row = _review_row if show is Show.REVIEW else _unit_row
    rows = tuple(as_row(group, now) for group in units.values())
    return Group(
        name=card.glance.document_number,
        url=Query(notice=card.glance.id).url(show=show),
        count=card.count(show),
        rows=rows[:ROWS],
        rest=len(rows[ROWS:]),
        notice_id=card.glance.id,
    )


def _unit_row(group: Sequence[Pressing], now: datetime) -> Row:
    first = max(group, key=lambda thing: thing.cell.entry.late_by_days)
    return Row(
        who=first.unit_name,
        url=f"/notices/{first.notice_id}/units/{first.unit_id}",
        what=_named(group),
        note=_day_note(group, now),
        chip=chip_of(first.cell),
    )


def _named(group: Sequence[Pressing]) -> str:
    """``展板素材、示范活动汇总表``, ``展板素材等4项``."""
    names = [thing.deliverable_name for thing in group]
    return listed(names) if len(names) < 3 else say("{names}等{count}项", names=names[0], count=len(names))


def _day_note(group: Sequence[Pressing], now: datetime) -> str:
    """``最早9月28日，10月20日 提请督促``."""
    first = group[0]
    days = sorted({thing.cell.due_day for thing in group if thing.cell.due_day})
    due = day(days[0], now)
    left = near_words(first.cell, now) if Show.NEAR in first.cell.shows else ""
    told = max((thing.told_at for thing in group if thing.told_at), default=None)
    parts = (
        say("最早{due}", due=due) if len(days) > 1 else say("期限{due}", due=due),
        left,
        told and say("最近发信{told}", told=day(told.astimezone(now.tzinfo).date(), now)),
    )
    return say("，").join(part for part in parts if part)


def _review_row(group: Sequence[Pressing], now: datetime) -> Row:
    first = group[0]
    return Row(
        who=first.unit_name,
        url=f"/notices/{first.notice_id}/units/{first.unit_id}",
        what=_named(group),
        note=_review_note(first.ball, now),
        chip=_review_chip(first.ball, now),
    )


def _review_chip(ball: Ball | None, now: datetime) -> Chip:
    if ball and ball.due and now >= ball.due.at:
        return Chip(LATE, "▲", say("审核逾期"))
    if ball and ball.due and ball.due.day == now.date():
        return Chip(SOON, "◆", say("今日应审"))
    return Chip(SENT, "●", say("已报待审"))


def _review_note(ball: Ball | None, now: datetime) -> str:
    if ball is None or ball.due is None:
        return ""
    return say(
        "{opened_at}送审，{day}前审完",
        opened_at=day(ball.opened_at.astimezone(now.tzinfo).date(), now),
        day=day(ball.due.day, now),
    )


def errand_panels(today: Today, now: datetime, *, most: int = ROWS, presses: bool = True) -> list[Panel]:
    """A panel for each sort of task, and one for mails that did not arrive; at most so many rows of each."""
    sorts: dict[str, list[Row]] = {}
    for group in _by_unit(today.errands):
        sorts.setdefault(heading(group[0].kind), []).append(_errand_row(group, now, presses=presses))
    found = [_flat(name, SOON, rows, most, "/tasks") for name, rows in sorts.items()]
    mails = [_mail_row(mail) for mail in today.mails]
    return [*found, _flat(say("邮件未送达"), LATE, mails, most, "/mail")] if mails else found


def _by_unit(errands: Iterable[Errand]) -> list[list[Errand]]:
    """Tasks of a sort that are about the same unit of the same notice: one call is enough."""
    grouped: dict[tuple[str, str, str], list[Errand]] = {}
    for n, errand in enumerate(errands):
        grouped.setdefault((errand.kind, errand.notice_id, errand.unit_id or str(n)), []).append(errand)
    return list(grouped.values())


def _flat(name: str, tone: str, rows: Sequence[Row], most: int, url: str) -> Panel:
    """Sentences, whatever notice they are of."""
    group = Group(name="", url=url, count=len(rows), rows=tuple(rows[:most]), rest=len(rows[most:]))
    return Panel(name=name, tone=tone, count=len(rows), groups=(group,), is_wordy=True)


def _errand_row(group: Sequence[Errand], now: datetime, *, presses: bool) -> Row:
    first = group[0]
    others = listed(errand.deliverable_name for errand in group[1:] if errand.deliverable_name)
    return Row(
        who=first.unit_name or first.document_number,
        url=_errand_url(first),
        what=say("{text}同时：{others}。", text=first.text, others=others) if others else first.text,
        note=say("{at}交办", at=day_and_weekday(first.at.date(), now)),
        chip=Chip(IDLE, "·", say("待办")),
        action=ACTIONS[first.kind] if presses else "",
        action_url=_action_url(first) if presses else "",
    )


def _action_url(errand: Errand) -> str:
    """One click away from being done."""
    at = _errand_url(errand)
    if errand.unit_id and errand.kind is TaskKind.TELEPHONE:
        return f"{at}/note"
    if errand.unit_id and errand.kind is TaskKind.CONTACT_GAP:
        return f"/notices/{errand.notice_id}/people/{errand.unit_id}"
    return at


def _errand_url(errand: Errand) -> str:
    """Where it is done."""
    if errand.kind in (TaskKind.EXTENSION, TaskKind.ADVICE):
        return "/extensions"
    at = f"/notices/{errand.notice_id}"
    return f"{at}/units/{errand.unit_id}" if errand.unit_id else f"{at}/about"


def _mail_row(mail: MailRow) -> Row:
    """A mail that did not arrive, or perhaps did not."""
    return Row(
        who=mail.to_person or mail.to_email,
        url=f"/mail/{mail.id}",
        what=mail.subject or mail.to_email,
        note=mail.reason,
        chip=MAIL_STATES[MailState(mail.state)],
        action=say("处理"),
        action_url=f"/mail/{mail.id}",
    )
