"""What the doors of a draft share: its number, the version that was seen, and where one is sent back to."""

from typing import Annotated

from fastapi import Path
from fastapi.responses import RedirectResponse, Response

from duban.services.issuing import Examined
from duban.web.act_door import Form

#: No database counts further.
Number = Annotated[int, Path(ge=1, lt=10**9)]


def version_seen(typed: Form) -> int:
    """The version that the page showed; 0 for what is none."""
    text = typed.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def back(found: Examined) -> Response:
    """To where the draft must be seen to first."""
    base = f"/publish/{found.draft.number}"
    if found.is_published and not found.obstacles:
        return RedirectResponse(f"{base}/supplement", status_code=303)
    return RedirectResponse(base + ("/paper" if found.draft.original else ""), status_code=303)
