"""From a letter to the message that leaves: headers, text, HTML, calendar file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from duban.domain.errors import InputRefused
from duban.domain.terms import MailKind
from notifications.brief import brief_of
from notifications.clean import is_mailbox, one_line
from notifications.invite import FILE_NAME, calendar_of
from notifications.letter import Letter, Person, Summary
from notifications.message import Calendar, address, message_bytes, moment, words
from notifications.page import asked, page_of
from notifications.subject import coded, subject, summary_subject
from notifications.view import Page
from notifications.way_in import WayIn, way_in_page, way_in_subject
from notifications.weekly import Weekly, weekly_page, weekly_subject
from notifications.wording import Case, case_of

#: What a mail may say.
Words = Letter | Summary | WayIn | Weekly

_WITH_CALENDAR = (MailKind.NOTICE, MailKind.DATE_CHANGED)


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A mail as it leaves, and what of it is kept to be looked at."""

    raw: bytes
    subject: str
    text: str
    html: str


def compose(letter: Words, *, account: str, bare: bool = False) -> Composed:
    """The mail from ``account``; the same letter gives the same bytes. InputRefused for an impossible address.

    ``bare``: without its calendar file, for servers that find it too big or do not take its kind.
    """
    page = _page(letter)
    words_of = subject_of(letter)
    text, html = render_text(page), render_html(page)
    raw = message_bytes(
        list(_headers(letter, account, words_of)),
        text=text,
        html=html,
        calendar=None if bare else _calendar(letter),
        boundary=_boundary(letter),
    )
    return Composed(raw=raw, subject=words_of, text=text, html=html)


def _page(letter: Words) -> Page:
    match letter:
        case Letter():
            return page_of(letter)
        case WayIn():
            return way_in_page(letter, asked(letter.ask))
        case Weekly():
            return weekly_page(letter)
    return brief_of(letter)


def subject_of(letter: Words) -> str:
    """The whole subject; one that may be answered ends with its code."""
    match letter:
        case Letter():
            return ("【测试】" if letter.is_trial else "") + coded(subject(letter), letter.code)
        case WayIn():
            return coded(way_in_subject(letter), letter.code)
        case Weekly():
            return weekly_subject(letter)
    return summary_subject(letter)


def _headers(letter: Words, account: str, subject_words: str) -> Iterator[tuple[str, str]]:
    yield "From", _address(Person(name=letter.sender_name, email=account))
    yield "To", _address(letter.to)
    yield "Subject", words(subject_words, header="Subject")
    yield "Date", moment(letter.now)
    yield "Message-ID", one_line(letter.message_id)
    yield "Auto-Submitted", "auto-generated"
    if not isinstance(letter, Summary | Weekly):
        yield from _correspondence(letter)


def _correspondence(letter: Letter | WayIn) -> Iterator[tuple[str, str]]:
    """Headers by which answers come home and mails thread."""
    if letter.reply_to.email:
        yield "Reply-To", _address(letter.reply_to)
    yield "X-Duban-Code", words(one_line(letter.code), header="X-Duban-Code")
    if isinstance(letter, Letter) and letter.thread_id:
        yield "In-Reply-To", one_line(letter.thread_id)
        yield "References", one_line(letter.thread_id)


def _address(person: Person) -> str:
    if not is_mailbox(person.email):
        raise InputRefused(f"邮箱地址不正确：{one_line(person.email)}", f"not a mailbox: {one_line(person.email)}")
    return address(person.name, person.email)


def _calendar(letter: Words) -> Calendar | None:
    if not isinstance(letter, Letter) or letter.kind not in _WITH_CALENDAR:
        return None
    content = calendar_of(letter) if case_of(letter) is not Case.STAYS else None
    return Calendar(name=FILE_NAME, content=content) if content else None


def _boundary(letter: Words) -> str:
    """From the Message-ID instead of chance."""
    return f"=_{sha256(one_line(letter.message_id).encode()).hexdigest()[:24]}"


def render_text(page: Page) -> str:
    """The plain part: no blank line doubled, no blank at a line's end."""
    lines = (line.rstrip() for line in _template("mail.txt").render(page=page).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def render_html(page: Page) -> str:
    return _template("mail.html").render(page=page)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
