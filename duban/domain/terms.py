"""The words of the domain, once, with what people read on screen (Chinese, English)."""

from enum import StrEnum


class Word(StrEnum):
    """A word with its two readings."""

    @property
    def zh(self) -> str:
        return _WORDS[type(self).__name__][self.value][0]

    @property
    def en(self) -> str:
        return _WORDS[type(self).__name__][self.value][1]

    def said_in(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh


class Status(Word):
    """Where an obligation stands. Overdue is not here: it is computed."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    COMPLETED = "completed"
    WAIVED = "waived"


class Act(Word):
    """What a person may do to an obligation."""

    ACKNOWLEDGE = "acknowledge"
    SUBMIT = "submit"
    NIL = "nil"
    WITHDRAW = "withdraw"
    RETURN = "return"
    APPROVE = "approve"
    EXTEND = "extend"
    WAIVE = "waive"
    REOPEN = "reopen"


class Role(Word):
    """Under which hat a person is addressed."""

    CLERK = "clerk"
    CHIEF = "chief"
    LEADER = "leader"
    SUPERVISOR = "supervisor"


class Relation(Word):
    """How a unit stands to the issuer."""

    SUBORDINATE = "subordinate"
    PARALLEL = "parallel"


class MailKind(Word):
    """What a mail is; the three digest kinds are in order of gravity."""

    NOTICE = "notice"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    RETURNED = "returned"
    RECEIVED = "received"
    DATE_CHANGED = "date_changed"
    SUMMARY = "summary"


#: The kinds that wait for the one digest a person a day, mildest first.
DIGEST_KINDS = (MailKind.REMINDER, MailKind.OVERDUE, MailKind.ESCALATION)


class TaskKind(Word):
    """What the machine leaves to the coordinator."""

    TELEPHONE = "telephone"
    CONTACT_GAP = "contact_gap"
    UNASSIGNED = "unassigned"
    UNDELIVERED = "undelivered"


#: Who holds the ball: the unit, or a step of review (``review:STEP``).
UNIT = "unit"
ISSUER = "issuer"
REVIEW_PREFIX = "review:"


def review_owner(step: str) -> str:
    """The owner's name of a review step."""
    return REVIEW_PREFIX + step


_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "Status": {
        "pending": ("未报", "pending"),
        "submitted": ("已报待审", "submitted"),
        "returned": ("退回补正", "returned"),
        "completed": ("办结", "completed"),
        "waived": ("免报", "waived"),
    },
    "Act": {
        "acknowledge": ("签收", "acknowledge"),
        "submit": ("报送", "submit"),
        "nil": ("零报告", "nil report"),
        "withdraw": ("撤回", "withdraw"),
        "return": ("退回", "return"),
        "approve": ("审核通过", "approve"),
        "extend": ("延期", "extend"),
        "waive": ("免报", "waive"),
        "reopen": ("重新打开", "reopen"),
    },
    "Role": {
        "clerk": ("填报人", "clerk"),
        "chief": ("科（处）负责人", "chief"),
        "leader": ("分管领导", "leader"),
        "supervisor": ("上级主管部门", "supervisor"),
    },
    "Relation": {
        "subordinate": ("隶属", "subordinate"),
        "parallel": ("不相隶属", "parallel"),
    },
    "MailKind": {
        "notice": ("通知", "notice"),
        "reminder": ("报送提醒", "reminder"),
        "overdue": ("逾期催报", "overdue"),
        "escalation": ("提请督促", "escalation"),
        "returned": ("退回补正", "returned"),
        "received": ("已收到", "received"),
        "date_changed": ("期限调整", "date changed"),
        "summary": ("每日小结", "daily summary"),
    },
    "TaskKind": {
        "telephone": ("电话联系", "telephone"),
        "contact_gap": ("补登联系人", "contact gap"),
        "unassigned": ("待定责任单位", "unassigned"),
        "undelivered": ("邮件未送达", "undelivered"),
    },
}
