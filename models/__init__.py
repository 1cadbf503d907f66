"""Rows, sessions and queries: the only place that holds SQL. Rows decide nothing."""

import models.seal  # noqa: F401 - seals the log in schemas that are made from the metadata
from models.account import AccountRow
from models.adjustment import Adjusted, AdjustmentRow
from models.advice import AdviceRow
from models.api_token import ApiTokenRow
from models.circulation import CirculationRow
from models.definition_draft import DefinitionDraftRow
from models.delegation import DelegationRow
from models.entry_link import EntryLinkRow
from models.event import ChainHeadRow, EventRow
from models.extension import ExtensionRequestRow, ExtensionRow
from models.handover import HandoverRow
from models.heartbeat import HeartbeatRow
from models.hold import HoldRow
from models.login_link import LoginLinkRow
from models.material import MaterialRow
from models.notice import NoticeRow, RevisionRow
from models.obligation import ObligationRow
from models.opinion import OpinionRow
from models.outbox import MailItemRow, MailRow, MailState
from models.person import GrantRow, PersonRow
from models.phone_note import PhoneNoteRow
from models.pressing import PressedMailRow, PressRow
from models.said import ActionState, DueActionRow, SaidRow
from models.setting import SettingRow, WorkdayRow
from models.submission import ReviewRow, SubmissionRow
from models.tally import TallyRow
from models.task import TaskRow
from models.throttle import ThrottleRow
from models.unit import ContactRow, UnitRow
from models.unit_word import UnitWordRow
from models.upload import UploadRow
from models.web_session import SessionScopeRow, WebSessionRow

__all__ = [
    "AccountRow",
    "ActionState",
    "Adjusted",
    "AdjustmentRow",
    "AdviceRow",
    "ApiTokenRow",
    "ChainHeadRow",
    "CirculationRow",
    "ContactRow",
    "DefinitionDraftRow",
    "DelegationRow",
    "DueActionRow",
    "EntryLinkRow",
    "EventRow",
    "ExtensionRequestRow",
    "ExtensionRow",
    "GrantRow",
    "HandoverRow",
    "HeartbeatRow",
    "HoldRow",
    "LoginLinkRow",
    "MailItemRow",
    "MailRow",
    "MailState",
    "MaterialRow",
    "NoticeRow",
    "ObligationRow",
    "OpinionRow",
    "PersonRow",
    "PhoneNoteRow",
    "PressRow",
    "PressedMailRow",
    "ReviewRow",
    "RevisionRow",
    "SaidRow",
    "SessionScopeRow",
    "SettingRow",
    "SubmissionRow",
    "TallyRow",
    "TaskRow",
    "ThrottleRow",
    "UnitRow",
    "UnitWordRow",
    "UploadRow",
    "WebSessionRow",
    "WorkdayRow",
]
