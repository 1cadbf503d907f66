"""One connection to a mail server, logged in, and what its answers say of a mail."""

from contextlib import suppress
from time import monotonic
from typing import Any

from notifications.account import Account, AccountRefused, not_opened
from notifications.answer import Answer, Step, answer_in, answer_of
from notifications.outcome import Deferred, Failed, Outcome, Sent, Unknown
from notifications.patience import Patience
from notifications.replies import judged

#: Seconds after which a connection is renewed.
FRESH = 60


class NotOpened(Exception):
    """No line came about; ``outcome`` says what that means for the mail that waits."""

    def __init__(self, outcome: Deferred) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


class Line:
    """One connection by one client."""

    def __init__(self, client: Any, account: Account, patience: Patience) -> None:
        """Connect and log in: one attempt. AccountRefused, NotOpened."""
        self._client = client
        self._sender = account.sender
        self._patience = patience
        self._opened = monotonic()
        self._handed = 0
        self._is_lost = False
        try:
            client.login()
            client.smtp.ehlo_or_helo_if_needed()
        except (OSError, UnicodeEncodeError) as error:
            self._is_lost = not answer_in(error).is_refusal
            self._turn_away(error, account)
        except BaseException:
            self._is_lost = True
            self.close()
            raise

    def _turn_away(self, error: Exception, account: Account) -> None:
        smtp = self._client.smtp
        step = Step.CONNECT if smtp is None else smtp.step
        found = not_opened(error, account, step, in_touch=smtp is not None and smtp.sock is not None)
        self.close()
        raise (found if isinstance(found, AccountRefused) else NotOpened(found)) from error

    def is_worn(self, most: int) -> bool:
        """True when the next mail needs a new connection; ``most``: mails per connection."""
        return self._client.smtp.sock is None or self._handed >= most or monotonic() - self._opened > FRESH

    def hand_over(self, raw: bytes, to: str) -> Outcome | None:
        """One attempt. None: lost before the text left, nothing has happened."""
        self._handed += 1
        try:
            self._client.smtp.sendmail(self._sender, [to], raw)
        except OSError as error:
            return self._judged(answer_in(error))
        return Sent()

    def try_sender(self) -> Deferred | Failed | None:
        """Ask whether the sender is taken, and take it back; None: it is. OSError when the line is lost."""
        answer = answer_of(*self._client.smtp.mail(self._sender))
        self._client.smtp.rset()
        outcome = judged(answer, Step.MAIL)
        if outcome is None and answer.code != 250:
            raise ConnectionError(str(answer))
        return outcome

    def _judged(self, answer: Answer) -> Outcome | None:
        """Refused, with the effect that the table names; or lost, before the text left or after."""
        step = self._client.smtp.step
        outcome = judged(answer, step)
        self._is_lost = outcome is None or answer.code == 421
        if outcome is None:
            return _doubt(answer) if step is Step.DOT else None
        if self._was_left_idle(answer, outcome):
            return None
        if step is Step.DATA and not self._is_lost:
            # the connection does so after every other refusal; else the next MAIL would be one too many
            with suppress(OSError):
                self._client.smtp.rset()
        return outcome

    def _was_left_idle(self, answer: Answer, outcome: Outcome) -> bool:
        """A server hangs up on a line that waited too long: that says nothing of mail or account."""
        at_mail = answer.code == 421 and self._client.smtp.step is Step.MAIL and self._handed > 1
        return at_mail and isinstance(outcome, Deferred) and outcome.brake is None

    def close(self) -> None:
        """Say goodbye, unless the line is dead; an error here undoes nothing."""
        smtp = self._client.smtp
        self._client.is_closed = True
        if smtp is None or smtp.sock is None:
            return
        self._patience.bid_farewell()
        with suppress(OSError):
            if self._is_lost:
                smtp.close()
            else:
                smtp.quit()


def _doubt(answer: Answer) -> Unknown:
    said = f"服务器应答无法识别（{answer}）" if answer.code else f"发送后未收到应答（{answer.short}）"
    return Unknown(reason=f"{said}，是否送达不明")
