"""What mail servers say, and what each means: restated here, so that the product's table is held to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from notifications.outcome import Brake, Deferred, Failed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

CROWDED = Brake(
    zh="服务商认为连接过多、发信过快或本机地址信誉不足，该账号暂停20分钟，此后以一半的速度发信，无需处理。",
    en="too many connections, too fast, or an address of low repute: held for 20 minutes, then at half its pace",
    hold=20 * MINUTE,
    halve=True,
)
LONG_LINE = Brake(
    zh="一次连接中的邮件过多，已重新连接，此后每次连接的邮件减半，无需处理。",
    en="too many mails in one connection: reconnecting, with half as many per connection",
    shorten=True,
)
QUARTER = Brake(
    zh="15分钟内的发信额度已用完，该账号暂停16分钟，无需处理。",
    en="the quota of 15 minutes is used up: held for 16 minutes",
    hold=16 * MINUTE,
)
DAILY = Brake(
    zh="当日发信额度已用完，该账号次日00:30后继续发信。急件请先电话通知，或增加发信账号。",
    en="the quota of the day is used up: goes on at 00:30 tomorrow; telephone what is urgent, or add an account",
    until_tomorrow=True,
)
FREQUENT = Brake(
    zh="服务商限制了发信频率，该账号暂停10分钟；再次受限暂停1小时，第三次暂停至次日。此后以一半的速度发信，无需处理。",
    en="the provider limits the frequency: held for 10 minutes, then an hour, then until tomorrow; at half its pace",
    hold=10 * MINUTE,
    then=(HOUR,),
    halve=True,
)
SPAM = Brake(
    zh="邮件内容被判为垃圾邮件，已停止全部发信，邮件均已保留。请核对邮件文字，处理后再恢复发信。",
    en="the text is taken for spam: all sending has stopped, every mail is kept; check the wording, then resume",
    stop_all=True,
)
BLOCKED = Brake(
    zh="该账号或本机地址已被服务商封禁，账号已停用，邮件均已保留。请登录邮箱网页版或联系服务商解除后，再恢复该账号。",
    en="the account or this address is blocked, so the account is stopped: have the provider lift it, then resume",
    stop=True,
)
NO_LOGIN = Brake(
    zh="邮件服务器要求登录后发信，或不为本机转发，账号已停用。请核对登录账号、授权码、端口和加密方式后，再恢复该账号。",
    en="the server wants a login, or does not relay for us: check login, authorisation code, port and tls",
    stop=True,
)
NOT_OURS = Brake(
    zh="邮件服务器不允许以该地址发信，账号已停用。请把发件地址改为登录账号本身，再恢复该账号。",
    en="the server does not let us send as this address: make it the login address, then resume",
    stop=True,
)
TURNED_AWAY = Brake(
    zh="邮件服务器拒绝了连接，该账号暂停15分钟，无需处理；长时间如此请联系服务商。",
    en="the server turned us away: held for 15 minutes; ask the provider if it stays so",
    hold=15 * MINUTE,
)
AWAY = Brake(
    zh="邮件服务器暂时连接不上，一分钟后再试，无需处理；长时间如此请检查网络和服务器名称。",
    en="the mail server is not there: trying again in a minute; check network and host name if it stays so",
    hold=MINUTE,
)

#: Steps, as verbs of the script.
OPENING = ("CONNECT", "EHLO", "STARTTLS", "AUTH")
MAILING = ("MAIL", "RCPT", "DATA", ".")
ADDRESSED = ("RCPT", "DATA", ".")

#: ``MI:XYZ`` stands for one that we do not know.
TOKENS = (
    *("HL:ICC", "HL:IFC", "HL:REP", "HL:MEP", "MI:DMC", "RP:DRC", "MI:SFQ", "RP:QRC", "MI:STC", "RP:TRC"),
    *("DT:SPM", "DT:SUM", "HL:IHU", "HL:IPB", "MI:SPB", "RP:RCL", "MI:XYZ"),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Answers of one meaning: the steps at which they are given, and what then becomes of the mail."""

    answers: tuple[str, ...]
    steps: tuple[str, ...]
    outcome: Deferred | Failed


ROWS = (
    Row(
        answers=(
            "421 HL:ICC too many connections",
            "421 HL:IFC 192.0.2.7",
            "421 HL:REP bad repute",
            "421 HL:MEP",
            "554 HL:REP even for good",
            "421 IP<192.0.2.7> rejected",
        ),
        steps=OPENING + MAILING,
        outcome=Deferred(reason="连接过多、发信过快或信誉不足", brake=CROWDED),
    ),
    Row(
        answers=("450 MI:DMC 126 smtp1", "451 MI:DMC", "450 RP:DRC 163"),
        steps=MAILING,
        outcome=Deferred(reason="一次连接中的邮件过多", brake=LONG_LINE),
    ),
    Row(
        answers=("451 MI:SFQ 126 smtp4", "451 RP:QRC"),
        steps=("AUTH", *MAILING),
        outcome=Deferred(reason="15分钟内的发信额度已用完", brake=QUARTER),
    ),
    Row(
        answers=(
            "550 MI:STC 163",
            "554 MI:STC",
            "550 RP:TRC",
            "550 User not found MI:STC",
            "559 Daily sending limit exceeded",
            "452 quota exceeded, 2000 per day",
            "550 该账号当日发信量已达上限",
        ),
        steps=MAILING,
        outcome=Deferred(reason="当日发信额度已用完", brake=DAILY),
    ),
    Row(
        answers=("451 DT:SPM, please try again", "450 DT:SPM"),
        steps=("DATA", "."),
        outcome=Deferred(reason="邮件内容暂被怀疑", pause=3 * MINUTE, most=3),
    ),
    Row(
        answers=("554 DT:SPM 163 smtp3", "550 DT:SPM"),
        steps=("MAIL", "DATA", "."),
        outcome=Deferred(reason="邮件内容被判为垃圾邮件", brake=SPAM),
    ),
    Row(
        answers=(
            "554 HL:IHU",
            "554 HL:IPB",
            "554 IP in blacklist",
            "554 MI:SPB",
            "550 User in blacklist",
            "554 IP is rejected, smtp auth error limit exceed",
        ),
        steps=OPENING + MAILING,
        outcome=Deferred(reason="发信账号或本机地址被封禁", brake=BLOCKED),
    ),
    Row(
        answers=("550 User suspended", "550 account is locked"),
        steps=("MAIL",),
        outcome=Deferred(reason="发信账号或本机地址被封禁", brake=BLOCKED),
    ),
    Row(
        answers=(
            "553 Mail from must equal authorized user",
            "501 Mail from address must be same as authorization user",
            "554 DT:SUM",
        ),
        steps=MAILING,
        outcome=Deferred(reason="发件地址不被接受", brake=NOT_OURS),
    ),
    Row(
        answers=("553 sender denied", "501 bad sender"),
        steps=("MAIL",),
        outcome=Deferred(reason="发件地址不被接受", brake=NOT_OURS),
    ),
    Row(
        answers=(
            "530 5.7.0 Must issue a STARTTLS command first",
            "503 authentication required",
            "554 5.7.1 Relay access denied",
            "535 authentication is required",
            "530 no",
        ),
        steps=("MAIL", "RCPT"),
        outcome=Deferred(reason="服务器要求登录后发信", brake=NO_LOGIN),
    ),
    Row(
        answers=(
            "550 Invalid User",
            "550 User not found: clerk",
            "550 User suspended",
            "550 Mailbox not found",
            "550 5.1.1 no",
            "554 5.1.10 RecipientNotFound",
            "550 该邮箱不存在",
            "553 user does not exist",
        ),
        steps=ADDRESSED,
        outcome=Failed(reason="收件地址被拒", permanent=True),
    ),
    Row(
        answers=("550 RP:RCL", "554 too much recipient", "550 Too many recipients"),
        steps=MAILING,
        outcome=Failed(reason="邮件被拒，收件人过多", permanent=False),
    ),
    Row(
        answers=("552 exceeded mailsize", "554 Illegal Attachment", "550 Message too large", "552 no"),
        steps=MAILING,
        outcome=Deferred(reason="附件过大或类型不被接受", bare=True),
    ),
    Row(
        answers=("552 5.2.2 mailbox full", "552 Mailbox is full", "550 over quota", "550 对方邮箱空间不足"),
        steps=ADDRESSED,
        outcome=Deferred(reason="收件邮箱已满"),
    ),
    Row(
        answers=(
            "550 Sender frequency limited",
            "550 Domain frequency limited",
            "450 Connection frequency limited",
            "554 too frequently sending",
            "554 Reject by content spam ANTISPAM_BAT[01]",
        ),
        steps=MAILING,
        outcome=Deferred(reason="发信频率受限", brake=FREQUENT),
    ),
    Row(
        answers=("550 Mailbox unavailable or access denied",),
        steps=MAILING,
        outcome=Deferred(reason="收件邮箱暂不接收", pause=10 * MINUTE, then=(HOUR,)),
    ),
    Row(
        answers=("421 busy", "554 no SMTP here", "451 later", "521 closed"),
        steps=("CONNECT", "EHLO"),
        outcome=Deferred(reason="邮件服务器拒绝连接", brake=TURNED_AWAY),
    ),
    Row(
        answers=("421 too many", "450 later", "451 system busy"),
        steps=("AUTH",),
        outcome=Deferred(reason="邮件服务器拒绝连接", brake=TURNED_AWAY),
    ),
    Row(
        answers=("454 TLS not available", "421 later"),
        steps=("STARTTLS",),
        outcome=Deferred(reason="邮件服务器拒绝连接", brake=TURNED_AWAY),
    ),
    Row(
        answers=("421 closing", "450 greylisted", "451 4.7.1 later", "452 full", "450 user unknown", "499 odd"),
        steps=MAILING,
        outcome=Deferred(reason="对方服务器暂不接收"),
    ),
    Row(
        answers=("550 no", "554 refused", "501 bad address", "553 name not allowed"),
        steps=("RCPT",),
        outcome=Failed(reason="收件地址被拒", permanent=True),
    ),
    Row(
        answers=("550 5.7.1 policy", "550 MI:XYZ"), steps=ADDRESSED, outcome=Failed(reason="邮件被拒", permanent=False)
    ),
    Row(
        answers=("550 no", "554 transaction failed", "500 what", "503 sequence"),
        steps=("DATA", "."),
        outcome=Failed(reason="邮件被拒", permanent=False),
    ),
    Row(answers=("550 no", "554 no", "502 what"), steps=("MAIL",), outcome=Failed(reason="邮件被拒", permanent=False)),
)

#: A way of writing an answer: what goes over the line, and the words that a person is shown.
Writing = Callable[[str, str], tuple[bytes, str]]


def plain(code: str, text: str) -> tuple[bytes, str]:
    return f"{code} {text}\r\n".encode(), text


def enhanced(code: str, text: str) -> tuple[bytes, str]:
    return f"{code} {code[0]}.0.0 {text}\r\n".encode(), f"{code[0]}.0.0 {text}"


def small(code: str, text: str) -> tuple[bytes, str]:
    return plain(code, text.lower())


def great(code: str, text: str) -> tuple[bytes, str]:
    return plain(code, text.upper())


def last_of_lines(code: str, text: str) -> tuple[bytes, str]:
    return f"{code}-sorry\r\n{code}-\r\n{code} {text}\r\n".encode(), f"sorry {text}"


def first_of_lines(code: str, text: str) -> tuple[bytes, str]:
    return f"{code}-{text}\r\n{code} see http://help.example\r\n".encode(), f"{text} see http://help.example"


def chinese(code: str, text: str) -> tuple[bytes, str]:
    return f"{code} {text}，请稍后再试\r\n".encode(), f"{text}，请稍后再试"


def gb18030(code: str, text: str) -> tuple[bytes, str]:
    return f"{code} 抱歉：{text}（退信）\r\n".encode("gb18030"), f"抱歉：{text}（退信）"


def after_much(code: str, text: str) -> tuple[bytes, str]:
    """What is said comes after more words than a person is shown."""
    return f"{code} {'x' * 250} {text}\r\n".encode(), "x" * 198 + "…"


def bare_newline(code: str, text: str) -> tuple[bytes, str]:
    return f"{code} {text}\n".encode(), text


WRITINGS: tuple[Writing, ...] = (
    enhanced,
    small,
    great,
    last_of_lines,
    first_of_lines,
    chinese,
    gb18030,
    after_much,
    bare_newline,
)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer at one step, as it goes over the line, and what is made of it."""

    name: str
    step: str
    line: bytes
    outcome: Deferred | Failed


def _said(row: Row, step: str, answer: str, writing: Writing) -> Said:
    code, text = answer.split(" ", 1)
    line, words = writing(code, text)
    token = next((token for token in TOKENS if token in text), "")
    outcome = replace(row.outcome, reason=f"{row.outcome.reason}（{code} {words}）", code=int(code), token=token)
    return Said(name=f"{step} {answer} {writing.__name__}", step=step, line=line, outcome=outcome)


def all_said() -> Iterator[Said]:
    """Each answer at each of its steps; each row's first answer in every writing, at the last of its steps."""
    for row in ROWS:
        for step in row.steps:
            yield from (_said(row, step, answer, plain) for answer in row.answers)
        yield from (_said(row, row.steps[-1], row.answers[0], writing) for writing in WRITINGS)
