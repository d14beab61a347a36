"""The lists of a book: where its package stands, what belongs to it, and its table of contents."""

from collections.abc import Mapping

from packager.safety import links, xml
from packager.safety.finding import Rule, Unsafe
from packager.values import printable

CONTAINER = "META-INF/container.xml"
TYPES = {
    "xhtml": "application/xhtml+xml",
    "html": "application/xhtml+xml",
    "css": "text/css",
    "ncx": "application/x-dtbncx+xml",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
_OPF, _DC = "http://www.idpf.org/2007/opf", "http://purl.org/dc/elements/1.1/"
_NCX, _OCF = (
    "http://www.daisy.org/z3986/2005/ncx/",
    "urn:oasis:names:tc:opendocument:xmlns:container",
)
_PACKAGE = frozenset(
    f"{_OPF} {name}"
    for name in "package metadata meta manifest item spine itemref guide reference".split()
)
_CONTENTS = frozenset(
    f"{_NCX} {name}"
    for name in (
        "ncx head meta docTitle docAuthor text navMap navPoint navLabel content pageList "
        "pageTarget navInfo"
    ).split()
)
_ROOT = frozenset(f"{_OCF} {name}" for name in ("container", "rootfiles", "rootfile"))
_PROPERTIES = frozenset({"nav", "cover-image"})


class _Listing:
    """One of the lists; ``loads`` are the entries that it names."""

    def __init__(self, name: str, known: frozenset[str]) -> None:
        self.name = name
        self.loads: dict[str, str] = {}  # entry: what it is said to be
        self._known = known

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Judge an element."""
        if name not in self._known and not name.startswith(f"{_DC} "):
            shown = printable(name.rpartition(" ")[2][:40])
            raise Unsafe(Rule.ACTIVE, f"an element that lists of books do not need: {shown}")
        if xml.BASE in attributes:
            raise Unsafe(Rule.REMOTE, "a list whose addresses begin elsewhere")
        address = attributes.get("full-path", attributes.get("href", attributes.get("src")))
        if address is not None:
            base = "" if "full-path" in attributes else self.name
            kind = attributes.get("media-type", "")
            entry = links.inside(base, address)
            self.loads[entry] = self.loads.get(entry) or kind
        for word in attributes.get("properties", "").split():
            if name == f"{_OPF} item" and word not in _PROPERTIES:
                raise Unsafe(Rule.ACTIVE, f"a page with {printable(word[:40])}")

    def end(self, name: str) -> None:
        """Nothing to judge."""

    def text(self, text: str) -> None:
        """Nothing to judge."""


def root(data: bytes) -> str:
    """The entry that holds the package, from ``META-INF/container.xml``; raises Unsafe."""
    named = list(_read(CONTAINER, data, _ROOT))
    if len(named) != 1:
        raise Unsafe(Rule.CONTENT, "it names none or several books")
    return named[0]


def listed(name: str, data: bytes) -> dict[str, str]:
    """The entries that the package names, and their types; raises Unsafe."""
    return _read(name, data, _PACKAGE)


def contents(name: str, data: bytes) -> dict[str, str]:
    """The entries that an old table of contents (NCX) leads to; raises Unsafe."""
    return _read(name, data, _CONTENTS)


def _read(name: str, data: bytes, known: frozenset[str]) -> dict[str, str]:
    listing = _Listing(name, known)
    xml.read(data, listing)
    return listing.loads
