"""Mail that might leave and does not is noticed in office hours, unless something graver is said already."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from duban.clock import real_reading
from duban.services.alarms import alarms
from duban.services.pausing import pause
from duban.services.pulse import Work, beat
from duban.services.replaying import begin
from factories import at, notice, on, roster, stage
from models import AccountRow
from models.outbox import mails
from models.session import reading, writing
from web_season import client_of, installation


def warned(engine: Engine, now: datetime) -> list[str]:
    real = real_reading()
    with reading(engine) as session:
        return [alarm.name for alarm in alarms(session, real, since=real, now=now)]


@pytest.fixture
def posted(engine: Engine) -> Engine:
    """A notice is out at 10:00 and its mail has not left; the automatic work is done all the same."""
    begin(engine, notice(stage(on("2021-10-15"))), roster(), at=at("2021-09-24 10:00"))
    with writing(engine) as session:
        beat(session, Work.DELIVER, real_now=real_reading())
    with reading(engine) as session:
        assert {(mail.state, mail.not_before) for mail in mails(session)} == {("pending", at("2021-09-24 10:00"))}
    return engine


@pytest.mark.parametrize(
    ("now", "names"),
    [
        ("2021-09-24 09:59", []),
        ("2021-09-24 10:30", []),
        ("2021-09-24 10:31", ["stuck"]),
        # nobody is in the office, and nothing is sent
        ("2021-09-24 20:00", []),
        ("2021-09-25 10:00", []),
        # the working day has just begun: nothing has passed it by yet
        ("2021-09-26 09:30", []),
        ("2021-09-26 09:31", ["stuck"]),
    ],
)
def test_half_an_hour_of_office_time(posted: Engine, now: str, names: list[str]) -> None:
    assert warned(posted, at(now)) == names


def test_what_says_why_mail_waits_is_said_alone(posted: Engine) -> None:
    with writing(posted) as session:
        session.add(AccountRow(address="office@prov.example", is_stopped=True, reason="550"))
    assert warned(posted, at("2021-09-24 11:00")) == ["account"]
    with writing(posted) as session:
        pause(session, "检修", by="test", now=at("2021-09-24 10:00"))
    assert warned(posted, at("2021-09-24 11:00")) == ["paused", "account"]


def test_keepers_read_it_on_every_page(posted: Engine, tmp_path: Path) -> None:
    page = client_of(installation(posted, tmp_path, now="2021-09-24 11:05", is_demo=False)).get("/audit").text
    assert "有邮件已等待1小时5分钟没有发出。请查看运行情况，或运行 duban mail queue 查看原因。" in page
