"""What the browser keeps of a session: one cookie, which no script reads and no other host gets."""

from fastapi import Response

from duban.settings import Settings
from duban.web.rules import COOKIE, HTTPS_COOKIE


def keep(answer: Response, token: str, settings: Settings) -> Response:
    """Let the browser keep a session until it is closed; over https it is never sent in the clear."""
    name = HTTPS_COOKIE if settings.is_https else COOKIE
    answer.set_cookie(name, token, httponly=True, samesite="lax", secure=settings.is_https, path="/")
    return answer


def forget(answer: Response, settings: Settings) -> Response:
    """Let the browser forget it."""
    name = HTTPS_COOKIE if settings.is_https else COOKIE
    answer.delete_cookie(name, httponly=True, samesite="lax", secure=settings.is_https, path="/")
    return answer
