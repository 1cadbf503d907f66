"""Coming in, on each kind of database: passwords, one-time links, links of mails, sessions, and what ends them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine
from sqlmodel import Session

from conftest import installed
from duban.domain.access import Grant, Subject
from duban.domain.errors import ActRefused, InputRefused, LoginNeeded, NotFound
from duban.domain.links import Mint, Purpose, hashed
from duban.domain.terms import Hat
from duban.domain.throttle import ACCOUNT, LINK
from duban.services import entering, inviting, passwords, people, sessions, tokens
from duban.services.delivering import Sender, deliver
from duban.services.entering import Moment
from duban.services.replaying import begin, live_through
from duban.services.throttling import may_try
from factories import at, deliverable, notice, on, roster, stage, unit
from models.entry_link import EntryLinkRow, links_of, revoke_links
from models.event import chain, chain_is_whole
from models.outbox import mails
from models.session import make_engine, reading, writing
from notifications.letter import Person
from notifications.post import Outcome, Rehearsal
from stories import did

START, NOW = at("2021-10-08 10:00"), at("2021-10-12 09:30")
MOMENT = Moment(now=NOW, real=at("2026-11-22 10:00"))
REAL = MOMENT.real
MINT = Mint(key=b"k" * 32, base_url="https://duban.example")
MINE = notice(stage(on("2021-10-15"), deliverable("report"), deliverable("photos")))
CLERK = "clerk@aa.example"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2id with little memory and one pass: what is asked here is not how long it takes."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)


class Kept(Rehearsal):
    """Keeps what it is handed."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def deliver(self, message: object, to: str) -> Outcome:
        self.texts[to] = message.decode() if isinstance(message, bytes) else str(message)
        return super().deliver(message, to)  # type: ignore[arg-type]


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def sender(kept: Kept) -> Sender:
    return Sender(name="test", carrier=kept, account="duban@duban.invalid", mint=MINT)


def lived(engine: Engine, sender: Sender) -> Engine:
    """Two cities; one has handed in its report, so that the province reviews."""
    begin(engine, MINE, roster(unit("aa", "clerk", "chief"), unit("bb", "clerk", order=2)), at=START)
    acts = [did("2021-10-08 11:00", "aa", "report", "submit")]
    live_through(engine, MINE, acts, sender, start=START, until=NOW)
    return engine


@pytest.fixture
def either(engine: Engine, sender: Sender) -> Engine:
    """The office on each kind of database."""
    return lived(engine, sender)


@pytest.fixture
def office(sender: Sender) -> Iterator[Engine]:
    """The office on one: for what no database has a part in."""
    engine = lived(installed(make_engine("sqlite://")), sender)
    yield engine
    engine.dispose()


def person(session: Session, address: str = "boss@prov.example", *, secret: str = "") -> None:
    people.add_person(session, address=address, name="处长", by="test", now=REAL)
    people.give(session, address, Hat.SUPERVISOR, "prov", by="test", now=REAL)
    if secret:
        people.set_password(session, address, secret, must_change=False, by="test", now=REAL)


SECRET = "正确的密码一二三四五"


def log_in(
    session: Session, password: str = SECRET, *, address: str = "boss@prov.example", **more: object
) -> str | None:
    values = {"came_from": "10.0.0.1", "former": "", "moment": MOMENT} | more
    return entering.login(session, address=address, password=password, **values)  # type: ignore[arg-type]


def who(session: Session, token: str, *, later: timedelta = timedelta(0), now: datetime = NOW) -> Subject | None:
    found = sessions.guest(session, token, now=now, real_now=REAL + later)
    return found.subject if found else None


# --- links of mails


def test_each_person_has_one_link_for_a_unit_and_a_notice(either: Engine) -> None:
    """Five mails to the clerk, one link; leaders and chiefs have none; what is stored is a hash."""
    with reading(either) as session:
        links = links_of(session)
        assert [(link.purpose, link.address, link.unit_id) for link in sorted(links, key=lambda it: it.address)] == [
            ("u", "clerk@aa.example", "aa"),
            ("u", "clerk@bb.example", "bb"),
            ("r", "clerk@prov.example", "prov"),
        ]
        assert {link.expires_at for link in links} == {at("2022-01-14 00:00")}
        stored = "".join(mail.text + mail.html for mail in mails(session))
    assert "https://duban.example/u/***" in stored
    assert not any(token in stored for token in (TOKEN, REVIEW))


def token_for(purpose: Purpose, address: str, unit_id: str, generation: int = 1) -> str:
    from duban.domain.links import LinkKey

    key = LinkKey(purpose=purpose, address=address, unit=unit_id, notice=MINE.id, generation=generation)
    return MINT.token(key)


TOKEN = token_for(Purpose.UNIT, CLERK, "aa")
REVIEW = token_for(Purpose.REVIEW, "clerk@prov.example", "prov")


def test_the_mail_itself_carries_the_link(office: Engine, kept: Kept) -> None:
    assert kept.texts  # the last mail to each
    from email import message_from_string, policy

    message = message_from_string(kept.texts[CLERK], policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    assert f"{MINT.base_url}/u/{TOKEN}\n" in body.get_content()


def test_a_mail_composed_twice_carries_the_same_link(engine: Engine) -> None:
    """A sender that died after the transaction: the mail goes out once more, with the same words."""

    class Dying(Kept):
        def deliver(self, message: object, to: str) -> Outcome:
            super().deliver(message, to)
            raise KeyboardInterrupt

    first, second = Dying(), Kept()
    begin(engine, MINE, roster(unit("aa", "clerk")), at=START)
    with pytest.raises(KeyboardInterrupt):
        deliver(engine, _sender(first), now=START, real_now=REAL)
    deliver(engine, _sender(second), now=START, real_now=REAL + timedelta(hours=1))
    assert first.texts[CLERK] == second.texts[CLERK]
    with reading(engine) as session:
        assert len(links_of(session, address=CLERK)) == 1


def _sender(carrier: Kept) -> Sender:
    return Sender(name="test", carrier=carrier, account="duban@duban.invalid", mint=MINT)


def test_a_link_that_was_taken_away_is_dead_and_the_next_mail_has_another(either: Engine, sender: Sender) -> None:
    with writing(either) as session:
        entered = entering.enter(session, Purpose.UNIT, TOKEN, former="", moment=MOMENT)
        assert entered
        assert revoke_links(session, address=CLERK, at=REAL) == 1
        # also for who is in already
        assert who(session, entered) is None
        assert entering.enter(session, Purpose.UNIT, TOKEN, former="", moment=MOMENT) is None
    live_through(either, MINE, [], sender, start=NOW, until=at("2021-10-14 09:30"))
    fresh = token_for(Purpose.UNIT, CLERK, "aa", generation=2)
    with writing(either) as session:
        assert [link.hash for link in links_of(session, address=CLERK)] == [hashed(fresh)]
        assert entering.enter(session, Purpose.UNIT, fresh, former="", moment=MOMENT)
        assert entering.enter(session, Purpose.UNIT, TOKEN, former="", moment=MOMENT) is None


def test_a_mail_composed_ahead_of_a_revocation_leaves_with_the_new_link(either: Engine) -> None:
    """The link is taken away between the composing of a mail and its sending."""

    class Revoking(Kept):
        def deliver(self, message: object, to: str) -> Outcome:
            if not self.texts:
                with writing(either) as session:
                    revoke_links(session, unit="bb", at=REAL)
            return super().deliver(message, to)

    carrier = Revoking()
    live_through(either, MINE, [], _sender(carrier), start=NOW, until=at("2021-10-14 09:30"))
    old, new = token_for(Purpose.UNIT, "clerk@bb.example", "bb"), token_for(Purpose.UNIT, "clerk@bb.example", "bb", 2)
    assert next(iter(carrier.texts)) != "clerk@bb.example"
    assert (_has(carrier, old), _has(carrier, new)) == (False, True)


def _has(carrier: Kept, token: str) -> bool:
    from email import message_from_string, policy

    message = message_from_string(carrier.texts["clerk@bb.example"], policy=policy.default)
    body = message.get_body(("plain",))
    return body is not None and token in body.get_content()


@pytest.mark.parametrize(("moment", "opens"), [("2022-01-13 23:59", True), ("2022-01-14 00:00", False)])
def test_a_link_is_over_after_its_day(office: Engine, moment: str, opens: bool) -> None:
    later = Moment(now=at(moment), real=REAL)
    with writing(office) as session:
        entered = entering.enter(session, Purpose.UNIT, TOKEN, former="", moment=later)
        assert (entered is not None) is opens
        inside = entering.enter(session, Purpose.UNIT, TOKEN, former="", moment=MOMENT) or ""
        assert (who(session, inside, now=at(moment)) is not None) is opens


def test_a_link_opens_its_own_door_only(office: Engine) -> None:
    with writing(office) as session:
        assert entering.enter(session, Purpose.REVIEW, TOKEN, former="", moment=MOMENT) is None
        assert entering.enter(session, Purpose.LOGIN, TOKEN, former="", moment=MOMENT) is None
        assert entering.enter(session, Purpose.UNIT, "", former="", moment=MOMENT) is None
        entered = entering.enter(session, Purpose.REVIEW, REVIEW, former="", moment=MOMENT)
        subject = who(session, entered or "")
    grant = Grant(hat=Hat.REVIEWER, unit="prov", notice=MINE.id, holder="clerk@prov.example", by_link=True)
    assert subject == Subject(grants=(grant,), name="clerk")


def test_a_second_link_in_the_same_browser_adds_to_the_first(either: Engine) -> None:
    with writing(either) as session:
        first = entering.enter(session, Purpose.UNIT, TOKEN, former="", moment=MOMENT) or ""
        second = entering.enter(session, Purpose.REVIEW, REVIEW, former=first, moment=MOMENT) or ""
        subject = who(session, second)
        assert subject is not None
        assert {(grant.hat, grant.unit) for grant in subject.grants} == {(Hat.CLERK, "aa"), (Hat.REVIEWER, "prov")}
        assert who(session, first) is None
        # and to a login: the same person may do both
        person(session, secret=SECRET)
        inside = log_in(session) or ""
        both = who(session, entering.enter(session, Purpose.UNIT, TOKEN, former=inside, moment=MOMENT) or "")
        assert both is not None
        assert [grant.hat for grant in both.grants] == [Hat.SUPERVISOR, Hat.CLERK]


# --- passwords


def test_a_login_by_password(either: Engine) -> None:
    with writing(either) as session:
        person(session, secret=SECRET)
        token = log_in(session, address=" Boss@PROV.example ")
        assert token
        subject = who(session, token)
        assert subject is not None
        assert (subject.name, [(grant.hat, grant.unit) for grant in subject.grants]) == (
            "处长",
            [(Hat.SUPERVISOR, "prov")],
        )
        assert [event.name for event in chain(session)][-1] == "logged_in"
        assert chain_is_whole(session)


def test_every_refusal_does_the_same_work(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong, unknown, without password, disabled, locked: one hash is computed in each case, and nothing is told."""
    with writing(office) as session:
        person(session, secret=SECRET)
        person(session, "bare@prov.example")
        person(session, "gone@prov.example", secret=SECRET)
        people.disable(session, "gone@prov.example", by="test", now=REAL)
    verified: list[str] = []
    hasher, nobodys = passwords._hasher(), passwords.hash_password("—")
    monkeypatch.setattr(passwords, "_nobodys", lambda: nobodys)
    whole = hasher.verify_and_update

    def counted(password: str, stored: str) -> tuple[bool, str | None]:
        verified.append(stored[:10])
        return whole(password, stored)

    monkeypatch.setattr(hasher, "verify_and_update", counted)
    cases = (("boss", "wrong"), ("nobody", SECRET), ("bare", ""), ("gone", SECRET))
    with writing(office) as session:
        told = [log_in(session, password, address=f"{name}@prov.example") for name, password in cases]
    assert told == [None] * 4
    assert verified == ["$argon2id$"] * 4


@pytest.mark.parametrize(("wrong", "comes_in"), [(9, True), (10, False)])
def test_too_many_wrong_passwords_lock_the_account_for_this_address(
    either: Engine, wrong: int, comes_in: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entering, "fits", lambda password, stored: (password == SECRET, ""))
    with writing(either) as session:
        person(session, secret=SECRET)
        assert [log_in(session, "wrong") for _ in range(wrong)] == [None] * wrong
        assert (log_in(session) is not None) is comes_in
        # from elsewhere it is not locked, and after a quarter of an hour nowhere
        assert log_in(session, came_from="10.0.0.2")
        late = Moment(now=NOW, real=REAL + ACCOUNT.window)
        assert log_in(session, moment=late)


def test_a_right_password_begins_the_count_again(office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entering, "fits", lambda password, stored: (password == SECRET, ""))
    with writing(office) as session:
        person(session, secret=SECRET)
        for _ in range(3):
            assert [log_in(session, "wrong") for _ in range(9)] == [None] * 9
            assert log_in(session)


def test_a_window_ends_when_it_is_over_and_not_before(either: Engine) -> None:
    with writing(either) as session:
        first = [may_try(session, LINK, "x", real_now=REAL) for _ in range(4)]
        last = may_try(session, LINK, "x", real_now=REAL + LINK.window - timedelta(seconds=1))
        after = may_try(session, LINK, "x", real_now=REAL + LINK.window)
        other = may_try(session, LINK, "y", real_now=REAL)
    assert (first, last, after, other) == ([True, True, True, False], False, True, True)


def test_a_new_password_ends_every_session(office: Engine) -> None:
    with writing(office) as session:
        person(session, secret=SECRET)
        tokens_ = [log_in(session) or "" for _ in range(2)]
        assert all(who(session, token) for token in tokens_)
        people.set_password(session, "boss@prov.example", "另一个足够长的密码啊", must_change=True, by="t", now=REAL)
        assert [who(session, token) for token in tokens_] == [None, None]
        assert log_in(session) is None
        fresh = sessions.guest(session, log_in(session, "另一个足够长的密码啊") or "", now=NOW, real_now=REAL)
        assert fresh is not None
        assert fresh.must_change
        with pytest.raises(InputRefused, match="至少10个字符"):
            people.set_password(session, "boss@prov.example", "短", must_change=True, by="t", now=REAL)


# --- one-time links


def test_a_login_link_works_once(either: Engine) -> None:
    with writing(either) as session:
        person(session)
        boss = people.find(session, "boss@prov.example")
        nonce = entering.login_link(session, MINT, boss, real_now=REAL)
        token = MINT.login_token(boss.id or 0, nonce)
        assert entering.is_open(session, Purpose.LOGIN, token, MOMENT)
        assert entering.enter(session, Purpose.LOGIN, token, former="", moment=MOMENT)
        assert not entering.is_open(session, Purpose.LOGIN, token, MOMENT)
        assert entering.enter(session, Purpose.LOGIN, token, former="", moment=MOMENT) is None


@pytest.mark.parametrize(("minutes", "opens"), [(29, True), (30, False)])
def test_a_login_link_is_over_after_half_an_hour(office: Engine, minutes: int, opens: bool) -> None:
    with writing(office) as session:
        person(session)
        boss = people.find(session, "boss@prov.example")
        token = MINT.login_token(boss.id or 0, entering.login_link(session, MINT, boss, real_now=REAL))
        late = Moment(now=NOW, real=REAL + timedelta(minutes=minutes))
        assert (entering.enter(session, Purpose.LOGIN, token, former="", moment=late) is not None) is opens


def test_a_login_link_is_mailed_to_who_has_an_account_and_is_not_asked_for_too_often(
    office: Engine, sender: Sender, kept: Kept
) -> None:
    kept.texts.clear()
    with writing(office) as session:
        person(session)
        for address in ("boss@prov.example", "nobody@prov.example", *["boss@prov.example"] * 5):
            inviting.ask_login(session, MINT, address, came_from="10.0.0.1", moment=MOMENT)
        posted = [mail.to_email for mail in mails(session) if mail.kind == "link"]
    assert posted == ["boss@prov.example"] * 3
    assert deliver(office, sender, now=NOW, real_now=REAL) == 3
    with reading(office) as session:
        (text,) = {mail.text for mail in mails(session) if mail.kind == "link"}
    assert "https://duban.example/l/***" in text
    assert list(kept.texts) == ["boss@prov.example"]


def test_a_login_link_that_was_used_meanwhile_is_not_sent(office: Engine, sender: Sender) -> None:
    with writing(office) as session:
        person(session)
        inviting.ask_login(session, MINT, "boss@prov.example", came_from="", moment=MOMENT)
        people.disable(session, "boss@prov.example", by="test", now=REAL)
    assert deliver(office, sender, now=NOW, real_now=REAL) == 0


# --- sessions


@pytest.mark.parametrize(("minutes", "lives"), [(29, True), (30, False)])
def test_a_session_that_rests_is_over(office: Engine, minutes: int, lives: bool) -> None:
    with writing(office) as session:
        person(session, secret=SECRET)
        token = log_in(session) or ""
        assert (who(session, token, later=timedelta(minutes=minutes)) is not None) is lives


def test_a_session_in_use_lives_until_its_end_and_no_longer(either: Engine) -> None:
    with writing(either) as session:
        person(session, secret=SECRET)
        token, later = log_in(session) or "", timedelta(0)
        while later < sessions.LONGEST - timedelta(minutes=20):
            later += timedelta(minutes=20)
            assert sessions.is_stale(session, token, real_now=REAL + later)
            sessions.keep_alive(session, token, real_now=REAL + later)
        assert who(session, token, later=sessions.LONGEST - timedelta(seconds=1))
        assert who(session, token, later=sessions.LONGEST) is None
        # entering a link does not make it longer
        again = Moment(now=NOW, real=REAL + later)
        carried = entering.enter(session, Purpose.UNIT, TOKEN, former=token, moment=again) or ""
        assert who(session, carried, later=sessions.LONGEST - timedelta(seconds=1))
        assert who(session, carried, later=sessions.LONGEST) is None


def test_a_session_planted_in_a_browser_is_worth_nothing(office: Engine) -> None:
    with writing(office) as session:
        person(session, secret=SECRET)
        planted = entering.enter(session, Purpose.REVIEW, REVIEW, former="", moment=MOMENT) or ""
        mine = log_in(session, former=planted) or ""
        assert (mine != planted, who(session, planted)) == (True, None)
        subject = who(session, mine)
        assert subject is not None
        assert [grant.hat for grant in subject.grants] == [Hat.SUPERVISOR]
        unknown = log_in(session, former="chosen by somebody else")
        assert unknown != "chosen by somebody else"


def test_what_ends_with_an_account(office: Engine) -> None:
    with writing(office) as session:
        person(session, secret=SECRET)
        inside = log_in(session) or ""
        program = tokens.new_token(session, "boss@prov.example", name="报表", days=30, by="test", now=REAL)
        assert sessions.program(session, program, real_now=REAL).subject.name == "处长"
        people.disable(session, "boss@prov.example", by="test", now=REAL)
        assert (who(session, inside), log_in(session)) == (None, None)
        with pytest.raises(LoginNeeded):
            sessions.program(session, program, real_now=REAL)
        assert people.find(session, "boss@prov.example").disabled_at == REAL


def test_a_hat_taken_away_is_gone_at_the_next_request(office: Engine) -> None:
    with writing(office) as session:
        person(session, secret=SECRET)
        inside = log_in(session) or ""
        people.take(session, "boss@prov.example", Hat.SUPERVISOR, "prov", by="test", now=REAL)
        subject = who(session, inside)
        assert subject is not None
        assert subject.grants == ()
        with pytest.raises(NotFound):
            people.take(session, "boss@prov.example", Hat.SUPERVISOR, "prov", by="test", now=REAL)
        names = [event.name for event in chain(session)]
    assert names[-4:] == ["hat_given", "password_set", "logged_in", "hat_taken"]


@pytest.mark.parametrize(("days", "lives"), [(29, True), (30, False)])
def test_a_token_of_a_program_has_its_days_and_can_be_taken_away(office: Engine, days: int, lives: bool) -> None:
    with writing(office) as session:
        person(session)
        token = tokens.new_token(session, "boss@prov.example", name="报表", days=30, by="test", now=REAL)
        later = REAL + timedelta(days=days)
        if lives:
            assert sessions.program(session, token, real_now=later).session == ""
            tokens.revoke_token(session, 1, by="test", now=REAL)
        with pytest.raises(LoginNeeded):
            sessions.program(session, token, real_now=later)


# --- handing on, sending again, 口令


def test_a_colleague_gets_a_link_of_his_own_and_the_first_holder_hears_of_it(
    either: Engine, sender: Sender, kept: Kept
) -> None:
    kept.texts.clear()
    by, to = Person(name="王老师", email=CLERK), inviting.Colleague(name="李老师", address="Li@aa.example")
    with writing(either) as session:
        inviting.hand_on(session, "aa", MINE.id, by=by, to=to, moment=MOMENT)
    deliver(either, sender, now=NOW, real_now=REAL)
    assert set(kept.texts) == {CLERK, "li@aa.example"}
    theirs = token_for(Purpose.UNIT, "li@aa.example", "aa")
    with writing(either) as session:
        (link,) = links_of(session, address="li@aa.example")
        assert (link.hash, link.handed_on_by, link.unit_id) == (hashed(theirs), CLERK, "aa")
        subject = who(session, entering.enter(session, Purpose.UNIT, theirs, former="", moment=MOMENT) or "")
        assert subject is not None
        assert subject.addresses == {"li@aa.example"}
        # the first holder keeps the own one
        assert entering.enter(session, Purpose.UNIT, TOKEN, former="", moment=MOMENT)


@pytest.mark.parametrize(
    ("address", "error"),
    [(CLERK.upper(), ActRefused), ("not an address", InputRefused), ("a@b.example\nbcc: x@y.example", InputRefused)],
)
def test_nothing_is_handed_on_to_oneself_or_to_no_mailbox(office: Engine, address: str, error: type[Exception]) -> None:
    by, to = Person(name="王老师", email=CLERK), inviting.Colleague(name="", address=address)
    with pytest.raises(error), writing(office) as session:
        inviting.hand_on(session, "aa", MINE.id, by=by, to=to, moment=MOMENT)
    with reading(office) as session:
        assert [mail for mail in mails(session) if mail.kind == "link"] == []


def test_a_lost_link_is_sent_again_to_the_clerks_on_record_alone(either: Engine, sender: Sender) -> None:
    """Also for a link that was handed on, and for one that is over; whoever asks learns nothing."""
    late = Moment(now=at("2022-03-01 10:00"), real=REAL)
    with writing(either) as session:
        for token in ("unknown", TOKEN, TOKEN, TOKEN, TOKEN):
            inviting.ask_again(session, token, came_from="10.0.0.9", moment=late)
        posted = [mail.to_email for mail in mails(session) if mail.kind == "link"]
        assert posted == [CLERK] * 3
        assert entering.enter(session, Purpose.UNIT, TOKEN, former="", moment=late) is None
    deliver(either, sender, now=late.now, real_now=REAL)
    with writing(either) as session:
        assert entering.enter(session, Purpose.UNIT, TOKEN, former="", moment=late)
        assert session.get_one(EntryLinkRow, hashed(TOKEN)).expires_at == at("2022-03-31 10:00")


def test_the_word_of_a_unit_clears_its_link_in_this_session(either: Engine) -> None:
    with writing(either) as session:
        entering.set_word(session, "aa", "314159", by="test", moment=MOMENT)
        inside = entering.enter(session, Purpose.UNIT, TOKEN, former="", moment=MOMENT) or ""
        more = {"in_session": hashed(inside), "came_from": "10.0.0.1", "moment": MOMENT}
        assert not entering.say_word(session, "aa", "271828", **more)  # type: ignore[arg-type]
        assert not entering.say_word(session, "bb", "314159", **more)  # type: ignore[arg-type]
        before = who(session, inside)
        assert entering.say_word(session, "aa", " 314159 ", **more)  # type: ignore[arg-type]
        after = who(session, inside)
    assert before is not None
    assert after is not None
    assert ([g.is_cleared for g in before.grants], [g.is_cleared for g in after.grants]) == ([False], [True])


def test_without_a_page_no_mail_has_a_link(engine: Engine) -> None:
    kept = Kept()
    plain = Sender(name="test", carrier=kept, account="duban@duban.invalid")
    begin(engine, MINE, roster(unit("aa", "clerk")), at=START)
    with writing(engine) as session:
        inviting.send_again(session, Purpose.UNIT, "aa", MINE.id, moment=Moment(now=START, real=REAL))
    deliver(engine, plain, now=START, real_now=REAL)
    with reading(engine) as session:
        assert links_of(session) == []
        assert [(mail.kind, mail.state) for mail in mails(session)] == [("notice", "sent"), ("link", "cancelled")]
