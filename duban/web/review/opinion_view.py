"""The page of a colleague who is asked, laid out. Pure."""

from dataclasses import dataclass
from datetime import datetime

from duban.domain.terms import View
from duban.services.asked import AskedSheet
from duban.web.language.saying import label, say
from duban.web.review.sheet_view import Found, found_views
from duban.web.review.shown_view import Place, Shown, Tab, shown, tabs
from duban.web.words import moment

CHOICES = ((View.AGREE.value, label("同意")), (View.DISAGREE.value, label("不同意")))


@dataclass(frozen=True, kw_only=True)
class OpinionView:
    """The page."""

    url: str
    unit: str
    deliverable: str
    title: str
    document_number: str
    todo: str
    #: who asks what
    asked: str
    question: str
    #: the answer that was given; empty: none yet
    answer: str
    may_answer: bool
    #: value, words
    choices: tuple[tuple[str, str], ...]
    tabs: tuple[Tab, ...]
    shown: Shown | None
    nothing: str
    findings: tuple[Found, ...]


def opinion_view(found: AskedSheet, now: datetime, *, url: str, on: int = 0, first: int = 1) -> OpinionView:
    """The page as of ``now``; originals are not offered, they may hold more than is seen."""
    asked, opinion = found.asked, found.asked.opinion
    place = Place(page=url, previews=f"{url}/previews", files="")
    on = on if 0 <= on < len(found.files) else 0
    file = found.files[on] if found.files else None
    may_answer = opinion.answered_at is None and asked.stands
    return OpinionView(
        url=url,
        unit=asked.unit_name,
        deliverable=asked.deliverable_name,
        title=found.notice.title,
        document_number=found.notice.document_number,
        todo=_todo(found, may_answer=may_answer),
        asked=say(
            "{asked_by}{person}征求{name}的意见",
            asked_by=asked.asked_by,
            person=say("（{asked_by}）", asked_by=opinion.asked_by) if opinion.asked_by else "",
            name=opinion.name,
        ),
        question=opinion.question,
        answer=_answer(found, now),
        may_answer=may_answer,
        choices=CHOICES,
        tabs=tabs([one.material.name for one in found.files], place, on),
        shown=shown(file.material, file.handed, place, on=on, first=first) if file else None,
        nothing=_nothing(found),
        findings=tuple(found_views(found.findings)),
    )


def _todo(found: AskedSheet, *, may_answer: bool) -> str:
    if found.asked.opinion.answered_at:
        return say("已收到您的意见，谢谢。")
    return say("请看过材料后写明意见。只能答复一次。") if may_answer else say("该材料已有审核意见，无须再答复。")


def _answer(found: AskedSheet, now: datetime) -> str:
    opinion = found.asked.opinion
    if opinion.answered_at is None or opinion.view is None:
        return ""
    text = say("：{opinion}", opinion=opinion.text) if opinion.text else ""
    return f"{moment(opinion.answered_at, now)} {dict(CHOICES)[opinion.view]}{text}"


def _nothing(found: AskedSheet) -> str:
    if not found.asked.stands:
        return say("材料不再在这里显示。")
    if found.is_personal:
        return say("这项材料含个人信息，不在此显示，请向征求意见的同事当面了解。")
    return say("零报告，没有附件。") if found.is_nil else say("没有上传文件。")
