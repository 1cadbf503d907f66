"""A web page, or what was copied from one, into text: blocks are lines, rows of tables have tabs."""

import re

from lxml import html

_TAGS = re.compile(
    r"</?(?:html|body|p|div|table|tr|td|br|span|h[1-6]|li|ul|a|font|strong|b)\b[^<>]{0,2000}>", re.IGNORECASE
)
#: So many tags make a page.
_LEAST = 3
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "dt",
        "dd",
        "center",
    }
)
_SILENT = frozenset({"script", "style", "noscript", "head", "iframe", "select", "button", "template"})
#: elements that are read
MOST_ELEMENTS = 200_000


def is_web(text: str) -> bool:
    """True for HTML, whole or a piece."""
    return len(_TAGS.findall(text[:20000])) >= _LEAST


def web_text(text: str) -> str:
    """The text; ValueError where there is none. Nothing is fetched, no entity is resolved from outside."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8")
    root = html.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    out: list[str] = []
    _walk(root, out)
    found = re.sub(r"[ \xa0]*\n\s*", "\n", "".join(out)).strip()
    if not found:
        raise ValueError("网页中没有文字|the page has no text")
    return found


def _walk(root: html.HtmlElement, out: list[str]) -> None:
    """Depth first without recursion: hostile pages nest without end."""
    stack: list[tuple[html.HtmlElement, bool]] = [(root, False)]
    seen = 0
    while stack and seen < MOST_ELEMENTS:
        element, left = stack.pop()
        if left:
            out.append(_end(str(element.tag)))
            out.append(_one_line(element.tail))
            continue
        seen += 1
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            out.append(_one_line(element.tail))
            continue
        out.append("\n" if element.tag in _BLOCKS or element.tag == "br" else "")
        out.append(_one_line(element.text))
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))


def _end(tag: str) -> str:
    return "\t" if tag in ("td", "th") else "\n" if tag in _BLOCKS else ""


def _one_line(words: str | None) -> str:
    return re.sub(r"\s+", " ", words or "")
