"""Blank forms of a notice, for download."""

from dataclasses import dataclass

from sqlmodel import Session

from duban.domain.errors import NotFound
from duban.papers.forms import MEDIA_TYPES, Kind, blank, file_name
from duban.services.records import Records


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A file to fill in."""

    name: str
    media_type: str
    content: bytes


def blank_form(session: Session, notice_id: str, form_id: str, kind: Kind) -> Blank:
    """The form of the definition in force; NotFound, also where it is not given out as ``kind``."""
    notice = Records(session).notice(notice_id)
    form = notice.forms.get(form_id)
    if form is None:
        raise NotFound(f"这份通知没有表格 {form_id}", f"the notice has no form {form_id}")
    return Blank(name=file_name(form, kind), media_type=MEDIA_TYPES[kind], content=blank(form, notice, kind))
