"""Any mid-season: a notice that is supplemented, closed, cancelled and opened again between acts, sweeps and sends.

What must hold (promise R8): no mail states a day that was superseded before its sending began, nothing is said of what
is no longer asked, and each supplement tells each person it touches once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from duban.bootstrap import throw_away
from duban.domain.errors import DubanError
from duban.domain.notice import Notice
from duban.domain.terms import Act
from duban.services.acting import Request, act
from duban.services.circulating import circulate
from duban.services.closing import cancel, close, reopen_notice
from duban.services.delivering import Sender, deliver
from duban.services.replaying import begin
from duban.services.supplementing import foresee, supplement
from duban.services.sweeping import sweep
from duban.services.waking import rebuild
from factories import at, deliverable, notice, on, roster, stage, unit
from models import Adjusted, MailRow, MailState, ObligationRow
from models.adjustment import adjustments_of
from models.event import chain_is_whole
from models.obligation import of_notice
from models.outbox import LEFT, items_of, mails
from models.session import reading, writing

START = at("2021-09-24 10:00")
UNITS = roster(
    unit("aa", "clerk", "chief", "leader", order=1),
    unit("bb", "clerk", order=2),
    unit("uni", "clerk", kind="college", order=3),
)
#: What the small season may ask for, and of whom.
NAMES = ("report", "photos", "cases")
WHO = (("cities",), ("cities", "colleges"), ("colleges",))
CLASSES = {"cities": {"name": "各市", "kinds": ["city"]}, "colleges": {"name": "各高校", "kinds": ["college"]}}


def season(day: date, asked: Sequence[str] = ("report", "photos"), who: Sequence[str] = ("cities",)) -> Notice:
    """The notice with another day, other materials, other units."""
    materials = [deliverable(name, who=list(who)) for name in asked]
    return notice(stage(on(day.isoformat(), text=""), *materials), classes=CLASSES)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that is done at a moment."""

    at: datetime
    what: str
    #: the day of a supplement, or of an act
    day: date = date(2021, 10, 15)
    #: what a supplement asks, and of whom
    names: tuple[str, ...] = ("report", "photos")
    who: tuple[str, ...] = ("cities",)
    #: what an act is about
    unit: str = "aa"
    name: str = "report"

    def __repr__(self) -> str:
        about = {"supplement": f" {self.day} {self.names} {self.who}"}
        return f"<{self.at:%m-%d %H:%M} {self.what}{about.get(self.what, f' {self.unit}/{self.name} {self.day}')}>"

    @property
    def notice(self) -> Notice | None:
        """The definition of a supplement."""
        return season(self.day, self.names, self.who) if self.what == "supplement" else None

    @property
    def request(self) -> Request | None:
        """The act on one obligation."""
        if self.what not in set(Act):
            return None
        return Request(
            notice="test-2021-1",
            unit=self.unit,
            deliverable=self.name,
            act=Act(self.what),
            note="说明",
            due=self.day,
        )


_WHAT = (
    "supplement",
    "supplement",
    "supplement",
    "again",
    "extend",
    "submit",
    "sweep",
    "sweep",
    "send",
    "say",
    "cancel",
    "close",
    "again",
)


@st.composite
def courses(draw: st.DrawFn) -> list[Step]:
    """Up to 18 steps over four weeks; what is impossible is refused and skipped."""
    moments = sorted(draw(st.lists(st.integers(0, 24 * 28), min_size=6, max_size=18)))
    return [_step(draw, START + timedelta(hours=hours)) for hours in moments]


def _step(draw: st.DrawFn, moment: datetime) -> Step:
    return Step(
        at=moment,
        what=draw(st.sampled_from((*_WHAT, "return", "waive", "withdraw", "approve"))),
        day=(moment + timedelta(days=draw(st.integers(1, 20)))).date(),
        names=tuple(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))),
        who=draw(st.sampled_from(WHO)),
        unit=draw(st.sampled_from(["aa", "bb", "uni"])),
        name=draw(st.sampled_from(NAMES)),
    )


@dataclass(kw_only=True)
class Course:
    """A season under way: what is in force, and what its mails say as they leave."""

    engine: Engine
    sender: Sender
    #: the definition in force
    notice: Notice
    #: obligations with a day of their own, and those that somebody has waived
    own: set[tuple[str, str]] = field(default_factory=set)
    waived: set[tuple[str, str]] = field(default_factory=set)
    is_closed: bool = False
    is_cancelled: bool = False
    done: Counter[str] = field(default_factory=Counter)
    seen: set[int] = field(default_factory=set)

    def take(self, step: Step) -> bool:
        """Do it; False where it was refused. Then all must be as it should, and whatever has left is looked at."""
        try:
            self._do(step)
        except DubanError:
            return False
        self.done[step.what] += 1
        self._keep(step)
        with reading(self.engine) as session:
            rows = of_notice(session, self.notice.id)
            assert self._misplaced(rows) == [], step
            assert self._misleading(session, rows) == [], step
        return True

    def _do(self, step: Step) -> None:
        now = step.at
        match step.what:
            case "sweep":
                sweep(self.engine, self.sender, now=now, real_now=now)
            case "send":
                deliver(self.engine, self.sender, now=now, real_now=now)
            case "say":
                # mails lie in the outbox, and nothing leaves
                circulate(self.engine)
            case _:
                with writing(self.engine) as session:
                    self._change(session, step)

    def _change(self, session: Session, step: Step) -> None:
        if step.notice is not None:
            seen = foresee(session, step.notice, now=step.at)
            made = supplement(session, step.notice, now=step.at, reason="测〔2021〕9号")
            counts = ("moved", "added", "dropped", "restored")
            assert [getattr(seen, n) for n in counts] == [getattr(made, n) for n in counts], "foreseen is done"
        elif step.request is not None:
            act(session, step.request, now=step.at)
        elif step.what == "close":
            close(session, self.notice.id, now=step.at)
        else:
            end = cancel if step.what == "cancel" else reopen_notice
            end(session, self.notice.id, now=step.at, reason="说明")

    def _keep(self, step: Step) -> None:
        """What is in force after the step."""
        self.notice = step.notice or self.notice
        if step.request is not None:
            one = (step.request.unit, step.request.deliverable)
            self.own |= {one} if step.what in ("extend", "return") else set()
            self.waived |= {one} if step.what == "waive" else set()
        self.is_cancelled = step.what == "cancel" or (self.is_cancelled and step.what != "again")
        self.is_closed = step.what in ("cancel", "close") or (self.is_closed and step.what != "again")

    def _misplaced(self, rows: Sequence[ObligationRow]) -> list[str]:
        """Obligations that are not what the definition in force asks, or not by its day."""
        wanted, found = expected(self.notice), {(row.unit_id, row.deliverable): row for row in rows}
        if self.is_cancelled:
            return [f"{one} is open" for one, row in found.items() if row.status in ("pending", "returned")]
        wrong = [f"{one} is not owed" for one in wanted if one not in found]
        wrong += [f"{one} is owed" for one, r in found.items() if r.status in OPEN and one not in wanted]
        wrong += [f"{one} is waived" for one in wanted & found.keys() - self.waived if found[one].status == "waived"]
        day = day_of(self.notice)
        for one, row in found.items():
            due = row.due_day
            follows = row.status in ("pending", "submitted") and row.round == 1 and one in wanted
            if follows and due and (due < day or (due > day and one not in self.own)):
                wrong.append(f"{one} is due on {due}, not on {day}")
        return wrong

    def _misleading(self, session: Session, rows: Sequence[ObligationRow]) -> list[str]:
        """Mails that have left since the last look and say what is not so: nothing has happened in between."""
        by_id, wrong = {row.id: row for row in rows}, []
        for mail in mails(session, states=(MailState.SENT,)):
            if mail.id in self.seen or mail.id is None:
                continue
            self.seen.add(mail.id)
            items = [by_id[item.obligation_id] for item in items_of(session, [mail.id])[mail.id]]
            wrong += _wrong_days(mail, items, rows)
            if self.is_closed and "不再报送" not in mail.subject and mail.kind not in ("received", "summary"):
                wrong.append(f"{mail.key} left of a closed notice")
        return wrong

    def end(self, now: datetime) -> None:
        """Everything leaves; then what must hold at the end."""
        self.take(Step(at=now, what="sweep"))
        with reading(self.engine) as session:
            assert chain_is_whole(session)
            found, wanted = told_of_changes(session), expected_to_be_told(session, self.notice.id)
            assert (found - wanted, wanted - found) == (Counter(), Counter())
        assert rebuild(self.engine) == 0, "wake_at is what the record says"


OPEN = ("pending", "submitted", "returned")


def expected(defined: Notice) -> set[tuple[str, str]]:
    """Unit and deliverable of all that a notice of the season asks."""
    kinds = {"cities": ("aa", "bb"), "colleges": ("uni",)}
    return {(unit, one.id) for _, one in defined.placed() for name in one.who for unit in kinds[name]}


def day_of(defined: Notice) -> date:
    """The only day of a notice of the season."""
    deadline = defined.stages[0].deadline
    assert deadline.kind == "date"
    return deadline.date


def _wrong_days(mail: MailRow, items: Sequence[ObligationRow], rows: Sequence[ObligationRow]) -> list[str]:
    """Days that a mail to a unit states as being in force (``系统按10月15日 周五 24时计``) and that are not."""
    if mail.to_email.endswith("@prov.example"):
        return []
    said = {part.split(" ")[0] for part in mail.text.split("系统按")[1:]}
    mine = {row.unit_id for row in items}
    # a receipt names the day by which something came, whatever has become of it
    told = [row for row in rows if row.unit_id in mine and (row.status in OPEN or mail.kind == "received")]
    days = {_spoken(row.due_day) for row in told if row.due_day}
    return [f"{mail.key} says {day}" for day in sorted(said - days)]


def _spoken(day: date) -> str:
    return f"{day.month}月{day.day}日"


def told_of_changes(session: Session) -> Counter[tuple[str, str]]:
    """Event and address of each mail that tells of an adjustment, however often."""
    return Counter(
        (mail.key.split(":")[1], mail.to_email)
        for mail in mails(session)
        if mail.kind == "date_changed" and '"before"' in mail.detail
    )


def expected_to_be_told(session: Session, notice_id: str) -> Counter[tuple[str, str]]:
    """The clerk of each unit that a supplement touched while it held the ball, once; of a cancellation, who knew."""
    rows = {row.id or 0: row for row in of_notice(session, notice_id)}
    found = set()
    told = {(m.to_email, m.sent_at) for m in mails(session, states=LEFT) if m.notice_id and m.sent_at}
    for log in adjustments_of(session, list(rows)):
        unit = rows[log.obligation_id].unit_id
        roles = ("clerk", "chief") if log.kind == Adjusted.LIFTED and unit == "aa" else ("clerk",)
        emails = [f"{role}@{unit}.example" for role in roles]
        if log.kind == Adjusted.MOVED and log.status_before == "submitted":
            continue
        if log.kind == Adjusted.LIFTED:
            emails = [email for email in emails if any(to == email and when < log.at for to, when in told)]
        if log.kind in (Adjusted.MOVED, Adjusted.DROPPED, Adjusted.LIFTED):
            found |= {(str(log.event), email) for email in emails}
    return Counter(found)


def check_course(steps: Sequence[Step]) -> Counter[str]:
    """Live through it; answers what was done."""
    with throw_away() as (engine, sender):
        first = season(date(2021, 10, 15))
        begin(engine, first, UNITS, at=START)
        course = Course(engine=engine, sender=sender, notice=first)
        for step in steps:
            course.take(step)
        course.end((steps[-1].at if steps else START) + timedelta(days=1))
        return course.done
