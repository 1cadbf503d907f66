"""The door: a file that was handed in, into ``Content``."""

from pathlib import Path

from pydantic import ValidationError

from duban.domain.content import Content, FileKind, Mark
from duban.reading.materials import office
from duban.reading.materials.childhood import ask
from duban.reading.materials.found import TOO_MUCH, sentence
from duban.reading.materials.limits import LIMITS, Limits

#: characters of a name that are looked at
_NAME = 1000


def read_material(path: Path, name: str, *, limits: Limits = LIMITS) -> Content:
    """What the file at ``path`` holds, which its sender calls ``name``.

    Never raises for what is in the file: what cannot be read is a ``Content`` with a mark, and a sentence in
    ``trouble``.
    It takes a process of some 50 MB and some tenths of a second; old formats, where LibreOffice is there to convert
    them (one at a time), seconds. How many run at once is the caller's to say.
    """
    content = _asked(path, name, limits)
    if Mark.BY_HAND not in content.marks or content.kind not in office.CONVERTED:
        return content
    with office.converted(path, content.kind, limits) as made:
        return _converted(content, _asked(made, name, limits)) if made else content


def _asked(path: Path, name: str, limits: Limits) -> Content:
    """The last line that the child said; where it did not come to its end, what it had learned until then."""
    answer = ask("read", path, limits, name=name[:_NAME])
    lines = answer.said.split(b"\n")[:-1]
    content = _parsed(lines[-1]) if lines else None
    if content and answer.is_whole:
        return content
    known = content or Content(kind=FileKind.OTHER)
    marks = tuple(mark for mark in Mark if mark in {*known.marks, Mark.UNREADABLE})
    return Content(kind=known.kind, marks=marks, trouble=sentence(TOO_MUCH))


def _parsed(line: bytes) -> Content | None:
    try:
        return Content.model_validate_json(line)
    except ValidationError:
        return None


def _converted(original: Content, made: Content) -> Content:
    """What LibreOffice made of it, under its own kind and with the marks that it had itself."""
    if made.kind not in (FileKind.DOCX, FileKind.XLSX):
        return original
    kept = set(original.marks) - {Mark.BY_HAND} | set(made.marks) - {Mark.MISNAMED}
    return made.model_copy(update={"kind": original.kind, "marks": tuple(mark for mark in Mark if mark in kept)})
