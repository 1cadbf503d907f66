"""Rows, sessions and queries: the only place that holds SQL. Rows decide nothing."""

from models.account import AccountRow
from models.circulation import CirculationRow
from models.event import ChainHeadRow, EventRow
from models.heartbeat import HeartbeatRow
from models.notice import NoticeRow, RevisionRow
from models.obligation import ObligationRow
from models.outbox import MailItemRow, MailRow, MailState
from models.said import ActionState, DueActionRow, SaidRow
from models.setting import SettingRow, WorkdayRow
from models.submission import ExtensionRow, ReviewRow, SubmissionRow
from models.task import TaskRow
from models.unit import ContactRow, UnitRow

__all__ = [
    "AccountRow",
    "ActionState",
    "ChainHeadRow",
    "CirculationRow",
    "ContactRow",
    "DueActionRow",
    "EventRow",
    "ExtensionRow",
    "HeartbeatRow",
    "MailItemRow",
    "MailRow",
    "MailState",
    "NoticeRow",
    "ObligationRow",
    "ReviewRow",
    "RevisionRow",
    "SaidRow",
    "SettingRow",
    "SubmissionRow",
    "TaskRow",
    "UnitRow",
    "WorkdayRow",
]
