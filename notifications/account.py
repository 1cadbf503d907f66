"""The account that sends, and what is said when a server does not accept it."""

import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from duban.domain.errors import DubanError
from notifications.answer import Answer, Step, answer_in
from notifications.outcome import Brake, Deferred, Failed
from notifications.replies import judged


class AccountRefused(DubanError):
    """The server refuses our account: every further try harms; stop and tell the operator."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """The mailbox that sends."""

    host: str
    port: int
    #: login name; empty: no login
    user: str = ""
    #: password or 授权码
    secret: str = field(default="", repr=False)
    tls: Literal["ssl", "starttls", "none"] = "ssl"
    #: the address in From and in the envelope
    sender: str
    #: mails per connection: 10 for a free mailbox, 100 for an own relay
    per_connection: int = 10
    #: seconds for one answer; a whole conversation gets three times as long
    timeout: float = 30


#: Nobody answers: nothing was asked of the account, another may have a server that does.
_AWAY = Brake(
    zh="邮件服务器暂时连接不上，一分钟后再试，无需处理；长时间如此请检查网络和服务器名称。",
    en="the mail server is not there: trying again in a minute; check network and host name if it stays so",
    hold=timedelta(minutes=1),
)


def unreachable(account: Account, words: str) -> Deferred:
    """No connection, or one that broke before the first mail."""
    return Deferred(reason=f"邮件服务器暂时连接不上（{account.host}:{account.port}，{words}）", brake=_AWAY)


def not_opened(error: BaseException, account: Account, step: Step, *, in_touch: bool) -> Deferred | AccountRefused:
    """Why there is no line: a fault of the account, with its repair, or a bad moment of the server.

    ``step``: where it broke off. ``in_touch``: the connection stands, so that no system call failed.
    """
    answer = answer_in(error)
    match judged(answer, step):
        case Failed():
            return _unsupported(account) if step is Step.STARTTLS else _refused(account, answer)
        case Deferred() as deferred:
            return deferred
    if isinstance(error, UnicodeEncodeError):
        return _refused(account, Answer(0, "登录账号或授权码中有英文和数字以外的字"))
    if isinstance(error, ssl.SSLCertVerificationError):
        return _unverified(account)
    if _not_offered(error, in_touch) or getattr(error, "reason", "") == "WRONG_VERSION_NUMBER":
        return _unsupported(account)
    return unreachable(account, answer.short)


def _not_offered(error: BaseException, in_touch: bool) -> bool:
    """The line is open and no system call failed: the server has no such login, or no STARTTLS."""
    silent = isinstance(error, OSError) and error.errno is None and not isinstance(error, TimeoutError)
    return silent and in_touch and not answer_in(error).code


def _refused(account: Account, answer: Answer) -> AccountRefused:
    said = str(answer).removeprefix("0 ")
    return AccountRefused(
        f"发信账号 {account.user} 登录被拒（{said}）。"
        "请在邮箱网页版的设置中开启 SMTP 服务，重新生成授权码，填入发信账号的密码一项（不是网页登录密码）。",
        f"login of {account.user} refused: enable SMTP for the mailbox and enter a new authorisation code",
    )


def _unverified(account: Account) -> AccountRefused:
    return AccountRefused(
        f"邮件服务器 {account.host} 的证书未通过核验，没有登录。请核对服务器名称，或在本机安装所用的根证书。",
        f"the certificate of {account.host} was not verified: check the host name or install its authority",
    )


def _unsupported(account: Account) -> AccountRefused:
    return AccountRefused(
        f"邮件服务器 {account.host} 不支持所选的登录或加密方式。请核对端口和加密方式（SSL 465，STARTTLS 587）。",
        f"{account.host} does not support this kind of login or encryption: check port and tls",
    )
