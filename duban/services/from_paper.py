"""A notice as it came becomes drafts of definitions that an office keeps and confirms."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from duban.domain.errors import InputRefused
from duban.drafting.facts import Facts
from duban.drafting.lines import scalar
from duban.drafting.surveying import survey
from duban.drafting.tracing import Trace, traces
from duban.services.defining import Draft, begin
from duban.services.drafting import draft_text
from duban.services.records import Records

#: Characters of a notice that is read while somebody waits.
MOST_CHARACTERS = 200_000
#: Documents of one text that become drafts.
MOST_DOCUMENTS = 5
_ISSUER = re.compile(r"^issuer: issuer  # 待确认：.*?；原文为(.*)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A notice as it came, with what was drafted from it. Nothing is kept yet."""

    original: str
    #: the place of a document in the text, and the definition drafted from it
    documents: tuple[tuple[int, str], ...]


def read_paper(original: str) -> Paper:
    """The first document of a text, and each further one that asks for something; InputRefused for a long one."""
    if len(original) > MOST_CHARACTERS:
        zh = f"原文超过{MOST_CHARACTERS // 10_000}万字，请只交通知正文"
        raise InputRefused(zh, f"the notice has more than {MOST_CHARACTERS} characters")
    wanted = [(at, it.definition) for at, it in enumerate(draft_text(original)) if not at or it.facts.obligations]
    return Paper(original=original, documents=tuple(wanted[:MOST_DOCUMENTS]))


def begin_drafts(session: Session, unit: str, paper: Paper, *, by: str, now: datetime) -> list[int]:
    """A draft of an office for each document; their numbers."""
    name = Records(session).unit(unit).name
    return [
        begin(session, unit, _issued_by(text, unit, name), by=by, now=now, original=paper.original, document=at)
        for at, text in paper.documents
    ]


def _issued_by(text: str, unit: str, name: str) -> str:
    """The office that drafts it is the one that issues it, as far as nobody says otherwise."""
    return _ISSUER.sub(
        lambda found: f"issuer: {scalar(unit)}  # 待确认：暂填本单位“{name}”；原文为{found[1]}", text, count=1
    )


def facts_of(draft: Draft) -> Facts:
    """The facts of the document that a draft was made from."""
    found = survey(draft.original)
    return found[min(draft.document, len(found) - 1)]


def traces_of(draft: Draft) -> list[Trace]:
    """Where the notice says what the draft says."""
    return traces(facts_of(draft), draft.text)
