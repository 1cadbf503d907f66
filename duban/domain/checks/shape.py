"""How a form is spoken of, and where it may be hidden when it is not found."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duban.domain.checks.fields import field_values
from duban.domain.checks.finding import Finding, Grade
from duban.domain.checks.labels import Likeness, letters_of, plain, squeezed
from duban.domain.checks.matter import Matter
from duban.domain.checks.spoken import listed, quoted, shown
from duban.domain.checks.tables import is_most
from duban.domain.content import Content
from duban.domain.notice import Form
from duban.domain.phrases import requirement_phrase
from duban.domain.requirement import Filled

#: letters of a text in which the labels of a form are looked for
MOST_LETTERS = 100_000

_ATTACHMENT = re.compile(r"\s*(附[表件]\s*\d+)")


def short_name(form: Form) -> str:
    """``附表1`` where the form bears such a number, else its name."""
    number = _ATTACHMENT.match(plain(form.name))
    return re.sub(r"\s", "", number[1]) if number else f"《{shown(form.name)}》"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said of one form."""

    form: Form
    #: the demand in the printed words
    phrase: str
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, matter: Matter) -> "Said":
        form = matter.notice.forms[name]
        asked = (r for r in matter.deliverable.requirements if isinstance(r, Filled) and r.form == name)
        phrase = next((requirement_phrase(r, matter.notice) for r in asked), form.name)
        return cls(form=form, phrase=phrase)

    @property
    def name(self) -> str:
        return short_name(self.form)

    def about(self, *files: str) -> "Said":
        """The same, of these files."""
        return Said(form=self.form, phrase=self.phrase, files=tuple(dict.fromkeys(files)))

    def finding(self, grade: Grade, zh: str, *, gap: str = "", measured: int | None = None) -> Finding:
        """A finding; short of an own wording the whole sentence is the gap."""
        gap = (gap or zh) if grade is Grade.GAP else ""
        return Finding(
            kind="form", requirement=self.phrase, grade=grade, zh=zh, gap=gap, files=self.files, measured=measured
        )

    def missing(self, matter: Matter) -> Finding:
        """The form was not found: unknown where a file may hold it, short where none can."""
        may = tuple(dict.fromkeys((*(one.name for one in matter.closed_papers), *hidden(self.form, matter))))
        if may:
            return self.about(*may).finding(Grade.UNKNOWN, f"未能自动核验{self.name}：{listed(may)}")
        zh = f"未见{self.name}"
        return Finding(kind="form", requirement=self.phrase, grade=matter.shortage, zh=zh, gap=zh)

    def of_fields(self, content: Content) -> Iterator[Finding]:
        """Fields above and below a table: those left blank, and those that nobody can find."""
        lines = [paragraph.text for paragraph in content.paragraphs]
        values = field_values(self.form.fields, content.tables, lines, least=Likeness.NEARLY)
        yield from self.blanks(values, self.form.fields)

    def blanks(self, values: dict[str, str], fields: Sequence[str], whose: str = "") -> Iterator[Finding]:
        """Fields that are blank, and those that are not there."""
        blank = [field for field in fields if values.get(field) == ""]
        absent = [field for field in fields if field not in values]
        if blank:
            yield self.finding(Grade.GAP, f"{self.name}{whose}未填：{listed(blank)}")
        if absent:
            yield self.finding(Grade.NEAR, f"{self.name}{whose}未见{quoted(*absent)}栏，请核对")


def hidden(form: Form, matter: Matter) -> tuple[str, ...]:
    """Papers that name most of the form's labels, though not as a table (PDF keeps none)."""
    labels = [squeezed(label) for label in (form.columns or form.fields) if squeezed(label)]
    return tuple(one.name for one, content in matter.papers if _names(labels, content))


def _names(labels: Sequence[str], content: Content) -> bool:
    text = letters_of("".join(paragraph.text for paragraph in content.paragraphs)[:MOST_LETTERS])
    return is_most(sum(label in text for label in labels), len(labels))
