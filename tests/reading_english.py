"""Reads pages in English as a reader would, and finds the Chinese that is nobody's data."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Engine

from duban.domain.returning import REASONS
from web_season import COOKIE, Client

#: Chinese as it stands in a row: characters, their marks, and figures between them.
RUN = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]+")
HAN = re.compile(r"[\u3400-\u9fff]")
#: What stands on English pages in Chinese though no table holds it: the language's own name, the mark that drafts of
#: definitions carry, the reasons that a unit reads in its mail, and a finding as it is kept.
OURS = {"中文", "待确认", "尚未上传材料"} | set(REASONS)
#: Papers that are printed and sent: they are Chinese.
PAPERS = ("/cover", "/slip", "/html")


@dataclass
class Reader(Client):
    """A browser whose reader chose English."""

    language: str = "en"

    async def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        cookies = {"language": self.language} | ({COOKIE: self.session} if self.session else {})
        headers = {"sec-fetch-site": "same-origin"} | dict(options.pop("headers", None) or {})
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        base = f"http://{self.host}"
        async with httpx.AsyncClient(transport=transport, base_url=base, cookies=cookies) as client:
            return await client.request(method, path, headers=headers, **options)


def english(client: Client) -> Reader:
    """The same person, in English."""
    return Reader(client.app, host=client.host, session=client.session)


def texts(page: str) -> Iterator[str]:
    """What a page says: texts between tags, and those in attributes that are read or shown."""
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    # papers of the office, and words for units, say themselves that they are Chinese
    body = re.sub(r'<(article|textarea)\b[^>]* lang="zh-CN".*?</\1>', " ", body, flags=re.DOTALL)
    for value in re.findall(r'\s(?:title|placeholder|aria-label|alt|data-label|value|content)="([^"]*)"', body):
        yield html.unescape(value)
    for text in re.findall(r">([^<]+)<", body):
        yield html.unescape(text)


def data_of(engine: Engine) -> str:
    """Everything that is written in the database."""
    with engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    told = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), dump)
    return told.replace("''", "'").replace("\\n", "\n")


def strange(page: str, data: str) -> set[str]:
    """The runs of Chinese on a page that no table holds."""
    found = {run for text in texts(page) for run in RUN.findall(text)}
    return {run for run in found if run not in data and run not in OURS}


def crawl(client: Reader, start: str, *, alike: int = 2) -> dict[str, str]:
    """Pages that can be reached by links from here, a few of each sort: address → page."""
    seen: dict[str, str] = {}
    sorts: Counter[str] = Counter()
    ahead = [start]
    while ahead:
        path = ahead.pop(0)
        if path in seen or sorts[sort(path)] >= alike:
            continue
        sorts[sort(path)] += 1
        answer = client.get(path)
        is_page = "text/html" in answer.headers.get("content-type", "") and not path.endswith(PAPERS)
        seen[path] = answer.text if is_page else ""
        ahead += [link for link in links(seen[path]) if link not in seen]
    return {path: page for path, page in seen.items() if page}


def sort(path: str) -> str:
    """What pages are alike: their address without numbers, units and values."""
    plain = re.sub(r"/(?:units|people|join)/[^/]+|/supervision/[^/]+/[^/]+|\d+", "*", path.partition("?")[0])
    return plain + ",".join(sorted(re.findall(r"[?&](\w+)=", path)))


def links(page: str) -> list[str]:
    found = (html.unescape(link) for link in re.findall(r'<a\b[^>]*\bhref="([^"#]+)', page))
    return sorted({link for link in found if not urlsplit(link).scheme})
