"""The documents are true: every example validates, every link leads somewhere, nothing private or foreign is said."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from duban.domain.deadline import Deadline, every_single
from duban.reading.definitions import check_definition_text
from factories import notice

HOUSE = Path(__file__).resolve().parents[2]
LESSONS = (HOUSE / "docs" / "definitions.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", LESSONS, flags=re.S)
WHOLE = [block for block in BLOCKS if re.search(r"^id:", block, flags=re.M)]
FRAGMENTS = [block for block in BLOCKS if block not in WHOLE]


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(StringIO(text))


@pytest.mark.parametrize("block", WHOLE)
def test_a_whole_example_is_a_sound_definition(block: str) -> None:
    found, problems = check_definition_text(block, "example.yaml")
    assert (found is not None, [str(problem) for problem in problems]) == (True, [])


@pytest.mark.parametrize("block", FRAGMENTS)
def test_a_fragment_has_the_shape_of_its_key(block: str) -> None:
    fragment = load(block)
    (key,) = fragment
    if key == "deadline":
        TypeAdapter(Deadline).validate_python(fragment["deadline"])
    else:
        notice(**fragment)


def _form(deadline: Any) -> str:
    """``recurring month``, ``relative issue``, ``date``."""
    return f"{deadline.kind} {getattr(deadline, 'every', '') or getattr(deadline, 'after', '')}".strip()


def test_every_form_of_deadline_has_a_worked_example() -> None:
    taught = set()
    for block in FRAGMENTS:
        fragment = load(block)
        if "deadline" in fragment:
            deadline: Any = TypeAdapter(Deadline).validate_python(fragment["deadline"])
            forms = [deadline, *every_single(deadline)]
            taught |= {
                f"{form.kind} {getattr(form, 'every', '') or getattr(form, 'after', '')}".strip() for form in forms
            }
    assert taught >= {
        "date",
        "month_end",
        "window",
        "relative issue",
        "relative printing",
        "relative event",
        "relative acknowledgement",
        "recurring day",
        "recurring week",
        "recurring month",
        "recurring quarter",
        "recurring year",
        "by_class",
        "none",
    }


@pytest.mark.parametrize("page", sorted([HOUSE / "README.md", *(HOUSE / "docs").rglob("*.md")]), ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_shipped_files_hold_no_private_numbers_or_mailboxes() -> None:
    """Office landlines and office mailboxes only; sample people live under reserved domains."""
    mobile = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
    offices = {"jlqmx@126.com", "caeabgs@126.com", "lnsszzx@126.com", "sxscjxh@163.com"}
    for path in sorted((HOUSE / "flows" / "notices").iterdir()):
        text = path.read_text(encoding="utf-8")
        foreign = {
            address
            for address in re.findall(r"[\w.+-]+@[\w.-]+\w", text)
            if not address.endswith((".example", ".test")) and address not in offices
        }
        assert (path.name, mobile.findall(text), foreign) == (path.name, [], set())
