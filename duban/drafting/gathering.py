"""The handings-in of a whole document: clause by clause, then labels, then what other clauses add to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from duban.drafting.addresses import mailboxes
from duban.drafting.bare import bare
from duban.drafting.clauses import Act, Clause, acts, as_printed, clauses, moved
from duban.drafting.dating import When
from duban.drafting.days import Calendar
from duban.drafting.demands import copies, demands
from duban.drafting.heading import Heading
from duban.drafting.labels import Label, label
from duban.drafting.labels import heading as heading_of
from duban.drafting.layout import Document, Paragraph, Sentence, sentences
from duban.drafting.materials import ends_as_material, named
from duban.drafting.mending import Mended
from duban.drafting.offices import bound
from duban.drafting.terms import labelled
from duban.drafting.verbs import channels

#: Sentences that can hold a term or a handing-in at all.
_WORTH = re.compile(
    r"报|交|送|寄|发至|发到|传|填|反馈|推荐|备案|函告|告知|投稿|录入|回复|截止|时间|时限|日期|期限|"
    r"登记|提供|提出|前|登录|材料|返回|\d[日号]"
)


#: Handings-in of a document that are kept; real ones have some twenty.
MOST_ACTS = 150
#: Characters of sentences that are searched for terms: some hundred pages.
MOST_READ = 60_000


#: The level of running text, and the length of a heading that stands before it on its line.
UNNUMBERED, LONGEST_LEAD = 9, 20
#: A time with a label of its own, whatever verb stands before it.
_OWN_TIME = re.compile(
    r"(?:系统开放|填报|申报|报名|报送|提交|截止)(?:时间|日期|期限)(?:为|是|:)?$|^[^,。;:]{0,6}(?:申报|报名|征集|推荐|投稿)(?:阶段|环节)?\($"
)


@dataclass(kw_only=True)
class Gathered:
    """What the paragraphs of a document say, in order."""

    document: Document
    shown: str
    calendar: Calendar
    acts: list[Act] = field(default_factory=list)
    #: the labelled sentences, once they were looked for: see ``surroundings``
    labels: "list[tuple[int, Sentence, Label]] | None" = None
    #: place of a labelled sentence → the materials that it names, once read
    values: dict[int, list[str]] = field(default_factory=dict)
    #: the sentences under a heading of ways, likewise
    ways: "list[tuple[int, Sentence]] | None" = None


def gather(document: Document, mended: Mended, calendar: Calendar, heading: Heading) -> Gathered:
    """All handings-in of a document behind its heading."""
    gathered = Gathered(document=document, shown=mended.shown, calendar=calendar)
    read = 0
    for at in range(heading.body, len(document.paragraphs)):
        if len(gathered.acts) > MOST_ACTS:
            break
        paragraph = document.paragraphs[at]
        if paragraph.is_row or _is_bare_heading(paragraph) or heading.day_at == (paragraph.start, paragraph.end):
            continue
        if read > MOST_READ:
            break
        before: date | None = None
        units: tuple[str, ...] = ()
        for sentence in sentences(paragraph, at):
            if not _WORTH.search(sentence.text) or _leads(paragraph, sentence):
                units = _named(sentence.text, mended.shown[sentence.start : sentence.end]) or units
                continue
            read += len(sentence.text)
            if read > MOST_READ or len(gathered.acts) > MOST_ACTS:
                break
            first, idle = len(gathered.acts), []
            for clause in _clauses(sentence, mended, calendar, before):
                before = _last_day(clause, calendar) or before
                taken = len(gathered.acts)
                units = _take(gathered, clause, units)
                if len(gathered.acts) == taken:
                    idle.append(clause)
            _add_idle(gathered.acts[first:], idle)
    return gathered


def _add_idle(found: list[Act], idle: list[Clause]) -> None:
    """``报名表加盖公章，一式两份；电子版发送到…``: what has no verb is said of what the sentence hands in."""
    if not found:
        return
    for clause in idle:
        act = found[-1] if clause.start > found[0].start else found[0]
        act.channels = tuple(dict.fromkeys((*act.channels, *channels(clause.text))))
        act.emails = tuple(dict.fromkeys((*act.emails, *mailboxes(clause.shown))))
        act.copies = act.copies or copies(clause.text)
        act.requirements = tuple(dict.fromkeys((*act.requirements, *demands(clause.text, clause.shown))))


def _is_bare_heading(paragraph: Paragraph) -> bool:
    """``四、信息报送`` asks nothing of anybody."""
    return (
        paragraph.level < 9
        and len(paragraph.text) <= 30
        and not re.search(r"[,;。:\d]", paragraph.text[paragraph.body :])
    )


def _leads(paragraph: Paragraph, sentence: Sentence) -> bool:
    """``四、及时报告险情灾情。突发险情…``: the first words of a numbered paragraph are its heading."""
    words = sentence.text
    first = paragraph.level < UNNUMBERED and sentence.start == paragraph.start + paragraph.body
    return first and len(words) <= LONGEST_LEAD and sentence.end < paragraph.end and not re.search(r"[,;:\d请]", words)


def _clauses(sentence: Sentence, mended: Mended, calendar: Calendar, before: date | None) -> Iterator[Clause]:
    shown = mended.shown[sentence.start : sentence.end]
    yield from clauses(sentence, shown, calendar, before)


def _last_day(clause: Clause, calendar: Calendar) -> date | None:
    """The last date with a year of its own or leaned on one; earlier than the day of issue none counts."""
    days = [one.day for one in clause.times if one.day and one.explicit]
    days = [day for day in days if calendar.issued is None or day >= calendar.issued]
    return days[-1] if days else None


def _take(gathered: Gathered, clause: Clause, units: tuple[str, ...]) -> tuple[str, ...]:
    """Adds the acts of a clause; answers the units that the paragraph has named so far."""
    found = acts(clause, gathered.calendar)
    used = {one.when.start - clause.start for one in found if one.when}
    found += _labels(gathered, clause, used)
    for act in found:
        units = act.who or units
        if not (act.when or act.materials or act.receiver or act.emails or act.copies):
            continue
        act.who = act.who or units
        gathered.acts.append(act)
    _close(found, clause)
    return units if found else _named(clause.text, clause.shown) or units


#: ``6月20日17:00系统关闭，不再接受作品``
_SHUTS = re.compile(
    r"(?:[,(]?(?:申报|填报|报名|网上)?(?:系统|平台|通道|端口|网站|入口)[^,。;]{0,6})?(?:关闭|截止|锁定|停止)"
)


def _close(found: list[Act], clause: Clause) -> None:
    """A day without an hour gets the hour at which the system shuts on that day."""
    hours = {one.day: one.time for one in clause.times if one.time and _SHUTS.match(clause.text, one.end)}
    for act in found:
        if act.when and act.when.ends_span and not act.when.time and act.when.day in hours:
            act.when = replace(act.when, time=hours[act.when.day])


def _named(plain: str, shown: str) -> tuple[str, ...]:
    """The units at the beginning of a sentence, as printed."""
    return tuple(as_printed(name, plain, shown) for name in bound(plain.lstrip()))


def _labels(gathered: Gathered, clause: Clause, used: set[int]) -> list[Act]:
    """Times behind a label of handing in: 报送时间：…; the last of a span."""
    paragraph = gathered.document.paragraphs[clause.paragraph]
    above = _above(gathered, clause.paragraph)
    named_ = label(clause.text)
    own = heading_of(paragraph)
    found: list[Act] = []
    for when in clause.times:
        taken = any(v.start < when.start and not v.nominal and v.strong for v in clause.verbs)
        if when.start in used or (
            taken and not _OWN_TIME.search(clause.text[: when.span if when.ends_span else when.start])
        ):
            continue
        if _is_past(when, gathered.calendar):
            continue
        if names := bare(clause, when, (own, *above)):
            found.append(replace(_labelled_act(clause, when), materials=names))
            continue
        if labelled(clause.text, when, named_.sort if named_ else "", own, above):
            found.append(_labelled_act(clause, when))
    return found


def _is_past(when: When, calendar: Calendar) -> bool:
    """A day of a printed year before the day of issue: nothing can be handed in by then."""
    return bool(when.explicit and when.day and calendar.issued and when.day < calendar.issued)


def _above(gathered: Gathered, at: int) -> tuple[str, ...]:
    """The headings above a paragraph, nearest first; of running text the line before it, when that is a heading."""
    paragraphs = gathered.document.paragraphs
    return tuple(heading_of(paragraphs[up]) for up in reversed(paragraphs[at].path))


def _labelled_act(clause: Clause, when: When) -> Act:
    return Act(
        when=moved(when, clause.start),
        start=clause.start,
        end=clause.start + len(clause.text),
        paragraph=clause.paragraph,
        labelled=True,
        emails=mailboxes(clause.shown),
        channels=channels(clause.text),
        copies=copies(clause.text),
        requirements=demands(clause.text, clause.shown),
    )


@dataclass(frozen=True, kw_only=True)
class Items:
    """A list of materials that follows a paragraph."""

    names: tuple[str, ...] = ()
    #: the words of its paragraphs: plain, and as printed
    text: str = ""
    shown: str = ""


def items(gathered: Gathered, at: int) -> Items:
    """The numbered paragraphs behind paragraph ``at``, each by its first words."""
    paragraphs = gathered.document.paragraphs
    own = paragraphs[at].level
    names: list[str] = []
    texts: list[tuple[int, int]] = []
    level = None
    group = 0
    for place, following in enumerate(paragraphs[at + 1 : at + 30], at + 1):
        if _is_line_of_list(paragraphs, at, place):
            texts.append((following.start, following.end))
            names += _item(gathered, following.text, following.start, 0)
            continue
        if following.level >= 9 or (own < 9 and following.level <= own) or (level and following.level < level):
            break
        level = level or following.level
        texts.append((following.start, following.end))
        if following.level == level:
            group = _grouped(paragraphs, place)
        if following.level == (group or level):
            names += _item(gathered, following.text, following.start, following.body)
    return Items(
        names=tuple(dict.fromkeys(names)),
        text="\n".join(paragraph.text for paragraph in paragraphs[at + 1 : at + 1 + len(texts)]),
        shown="\n".join(gathered.shown[start:end] for start, end in texts),
    )


def _is_line_of_list(paragraphs: tuple[Paragraph, ...], head: int, at: int) -> bool:
    """A line without a number in a list: the lines before it end with ``：`` or ``；``."""
    before, line = paragraphs[at - 1].text, paragraphs[at]
    begins = paragraphs[head].text.endswith(":") and line.text.endswith(";") if at == head + 1 else before.endswith(";")
    return (
        line.level >= UNNUMBERED
        and not line.is_row
        and begins
        and all(one.level >= UNNUMBERED for one in paragraphs[head + 1 : at])
    )


def _grouped(paragraphs: tuple[Paragraph, ...], at: int) -> int:
    """The level of the list below ``（一）项目申报材料``, which names nothing itself; 0 where there is none."""
    one, below = paragraphs[at], paragraphs[at + 1 : at + 2]
    is_general = re.search(r"(?:材料|资料|表格|文件)(?:包括|如下)?[:。;]?$", one.text) and len(one.text) <= 26
    return below[0].level if is_general and below and one.level < below[0].level < 9 else 0


def _item(gathered: Gathered, text: str, start: int, body: int) -> tuple[str, ...]:
    found = label(text, body)
    if found and re.search(r"[局厅委办处科室会院校部]$|单位$|部门$", found.text):
        body = found.value
    elif found and found.value - body <= 24:
        text = text[: found.value - 1]
    head = re.split(r"[。;:]", text[body:])[0]
    first = re.split(r",(?![^(]*\))", head)[0]
    whole = all(map(ends_as_material, re.split(r",(?![^(]*\))", head)))
    head = first if (ends_as_material(first) and not whole) or not ends_as_material(head) else head
    if not (ends_as_material(head) or "《" in head or len(head) <= 20):
        return ()
    return named(head, gathered.shown[start + body : start + body + len(head)]).names
