"""The shape of a definition as a JSON schema, and how to follow a place of pydantic's through it.

pydantic puts the chosen kind into its places (``deadline, date, date``: the key ``date`` of the kind ``date``); only
the schema tells which parts are keys of the file and which are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from duban.domain.names import KEY, Loc
from duban.domain.notice import Notice
from duban.reading.field_names import MODELS, named
from duban.reading.problems import in_one_line

Schema = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place of pydantic's, understood."""

    #: keys and indexes in the file
    path: Loc
    #: the key is meant, not its value
    at_key: bool
    #: what people call it
    name: str
    #: the keys that may stand beside it
    siblings: tuple[str, ...]
    #: the kinds that may stand there, where it has kinds
    kinds: tuple[str, ...]


def spot(loc: Loc) -> Spot:
    """Where ``loc`` is in the file, and what is expected there."""
    node, path, name = _schema(), [], "定义"
    siblings: tuple[str, ...] = ()
    for step in loc:
        node = _resolved(node)
        if step == KEY or _mapping_of_kinds(node):
            node = _kind(node, str(step))
            continue
        siblings, name = tuple(node.get("properties", ())), _called(node, step, name)
        path.append(step)
        node = _inner(node, step)
    kinds = tuple(_mapping_of_kinds(_resolved(node)))
    return Spot(path=tuple(path), at_key=loc[-1:] == (KEY,), name=name, siblings=siblings, kinds=kinds)


@cache
def _schema() -> Schema:
    return Notice.model_json_schema(by_alias=True)


def _resolved(node: Schema) -> Schema:
    """Behind references, and behind "or nothing"."""
    while True:
        if "$ref" in node:
            node = _schema()["$defs"][node["$ref"].rpartition("/")[2]]
        elif "anyOf" in node:
            node = next((one for one in node["anyOf"] if one.get("type") != "null"), {})
        else:
            return node


def _mapping_of_kinds(node: Schema) -> Schema:
    mapping: Schema = node.get("discriminator", {}).get("mapping", {})
    return mapping


def _kind(node: Schema, kind: str) -> Schema:
    mapping = _mapping_of_kinds(node)
    return {"$ref": mapping[kind]} if kind in mapping else {}


def _inner(node: Schema, step: str | int) -> Schema:
    inner = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
    if inner is None:
        inner = next(iter(node.get("patternProperties", {}).values()), node.get("additionalProperties"))
    return inner if isinstance(inner, dict) else {}


def _called(node: Schema, step: str | int, name: str) -> str:
    """``期限 deadline`` for a key of a part, ``要求 requirements 第2项`` in a list, ``单位类别 cities`` in a table."""
    if isinstance(step, int):
        return f"{name} 第{step + 1}项"
    if "properties" in node:
        label = named(node["title"], step)
        return in_one_line(step) if label == step else f"{label} {step}"
    return f"{name.partition(' ')[0]} {in_one_line(step)}"


def chinese_schema() -> Schema:
    """The JSON schema with Chinese titles, for editors; English remarks are left out."""
    schema: Schema = Notice.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for part, node in _parts(schema):
        for key, value in node.get("properties", {}).items():
            value["title"] = named(part, key)
        node["title"] = MODELS.get(part, part)
        node["description"] = f"{node['title']}（{part}）"
    return schema


def _parts(schema: Schema) -> Iterator[tuple[str, Schema]]:
    yield "Notice", schema
    yield from schema["$defs"].items()
