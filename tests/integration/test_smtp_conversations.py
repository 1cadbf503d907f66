"""Whole conversations with mail servers: those that are tabled, and those that go on over several mails."""

import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from duban.domain.errors import DubanError
from notifications.outcome import Deferred, Failed, Outcome, Sent
from notifications.patience import Answers, Patience
from notifications.post import Account, AccountRefused, Post
from smtp_cases import BRIEF, HANGING, LOGIN, LOST, MAIL, QUICK, Case, away, in_doubt, refused_login
from smtp_replies import CROWDED, LONG_LINE, NOT_OURS, TURNED_AWAY
from smtp_script import Authority, Script, Seen, Turn, authority, drop, full, half, nobody, reset, serving

CLERK = "clerk@city.example"


def account(port: int, **more: Any) -> Account:
    values: dict[str, Any] = {"host": "127.0.0.1", "tls": "none", "sender": "office@prov.example", "timeout": 10}
    return Account(port=port, **(values | more))


def handed(post: Post, mail: bytes = MAIL) -> Outcome | str:
    try:
        return post.deliver(mail, CLERK)
    except AccountRefused as refusal:
        return refusal.zh


def without_port(outcome: Outcome | str, port: int) -> Outcome | str:
    if isinstance(outcome, Deferred):
        return replace(outcome, reason=outcome.reason.replace(f":{port}", ":PORT"))
    return outcome


def played(case: Case, known: Authority) -> tuple[Outcome | str, Seen]:
    """Play it: what became of the mail, and what the server has seen."""
    certificate = getattr(known, case.certificate) if case.certificate else None
    wraps = certificate is not None and case.account["tls"] == "ssl"
    script = Script(case.turns, case.extensions, certificate, wrap=wraps)
    trusted = known.trusted if case.trusts else ssl.create_default_context()
    with serving(script) as port, Post(account(port, **case.account), tls=trusted) as post:
        outcome = handed(post, case.mail)
    return without_port(outcome, port), script.seen


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"))


def test_there_are_enough_of_them_and_no_two_have_one_name() -> None:
    names = [case.name for case in (*QUICK, *HANGING)]
    assert len(set(names)) == len(names) >= 300


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in QUICK])
def test_a_conversation_ends_as_tabled(case: Case, known: Authority) -> None:
    assert played(case, known) == (case.outcome, case.seen)


def test_a_server_that_hangs_is_given_up(known: Authority) -> None:
    """All at once, as they do nothing but wait."""
    with ThreadPoolExecutor(16) as pool:
        found = pool.map(lambda case: (case.name, played(case, known)), HANGING)
        assert dict(found) == {case.name: (case.outcome, case.seen) for case in HANGING}


def test_where_no_connection_comes_about_the_account_waits() -> None:
    outcomes = []
    for place in (nobody, full):
        with place() as port, Post(account(port, timeout=BRIEF)) as post:
            outcomes.append(without_port(handed(post), port))
    assert outcomes == [away("[Errno 111] Connection refused"), away("timed out")]


def deliveries(script: Script, number: int, **more: Any) -> list[Outcome | str]:
    """So many mails in one batch."""
    with serving(script) as port, Post(account(port, **more)) as post:
        return [without_port(handed(post), port) for _ in range(number)]


def test_a_wrong_secret_is_tried_once_a_batch_and_twice_in_two() -> None:
    script = Script({"AUTH": ["535 no"] * 9}, ("AUTH PLAIN LOGIN CRAM-MD5",))
    outcomes = []
    with serving(script) as port:
        post = Post(account(port, **LOGIN))
        for _ in range(2):
            with post:
                outcomes += [handed(post) for _ in range(3)]
    assert outcomes == [refused_login("535 no")] * 6
    assert script.seen == Seen(connections=2, auth=2)


def test_the_mails_per_connection_may_change_while_one_is_open() -> None:
    script = Script()
    with serving(script) as port, Post(account(port, per_connection=100)) as post:
        outcomes = [handed(post) for _ in range(3)]
        post.per_connection = 2
        outcomes += [handed(post) for _ in range(4)]
    assert outcomes == [Sent()] * 7
    assert script.seen == Seen(connections=3, data=7, copies=7)


def test_what_is_said_of_the_account_ends_the_connection() -> None:
    script = Script({"MAIL": ["250 ok", "450 MI:DMC"]})
    outcomes = deliveries(script, 3)
    assert outcomes == [
        Sent(),
        Deferred(reason="一次连接中的邮件过多（450 MI:DMC）", code=450, token="MI:DMC", brake=LONG_LINE),
        Sent(),
    ]
    assert script.seen == Seen(connections=2, data=2, copies=2)


def test_what_is_said_of_a_mail_does_not() -> None:
    """Not even in place of the text: the next MAIL is not taken for a second one."""
    script = Script({"RCPT": ["550 5.1.1 no", "451 later"], "DATA": ["554 no"], ".": ["552 big"]})
    outcomes = deliveries(script, 5)
    assert outcomes == [
        Failed(reason="收件地址被拒（550 5.1.1 no）", permanent=True, code=550),
        Deferred(reason="对方服务器暂不接收（451 later）", code=451),
        Failed(reason="邮件被拒（554 no）", permanent=False, code=554),
        Deferred(reason="附件过大或类型不被接受（552 big）", code=552, bare=True),
        Sent(),
    ]
    assert script.seen == Seen(connections=1, data=3, copies=2)
    assert [command.split(":")[0].upper() for command in script.commands if "<" not in command][1:] == [
        *("RSET", "RSET", "DATA", "RSET", "DATA", "RSET", "DATA", "QUIT")
    ]


@pytest.mark.parametrize("turn", [drop, reset, "421 idle for too long", b"gibberish\r\n", half(b"25")])
def test_a_used_connection_that_is_gone_is_renewed_once(turn: Turn) -> None:
    script = Script({"MAIL": ["250 ok", turn]})
    assert deliveries(script, 3) == [Sent()] * 3
    assert script.seen == Seen(connections=2, data=3, copies=3)


@pytest.mark.parametrize("turn", [drop, reset, b"gibberish\r\n", half(b"25")])
def test_it_is_not_renewed_twice(turn: Turn) -> None:
    script = Script({"MAIL": ["250 ok", turn, turn]})
    assert deliveries(script, 3) == [Sent(), LOST, Sent()]
    assert script.seen == Seen(connections=3, data=2, copies=2)


def test_a_new_connection_that_is_told_to_wait_is_not_renewed() -> None:
    script = Script({"MAIL": ["421 later"]})
    later = Deferred(reason="对方服务器暂不接收（421 later）", code=421)
    assert deliveries(script, 2) == [later, Sent()]
    assert script.seen == Seen(connections=2, data=1, copies=1)


def test_a_used_connection_that_is_told_why_is_not_renewed() -> None:
    script = Script({"MAIL": ["250 ok", "421 HL:ICC"]})
    crowded = Deferred(reason="连接过多、发信过快或信誉不足（421 HL:ICC）", code=421, token="HL:ICC", brake=CROWDED)
    assert deliveries(script, 2) == [Sent(), crowded]
    assert script.seen == Seen(connections=1, data=1, copies=1)


def test_a_doubtful_mail_is_not_repeated_and_the_next_one_leaves() -> None:
    script = Script({".": ["250 ok", drop]})
    doubt = in_doubt("发送后未收到应答（Connection unexpectedly closed）")
    assert deliveries(script, 3) == [Sent(), doubt, Sent()]
    assert script.seen == Seen(connections=2, data=3, copies=3)


def test_a_server_that_turned_us_away_is_left_alone_for_a_while() -> None:
    script = Script({"CONNECT": ["421 busy"] * 9})
    first, *others = deliveries(script, 3)
    assert first == Deferred(reason="邮件服务器拒绝连接（421 busy）", code=421, brake=TURNED_AWAY)
    assert others == [away("刚才没有应答")] * 2
    assert script.seen == Seen()


def probing(script: Script, **more: Any) -> str:
    """What a probe says; empty: all is well."""
    with serving(script) as port, Post(account(port, **more)) as post:
        try:
            post.probe()
        except DubanError as error:
            return f"{type(error).__name__} {error.zh}".replace(f":{port}", ":PORT")
    return ""


@pytest.mark.parametrize(
    ("turns", "said"),
    [
        ({}, ""),
        ({"AUTH": ["535 no"]}, f"AccountRefused {refused_login('535 no')}"),
        ({"MAIL": ["553 sender denied"]}, f"AccountRefused 发件地址不被接受（553 sender denied）。{NOT_OURS.zh}"),
        ({"MAIL": ["550 no"]}, "AccountRefused 邮件被拒（550 no）"),
        ({"MAIL": ["451 later"]}, "Temporary 对方服务器暂不接收（451 later）"),
        ({"MAIL": ["451 MI:SFQ"]}, "Temporary 15分钟内的发信额度已用完（451 MI:SFQ）"),
        ({"MAIL": [drop]}, "Temporary 邮件服务器暂时连接不上（127.0.0.1:PORT，Connection unexpectedly closed）"),
        ({"MAIL": [b"gibberish\r\n"]}, "Temporary 邮件服务器暂时连接不上（127.0.0.1:PORT，-1 erish）"),
        ({"CONNECT": ["554 HL:IPB"]}, "Temporary 发信账号或本机地址被封禁（554 HL:IPB）"),
    ],
)
def test_a_probe_finds_what_would_stop_the_first_mail(turns: dict[str, list[Turn]], said: str) -> None:
    script = Script(turns, ("AUTH PLAIN",))
    assert probing(script, **LOGIN) == said
    assert script.seen.data == 0


class Trickle:
    """A socket at which a byte arrives each second, of a clock that only it moves."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.patience = Patience(30, lambda: self.seconds)
        self.allowed = 0.0

    def settimeout(self, value: float) -> None:
        self.allowed = value

    def recv(self, size: int) -> bytes:
        if self.allowed < 1:
            self.seconds += self.allowed
            raise TimeoutError("timed out")
        self.seconds += 1
        return b"2"


def waited(trickle: Trickle, answers: Answers) -> float:
    """Seconds until one answer is given up."""
    before = trickle.seconds
    answers.expect()
    with pytest.raises(TimeoutError):
        answers.readline(8193)
    return trickle.seconds - before


def test_a_byte_a_second_is_given_up_after_30_seconds_and_a_conversation_after_75() -> None:
    trickle = Trickle()
    waits = [waited(trickle, Answers(trickle, trickle.patience)) for _ in range(4)]
    assert waits == [30, 30, 15, 0]
    trickle.patience.bid_farewell()
    assert waited(trickle, Answers(trickle, trickle.patience)) == 5
    trickle.patience.begin()
    assert waited(trickle, Answers(trickle, trickle.patience)) == 30


def test_an_answer_just_in_time_is_heard() -> None:
    class Speaking(Trickle):
        def recv(self, size: int) -> bytes:
            return super().recv(size) if self.seconds < 29 else b" ok\r\n"

    speaking = Speaking()
    assert Answers(speaking, speaking.patience).readline(8193) == b"2" * 29 + b" ok\r\n"
