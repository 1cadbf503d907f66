"""What was handed in against what the definition asks (rule 5): every demand, in the definition's order."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from duban.domain.checks.contents import check_formats, check_remark, check_sections
from duban.domain.checks.files import check_files
from duban.domain.checks.finding import Finding, Grade, Handed
from duban.domain.checks.forms import check_form
from duban.domain.checks.lengths import check_title, check_words
from duban.domain.checks.matter import Matter
from duban.domain.checks.pictures import check_duplicates, check_pictures
from duban.domain.checks.pieces import check_pieces
from duban.domain.checks.quota import check_items
from duban.domain.notice import Deliverable, Notice
from duban.domain.requirement import (
    CharacterCount,
    Filled,
    Formats,
    Pictures,
    PieceCount,
    Remark,
    Sections,
    TitleLength,
)

_CHECKS: dict[type, Callable[[Any, Matter], tuple[Finding, ...]]] = {
    CharacterCount: check_words,
    TitleLength: check_title,
    PieceCount: check_pieces,
    Pictures: check_pictures,
    Filled: lambda asked, matter: check_form(asked.form, matter) if asked.form in matter.notice.forms else (),
    Sections: check_sections,
    Formats: check_formats,
    Remark: check_remark,
}


def check(
    deliverable: Deliverable, notice: Notice, handed: Sequence[Handed], *, is_complete: bool = True
) -> tuple[Finding, ...]:
    """Every finding: the requirements in their order, then candidates, further forms, and the files themselves.

    It raises nothing, whatever the files hold, and asks for nothing that the definition does not. In which order the
    files come says nothing, unless an order of candidates is asked for. ``is_complete=False``: more files are to come
    (an open draft, a single item that was returned), and what only they can mend is a hint, not a gap.
    """
    if not handed:
        return (_nothing(deliverable, is_complete),)
    matter = Matter(deliverable=deliverable, notice=notice, in_order=tuple(handed), is_complete=is_complete)
    return tuple(_findings(matter))


def _findings(matter: Matter) -> Iterator[Finding]:
    requirements = matter.deliverable.requirements
    for requirement in requirements:
        yield from _CHECKS[type(requirement)](requirement, matter)
    if matter.deliverable.items:
        yield from check_items(matter.deliverable.items, matter)
    filled = {requirement.form for requirement in requirements if isinstance(requirement, Filled)}
    for form in matter.form_ids:
        if form not in filled:
            yield from check_form(form, matter)
    yield from check_files(matter.handed)
    yield from check_duplicates(matter)


def _nothing(deliverable: Deliverable, is_complete: bool) -> Finding:
    return Finding(
        kind="file",
        requirement=deliverable.name,
        grade=Grade.GAP if is_complete else Grade.NEAR,
        zh="尚未上传材料",
        gap="尚未上传材料",
        measured=0,
    )
