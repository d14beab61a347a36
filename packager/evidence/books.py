"""Read what an EPUB says of itself: its package file, its contents, its first pages.

Only books that ``safety`` refuses nothing of are read: archive and pages are then small, whole and
without tricks. HTMLParser reads both kinds of XML in it; it knows no entities of documents.
"""

import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from packager import archive
from packager.audit.facts import Book
from packager.errors import InputRefused

_CONTAINER = "META-INF/container.xml"
_ROOTFILE = re.compile(r"full-path\s*=\s*[\"']([^\"']{1,200})[\"']")
_OPENING_PAGES = 6  # cover, title, notice and what may stand between
_MOST = 2 * 1024 * 1024  # bytes of one page
_SILENT = frozenset({"script", "style", "head"})


def read(path: Path) -> Book:
    """The book; InputRefused where it cannot be followed."""
    try:
        with zipfile.ZipFile(path) as zipped:
            return _read(zipped)
    except archive.BROKEN as error:
        raise InputRefused("the book cannot be read") from error


def _read(zipped: zipfile.ZipFile) -> Book:
    found = _ROOTFILE.search(_text(zipped, _CONTAINER))
    if found is None:
        raise InputRefused("the book has no package file")
    package = _Package()
    package.feed(_text(zipped, found[1]))
    folder = PurePosixPath(found[1]).parent
    pages = [str(folder / unquote(package.items[one])) for one in package.spine]
    opening = [_words(_text(zipped, page)) for page in pages[:_OPENING_PAGES]]
    return Book(
        title=package.first("dc:title"),
        author=package.first("dc:creator"),
        language=package.first("dc:language"),
        metadata=tuple(sorted(package.metadata.items())),
        contents=_contents(zipped, folder, package),
        cover="cover-image" in package.properties or "cover" in package.metadata,
        opening="\n".join(opening),
    )


def _contents(
    zipped: zipfile.ZipFile, folder: PurePosixPath, package: "_Package"
) -> tuple[str, ...]:
    if "nav" not in package.properties:
        return ()
    nav = _text(zipped, str(folder / unquote(package.properties["nav"])))
    return tuple(line for line in _words(nav).splitlines() if line.strip())


def _text(zipped: zipfile.ZipFile, name: str) -> str:
    return archive.entry(zipped, name, _MOST).decode("utf-8")


class _Package(HTMLParser):
    """Metadata, manifest and spine of a package file."""

    def __init__(self) -> None:
        super().__init__()
        self.metadata: dict[str, str] = {}
        self.items: dict[str, str] = {}
        self.properties: dict[str, str] = {}
        self.spine: list[str] = []
        self._key = ""
        self._inside = False

    def first(self, key: str) -> str:
        """The first value of a piece of metadata; empty where there is none."""
        return self.metadata.get(key, "").strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = {key: value or "" for key, value in attrs}
        name = tag.rpartition(":")[2] if not tag.startswith("dc:") else tag
        self._inside = (self._inside or name == "metadata") and name != "manifest"
        self._key = ""
        if name == "item":
            self.items[stated.get("id", "")] = stated.get("href", "")
            for one in stated.get("properties", "").split():
                self.properties.setdefault(one, stated.get("href", ""))
        elif name == "itemref":
            self.spine.append(stated.get("idref", ""))
        elif self._inside and name != "metadata":
            self._key = stated.get("property") or stated.get("name") or name
            self.metadata.setdefault(self._key, stated.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._key = ""

    def handle_data(self, data: str) -> None:
        if self._key and not self.metadata[self._key]:
            self.metadata[self._key] = data


class _Page(HTMLParser):
    """The text of a page; a line for each paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._silent += tag in _SILENT
        self.lines += ["\n"] if tag in {"p", "li", "h1", "h2", "h3", "div", "br"} else []

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.lines.append(data)


def _words(page: str) -> str:
    reader = _Page()
    reader.feed(page)
    return "".join(reader.lines)
