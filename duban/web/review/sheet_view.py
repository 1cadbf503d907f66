"""One material as its reviewer sees it: what is asked of him, what was found, what happened so far. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from duban.domain.checks import Finding, Grade
from duban.domain.returning import REASONS
from duban.domain.terms import ARRIVAL, Decision, Relation, Status, View
from duban.services.opinions import Asked
from duban.services.sheet import Sheet
from duban.web.chip import DONE, IDLE, LATE, SOON, Chip
from duban.web.facts import step_name, track_called, track_told
from duban.web.language.saying import Label, label, say
from duban.web.review.inbox_view import DECISIONS, due_chip, spelled, url_of
from duban.web.review.shown_view import Place, Shown, Tab, shown, tabs
from duban.web.words import day_and_weekday, moment
from models import ReviewRow, SubmissionRow

_GRADES = {
    Grade.MET: Chip(DONE, "✓", Label.of(Grade.MET)),
    Grade.GAP: Chip(LATE, "▲", Label.of(Grade.GAP)),
    Grade.OVER: Chip(LATE, "▲", Label.of(Grade.OVER)),
    Grade.NEAR: Chip(SOON, "◆", Label.of(Grade.NEAR)),
    Grade.UNKNOWN: Chip(IDLE, "?", Label.of(Grade.UNKNOWN)),
    Grade.WARNING: Chip(LATE, "▲", Label.of(Grade.WARNING)),
}
#: What the sender should mend.
_TO_MEND = (Grade.GAP, Grade.OVER, Grade.WARNING)
_CLOSED = {
    Status.PENDING: (Chip(IDLE, "○", label("未报送")), label("单位尚未报送，报送后可在这里审核。")),
    Status.RETURNED: (Chip(SOON, "↩", label("退回补正")), label("已退回，等待单位重新报送。")),
    Status.COMPLETED: (Chip(DONE, "✓", label("办结")), label("已办结，无须办理。")),
    Status.WAIVED: (Chip(IDLE, "—", label("免报")), label("已免报，无须办理。")),
}
_VIEWS = {View.AGREE: label("同意"), View.DISAGREE: label("不同意")}


@dataclass(frozen=True, kw_only=True)
class Found:
    """One finding."""

    chip: Chip
    words: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """A question to a colleague, and what became of it."""

    who: str
    words: str
    #: empty: it cannot be taken back
    withdraw_url: str


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What somebody had typed into the form that was refused."""

    problem: str = ""
    template: str = ""
    note: str = ""
    due: str = ""


@dataclass(frozen=True, kw_only=True)
class SheetView:
    """The page."""

    unit: str
    deliverable: str
    title: str
    document_number: str
    url: str
    chip: Chip
    todo: str
    is_open: bool
    tabs: tuple[Tab, ...]
    shown: Shown | None
    #: why no file is shown
    nothing: str
    findings: tuple[Found, ...]
    no_findings: str
    note: str
    #: name, words
    tracks: tuple[tuple[str, str], ...]
    opinions: tuple[Said, ...]
    history: tuple[str, ...]
    key: str
    may_approve: bool
    may_return: bool
    may_consult: bool
    take_back_url: str
    return_words: str
    templates: tuple[str, ...]
    gap_words: str
    today: str
    proposed: str
    #: key, name
    siblings: tuple[tuple[str, str], ...]
    typed: Typed


def sheet_view(found: Sheet, now: datetime, *, on: int = 0, first: int = 1, typed: Typed | None = None) -> SheetView:
    """The page as of ``now``, with the file at position ``on`` shown from page ``first``."""
    url = url_of(found.key)
    place = Place(page=url, previews="/previews", files="/files")
    on = on if 0 <= on < len(found.files) else 0
    file = found.files[on] if found.files else None
    chip, todo = _standing(found, now)
    return SheetView(
        unit=found.unit.name,
        deliverable=found.deliverable_name,
        title=found.notice.title,
        document_number=found.notice.document_number,
        url=url,
        chip=chip,
        todo=todo,
        is_open=found.is_under_review,
        tabs=tabs([one.material.name for one in found.files], place, on),
        shown=shown(file.material, file.handed, place, on=on, first=first) if file else None,
        nothing=nothing_words(found),
        findings=tuple(found_views(found.findings)),
        no_findings=_no_findings(found),
        note=found.submission.note if found.submission else "",
        tracks=tuple((track_called(track), track_told(track)) for track in found.tracked.tracks if track.told),
        opinions=tuple(_said(found, one, now) for one in found.opinions),
        history=tuple(history(found, now)),
        key=spelled(found.key),
        may_approve=found.may_approve and found.row.step != ARRIVAL,
        may_return=found.may_return,
        may_consult=found.may_consult,
        take_back_url=f"{url}/take-back" if found.may_take_back else "",
        return_words=str(label("退回补正", en="Return"))
        if found.row.relation == Relation.SUBORDINATE
        else say("请修改后再报"),
        templates=tuple(REASONS),
        gap_words=_gap_words(found),
        today=found.today.isoformat(),
        proposed=found.proposed.isoformat(),
        siblings=tuple((spelled(one.key), one.name) for one in found.siblings),
        typed=typed or Typed(note=_gap_words(found), due=found.proposed.isoformat()),
    )


def _standing(found: Sheet, now: datetime) -> tuple[Chip, str]:
    """The chip, and the line that says what is to be done."""
    if not found.is_under_review:
        return _CLOSED[Status(found.row.status)]
    due = found.ball.due if found.ball else None
    chip = due_chip(due.at if due else None, found.workdays_left, now)
    if found.is_own:
        return chip, say("这是您本人报送的材料，请交由同事审核。")
    if found.row.step == ARRIVAL:
        return chip, say("电子材料已审核通过，纸质件在途，收到后请登记。")
    until = say("，审核期限{day}", day=day_and_weekday(due.day, now)) if due else ""
    step = step_name(found.step.name) if found.step else say("审核")
    return chip, say("请核对材料后作出{step}意见{until}。", step=step, until=until)


def nothing_words(found: Sheet) -> str:
    """Why there is no file to see."""
    if found.is_locked:
        return say("这项材料含个人信息，只凭链接不能查看，请用账号登录。")
    if found.submission is None:
        return say("单位尚未报送。")
    return say("零报告，没有附件。") if found.row.is_nil else say("没有上传文件。")


def found_views(findings: tuple[Finding, ...]) -> Iterator[Found]:
    """Each finding with its chip; what is to be mended first."""
    for finding in sorted(findings, key=lambda one: one.grade not in _TO_MEND):
        yield Found(
            chip=_GRADES[finding.grade],
            words=say("{requirement}：{finding}", requirement=finding.requirement, finding=finding.zh),
        )


def _no_findings(found: Sheet) -> str:
    if found.is_locked:
        return say("登录后显示。")
    return say("零报告，无须核对。") if found.row.is_nil else say("通知没有可以自动核对的要求。")


def _gap_words(found: Sheet) -> str:
    """What the unit would have to mend, as a beginning for the reviewer's own words."""
    gaps = [one for one in found.findings if one.grade in _TO_MEND]
    return "；".join(dict.fromkeys(one.gap or one.zh for one in gaps))


def _said(found: Sheet, one: Asked, now: datetime) -> Said:
    opinion = one.opinion
    asked = say("{asked_at} 征求意见：{question}", asked_at=moment(opinion.asked_at, now), question=opinion.question)
    url = ""
    if opinion.answered_at and opinion.view:
        text = say("：{opinion}", opinion=opinion.text) if opinion.text else ""
        words = say(
            "{asked}\u3000{answered_at} 答复{views}{text}",
            asked=asked,
            answered_at=moment(opinion.answered_at, now),
            views=_VIEWS[View(opinion.view)],
            text=text,
        )
    elif opinion.revoked_at:
        words = say("{asked}（已收回）", asked=asked)
    else:
        words = say("{asked}（{state}）", asked=asked, state=say("尚未答复") if one.stands else say("未答复"))
        url = f"{url_of(found.key)}/opinions/{opinion.id}/withdraw" if one.stands and found.may_consult else ""
    return Said(who=opinion.name, words=words, withdraw_url=url)


def history(found: Sheet, now: datetime) -> list[str]:
    """Every attempt and every decision in words, the oldest first."""
    lines = [(one.at, _attempt(found, one, now)) for one in found.submissions]
    lines += [(one.at, _decision(found, one, now)) for one in found.reviews]
    return [words for _, words in sorted(lines, key=lambda line: line[0])]


def _attempt(found: Sheet, one: SubmissionRow, now: datetime) -> str:
    files = found.file_counts.get(one.id or 0, 0)
    what = (
        say("零报告")
        if one.is_nil
        else say("报送（{files}个文件）", files=files)
        if files
        else str(label("报送", en="handed in"))
    )
    note = say("，说明：{note}", note=one.note) if one.note else ""
    back = say("（已撤回）") if one.withdrawn_at else ""
    return say(
        "{at} 第{round}轮{what}{note}{back}", at=moment(one.at, now), round=one.round, what=what, note=note, back=back
    )


def _decision(found: Sheet, one: ReviewRow, now: datetime) -> str:
    step = step_name(found.step_names.get(one.step, one.step))
    note = say("：{note}", note=one.note) if one.note else ""
    back = say("（{taken_back_at} 已收回）", taken_back_at=moment(one.taken_back_at, now)) if one.taken_back_at else ""
    return f"{moment(one.at, now)} {step} {DECISIONS[Decision(one.decision)]}{note}{back}"
