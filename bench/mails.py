"""Mail beside what the standard library does with the same words over the same kind of connection, in the same run."""

import os
import shutil
import socket
import subprocess
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from typing import Any

import yagmail  # noqa: TID251 - its plain connection is what ours is measured against
from sqlalchemy import Engine

from bench.ground import DELIVERABLES, SOON, at, prepared, published
from bench.stopwatch import Stopwatch, stopwatch
from duban.bootstrap import local_account
from duban.clock import real_now
from duban.services.delivering import Sender, deliver
from duban.services.digesting import digest
from duban.services.planning import plan
from models import MailState
from models.outbox import mails
from models.session import reading
from notifications.post import Post

#: Debian's measuring server (package ``postfix``): takes everything, keeps nothing.
SINK = "smtp-sink"


def mail(asked: Namespace) -> dict[str, Any]:
    """Reminders of three materials: composed and sent with durability on; and the sending stage alone."""
    build = partial(published, few=1)
    with prepared(asked.database, asked.mails * len(DELIVERABLES), build) as ground, smtp_sink() as port:
        now = at(SOON - timedelta(days=3))
        plan(ground.engine, now=now)
        digest(ground.engine, now=now)
        with stopwatch() as watch:
            _send(ground.engine, port, asked.senders)
        with reading(ground.engine) as session:
            sent = mails(session, states=(MailState.SENT,))
        words = [(row.to_email, row.subject, row.text, row.html) for row in sent]
        library = _composed_and_sent(port, words)
        raw = [(to, _message(to, *rest).as_bytes()) for to, *rest in words]
        bare, ours = _sent_bare(port, raw), _sent_by_post(port, raw)
    return {
        "n": len(words),
        "senders": asked.senders,
        **vars(watch),
        "library_seconds": library.seconds,
        "ratio": library.seconds / watch.seconds,
        "stage_seconds": ours.seconds,
        "bare_stage_seconds": bare.seconds,
        "stage_ratio": bare.seconds / ours.seconds,
        "bytes": round(sum(len(message) for _, message in raw) / len(raw)),
    }


def _send(engine: Engine, port: int, senders: int) -> None:
    """By this process, and by further ones beside it."""
    engine.dispose()
    others = [os.fork() or os._exit(_sender(engine, port)) for _ in range(senders - 1)]
    _sender(engine, port)
    for other in others:
        os.waitpid(other, 0)


def _sender(engine: Engine, port: int) -> int:
    account = local_account(port)
    now = at(SOON - timedelta(days=3))
    sender = Sender(name=f"bench-{os.getpid()}", carrier=Post(account), account=account.sender, budget=None)
    deliver(engine, sender, now=now, real_now=real_now())
    return 0


@contextmanager
def smtp_sink() -> Iterator[int]:
    """The server on a free port."""
    program = shutil.which(SINK, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        raise SystemExit("smtp-sink is not there: apt-get install postfix (it need not run)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([program, "-u", "nobody", f"127.0.0.1:{port}", "100"])
    try:
        _await(port)
        yield port
    finally:
        server.kill()
        server.wait()


def _await(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("smtp-sink does not answer")


def _message(to: str, subject: str, text: str, html: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "省教育厅 <duban@duban.invalid>"
    message["To"] = f"经办 <{to}>"
    message["Subject"] = subject
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def _composed_and_sent(port: int, words: Sequence[tuple[str, str, str, str]]) -> Stopwatch:
    """The standard library, one connection, nothing written down."""
    client = _client(port)
    with stopwatch() as watch:
        for to, *rest in words:
            client.smtp.sendmail("duban@duban.invalid", [to], _message(to, *rest).as_bytes())
    client.close()
    return watch


def _sent_bare(port: int, raw: Sequence[tuple[str, bytes]]) -> Stopwatch:
    client = _client(port)
    with stopwatch() as watch:
        for to, message in raw:
            client.smtp.sendmail("duban@duban.invalid", [to], message)
    client.close()
    return watch


def _sent_by_post(port: int, raw: Sequence[tuple[str, bytes]]) -> Stopwatch:
    with Post(local_account(port)) as post, stopwatch() as watch:
        for to, message in raw:
            post.deliver(message, to)
    return watch


def _client(port: int) -> Any:
    """The standard library's connection, as yagmail opens it."""
    options = {"smtp_ssl": False, "smtp_starttls": False, "smtp_skip_login": True, "local_hostname": "localhost"}
    client = yagmail.SMTP("duban@duban.invalid", "", host="127.0.0.1", port=port, **options)
    client.login()
    return client
