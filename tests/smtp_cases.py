"""Conversations about one mail, tabled: each answer, each silence and each break at each step."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from notifications.outcome import Deferred, Failed, Outcome, Sent, Unknown
from smtp_replies import AWAY, CROWDED, TURNED_AWAY, Said, all_said
from smtp_script import (
    Seen,
    Turn,
    beneath_tls,
    drop,
    endlessly,
    half,
    reset,
    silence,
    slowly,
    stalling,
)

MAIL = b"From: office@prov.example\r\nSubject: x\r\n\r\nline\r\n"
#: Larger than all that two sockets hold between them.
LARGE = MAIL + b"0123456789\r\n" * 2_000_000
LOGIN = {"user": "office@prov.example", "secret": "s3cret"}
#: The patience where the other side hangs, in seconds; elsewhere it is long.
BRIEF = 1.0

LOST = Deferred(reason="与邮件服务器的连接中断，邮件尚未发出")
REPAIR = "请在邮箱网页版的设置中开启 SMTP 服务，重新生成授权码，填入发信账号的密码一项（不是网页登录密码）。"


def refused_login(said: str) -> str:
    return f"发信账号 office@prov.example 登录被拒（{said}）。{REPAIR}"


def unsupported(host: str = "127.0.0.1") -> str:
    return f"邮件服务器 {host} 不支持所选的登录或加密方式。请核对端口和加密方式（SSL 465，STARTTLS 587）。"


UNVERIFIED = "邮件服务器 localhost 的证书未通过核验，没有登录。请核对服务器名称，或在本机安装所用的根证书。"


def away(words: str, host: str = "127.0.0.1") -> Deferred:
    return Deferred(reason=f"邮件服务器暂时连接不上（{host}:PORT，{words}）", brake=AWAY)


def in_doubt(words: str) -> Unknown:
    return Unknown(reason=f"{words}，是否送达不明")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A conversation about one mail: what the server does, what becomes of the mail, what the server has seen."""

    name: str
    turns: dict[str, list[Turn]]
    #: a refused account is told by its text
    outcome: Outcome | str
    seen: Seen
    extensions: tuple[str, ...] = ()
    account: dict[str, Any] = field(default_factory=dict)
    #: the server's certificate (a field of Authority), and whether the client knows its authority
    certificate: str = ""
    trusts: bool = True
    mail: bytes = MAIL


#: What the server has seen when the conversation goes no further than a step.
SEEN_AT = {
    "CONNECT": Seen(),
    "EHLO": Seen(),
    "STARTTLS": Seen(),
    "AUTH": Seen(auth=1),
    "MAIL": Seen(),
    "RCPT": Seen(),
    "DATA": Seen(data=1),
    ".": Seen(data=1, copies=1),
    "QUIT": Seen(data=1, copies=1),
    "RSET": Seen(),
}
#: How a client is set up to come to a step.
WAYS: dict[str, dict[str, Any]] = {
    "AUTH": {"extensions": ("AUTH PLAIN LOGIN CRAM-MD5",), "account": LOGIN},
    "STARTTLS": {"extensions": ("STARTTLS",), "account": {"tls": "starttls"}},
}


def answered(said: Said) -> Case:
    return Case(
        name=said.name,
        turns={said.step: [said.line]},
        outcome=said.outcome,
        seen=SEEN_AT[said.step],
        **WAYS.get(said.step, {}),
    )


ANSWERED = [answered(said) for said in all_said()]

#: A wrong 授权码 in the words of several providers; one attempt, whatever the server offers.
WRONG_SECRET = (
    "535 Error: authentication failed",
    "535 Login Fail. Please enter your authorization code to login. More information in http://service.mail.qq.com",
    "535 login fail. Account is abnormal, login frequency limited, or system is busy",
    "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
    "454 4.7.0 Temporary authentication failure",
    "451 authentication failed, try later",
    "526 Authentication failure[0]",
    "534 5.7.9 Application-specific password required",
    "530 要求授权码",
    "550 User suspended",
    "554 no",
)
OFFERS = (
    ("AUTH PLAIN LOGIN CRAM-MD5",),
    ("AUTH LOGIN PLAIN",),
    ("AUTH=LOGIN PLAIN", "AUTH LOGIN PLAIN XOAUTH2"),
    ("AUTH PLAIN",),
    ("AUTH plain login",),
)


def login(name: str, turns: dict[str, list[Turn]], outcome: Outcome | str, *offers: str, **seen: int) -> Case:
    extensions = offers or ("AUTH PLAIN",)
    return Case(
        name=f"login {name}",
        turns=turns,
        outcome=outcome,
        seen=replace(Seen(auth=1), **seen),
        extensions=extensions,
        account=LOGIN,
    )


LOGINS = [
    *(login(said, {"AUTH": [said]}, refused_login(said)) for said in WRONG_SECRET),
    *(login(f"refused {o}", {"AUTH": ["535 no"] * 3}, refused_login("535 no"), *o) for o in OFFERS),
    *(login(f"taken {o}", {}, Sent(), *o, data=1, copies=1) for o in OFFERS),
    login("LOGIN in turns", {"AUTH": ["334 UGFzc3dvcmQ6"]}, Sent(), "AUTH LOGIN", data=1, copies=1),
    login("LOGIN refused", {"AUTH": ["334 UGFz"], "CONTINUE": ["535 no"]}, refused_login("535 no"), "AUTH LOGIN"),
    login("CRAM-MD5", {"AUTH": ["334 PDE+"]}, Sent(), "AUTH CRAM-MD5", data=1, copies=1),
    login("CRAM-MD5 refused", {"AUTH": ["334 PDE+"], "CONTINUE": ["535 no"]}, refused_login("535 no"), "AUTH CRAM-MD5"),
    login("already in", {"AUTH": ["503 already authenticated"]}, Sent(), data=1, copies=1),
    login("odd answer", {"AUTH": ["250 well"]}, away("well")),
    login("challenge of no sense", {"AUTH": ["334 x"]}, away("challenge that cannot be read"), "AUTH CRAM-MD5"),
    login("endless challenges", {"AUTH": ["334 "], "CONTINUE": ["334 "] * 99}, unsupported(), "AUTH LOGIN"),
    login("only ways that we do not have", {}, unsupported(), "AUTH XOAUTH2 NTLM", auth=0),
    login("not offered", {}, unsupported(), "SIZE", auth=0),
    login("not offered for want of EHLO", {"EHLO": ["502 what"]}, unsupported(), auth=0),
    replace(
        login("a secret that no server takes", {}, refused_login("登录账号或授权码中有英文和数字以外的字"), auth=0),
        account=LOGIN | {"secret": "授权码"},
    ),
]

#: What a server may do instead of answering, what we make of it in words, and whether it has spoken.
BREAKS: dict[str, tuple[Turn, str]] = {
    "hangs up": (drop, "Connection unexpectedly closed"),
    "is reset": (reset, "[Errno 104] Connection reset by peer"),
    "breaks off in a line": (half(b"250 o"), "Connection unexpectedly closed"),
    "breaks off in a code": (half(b"25"), "Connection unexpectedly closed"),
    "breaks off in its lines": (half(b"250-one\r\n250-tw"), "Connection unexpectedly closed"),
    "says one line without end": (endlessly(b"2"), "answer too long"),
    "says lines without end": (endlessly(b"250-x\r\n"), "answer too long"),
    "says a long line": (b"250 " + b"x" * 9000 + b"\r\n", "answer too long"),
}
NONSENSE: dict[str, tuple[Turn, str]] = {
    "talks nonsense": (b"gibberish\r\n", "erish"),
    "talks nonsense in GB18030": ("你好，世界\r\n".encode("gb18030"), "，世界"),
    "says nothing in a line": (b"\r\n", ""),
    "says NUL": (b"\0\0\0\0\0\r\n", ""),
    "says another code": (b"199 what\r\n", "what"),
    "says a code too high": (b"999 what\r\n", "what"),
}
BEFORE = ("CONNECT", "EHLO", "AUTH")


def broken(step: str, what: str, turn: Turn, words: str, doubt: str) -> Case:
    """Before the first mail: the server is not there. Before the text: nothing has left. After it: nobody knows."""
    outcome: Outcome = LOST
    if step in BEFORE:
        outcome = away(words)
    if step == ".":
        outcome = in_doubt(doubt)
    return Case(name=f"{step} {what}", turns={step: [turn]}, outcome=outcome, seen=SEEN_AT[step], **WAYS.get(step, {}))


def _code(line: Any) -> str:
    code = line[:3].decode("ascii", errors="replace")
    return code if code.isdecimal() else "-1"


#: A server that says goodbye, or takes back, in any way.
REFUSING: dict[str, tuple[Turn, str]] = {"refuses": ("550 no", ""), "refuses and closes": ("421 bye", "")}
#: Steps that a mail comes to, after the first three.
MAILING = ("MAIL", "RCPT", "DATA", ".")
FINE = Seen(data=1, copies=1)


def fine(name: str, **turns: Turn) -> Case:
    """The mail is taken."""
    dotted = {{"DOT": "."}.get(verb, verb): [turn] for verb, turn in turns.items()}
    return Case(name=name, turns=dotted, outcome=Sent(), seen=FINE)


def taken_back(what: str, turn: Turn) -> Case:
    """A refusal stands, whatever the server says to RSET."""
    return Case(
        name=f"RSET {what}",
        turns={"RCPT": ["550 User not found"], "RSET": [turn]},
        outcome=Failed(reason="收件地址被拒（550 User not found）", permanent=True, code=550),
        seen=Seen(),
    )


BROKEN = [
    *(
        broken(step, what, turn, words, f"发送后未收到应答（{words}）")
        for step in (*BEFORE, *MAILING)
        for what, (turn, words) in BREAKS.items()
    ),
    *(
        broken(step, what, turn, words, f"服务器应答无法识别（{f'{_code(turn)} {words}'.strip()}）")
        for step in (*BEFORE, *MAILING)
        for what, (turn, words) in NONSENSE.items()
        if (step, what) != ("EHLO", "says nothing in a line")
    ),
    broken("EHLO", "says nothing in a line", b"\r\n", "Server not connected", ""),
    broken("MAIL", "is answered twice", b"250 ok\r\n250 ok\r\n", "", ""),
    broken("DATA", "is answered twice", b"250 ok\r\n354 go\r\n", "", ""),
    Case(name="RCPT is answered twice", turns={"RCPT": [b"250 ok\r\n354 go\r\n"]}, outcome=LOST, seen=Seen(data=1)),
    Case(
        name="the text is answered before it is read",
        turns={"DATA": [b"354 go\r\n250 ok\r\n"]},
        outcome=in_doubt("发送后未收到应答（answered before it was asked）"),
        seen=FINE,
    ),
    *(fine(f"QUIT {what}", QUIT=turn) for what, (turn, _) in (BREAKS | NONSENSE | REFUSING).items()),
    *(taken_back(what, turn) for what, (turn, _) in (BREAKS | NONSENSE | REFUSING).items()),
]

TAKEN = [
    fine("as usual"),
    fine("forwarded", RCPT="251 will forward"),
    fine("in lines", CONNECT="220-hello\r\n220 you", DOT="250-ok\r\n250 queued"),
    fine("in GB18030", DOT="250 邮件已收\r\n".encode("gb18030")),
    fine("slowly", CONNECT=slowly(b"220 hi\r\n"), DOT=slowly(b"250-ok\r\n250 ok\r\n")),
    replace(fine("large"), mail=LARGE),
    *(fine(f"HELO after {code}", EHLO=f"{code} what is EHLO") for code in (500, 501, 502, 504, 550)),
    Case(
        name="HELO refused too",
        turns={"EHLO": ["500 what"], "HELO": ["550 go away"]},
        outcome=Deferred(reason="邮件服务器拒绝连接（550 go away）", code=550, brake=TURNED_AWAY),
        seen=Seen(),
    ),
    Case(
        name="EHLO refused with a token: no HELO",
        turns={"EHLO": ["550 HL:REP"]},
        outcome=Deferred(reason="连接过多、发信过快或信誉不足（550 HL:REP）", code=550, token="HL:REP", brake=CROWDED),
        seen=Seen(),
    ),
    Case(
        name="odd answer after the dot",
        turns={".": ["251 odd"]},
        outcome=in_doubt("服务器应答无法识别（251 odd）"),
        seen=FINE,
    ),
    Case(name="odd answer at RCPT", turns={"RCPT": ["252 perhaps"]}, outcome=LOST, seen=Seen()),
    Case(name="DATA taken for granted", turns={"DATA": ["250 ok"]}, outcome=LOST, seen=Seen(data=1)),
]


def secured(how: str, name: str, outcome: Outcome | str, seen: Seen, *turn: Any, **more: Any) -> Case:
    """A conversation with TLS, from the first byte on (``ssl``) or by STARTTLS."""
    return Case(
        name=f"{how} {name}",
        turns={turn[0]: [turn[1]]} if turn else {},
        outcome=outcome,
        seen=seen,
        extensions=("STARTTLS",) if how == "starttls" else (),
        account={"tls": how, "host": "localhost"},
        **({"certificate": "localhost"} | more),
    )


def of_both_kinds() -> Iterator[Case]:
    lost = in_doubt("发送后未收到应答（Connection unexpectedly closed）")
    for how in ("ssl", "starttls"):
        yield secured(how, "known authority", Sent(), FINE)
        yield secured(how, "unknown authority", UNVERIFIED, Seen(), trusts=False)
        yield secured(how, "another's certificate", UNVERIFIED, Seen(), certificate="other")
        yield secured(how, "expired certificate", UNVERIFIED, Seen(), certificate="expired")
        yield secured(how, "large", Sent(), FINE, mail=LARGE)
        yield secured(how, "breaks off after the dot", lost, FINE, ".", half(b"250 o"))
        for step in ("MAIL", "RCPT", "DATA"):
            yield secured(how, f"TLS breaks at {step}", LOST, SEEN_AT[step], step, beneath_tls)
            yield secured(how, f"hangs up at {step}", LOST, SEEN_AT[step], step, drop)
            yield secured(how, f"breaks off at {step}", LOST, SEEN_AT[step], step, half(b"25"))


def by_starttls(name: str, outcome: Outcome | str, seen: Seen, *turn: Any) -> Case:
    return secured("starttls", name, outcome, seen, *turn)


UNSUPPORTED = unsupported("localhost")
SECURED = [
    *of_both_kinds(),
    by_starttls("not offered", UNSUPPORTED, Seen(), "EHLO", "250 nothing more"),
    by_starttls("not known", UNSUPPORTED, Seen(), "STARTTLS", "502 what"),
    by_starttls("refused for good", UNSUPPORTED, Seen(), "STARTTLS", "554 no"),
    by_starttls("hangs up", away("Connection unexpectedly closed", "localhost"), Seen(), "STARTTLS", drop),
    by_starttls("talks nonsense", away("erish", "localhost"), Seen(), "STARTTLS", b"gibberish\r\n"),
    by_starttls("slipped in before it: not heard", Sent(), FINE, "STARTTLS", b"220 go\r\n554 DT:SPM\r\n"),
]

#: Every way of saying nothing useful for ever; each conversation ends, because our patience does.
ENDLESS: dict[str, Turn] = {
    "is silent": silence,
    "says a byte now and then": slowly(b"2", forever=True),
    "says a line now and then": slowly(b"250-x\r\n", forever=True),
}
TIMED_OUT = "timed out"
READ_OUT = in_doubt("发送后未收到应答（The read operation timed out）")
SHAKEN_OUT = "The handshake operation timed out"
UNREAD = in_doubt("发送后未收到应答（Server not connected）")
ASKING = stalling(b"354 go on\r\n")


def hanging() -> Iterator[Case]:
    for what, turn in ENDLESS.items():
        for step in (*BEFORE, *MAILING):
            yield broken(step, what, turn, TIMED_OUT, f"发送后未收到应答（{TIMED_OUT}）")
        yield fine(f"QUIT {what}", QUIT=turn)
        yield taken_back(what, turn)
    for how in ("ssl", "starttls"):
        yield secured(how, "silent at RCPT", LOST, Seen(), "RCPT", silence)
        yield secured(how, "silent after the dot", READ_OUT, FINE, ".", silence)
        yield secured(how, "does not read the text", UNREAD, Seen(data=1), "DATA", ASKING, mail=LARGE)
    yield Case(name="does not read the text", turns={"DATA": [ASKING]}, outcome=UNREAD, seen=Seen(data=1), mail=LARGE)
    yield by_starttls("silent", away(SHAKEN_OUT, "localhost"), Seen(), "STARTTLS", stalling(b"220 go\r\n"))
    yield replace(
        Case(name="ssl silent", turns={"CONNECT": [silence]}, outcome=away(SHAKEN_OUT), seen=Seen()),
        account={"tls": "ssl"},
    )


HANGING = [replace(case, account=case.account | {"timeout": BRIEF}) for case in hanging()]
QUICK = [*ANSWERED, *LOGINS, *BROKEN, *TAKEN, *SECURED]
