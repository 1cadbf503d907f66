"""Who hands in what, where, by when: the verbs of a sentence bound to the times of the same sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice, pairwise

from duban.drafting.addresses import mailboxes
from duban.drafting.dating import When, times
from duban.drafting.days import Calendar
from duban.drafting.demands import copies, demands
from duban.drafting.layout import Sentence
from duban.drafting.materials import ends_as_material, named, spread
from duban.drafting.objects import things
from duban.drafting.offices import bound
from duban.drafting.offices import parts as bound_label
from duban.drafting.reaching import Reach, Thing, clause_end, is_inside
from duban.drafting.terms import closing, refused
from duban.drafting.verbs import Verb, channels, verbs


@dataclass(kw_only=True)
class Act:
    """A handing-in as one clause says it; what other clauses say of it is added later."""

    #: None where the clause has no term
    when: When | None
    #: place in the mended text
    start: int
    end: int
    paragraph: int
    who: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    #: it points at materials named elsewhere (上述材料)
    refers: bool = False
    #: names that say little by themselves (申报材料), for want of better ones
    general: tuple[str, ...] = ()
    #: a list of materials follows (以下材料：)
    lists: bool = False
    receiver: str | None = None
    #: further receivers: electronic, paper or empty, and who
    also: tuple[tuple[str, str], ...] = ()
    channels: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    copies: int | None = None
    requirements: tuple[str, ...] = ()
    #: of which material a demand is made, where another sentence says so
    owners: dict[str, str] = field(default_factory=dict)
    #: it comes from a label (报送时间：…) or a table, not from a verb
    labelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A part of a sentence, up to a semicolon, with its times and verbs."""

    text: str
    shown: str
    #: place of its first character
    start: int
    paragraph: int
    times: tuple[When, ...]
    verbs: tuple[Verb, ...]


#: ``现组织申报2025年度项目，有关事项通知如下：``
_PREAMBLE = re.compile(
    r"现(?:就|将|对|组织)[^。;]{2,160}?(?:(?:通知|函告|公告|通告|安排|说明|通报|明确)如下|(?:印发|转发|通报)给你们)"
)
_TITLES = re.compile(r"《[^《》]{0,120}(?:《[^《》]{0,80}》[^《》]{0,60})?》")
_LISTS = re.compile(
    r"(?:以下|下列|如下)(?!途径|方式|渠道|方法|要求|地址|邮箱|程序|步骤|平台|网址|链接|时间|条件|标准)[^:;。,]{0,40}:|(?:包括|包含|材料|内容)(?:为|有)?:|分别为:|(?:提交|报送|提供|附上?|上报|报):(?=[①-⑳]|\(?[1一][.、)])|(?:提交|报送|提供|附上?|上报|报):$"
)
#: ``寄送（或直接送达）市局``: one handing-in.
_OR = re.compile(r"(?<=[\u4e00-\u9fff])\((?:或|也可|可)[^()@\d]{1,16}\)")
#: ``邮件主题注明“意见反馈”``
_QUOTED = re.compile(r'(?:注明|标注|标明|写明|主题为?|命名为?|文件名为?|备注|邮件名为?)[^",;。]{0,8}"[^"]{1,60}"')
#: ``规模以上工业企业：产值月报…``
_UNIT_LABEL = re.compile(
    r"([\u4e00-\u9fff()、]{3,24}(?:企业|单位|学校|部门|机构|公司|医院|街道|乡镇|局|院|站|中心|"
    r"个体户|项目部|社区|村)):(?=.{6})"
)
#: Times and verbs of a sentence that are looked at.
MOST = 40
_SEMICOLON = re.compile(r";")


def _blackened(found: re.Match[str]) -> str:
    return "\0" * len(found[0])


def clauses(sentence: Sentence, shown: str, calendar: Calendar, before: date | None) -> Iterator[Clause]:
    """The clauses of a sentence in order; titles in 《》 hold neither times nor verbs. ``shown``: as printed."""
    text = sentence.text
    masked = _QUOTED.sub(_blackened, _TITLES.sub(_blackened, _OR.sub(_blackened, text)))
    all_times, all_verbs = times(masked, calendar, before)[:MOST], list(islice(verbs(masked), MOST))
    for first, last in _bounds(text):
        yield Clause(
            text=text[first:last],
            shown=shown[first:last],
            start=sentence.start + first,
            paragraph=sentence.paragraph,
            times=tuple(moved(one, -first) for one in all_times if first <= one.start < last),
            verbs=tuple(
                Verb(start=v.start - first, end=v.end - first, strong=v.strong, nominal=v.nominal)
                for v in all_verbs
                if first <= v.start < last
            ),
        )


def _bounds(text: str) -> list[tuple[int, int]]:
    lists = _LISTS.search(text)
    marks = [found.end() for found in _SEMICOLON.finditer(text) if not lists or found.start() < lists.start()]
    edges = [0, *marks, len(text)]
    return [(first, last) for first, last in pairwise(edges) if last > first]


def moved(when: When, by: int) -> When:
    """The same time, counted from elsewhere."""
    return replace(when, start=when.start + by, end=when.end + by, group=when.group + by if when.group >= 0 else -1)


def acts(clause: Clause, calendar: Calendar) -> list[Act]:
    """The handings-in of a clause, those under one term together; one for each of several dates under one 前."""
    bindings: list[Binding] = []
    preamble = _PREAMBLE.search(clause.text)
    for verb in clause.verbs:
        if preamble and verb.start < preamble.end():
            continue
        if refused(clause.text, verb, calendar.issuer):
            continue
        term = tuple(closing(clause.text, clause.times, verb, clause.verbs))
        last = bindings[-1] if bindings else None
        goes_on = last and (last.term == term if term else _goes_with(clause.text, last.verbs[-1], verb))
        if last and goes_on and (term or not verb.nominal):
            bindings[-1] = Binding(term=last.term, verbs=(*last.verbs, verb))
        elif term or (verb.strong and not verb.nominal):
            bindings.append(Binding(term=term, verbs=(verb,)))
    bindings = [replace(one, verbs=_real(one.verbs)) for one in bindings]
    edges = _edges(clause.text, bindings)
    parts = zip(bindings, edges, edges[1:], strict=False)
    return [act for binding, first, last in parts for act in _made(clause, binding, first, last)]


def _real(verbs_: tuple[Verb, ...]) -> tuple[Verb, ...]:
    """Nouns (申报一览表) count only where no verb stands under the same term."""
    return tuple(verb for verb in verbs_ if not verb.nominal) or verbs_


@dataclass(frozen=True, kw_only=True)
class Binding:
    """Verbs under one term."""

    term: tuple[When, ...]
    verbs: tuple[Verb, ...]


def _edges(text: str, bindings: list[Binding]) -> list[int]:
    """Where the words of each binding begin: behind the comma that ends the one before it."""
    edges = [0]
    for before, binding in pairwise(bindings):
        begins = min([one.start for one in binding.term] + [binding.verbs[0].start])
        ended = clause_end(text, before.verbs[-1].end, len(text)) + 1
        edges.append(max(ended if ended <= begins else begins, edges[-1]))
    return [*edges, len(text)]


def _goes_with(text: str, last: Verb, verb: Verb) -> bool:
    """``将总结报送市局，电子版发至…``: the second goes on with what the first said."""
    between = text[last.end : verb.start]
    return bool(re.search(r"电子|纸质|扫描|同时|并|一式|邮箱|盖章|书面", between)) or len(between) < 3


def _made(clause: Clause, binding: Binding, first: int, last: int) -> list[Act]:
    thing, start = Thing(), first
    for verb in binding.verbs:
        inside = is_inside(clause.text, start, verb.start)
        begin = (
            clause.text.rindex("(", start, verb.start) + 1
            if inside and "(" in clause.text[start : verb.start]
            else start
        )
        reach = Reach(text=clause.text, shown=clause.shown, verb=verb, term=binding.term, first=begin, last=last)
        thing = thing.joined(things(reach))
        start = start if inside else verb.end
    part, shown = clause.text[first:last], clause.shown[first:last]
    term = [moved(one, clause.start) for one in binding.term]
    act = Act(
        when=term[0] if term else None,
        start=clause.start + first,
        end=clause.start + last,
        paragraph=clause.paragraph,
        who=who(clause, binding, first),
        materials=thing.materials,
        refers=thing.refers,
        general=thing.general,
        lists=bool(_LISTS.search(part)),
        receiver=printed(clause, thing.receiver) if thing.receiver else None,
        also=tuple((form, printed(clause, name)) for form, name in thing.also),
        channels=channels(part),
        emails=mailboxes(shown),
        copies=copies(part),
        requirements=demands(part, shown),
        labelled=all(verb.nominal for verb in binding.verbs),
    )
    return [*_paired(clause, act, binding, first), *_dealt(act, term, part)]


#: ``半年总结于7月5日前、全年总结于次年1月5日前报市局``
_PAIR = re.compile(r"[、,](?P<thing>[^,;。、]{2,50}?)(?:请?(?:于|在))?")


#: ``10月31日前将方案、11月30日前将总结报市局``
_TAKEN = re.compile(r"[将把](?P<thing>[^,;。]{2,40})[、,](?:于|在)?")


def _dealt_before(clause: Clause, act: Act, term: tuple[When, ...]) -> list[Act]:
    """The handing-in whose term and thing stand before the term of the verb."""
    before = [one for one in clause.times if term and one.closes and one.end <= term[0].start]
    found = _TAKEN.fullmatch(clause.text, before[-1].end, term[0].start) if before else None
    if found is None or not ends_as_material(found["thing"]):
        return []
    names = named(found["thing"], clause.shown[found.start("thing") : found.end("thing")]).names
    return [replace(act, when=moved(before[-1], clause.start), materials=names)]


def _paired(clause: Clause, act: Act, binding: Binding, first: int) -> list[Act]:
    """The handing-in whose term stands before that of the verb, each behind its own material."""
    text, term = clause.text, binding.term
    if dealt := _dealt_before(clause, act, term):
        return dealt
    before = [one for one in clause.times if term and one.closes and first < one.start and one.end <= term[0].start]
    between = _PAIR.fullmatch(text, before[-1].end, term[0].start) if before else None
    earlier = (
        re.search(r"(?P<thing>[^,;。:的]{2,20}?)(?:请?(?:于|在))?$", text[first : before[-1].start])
        if between
        else None
    )
    if not (between and earlier and ends_as_material(between["thing"]) and ends_as_material(earlier["thing"])):
        return []
    at = first + earlier.start("thing")
    names = named(earlier["thing"], clause.shown[at : at + len(earlier["thing"])]).names
    at = between.start("thing")
    act.materials = named(between["thing"], clause.shown[at : between.end("thing")]).names
    return [replace(act, when=moved(before[-1], clause.start), materials=names)]


def who(clause: Clause, binding: Binding, first: int) -> tuple[str, ...]:
    """The units that the clause names before its verb, at the beginning or behind a comma."""
    text, until = clause.text, binding.verbs[0].start
    label = _UNIT_LABEL.match(text)
    if label and first == 0:
        return tuple(printed(clause, name) for name in bound_label(label[1]))
    starts = [first, *(one.end for one in binding.term if first <= one.end <= until)]
    starts += [found.end() for found in re.finditer(r"[,:。]", text[:until]) if found.end() >= first]
    for start in sorted(set(starts)):
        named = bound(text[start : min(until + 30, len(text))].lstrip(","))
        if named:
            return tuple(printed(clause, name) for name in named)
    return ()


#: Joined names keep the brackets that the clause prints.
_WIDE = str.maketrans("()", "（）")


def printed(clause: Clause, words: str) -> str:
    """Words found in the plain text of a clause, as printed."""
    return as_printed(words, clause.text, clause.shown)


def as_printed(words: str, plain: str, shown: str) -> str:
    """Words found in a plain text as its printed form has them; both forms have the same length."""
    at = plain.find(words)
    if at >= 0:
        return shown[at : at + len(words)]
    return words.translate(_WIDE) if "（" in shown else words


def _dealt(act: Act, term: list[When], part: str) -> list[Act]:
    """Several dates under one 前: with 分别 the materials are dealt out in order, else each date has all of them."""
    if len(term) < 2:
        return [act]
    names = act.materials
    if len(names) == 1 and re.search(r"[、和及]", names[0]):
        names = tuple(spread(names[0]))
    deals = len(names) == len(term)
    return [replace(act, when=when, materials=(names[at],) if deals else act.materials) for at, when in enumerate(term)]
