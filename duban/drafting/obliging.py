"""From single clauses to obligations: what refers is resolved, what adds is added, one for each who × term."""

import re
from collections.abc import Iterable

from duban.drafting.addresses import Contact
from duban.drafting.clauses import Act
from duban.drafting.demands import copies, demands
from duban.drafting.gathering import MOST_READ, Gathered, items
from duban.drafting.labels import heading
from duban.drafting.layout import sentences
from duban.drafting.leading import give_terms
from duban.drafting.mailing import address
from duban.drafting.materials import ends_as_material
from duban.drafting.surroundings import (
    UNDER_MAIN,
    asked_above,
    materials_around,
    scope,
    under_label,
    under_way,
    ways_around,
)
from duban.drafting.verbs import channels

_CARRIES_ON = re.compile(r"电子|纸质|书面|扫描|盖章|材料|邮箱|一式|表格|报表|上述|以上|相关|报送|发送|寄|统一|同时")
#: How many characters at its end make a material known again.
KEY = 4
#: The level of a paragraph without a number.
UNNUMBERED = 9
MOST_ASKED = 2000
_ALL_ABOVE = re.compile(r"(?:上述|以上|所有|全部|各项)(?:各项|各类|所有|全部)?(?:材料|资料|报表|信息|表格|文件)")
#: ``个人需提交电子照片``, behind what is handed in by a day.
_FURTHER = re.compile(r"(?:还|另|同时|并|须|需|应)(?:须|需|应|请|要|当|一并)?(?:提交|报送|附上?|提供|上报)")
#: Names of what is collected, under which a list may say what belongs to it.
_COLLECTIVE = frozenset({"作品", "稿件", "案例", "征文", "论文", "节目", "申报书", "申请书"})
_WHOLE = re.compile(
    r"(?:全部|所有|各项|有关|相关|完整|全套)?(?:成果|成果材料|材料|作品|报名及材料提交|表格|报表)(?:提交|报送)?"
)
_ALL = re.compile(r"上述|以上|所有|全部|均")


def obliged(gathered: Gathered, contacts: tuple[Contact, ...], title: str) -> list[Act]:
    """The obligations of a document, in its order; each an act with all that belongs to it."""
    give_terms(gathered)
    for act in gathered.acts:
        _list(gathered, act)
    dated = [act for act in gathered.acts if act.when]
    _share_requirements(gathered, dated)
    left = [act for act in gathered.acts if not act.when and not _absorbed(gathered, act, dated)]
    for act in dated:
        _complete(gathered, act, left, title)
    if len(dated) == 1:
        _ask_alone(gathered, dated[0], title)
    alone = [act for act in left if act.materials and act.receiver and not act.refers]
    merged = _merged([*(act for act in dated if _says_something(act)), *alone])
    address(gathered, merged, contacts)
    return merged


_ASKING = re.compile(r"(?:数量|要求|名额|限额|格式|规格|字数)$")
_COLLECTED = re.compile(r"征集(?P<what>.{2,40}?)(?:活动|工作|的)*(?:通知|启事|公告)")


def _ask_alone(gathered: Gathered, act: Act, title: str) -> None:
    """Where only one thing is due, demands under 撰写要求 or 征集数量 are made of it; it is what is collected."""
    for at, paragraph in enumerate(gathered.document.paragraphs):
        above = [heading(gathered.document.paragraphs[up]) for up in (*paragraph.path[-1:], at)]
        if paragraph.is_row or len(paragraph.text) > MOST_ASKED or not any(_ASKING.search(words) for words in above):
            continue
        asked = demands(paragraph.text, gathered.shown[paragraph.start : paragraph.end])
        act.requirements = tuple(dict.fromkeys((*act.requirements, *asked)))
    found = _COLLECTED.search(title)
    what = found["what"] if found else ""
    if ends_as_material(what) and not any(what[-2:] in name for name in act.materials):
        act.materials = (what, *act.materials)


def _list(gathered: Gathered, act: Act) -> None:
    """以下材料：, and what its list names, asks and orders."""
    if not act.lists or (act.materials and not _words(gathered, act).endswith(("：", ":"))):
        return
    found = items(gathered, act.paragraph)
    act.materials = _united(act.materials, found.names)
    act.refers = act.refers and not found.names
    act.copies = act.copies or copies(found.text)
    act.requirements = (*act.requirements, *demands(found.text, found.shown))
    act.channels = tuple(dict.fromkeys((*act.channels, *channels(found.text))))


def _says_something(act: Act) -> bool:
    """A word of haste alone (及时报告) is no term: without materials or receiver nothing can be handed in."""
    return act.when is None or act.when.kind != "vague" or bool(act.materials)


def _share_requirements(gathered: Gathered, dated: list[Act]) -> None:
    """What another sentence asks of a material (报送展板素材要求：…), calling it by its last word, is asked of it."""
    own, read = {act.paragraph for act in dated}, 0
    for at, paragraph in enumerate(gathered.document.paragraphs if dated else ()):
        if paragraph.is_row or len(paragraph.text) > MOST_ASKED or at in own or read > MOST_READ:
            continue
        read += len(paragraph.text)
        for sentence in sentences(paragraph, at):
            asked = demands(sentence.text, gathered.shown[sentence.start : sentence.end])
            for act in dated if asked else ():
                owner = next(
                    (name for name in act.materials if len(name) >= KEY and name[-KEY:] in sentence.text), None
                )
                if owner:
                    act.requirements = tuple(dict.fromkeys((*act.requirements, *asked)))
                    act.owners |= dict.fromkeys(asked, owner)


def _absorbed(gathered: Gathered, act: Act, dated: list[Act]) -> bool:
    """Adds an act without a term to those with one that it speaks of; True when it belongs to some."""
    if _ALL_ABOVE.search(_words(gathered, act)) and not act.materials:
        targets = [other for other in dated if other.start < act.start and act.paragraph - other.paragraph <= 12]
        for other in _of_section(gathered, act, targets):
            add(other, act)
        return bool(targets)
    near = [(scope(gathered, act.paragraph, other.paragraph), other) for other in dated]
    nearest = min((distance for distance, _ in near), default=9)
    if nearest > 3:
        earlier = [other for other in dated if other.start < act.start] or dated
        carries = not act.materials and (act.emails or act.receiver) and not under_way(gathered, act.paragraph)
        targets = (earlier if _ALL.search(_words(gathered, act)) else earlier[-1:]) if carries else []
    else:
        rows = not act.materials and all(other.start > act.start for other in dated)
        targets = _meant(gathered, act, [other for distance, other in near if rows or distance == nearest])
    for other in targets:
        add(other, act)
    return bool(targets)


def _of_section(gathered: Gathered, act: Act, targets: list[Act]) -> list[Act]:
    """Inside a section that hands in something itself, 以上材料 are those of the section."""
    paragraph = gathered.document.paragraphs[act.paragraph]
    if same := [other for other in targets if other.paragraph == act.paragraph]:
        return same
    if not paragraph.path or paragraph.level == UNNUMBERED:
        return targets
    own = [other for other in targets if scope(gathered, act.paragraph, other.paragraph) <= UNDER_MAIN]
    return own or targets


def _words(gathered: Gathered, act: Act) -> str:
    return gathered.shown[act.start : act.end]


def _meant(gathered: Gathered, act: Act, near: list[Act]) -> list[Act]:
    """Of the acts near by, those that ``act`` speaks of."""
    words = _words(gathered, act)
    earlier = [other for other in near if other.start <= act.start]
    if act.materials and "一并" in words and earlier:
        return earlier[-1:]
    if (
        act.materials
        and not act.refers
        and earlier
        and act.paragraph == earlier[-1].paragraph
        and _FURTHER.search(words)
    ):
        return earlier[-1:]
    if act.materials and not act.refers:
        return [other for other in near if not other.materials or other.labelled or _speak_alike(other, act)]
    if _ALL.search(words):
        return earlier or near
    if not _CARRIES_ON.search(words):
        return []
    return earlier[-1:] or (near if act.refers or not act.materials else near[:1])


def _speak_alike(one: Act, other: Act) -> bool:
    """Both name the same materials: 报名表须于…前报送。报名表一式两份."""
    return bool(other.materials) and all(
        any(name in own or own in name for own in one.materials) for name in other.materials
    )


def add(target: Act, act: Act) -> None:
    """What ``act`` says is said of ``target`` too; where both say, the first stays."""
    target.materials = _united(target.materials, act.materials)
    target.receiver = target.receiver or act.receiver
    target.channels = tuple(dict.fromkeys((*target.channels, *act.channels)))
    target.emails = tuple(dict.fromkeys((*target.emails, *act.emails)))
    target.copies = target.copies or act.copies
    target.requirements = tuple(dict.fromkeys((*target.requirements, *act.requirements)))
    target.who = target.who or act.who
    if act.materials:
        target.refers = False


def _united(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Both, a name that another one contains once."""
    kept = [name for name in one if not (name in _COLLECTIVE and any(more.startswith(name) for more in other))]
    return (*kept, *(name for name in other if not any(name in own or own in name for own in kept)))


def _complete(gathered: Gathered, act: Act, left: list[Act], title: str) -> None:
    """What an act with a term does not say itself: from the paragraphs around it, at last from the title."""
    ways_around(gathered, act)
    if not act.materials:
        act.materials = materials_around(gathered, act, left, title)
    elif act.labelled and len(act.materials) == 1 and act.materials[0] in _COLLECTIVE:
        listed = under_label(gathered, act)
        act.materials = listed if act.materials[0] in listed else act.materials
    elif len(act.materials) == 1 and _WHOLE.fullmatch(act.materials[0]):
        act.materials = under_label(gathered, act) or act.materials
    elif _ALL_ABOVE.search(_words(gathered, act)) and not act.labelled:
        act.materials = _united(asked_above(gathered, act, left), act.materials)
    elif _stands_beside(act.general, _words(gathered, act)):
        act.materials = _united(act.materials, under_label(gathered, act))


def _stands_beside(general: tuple[str, ...], words: str) -> bool:
    """``推荐函、申报材料及汇总表``: a general name in a list of others."""
    return any(re.search(rf"[、和及与]{re.escape(word)}|{re.escape(word)}[、和及与]", words) for word in general)


Key = tuple[object, ...]


def _key(act: Act) -> Key:
    when = act.when
    if when is None:
        return ("none", act.materials, act.start)
    if when.kind == "absolute" and when.day:
        return ("absolute", when.day, when.time, when.closing)
    if when.kind == "recurring" and when.rule:
        fixed = len(when.rule) > 1 or when.rule["freq"] == "daily"
        return ("recurring", *sorted(when.rule.items()), when.time, 0 if fixed else act.start)
    alike = when.kind == "relative" and when.origin
    return (when.kind, when.count, when.unit, when.origin, when.time, 0 if alike else act.start)


def _merged(found: Iterable[Act]) -> list[Act]:
    """One for each who × term; where one of two names nobody, both are of the one that is named."""
    kept: dict[Key, list[Act]] = {}
    for act in _timed(sorted(found, key=lambda one: one.start)):
        same = kept.setdefault(_key(act), [])
        other = next((one for one in same if _same_units(one.who, act.who)), None)
        if other is None:
            same.append(act)
        else:
            add(other, act)
            other.who = other.who if len(other.who) >= len(act.who) else act.who
    return sorted((act for group in kept.values() for act in group), key=lambda one: one.start)


def _timed(found: list[Act]) -> list[Act]:
    """A label's day without a time (报名时间：…22日) is the same term as that day with one (22日17:00前)."""
    hours = {act.when.day: act.when for act in found if act.when and act.when.day and act.when.time}
    for act in found:
        when = act.when
        if when and act.labelled and when.ends_span and not when.time and when.day in hours:
            act.when = hours[when.day]
    return found


_GENERAL = re.compile(r"各(?:地|单位|有关单位|相关单位|部门|地区|级)|有关单位|各地各(?:单位|部门|校)")


def _same_units(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if not one or not other or set(one) <= set(other) or set(other) <= set(one):
        return True
    return all(map(_GENERAL.fullmatch, one)) or all(map(_GENERAL.fullmatch, other))
