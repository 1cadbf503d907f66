"""YAML text into plain values, with the place of every key and value.

ruamel.yaml reads the text (YAML 1.2: 17:30 is text, ``yes`` is text); its tree of nodes, which knows all places, is
turned into plain values here, so that nothing is constructed that a definition has no use for: no tags, no anchors,
no aliases, no days (``2021-02-30`` stays text until the schema asks for a day), no key twice.
"""

from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from duban.domain.names import Loc
from duban.reading.problems import Place, in_one_line

#: a definition is at most some eight levels deep
MOST_LEVELS = 40
#: no number of a definition has more digits
MOST_DIGITS = 15

_TAG = "tag:yaml.org,2002:"
#: What stays text: days are the schema's affair, ``<<`` is an unknown key like any other.
_TEXTS = frozenset({"str", "timestamp", "merge"})


class Unreadable(Exception):
    """The text cannot be read, for a reason that ruamel.yaml has no words for."""

    def __init__(self, place: Place, zh: str, hint: str) -> None:
        super().__init__(zh)
        self.place = place
        self.zh = zh
        self.hint = hint


class _BoundedComposer(Composer):
    """Stops at a depth that no definition has, long before Python would, and gives every failure its place."""

    _level = 0

    def get_single_node(self) -> Any:
        try:
            return super().get_single_node()
        except (YAMLError, Unreadable):
            raise
        except Exception as fault:
            # the parser has bugs of its own with hostile text: "\UFFFFFFFF" is no character, and ends in chr()
            reader = self.parser.scanner.reader
            place = Place(line=reader.line + 1, column=reader.column + 1)
            raise Unreadable(place, "此处读不下去，写法有误", "请核对引号和反斜杠；文字请用单引号") from fault

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._level += 1
        if self._level > MOST_LEVELS:
            place = place_of(self.parser.peek_event().start_mark)
            raise Unreadable(place, "嵌套层次过深", "请核对括号和缩进")
        node = super().compose_node(parent, index)
        self._level -= 1
        return node


@dataclass(kw_only=True)
class Tree:
    """What was read: plain values, and where each stands."""

    data: Any = None
    #: place of each value; an empty one stands at its key
    places: dict[Loc, Place] = field(default_factory=dict)
    #: place of each key of a mapping
    key_places: dict[Loc, Place] = field(default_factory=dict)
    #: scalars as written
    written: dict[Loc, str] = field(default_factory=dict)
    #: what is YAML but not allowed here: place, what, what to do
    faults: list[tuple[Place, str, str]] = field(default_factory=list)

    def place(self, path: Loc, *, key: bool = False) -> Place:
        """The place of a value, or of its key; where there is none, of the nearest value around it."""
        if key and path in self.key_places:
            return self.key_places[path]
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, Place())


def place_of(mark: Any) -> Place:
    """ruamel counts from 0."""
    return Place(line=mark.line + 1, column=mark.column + 1)


def read_tree(text: str) -> Tree:
    """The tree of a text; ``data`` is None where the text is empty.

    Raises ``ruamel.yaml.error.YAMLError`` for broken YAML, ``Unreadable`` for what the parser does not understand.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _BoundedComposer
    node = yaml.compose(text)
    tree = Tree()
    if node is not None:
        tree.data = _Plain(tree).value(node, (), None)
    return tree


class _Plain:
    """Turns nodes into plain values, and notes where they stand and what is not allowed."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def value(self, node: Node, path: Loc, key: Node | None) -> Any:
        """The value of ``node``; None in place of what is not allowed."""
        empty = isinstance(node, ScalarNode) and not node.value and node.start_mark.index == node.end_mark.index
        self._tree.places[path] = place_of(key.start_mark if key and empty else node.start_mark)
        if node.anchor:
            # an alias is the same node again: it is not entered, and a bomb of aliases stays small
            return self._fault(node, "不接受锚点和别名（& 与 *）", "请把内容写全；是文字的请加引号")
        if isinstance(node, ScalarNode):
            self._tree.written[path] = node.value
            return self._scalar(node)
        if isinstance(node, MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node, path)
        if isinstance(node, SequenceNode) and node.tag == _TAG + "seq":
            return self._sequence(node, path)
        return self._tagged(node)

    def _sequence(self, node: SequenceNode, path: Loc) -> list[Any]:
        return [self.value(item, (*path, at), None) for at, item in enumerate(node.value)]

    def _mapping(self, node: MappingNode, path: Loc) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = self._key(key)
            if name is None:
                continue
            if name in found:
                first = self._tree.key_places[(*path, name)].line
                self._fault(key, f"{in_one_line(name)} 重复，第 {first} 行已有", "请合并，或删去一处")
                continue
            self._tree.key_places[(*path, name)] = place_of(key.start_mark)
            found[name] = self.value(value, (*path, name), key)
        return found

    def _key(self, node: Node) -> str | None:
        """A key as written, whatever YAML would make of it: ``2021``, ``on`` and ``~`` are names."""
        if node.anchor or not isinstance(node, ScalarNode):
            zh = "名称前不接受锚点和别名（& 与 *）" if node.anchor else "此处应为一个名称"
            self._fault(node, zh, "写作“名称: 内容”")
            return None
        text: str | None = self._text(node)
        return text

    def _scalar(self, node: ScalarNode) -> Any:
        tag = str(node.tag).removeprefix(_TAG)
        try:
            match tag:
                case "int":
                    return self._number(node)
                case "float":
                    return self._fraction(node)
                case "bool":
                    return {"true": True, "false": False}[node.value.lower()]
                case "null":
                    return None
        except (ValueError, KeyError):
            return self._fault(node, f"读不懂 {in_one_line(node.value)}", "是文字的请加引号")
        return (
            self._text(node) if tag in _TEXTS else self._fault(node, "不接受标签（!）", "请删去标签；是文字的请加引号")
        )

    def _number(self, node: ScalarNode) -> Any:
        if len(node.value) > MOST_DIGITS:
            return self._fault(node, "数字过长", "是编号的请加引号")
        written = node.value.replace("_", "")
        return int(written, 0 if written.lstrip("+-")[:2].lower() in {"0x", "0o", "0b"} else 10)

    def _fraction(self, node: ScalarNode) -> float:
        """No number of a definition has a fraction: the schema will say so; what JSON cannot carry is refused here."""
        number = float(node.value.replace("_", ""))
        if not isfinite(number):
            raise ValueError
        return number

    def _text(self, node: ScalarNode) -> Any:
        try:
            node.value.encode()
        except UnicodeEncodeError:
            return self._fault(node, "文字中有无效字符", "请重新录入")
        return str(node.value)

    def _tagged(self, node: Node) -> Any:
        return self._fault(node, "不接受标签（!）", "请删去标签；是文字的请加引号")

    def _fault(self, node: Node, zh: str, hint: str) -> Any:
        """Notes a fault; returns None, which stands in place of the value."""
        self._tree.faults.append((place_of(node.start_mark), zh, hint))
        return None
