"""Checks of materials: what was handed in against what the definition asks. A check finds; a person decides."""

from duban.domain.checks.candidates import candidates
from duban.domain.checks.checking import check
from duban.domain.checks.finding import Checked, Finding, Grade, Handed
from duban.domain.checks.verdict import Verdict, needs_remark, to_remove, verdict

__all__ = [
    "Checked",
    "Finding",
    "Grade",
    "Handed",
    "Verdict",
    "candidates",
    "check",
    "needs_remark",
    "to_remove",
    "verdict",
]
