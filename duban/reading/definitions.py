"""Definition files (YAML) into notices; every problem of a file at once, each with line, column and what to do.

First the bytes, then YAML, then the shape, then what a sound definition must say: a later question is asked only when
the earlier ones are answered, since its answer would mislead.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml.error import YAMLError

from duban.domain.names import KEY, Loc
from duban.domain.notice import Notice
from duban.domain.soundness import findings
from duban.reading.explanations import explain
from duban.reading.problems import DefinitionRefused, Place, Problem, Source
from duban.reading.shapes import chinese_schema
from duban.reading.yaml_faults import layout_problems, syntax_problem, wide_colon
from duban.reading.yaml_positions import Tree, Unreadable, read_tree

__all__ = [
    "DefinitionRefused",
    "Problem",
    "check_definition",
    "check_definition_text",
    "definition_text",
    "json_schema",
    "read_definition",
    "read_definition_text",
]

#: bytes of a definition; real ones have some thousand
MOST_BYTES = 1024 * 1024
#: problems that are listed
MOST_PROBLEMS = 200

Checked = tuple[Notice | None, list[Problem]]


def read_definition(path: Path) -> Notice:
    """The notice that a file defines; DefinitionRefused, with all problems, where it is not sound."""
    return _sound(check_definition(path))


def read_definition_text(text: str, name: str) -> Notice:
    """As ``read_definition``, for pasted text; ``name`` is what its problems call the file."""
    return _sound(check_definition_text(text, name))


def check_definition(path: Path) -> Checked:
    """The notice, or None where there are errors; and all problems in the file's order, warnings too."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError:
        return None, [Source(str(path), "").problem(Place(), "打不开文件", "请核对路径和权限")]
    return _check_bytes(data, str(path))


def check_definition_text(text: str, name: str) -> Checked:
    """As ``check_definition``, for pasted text."""
    return _check_bytes(text.encode(errors="replace"), name)


def definition_text(data: bytes, name: str) -> str:
    """The text of a definition's bytes as they came by a form; DefinitionRefused where they are not UTF-8 text."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise DefinitionRefused([_not_utf8(data, fault.start, name)]) from None


def json_schema() -> dict[str, Any]:
    """The JSON schema of a definition with Chinese titles, for editors."""
    return chinese_schema()


def _sound(checked: Checked) -> Notice:
    notice, problems = checked
    if notice is None:
        raise DefinitionRefused(problems)
    return notice


def _check_bytes(data: bytes, name: str) -> Checked:
    if len(data) > MOST_BYTES:
        return None, [Source(name, "").problem(Place(), "文件超过1 MB", "定义只写事实，附件请另存")]
    try:
        source = Source(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        return None, [_not_utf8(data, fault.start, name)]
    return _check_source(source)


def _not_utf8(data: bytes, start: int, name: str) -> Problem:
    """Where UTF-8 ends, and what the file probably is."""
    before = Source(name, data[:start].decode("utf-8-sig", errors="replace"))
    zh = "文件不是 UTF-8 编码"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        zh = "文件是 UTF-16 编码"
    elif _reads_as(data, "gb18030"):
        zh = "文件是 GB18030（GBK）编码"
    return before.problem(before.place_of(len(before.text)), zh, "请另存为 UTF-8")


def _reads_as(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _check_source(source: Source) -> Checked:
    problems = layout_problems(source)
    if problems:
        return None, _listed(problems)
    try:
        tree = read_tree(source.text)
    except (YAMLError, Unreadable) as fault:
        return None, [syntax_problem(fault, source)]
    if not isinstance(tree.data, dict):
        return None, _no_mapping(tree, source)
    return _check_tree(tree, source)


def _no_mapping(tree: Tree, source: Source) -> list[Problem]:
    if tree.faults:
        return _listed([source.problem(*fault) for fault in tree.faults])
    if tree.data is None:
        return [source.problem(Place(), "文件没有内容", "请照样例填写")]
    place = tree.place(())
    found = wide_colon(source, place.line)
    return [found or source.problem(place, "定义应分项书写", "每行写作“名称: 内容”")]


def _check_tree(tree: Tree, source: Source) -> Checked:
    problems = [source.problem(*fault) for fault in tree.faults]
    refused = {place for place, _, _ in tree.faults}
    notice = None
    try:
        # JSON, strictly: text is text and a number is a number, while lists and days may come as JSON has them
        notice = Notice.model_validate_json(json.dumps(tree.data), strict=True)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if _echoes(detail):
                continue
            found = explain(detail, tree)
            place = tree.place(found.path, key=found.at_key)
            if place not in refused:
                problems.append(source.problem(place, found.zh, found.hint))
    if notice and not problems:
        problems = _unsound(notice, tree, source)
    sound = not any(problem.severity == "error" for problem in problems)
    return (notice if sound else None), _listed(problems)


def _echoes(detail: ErrorDetails) -> bool:
    """True for "too few items" of a list that has enough: pydantic does not count those that it refused itself."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _unsound(notice: Notice, tree: Tree, source: Source) -> list[Problem]:
    found = []
    for finding in findings(notice):
        at_key = finding.loc[-1:] == (KEY,)
        path: Loc = finding.loc[:-1] if at_key else finding.loc
        found.append(source.problem(tree.place(path, key=at_key), finding.zh, finding.hint, finding.severity))
    return found


def _listed(problems: list[Problem]) -> list[Problem]:
    """In the file's order, none twice; of very many the first, and how many more there are."""
    once = sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.col))
    if len(once) <= MOST_PROBLEMS:
        return once
    more = replace(
        once[MOST_PROBLEMS], zh=f"自此起另有 {len(once) - MOST_PROBLEMS} 处问题未列", hint="", severity="error"
    )
    return [*once[:MOST_PROBLEMS], more]
