"""What the paragraphs around a handing-in say of it: its materials under a label, the way under another."""

import re
from collections.abc import Iterator
from itertools import islice

from duban.drafting.addresses import mailboxes
from duban.drafting.captions import of_own_label, of_section, of_title
from duban.drafting.clauses import Act
from duban.drafting.demands import copies, demands
from duban.drafting.earlier import PREPARED
from duban.drafting.gathering import Gathered, items
from duban.drafting.labels import Label, heading, label, sort
from duban.drafting.layout import Sentence, sentences
from duban.drafting.materials import REFERS as POINTING
from duban.drafting.materials import ends_as_material, named
from duban.drafting.objects import receiver_of_way
from duban.drafting.passing import again, once, passed_on
from duban.drafting.verbs import channels

_LIST = re.compile(
    r"(?:以下|下列|如下)(?!途径|方式|渠道|方法|要求|地址|邮箱|程序|步骤|平台|网址|链接|时间|条件|标准)[^：:；;。，,]{0,14}[：:](?P<list>.+)$|(?:材料|内容|"
    r"资料)(?:主要)?(?:包括|包含|有|为)[：:]?(?P<these>[^。]+)"
)
_ABOVE = re.compile(
    r"(?:以下|下列)(?!途径|方式|渠道|方法|要求|程序|步骤|条件|标准)[^。;:]{0,14}:$|(?:材料|资料|表)[^。;:]{0,4}如下:$"
)
_POINTS_AT = re.compile(r"(?:上述|以上)[\u4e00-\u9fff]{0,4}(表|报告|方案|清单|总结)(?!\u683c)")
#: Ways that a clause names for itself; the mailbox of a label is for others.
_NO_MAIL = frozenset({"oa", "platform", "fax", "phone"})
_FORMS = re.compile(r"《([^《》]{2,60}(?:表|书|单|函|册|回执|报告|模板))》")
#: Labels of a document that are looked at, and characters of a paragraph that may have them.
MOST_LABELS, LONGEST = 100, 3000
#: Characters that can say something.
LEAST_LEFT = 6
#: How near: the same paragraph, one heading, one main heading, anywhere.
SAME, UNDER_ONE, UNDER_MAIN, LOOSE, APART = 0, 1, 2, 3, 9


def scope(gathered: Gathered, first: int, second: int) -> int:
    """How near two paragraphs stand."""
    if first == second:
        return SAME
    paragraphs = gathered.document.paragraphs
    one, other = (*paragraphs[first].path, first), (*paragraphs[second].path, second)
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    if shared:
        return UNDER_ONE if shared >= max(len(one), len(other)) - 1 else UNDER_MAIN
    if (
        not paragraphs[first].path
        and not paragraphs[second].path
        and 2 <= paragraphs[first].level == paragraphs[second].level < 9
    ):
        return UNDER_ONE if abs(first - second) <= 8 else APART
    near = abs(first - second) <= 3 and paragraphs[first].level == 9 == paragraphs[second].level
    return LOOSE if near and not paragraphs[first].path and not paragraphs[second].path else APART


def materials_around(gathered: Gathered, act: Act, left: list[Act], title: str) -> tuple[str, ...]:
    """The materials of an act that names none: nearest first."""
    fixed = act.when is not None and act.when.kind in ("absolute", "recurring")
    return (
        passed_on(gathered, act)
        or _before(gathered, act)
        or (_above(gathered, act) if act.refers and POINTING.search(gathered.shown[act.start : act.end]) else ())
        or under_label(gathered, act)
        or again(gathered, act)
        or (_mentioned(gathered, act) if fixed else ())
        or _asked_elsewhere(gathered, act, left)
        or of_own_label(gathered, act)
        or act.general
        or of_section(gathered, act)
        or (of_title(title) if fixed else ())
    )


def _before(gathered: Gathered, act: Act) -> tuple[str, ...]:
    """Materials that the paragraph names before this place, or a list that stands before it."""
    names: list[str] = []
    for other in gathered.acts:
        if other is not act and other.paragraph == act.paragraph and other.start < act.start and not other.when:
            names += other.materials
    if names:
        return tuple(dict.fromkeys(names))
    paragraph = gathered.document.paragraphs[act.paragraph]
    inside = paragraph.text[: act.start - paragraph.start]
    found = _LIST.search(inside)
    if found is None:
        return ()
    at = found.start("list") if found["list"] else found.start("these")
    return named(inside[at:], gathered.shown[paragraph.start + at : act.start]).names


def _above(gathered: Gathered, act: Act) -> tuple[str, ...]:
    """上述材料: a list above (提供以下资料：…), or what the sentences before in the paragraph have prepared."""
    paragraphs = gathered.document.paragraphs
    for at in range(act.paragraph, max(-1, act.paragraph - 3), -1):
        names = _made_ready(gathered, at, act.start)
        if names:
            return _pointed(gathered.shown[act.start : act.end], names)
    for at in range(act.paragraph, max(-1, act.paragraph - 25), -1):
        if _ABOVE.search(paragraphs[at].text):
            return _listed(gathered, act, at)
    return ()


def _pointed(words: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """``上述统计表`` points at tables alone."""
    found = _POINTS_AT.search(words)
    alike = tuple(name for name in names if found and name.endswith(found[1]))
    several = found and re.search(r"[及和、]", found[0] + words[found.end() : found.end() + 1])
    return alike if alike and not several else names


def _made_ready(gathered: Gathered, at: int, until: int) -> tuple[str, ...]:
    """What a paragraph has written, filled in or collected, up to a place: 填写《统计表》，并撰写自查报告."""
    paragraph = gathered.document.paragraphs[at]
    names: list[str] = []
    for one in PREPARED.finditer(paragraph.text[: max(0, until - paragraph.start)]):
        thing = one["thing"]
        if ends_as_material(thing) or "《" in thing:
            start = paragraph.start + one.start("thing")
            names += named(thing, gathered.shown[start : start + len(thing)]).names
    return tuple(dict.fromkeys(names))


def _labels(gathered: Gathered, act: Act, reach: int) -> Iterator[tuple[int, Sentence, Label]]:
    """Labelled sentences within reach, with their paragraph."""
    if gathered.labels is None:
        gathered.labels = list(islice(_all_labels(gathered), MOST_LABELS))
    for at, sentence, found in gathered.labels:
        if scope(gathered, at, act.paragraph) <= reach:
            yield at, sentence, found


def _all_labels(gathered: Gathered) -> Iterator[tuple[int, Sentence, Label]]:
    for at, paragraph in enumerate(gathered.document.paragraphs):
        if paragraph.is_row or len(paragraph.text) > LONGEST:
            continue
        for sentence in sentences(paragraph, at):
            found = label(sentence.text)
            if found and found.sort in ("material", "way"):
                yield at, sentence, found
        words = heading(paragraph)
        if sort(words) == "material" and label(paragraph.text, paragraph.body) is None:
            whole = Sentence(start=paragraph.end, end=paragraph.end, text="", paragraph=at)
            yield at, whole, Label(text=words, sort="material", value=0)


def under_label(gathered: Gathered, act: Act) -> tuple[str, ...]:
    """What a label of materials names: 申报材料：…, with its list; the nearest label counts."""
    for reach in (UNDER_ONE, UNDER_MAIN, APART):
        names: list[str] = []
        for at, sentence, found in _labels(gathered, act, reach):
            if found.sort == "material":
                names += _said(gathered, act, sentence, found) or _listed(gathered, act, at)
        if names:
            return once(names)
    return ()


def _said(gathered: Gathered, act: Act, sentence: Sentence, found: Label) -> list[str]:
    """What the value of a label names; what it asks is asked of the act."""
    names = _value(gathered, sentence, found)
    if names:
        shown = gathered.shown[sentence.start : sentence.end]
        act.copies = act.copies or copies(sentence.text)
        act.requirements = tuple(dict.fromkeys((*act.requirements, *demands(sentence.text, shown))))
    return names


def _listed(gathered: Gathered, act: Act, at: int) -> tuple[str, ...]:
    """The names of a list; what it asks is asked of the act."""
    found = items(gathered, at)
    act.copies = act.copies or copies(found.text)
    act.requirements = tuple(dict.fromkeys((*act.requirements, *demands(found.text, found.shown))))
    return found.names


def _value(gathered: Gathered, sentence: Sentence, found: Label) -> list[str]:
    if sentence.start in gathered.values:
        return gathered.values[sentence.start]
    names = _read_value(gathered, sentence, found)
    gathered.values[sentence.start] = names
    return names


def _read_value(gathered: Gathered, sentence: Sentence, found: Label) -> list[str]:
    plain = sentence.text[found.value :]
    value = plain.rstrip("。;")
    if not (ends_as_material(value) or "、" in value):
        return []
    shown = gathered.shown[sentence.start + found.value : sentence.start + found.value + len(value)]
    names = named(value, shown).names
    return [name for name in names if len(name) <= 40]


def _mentioned(gathered: Gathered, act: Act) -> tuple[str, ...]:
    """A form that the paragraph, or the one before it, names in 《》."""
    paragraphs = gathered.document.paragraphs
    for at in (act.paragraph, act.paragraph - 1):
        if at < 0 or (at != act.paragraph and scope(gathered, at, act.paragraph) > UNDER_MAIN):
            continue
        end = act.end if at == act.paragraph else paragraphs[at].end
        found = _FORMS.findall(gathered.shown[paragraphs[at].start : end])
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _asked_elsewhere(gathered: Gathered, act: Act, left: list[Act]) -> tuple[str, ...]:
    """What other paragraphs ask for without a term (提交节目视频、报名表), for a label, or for a verb near by."""
    names = [
        name
        for other in left
        if not other.receiver and (act.labelled or scope(gathered, other.paragraph, act.paragraph) <= UNDER_MAIN)
        for name in other.materials
    ]
    return tuple(dict.fromkeys(names))


def asked_above(gathered: Gathered, act: Act, left: list[Act]) -> tuple[str, ...]:
    """以上材料, beside others: what the paragraphs above ask for without a term or a receiver."""
    names = [name for other in left if not other.receiver and other.start < act.start for name in other.materials]
    return tuple(dict.fromkeys(names))


def _free(gathered: Gathered, act: Act, sentence: Sentence) -> Sentence | None:
    """The sentence, as far as no other handing-in with a term is said in it; None where nothing is left."""
    starts = [
        other.start
        for other in gathered.acts
        if other.when and other is not act and other.start < sentence.end and sentence.start < other.end
    ]
    end = min(starts, default=sentence.end)
    if end - sentence.start < LEAST_LEFT:
        return None
    return Sentence(
        start=sentence.start, end=end, text=sentence.text[: end - sentence.start], paragraph=sentence.paragraph
    )


def ways_around(gathered: Gathered, act: Act) -> None:
    """The receiver, the way and the mailbox that a label names: 报送方式：…; the nearest label counts."""
    if (act.receiver and act.emails) or ("platform" in act.channels and not act.labelled):
        return
    for reach in (UNDER_ONE, UNDER_MAIN, APART):
        named_ways = [one for one in _labels(gathered, act, reach) if one[2].sort == "way" and _is_open(act, one[2])]
        ways = [(sentence, found.value) for _, sentence, found in named_ways]
        ways = ways or [(sentence, 0) for sentence in _under_ways(gathered, act, reach)]
        if not ways:
            continue
        for sentence, value in ways:
            free = _free(gathered, act, sentence)
            if free:
                _take_way(gathered, act, free, value)
        return


def _is_open(act: Act, found: Label) -> bool:
    """``投稿邮箱：…`` takes contributions, which a label asks for."""
    return act.labelled or not re.match("投稿|征稿", found.text)


def under_way(gathered: Gathered, at: int) -> bool:
    """True for a paragraph that says by which way: 报送方式：…, or under such a heading."""
    paragraphs = gathered.document.paragraphs
    return any(sort(heading(paragraphs[up])) == "way" for up in (*paragraphs[at].path, at))


def _under_ways(gathered: Gathered, act: Act, reach: int) -> Iterator[Sentence]:
    """The sentences of paragraphs under a heading of ways (四、报送方式)."""
    if gathered.ways is None:
        gathered.ways = list(islice(_all_ways(gathered), MOST_LABELS))
    return (sentence for at, sentence in gathered.ways if scope(gathered, at, act.paragraph) <= reach)


def _all_ways(gathered: Gathered) -> Iterator[tuple[int, Sentence]]:
    paragraphs = gathered.document.paragraphs
    for at, paragraph in enumerate(paragraphs):
        if not paragraph.is_row and any(sort(heading(paragraphs[up])) == "way" for up in paragraph.path):
            yield from ((at, sentence) for sentence in sentences(paragraph, at))


def _take_way(gathered: Gathered, act: Act, sentence: Sentence, value: int) -> None:
    shown = gathered.shown[sentence.start : sentence.end]
    if mailboxes(shown) and _NO_MAIL & set(act.channels) and "email" not in act.channels:
        return
    act.channels = tuple(dict.fromkeys((*act.channels, *channels(sentence.text))))
    act.emails = tuple(dict.fromkeys((*act.emails, *mailboxes(shown))))
    act.copies = act.copies or copies(sentence.text)
    act.requirements = tuple(dict.fromkeys((*act.requirements, *demands(sentence.text, shown))))
    plain = receiver_of_way(sentence.text[value:])
    if plain and not act.receiver:
        at = sentence.text.find(plain)
        act.receiver = shown[at : at + len(plain)] if at >= 0 else plain
