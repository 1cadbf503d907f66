"""What can be done here, and how far each hat reaches: one total table, hat × deed. Drawn into ``docs/access.md``."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from duban.domain.terms import Act, Hat


class Deed(StrEnum):
    """Something that a person does: every act of the domain, and what is done around them."""

    ACKNOWLEDGE = Act.ACKNOWLEDGE.value
    SUBMIT = Act.SUBMIT.value
    NIL = Act.NIL.value
    WITHDRAW = Act.WITHDRAW.value
    RETURN = Act.RETURN.value
    APPROVE = Act.APPROVE.value
    EXTEND = Act.EXTEND.value
    WAIVE = Act.WAIVE.value
    REOPEN = Act.REOPEN.value
    SEND = Act.SEND.value
    RECEIVE = Act.RECEIVE.value
    REQUEST = Act.REQUEST.value
    REFUSE = Act.REFUSE.value
    TAKE_BACK = Act.TAKE_BACK.value
    CONSULT = Act.CONSULT.value
    #: the page of what one unit owes of a notice
    SEE_OWED = "see_owed"
    #: what a notice asks for
    SEE_NOTICE = "see_notice"
    #: the ledger, today's list, figures
    SEE_LEDGER = "see_ledger"
    #: a unit's people, and everything that happened to it
    SEE_UNIT = "see_unit"
    #: what is left to the coordinator
    SEE_TASKS = "see_tasks"
    #: mails as they were sent
    SEE_MAIL = "see_mail"
    #: settle a mail of which nobody knows whether it arrived
    DECIDE_MAIL = "decide_mail"
    SEE_FILES = "see_files"
    UPLOAD = "upload"
    #: give a colleague a link of one's own
    HAND_ON = "hand_on"
    #: speak for or against a later day, advise a later day or a pause; the issuer decides
    RECOMMEND = "recommend"
    #: write down a telephone call
    NOTE = "note"
    #: draft a 督办单, for people to sign and seal
    DRAFT_ORDER = "draft_order"
    #: what waits for a review
    REVIEW_INBOX = "review_inbox"
    #: remind by hand, hold a mail, write down a telephone call
    PRESS = "press"
    #: draft, publish, supplement and close notices
    ISSUE = "issue"
    #: a notice's units and their people: change, add, merge
    KEEP_UNITS = "keep_units"
    #: send a unit its link again, or take one away
    SEND_LINK = "send_link"
    MANAGE_ACCOUNTS = "manage_accounts"
    #: the demo's clock
    MOVE_CLOCK = "move_clock"
    SEE_METRICS = "see_metrics"
    #: the record of events
    SEE_AUDIT = "see_audit"

    @property
    def zh(self) -> str:
        return _ZH.get(self) or Act(self.value).zh


class Reach(StrEnum):
    """How far a hat reaches with a deed, from the unit under which it is worn."""

    NONE = ""
    #: what the unit itself owes
    OWN = "own"
    #: the unit and all below it
    BELOW = "below"
    #: the notices that the unit has issued
    ISSUED = "issued"
    #: what the unit reviews
    REVIEWED = "reviewed"
    ALL = "all"


_NO, _OWN, _BELOW, _ISSUED, _REVIEWED, _ALL = Reach

#: The columns of the table.
HATS = (Hat.ADMINISTRATOR, Hat.COORDINATOR, Hat.REVIEWER, Hat.SUPERVISOR, Hat.CLERK)

_ROWS: dict[Deed, tuple[Reach, Reach, Reach, Reach, Reach]] = {
    # a coordinator hands in for a unit what came by mail or on paper (代报)
    Deed.ACKNOWLEDGE: (_NO, _ISSUED, _NO, _NO, _OWN),
    Deed.SUBMIT: (_NO, _ISSUED, _NO, _NO, _OWN),
    Deed.NIL: (_NO, _ISSUED, _NO, _NO, _OWN),
    Deed.WITHDRAW: (_NO, _ISSUED, _NO, _NO, _OWN),
    Deed.RETURN: (_NO, _REVIEWED, _REVIEWED, _NO, _NO),
    Deed.APPROVE: (_NO, _REVIEWED, _REVIEWED, _NO, _NO),
    Deed.EXTEND: (_NO, _ISSUED, _NO, _NO, _NO),
    Deed.WAIVE: (_NO, _ISSUED, _NO, _NO, _NO),
    Deed.REOPEN: (_NO, _ISSUED, _NO, _NO, _NO),
    # the registry desk enters what an envelope shows
    Deed.SEND: (_NO, _ISSUED, _NO, _NO, _OWN),
    Deed.RECEIVE: (_NO, _ISSUED, _REVIEWED, _NO, _NO),
    Deed.REQUEST: (_NO, _NO, _NO, _NO, _OWN),
    Deed.REFUSE: (_NO, _ISSUED, _NO, _NO, _NO),
    Deed.TAKE_BACK: (_NO, _REVIEWED, _REVIEWED, _NO, _NO),
    Deed.CONSULT: (_NO, _REVIEWED, _REVIEWED, _NO, _NO),
    Deed.SEE_OWED: (_ALL, _ISSUED, _REVIEWED, _BELOW, _OWN),
    Deed.SEE_NOTICE: (_ALL, _ISSUED, _REVIEWED, _BELOW, _OWN),
    Deed.SEE_LEDGER: (_ALL, _ISSUED, _NO, _BELOW, _NO),
    Deed.SEE_UNIT: (_ALL, _ISSUED, _NO, _BELOW, _NO),
    Deed.SEE_TASKS: (_ALL, _ISSUED, _NO, _NO, _NO),
    Deed.SEE_MAIL: (_ALL, _ISSUED, _NO, _BELOW, _NO),
    Deed.DECIDE_MAIL: (_ALL, _ISSUED, _NO, _NO, _NO),
    Deed.SEE_FILES: (_NO, _ISSUED, _REVIEWED, _BELOW, _OWN),
    Deed.UPLOAD: (_NO, _ISSUED, _NO, _NO, _OWN),
    Deed.HAND_ON: (_NO, _NO, _NO, _NO, _OWN),
    Deed.RECOMMEND: (_NO, _NO, _NO, _BELOW, _NO),
    Deed.NOTE: (_NO, _ISSUED, _NO, _BELOW, _NO),
    Deed.DRAFT_ORDER: (_NO, _ISSUED, _NO, _BELOW, _NO),
    Deed.REVIEW_INBOX: (_NO, _REVIEWED, _REVIEWED, _NO, _NO),
    Deed.PRESS: (_NO, _ISSUED, _NO, _NO, _NO),
    Deed.ISSUE: (_NO, _ISSUED, _NO, _NO, _NO),
    Deed.KEEP_UNITS: (_ALL, _ISSUED, _NO, _NO, _NO),
    Deed.SEND_LINK: (_ALL, _ISSUED, _NO, _NO, _NO),
    Deed.MANAGE_ACCOUNTS: (_ALL, _NO, _NO, _NO, _NO),
    Deed.MOVE_CLOCK: (_ALL, _ALL, _NO, _NO, _NO),
    Deed.SEE_METRICS: (_ALL, _NO, _NO, _NO, _NO),
    Deed.SEE_AUDIT: (_ALL, _ISSUED, _NO, _NO, _NO),
}

#: Every pair has its answer.
TABLE: Mapping[tuple[Hat, Deed], Reach] = MappingProxyType(
    {(hat, deed): reach for deed, row in _ROWS.items() for hat, reach in zip(HATS, row, strict=True)}
)

#: Deeds that show or change what a material holds: where it holds personal data, the bare link is not enough.
TOUCHING = frozenset({Deed.SUBMIT, Deed.SEE_FILES, Deed.UPLOAD, Deed.RETURN, Deed.APPROVE, Deed.CONSULT})
#: Who has to do with personal data at all.
HANDLING = frozenset({Hat.COORDINATOR, Hat.REVIEWER, Hat.CLERK})
#: Deeds of a review: nobody does them to what he has handed in himself.
REVIEWING = frozenset({Deed.RETURN, Deed.APPROVE})

_ZH = {
    Deed.SEE_OWED: "查看本单位事项",
    Deed.SEE_NOTICE: "查看通知",
    Deed.SEE_LEDGER: "查看台账",
    Deed.SEE_UNIT: "查看单位情况",
    Deed.SEE_TASKS: "查看经办事项",
    Deed.SEE_MAIL: "查看邮件",
    Deed.DECIDE_MAIL: "处理送达不明的邮件",
    Deed.SEE_FILES: "查看材料",
    Deed.UPLOAD: "上传材料",
    Deed.HAND_ON: "转办",
    Deed.RECOMMEND: "提出延期、暂缓意见",
    Deed.NOTE: "写电话记录",
    Deed.DRAFT_ORDER: "起草督办单",
    Deed.REVIEW_INBOX: "查看待审材料",
    Deed.PRESS: "催办",
    Deed.ISSUE: "起草和发布通知",
    Deed.KEEP_UNITS: "维护单位和联系人",
    Deed.SEND_LINK: "发送和撤销链接",
    Deed.MANAGE_ACCOUNTS: "管理账号",
    Deed.MOVE_CLOCK: "拨动演示时钟",
    Deed.SEE_METRICS: "查看运行指标",
    Deed.SEE_AUDIT: "查看事件记录",
}
