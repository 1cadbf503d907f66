"""XML from hostile hands: refused when it declares a document type, otherwise parsed without entities or network."""

from xml.parsers.expat import ExpatError, ParserCreate

from lxml import etree

from duban.domain.filekind import Mark
from duban.reading.materials.archive import BROKEN, Archive
from duban.reading.materials.found import Refused

DECLARED = "文件含外部实体声明，可能有害，请用 WPS 或 Word 另存后重新上传"
_CHUNK = 16 * 1024
_ENDINGS = (".xml", ".rels", ".vml")
#: what a document of ours refers to outside of itself without anything being fetched
_HARMLESS = ("/hyperlink",)


def refuse_declarations(archive: Archive) -> None:
    """Refused when any XML part has a document type declaration, in whatever encoding; Office never writes one."""
    for name in archive.names():
        if name.lower().endswith(_ENDINGS) and _declares(archive, name):
            raise Refused(Mark.ENTITIES, DECLARED)


def tree(data: bytes) -> etree._Element:
    """The root of a part; Refused when it is not well-formed or declares a document type; MemoryError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", 0) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from None
        raise Refused(Mark.BROKEN, BROKEN) from None
    if str(getattr(root.getroottree().docinfo, "doctype", "")):
        raise Refused(Mark.ENTITIES, DECLARED)
    return root


def local(node: etree._Element) -> str:
    """The tag without its namespace, of which Office has two for everything; empty for comments."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(node: etree._Element, name: str) -> str:
    """An attribute by its name without its namespace; empty when there is none."""
    for key, text in node.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(text)
    return ""


def outside(archive: Archive) -> bool:
    """True when a part refers to something outside of the file that an office program would fetch."""
    return any(
        value(node, "TargetMode") == "External" and not value(node, "Type").endswith(_HARMLESS)
        for name in archive.names()
        if name.lower().endswith(".rels")
        for node in tree(archive.part(name))
    )


def _declares(archive: Archive, name: str) -> bool:
    """Expat decides, up to the first element; what it cannot read is left to the parser that reads the part."""
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _declared
    parser.StartElementHandler = _begun
    try:
        with archive.file.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
    except _Declared:
        return True
    except (_Begun, ExpatError, ValueError, LookupError):
        return False
    return False


class _Declared(Exception):
    """A document type declaration has begun."""


class _Begun(Exception):
    """The first element: nothing can be declared any more."""


def _declared(*_: object) -> None:
    raise _Declared


def _begun(*_: object) -> None:
    raise _Begun
