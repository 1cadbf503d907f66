"""One form of the notice, whichever way it runs."""

from duban.domain.checks.candidates import check_entry_form
from duban.domain.checks.columns import check_columns
from duban.domain.checks.crosswise import check_crosswise
from duban.domain.checks.finding import Finding, Grade
from duban.domain.checks.matter import Matter
from duban.domain.checks.shape import Said


def check_form(name: str, matter: Matter) -> tuple[Finding, ...]:
    """What a form that is asked for lacks. A form of which the definition knows only the name is for a person."""
    said = Said.of(name, matter)
    form = said.form
    if form.columns:
        return check_crosswise(said, matter) if form.row_heads else check_columns(said, matter)
    if form.fields:
        return check_entry_form(said, matter)
    return (said.finding(Grade.UNKNOWN, f"请人工核验{said.name}"),)
