"""What each refusal of a mail server means: one table, read from the top, token and words before the code.

Sources: the published error tables of NetEase (163, 126), QQ and Aliyun; RFC 5321 4.2, RFC 3463, RFC 4954.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from notifications.answer import MAILING, OPENING, Answer, Step
from notifications.outcome import Brake, Deferred, Failed

#: What a row says; its ``reason`` is put before the server's own words.
Effect = Deferred | Failed


@dataclass(frozen=True)
class Reply:
    """A row: an answer that says this, with such a code, at such a step, has this effect."""

    says: re.Pattern[str]
    effect: Effect
    codes: range | frozenset[int] = range(400, 600)
    steps: frozenset[Step] = frozenset(Step)

    def fits(self, answer: Answer, step: Step) -> bool:
        return step in self.steps and answer.code in self.codes and self.says.search(answer.words) is not None


def judged(answer: Answer, step: Step) -> Effect | None:
    """The effect of a refusal. None: it is none; client and server have lost each other's thread.

    Failed before MAIL speaks of the account or of its settings, never of a mail.
    """
    for reply in TABLE:
        if reply.fits(answer, step):
            effect = reply.effect
            return replace(effect, reason=f"{effect.reason}（{answer}）", code=answer.code, token=answer.token)
    return None


def says_more(answer: Answer, step: Step) -> bool:
    """True when its words or its token mean something, and not its code alone."""
    return any(reply.fits(answer, step) for reply in TABLE if reply.says is not _ANY)


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def _token(*tokens: str) -> re.Pattern[str]:
    """Tokens as they come: in any case, at times with a space or a full-width colon."""
    return _words(*(rf"\b{token.replace(':', r'[:：] ?')}\b" for token in tokens))


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


_ANY = _words("")
_TEMPORARY = range(400, 500)
_PERMANENT = range(500, 600)
_AT_MAIL = frozenset({Step.MAIL})
_AT_RCPT = frozenset({Step.RCPT})
_AT_AUTH = frozenset({Step.AUTH})
#: Where the recipient is known: what is said here may be said of the address.
_ADDRESSED = frozenset({Step.RCPT, Step.DATA, Step.DOT})

_CROWDED = Brake(
    zh="服务商认为连接过多、发信过快或本机地址信誉不足，该账号暂停20分钟，此后以一半的速度发信，无需处理。",
    en="too many connections, too fast, or an address of low repute: held for 20 minutes, then at half its pace",
    hold=_minutes(20),
    halve=True,
)
_LONG_LINE = Brake(
    zh="一次连接中的邮件过多，已重新连接，此后每次连接的邮件减半，无需处理。",
    en="too many mails in one connection: reconnecting, with half as many per connection",
    shorten=True,
)
_QUARTER = Brake(
    zh="15分钟内的发信额度已用完，该账号暂停16分钟，无需处理。",
    en="the quota of 15 minutes is used up: held for 16 minutes",
    hold=_minutes(16),
)
_DAILY = Brake(
    zh="当日发信额度已用完，该账号次日00:30后继续发信。急件请先电话通知，或增加发信账号。",
    en="the quota of the day is used up: goes on at 00:30 tomorrow; telephone what is urgent, or add an account",
    until_tomorrow=True,
)
_FREQUENT = Brake(
    zh="服务商限制了发信频率，该账号暂停10分钟；再次受限暂停1小时，第三次暂停至次日。此后以一半的速度发信，无需处理。",
    en="the provider limits the frequency: held for 10 minutes, then an hour, then until tomorrow; at half its pace",
    hold=_minutes(10),
    then=(timedelta(hours=1),),
    halve=True,
)
_SPAM = Brake(
    zh="邮件内容被判为垃圾邮件，已停止全部发信，邮件均已保留。请核对邮件文字，处理后再恢复发信。",
    en="the text is taken for spam: all sending has stopped, every mail is kept; check the wording, then resume",
    stop_all=True,
)
_BLOCKED = Brake(
    zh="该账号或本机地址已被服务商封禁，账号已停用，邮件均已保留。请登录邮箱网页版或联系服务商解除后，再恢复该账号。",
    en="the account or this address is blocked, so the account is stopped: have the provider lift it, then resume",
    stop=True,
)
_NO_LOGIN = Brake(
    zh="邮件服务器要求登录后发信，或不为本机转发，账号已停用。请核对登录账号、授权码、端口和加密方式后，再恢复该账号。",
    en="the server wants a login, or does not relay for us: check login, authorisation code, port and tls",
    stop=True,
)
_NOT_OURS = Brake(
    zh="邮件服务器不允许以该地址发信，账号已停用。请把发件地址改为登录账号本身，再恢复该账号。",
    en="the server does not let us send as this address: make it the login address, then resume",
    stop=True,
)
_TURNED_AWAY = Brake(
    zh="邮件服务器拒绝了连接，该账号暂停15分钟，无需处理；长时间如此请联系服务商。",
    en="the server turned us away: held for 15 minutes; ask the provider if it stays so",
    hold=_minutes(15),
)

TABLE: tuple[Reply, ...] = (
    # tokens
    Reply(
        _token("HL:ICC", "HL:IFC", "HL:REP", "HL:MEP"), Deferred(reason="连接过多、发信过快或信誉不足", brake=_CROWDED)
    ),
    Reply(_token("MI:DMC", "RP:DRC"), Deferred(reason="一次连接中的邮件过多", brake=_LONG_LINE)),
    Reply(_token("MI:SFQ", "RP:QRC"), Deferred(reason="15分钟内的发信额度已用完", brake=_QUARTER)),
    Reply(_token("MI:STC", "RP:TRC"), Deferred(reason="当日发信额度已用完", brake=_DAILY)),
    Reply(_token("DT:SPM"), Deferred(reason="邮件内容暂被怀疑", pause=_minutes(3), most=3), _TEMPORARY),
    Reply(_token("DT:SPM"), Deferred(reason="邮件内容被判为垃圾邮件", brake=_SPAM), _PERMANENT),
    Reply(_token("HL:IHU", "HL:IPB", "MI:SPB"), Deferred(reason="发信账号或本机地址被封禁", brake=_BLOCKED)),
    Reply(_token("DT:SUM"), Deferred(reason="发件地址不被接受", brake=_NOT_OURS)),
    Reply(_token("RP:RCL"), Failed(reason="邮件被拒，收件人过多", permanent=False), steps=MAILING),
    # words, of the account first
    Reply(_ANY, Failed(reason="登录被拒", permanent=False), frozenset({454, 530, 534, 535, 538}), _AT_AUTH),
    Reply(
        _words(r"auth\w* (?:is )?fail", r"log ?in fail", "授权码"),
        Failed(reason="登录被拒", permanent=False),
        steps=_AT_AUTH,
    ),
    Reply(_words(r"\bIP ?[<\[(]"), Deferred(reason="连接过多、发信过快或信誉不足", brake=_CROWDED), frozenset({421})),
    Reply(
        _words(r"black ?-?list", r"auth error limit", "黑名单"),
        Deferred(reason="发信账号或本机地址被封禁", brake=_BLOCKED),
        _PERMANENT,
    ),
    Reply(
        _words(r"equal authorized user", r"same as authorization user"),
        Deferred(reason="发件地址不被接受", brake=_NOT_OURS),
        _PERMANENT,
        MAILING,
    ),
    Reply(
        _words(
            r"auth\w* (?:is )?(?:required|first)", "log ?in first", r"must issue a? ?starttls", r"\brelay", "请先登录"
        ),
        Deferred(reason="服务器要求登录后发信", brake=_NO_LOGIN),
        _PERMANENT,
        MAILING,
    ),
    Reply(_ANY, Deferred(reason="服务器要求登录后发信", brake=_NO_LOGIN), frozenset({530, 535, 538}), MAILING),
    Reply(
        _words(r"user suspended", r"account (?:is )?(?:suspended|disabled|locked)"),
        Deferred(reason="发信账号或本机地址被封禁", brake=_BLOCKED),
        _PERMANENT,
        _AT_MAIL,
    ),
    Reply(_ANY, Deferred(reason="发件地址不被接受", brake=_NOT_OURS), frozenset({501, 553}), _AT_MAIL),
    Reply(
        _words(
            r"\b(?:daily|per day|24 ?hours?)\b.*(?:quota|limit|exceed)",
            r"(?:quota|limit|exceed).*\b(?:daily|per day|a day|24 ?hours?)\b",
            r"[当今每][日天].*[超上限满完]",
        ),
        Deferred(reason="当日发信额度已用完", brake=_DAILY),
    ),
    Reply(
        _words(r"frequency (?:is )?limit", r"too frequent", r"ANTISPAM_BAT", "频率"),
        Deferred(reason="发信频率受限", brake=_FREQUENT),
    ),
    # of the recipient, of the mail
    Reply(
        _words(r"mailbox unavailable or access denied"),
        Deferred(reason="收件邮箱暂不接收", pause=_minutes(10), then=(timedelta(hours=1),)),
        steps=MAILING,
    ),
    Reply(
        _words(r"mailbox (?:is )?full", r"over ?quota", r"\b5\.2\.2\b", "邮箱已满", "空间不足"),
        Deferred(reason="收件邮箱已满"),
        _PERMANENT,
        _ADDRESSED,
    ),
    Reply(
        _words(
            r"invalid (?:user|recipient|mailbox)",
            r"no such (?:user|recipient|mailbox)",
            r"(?:user|recipient|mailbox|account) (?:is |was )?(?:not found|unknown|suspended|disabled)",
            r"unknown (?:user|recipient|mailbox)",
            r"(?:does not|doesn't|not) exist",
            r"\b5\.1\.(?:1|2|3|6|10)\b",
            r"(?:用户|收件人|邮箱|帐号|账号)不存在",
        ),
        Failed(reason="收件地址被拒", permanent=True),
        _PERMANENT,
        _ADDRESSED,
    ),
    Reply(
        _words(r"too (?:many|much) recipient"),
        Failed(reason="邮件被拒，收件人过多", permanent=False),
        _PERMANENT,
        MAILING,
    ),
    Reply(
        _words(r"illegal attachment", r"exceeded mailsize", r"(?:message|mail) (?:size|too (?:large|big))"),
        Deferred(reason="附件过大或类型不被接受", bare=True),
        _PERMANENT,
        MAILING,
    ),
    Reply(_ANY, Deferred(reason="附件过大或类型不被接受", bare=True), frozenset({552}), MAILING),
    # the code alone
    Reply(_ANY, Failed(reason="服务器不支持", permanent=False), _PERMANENT, frozenset({Step.STARTTLS})),
    Reply(_ANY, Failed(reason="登录被拒", permanent=False), _PERMANENT, _AT_AUTH),
    Reply(_ANY, Deferred(reason="邮件服务器拒绝连接", brake=_TURNED_AWAY), steps=OPENING),
    Reply(_ANY, Deferred(reason="对方服务器暂不接收"), _TEMPORARY),
    # a token, or a policy (RFC 3463 5.4 to 5.7), speaks of rates, contents or routes, not of the address
    Reply(
        _words(r"\b(?:HL|MI|RP|DT)[:：] ?[A-Z]{3}\b", r"\b5\.[4567]\.\d{1,3}\b"),
        Failed(reason="邮件被拒", permanent=False),
        _PERMANENT,
    ),
    Reply(_ANY, Failed(reason="收件地址被拒", permanent=True), _PERMANENT, _AT_RCPT),
    Reply(_ANY, Failed(reason="邮件被拒", permanent=False), _PERMANENT),
)
