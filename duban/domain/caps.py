"""How much may be handed in: sizes and numbers of files, per file and per unit and notice."""

from dataclasses import dataclass

from duban.domain.notice import Deliverable

#: What an office counts as a megabyte.
MB = 1 << 20
#: What holds where a deliverable says nothing else.
FILE_MB, FILES, TOTAL_MB = 20, 30, 200


@dataclass(frozen=True, kw_only=True)
class Caps:
    """The most that may be handed in."""

    #: bytes of one file
    file: int = FILE_MB * MB
    #: files at once
    files: int = FILES
    #: bytes at once
    total: int = TOTAL_MB * MB
    #: counted for this deliverable alone; otherwise together with the unit's other materials of the notice
    is_own: bool = False


COMMON = Caps()


def caps(deliverable: Deliverable) -> Caps:
    """The caps of a deliverable. One that names its own is counted alone.

    Where it names a number of files, all of them may have the full size; else the common total holds, unless one
    file alone may have more.
    """
    if deliverable.max_file_mb is None and deliverable.max_files is None:
        return COMMON
    each = deliverable.max_file_mb or FILE_MB
    total = each * deliverable.max_files if deliverable.max_files else max(TOTAL_MB, each)
    return Caps(file=each * MB, files=deliverable.max_files or FILES, total=total * MB, is_own=True)


def size_phrase(size: int) -> str:
    """``20 MB``, ``1.5 MB``, ``24 KB``: in words that people use."""
    if size < MB:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / MB:.1f}".removesuffix(".0") + " MB"
