"""The one exit: claim · data · settle. Nothing is sent that no longer stands when its sending begins."""

import logging
from collections import Counter, deque
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from duban.domain.errors import DubanError
from duban.domain.links import Mint
from duban.domain.pace import Profile
from duban.domain.profiles import PROFILES
from duban.services.batches import collector_at_rest, young_collected
from duban.services.beginning import Begun, Seen, Terms, Turn, begin_mail, park
from duban.services.circulating import circulate
from duban.services.drafts import Draft, Envelope, draft, envelopes_of, foundation, keeps
from duban.services.letters import Background, background
from duban.services.pausing import PAUSED
from duban.services.pooling import Desk, Outlet
from duban.services.pulse import DOUBT
from duban.services.readdressing import readdress
from duban.services.records import Records
from duban.services.recovering import recover
from duban.services.settling import Attempt, Values, after, may_go_at_once, tell_account, tell_coordinator
from duban.services.stopwatch import RealStopwatch, Stopwatch
from models import MailRow
from models.gate import Gate, gate
from models.outbox import claim, release, settle
from models.session import Writer, held, reading, writing
from notifications.clean import cut, one_line
from notifications.post import AccountRefused, Carrier, Outcome, Sent, Unknown

_log = logging.getLogger(__name__)

#: Mails claimed at once.
BATCH = 100
#: Mails composed ahead: few at first, so that the first one leaves soon.
FIRST_DRAFTED, MOST_DRAFTED = 2, 20
#: A sender that has not settled within this (real) time is taken for dead.
LEASE = timedelta(minutes=10)
#: One run ends after this (real) time, before the next one of every ten minutes begins.
BUDGET = timedelta(minutes=8)
#: Seconds that a run waits for the next mail to be allowed; what takes longer is left to the next run.
LONGEST_WAIT = 30


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who sends: its name in claims, its accounts with their carriers, and what makes the links of mails."""

    name: str
    #: the first account: its carrier, its address in From, what it may be asked to send
    carrier: Carrier
    account: str
    profile: Profile = PROFILES["relay"]
    #: other accounts, by which mail leaves when the first may not send
    others: tuple[Outlet, ...] = ()
    #: makes the links of mails; None: there are no pages to link to
    mint: Mint | None = None
    #: real time after which a run ends; None: when there is nothing left to send
    budget: timedelta | None = BUDGET
    watch: Stopwatch = field(default_factory=RealStopwatch)

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        """All accounts, in the order in which they are preferred."""
        return (Outlet(address=self.account, carrier=self.carrier, profile=self.profile), *self.others)


def deliver(engine: Engine, sender: Sender, *, now: datetime, real_now: datetime) -> int:
    """Send what may leave by ``now``; answers how many mails were sent.

    For each mail, in one transaction: drop the items that no longer stand (none left: cancelled); reserve a place in
    the quota of the account that may send soonest; keep the text as it will leave; mark it ``data``. Then transmit
    once, and settle by the outcome at once. So one mail of a sender is under way at any moment, and not for long.
    A crash leaves ``claimed`` (taken again after the lease) or ``data`` (one more try, then ``unknown``).
    AccountRefused: no account works; nothing is lost, every mail waits as before.
    """
    circulate(engine)
    recover(engine, real_now=real_now)
    with ExitStack() as opened:
        run = _Run(engine, opened.enter_context(held(engine)), sender, now, real_now)
        for outlet in sender.outlets:
            opened.enter_context(outlet.carrier)
        try:
            with collector_at_rest():
                run.send_all()
        finally:
            run.end()
    return run.sent


class _Run:
    """One run of the exit by one sender."""

    def __init__(self, engine: Engine, writer: Writer, sender: Sender, now: datetime, real_now: datetime) -> None:
        self.sent = 0
        self._engine = engine
        #: nothing stands between the answer of a server and writing it down (each moment there may double a mail)
        self._writer = writer
        self._sender = sender
        self._outlets = sender.outlets
        #: worth composing ahead for: nobody waits between two mails
        self._is_quick = any(outlet.profile.is_unlimited for outlet in self._outlets)
        self._now = now
        self._real_now = real_now
        self._started = sender.watch.seconds()
        self._queue: deque[Envelope] = deque()
        self._drafts: dict[int | None, Draft | None] = {}
        self._to_draft = FIRST_DRAFTED
        #: something was on record of one of the accounts when a mail was last begun
        self._is_noted = True
        #: the mail that was transmitted last, until its outcome is written down
        self._former: tuple[Attempt, Values] | None = None
        self._refused: dict[str, AccountRefused] = {}
        self._brakes: Counter[int | None] = Counter()

    @property
    def _elapsed(self) -> timedelta:
        return timedelta(seconds=self._sender.watch.seconds() - self._started)

    @property
    def _present(self) -> datetime:
        """The real moment: a long batch outlasts the leases that were given at its beginning."""
        return self._real_now + self._elapsed

    def send_all(self) -> None:
        """Until nothing is left, no account may send soon, the time is over, or all mail rests."""
        while self._has_time() and (self._queue or self._claim()):
            found = self._turn(self._queue[0])
            if isinstance(found, AccountRefused):
                raise found
            if found is Turn.REST or (isinstance(found, datetime) and not self._wait(found)):
                return
            if not isinstance(found, datetime):
                self._queue.popleft()
            if isinstance(found, Begun):
                self._transmit(found)
                self._write_down()

    def end(self) -> None:
        """Give back what was claimed and not begun."""
        if self._former is not None:
            self._write_down()
        with writing(self._writer) as session:
            release(session, self._sender.name)

    def _has_time(self, more: float = 0) -> bool:
        budget = self._sender.budget
        return budget is None or self._elapsed + timedelta(seconds=more) < budget

    def _wait(self, until: datetime) -> bool:
        """Wait for the next mail to be allowed; False when that is for another run."""
        seconds = (until - self._present).total_seconds()
        if seconds > LONGEST_WAIT or not self._has_time(seconds):
            return False
        self._sender.watch.wait(max(seconds, 0))
        return True

    def _claim(self) -> bool:
        """Take the next mails; False when there are none."""
        with writing(self._writer) as session:
            lease = self._present + LEASE
            taken = claim(session, owner=self._sender.name, now=self._now, lease=lease, limit=BATCH)
            self._queue.extend(envelopes_of(session, taken))
        young_collected()
        self._drafts.clear()
        return bool(taken)

    def _draft_some(self) -> None:
        """Compose the next mails ahead, while nobody waits for a transaction. What fails here fails at its turn."""
        ahead = list(islice(self._queue, self._to_draft))
        self._to_draft = min(2 * self._to_draft, MOST_DRAFTED)
        with reading(self._engine) as session:
            records, barred = Records(session), self._gate(session, ahead[0].mail)
            # first what the words rest on, then the words: what changes in between is seen at the last moment
            bases = [foundation(session, envelope, barred, keep=False) for envelope in ahead]
            reached = [_is_reached(records, envelope) for envelope in ahead]
            known = background(records, [(envelope.mail, envelope.items) for envelope in ahead])
            for envelope, base, is_reached in zip(ahead, bases, reached, strict=True):
                self._drafts[envelope.mail.id] = None
                if not is_reached:
                    continue
                try:
                    self._drafts[envelope.mail.id] = self._ahead(records, envelope, known, base)
                except Exception:
                    _log.info("mail %s could not be composed ahead", envelope.mail.id, exc_info=True)

    def _ahead(self, records: Records, envelope: Envelope, known: Background, base: object) -> Draft:
        sender = self._sender
        found = draft(records, envelope, self._now, mint=sender.mint, account=sender.account, known=known)
        return replace(found, rests_on=base if keeps(envelope.mail, self._now) else None)

    def _gate(self, session: Session, mail: MailRow) -> Gate:
        accounts = [outlet.address for outlet in self._outlets]
        return gate(session, mail.to_email, pause=PAUSED, doubt=DOUBT, accounts=accounts, moment=self._present)

    def _turn(self, envelope: Envelope) -> Begun | Turn | datetime | AccountRefused:
        """Begin this mail in one transaction; a poisoned one is parked."""
        if self._is_quick and envelope.mail.id not in self._drafts:
            self._draft_some()
        try:
            with writing(self._writer) as session:
                seen = self._look(session, envelope.mail)
                found = begin_mail(seen, envelope, self._drafts.get(envelope.mail.id), self._terms)
        except OperationalError:
            raise
        except Exception as error:
            with writing(self._writer) as session:
                park(session, envelope.mail, self._sender.name, _poison(error))
            found = Turn.LEFT
        return found

    def _look(self, session: Session, mail: MailRow) -> Seen:
        """What stands in the way of this mail."""
        barred = self._gate(session, mail)
        self._is_noted = barred.is_noted
        return Seen(session=session, barred=barred, desk=self._desk(session, reads=barred.is_noted, locks=False))

    def _desk(self, session: Session, *, reads: bool, locks: bool) -> Desk:
        """The accounts, as this transaction finds them."""
        return Desk(session, self._outlets, self._present, refused=self._refused, reads=reads, locks=locks)

    @property
    def _terms(self) -> Terms:
        sender = self._sender
        return Terms(owner=sender.name, mint=sender.mint, now=self._now, lease=self._present + LEASE)

    def _transmit(self, begun: Begun) -> None:
        """Hand the message over, once, outside any transaction. A mail that was not to blame is next again."""
        envelope, outlet = begun.envelope, begun.outlet
        outcome = self._hand_over(begun)
        attempt = Attempt(envelope=envelope, outlet=outlet, outcome=outcome, brakes=self._brakes[envelope.mail.id])
        self._former = attempt, after(attempt, self._now)
        self.sent += isinstance(outcome, Sent)
        if may_go_at_once(attempt):
            self._brakes[envelope.mail.id] += 1
            envelope.mail.sqlmodel_update(self._former[1])
            self._queue.appendleft(envelope)

    def _hand_over(self, begun: Begun) -> Outcome | AccountRefused:
        try:
            return begun.outlet.carrier.deliver(begun.message.raw, begun.envelope.mail.to_email)
        except AccountRefused as refusal:
            self._refused[begun.outlet.address] = refusal
            return refusal
        except Exception as error:
            # a fault of ours in the middle of sending: nobody knows how far it came
            return Unknown(reason=f"发送时出错，是否送达不明（{_words_of(error)}）")

    def _write_down(self) -> None:
        """What became of the mail that was transmitted last, in a transaction of its own."""
        assert self._former is not None
        attempt, values = self._former
        locks = not isinstance(attempt.outcome, Sent)
        with writing(self._writer) as session:
            tell_account(session, self._desk(session, reads=self._is_noted, locks=locks), attempt, self._now)
            if settle(session, attempt.mail.id or 0, self._sender.name, values):
                tell_coordinator(session, attempt, now=self._now, real_now=self._present)
        self._former = None


def _is_reached(records: Records, envelope: Envelope) -> bool:
    """There is somebody to read it; where that cannot be told ahead, its turn tells."""
    try:
        return readdress(records, envelope)
    except DubanError:
        return False


def _poison(error: Exception) -> str:
    return error.zh if isinstance(error, DubanError) else f"邮件成文出错，没有发送（{_words_of(error)}）"


def _words_of(error: Exception) -> str:
    return cut(one_line(f"{type(error).__name__} {error}"), 80)
