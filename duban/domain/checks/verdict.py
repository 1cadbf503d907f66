"""All findings in one line, for the top of a page."""

from collections.abc import Sequence

from duban.domain.checks.files import is_program
from duban.domain.checks.finding import Finding, Grade
from duban.domain.strict import Strict

#: what the sender can mend before handing in, or must explain
_TO_MEND = frozenset({Grade.GAP, Grade.OVER, Grade.WARNING})


class Verdict(Strict):
    """How many findings of which weight, and the line that says so."""

    #: gaps, excesses and faulty files
    gaps: int
    #: hints
    hints: int
    #: left to a person
    unknowns: int
    #: ``还差68字；另有1项请人工核验``
    zh: str


def verdict(findings: Sequence[Finding]) -> Verdict:
    """The first gap in words, how many there are, and how many things are left to a person."""
    gaps = [finding for finding in findings if finding.grade in _TO_MEND]
    unknowns = _left_to_a_person(findings)
    hints = sum(finding.grade is Grade.NEAR for finding in findings)
    by_person = f"；另有{unknowns}项请人工核验" if unknowns else ""
    return Verdict(gaps=len(gaps), hints=hints, unknowns=unknowns, zh=_said(gaps, hints) + by_person)


def _left_to_a_person(findings: Sequence[Finding]) -> int:
    """A file that could not be read and the demand that is open because of it are one thing to look at."""
    unknown = [finding for finding in findings if finding.grade is Grade.UNKNOWN]
    demands = [finding for finding in unknown if finding.kind != "file"]
    named = {name for finding in demands for name in finding.files}
    return len(demands) + sum(finding.kind == "file" and not named.issuperset(finding.files) for finding in unknown)


def _said(gaps: Sequence[Finding], hints: int) -> str:
    if not gaps:
        return f"自动核验未发现问题，有{hints}项提示" if hints else "自动核验未发现问题"
    many = f"等{len(gaps)}处" if len(gaps) > 1 else ""
    return (gaps[0].gap or gaps[0].zh) + many


def needs_remark(findings: Sequence[Finding]) -> bool:
    """Handing in as it is calls for a word of explanation (仍要提交并说明); a hint or an unknown does not."""
    return any(finding.grade in _TO_MEND for finding in findings)


def to_remove(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The files that are no material at all, as the sender called them: no word of explanation makes them one."""
    named = (name for finding in findings if finding.kind == "file" for name in finding.files)
    return tuple(dict.fromkeys(name for name in named if is_program(name)))
