"""What was handed in, and what a check found of it. A finding is a fact with its gap; a person decides (rule 5)."""

from enum import StrEnum
from typing import Literal

from duban.domain.content import Content
from duban.domain.strict import Strict

#: What is checked: the kinds of ``requirement``, and beside them the candidates and the files themselves.
Checked = Literal["words", "title", "count", "pictures", "form", "sections", "formats", "remark", "items", "file"]


class Grade(StrEnum):
    """How a material stands to one demand."""

    MET = "met"
    #: less than was asked for
    GAP = "gap"
    #: more than was asked for
    OVER = "over"
    #: a hint: about right, just short, or worth a second look
    NEAR = "near"
    #: no machine can tell, or none could this time
    UNKNOWN = "unknown"
    #: something is wrong with a file
    WARNING = "warning"

    @property
    def zh(self) -> str:
        """The word for people."""
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        """The same in English."""
        return _WORDS[self][1]


_WORDS = {
    Grade.MET: ("符合", "met"),
    Grade.GAP: ("未达", "short"),
    Grade.OVER: ("超出", "over"),
    Grade.NEAR: ("提示", "hint"),
    Grade.UNKNOWN: ("无法自动核验", "not checkable by machine"),
    Grade.WARNING: ("文件问题", "file at fault"),
}


class Handed(Strict):
    """One file that was handed in."""

    #: as the sender called it
    name: str
    #: bytes
    size: int
    #: None while it is still being read
    content: Content | None = None
    #: the candidate that it belongs to; empty where it belongs to the whole
    item: str = ""


class Finding(Strict):
    """One fact about what was handed in, against one demand."""

    kind: Checked
    #: the demand in the printed words; ``文件`` for a fact about a file itself
    requirement: str
    grade: Grade
    #: the sentence for people, without a full stop: ``1432/1500字，还差68字``
    zh: str
    #: the gap alone, for a summary: ``还差68字``; empty where there is none
    gap: str = ""
    #: the files concerned, as the sender called them
    files: tuple[str, ...] = ()
    #: what was counted, in the unit of the demand
    measured: int | None = None
    #: the bound that it was held against
    wanted: int | None = None
