"""Parts of a document: its title, its headings, the section or the field that bears a name."""

import re
from collections.abc import Iterator, Sequence

from duban.domain.checks.fields import beside, written
from duban.domain.checks.labels import Likeness, likeness, numbering_of, plain, squeezed, unnumbered
from duban.domain.content import Content, Paragraph
from duban.domain.counting import words

#: 字数 up to which a line without a full stop may be a title, and up to which it may be a heading
SHORT_LINE = 60
SHORT_HEADING = 20
#: letters of a paragraph that are looked at for its head
HEAD = 100

_ATTACHMENT = re.compile(r"附[件表]\d*")
_COLON_LABEL = re.compile(r"\s*[^\W\d][\w() ]{0,11}\s*:")
_END_OF_HEAD = re.compile(r"[。：:，,；;！!？?\n]")


def title_of(content: Content) -> str | None:
    """The first paragraph of the first level; else the first line, if it is short and no sentence. None: no title.

    Above the title an attachment may print its own number (``附件1``): that line is passed over.
    """
    lines = [p for p in content.paragraphs if squeezed(p.text) and not _ATTACHMENT.fullmatch(squeezed(p.text))]
    heading = next((p.text.strip() for p in lines if p.level == 1), None)
    if heading is not None or not lines:
        return heading
    first = lines[0].text.strip()
    is_sentence = plain(first).endswith(("。", ";", ":", ",", "、"))
    return None if is_sentence or words(first) > SHORT_LINE else first


def headings(content: Content) -> Iterator[str]:
    """Every line that may head a section, without its number: by level, by number, or because it is short."""
    for paragraph in content.paragraphs:
        if _may_head(paragraph):
            yield head_of(paragraph.text)


def _may_head(paragraph: Paragraph) -> bool:
    return bool(style_of(paragraph)) or words(paragraph.text[:HEAD]) <= SHORT_HEADING


def head_of(text: str) -> str:
    """A heading alone, where the text runs on in the same paragraph (``（一）成效。今年……``)."""
    return _END_OF_HEAD.split(unnumbered(text[:HEAD]), maxsplit=1)[0]


def style_of(paragraph: Paragraph) -> str:
    """How a line shows that it heads something: its level, its number, a colon; empty where it does not."""
    if paragraph.level > 0:
        return f"level {paragraph.level}"
    start = paragraph.text[:HEAD]
    return numbering_of(start) or ("colon" if _COLON_LABEL.match(plain(start)) else "")


def parts_of(content: Content, part: str) -> list[str]:
    """The texts of the part of that name, in order: what stands beside the label in tables, else sections so headed."""
    cells = [written(text) for table in content.tables for text in beside(table, part)]
    return cells or list(_sections(content.paragraphs, part))


def _sections(paragraphs: Sequence[Paragraph], part: str) -> Iterator[str]:
    for at, paragraph in enumerate(paragraphs):
        like = likeness(part, head_of(paragraph.text))
        if like is not None and like <= Likeness.NEARLY and _may_head(paragraph):
            yield "\n".join((_after_head(paragraph.text), *_until_next(paragraphs, at)))


def _after_head(text: str) -> str:
    """As it stands: the count must see the full-width marks."""
    return _END_OF_HEAD.split(text, maxsplit=1)[1] if _END_OF_HEAD.search(text[:HEAD]) else ""


def _until_next(paragraphs: Sequence[Paragraph], at: int) -> Iterator[str]:
    start = paragraphs[at]
    style = style_of(start)
    for paragraph in paragraphs[at + 1 :]:
        is_above = paragraph.level > 0 and (start.level == 0 or paragraph.level <= start.level)
        if is_above or (style and style_of(paragraph) == style):
            return
        yield paragraph.text
