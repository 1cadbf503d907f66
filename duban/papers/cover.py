"""What goes with paper by post: the cover sheet inside the envelope, and the slip on it.

Both are whole HTML pages for A4, without script and without anything from outside. A short code in big letters, and
the same as a QR code, tell the registry desk what has come.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from duban.domain.notice import Deliverable, Notice, Office, Track
from duban.domain.short_code import grouped
from duban.papers.layout import titled
from duban.papers.texts import one_line

_TEMPLATES = Path(__file__).parent / "templates"
_COPIES = {1: "一份", 2: "一式两份", 3: "一式三份", 4: "一式四份", 5: "一式五份"}


@dataclass(frozen=True, kw_only=True)
class PaperMaterial:
    """A material in the envelope."""

    name: str
    #: 附表2、附表3
    forms: tuple[str, ...] = ()
    #: None where the notice prints none
    copies: int | None = None
    #: what is to be sealed before it leaves, in the notice's order
    reminders: tuple[str, ...] = ()

    @property
    def copies_phrase(self) -> str:
        """``一式两份``; what is not printed is not demanded."""
        return "" if self.copies is None else _COPIES.get(self.copies, f"一式{self.copies}份")


@dataclass(frozen=True, kw_only=True)
class Cover:
    """One envelope: from one unit to one office."""

    #: who receives: an office, as printed
    office: str
    address: str = ""
    postcode: str = ""
    phone: str = ""
    #: who sends
    unit: str
    sender_address: str = ""
    sender_phone: str = ""
    notice: str
    document_number: str
    #: the issuing office, for the foot
    issuer: str
    #: the deadline in words, with our reading
    due: str = ""
    materials: tuple[PaperMaterial, ...]
    #: the short code as ``domain.short_code`` makes it
    code: str
    #: the page that the QR code leads to; empty: it holds the code itself
    url: str = ""

    @property
    def code_grouped(self) -> str:
        return grouped(self.code)


@dataclass(frozen=True, kw_only=True)
class Styled:
    """How a page gets its style under a strict policy: a stylesheet of our own host, or inline with the nonce."""

    #: the address at which ``stylesheet()`` is served
    path: str = ""
    #: the nonce of the answer's Content-Security-Policy
    nonce: str = ""


def cover_sheet(cover: Cover, styled: Styled) -> bytes:
    """The sheet that lies on top of the papers: HTML, A4 portrait, UTF-8."""
    return _render("cover.html", cover, styled)


def slip(cover: Cover, styled: Styled) -> bytes:
    """The label for the envelope, to be cut out: HTML, A4 portrait, UTF-8."""
    return _render("slip.html", cover, styled)


def stylesheet() -> str:
    """The style of both, to be served as text/css."""
    return (_TEMPLATES / "papers.css").read_text(encoding="utf-8")


def parcel(
    notice: Notice,
    office: Office,
    owed: Iterable[tuple[Deliverable, Track]],
    *,
    unit: str,
    code: str,
    url: str = "",
    due: str = "",
) -> Cover:
    """The envelope of ``unit`` to ``office``: paper tracks of deliverables, in the notice's order; ``due`` in words."""
    return Cover(
        office=office.name,
        address=office.address,
        postcode=office.postcode,
        phone=office.phone,
        unit=unit,
        notice=notice.title,
        document_number=notice.document_number,
        issuer=notice.issuing_office,
        due=due,
        materials=tuple(material_of(deliverable, track, notice) for deliverable, track in owed),
        code=code,
        url=url,
    )


def paper_tracks(notice: Notice, office: str) -> tuple[tuple[Deliverable, Track], ...]:
    """Every deliverable that goes to ``office`` (its id in the definition) on paper, with that track."""
    return tuple(
        (deliverable, track)
        for _, deliverable in notice.placed()
        for track in deliverable.tracks
        if track.medium == "paper" and track.to == office
    )


def material_of(deliverable: Deliverable, track: Track, notice: Notice) -> PaperMaterial:
    """What the definition prints of a deliverable on paper."""
    reminders = tuple(_reminders(deliverable, notice))
    if track.sealed and not reminders:
        reminders = ("加盖公章",)
    return PaperMaterial(
        name=deliverable.name,
        forms=tuple(_called(notice.forms[form].name) for form in deliverable.forms),
        copies=track.copies,
        reminders=reminders,
    )


def _reminders(deliverable: Deliverable, notice: Notice) -> Iterable[str]:
    """``附表2：加盖单位、市（州）教育行政部门公章；吉林省教育厅的章由其加盖，报送时请留空``."""
    for form in (notice.forms[name] for name in deliverable.forms):
        if form.seals:
            yield f"{_called(form.name)}：{_seals(form.seals)}{_receivers(form.receiver_seal)}"
        elif form.receiver_seal:
            yield f"{_called(form.name)}：{_receivers(form.receiver_seal).removeprefix('；')}"


def _seals(seals: tuple[str, ...]) -> str:
    return f"加盖{'、'.join(map(one_line, seals))}公章"


def _receivers(seal: str) -> str:
    name = one_line(seal)
    return f"；{name}的章由其加盖，报送时请留空" if name else ""


def _called(form: str) -> str:
    """``附表2``; the whole name where it has no number."""
    label, title = titled(form)
    return label or title


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _plain(value: object) -> object:
    """Texts without what turns, hides or breaks them; what is HTML already stays."""
    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _render(template: str, cover: Cover, styled: Styled) -> bytes:
    page = _environment().get_template(template)
    style = "" if styled.path else Markup(stylesheet())  # noqa: S704 - our own file
    return page.render(cover=cover, qr=_qr(cover), styled=styled, style=style).encode()


def _qr(cover: Cover) -> Markup:
    """The QR code as inline SVG, black on white, with room around it."""
    code = segno.make(cover.url or cover.code, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=4, light="#fff", svgclass="qr", lineclass=None))  # noqa: S704
