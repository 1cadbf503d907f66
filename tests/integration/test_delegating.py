"""Delegation during leave: from day to day, in both names, never of one's own work, never lent on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from conftest import installed
from duban.bootstrap import Duban
from duban.clock import real_now
from duban.domain.access import Grant, Subject, Thing, absent_for, may
from duban.domain.deeds import Deed
from duban.domain.errors import ActRefused, DubanError
from duban.domain.links import Mint, hashed
from duban.domain.terms import Hat, MailKind
from duban.services.delegating import Wanted, delegate, delegations, end
from duban.services.delivering import Sender, deliver
from duban.services.people import disable, find, take
from duban.services.sessions import guest, program
from duban.services.standing_in import stand_ins
from duban.services.sweeping import sweep
from factories import at
from models import ApiTokenRow
from models.entry_link import links_of
from models.event import chain
from models.outbox import mails
from models.session import make_engine, reading, writing
from notifications.post import Rehearsal
from stories import did
from supervising_season import NOTICE, NOW, START, browser, live, office, staff
from web_season import come_in

LI, WANG, ZHAO = "clerk@prov.example", "wang@prov.example", "zhao@prov.example"
REVIEWS = {"giver": LI, "taker": WANG, "hat": Hat.REVIEWER, "unit": "prov"}


@pytest.fixture
def quick() -> Iterator[Engine]:
    made = installed(make_engine("sqlite://"))
    yield made
    made.dispose()


@pytest.fixture
def leave(quick: Engine) -> Engine:
    return before_leave(quick)


def before_leave(quick: Engine) -> Engine:
    """Li reviews and coordinates for the province, Wang supervises a city, Zhao nothing."""
    live(quick, did("2021-10-18 10:00", "aa", "report", "submit"), did("2021-10-18 10:00", "bb", "report", "submit"))
    staff(
        quick,
        (LI, "李四", ((Hat.REVIEWER, "prov"), (Hat.COORDINATOR, "prov"))),
        (WANG, "王五", ((Hat.SUPERVISOR, "aa"),)),
        (ZHAO, "赵六", ()),
    )
    return quick


def lend(engine: Engine, first: str, last: str, *, now: str = NOW, **more: object) -> int:
    """From one day to another."""
    days = {"first_day": at(f"{first} 00:00").date(), "last_day": at(f"{last} 00:00").date()}
    with writing(engine) as session:
        return delegate(session, Wanted(**(REVIEWS | days | more)), by=LI, now=at(now))  # type: ignore[arg-type]


def worn(engine: Engine, address: str, moment: str) -> list[tuple[str, str, str]]:
    """Hat, unit and for whom, as somebody comes in at a moment."""
    token = come_in(engine, address)
    with reading(engine) as session:
        found = guest(session, token, now=at(moment), real_now=real_now())
        assert found is not None
        return [(str(grant.hat), grant.unit, grant.absent) for grant in found.subject.grants]


OWN, LENT = ("supervisor", "aa", ""), ("reviewer", "prov", LI)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2021-10-20 23:59", [OWN]),
        ("2021-10-21 00:00", [OWN, LENT]),
        ("2021-10-22 23:59", [OWN, LENT]),
        ("2021-10-23 00:00", [OWN]),
    ],
)
def test_it_is_worn_from_the_first_day_to_the_last(
    leave: Engine, moment: str, expected: list[tuple[str, str, str]]
) -> None:
    lend(leave, "2021-10-21", "2021-10-22")
    assert worn(leave, WANG, moment) == expected


def test_on_each_kind_of_database(engine: Engine) -> None:
    before_leave(engine)
    number = lend(engine, "2021-10-20", "2021-10-22")
    assert worn(engine, WANG, NOW) == [OWN, LENT]
    with pytest.raises(ActRefused, match="已委托给同事"):
        lend(engine, "2021-10-22", "2021-10-23")
    with writing(engine) as session:
        assert [contact.email for contact in stand_ins(session, now=at(NOW)).values()] == [WANG]
        end(session, number, person=find(session, LI), by=LI, now=at(NOW))
        assert [(one.number, one.is_ended) for one in delegations(session, None, now=at(NOW))] == [(number, True)]
        assert stand_ins(session, now=at(NOW)) == {}
    assert worn(engine, WANG, NOW) == [OWN]


def test_it_ends_early_and_with_the_hat_and_with_the_account(leave: Engine) -> None:
    first = lend(leave, "2021-10-20", "2021-10-22")
    with writing(leave) as session:
        end(session, first, person=find(session, WANG), by=WANG, now=at(NOW))
    assert worn(leave, WANG, NOW) == [OWN]
    with pytest.raises(ActRefused, match="已经结束"), writing(leave) as session:
        end(session, first, person=None, by="operator", now=at(NOW))
    lend(leave, "2021-10-20", "2021-10-22")
    assert worn(leave, WANG, NOW) == [OWN, LENT]
    with writing(leave) as session:
        take(session, LI, Hat.REVIEWER, "prov", by="test", now=START)
    assert worn(leave, WANG, NOW) == [OWN]
    lend(leave, "2021-10-20", "2021-10-22", hat=Hat.COORDINATOR)
    assert worn(leave, WANG, NOW) == [OWN, ("coordinator", "prov", LI)]
    with writing(leave) as session:
        disable(session, LI, by="test", now=START)
    assert worn(leave, WANG, NOW) == [OWN]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"taker": LI}, "不能委托给本人"),
        ({"taker": "nobody@prov.example"}, "没有账号"),
        ({"hat": Hat.SUPERVISOR}, "只能委托本人的权限"),
        ({"unit": "aa"}, "只能委托本人的权限"),
        ({"giver": WANG, "taker": ZHAO}, "只能委托本人的权限"),
        ({"first": "2021-10-22", "last": "2021-10-21"}, "结束日期早于开始日期"),
        ({"first": "2021-10-18", "last": "2021-10-19"}, "日期已经过去"),
        ({"first": "2021-10-20", "last": "2022-04-18"}, "最长180天"),
        ({"first": "2021-10-22", "last": "2021-10-30"}, "已委托给同事"),
    ],
)
def test_what_is_not_lent(leave: Engine, more: dict[str, object], words: str) -> None:
    """Wang has lent to him what he does not lend on: it is not his own."""
    lend(leave, "2021-10-20", "2021-10-22")
    first, last = str(more.pop("first", "2021-10-25")), str(more.pop("last", "2021-10-26"))
    with pytest.raises(DubanError, match=words):
        lend(leave, first, last, **more)
    with reading(leave) as session:
        assert len(delegations(session, None, now=at(NOW))) == 1


def test_the_twins_of_the_bounds_are_lent(leave: Engine) -> None:
    lend(leave, "2021-10-18", "2021-10-20")
    lend(leave, "2021-10-21", "2022-04-18")
    with reading(leave) as session:
        found = [(one.first_day.isoformat(), one.is_on) for one in delegations(session, None, now=at(NOW))]
    assert found == [("2021-10-21", False), ("2021-10-18", True)]


def test_a_disabled_colleague_gets_nothing(leave: Engine) -> None:
    with writing(leave) as session:
        disable(session, WANG, by="test", now=START)
    with pytest.raises(ActRefused, match="账号已停用"):
        lend(leave, "2021-10-20", "2021-10-22")


def test_the_colleague_is_told_by_mail_unless_it_was_ended_before(leave: Engine) -> None:
    mint = Mint(key=b"k" * 32, base_url="https://duban.example")
    sender = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid", mint=mint)
    lend(leave, "2021-10-20", "2021-10-22")
    number = lend(leave, "2021-10-20", "2021-10-22", hat=Hat.COORDINATOR)
    with writing(leave) as session:
        end(session, number, person=None, by=LI, now=at(NOW))
    assert deliver(leave, sender, now=at(NOW), real_now=at(NOW)) == 1
    with reading(leave) as session:
        told = [(m.to_email, m.state, m.subject) for m in mails(session) if m.kind == MailKind.LINK]
        sent = next(m for m in mails(session) if m.kind == MailKind.LINK and m.state == "sent")
    assert [(to, state) for to, state, _ in told] == [(WANG, "sent"), (WANG, "cancelled")]
    assert sent.subject.startswith("【休假委托】李四，10月20日至10月22日｜prov市 [")
    assert "李四委托您10月20日至10月22日代行审核。" in sent.text
    assert "https://duban.example/login" in sent.text


@pytest.fixture
def duban(leave: Engine, tmp_path: Path) -> Duban:
    return office(leave, tmp_path)


def key(owner: str) -> str:
    """The report of a city, as its page names it."""
    return f"{NOTICE.id}/{owner}/report/{({'aa': 1, 'bb': 2})[owner]}"


def test_what_is_done_meanwhile_stands_in_both_names(duban: Duban) -> None:
    wang = browser(duban, WANG)
    refused = wang.post("/reviews/approve", data={"chosen": [key("aa")]})
    assert refused.status_code == 403
    lend(duban.engine, "2021-10-20", "2021-10-22")
    assert "代李四审核" in wang.get("/reviews").text
    done = wang.post("/reviews/approve", data={"chosen": [key("aa")]})
    assert (done.status_code, done.headers["location"]) == (303, "/reviews?done=approved")
    with reading(duban.engine) as session:
        approved = [json.loads(event.data) for event in chain(session) if event.name == "approved"]
    assert [(data["person"], data["for"]) for data in approved] == [(WANG, LI)]
    story = browser(duban, LI).get(f"/notices/{NOTICE.id}/units/aa").text
    assert "（王五 代 李四）" in story


def test_in_the_own_name_nothing_is_said_of_the_absent(duban: Duban) -> None:
    lend(duban.engine, "2021-10-20", "2021-10-22", hat=Hat.COORDINATOR)
    said = {"with_whom": "李科长", "text": "周五前报送", "sure": "yes"}
    wang = browser(duban, WANG)
    # of his own city he writes as its supervisor; of the other one for the coordinator
    for owner in ("aa", "bb"):
        assert wang.post(f"/supervision/{NOTICE.id}/{owner}/phone", data=said).status_code == 303
    with reading(duban.engine) as session:
        calls = [(e.by, json.loads(e.data).get("for")) for e in chain(session) if e.name == "telephoned"]
    assert calls == [(WANG, None), (WANG, LI)]


def test_nobody_reviews_his_own_across_both_persons() -> None:
    thing = Thing(notice="n1", issuer="prov", unit="aa", reviewers=frozenset({"prov"}))
    own = Grant(hat=Hat.REVIEWER, unit="prov", holder=WANG)
    lent = Grant(hat=Hat.REVIEWER, unit="prov", holder=WANG, absent=LI)

    def answer(grants: tuple[Grant, ...], by: str) -> tuple[bool, str]:
        about = Thing(**{**vars(thing), "handed_in_by": frozenset({by})})
        subject = Subject(grants=grants)
        return may(subject, Deed.APPROVE, about), absent_for(subject, Deed.APPROVE, about)

    assert answer((lent,), "city@x.example") == (True, LI)
    assert answer((own, lent), "city@x.example") == (True, "")
    # what the absent one has handed in is not approved in that name; with a hat of his own the colleague may
    assert answer((lent,), LI) == (False, "")
    assert answer((own, lent), LI) == (True, "")
    # what the colleague has handed in himself, never
    assert answer((lent,), WANG)[0] is False
    assert answer((own, lent), WANG)[0] is False


def test_a_reviewers_reminders_go_to_the_colleague_meanwhile(leave: Engine) -> None:
    """Handed in on Monday, due on Thursday; on Thursday and Friday Li is away."""
    mint = Mint(key=b"k" * 32, base_url="https://duban.example")
    sender = Sender(name="test", carrier=Rehearsal(), account="duban@duban.invalid", mint=mint)
    lend(leave, "2021-10-21", "2021-10-21")
    for moment in ("2021-10-21 09:00", "2021-10-22 09:00"):
        sweep(leave, sender, now=at(moment), real_now=at(moment))
    with reading(leave) as session:
        about = [
            (m.at.astimezone(START.tzinfo).day, m.to_email) for m in mails(session) if m.at > at("2021-10-21 08:00")
        ]
        to_colleague = next(m for m in mails(session) if m.to_email == WANG and m.kind != MailKind.LINK)
        links = links_of(session, address=WANG)
        away = stand_ins(session, now=at("2021-10-21 09:00")), stand_ins(session, now=at("2021-10-22 09:00"))
    reviews = [(day, to) for day, to in about if to in (LI, WANG)]
    assert reviews == [(21, WANG), (22, LI)]
    # by the own account, as long as it lasts; never by a link, which would outlive it
    assert ("https://duban.example/reviews" in to_colleague.text, links) == (True, [])
    assert ([contact.email for contact in away[0].values()], away[1]) == ([WANG], {})


def test_the_page_lends_previews_and_ends(duban: Duban) -> None:
    li, wang = browser(duban, LI), browser(duban, WANG)
    said = {
        "duty": "reviewer@prov",
        "taker": WANG,
        "first_day": "2021-10-20",
        "last_day": "2021-10-22",
        "reason": "年休假",
    }
    shown = li.post("/delegations/new", data=said).text
    assert f"2021-10-20至2021-10-22（首尾两日都含），由王五（{WANG}）代行“prov市 审核”" in shown
    assert "还没有委托" in li.get("/delegations").text
    assert li.post("/delegations/new", data=said | {"sure": "yes"}).headers["location"] == "/delegations?done=lent"
    assert "委托中" in li.get("/delegations").text
    assert "我受托的事项" in wang.get("/delegations").text
    again = li.post("/delegations/new", data=said | {"sure": "yes"})
    assert (again.status_code, "已委托给同事" in again.text) == (400, True)
    # a third person neither sees nor ends it
    zhao = browser(duban, ZHAO)
    assert WANG not in zhao.get("/delegations").text
    assert [zhao.ask(method, "/delegations/1/end").status_code for method in ("GET", "POST")] == [404, 404]
    assert wang.post("/delegations/1/end").headers["location"] == "/delegations?done=ended"
    assert "已提前结束" in li.get("/delegations").text
    assert zhao.get("/delegations/new").status_code == 403


def test_a_program_has_no_lent_hats(leave: Engine) -> None:
    lend(leave, "2021-10-20", "2021-10-22")
    with writing(leave) as session:
        person = find(session, WANG)
        session.add(
            ApiTokenRow(
                hash=hashed("token"),
                person_id=person.id or 0,
                name="报表",
                made_at=START,
                expires_at=at("2099-01-01 00:00"),
            )
        )
    with reading(leave) as session:
        found = program(session, "token", real_now=real_now())
    assert [(str(grant.hat), grant.absent) for grant in found.subject.grants] == [("supervisor", "")]
