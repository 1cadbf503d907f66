"""The mail by which an operator tries an account: plain text, about nothing but itself."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from duban.domain.errors import InputRefused
from notifications.clean import is_mailbox, one_line

_TEXT = """\
您好：

这是督办系统的试发邮件，用于核对发信账号，不涉及任何报送事项，请勿回复。

收到本邮件，说明账号 {account} 可以正常发信。
"""


def trial(to: str, *, account: str, message_id: str, at: datetime) -> EmailMessage:
    """The trial mail. InputRefused for an address that is none."""
    if not is_mailbox(to):
        raise InputRefused(f"邮箱地址不正确：{one_line(to)}", f"not a mailbox: {one_line(to)}")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("督办系统", addr_spec=account)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = "【试发】督办系统发信账号核对"
    message["Date"] = at
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_TEXT.format(account=account), cte="base64")
    return message
