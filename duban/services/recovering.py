"""What senders that died have left: given back, or tried once more, or put before a person."""

from datetime import datetime

from sqlalchemy import Engine

from duban.services.settling import MOST_DOUBTS
from models import MailState
from models.outbox import abandoned_in_data, release_abandoned
from models.session import writing


def recover(engine: Engine, *, real_now: datetime) -> None:
    """What dead senders left: not begun, it waits again; under way, one more try (same Message-ID), then a human."""
    with writing(engine) as session:
        release_abandoned(session, real_now)
        for mail in abandoned_in_data(session, real_now):
            mail.doubts += 1
            again = mail.doubts < MOST_DOUBTS
            mail.state = MailState.PENDING if again else MailState.UNKNOWN
            mail.claimed_by = mail.lease_until = None
            mail.reason = "发送中断，已重发一次" if again else "两次发送中断，是否送达不明，请人工核实"
            session.add(mail)
