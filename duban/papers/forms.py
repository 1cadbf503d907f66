"""Blank forms for download, out of a definition: the form of a notice as a file that a person can type into.

What is typed is found again by reading: headers, row heads and names of fields stand as the definition has them,
each name beside the room for it.
"""

from enum import StrEnum

from duban.domain.errors import NotFound
from duban.domain.notice import Form, Notice
from duban.papers.layout import layout
from duban.papers.packing import Imprint
from duban.papers.texts import file_stem

#: More columns than these do not fit on paper; a workbook holds them.
MOST_ON_PAPER = 20


class Kind(StrEnum):
    """In which file a form is given out."""

    DOCX = "docx"
    XLSX = "xlsx"


#: What a browser is told of each.
MEDIA_TYPES = {
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def offers(form: Form) -> tuple[Kind, ...]:
    """In which files ``form`` is given out, the fittest first; none for a form of which only the name is known.

    What is sealed goes on paper: a document first. A table that is only filled in: a workbook first.
    """
    if not form.columns:
        return (Kind.DOCX,) if form.fields or form.row_heads else ()
    if len(form.columns) > MOST_ON_PAPER:
        return (Kind.XLSX,)
    return (Kind.DOCX, Kind.XLSX) if form.seals else (Kind.XLSX, Kind.DOCX)


def blank(form: Form, notice: Notice, kind: Kind) -> bytes:
    """The blank form as ``kind``; NotFound where it is not given out so."""
    return {Kind.DOCX: blank_docx, Kind.XLSX: blank_xlsx}[kind](form, notice)


def blank_docx(form: Form, notice: Notice) -> bytes:
    """The blank form as .docx, A4; the same definition gives the same bytes. NotFound where it is not offered."""
    # heavy libraries wait until somebody wants a form
    from duban.papers.form_paper import form_docx

    _check_offered(form, Kind.DOCX)
    return form_docx(layout(form, notice), imprint(form, notice))


def blank_xlsx(form: Form, notice: Notice) -> bytes:
    """The blank form as .xlsx, for tables; as ``blank_docx``."""
    from duban.papers.form_sheet import form_xlsx

    _check_offered(form, Kind.XLSX)
    return form_xlsx(layout(form, notice), imprint(form, notice))


def imprint(form: Form, notice: Notice) -> Imprint:
    """What the file says of itself: the issuing office, the day of issue."""
    return Imprint(title=form.name, office=notice.issuing_office, day=notice.dated_on)


def file_name(form: Form, kind: Kind) -> str:
    """``附表1 2021年…汇总表.docx``: fit for every file system."""
    return f"{file_stem(form.name)}.{kind}"


def _check_offered(form: Form, kind: Kind) -> None:
    if kind not in offers(form):
        raise NotFound(f"“{form.name}”没有 .{kind} 空白表", f"the form {form.name} is not given out as .{kind}")
