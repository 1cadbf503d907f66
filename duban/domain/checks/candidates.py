"""Candidates inside an obligation (rule 6): their own forms, their names, the order in which they are recommended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duban.domain.checks.columns import best_table, by_number
from duban.domain.checks.fields import field_values
from duban.domain.checks.finding import Finding, Grade, Handed
from duban.domain.checks.labels import squeezed
from duban.domain.checks.matter import Matter
from duban.domain.checks.shape import Said
from duban.domain.checks.spoken import shown
from duban.domain.checks.tables import Found, head_of_table, is_most, is_serial
from duban.domain.content import Content, Table
from duban.domain.notice import Deliverable, Form, Notice


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One form that was filled in for one candidate."""

    file: str
    #: the candidate: as marked at handing in, else what stands in the form's first field; may be empty
    name: str
    values: dict[str, str]


def instances(form: Form, matter: Matter) -> tuple[Instance, ...]:
    """Every such form in every paper; several tables in one file are several forms, a summary form is none."""
    lists = [other for name in matter.form_ids if (other := matter.notice.forms[name]).columns]
    return tuple(
        Instance(file=one.name, name=values.get(form.fields[0], "") or one.item, values=values)
        for one, content in matter.papers
        for values in _each(form, content, lists)
    )


def _each(form: Form, content: Content, lists: Sequence[Form]) -> Iterator[dict[str, str]]:
    tables = [table for table in content.tables if not any(head_of_table(table, other) for other in lists)]
    lines = [paragraph.text for paragraph in content.paragraphs]
    around = field_values(form.fields, (), lines)
    own = [values for table in tables if (values := _own(form, table))]
    if own:
        # a field below one table is told by the running text
        yield from (around | values for values in own)
    elif len(tables) == len(content.tables):
        values = field_values(form.fields, tables, lines)
        if is_most(len(values), len(form.fields)):
            yield values


def _own(form: Form, table: Table) -> dict[str, str] | None:
    values = field_values(form.fields, [table], ())
    return values if is_most(len(values), len(form.fields)) else None


def check_entry_form(said: Said, matter: Matter) -> tuple[Finding, ...]:
    """A form of fields alone: those left blank in each; parts whose 字数 is counted are spoken of there."""
    found = instances(said.form, matter)
    if not found:
        return (said.missing(matter),)
    fields = [field for field in said.form.fields if field not in matter.counted_parts]
    blanks = [blank for one in found for blank in _blanks(said, one, fields, len(found) > 1)]
    if any(finding.grade is Grade.GAP for finding in blanks):
        return tuple(blanks)
    whole = said.about(*(one.file for one in found))
    return (whole.finding(Grade.MET, f"{said.name}已填{len(found)}份", measured=len(found)), *blanks)


def _blanks(said: Said, one: Instance, fields: Sequence[str], many: bool) -> Iterator[Finding]:
    whose = f"（{shown(one.name or one.file)}）" if many else ""
    return said.about(one.file).blanks(one.values, fields, whose)


def candidates(deliverable: Deliverable, notice: Notice, handed: Sequence[Handed]) -> tuple[str, ...]:
    """The candidates' names: in the order of the summary form, else as they were handed in; empty without items."""
    items = deliverable.items
    if items is None:
        return ()
    matter = Matter(deliverable=deliverable, notice=notice, in_order=tuple(handed))
    form, summary_form = matter.form(items.form), matter.form(items.summary_form)
    summary = best_table(summary_form, matter) if summary_form and summary_form.columns else None
    own = instances(form, matter) if form and form.fields else ()
    names = (
        names_in(summary_form, summary[0])
        if summary and summary_form
        else marked(matter) or [one.name for one in sorted(own, key=lambda one: _place(one, handed))]
    )
    return tuple(dict.fromkeys(name for name in names if name))


def _place(one: Instance, handed: Sequence[Handed]) -> int:
    return [file.name for file in handed].index(one.file)


def marked(matter: Matter) -> list[str]:
    """Candidates that files were marked with, in the order of handing in."""
    return list(dict.fromkeys(one.item for one in matter.in_order if one.item))


def names_in(form: Form, summary: Found) -> list[str]:
    """Those in a summary form, by their numbers where every row has one, else as the rows stand; a blank one is empty.

    Their column says 姓名, 全称 or 名称; else it is the first after the number.
    """
    speaking = [c for c in summary.columns if any(word in squeezed(c) for word in ("姓名", "全称", "名称"))]
    column = (speaking or [c for c in summary.columns if not is_serial(c, form)] or list(summary.columns))[0]
    return [line[column] for line in by_number(form, summary)]
