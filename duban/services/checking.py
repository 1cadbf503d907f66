"""What stands in the way of an act: possible? permitted? complete? in time? In this order; nothing is written."""

from datetime import datetime

from duban.domain.acts import NEEDS_COLLEAGUE, NEEDS_DUE, NEEDS_NOTE
from duban.domain.due import Due, at_same_time
from duban.domain.errors import ActRefused
from duban.domain.expand import facts_of
from duban.domain.permission import DECIDES, actor, check_may, check_not_own
from duban.domain.state import TABLE, Impossible, Move
from duban.domain.terms import ARRIVAL, Act, Decision, Status
from duban.services.records import Records, standing
from duban.services.request import Request
from models import ReviewRow
from models.adjustment import ENDS, last_adjusted
from models.event import last_name
from models.notice import last_supplement
from models.obligation import Owed
from models.submission import last_review, submitters

#: Acts whose ``day`` is one that has been.
_DATED = (Act.SEND, Act.RECEIVE)
#: Acts that set a day, or ask for one, later than the day in force.
_LATER = (Act.EXTEND, Act.REQUEST)


def check(records: Records, row: Owed, request: Request, now: datetime) -> tuple[Move, ReviewRow | None]:
    """What the act does, and the decision that it takes back; ActRefused where it may not be."""
    _check_notice(records, row, request)
    facts = standing(row)
    move = TABLE[facts.status, request.act]
    if isinstance(move, Impossible):
        raise ActRefused(f"不能{request.act.zh}：{move.zh}", f"cannot {request.act.en}: {move.en}")
    decided = _decided(records, row) if request.act is Act.TAKE_BACK else None
    by = standing(row, decided=decided.step if decided else None)
    check_may(request.act, request.by or actor(request.act, by), by)
    _check_person(records, row, request)
    _check_complete(request)
    _check_day(records, row, request, now)
    _check_not_begun(records, row, request, now)
    _check_once(row, request)
    return move, decided


def _check_notice(records: Records, row: Owed, request: Request) -> None:
    """Nobody acts on a closed notice, nor brings back what a supplement has dropped."""
    if records.is_closed(row.notice_id):
        raise ActRefused("通知已结束办理，请联系经办人重新打开", "the notice is closed: it must be opened again first")
    if row.status == Status.WAIVED and request.act is Act.REOPEN and last_adjusted(records.session, row.id) in ENDS:
        zh = "不能重新打开：该事项已由补充通知取消或并入其他单位"
        raise ActRefused(zh, "cannot reopen: a supplement or a merger has ended it")


def due_on(records: Records, row: Owed, request: Request) -> Due | None:
    """The day of the request, included, at the same time of day as the original."""
    if request.due is None:
        return None
    facts = facts_of(records.notice(row.notice_id), records.calendar, published_on=request.due)
    return at_same_time(request.due, records.form(row), facts)


def _decided(records: Records, row: Owed) -> ReviewRow:
    """The last decision, as long as nothing has happened since."""
    review = last_review(records.session, row.id)
    if review is None or last_name(records.session, row.id) != review.decision:
        raise ActRefused("不能收回审核意见：此后已有办理", "cannot take back a decision: something happened since")
    if review.decision not in (Decision.APPROVED, Decision.RETURNED):
        raise ActRefused("不能收回审核意见：系逾期自动办理", "cannot take back what the rule decided")
    if (supplement := last_supplement(records.session, row.notice_id)) and supplement > review.at:
        zh = "不能收回审核意见：此后通知已有更改"
        raise ActRefused(zh, "cannot take back a decision: the notice was changed since")
    return review


def _check_person(records: Records, row: Owed, request: Request) -> None:
    if request.by_person and request.act in DECIDES:
        check_not_own(request.act, request.by_person, submitters(records.session, row.id))


def _check_complete(request: Request) -> None:
    if request.act in NEEDS_NOTE and not request.note.strip():
        raise ActRefused(NEEDS_NOTE[request.act], f"{request.act.en} needs a note")
    if request.act in NEEDS_DUE and request.due is None:
        raise ActRefused(NEEDS_DUE[request.act], f"{request.act.en} needs a due day")
    if request.act in NEEDS_COLLEAGUE and not (request.to_name.strip() and "@" in request.to_email):
        raise ActRefused(NEEDS_COLLEAGUE[request.act], f"{request.act.en} needs a name and an address")
    if request.copies is not None and request.copies < 1:
        raise ActRefused("份数应为1或以上", "copies are one or more")


def _check_day(records: Records, row: Owed, request: Request, now: datetime) -> None:
    """A new day is today or later, an extension later than the day in force; nothing was posted tomorrow."""
    today = now.astimezone(records.notice(row.notice_id).tz).date()
    if request.act in _DATED and request.day and request.day > today:
        raise ActRefused(f"日期 {request.day} 还没有到", f"the day {request.day} has not come yet")
    due = due_on(records, row, request)
    if due is None or request.act not in NEEDS_DUE:
        return
    if due.day < today:
        raise ActRefused(f"新的截止日 {due.day} 已过", f"the new due day {due.day} has passed")
    if request.act is Act.REQUEST and row.due_at is None:
        raise ActRefused("尚未规定截止日，无须申请延期", "there is no due day to extend")
    if request.act in _LATER and row.due_at and due.at <= row.due_at:
        zh = f"延期后的截止日 {due.day} 应晚于现行截止日 {row.due_day}"
        raise ActRefused(zh, f"the extended day {due.day} must be later than {row.due_day}")


def _check_not_begun(records: Records, row: Owed, request: Request, now: datetime) -> None:
    """Withdrawing and replacing end when review has begun; replacing ends with the day."""
    replaces = request.act in (Act.SUBMIT, Act.NIL) and row.status == Status.SUBMITTED
    if not replaces and request.act is not Act.WITHDRAW:
        return
    steps = records.steps(row)
    if steps and row.step != steps[0].id:
        raise ActRefused(f"不能{request.act.zh}：审核已经开始", f"cannot {request.act.en}: review has begun")
    if replaces and row.due_at and now >= row.due_at:
        raise ActRefused(
            "不能替换：截止时间已过，请先撤回再报送", "cannot replace after the due moment: withdraw first"
        )


def _check_once(row: Owed, request: Request) -> None:
    if request.act is Act.ACKNOWLEDGE and row.acknowledged_at:
        raise ActRefused("不能签收：已经签收", "cannot acknowledge: it is acknowledged already")
    if request.act is Act.APPROVE and row.step == ARRIVAL:
        raise ActRefused(
            "不能审核通过：纸质件尚未收到，请登记收到", "cannot approve: register the paper when it arrives"
        )
