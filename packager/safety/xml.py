"""XML read by expat, with everything refused that makes XML dangerous.

No definitions of types or entities, no instructions, no comments, no other encoding than UTF-8,
and limits on depth and count; so nothing is loaded and nothing grows. Names come as "SPACE local".
"""

from collections.abc import Mapping
from typing import Protocol
from xml.parsers import expat

from packager.safety.finding import Rule, Unsafe
from packager.safety.text import FORCING

MAX_DEPTH = 64
MAX_ELEMENTS = 300_000
MAX_ATTRIBUTE = 2000  # characters
XML_SPACE = "http://www.w3.org/XML/1998/namespace"
BASE = f"{XML_SPACE} base"
_BOM = b"\xef\xbb\xbf"


class Visitor(Protocol):
    """What is told of a document while it is read."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """It ends."""

    def text(self, text: str) -> None:
        """A part of the text inside it."""


def read(data: bytes, visitor: Visitor, *, doctype: str = "") -> None:
    """Read a whole document; raises Unsafe. ``doctype`` may be declared by its bare name."""
    reader = _Reader(visitor, doctype)
    try:
        reader.parser.Parse(data.removeprefix(_BOM), True)  # noqa: FBT003 -- "it ends here"
    except expat.ExpatError as error:
        raise Unsafe(Rule.CONTENT, f"no whole XML: line {error.lineno}") from None
    except (UnicodeDecodeError, ValueError):
        raise Unsafe(Rule.TEXT, "it is not UTF-8 text") from None


class _Reader:
    """The parser, and how deep it is."""

    def __init__(self, visitor: Visitor, doctype: str) -> None:
        self._visitor = visitor
        self._doctype = doctype
        self._depth = self._count = 0
        self.parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._entity
        parser.SkippedEntityHandler = self._entity

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        del standalone
        if version != "1.0" or (encoding or "utf-8").lower() != "utf-8":
            raise Unsafe(Rule.TEXT, "XML of another version or encoding than UTF-8")

    def _type(self, name: str, system: str | None, public: str | None, inner: int) -> None:
        if name != self._doctype or system or public or inner:
            raise Unsafe(Rule.ACTIVE, "a definition of types, which can load and expand")

    def _entity(self, *ignored: object) -> int:
        del ignored
        raise Unsafe(Rule.ACTIVE, "an entity, which can load and expand")

    def _instruction(self, target: str, data: str) -> None:
        del target, data
        raise Unsafe(Rule.ACTIVE, "an instruction to programs")

    def _comment(self, text: str) -> None:
        del text
        raise Unsafe(Rule.HIDDEN, "a comment, which no reader sees")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise Unsafe(Rule.CONTENT, "too deep, or too many elements")
        for value in attributes.values():
            if len(value) > MAX_ATTRIBUTE or FORCING.search(value):
                raise Unsafe(Rule.TEXT, "an attribute that is too long, or holds controls")
        self._visitor.start(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._visitor.end(name)

    def _text(self, text: str) -> None:
        if steers := FORCING.search(text):
            raise Unsafe(Rule.TEXT, f"it holds the control character U+{ord(steers[0]):04X}")
        self._visitor.text(text)
