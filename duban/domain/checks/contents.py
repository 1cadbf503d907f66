"""What a text must contain, what kinds of file are asked for, and what only a person can judge."""

from collections.abc import Iterator

from duban.domain.checks.finding import Finding, Grade, Handed
from duban.domain.checks.labels import Likeness, likeness
from duban.domain.checks.matter import Matter
from duban.domain.checks.parts import headings
from duban.domain.checks.pictures import shots
from duban.domain.checks.sorts import Sort, sort_by_name
from duban.domain.checks.spoken import listed, quoted, shown
from duban.domain.content import Content
from duban.domain.phrases import requirement_phrase
from duban.domain.requirement import Formats, Remark, Sections

#: formats that a kind of file shows, by words in their names
_SHOWN_BY = {
    Sort.TEXT: ("文字", "文本", "文稿", "文档", "word", "docx", "pdf", "wps"),
    Sort.TABLE: ("表格", "excel", "xlsx"),
    Sort.SLIDES: ("幻灯", "演示", "ppt"),
    Sort.PICTURE: ("图片", "照片", "图像", "jpg", "jpeg", "png"),
    Sort.FILM: ("视频", "音视频", "影像", "录像", "音频", "mp4"),
}


def check_sections(asked: Sections, matter: Matter) -> tuple[Finding, ...]:
    """Sections may stand in any document, numbered or not; where several documents are asked for, each has them all."""
    phrase = requirement_phrase(asked, matter.notice)
    texts = [(one, content) for one, content in matter.papers if content.paragraphs]
    closed = tuple(one.name for one in matter.closed_texts)
    if not texts:
        return (_no_text(phrase, closed, matter),)
    groups = [[text] for text in texts] if matter.wants_many and len(texts) > 1 else [texts]
    return tuple(_sections(asked, phrase, group, closed, len(groups) > 1) for group in groups)


def _sections(
    asked: Sections, phrase: str, texts: list[tuple[Handed, Content]], closed: tuple[str, ...], many: bool
) -> Finding:
    heads = list(dict.fromkeys(head for _, content in texts for head in headings(content)))
    missing = [title for title in asked.titles if not any(_says(title, head) for head in heads)]
    files = tuple(one.name for one, _ in texts)
    whose = f"{shown(files[0])}：" if many else ""
    grade, zh, gap = Grade.MET, f"{whose}各部分齐全", ""
    if missing:
        gap = f"缺少{quoted(*missing)}部分"
        grade, zh = Grade.GAP, f"{whose}{gap}"
    if missing and closed and not many:
        grade, zh, gap = (
            Grade.UNKNOWN,
            f"已核验的文件未见{quoted(*missing)}部分，另有文件未能核验：{listed(closed)}",
            "",
        )
    return Finding(
        kind="sections",
        requirement=phrase,
        grade=grade,
        zh=zh,
        gap=gap,
        files=files,
        measured=len(asked.titles) - len(missing),
        wanted=len(asked.titles),
    )


def _says(title: str, head: str) -> bool:
    like = likeness(title, head)
    return like is not None and like <= Likeness.SIMILAR


def _no_text(phrase: str, closed: tuple[str, ...], matter: Matter) -> Finding:
    if closed:
        zh = f"未能自动核验各部分是否齐全：{listed(closed)}"
        return Finding(kind="sections", requirement=phrase, grade=Grade.UNKNOWN, zh=zh, files=closed)
    return Finding(kind="sections", requirement=phrase, grade=matter.shortage, zh="未见文字材料", gap="未见文字材料")


def check_formats(asked: Formats, matter: Matter) -> tuple[Finding, ...]:
    """Which formats are there, which are not; those that no kind of file shows (教学资源) are for a person."""
    return tuple(_formats(asked, matter))


def _formats(asked: Formats, matter: Matter) -> Iterator[Finding]:
    here = _sorts_here(matter)
    sorts = {name: _sort_of_format(name) for name in asked.formats}
    present = [name for name, sort in sorts.items() if sort in here]
    missing = [name for name, sort in sorts.items() if sort and sort not in here]
    unclear = [name for name, sort in sorts.items() if sort is None]
    phrase = requirement_phrase(asked, matter.notice)
    if present:
        yield Finding(kind="formats", requirement=phrase, grade=Grade.MET, zh=f"已有{listed(present)}")
    if missing:
        yield _missing(phrase, f"未见{listed(missing)}", matter)
    if unclear:
        zh = f"请人工核验：{listed(unclear)}"
        yield Finding(kind="formats", requirement=phrase, grade=Grade.UNKNOWN, zh=zh)


def _missing(phrase: str, gap: str, matter: Matter) -> Finding:
    unread = tuple(one.name for one in (*matter.shut_archives, *_unnamed(matter)))
    if unread:
        zh = f"{gap}，另有文件未能核验：{listed(unread)}"
        return Finding(kind="formats", requirement=phrase, grade=Grade.UNKNOWN, zh=zh, files=unread)
    return Finding(kind="formats", requirement=phrase, grade=matter.shortage, zh=gap, gap=gap)


def _sort_of_format(name: str) -> Sort | None:
    lowered = name.casefold()
    return next((sort for sort, words in _SHOWN_BY.items() if any(word in lowered for word in words)), None)


def _sorts_here(matter: Matter) -> frozenset[Sort]:
    """Kinds of file that came, by themselves or in archives; pictures inside documents are pictures."""
    own = {sort for sort in Sort if matter.of(sort)}
    archived = {sort_by_name(e) for one in matter.of(Sort.ARCHIVE) if one.content for e in one.content.entries}
    return frozenset(own | archived | ({Sort.PICTURE} if shots(matter) else set()))


def _unnamed(matter: Matter) -> tuple[Handed, ...]:
    return tuple(one for one in matter.of(Sort.OTHER) if one.content is None)


def check_remark(asked: Remark, matter: Matter) -> tuple[Finding, ...]:
    """Never a gap: nobody but a person can tell."""
    zh = f"请人工核验：{asked.text}"
    return (Finding(kind="remark", requirement=requirement_phrase(asked, matter.notice), grade=Grade.UNKNOWN, zh=zh),)
