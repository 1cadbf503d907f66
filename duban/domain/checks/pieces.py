"""How many pieces: photographs, films, candidates, cases."""

import re
from collections.abc import Iterable

from duban.domain.checks.finding import Finding, Grade, Handed
from duban.domain.checks.labels import plain, squeezed
from duban.domain.checks.matter import Matter, counts_films, counts_pictures
from duban.domain.checks.measure import Bounds, Measure
from duban.domain.checks.pictures import closed_pictures, shots
from duban.domain.checks.sorts import Sort, sort_by_name, stem
from duban.domain.content import Content
from duban.domain.phrases import requirement_phrase
from duban.domain.requirement import PieceCount

_NUMBERED = re.compile(r"\s*(?:典型|活动|工作|优秀)*(?:案例|事例|实例)\s*([一二三四五六七八九十\d]+)")


def check_pieces(asked: PieceCount, matter: Matter) -> tuple[Finding, ...]:
    """Photographs are pictures; what is marked with candidates is counted by them; the rest by documents.

    A document and its copy in another format (``案例.docx``, ``案例.pdf``) are one. Several pieces in one document are
    told apart by ``案例一``, ``案例二``, else by its headings of the first level; where those do not make the number
    that is asked for, they may be anything, and a person must look.
    """
    if counts_pictures(asked):
        return (_by_pictures(asked, matter),)
    if counts_films(asked):
        return (_by_films(asked, matter),)
    if any(one.item for one in matter.handed):
        return (_by_items(asked, matter),)
    return (_by_documents(asked, matter),)


def _by_pictures(asked: PieceCount, matter: Matter) -> Finding:
    found = shots(matter)
    files = [shot.file for shot in found]
    return _measure(asked, matter, len(found), files, closed_pictures(matter, found)).judged()


def _by_films(asked: PieceCount, matter: Matter) -> Finding:
    names = [(one.name, one.name) for one in matter.of(Sort.FILM) if one.content is not None]
    names += _entries(matter, Sort.FILM)
    return _measure(asked, matter, len(names), [file for file, _ in names], _unread(matter, Sort.FILM)).judged()


def _by_items(asked: PieceCount, matter: Matter) -> Finding:
    marked = [one for one in matter.handed if one.item]
    items = {squeezed(one.item) or one.item for one in marked}
    return _measure(asked, matter, len(items), [one.name for one in marked], ()).judged()


def _by_documents(asked: PieceCount, matter: Matter) -> Finding:
    sorts = (Sort.TEXT, Sort.TABLE, Sort.SLIDES)
    here = [one for one in matter.of(*sorts) if one.content is not None]
    names = [(one.name, one.name) for one in here] + _entries(matter, *sorts)
    count = len({squeezed(stem(name)) or name for _, name in names})
    measure = _measure(asked, matter, count, [file for file, _ in names], _unread(matter, *sorts))
    return _within(measure, here) if count == 1 else measure.judged()


def _within(measure: Measure, here: list[Handed]) -> Finding:
    """One document, which may hold several pieces."""
    contents = [one.content for one in here if one.content is not None]
    numbered = max((numbered_pieces(content) for content in contents), default=0)
    if numbered > 1:
        return measure.of(numbered).judged()
    heads = max((sum(p.level == 1 for p in content.paragraphs) for content in contents), default=0)
    if heads > 1 and measure.bounds.grade(1) is not Grade.MET:
        inside = measure.of(heads)
        zh = f"只有1个文件，内有一级标题{heads}个，请人工核验{measure.subject}的数目"
        return inside.judged() if inside.bounds.grade(heads) is Grade.MET else inside.finding(Grade.UNKNOWN, zh)
    return measure.judged()


def numbered_pieces(content: Content) -> int:
    """How many different numbers stand behind ``案例`` at the beginning of a line."""
    starts = (_NUMBERED.match(plain(paragraph.text[:20])) for paragraph in content.paragraphs)
    return len({start[1] for start in starts if start})


def _unread(matter: Matter, *sorts: Sort) -> tuple[str, ...]:
    """Files that may hold further pieces."""
    unread = [one for one in matter.of(*sorts, Sort.OTHER) if one.content is None]
    return tuple(one.name for one in (*unread, *matter.shut_archives))


def _entries(matter: Matter, *sorts: Sort) -> list[tuple[str, str]]:
    """The archive and the name of each file of these sorts inside."""
    archives = ((one.name, one.content) for one in matter.of(Sort.ARCHIVE) if one.content is not None)
    return [
        (name, entry)
        for name, content in archives
        for entry in content.entries
        if sort_by_name(entry) in sorts and "__MACOSX" not in entry
    ]


def _measure(asked: PieceCount, matter: Matter, count: int, files: Iterable[str], closed: Iterable[str]) -> Measure:
    return Measure(
        kind="count",
        requirement=requirement_phrase(asked, matter.notice),
        bounds=Bounds.of(asked),
        subject=asked.what,
        unit=asked.unit,
        count=count,
        files=tuple(dict.fromkeys(files)),
        closed=tuple(closed),
        shortage=matter.shortage,
    )
