"""The account that sends, and what is said when a server does not accept it."""

import ssl
from dataclasses import dataclass, field
from typing import Any, Literal

from duban.domain.errors import DubanError
from notifications.outcome import answer_in


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
    #: seconds
    timeout: float = 30


def refusal(error: BaseException, account: Account, smtp: Any) -> AccountRefused | None:
    """What of a failed login is a fault of the account, with the repair; None: the server's bad moment.

    ``smtp`` is the connection, None if it never came about.
    """
    code, words = answer_in(error)
    if smtp is not None and code not in (0, 421, 450, 451):
        return AccountRefused(
            f"发信账号 {account.user} 登录被拒（{code} {words}）。"
            "请在邮箱网页版的设置中开启 SMTP 服务，重新生成授权码，填入发信账号的密码一项（不是网页登录密码）。",
            f"login of {account.user} refused: enable SMTP for the mailbox and enter a new authorisation code",
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return AccountRefused(
            f"邮件服务器 {account.host} 的证书未通过核验，没有登录。请核对服务器名称，或在本机安装所用的根证书。",
            f"the certificate of {account.host} was not verified: check the host name or install its authority",
        )
    if _not_offered(error, smtp) or getattr(error, "reason", "") == "WRONG_VERSION_NUMBER":
        return AccountRefused(
            f"邮件服务器 {account.host} 不支持所选的登录或加密方式。请核对端口和加密方式（SSL 465，STARTTLS 587）。",
            f"{account.host} does not support this kind of login or encryption: check port and tls",
        )
    return None


def _not_offered(error: BaseException, smtp: Any) -> bool:
    """The line is open and no system call failed: the server has no such login, or no STARTTLS."""
    spoken = isinstance(error, OSError) and error.errno is None and not isinstance(error, TimeoutError)
    return spoken and not answer_in(error)[0] and smtp is not None and smtp.sock is not None
