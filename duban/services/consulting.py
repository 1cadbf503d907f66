"""A question to a colleague: asked with a link of its own, looked at, answered once, taken back."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import ActRefused, InputRefused, NotFound
from duban.domain.links import AFTER_MAIL, Mint, hashed
from duban.domain.terms import Act, View
from duban.domain.throttle import LINK
from duban.services.acting import act
from duban.services.entering import Moment
from duban.services.intake import Asked as About
from duban.services.intake import owing
from duban.services.inviting import Colleague, post_way_in
from duban.services.opinions import Asked, answer_opinion, opinions_about
from duban.services.records import Records
from duban.services.request import Request
from duban.services.reviewing import Key, holder_of
from duban.services.throttling import may_try
from models.event import record
from models.opinion import last_opinion, opinion_by_link, put_opinion_link, revoke_opinion
from notifications.clean import is_mailbox
from notifications.letter import Person
from notifications.way_in import Why


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, by whom."""

    to: Colleague
    text: str
    #: the address of who asks
    by_person: str
    #: as the colleague reads it
    by_name: str


def consult(session: Session, mint: Mint | None, key: Key, question: Question, *, moment: Moment) -> None:
    """Ask a colleague about what is under review, by a mail with a link that opens this material alone.

    InputRefused for what is no mailbox; ActRefused to oneself, too often, without an address of the pages, and where
    nothing is under review.
    """
    address = question.to.address.strip().lower()
    if mint is None:
        zh = "尚未设置网页地址，邮件中不能附链接，请联系系统管理员"
        raise ActRefused(zh, "there is no address of the pages to link to: ask the administrator")
    _check(session, key, question, moment)
    asked = Request(
        notice=key.notice,
        unit=key.unit,
        deliverable=key.deliverable,
        act=Act.CONSULT,
        by_person=question.by_person,
        note=question.text,
        to_name=question.to.name,
        to_email=address,
    )
    act(session, asked, now=moment.now)
    row = owing(session, _about(key))
    one = last_opinion(session, row.id)
    assert one is not None
    assert one.id is not None
    nonce = secrets.token_urlsafe(32)
    link, until = hashed(mint.opinion_token(one.id, nonce)), moment.now + AFTER_MAIL
    put_opinion_link(session, one.id, link=link, expires_at=until)
    detail = {"why": str(Why.OPINION), "opinion": one.id, "nonce": nonce, "by": question.by_name}
    to = Person(name=question.to.name.strip(), email=address)
    post_way_in(session, to, holder_of(Records(session), row), detail, moment.now)


def _check(session: Session, key: Key, question: Question, moment: Moment) -> None:
    address = question.to.address.strip().lower()
    if not is_mailbox(address):
        shown = question.to.address
        raise InputRefused(f"邮箱地址不正确：{shown}", f"not a mail address: {shown}")
    if address == question.by_person.lower():
        raise ActRefused("不能征求本人的意见，请填写同事的邮箱", "ask somebody else")
    if not may_try(session, LINK, "consult", key.unit, key.notice, real_now=moment.real):
        raise ActRefused("征求意见过于频繁，请15分钟后再试", "asked too often: try again in 15 minutes")


def open_question(session: Session, token: str, *, now: datetime) -> Asked | None:
    """What a link asks, answered or not; None for one that is unknown, expired or taken back. Reads only."""
    one = opinion_by_link(session, hashed(token))
    if one is None or one.revoked_at or one.expires_at is None or one.expires_at <= now:
        return None
    return next(asked for asked in opinions_about(session, [one.obligation_id]) if asked.opinion.id == one.id)


def give_opinion(session: Session, token: str, *, view: View, text: str, now: datetime) -> None:
    """Answer the question of a link, once. NotFound for one that does not stand; ActRefused as ``answer_opinion``."""
    asked = open_question(session, token, now=now)
    if asked is None:
        raise NotFound("这个链接已失效，无须再答复", "this link is not good any more")
    answer_opinion(session, asked.opinion.id or 0, view=view, text=text, now=now)


def withdraw_question(session: Session, key: Key, opinion: int, *, by_person: str, now: datetime) -> None:
    """Take a question back: its link opens nothing any more. ActRefused where it is answered already."""
    row = owing(session, _about(key))
    if not revoke_opinion(session, opinion, obligation=row.id, at=now):
        raise ActRefused("已经答复或收回，无须再收回", "it is answered or taken back already")
    data = {"unit": row.unit_id, "deliverable": row.deliverable, "opinion": opinion}
    record(session, at=now, name="opinion_withdrawn", by=by_person, data=data, notice=row.notice_id)


def _about(key: Key) -> About:
    return About(notice=key.notice, unit=key.unit, deliverable=key.deliverable)
