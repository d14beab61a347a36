"""FB2: one XML file of known elements; its pictures stand in it as base64 and are parsed too."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping

from packager.safety import links, picture, xml
from packager.safety.finding import Found, Rule, Source, Unsafe
from packager.safety.limits import MAX_PICTURE
from packager.values import printable

_FB = "http://www.gribuser.ru/xml/fictionbook/2.0"
_XLINK = "http://www.w3.org/1999/xlink"
_ELEMENTS = frozenset(
    f"{_FB} {name}"
    for name in (
        "FictionBook description title-info src-title-info document-info publish-info custom-info "
        "genre author translator first-name middle-name last-name nickname home-page email id "
        "book-title annotation keywords date coverpage image lang src-lang sequence program-used "
        "src-url src-ocr version history publisher book-name city year isbn body title epigraph "
        "section p poem stanza v text-author subtitle cite table tr th td empty-line strong "
        "emphasis style a strikethrough sub sup code binary"
    ).split()
)
_ATTRIBUTES = frozenset(
    "id name value number match type alt title content-type colspan rowspan align valign info-type "
    "style".split()
) | {f"{xml.XML_SPACE} lang", f"{_XLINK} href", f"{_XLINK} type", f"{_XLINK} title"}
_STYLE = re.compile(r"[\w .-]*")
_BINARY, _IMAGE, _LINK = f"{_FB} binary", f"{_FB} image", f"{_FB} a"
_HREF = f"{_XLINK} href"
_TYPES = {"image/jpeg": b"\xff\xd8", "image/jpg": b"\xff\xd8", "image/png": b"\x89PNG"}
_MAX_BASE64 = MAX_PICTURE * 3 // 2


class _Book:
    """What the book holds and what it points to."""

    def __init__(self) -> None:
        self.pictures: set[str] = set()
        self.names: set[str] = set()
        self.shown: set[str] = set()
        self.linked: set[str] = set()
        self._first = True
        self._type = ""
        self._base64: list[str] | None = None
        self._length = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Judge an element."""
        if name not in _ELEMENTS or self._first != name.endswith(" FictionBook"):
            shown = printable(name.rpartition(" ")[2][:40])
            raise Unsafe(Rule.ACTIVE, f"an element that books do not need: {shown}")
        self._first = False
        if not _STYLE.fullmatch(attributes.get("style", "")):
            raise Unsafe(Rule.REMOTE, "a style that is more than a name")
        for key in attributes.keys() - _ATTRIBUTES:
            shown = printable(key.rpartition(" ")[2][:40])
            raise Unsafe(Rule.ACTIVE, f"an attribute that books do not need: {shown}")
        address = attributes.get(_HREF, "")
        if name == _BINARY:
            self._binary(attributes.get("id", ""), attributes.get("content-type", ""))
        elif name == _IMAGE:
            if not address.startswith("#"):
                raise Unsafe(Rule.REMOTE, f"a picture from elsewhere: {printable(address[:60])}")
            self.shown.add(address[1:])
        elif _HREF in attributes:
            self.linked.add(address)
        if name != _BINARY and "id" in attributes:
            self.names.add(attributes["id"])

    def end(self, name: str) -> None:
        """Judge a picture when it is whole."""
        if name != _BINARY or self._base64 is None:
            return
        try:
            data = b64decode("".join("".join(self._base64).split()), validate=True)
        except (binascii.Error, ValueError):
            raise Unsafe(Rule.HIDDEN, "a picture that is not spelt as base64") from None
        if not data.startswith(_TYPES[self._type]):
            raise Unsafe(Rule.CONTENT, "a picture of another type than it says")
        if problem := picture.problem(data):
            raise Unsafe(Rule.HIDDEN, problem)
        self._base64 = None

    def text(self, text: str) -> None:
        """Text is only text, but in a picture."""
        if self._base64 is None:
            return
        self._length += len(text)
        self._base64.append(text)
        if self._length > _MAX_BASE64:
            raise Unsafe(Rule.HIDDEN, "a picture that is too large")

    def _binary(self, name: str, kind: str) -> None:
        if kind not in _TYPES or not name or name in self.pictures:
            raise Unsafe(Rule.HIDDEN, f"something in it that is no picture: {printable(name[:40])}")
        self.pictures.add(name)
        self._type, self._base64, self._length = kind, [], 0


def problems(source: Source) -> Iterator[Found]:
    """Judge a ``.fb2``."""
    book = _Book()
    xml.read(source.whole(), book)
    for name in sorted(book.shown - book.pictures):
        yield Found(Rule.CONTENT, f"a picture that is not in it: {printable(name[:40])}")
    for name in sorted(book.pictures - book.shown):
        yield Found(Rule.HIDDEN, f"a picture that nothing shows: {printable(name[:40])}")
    known = book.names | book.pictures
    for address in sorted(book.linked):
        if not address.startswith("#"):
            links.check_tapped("", address, lambda _: False)
        elif address[1:] not in known:
            yield Found(Rule.CONTENT, f"a link to what is not in it: {printable(address[:40])}")
