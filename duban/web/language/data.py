"""On an English page, names, titles and texts that are Chinese are marked as such, for who listens to the page."""

import re

#: An element whose text begins after its tag, or a text between two tags.
_TEXT = re.compile(r"(<[a-z][a-z0-9]*(?:\s[^<>]*)?>)?([^<>]+)(?=<)")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ZH = r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]"
#: A run of Chinese with the marks and figures within it.
_RUN = re.compile(rf"\d*{_ZH}(?:[\d“”·—%]*{_ZH})*")
#: In these no element may stand.
_PLAIN = ("<title", "<option", "<text")
_LANG = re.compile(r"\slang=")
_MARKED = re.compile(r"(<[a-z][a-z0-9]*)")


def in_its_language(page: str) -> str:
    """The page with ``lang="zh"`` where its text is Chinese: on the element that holds nothing else, else around it."""
    head, body, rest = page.partition("<body>")
    return head + body + _TEXT.sub(_marked, rest)


def _marked(match: re.Match[str]) -> str:
    tag, text = match[1] or "", match[2]
    if not _HAN.search(text) or _LANG.search(tag):
        return match[0]
    whole = not re.search(r"[A-Za-z]{2}", re.sub(r"&[a-z]+;", "", text))
    if tag and (whole or tag.startswith(_PLAIN)):
        return _MARKED.sub(r'\1 lang="zh"', tag, count=1) + text
    return tag + _RUN.sub(lambda run: f'<span lang="zh">{run[0]}</span>', text)
