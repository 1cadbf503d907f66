"""字数 of a text, of a part of it, and of its title."""

from duban.domain.checks.finding import Checked, Finding, Grade
from duban.domain.checks.matter import Matter
from duban.domain.checks.measure import Bounds, Measure
from duban.domain.checks.parts import parts_of, title_of
from duban.domain.checks.spoken import listed, quoted, shown
from duban.domain.content import Content
from duban.domain.counting import words
from duban.domain.phrases import requirement_phrase
from duban.domain.requirement import CharacterCount, Pictures, TitleLength

#: short of the floor by no more than so many percent is a hint: counts differ a little from program to program
NEAR_PERCENT = 3

#: a counted text: its file, its 字数, what to say of how it was counted
Counted = tuple[str, int, str]


def check_words(asked: CharacterCount, matter: Matter) -> tuple[Finding, ...]:
    """One finding for each text that is judged.

    A part is looked for in every paper: beside its label in a table, else under its heading. Where no paper has it,
    the whole counts, with a word that it does. Of several documents the longest is meant, unless several are asked for.
    """
    phrase = requirement_phrase(asked, matter.notice)
    counted = _parts(asked, matter) or _wholes(asked, matter)
    if not counted:
        return (_no_text("words", phrase, matter),)
    closed = tuple(one.name for one in matter.closed_texts)
    return tuple(_judged(asked, phrase, text, closed, len(counted) > 1) for text in counted)


def _parts(asked: CharacterCount, matter: Matter) -> list[Counted]:
    if not asked.part:
        return []
    return [
        (one.name, words(_without(text, _captions(content, matter))), "")
        for one, content in matter.papers
        for text in parts_of(content, asked.part)
    ]


def _without(text: str, lines: frozenset[str]) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip() not in lines) if lines else text


def _wholes(asked: CharacterCount, matter: Matter) -> list[Counted]:
    return [(one.name, *_whole(asked, content, matter)) for one, content in matter.judged_texts]


def _whole(asked: CharacterCount, content: Content, matter: Matter) -> tuple[int, str]:
    """All of a document; where a part is asked for, without what else is asked for: the title, names of pictures."""
    total = max(content.words or 0, 0)
    if not asked.part:
        return total, ""
    others = _other_lines(content, matter)
    left_out = "，题目、图名除外" if others else ""
    return max(0, total - sum(map(words, others))), f"（未见{quoted(asked.part)}一栏，按全文计{left_out}）"


def _other_lines(content: Content, matter: Matter) -> list[str]:
    title = title_of(content) if _asks_for(TitleLength, matter) else None
    names = _captions(content, matter) - {title}
    captions = [p.text for p in content.paragraphs if p.text.strip() in names]
    return ([title] if title else []) + captions


def _captions(content: Content, matter: Matter) -> frozenset[str]:
    """Names of pictures, where they are asked for beside the text."""
    pictures = content.pictures if _asks_for(Pictures, matter) else ()
    return frozenset(picture.name.strip() for picture in pictures) - {""}


def _asks_for(kind: type, matter: Matter) -> bool:
    return any(isinstance(requirement, kind) for requirement in matter.deliverable.requirements)


def _judged(asked: CharacterCount, phrase: str, text: Counted, closed: tuple[str, ...], many: bool) -> Finding:
    name, count, note = text
    measure = Measure(
        kind="words",
        requirement=phrase,
        bounds=_band(asked),
        subject=f"{shown(name)}：{asked.part}" if many else asked.part,
        unit="字",
        count=count,
        files=(name,),
        # a further document may be the one that is meant; a part that was found stands
        closed=closed if note or not asked.part else (),
        near_percent=0 if asked.about else NEAR_PERCENT,
        excess=Grade.NEAR if asked.extra_pages else Grade.OVER,
        remedy="，可另附页" if asked.extra_pages else "",
        note=note,
    )
    if asked.part and not count and not note and not measure.bounds.low:
        return measure.finding(Grade.GAP, f"{measure.subject}未填写", "未填写")
    return _about(asked, measure) if asked.about else measure.judged()


def _band(asked: CharacterCount) -> Bounds:
    """``500字左右`` with a tolerance of 10 percent is 450 to 550; it stands for itself, without other bounds."""
    if not asked.about:
        return Bounds.of(asked)
    low, high = asked.about * (100 - asked.tolerance_percent), asked.about * (100 + asked.tolerance_percent)
    return Bounds(low=-(-low // 100), high=high // 100)


def _about(asked: CharacterCount, measure: Measure) -> Finding:
    """Just so many is met; within the tolerance it is a hint, for the tolerance is the coordinator's."""
    grade, count = measure.bounds.grade(measure.count), measure.count
    if measure.closed and grade is not Grade.OVER:
        return measure.judged()
    now = f"{measure.subject}约{asked.about}字：现{count}字"
    if grade is Grade.GAP:
        gap = f"还差{(measure.bounds.low or 0) - count}字"
        return measure.finding(grade, f"{now}，距{measure.bounds.low}字{gap}", gap)
    if grade is Grade.OVER:
        more = count - (measure.bounds.high or 0)
        zh = f"{now}，比{measure.bounds.high}字多{more}字{measure.remedy}"
        return measure.finding(measure.excess, zh, f"超出{more}字")
    said = measure.finding(grade, now)
    if count != asked.about:
        said = measure.finding(Grade.NEAR, f"{now}，在±{asked.tolerance_percent}%以内")
    return said.model_copy(update={"wanted": asked.about})


def _no_text(kind: Checked, phrase: str, matter: Matter) -> Finding:
    closed = tuple(one.name for one in matter.closed_texts)
    if closed:
        zh = f"未能自动核验字数：{listed(closed)}"
        return Finding(kind=kind, requirement=phrase, grade=Grade.UNKNOWN, zh=zh, files=closed)
    return Finding(kind=kind, requirement=phrase, grade=matter.shortage, zh="未见文字材料", gap="未见文字材料")


def check_title(asked: TitleLength, matter: Matter) -> tuple[Finding, ...]:
    """One finding for each document that is judged; what a title is says ``parts.title_of``."""
    phrase = requirement_phrase(asked, matter.notice)
    if not matter.judged_texts:
        return (_no_text("title", phrase, matter),)
    many = len(matter.judged_texts) > 1
    return tuple(_titled(asked, phrase, one.name, title_of(content), many) for one, content in matter.judged_texts)


def _titled(asked: TitleLength, phrase: str, name: str, title: str | None, many: bool) -> Finding:
    subject = f"{shown(name)}：题目" if many else "题目"
    if title is None:
        zh = f"{shown(name)}：未找到题目，请人工核验"
        return Finding(kind="title", requirement=phrase, grade=Grade.UNKNOWN, zh=zh, files=(name,))
    return Measure(
        kind="title",
        requirement=phrase,
        bounds=Bounds.of(asked),
        subject=subject,
        unit="字",
        count=words(title),
        files=(name,),
    ).judged()
