"""A notice that changes in mid-season: a whole story, each thing refused, and promise R8 over any course of things."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine

from carriers import Answering
from changing import Step, check_course, courses
from duban.bootstrap import throw_away
from duban.domain.errors import DubanError
from duban.domain.notice import Notice
from duban.domain.roster import Unit
from duban.services.circulating import circulate
from duban.services.closing import Ended, cancel, close, foresee_end, reopen_notice
from duban.services.delivering import Sender
from duban.services.installing import import_units
from duban.services.supplementing import foresee, supplement
from duban.services.waking import rebuild
from factories import at, deliverable, notice, on, people, roster, stage, unit
from models import EventRow, MailState
from models.event import chain, chain_is_whole
from models.obligation import of_notice
from models.outbox import mails
from models.session import reading, writing
from models.task import tasks_of
from notifications.post import Outcome
from seasons_of_one import Season

BOTH = [{"medium": "electronic", "to": "office"}, {"medium": "paper", "to": "office"}]
UNITS = roster(
    unit("aa", "clerk", "chief", order=1), unit("bb", "clerk", order=2), unit("uni", "clerk", kind="college", order=3)
)
CLASSES = {"cities": {"name": "各市", "kinds": ["city"]}, "colleges": {"name": "各高校", "kinds": ["college"]}}
FIRST = notice(stage(on("2021-10-15"), deliverable(), deliverable("photos")))
#: A week more for the report, which colleges owe too; cases instead of photos.
SECOND = notice(stage(on("2021-10-22"), deliverable(who=["cities", "colleges"]), deliverable("cases")), classes=CLASSES)
WHY = "测〔2021〕9号"


def season(engine: Engine, sender: Sender, first: Notice = FIRST) -> Season:
    """A published season whose notice mails have left."""
    found = Season(engine=engine, sender=sender, notice=first, units=UNITS)
    found.ticks("2021-10-11 10:00")
    return found


def changes(found: Season, moment: str, second: Notice, reason: str = WHY) -> list[str]:
    """Put it in force; answers the changes in words, or why it was refused."""
    try:
        with writing(found.engine) as session:
            made = supplement(session, second, now=at(moment), reason=reason)
    except DubanError as error:
        return [str(error)]
    found.ticks(moment)
    return [change.text for change in made.changes]


def stand(found: Season) -> list[str]:
    """How every obligation stands, a line each."""
    with reading(found.engine) as session:
        rows = of_notice(session, found.notice.id)
    return [
        f"{r.unit_id}/{r.deliverable} {r.status} {r.round} {r.due_day}{f' {r.reason}' * bool(r.reason)}" for r in rows
    ]


def test_a_supplement_from_the_first_word_to_the_last_mail(engine: Engine, sender: Sender) -> None:
    """One handed in, one with a later day of its own; a day moves, a material goes, another comes, and so do units."""
    found = season(engine, sender)
    found.does("2021-10-12 09:30", "submit")
    found.does("2021-10-12 10:30", "extend", unit="bb", due="2021-10-30", note="公示期未满")
    with reading(engine) as session:
        foreseen = foresee(session, SECOND, now=at("2021-10-13 11:00"))
    told = changes(found, "2021-10-13 11:00", SECOND)
    assert told == [
        "环节“one”的期限由“10-15前”（2021年10月15日）改为“10-22前”（2021年10月22日）",
        "“report”的报送单位由各市改为各市、各高校",
        "新增材料“cases”，由各市报送，期限为“10-22前”（2021年10月22日）",
        "取消材料“photos”",
        "新增单位类别“各高校”",
    ]
    assert {**asdict(foreseen), "changes": len(foreseen.changes)} == {
        "notice": "test-2021-1",
        "revision": 2,
        "changes": 5,
        "moved": 1,
        "added": 3,
        "dropped": 2,
        "restored": 0,
        "unchanged": 1,
        "units": 3,
        "reminders": 0,
        "mails": 2,
        "notices": 4,
    }
    assert stand(found) == [
        "aa/report submitted 1 2021-10-22",
        "aa/cases pending 1 2021-10-22",
        "aa/photos waived 1 2021-10-15 补充通知取消：测〔2021〕9号",
        "bb/report pending 1 2021-10-30",
        "bb/cases pending 1 2021-10-22",
        "bb/photos waived 1 2021-10-15 补充通知取消：测〔2021〕9号",
        "uni/report pending 1 2021-10-22",
    ]
    found.ticks("2021-10-19 09:00")
    assert found.lines("2021-10-13 00:00") == [
        "2021-10-13 11:00 notice chief@aa: aa/cases",
        "2021-10-13 11:00 notice clerk@aa: aa/cases",
        "2021-10-13 11:00 date_changed clerk@aa: aa/photos",
        "2021-10-13 11:00 notice clerk@bb: bb/cases",
        "2021-10-13 11:00 date_changed clerk@bb: bb/photos",
        "2021-10-13 11:00 reminder clerk@prov: aa/report arrived",
        "2021-10-13 11:00 notice clerk@uni: uni/report",
        "2021-10-19 09:00 overdue chief@prov: aa/report late-1",
        "2021-10-19 09:00 reminder clerk@aa: aa/cases due-3",
        "2021-10-19 09:00 reminder clerk@bb: bb/cases due-3",
        "2021-10-19 09:00 overdue clerk@prov: aa/report late-1",
        "2021-10-19 09:00 reminder clerk@uni: uni/report due-3",
    ]
    assert rebuild(engine) == 0
    with reading(engine) as session:
        assert chain_is_whole(session)


def test_the_event_of_a_supplement_tells_its_reason_and_its_counts(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    changes(found, "2021-10-13 11:00", SECOND)
    with reading(engine) as session:
        event = next(event for event in chain(session) if event.name == "supplemented")
    assert _told(event) == {
        "version": 2, "reason": WHY, "moved": 2, "dropped": 2, "restored": 0, "added": 3,
    }  # fmt: skip


def _told(event: EventRow) -> dict[str, Any]:
    data = json.loads(event.data)
    assert len(data.pop("revision")) == 64
    return dict(data)


def test_one_mail_tells_a_person_of_new_days_and_of_what_is_no_longer_asked(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    changes(found, "2021-10-13 11:00", notice(stage(on("2021-10-22"))))
    with reading(engine) as session:
        to_aa = [m for m in mails(session) if m.kind == "date_changed" and m.to_email == "clerk@aa.example"]
    (mail,) = to_aa
    assert mail.subject.startswith("【期限调整】report，改为10月22日前｜aa市")
    assert "截止日由10月15日（周五）改为10月22日（周五）：report。" in mail.text
    assert "photos（不再报送）\n   说明：补充通知取消：测〔2021〕9号" in mail.text


def test_the_calendar_file_goes_one_further(engine: Engine, sender: Sender) -> None:
    carrier = Answering()
    found = season(engine, Sender(name="test", carrier=carrier, account="duban@duban.invalid"))
    carrier.messages.clear()
    changes(found, "2021-10-13 11:00", notice(stage(on("2021-10-22"), deliverable(), deliverable("photos"))))
    (message,) = [m for m in carrier.messages if "clerk@aa" in str(m["To"])]
    files = [part.get_content() for part in message.iter_attachments()]
    text = files[0] if isinstance(files[0], str) else files[0].decode()
    assert ("SEQUENCE:1" in text, "DTSTART;VALUE=DATE:20211022" in text) == (True, True)


@pytest.mark.parametrize(
    ("second", "moment", "why"),
    [
        (FIRST, "2021-10-13 11:00", "定义没有改动"),
        (FIRST.with_(id="other"), "2021-10-13 11:00", "没有发布过通知 other"),
        (
            FIRST.with_(issuer="aa"),
            "2021-10-13 11:00",
            "补充通知不能更改发文机关：原为 prov，现为 aa；请另行发布一份通知",
        ),
        (
            FIRST.with_(document_number="测〔2021〕2号"),
            "2021-10-13 11:00",
            "补充通知不能更改发文字号：原为 测〔2021〕1号，现为 测〔2021〕2号；请另行发布一份通知",
        ),
        (
            FIRST.with_(zone="Asia/Urumqi"),
            "2021-10-13 11:00",
            "补充通知不能更改时区：原为 Asia/Shanghai，现为 Asia/Urumqi；请另行发布一份通知",
        ),
        (
            notice(stage(on("2021-10-12"), deliverable(), deliverable("photos"))),
            "2021-10-13 11:00",
            "“report”的新期限10月12日已过，请改为今天以后的日期",
        ),
        (
            notice(stage(on("2021-10-15"), deliverable(tracks=BOTH), deliverable("photos"))),
            "2021-10-13 11:00",
            "补充通知不能更改“report”的报送方式种类（电子、纸质等）；请取消该项，另设一项材料",
        ),
        (
            notice(stage({"kind": "recurring", "every": "month", "day": 5}, deliverable(), deliverable("photos"))),
            "2021-10-13 11:00",
            "补充通知不能在一次性与周期性之间更改“report”的期限；请取消该项，另设一项材料",
        ),
        (
            notice(classes={"cities": {"name": "各市", "units": ["nobody"]}}),
            "2021-10-13 11:00",
            "单位名册中没有 nobody（通知 test-2021-1 提到了它）",
        ),
    ],
)
def test_what_a_supplement_cannot_do(sender: Sender, second: Notice, moment: str, why: str) -> None:
    with throw_away() as (engine, _):
        found = season(engine, sender)
        before = stand(found)
        assert changes(found, moment, second) == [why]
        assert stand(found) == before


def test_a_day_moved_to_today_is_no_day_of_the_past(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    changes(found, "2021-10-13 11:00", notice(stage(on("2021-10-13"), deliverable(), deliverable("photos"))))
    assert stand(found)[:2] == ["aa/report pending 1 2021-10-13", "aa/photos pending 1 2021-10-13"]


def test_a_supplement_says_why(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    assert changes(found, "2021-10-13 11:00", SECOND, reason=" ") == ["请写明更改的缘由（如补充通知的文号）"]


def test_a_step_of_review_stays_while_something_waits_at_it(engine: Engine, sender: Sender) -> None:
    steps = [{"id": "second", "name": "复审", "by": "issuer"}]
    first = notice(review=[{"id": "first", "name": "初审", "by": "issuer"}, *steps])
    found = season(engine, sender, first)
    found.does("2021-10-12 10:00", "submit")
    assert changes(found, "2021-10-12 11:00", notice(review=steps)) == [
        "“report”有1件正在“初审”，审完以前不能取消这一审核环节"
    ]
    found.does("2021-10-12 12:00", "approve")
    assert changes(found, "2021-10-12 13:00", notice(review=steps)) == [
        "“report”的审核由“初审（3个工作日）→复审（3个工作日）”改为“复审（3个工作日）”"
    ]


def test_what_was_returned_keeps_its_day_and_what_is_done_is_not_touched(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    for who in ("aa", "bb"):
        found.does("2021-10-12 10:00", "submit", unit=who)
    found.does("2021-10-12 11:00", "return", due="2021-10-18", note="缺页")
    found.does("2021-10-12 11:00", "approve", unit="bb")
    changes(found, "2021-10-13 11:00", notice(stage(on("2021-10-22"), deliverable(), deliverable("photos"))))
    assert stand(found) == [
        "aa/report returned 2 2021-10-18 缺页",
        "aa/photos pending 1 2021-10-22",
        "bb/report completed 1 2021-10-15",
        "bb/photos pending 1 2021-10-22",
    ]
    refused = found.does("2021-10-13 12:00", "take_back", unit="bb")
    assert refused == "不能收回审核意见：此后通知已有更改"


def test_an_own_day_gives_way_to_a_later_one_and_a_request_that_is_met_is_settled(
    engine: Engine, sender: Sender
) -> None:
    found = season(engine, sender)
    found.does("2021-10-12 10:00", "extend", due="2021-10-18", note="公示")
    found.does("2021-10-12 10:00", "request", unit="bb", due="2021-10-20", note="公示")
    changes(found, "2021-10-13 11:00", notice(stage(on("2021-10-22"), deliverable(), deliverable("photos"))))
    assert stand(found)[0] == "aa/report pending 1 2021-10-22"
    refused = found.does("2021-10-13 12:00", "refuse", unit="bb", note="已延期")
    assert refused == "没有待答复的延期申请"


def test_what_is_announced_becomes_concrete(engine: Engine, sender: Sender) -> None:
    """具体时间另行通知: an event without a day fixes none, until a supplement does."""
    after = {"kind": "relative", "after": "event", "event": "opening", "weeks": 1, "text": "活动结束后一周内"}
    vague = {"opening": {"name": "开幕式", "tentative": True, "text": "11月中旬"}}
    fixed = {"opening": {"name": "开幕式", "date": "2021-11-12"}}
    found = season(engine, sender, notice(stage(after), events=vague))
    assert stand(found) == ["aa/report pending 1 None", "bb/report pending 1 None"]
    assert changes(found, "2021-10-13 11:00", notice(stage(after), events=fixed)) == [
        "活动由“开幕式：11月中旬（拟定）”确定为“开幕式：11月12日”"
    ]
    assert stand(found) == ["aa/report pending 1 2021-11-19", "bb/report pending 1 2021-11-19"]
    assert found.lines("2021-10-13 00:00") == [
        "2021-10-13 11:00 date_changed clerk@aa: aa/report",
        "2021-10-13 11:00 date_changed clerk@bb: bb/report",
    ]


def test_days_that_count_from_the_units_own_receipt_are_counted_anew(engine: Engine, sender: Sender) -> None:
    def after(days: int) -> Notice:
        return notice(stage({"kind": "relative", "after": "acknowledgement", "workdays": days}))

    found = season(engine, sender, after(5))
    found.does("2021-10-11 11:00", "acknowledge")
    assert stand(found) == ["aa/report pending 1 2021-10-18", "bb/report pending 1 None"]
    changes(found, "2021-10-13 11:00", after(8))
    assert stand(found) == ["aa/report pending 1 2021-10-21", "bb/report pending 1 None"]


def test_a_rhythm_that_changes_leaves_what_was_due_and_asks_nothing_of_days_gone_by(
    engine: Engine, sender: Sender
) -> None:
    def monthly(day: int) -> Notice:
        recurring = {"kind": "recurring", "every": "month", "day": day}
        return notice(stage(recurring), ends_on="2021-12-31", issued_on="2021-10-01")

    found = Season(engine=engine, sender=sender, notice=monthly(5), units=roster(), start="2021-10-01 10:00")
    changes(found, "2021-10-20 11:00", monthly(10))
    assert stand(found) == [
        "aa/report@2021-10-05 pending 1 2021-10-05",
        "aa/report@2021-11-05 waived 1 2021-11-05 补充通知取消：测〔2021〕9号",
        "aa/report@2021-11-10 pending 1 2021-11-10",
        "aa/report@2021-12-05 waived 1 2021-12-05 补充通知取消：测〔2021〕9号",
        "aa/report@2021-12-10 pending 1 2021-12-10",
    ]


def test_what_was_dropped_and_is_asked_again_stands_as_it_stood(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    found.does("2021-10-12 10:00", "submit", deliverable="photos")
    changes(found, "2021-10-13 11:00", notice())
    refused = found.does("2021-10-13 12:00", "reopen", deliverable="photos", due="2021-10-29", note="x")
    assert refused == "不能重新打开：该事项已由补充通知取消或并入其他单位"
    changes(found, "2021-10-14 11:00", FIRST)
    assert stand(found) == [
        "aa/report pending 1 2021-10-15",
        "aa/photos submitted 1 2021-10-15",
        "bb/report pending 1 2021-10-15",
        "bb/photos pending 1 2021-10-15",
    ]


def replaced(engine: Engine, *roles: str) -> None:
    """The city aa has other people now."""
    anew = {**vars(unit("aa", order=1)), "contacts": people("new", *roles)}
    with writing(engine) as session:
        import_units(session, roster(Unit(**anew)))


def test_who_reads_a_mail_that_waits_is_decided_when_it_leaves(engine: Engine, sender: Sender) -> None:
    """Clerk and chief are others now; the mails lie in the outbox already."""
    found = Season(engine=engine, sender=sender, notice=notice(), units=UNITS)
    circulate(engine)
    replaced(engine, "clerk", "chief")
    found.ticks("2021-10-11 10:00")
    with reading(engine) as session:
        sent = sorted((mail.to_email, mail.role) for mail in mails(session, states=(MailState.SENT,)))
    assert sent == [("chief@new.example", "chief"), ("clerk@bb.example", "clerk"), ("clerk@new.example", "clerk")]


def test_where_nobody_is_left_to_read_it_a_mail_does_not_leave(engine: Engine, sender: Sender) -> None:
    found = Season(engine=engine, sender=sender, notice=notice(), units=UNITS)
    circulate(engine)
    replaced(engine)
    found.ticks("2021-10-11 10:00")
    with reading(engine) as session:
        states = sorted((mail.to_email, mail.state, mail.reason) for mail in mails(session))
        gaps = [task.unit_id for task in tasks_of(session, found.notice.id) if task.kind == "contact_gap"]
    assert states == [
        ("chief@aa.example", "cancelled", "联系人已变更，现无可用邮箱，不再发送"),
        ("clerk@aa.example", "cancelled", "联系人已变更，现无可用邮箱，不再发送"),
        ("clerk@bb.example", "sent", ""),
    ]
    assert set(gaps) == {"aa"}


def test_a_contact_that_changes_gets_what_is_made_after_and_the_old_one_nothing(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    replaced(engine, "clerk")
    found.ticks("2021-10-12 09:30")
    assert [line.partition(":")[0] for line in found.lines("2021-10-12 00:00")] == [
        "2021-10-12 09", "2021-10-12 09",
    ]  # fmt: skip
    assert [line.split(" ")[3] for line in found.lines("2021-10-12 00:00")] == ["clerk@bb:", "clerk@new:"]


def test_closing_ends_all_chasing_and_leaves_what_is_unfinished(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    found.does("2021-10-12 10:00", "submit")
    with writing(engine) as session:
        ended = close(session, "test-2021-1", now=at("2021-10-14 08:00"))
    assert (ended.unfinished, ended.in_review, ended.units) == (3, 1, 2)
    found.ticks("2021-10-18 10:00")
    assert found.lines("2021-10-14 00:00") == []
    assert found.does("2021-10-18 11:00", "submit", unit="bb") == "通知已结束办理，请联系经办人重新打开"
    assert changes(found, "2021-10-18 11:00", SECOND) == ["通知 test-2021-1 已办结归档，请先重新打开，再发补充通知"]
    with writing(engine) as session:
        reopen_notice(session, "test-2021-1", now=at("2021-10-18 12:00"), reason="尚有单位补报")
    found.ticks("2021-10-18 13:00")
    assert [line for line in found.lines("2021-10-18 12:30") if "aa/photos" in line] == [
        "2021-10-18 13:00 overdue chief@aa: aa/photos late-1",
        "2021-10-18 13:00 overdue clerk@aa: aa/photos late-1",
    ]


def test_what_was_left_to_do_rests_with_the_notice_and_is_taken_up_with_it(engine: Engine, sender: Sender) -> None:
    first = notice(stage(on("2021-10-15"), deliverable(), deliverable("open", who=[])))
    found = season(engine, sender, first)

    def open_tasks() -> list[str]:
        with reading(engine) as session:
            return [task.kind for task in tasks_of(session, first.id) if task.done_at is None]

    assert open_tasks() == ["unassigned"]
    with writing(engine) as session:
        close(session, first.id, now=at("2021-10-13 10:00"))
    assert open_tasks() == ["sum_up"]
    with writing(engine) as session:
        reopen_notice(session, first.id, now=at("2021-10-14 10:00"), reason="补报")
    assert open_tasks() == ["unassigned"]
    changes(found, "2021-10-14 11:00", notice(stage(on("2021-10-15"), deliverable(), deliverable("open"))))
    assert open_tasks() == []


def test_cancelling_waives_all_that_is_open_and_tells_only_who_knew(engine: Engine, sender: Sender) -> None:
    found = season(engine, sender)
    found.does("2021-10-12 10:00", "submit")
    found.does("2021-10-12 10:30", "approve")
    with writing(engine) as session:
        cancel(session, "test-2021-1", now=at("2021-10-12 11:00"), reason="活动取消")
        foreseen = foresee_end(session, "test-2021-1")
    assert foreseen == Ended(event=0, unfinished=3, in_review=0, units=2)
    found.ticks("2021-10-12 11:00")
    assert stand(found) == [
        "aa/report completed 1 2021-10-15",
        "aa/photos waived 1 2021-10-15 通知已撤销：活动取消",
        "bb/report waived 1 2021-10-15 通知已撤销：活动取消",
        "bb/photos waived 1 2021-10-15 通知已撤销：活动取消",
    ]
    assert found.lines("2021-10-12 11:00") == [
        "2021-10-12 11:00 date_changed chief@aa: aa/photos",
        "2021-10-12 11:00 date_changed clerk@aa: aa/photos",
        "2021-10-12 11:00 date_changed clerk@bb: bb/report, bb/photos",
    ]
    with writing(engine) as session:
        reopen_notice(session, "test-2021-1", now=at("2021-10-12 14:00"), reason="照常举行")
    found.ticks("2021-10-12 14:00")
    assert stand(found)[1:] == [
        "aa/photos pending 1 2021-10-15",
        "bb/report pending 1 2021-10-15",
        "bb/photos pending 1 2021-10-15",
    ]
    assert found.lines("2021-10-12 14:00") == [
        "2021-10-12 14:00 notice chief@aa: aa/photos",
        "2021-10-12 14:00 notice clerk@aa: aa/photos",
        "2021-10-12 14:00 notice clerk@bb: bb/report, bb/photos",
    ]


def test_a_notice_cancelled_before_anybody_was_told_is_not_told_of(engine: Engine, sender: Sender) -> None:
    found = Season(engine=engine, sender=sender, notice=FIRST, units=UNITS)
    with writing(engine) as session:
        cancel(session, "test-2021-1", now=at("2021-10-11 10:05"), reason="误发")
    found.ticks("2021-10-11 10:10")
    with reading(engine) as session:
        assert mails(session, states=(MailState.SENT,)) == []
        assert {mail.state for mail in mails(session)} == {MailState.CANCELLED}


class Meanwhile(Answering):
    """Something happens while the third mail is under way."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__(per_connection=100)
        self.happens = happens

    def deliver(self, message: EmailMessage | bytes, to: str) -> Outcome:
        if len(self.handed) == 2:
            self.happens()
        return super().deliver(message, to)

    @property
    def days(self) -> list[list[str]]:
        """The days in force that each mail states, in the order of leaving."""
        bodies = [message.get_body(("plain",)) for message in self.messages]
        texts = [body.get_content() if body else "" for body in bodies]
        return [[part.split(" ")[0] for part in text.split("系统按")[1:]] for text in texts]


def test_mails_composed_ahead_say_the_new_day_once_it_is_in_force(engine: Engine) -> None:
    """Six notice mails wait, composed ahead; the day moves while the third is under way."""
    carrier = Meanwhile(lambda: moves(engine))
    found = Season(
        engine=engine,
        sender=Sender(name="test", carrier=carrier, account="duban@duban.invalid"),
        notice=notice(),
        units=roster(*(unit(name, "clerk", order=n) for n, name in enumerate("abcdef"))),
    )
    found.ticks("2021-10-11 10:00")
    assert carrier.days[:6] == [["10月15日"]] * 3 + [["10月22日"]] * 3
    found.ticks("2021-10-11 10:10")
    # everybody is told of the new day, once: the last three know it already, and are told all the same
    assert carrier.readers[6:] == [f"clerk@{name}.example" for name in "abcdef"]
    assert carrier.days[6:] == [["10月22日"]] * 6


def moves(engine: Engine) -> None:
    with writing(engine) as session:
        supplement(session, notice(stage(on("2021-10-22"))), now=at("2021-10-11 10:00"), reason=WHY)


def test_what_is_cancelled_meanwhile_does_not_leave(engine: Engine) -> None:
    carrier = Meanwhile(lambda: ends(engine))
    found = Season(
        engine=engine,
        sender=Sender(name="test", carrier=carrier, account="duban@duban.invalid"),
        notice=notice(),
        units=roster(*(unit(name, "clerk", order=n) for n, name in enumerate("abcdef"))),
    )
    found.ticks("2021-10-11 10:00")
    found.ticks("2021-10-11 10:10")
    # three knew of it, and are told that nothing is asked any more
    assert carrier.readers == [f"clerk@{name}.example" for name in "abcabc"]
    assert ["不再报送" in str(message["Subject"]) for message in carrier.messages] == [False] * 3 + [True] * 3


def ends(engine: Engine) -> None:
    with writing(engine) as session:
        cancel(session, "test-2021-1", now=at("2021-10-11 10:00"), reason="误发")


@given(courses())
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_no_mail_states_a_superseded_day(steps: list[Step]) -> None:
    check_course(steps)


@pytest.mark.soak
@given(courses())
@settings(max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
def test_over_many_courses_no_mail_states_a_superseded_day(steps: list[Step]) -> None:
    check_course(steps)


def test_a_course_gets_far() -> None:
    """The check is not empty."""
    steps = [
        Step(at=at("2021-09-27 10:00"), what="sweep"),
        Step(at=at("2021-09-28 10:00"), what="extend", day=date(2021, 10, 20)),
        Step(at=at("2021-09-29 10:00"), what="supplement", day=date(2021, 10, 18), names=("report", "cases")),
        Step(at=at("2021-09-29 11:00"), what="send"),
        Step(at=at("2021-10-08 10:00"), what="cancel"),
        Step(at=at("2021-10-09 10:00"), what="again"),
        Step(at=at("2021-10-11 10:00"), what="sweep"),
        Step(at=at("2021-10-12 10:00"), what="close"),
    ]
    assert check_course(steps) == {
        "sweep": 3, "extend": 1, "supplement": 1, "send": 1, "cancel": 1, "again": 1, "close": 1,
    }  # fmt: skip
