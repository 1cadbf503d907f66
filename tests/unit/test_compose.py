"""The message as it leaves: headers, parts, calendar file; and what people may type into names."""

import re
from datetime import UTC, date, datetime
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from duban.domain.errors import InputRefused
from duban.domain.terms import MailKind, Role
from letters import (
    ACCOUNT,
    ADDENDUM,
    CLERK,
    COORDINATOR,
    TITLE,
    award,
    closing,
    html,
    letter,
    panel,
    parsed,
    plan,
    section,
    subject_and_text,
    table,
    under_review,
)
from notifications.clean import display_name, one_line
from notifications.compose import compose, subject_of
from notifications.letter import Letter, Person, Summary

SUMMARY = Summary(
    to=COORDINATOR,
    unit_name="吉林省教育厅",
    sender_name="职成处",
    next_workday=date(2021, 10, 13),
    message_id="<s1@duban.example>",
    now=letter(MailKind.REMINDER, "2021-10-12 16:30").now,
)
EVERY_KIND = [
    letter(MailKind.NOTICE, "2021-09-24 10:00", plan(2), table(10), award(10, personal=True), addendum=ADDENDUM),
    letter(MailKind.REMINDER, "2021-10-12 09:00", sections=(section(table(3), also_open=tuple(closing(40))),)),
    letter(MailKind.OVERDUE, "2021-10-18 09:00", table(-1), panel(-1)),
    letter(MailKind.ESCALATION, "2021-10-20 09:00", table(-3), role=Role.LEADER),
    letter(MailKind.ESCALATION, "2021-10-22 09:00", table(-5, unit_name="朝阳区教育局"), role=Role.SUPERVISOR),
    letter(MailKind.RETURNED, "2021-10-14 09:00", panel(4, reason="一\n二")),
    letter(MailKind.RECEIVED, "2021-10-14 09:00", panel(1, receipt="R000001")),
    letter(MailKind.DATE_CHANGED, "2021-10-14 09:00", panel(1, old_due_day=date(2021, 10, 1), sequence=3)),
    letter(MailKind.REMINDER, "2021-10-13 09:00", under_review(panel(0), "长春市教育局", 3)),
    SUMMARY,
]


def test_headers() -> None:
    message = parsed(letter(MailKind.REMINDER, "2021-10-12 09:00", table(3)))
    assert {name: str(value) for name, value in message.items() if name != "Content-Type"} == {
        "From": "吉林省教育厅职成处 <office@prov.example>",
        "To": "石老师 <clerk@changchun.example>",
        "Subject": "【报送提醒·还有3个工作日】示范活动汇总表，10月15日前｜长春市教育局 [T7K2-9QXM]",
        "Date": "Tue, 12 Oct 2021 09:00:00 +0800",
        "Message-ID": "<m1@duban.example>",
        "Auto-Submitted": "auto-generated",
        "Reply-To": "张老师（职成处经办） <clerk@prov.example>",
        "X-Duban-Code": "T7K2-9QXM",
        "In-Reply-To": "<notice-1@duban.example>",
        "References": "<notice-1@duban.example>",
        "MIME-Version": "1.0",
    }


def test_a_notice_begins_its_thread() -> None:
    message = parsed(letter(MailKind.NOTICE, "2021-09-24 10:00", plan(2), thread_id=None))
    assert (message["In-Reply-To"], message["References"]) == (None, None)


def test_a_long_message_id_stays_readable() -> None:
    long = f"<{'a' * 60}@{'b' * 50}.example>"
    message = parsed(letter(MailKind.REMINDER, "2021-10-12 09:00", table(3), message_id=long, thread_id=long))
    assert [message[name].strip() for name in ("Message-ID", "In-Reply-To", "References")] == [long] * 3


def test_without_a_coordinators_mailbox_there_is_no_reply_to() -> None:
    made = letter(MailKind.REMINDER, "2021-10-12 09:00", table(3), reply_to=Person(name="张老师", email=""))
    assert parsed(made)["Reply-To"] is None


@pytest.mark.parametrize("made", EVERY_KIND, ids=lambda made: type(made).__name__)
def test_the_same_letter_gives_the_same_bytes(made: Letter | Summary) -> None:
    assert compose(made, account=ACCOUNT) == compose(made, account=ACCOUNT)


def shape(message: EmailMessage) -> object:
    if message.is_multipart():
        return message.get_content_type(), [shape(part) for part in message.iter_parts()]
    return message.get_content_type()


def test_only_notice_and_date_changed_carry_a_calendar() -> None:
    plain = ("multipart/alternative", ["text/plain", "text/html"])
    shapes = {made.kind: shape(parsed(made)) for made in EVERY_KIND if isinstance(made, Letter)}
    mixed = ("multipart/mixed", [plain, "text/calendar"])
    assert shapes == dict.fromkeys(shapes, plain) | {MailKind.NOTICE: mixed, MailKind.DATE_CHANGED: mixed}


def test_without_a_day_there_is_no_calendar() -> None:
    made = letter(MailKind.NOTICE, "2021-09-24 10:00", plan(2, due_day=None, due_at=None))
    assert shape(parsed(made)) == ("multipart/alternative", ["text/plain", "text/html"])


def test_the_calendar_file() -> None:
    made = letter(MailKind.DATE_CHANGED, "2021-10-14 09:00", panel(1, sequence=3), plan(2, uid=""))
    (part,) = parsed(made).iter_attachments()
    assert part["Content-Type"] == 'text/calendar; method="PUBLISH"; charset="utf-8"'
    assert part["Content-Disposition"] == 'attachment; filename="deadlines.ics"'
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    (event,) = calendar.events
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert {name: event.decoded(name) for name in ("UID", "SEQUENCE", "DTSTART", "DTEND", "DTSTAMP")} == {
        "UID": "展板素材@duban.example",
        "SEQUENCE": 3,
        "DTSTART": date(2021, 10, 15),
        "DTEND": date(2021, 10, 16),
        "DTSTAMP": datetime(2021, 10, 14, 1, 0, tzinfo=UTC),
    }
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (
        "截止：展板素材（长春市教育局）",
        "10月15日前（系统按10月15日 周五 24时计，含当日）",
    )
    assert b"DTSTART;VALUE=DATE:20211015\r\n" in part.get_payload(decode=True)
    assert (str(event["ORGANIZER"]), event["ORGANIZER"].params["CN"]) == (
        "mailto:clerk@prov.example",
        "吉林省教育厅职成处",
    )


class _Seen(HTMLParser):
    """The text of a page, and its addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.links: set[str | None] = set()
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._hidden = tag == "title"
        self.links |= {value for name, value in attrs if name in ("href", "src")}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def seen(page: str) -> _Seen:
    reader = _Seen()
    reader.feed(page)
    return reader


def facts(words: str) -> set[str]:
    """The pieces of a text between its marks."""
    return set(filter(None, re.split(r"[\s，：·▲◆○✓（）《》]+|\d+\. ", words)))


@pytest.mark.parametrize("made", EVERY_KIND, ids=lambda made: type(made).__name__)
def test_html_and_text_say_the_same(made: Letter | Summary) -> None:
    _, text = subject_and_text(made)
    words = "\n".join(seen(html(made)).words)
    assert facts(text) - facts(words) <= {"10月15日截止", "1.", "2."}
    assert facts(words) - facts(text) <= {"材料", "截止日", "情况", "10月15日", "1.", "2."}


@pytest.mark.parametrize("made", EVERY_KIND, ids=lambda made: type(made).__name__)
def test_html_needs_nothing_from_outside(made: Letter | Summary) -> None:
    page = seen(html(made))
    assert not {"img", "link", "script", "iframe", "style"} & set(page.tags)
    assert page.links <= {"https://duban.example/u/x8f2"}
    assert "url(" not in html(made)


PAYLOADS = [
    "a\r\nBcc: victim@evil.example",
    "a\n\n<h1>body</h1>",
    "a\u2028b\u2029c\x00d\x0be\x85f",
    '"><script>alert(1)</script>',
    "{{ 7 * 7 }}{% for x in y %}",
    "<boss@evil.example>, 石老师",
    '石老师" <boss@evil.example>, "',
    "=?utf-8?q?Bcc:_x?=",
    "张\u202e三\ufeff",
    "\ud800lone",
    "/etc/passwd",
    "x" * 3000,
    "长" * 3000,
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_type_stays_what_it_is(payload: str) -> None:
    """In every field: no header, no recipient, no tag and no attachment comes of it."""
    bad = panel(
        3,
        unit_name=payload,
        due_text_printed=payload,
        due_hint=payload,
        reason=payload,
        requirements=(payload,),
        tracks=(payload,),
        uid=payload,
    )
    made = letter(
        MailKind.NOTICE,
        "2021-10-12 09:00",
        bad,
        unit_name=payload,
        note=payload,
        code=payload,
        to=Person(name=payload, email=CLERK.email),
        reply_to=Person(name=payload, email=COORDINATOR.email),
        sender_name=payload,
        thread_id=None,
    )
    message = parsed(made)
    assert sorted(message.keys()) == sorted(
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Reply-To",
            "X-Duban-Code",
            "Content-Type",
            "MIME-Version",
        ]
    )
    for name, address in (("From", ACCOUNT), ("To", CLERK.email), ("Reply-To", COORDINATOR.email)):
        header = message[name]
        assert isinstance(header, AddressHeader)
        assert [a.addr_spec for a in header.addresses] == [address]
    assert shape(message) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html"]), "text/calendar"],
    )
    assert not {"script", "h1"} & set(seen(html(made)).tags)
    Calendar.from_ical(next(iter(message.iter_attachments())).get_payload(decode=True))


names = st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from('\r\n\u2028"<>@,;:()'), max_size=80)


@given(names, names)
def test_any_name_parses_back(name: str, unit: str) -> None:
    made = letter(
        MailKind.REMINDER, "2021-10-12 09:00", table(3), to=Person(name=name, email=CLERK.email), unit_name=unit
    )
    message = parsed(made)
    (to,) = message["To"].addresses
    assert to.addr_spec == CLERK.email
    # Python's own reader puts a blank between two encoded words of a name; the wire has none
    assert "".join(to.display_name.split()) == "".join(display_name(name).split())
    # a blank at a fold may go; nothing else does
    assert "".join(str(message["Subject"]).split()) == "".join(subject_of(made).split())
    assert str(message["Subject"]).endswith("[T7K2-9QXM]")


@pytest.mark.parametrize("address", ["", "石@prov.example", "a@b.example\nBcc: c@d.example", "a@b, c@d"])
def test_an_impossible_address_is_refused_in_one_line(address: str) -> None:
    made = letter(MailKind.REMINDER, "2021-10-12 09:00", table(3), to=Person(name="石老师", email=address))
    with pytest.raises(InputRefused) as refused:
        compose(made, account=ACCOUNT)
    assert str(refused.value) == f"邮箱地址不正确：{one_line(address)}"


def test_without_the_calendar_file_text_and_html_stay_as_they_are() -> None:
    made = letter(MailKind.NOTICE, "2021-09-24 10:00", plan(2))
    whole, bare = compose(made, account=ACCOUNT), compose(made, account=ACCOUNT, bare=True)
    assert (b"text/calendar" in whole.raw, b"text/calendar" in bare.raw) == (True, False)
    assert (bare.subject, bare.text, bare.html) == (whole.subject, whole.text, whole.html)


def test_what_is_kept_is_what_leaves() -> None:
    made = letter(MailKind.OVERDUE, "2021-10-18 09:00", table(-1), panel(-1))
    kept = compose(made, account=ACCOUNT)
    assert (kept.subject, kept.text) == subject_and_text(made)
    assert kept.html == html(made).replace("\r\n", "\n")


def test_titles_keep_their_own_brackets_once() -> None:
    made = letter(MailKind.REMINDER, "2021-10-12 09:00", table(3))
    assert subject_and_text(made)[1].count(f"《{TITLE}》") == 1
