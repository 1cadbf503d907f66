"""What protects every answer: strict headers, known host names, that only our own pages may post, no token in a log."""

import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duban.domain.links import masked
from duban.settings import Settings

#: Names under which this machine knows itself.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
#: Bound to these, the server answers for every name that leads to it.
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound

#: Nothing inline anywhere: no page has a script or a style of its own, so that nothing typed in can become one.
PAGES = (
    "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; form-action 'self'"
)
#: A mail may style itself and nothing else: no script, no picture, no request.
MAILS = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)

#: A file that somebody handed in: kept, never run.
FILES = {"Content-Security-Policy": "sandbox; default-src 'none'"}

STRICT = {
    "Content-Security-Policy": PAGES,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def headers_for(settings: Settings) -> dict[str, str]:
    """The strict headers of an installation; reached by https, browsers are to come by nothing else for a year."""
    return STRICT | ({"Strict-Transport-Security": "max-age=31536000"} if settings.is_https else {})


class StrictHeaders:
    """Puts the strict headers on every answer; what an answer says itself stays."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, strictly if scope["type"] == "http" else send)


def known_hosts(settings: Settings) -> list[str]:
    """The names under which pages may be asked for: else a foreign page could rebind its name to this machine."""
    if settings.host in ANY_ADDRESS:
        return ["*"]
    public = urlsplit(settings.base_url).hostname
    return [*LOOPBACK, settings.host, *([public] if public else [])]


def is_ours(headers: Headers) -> bool:
    """True when a post comes from one of our own pages: by Sec-Fetch-Site, else by Origin and Host."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


def own_path(back: str) -> str:
    """A path of ours: never another host's."""
    fits = back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable()
    return back if fits else "/"


class MaskTokens(logging.Filter):
    """Takes tokens out of an access log: ``GET /u/***``."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(masked(value) if isinstance(value, str) else value for value in record.args)
        return True


def mask_access_log() -> None:
    """Let no server of ours write a token into its log."""
    log = logging.getLogger("uvicorn.access")
    if not any(isinstance(found, MaskTokens) for found in log.filters):
        log.addFilter(MaskTokens())
