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
    SEND = "send"
    RECEIVE = "receive"
    REQUEST = "request"
    REFUSE = "refuse"
    TAKE_BACK = "take_back"
    CONSULT = "consult"


class Role(Word):
    """Under which hat a person is addressed."""

    CLERK = "clerk"
    CHIEF = "chief"
    LEADER = "leader"
    SUPERVISOR = "supervisor"


class Hat(Word):
    """Under which hat a person comes in."""

    #: keeps the installation: sees all, and says who may come in
    ADMINISTRATOR = "administrator"
    #: 经办 of an issuing unit: its notices
    COORDINATOR = "coordinator"
    #: reviews for a unit what has come to its step
    REVIEWER = "reviewer"
    #: looks at a unit and all below it; changes nothing
    SUPERVISOR = "supervisor"
    #: hands in for a unit
    CLERK = "clerk"


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
    #: a way in: a login link, a link sent again, a link handed on
    LINK = "link"
    #: the very mail that a unit would get, for whoever asks for it: it tells nobody anything
    TRIAL = "trial"
    #: what is overdue below a supervisor, once a week, to whom has asked for it
    WEEKLY = "weekly"


#: The kinds that wait for the one digest a person a day, mildest first.
DIGEST_KINDS = (MailKind.REMINDER, MailKind.OVERDUE, MailKind.ESCALATION)


class Decision(Word):
    """What a step of review decided, or what the rule decided where it was not done in time."""

    APPROVED = "approved"
    RETURNED = "returned"
    APPROVED_BY_TIMEOUT = "approved_by_timeout"
    RETURNED_BY_TIMEOUT = "returned_by_timeout"


class TrackState(Word):
    """Where one way of handing in stands."""

    OPEN = "open"
    #: handed in here, or said to be by a script
    HANDED_IN = "handed_in"
    #: paper on its way
    SENT = "sent"
    #: paper that has arrived
    RECEIVED = "received"


class RequestState(Word):
    """Where a request for a later day stands."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    #: asked anew, handed in or waived before it was answered
    WITHDRAWN = "withdrawn"


class View(Word):
    """What a colleague who was asked thinks."""

    AGREE = "agree"
    DISAGREE = "disagree"


class TaskKind(Word):
    """What the machine leaves to the coordinator."""

    TELEPHONE = "telephone"
    CONTACT_GAP = "contact_gap"
    UNASSIGNED = "unassigned"
    UNDELIVERED = "undelivered"
    EXTENSION = "extension"
    SUM_UP = "sum_up"
    #: a supervisor advises a later day that nobody has asked for, or a pause in chasing
    ADVICE = "advice"


class OrderStage(Word):
    """The colour of a 督办单 (three colours, as offices use them): how grave it is."""

    #: 临近: the day is near
    BLUE = "blue"
    #: returned to be mended, or the day was put off before
    YELLOW = "yellow"
    #: 逾期
    RED = "red"


class AdviceKind(Word):
    """What a supervisor advises the issuer, who decides."""

    FOR = "for"
    AGAINST = "against"
    LATER = "later"
    PAUSE = "pause"


#: Who holds the ball: the unit, or a step of review (``review:STEP``).
UNIT = "unit"
ISSUER = "issuer"
#: The last step where paper is only under way: the issuer waits for it.
ARRIVAL = "arrival"
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
        "send": ("登记寄出", "send"),
        "receive": ("登记收到", "receive"),
        "request": ("申请延期", "request an extension"),
        "refuse": ("不予延期", "refuse an extension"),
        "take_back": ("收回审核意见", "take back a decision"),
        "consult": ("征求意见", "consult"),
    },
    "Role": {
        "clerk": ("填报人", "clerk"),
        "chief": ("科（处）负责人", "chief"),
        "leader": ("分管领导", "leader"),
        "supervisor": ("上级主管部门", "supervisor"),
    },
    "Hat": {
        "administrator": ("系统管理员", "administrator"),
        "coordinator": ("经办", "coordinator"),
        "reviewer": ("审核", "reviewer"),
        "supervisor": ("督办", "supervisor"),
        "clerk": ("填报人", "clerk"),
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
        "link": ("登录链接", "login link"),
        "trial": ("测试", "test"),
        "weekly": ("每周督办", "weekly table"),
    },
    "Decision": {
        "approved": ("审核通过", "approved"),
        "returned": ("退回补正", "returned"),
        "approved_by_timeout": ("逾期未审视同通过", "approved, not reviewed in time"),
        "returned_by_timeout": ("逾期未审自动退回", "returned, not reviewed in time"),
    },
    "TrackState": {
        "open": ("未报", "open"),
        "handed_in": ("已报", "handed in"),
        "sent": ("已寄出", "sent"),
        "received": ("已收到", "received"),
    },
    "RequestState": {
        "open": ("待答复", "open"),
        "granted": ("同意延期", "granted"),
        "refused": ("不予延期", "refused"),
        "withdrawn": ("已失效", "withdrawn"),
    },
    "View": {
        "agree": ("同意", "agrees"),
        "disagree": ("不同意", "disagrees"),
    },
    "TaskKind": {
        "telephone": ("电话联系", "telephone"),
        "contact_gap": ("补登联系人", "contact gap"),
        "unassigned": ("待定责任单位", "unassigned"),
        "undelivered": ("邮件未送达", "undelivered"),
        "extension": ("答复延期申请", "extension requested"),
        "sum_up": ("拟写汇总", "sum up"),
        "advice": ("上级建议", "a supervisor's advice"),
    },
    "OrderStage": {
        "blue": ("蓝色·临近", "blue: near"),
        "yellow": ("黄色·退回或已延期", "yellow: sent back, or put off"),
        "red": ("红色·逾期", "red: overdue"),
    },
    "AdviceKind": {
        "for": ("建议准予延期", "for the later day"),
        "against": ("建议不予延期", "against the later day"),
        "later": ("建议延期", "advises a later day"),
        "pause": ("建议暂缓催报", "advises a pause"),
    },
}
