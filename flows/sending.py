"""Digests and the outbox, as one worker does them, or several."""

from datetime import timedelta

from duban.clock import real_now
from duban.services.delivering import deliver
from duban.services.digesting import digest
from duban.services.progress import waiting
from flows.fanning import shared_out
from flows.hands import hands
from flows.opening import Opened
from models.session import reading

#: Mails from which a second worker is worth its start.
WORTH = 2000


def send(o: Opened) -> str:
    """Send what may leave; mails that another worker has claimed are left to it."""
    return f"发出 {deliver(o.engine, o.sender, now=o.now, real_now=real_now())} 封"


def digests(o: Opened) -> str:
    """Put the digests that are due into the outbox; answers in words."""
    return f"汇总 {digest(o.engine, now=o.now)} 封"


async def sent(o: Opened, *, patience: timedelta) -> str:
    """Make the digests and empty the outbox, here or with every worker of the pool; answers in words."""
    made = digests(o)
    with reading(o.engine) as session:
        much = waiting(session, now=o.now) >= WORTH
    if o.remark or not much or (workers := await hands()) < 2:
        return f"{made}，{send(o)}"
    return f"{made}，{await shared_out('发出邮件', [{'work': 'deliver'}] * workers, patience=patience)}"
