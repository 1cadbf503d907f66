"""The Maildir as its readers see it."""

from mailbox import Maildir
from pathlib import Path

from duban.reading.maildir import Box, read_mail

MAIL = """From: =?utf-8?b?55yB5Y6F?= <duban@duban.invalid>
To: clerk@aa.example
Subject: =?utf-8?b?44CQ6YCa55+l44CR?=
Message-ID: <one@duban.invalid>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: multipart/alternative; boundary=A

--A
Content-Type: text/plain; charset=utf-8

正文
--A
Content-Type: text/html; charset=gb2312
Content-Transfer-Encoding: base64

1f3OxA==
--A--
--B
Content-Type: text/calendar; charset=utf-8; method=PUBLISH
Content-Disposition: attachment; filename=duban.ics

BEGIN:VCALENDAR
END:VCALENDAR
--B--
""".encode()


def test_a_mail_is_found_by_its_message_id(tmp_path: Path) -> None:
    box = Box(tmp_path / "maildir")
    assert (box.is_there, box.copies("<one@duban.invalid>")) == (False, 0)
    assert box.find("<one@duban.invalid>") is None
    kept = Maildir(tmp_path / "maildir")
    kept.add(MAIL)
    found = box.find("<one@duban.invalid>")
    assert found is not None
    assert (found.header("subject"), found.header("From")) == ("【通知】", "省厅 <duban@duban.invalid>")
    assert (found.text.strip(), found.html.strip()) == ("正文", "正文")
    assert found.calendar.startswith("BEGIN:VCALENDAR")
    kept.add(MAIL)
    assert box.copies("<one@duban.invalid>") == 2


def test_a_mail_whose_file_is_gone_was_not_received(tmp_path: Path) -> None:
    kept = Maildir(tmp_path / "maildir")
    key = kept.add(MAIL)
    box = Box(tmp_path / "maildir")
    assert box.copies("<one@duban.invalid>") == 1
    kept.remove(key)
    assert box.find("<one@duban.invalid>") is None


def test_a_broken_mail_is_shown_as_far_as_it_can_be() -> None:
    broken = b"Content-Type: text/plain; charset=nonsense\n\nplain \xff words"
    found = read_mail(broken)
    assert found.text.startswith("plain ")
    assert (found.html, found.calendar, found.header("Subject")) == ("", "", "")


def test_a_mail_without_an_id_does_not_stop_the_others(tmp_path: Path) -> None:
    kept = Maildir(tmp_path / "maildir")
    kept.add(b"no headers at all")
    kept.add(MAIL)
    assert Box(tmp_path / "maildir").copies("<one@duban.invalid>") == 1
