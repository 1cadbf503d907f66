"""Fake ways out: a virtual stopwatch, carriers that answer by a script, and a provider with quotas of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from duban.domain.pace import ZONE
from duban.domain.profiles import PROFILES
from duban.services.delivering import Sender
from duban.services.pooling import Outlet
from notifications.answer import Answer, Step
from notifications.post import AccountRefused, Outcome, Rehearsal, Sent
from notifications.replies import judged


class Virtual:
    """A stopwatch whose waiting costs nothing."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.waits: list[float] = []

    def seconds(self) -> float:
        return self.passed

    def wait(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.passed += seconds


class Answering(Rehearsal):
    """Answers with the outcomes of a script, then takes everything; a refusal of the account is raised."""

    def __init__(self, *outcomes: Outcome | AccountRefused, per_connection: int = 10) -> None:
        self.outcomes = list(outcomes)
        self.per_connection = per_connection
        #: what was handed over: address, Message-ID, From
        self.handed: list[tuple[str, str, str]] = []
        self.messages: list[EmailMessage] = []

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
        if isinstance(message, bytes):
            message = message_from_bytes(message, _class=EmailMessage, policy=SMTP)
        self.handed.append((to, str(message["Message-ID"]), str(message["From"].addresses[0].addr_spec)))
        self.messages.append(message)
        outcome = self.outcomes.pop(0) if self.outcomes else Sent()
        if isinstance(outcome, AccountRefused):
            raise outcome
        return outcome

    @property
    def readers(self) -> list[str]:
        return [to for to, _, _ in self.handed]


def said(code: int, words: str, step: Step = Step.MAIL) -> Outcome:
    """What a server's answer means, by the table."""
    effect = judged(Answer(code, words), step)
    assert effect is not None
    return effect


class Provider(Rehearsal):
    """A free mailbox with secret quotas, which answers as providers do; it counts what it refuses."""

    def __init__(self, now: "Now", *, per_window: int, per_day: int, per_connection: int) -> None:
        self.now = now
        self.limits = per_window, per_day, per_connection
        #: as ours shortens it
        self.per_connection = 10
        self.on_line = 0
        self.taken: list[datetime] = []
        self.refused: list[tuple[datetime, str]] = []

    def __exit__(self, *_: object) -> None:
        self.on_line = 0

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
        if self.on_line >= self.per_connection:
            self.on_line = 0
        moment = self.now()
        words = self._complaint(moment)
        if words:
            self.refused.append((moment, words))
            self.on_line = 0
            return said(int(words[:3]), words[4:])
        self.on_line += 1
        self.taken.append(moment)
        return Sent()

    def _complaint(self, moment: datetime) -> str:
        per_window, per_day, per_connection = self.limits
        if sum(moment - t < timedelta(minutes=15) for t in self.taken[-per_window:]) >= per_window:
            return "451 MI:SFQ too many mails in 15 minutes"
        today = moment.astimezone(ZONE).date()
        if sum(t.astimezone(ZONE).date() == today for t in self.taken[-per_day:]) >= per_day:
            return "554 MI:STC quota of the day is used up"
        return "450 MI:DMC too many mails in this connection" if self.on_line >= per_connection else ""


class Now:
    """The real moment of a virtual run: when it began, and what has passed since."""

    def __init__(self, watch: Virtual) -> None:
        self.watch = watch
        self.began = datetime.min.replace(tzinfo=UTC)
        self.passed_then = 0.0

    def begin(self, moment: datetime) -> None:
        self.began, self.passed_then = moment, self.watch.passed

    def __call__(self) -> datetime:
        return self.began + timedelta(seconds=self.watch.passed - self.passed_then)


def pool(*carriers: Rehearsal, profile: str = "163", watch: Virtual | None = None, name: str = "test") -> Sender:
    """A sender with an account ``aN@mail.example`` for each carrier."""
    first, *others = _outlets(carriers, profile)
    return Sender(
        name=name,
        carrier=first.carrier,
        account=first.address,
        profile=first.profile,
        others=tuple(others),
        watch=watch or Virtual(),
    )


def _outlets(carriers: Sequence[Rehearsal], profile: str) -> list[Outlet]:
    return [
        Outlet(address=f"a{number}@mail.example", carrier=carrier, profile=PROFILES[profile])
        for number, carrier in enumerate(carriers, start=1)
    ]
