"""Which words beside a picture are its name.

A name is short, no sentence and no numbered heading. It stands in the picture's own paragraph, or in the paragraph
after or before it; an author puts all of them on one side, so the side that names more pictures is taken. What the
picture's own description says comes last.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from duban.reading.materials.found import Shot, one_line

#: characters of the longest name
MOST = 60
_SENTENCE = re.compile(r"[。；！？]|^[一二三四五六七八九十]+、|^（[一二三四五六七八九十]+）|[：:]$")
#: what Word and WPS write when nobody described the picture
_MACHINE = re.compile(r"自动生成|automatically generated|^(?:图片|图像|picture|image|img|wps)[\s_]*\d*$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A picture with the texts around it."""

    width: int
    height: int
    #: its name in the package; empty: it lies outside
    part: str
    alt: str
    own: str
    before: str
    after: str


def named(pictures: Sequence[Seen]) -> tuple[Shot, ...]:
    """The pictures with their names, in order; a name is empty where there is none."""
    after, before = [_name(seen.after) for seen in pictures], [_name(seen.before) for seen in pictures]
    side = before if sum(map(bool, before)) > sum(map(bool, after)) else after
    return tuple(
        Shot(width=seen.width, height=seen.height, name=_name(seen.own) or beside or _described(seen.alt))
        for seen, beside in zip(pictures, side, strict=True)
    )


def _name(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= MOST and not _SENTENCE.search(line) else ""


def _described(alt: str) -> str:
    line = one_line(alt)[:MOST]
    return "" if _MACHINE.search(line) else line
