"""From a letter to the message that leaves: headers, text, HTML, calendar file."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from duban.domain.errors import InputRefused
from duban.domain.terms import MailKind
from notifications.brief import brief_of
from notifications.clean import display_name, is_mailbox, one_line
from notifications.invite import FILE_NAME, calendar_of
from notifications.letter import Letter, Person, Summary
from notifications.page import page_of
from notifications.subject import coded, subject, summary_subject
from notifications.view import Page

_WITH_CALENDAR = (MailKind.NOTICE, MailKind.DATE_CHANGED)


def compose(letter: Letter | Summary, *, account: str) -> EmailMessage:
    """The message from ``account``; the same letter gives the same bytes. InputRefused for an impossible address."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(Person(name=letter.sender_name, email=account))
    message["To"] = _address(letter.to)
    message["Subject"] = subject_of(letter)
    message["Date"] = letter.now
    message["Message-ID"] = one_line(letter.message_id)
    message["Auto-Submitted"] = "auto-generated"
    if isinstance(letter, Letter):
        _correspondence(message, letter)
    _body(message, page_of(letter) if isinstance(letter, Letter) else brief_of(letter))
    if isinstance(letter, Letter) and letter.kind in _WITH_CALENDAR:
        _attach_calendar(message, letter)
    _fix_boundaries(message)
    return message


def subject_of(letter: Letter | Summary) -> str:
    """The whole subject; a letter's ends with its code."""
    return coded(subject(letter), letter.code) if isinstance(letter, Letter) else summary_subject(letter)


def _correspondence(message: EmailMessage, letter: Letter) -> None:
    """Headers by which answers come home and mails thread."""
    if letter.reply_to.email:
        message["Reply-To"] = _address(letter.reply_to)
    message["X-Duban-Code"] = one_line(letter.code)
    if letter.thread_id:
        message["In-Reply-To"] = one_line(letter.thread_id)
        message["References"] = one_line(letter.thread_id)


def _address(person: Person) -> Address:
    if not is_mailbox(person.email):
        raise InputRefused(f"邮箱地址不正确：{one_line(person.email)}", f"not a mailbox: {one_line(person.email)}")
    return Address(display_name(person.name), addr_spec=person.email)


def _body(message: EmailMessage, page: Page) -> None:
    message.set_content(render_text(page), cte="base64")
    message.add_alternative(render_html(page), subtype="html", cte="base64")


def _attach_calendar(message: EmailMessage, letter: Letter) -> None:
    calendar = calendar_of(letter)
    if calendar is not None:
        message.add_attachment(
            calendar,
            maintype="text",
            subtype="calendar",
            filename=FILE_NAME,
            params={"method": "PUBLISH", "charset": "utf-8"},
        )


def _fix_boundaries(message: EmailMessage) -> None:
    """Boundaries from the Message-ID instead of chance."""
    seed = sha256(str(message["Message-ID"]).encode()).hexdigest()[:24]
    for n, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{seed}_{n}")


def render_text(page: Page) -> str:
    """The plain part: no blank line doubled, no blank at a line's end."""
    lines = (line.rstrip() for line in _templates().get_template("mail.txt").render(page=page).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def render_html(page: Page) -> str:
    return _templates().get_template("mail.html").render(page=page)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
