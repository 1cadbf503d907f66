"""Which paragraphs of a DOCX are headings: by the outline level of their style, or by its name, also Chinese."""

import re
from dataclasses import dataclass

from lxml import etree

from duban.reading.materials.markup import local, value

_HEADING = re.compile(r"^(?:heading|标题)\s*([1-9])(?:\s|$)", re.IGNORECASE)
#: names that Word and WPS give to the title of a document
_TITLES = frozenset({"title", "标题", "文档标题", "公文标题"})
#: styles that rest on each other further than this rest on themselves
_DEPTH = 20
#: outline level 9 is running text
_BODY = 9


@dataclass(frozen=True, kw_only=True)
class Styles:
    """Levels by style id; what is not here is running text."""

    levels: dict[str, int]

    @staticmethod
    def read(root: etree._Element | None) -> "Styles":
        """From the styles part; None where the file has none."""
        found = {value(node, "styleId"): node for node in (root if root is not None else ()) if local(node) == "style"}
        return Styles(levels={key: level for key in found if (level := _level(found, key))})

    def level(self, paragraph: etree._Element) -> int:
        """1 and more for headings; what the paragraph says of itself goes before its style."""
        settings = _child(paragraph, "pPr")
        own = outline(settings)
        if own is not None:
            return own
        style = _child(settings, "pStyle")
        return self.levels.get(value(style, "val"), 0) if style is not None else 0


def outline(settings: etree._Element | None) -> int | None:
    """The level that settings give; 0 for running text, None where they give none."""
    node = _child(settings, "outlineLvl")
    text = value(node, "val") if node is not None else ""
    if not text.isascii() or not text.isdecimal() or len(text) > 1:
        return None
    return 0 if int(text) == _BODY else int(text) + 1


def _level(styles: dict[str, etree._Element], key: str) -> int:
    """By the style's name, its own outline level, or that of the style on which it rests."""
    for _ in range(_DEPTH):
        node = styles.get(key)
        if node is None:
            return 0
        called = _said(node, "name").strip().lower()
        heading = _HEADING.match(called)
        if heading or called in _TITLES:
            return int(heading[1]) if heading else 1
        own = outline(_child(node, "pPr"))
        if own is not None:
            return own
        key = _said(node, "basedOn")
    return 0


def _said(style: etree._Element, tag: str) -> str:
    node = _child(style, tag)
    return value(node, "val") if node is not None else ""


def _child(node: etree._Element | None, tag: str) -> etree._Element | None:
    return next((child for child in node if local(child) == tag), None) if node is not None else None
